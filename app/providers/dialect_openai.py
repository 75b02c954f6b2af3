"""The wire format of OpenAI's Chat Completions, which most of the world speaks.

Shapes: https://platform.openai.com/docs/api-reference/chat; what servers make of it: app/providers/README.md.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from app.core.errors import (
    AuthError,
    BadReplyError,
    BlockedError,
    EmptyReplyError,
    MisaddressedError,
    NoVisionError,
    OverloadError,
    ProviderError,
    TruncatedError,
)
from app.core.frame import Usage
from app.core.provider import Capabilities, Learned, Meter, ProviderConfig, Question, Reply
from app.providers import error_mapping, reply, stream
from app.providers.chunks import UNFINISHED
from app.providers.error_mapping import Asked
from app.providers.http_client import Client
from app.providers.model_facts import sees
from app.providers.reply_schema import in_words, strict
from app.providers.request_repair import repaired
from app.providers.transport import LIST_MAX_BYTES, call, checked_key
from app.providers.vendor import UNFIT, ProviderVendor, Quirks, best_model

log = logging.getLogger(__name__)

SUSPICIOUS_INPUT_TOKENS = 5_000
"""A small picture and its question cost some 600; more means that the server bills the picture as text."""

_CUT = re.compile(r"length|max|limit|exceed|incomplete|truncat|abort|cancel|repetition", re.IGNORECASE)
_DECLINED = re.compile(r"filter|refus|safety|sensitive|recitation|prohibited|blocklist", re.IGNORECASE)


class OpenAIProvider:
    """One configured provider behind ``{base_url}/chat/completions``."""

    def __init__(self, vendor: ProviderVendor, config: ProviderConfig, client: Client) -> None:
        self.config = config
        self.capabilities = Capabilities(reset_zone=vendor.reset_zone)
        self._vendor = vendor
        self._quirks = vendor.quirks
        self._label = vendor.label
        self._client = client
        self._base_url = config.base_url.rstrip("/").removesuffix("/chat/completions")
        self._has_warned = self._has_tried_v1 = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.config.name}>"

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        """See ``core.provider.Provider``."""
        model = learned.successor or self.config.model
        if model in self._vendor.blind:
            raise NoVisionError(
                "The model {model} of {label} takes no pictures. Choose one that does.", model=model, label=self._label
            )
        parameters = repaired(parameters_for(question, self._quirks), learned.repairs)
        asked, wanted = self._asked(model, parameters, learned), question.schema["properties"]
        return await stream.ask(self._client, stream.Call(
            asked,
            f"{self._base_url}/chat/completions",
            self._headers(key) | {"Content-Type": "application/json"},
            orjson.dumps(body_for(question, model, parameters, self._quirks)),
            read=lambda value, headers: self._noted(read_completion(value, headers, asked, wanted)),
            usage=told_usage,
            deciding=question.deciding if "response_format" in parameters else (),
        ), meter)  # fmt: skip

    async def list_models(self, key: str) -> tuple[str, ...]:
        """See ``core.provider.Provider``. Raises ``MisaddressedError`` where the address lacks its ``/v1``."""
        failure: BadReplyError
        try:
            return tuple(await self._list_at(self._base_url, key))
        except BadReplyError as error:
            failure = error
        address = f"{self._base_url}/v1"
        if await self._answers_at(address, key):
            failure = MisaddressedError(
                "{label} answers at {address}: set that as its address.", label=self._label, address=address
            )
        raise failure

    async def _answers_at(self, address: str, key: str) -> bool:
        """Tried once: whether to go there is for the owner to say."""
        if self._has_tried_v1 or re.search(r"/v\d\w*$", self._base_url):
            return False
        self._has_tried_v1 = True
        try:
            await self._list_at(address, key)
        except AuthError:
            return True
        except ProviderError:
            return False
        return True

    async def _list_at(self, base_url: str, key: str) -> dict[str, bool | None]:
        raw = await call(self._client, self._label, f"{base_url}/models", self._headers(key), most_bytes=LIST_MAX_BYTES)
        asked = self._asked(self.config.model, {}, Learned())
        if not 200 <= raw.status < 300:
            raise error_mapping.list_error(raw, asked)
        return read_models(reply.load(raw, self._label), raw.headers, asked)

    def pick_model(self, models: tuple[str, ...]) -> str:
        """See ``core.provider.Provider``."""
        return best_model(tuple(model for model in models if model not in self._vendor.blind), self._vendor.preferred)

    def _headers(self, key: str) -> dict[str, str]:
        key, name = checked_key(key, self._label), self._quirks.key_header
        if not key:
            return {}
        return {name: f"Bearer {key}" if name == "Authorization" else key}

    def _asked(self, model: str, parameters: Mapping[str, Any], learned: Learned) -> Asked:
        vendor = self._vendor
        return Asked(self._label, model, parameters, learned.repairs, vendor.aliases, vendor.key_hint)

    def _noted(self, answer: Reply) -> Reply:
        if answer.usage.input_tokens > SUSPICIOUS_INPUT_TOKENS and not self._has_warned:
            self._has_warned = True
            log.warning("%s counted %d input tokens for one frame", self.config.name, answer.usage.input_tokens)
        return answer


# --- the request -----------------------------------------------------------------------------------------------


def parameters_for(question: Question, quirks: Quirks) -> dict[str, Any]:
    """All of the body that a repair may touch."""
    parameters = {
        quirks.limit_field: question.max_output_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        **quirks.always,
    }
    if quirks.json_mode == "schema":
        schema = {"name": question.schema_name, "strict": True, "schema": strict(question.schema)}
        parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif quirks.json_mode == "object":
        parameters["response_format"] = {"type": "json_object"}
    return parameters


def body_for(question: Question, model: str, parameters: Mapping[str, Any], quirks: Quirks) -> dict[str, Any]:
    """The whole body. The picture is a data URL of its ready base64 text, before the words that ask about it."""
    instructions = question.instructions
    # Only a strict schema that still is in the request makes telling the fields in words superfluous.
    if quirks.tell_fields or "response_format" not in parameters:
        instructions = f"{instructions}\n\n{in_words(question.schema)}"
    rest = dict(parameters)
    if not rest.get("stream"):
        rest.pop("stream_options", None)  # refused without
    image = {"url": "data:image/jpeg;base64," + question.picture.jpeg_base64}
    if "detail" in rest:
        image["detail"] = rest.pop("detail")
    content = [{"type": "image_url", "image_url": image}, {"type": "text", "text": question.text}]
    messages = [{"role": "system", "content": instructions}, {"role": "user", "content": content}]
    return {"model": model, "messages": messages, **rest}


# --- the reply -------------------------------------------------------------------------------------------------


def read_completion(value: Any, headers: Mapping[str, str], asked: Asked, wanted: Mapping[str, Any]) -> Reply:
    """The reply in the JSON of a 200. Raises a ``ProviderError`` for everything that is not a whole answer."""
    error = error_mapping.error_in_success(value, headers, asked)
    if error is not None:
        raise error
    usage = told_usage(value) if isinstance(value, dict) else None
    try:
        answer = _read_choice(_first_choice(value, asked.label), headers, asked, wanted)
    except ProviderError as failed:
        failed.usage = usage  # declined or cut off, it is paid
        raise
    return replace(answer, model=reply.model_name(value.get("model")) or asked.model, usage=usage or Usage())


def _read_choice(
    choice: Mapping[str, Any], headers: Mapping[str, str], asked: Asked, wanted: Mapping[str, Any]
) -> Reply:
    message = choice.get("message") or choice.get("delta") or choice.get("text") or {}
    message = {"content": message} if isinstance(message, str) else message
    if not isinstance(message, dict):
        raise BadReplyError("{label} sent something that is not a reply.", label=asked.label)
    error = error_mapping.error_in_success(choice, headers, asked)  # OpenRouter: the upstream failed half-way
    if error is not None:
        raise error
    _check_ending(choice, message, asked)
    words = _words(message.get("content"), asked.label)
    answer = reply.read_words(words if words.strip() else _arguments(message), wanted, asked.label)
    if answer.fields is None and choice.get("finish_reason") == UNFINISHED:
        raise TruncatedError("{label}'s answer was cut off.", label=asked.label)
    return answer


def _first_choice(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    choices = value.get("choices")
    if not choices:
        raise EmptyReplyError("{label} gave no answer.", label=label)
    if not isinstance(choices, list) or not isinstance(choices[0], dict):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    return choices[0]


def _check_ending(choice: Mapping[str, Any], message: Mapping[str, Any], asked: Asked) -> None:
    """Raise unless the choice ended of its own accord. Unknown endings count as one: servers invent their own."""
    ending = str(choice.get("finish_reason") or choice.get("native_finish_reason") or "")
    if _CUT.search(ending):
        raise TruncatedError("{label}'s answer was cut off.", label=asked.label)
    if _DECLINED.search(ending) or message.get("refusal"):
        raise BlockedError("{label} declined to answer about this picture.", label=asked.label)
    if ending.lower() in {"error", "insufficient_system_resource"}:
        raise OverloadError("{label} is overloaded or out of order.", label=asked.label)


def _words(content: Any, label: str) -> str:
    """The text of a message: a string, the form itself, or parts of which only text counts."""
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, dict) and not content.keys() & {"text", "type", "parts"}:
        return json.dumps(content)
    content = content["parts"] if isinstance(content, dict) and "parts" in content else content
    parts = content if isinstance(content, list) else [content]
    if not all(isinstance(part, dict | str) for part in parts):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    if any(isinstance(part, dict) and part.get("type") == "refusal" for part in parts):
        raise BlockedError("{label} declined to answer about this picture.", label=label)
    return "".join(part if isinstance(part, str) else _part_text(part) for part in parts)


def _arguments(message: Mapping[str, Any]) -> str:
    """The form as arguments of a call: some gateways make a tool of a schema."""
    calls = message.get("tool_calls") or [{"function": message.get("function_call")}]
    functions = [
        one.get("function") for one in (calls if isinstance(calls, list) else [calls]) if isinstance(one, dict)
    ]
    told = [one.get("arguments") for one in functions if isinstance(one, dict)]
    words = [json.dumps(one) if isinstance(one, dict) else one for one in told if isinstance(one, dict | str)]
    return max(words, key=len, default="")


def _part_text(part: Mapping[str, Any]) -> str:
    text = part.get("text")
    text = text.get("value") if isinstance(text, dict) else text  # OpenAI's Assistants
    return text if isinstance(text, str) and part.get("type", "text") in ("text", "output_text") else ""


def told_usage(value: Mapping[str, Any]) -> Usage | None:
    """The tokens that a reply, or what has come of it, tells."""
    usage = value.get("usage")
    if not isinstance(usage, dict):
        return None
    asked = usage.get("prompt_tokens") or usage.get("input_tokens")
    answered = usage.get("completion_tokens") or usage.get("output_tokens")
    return Usage(reply.count(asked), reply.count(answered), reply.amount(usage.get("cost")))  # cost: OpenRouter


def read_models(value: Any, headers: Mapping[str, str], asked: Asked) -> dict[str, bool | None]:
    """By id whether each model of a list sees, None where nothing is said: ``those_that_see_first``."""
    error = error_mapping.error_in_success(value, headers, asked)
    if error is not None:
        raise error
    entries = value.get("data") or value.get("models") or [] if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise BadReplyError("{label} sent something that is not a list of models.", label=asked.label)
    found = [entry for entry in entries if isinstance(entry, dict) and reply.model_name(entry.get("id"))]
    models: dict[str, bool | None] = {}
    for entry in found:
        models[entry["id"]] = models.get(entry["id"]) or sees(entry)
    return those_that_see_first(models)


def those_that_see_first(models: Mapping[str, bool | None]) -> dict[str, bool | None]:
    """Behind them those of which nothing is said, then what does not see or is no model for answers."""

    def rank(told: tuple[str, bool | None]) -> int:
        model, is_seeing = told
        return 2 if is_seeing is False or UNFIT.search(model) else int(is_seeing is None)

    return dict(sorted(models.items(), key=rank))
