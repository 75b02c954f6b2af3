"""The wire format of Google's generateContent.

Shapes: https://ai.google.dev/api/generate-content; what the service makes of it: app/providers/README.md, Gemini.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson

from app.core.errors import BadReplyError, BlockedError, EmptyReplyError, NoVisionError, ProviderError, TruncatedError
from app.core.frame import Usage
from app.core.provider import Capabilities, Learned, Meter, ProviderConfig, Question, Reply
from app.providers import error_mapping, reply, stream
from app.providers.chunks import UNFINISHED
from app.providers.error_mapping import Asked
from app.providers.http_client import Client
from app.providers.refusal import items_of
from app.providers.reply_schema import in_words
from app.providers.request_repair import GEMINI_2_5_PRO_LEAST_BUDGET, repaired
from app.providers.transport import LIST_MAX_BYTES, call, checked_key
from app.providers.vendor import UNFIT, ProviderVendor, best_model

log = logging.getLogger(__name__)

MOST_PAGES = 10

_CUT = frozenset({"MAX_TOKENS", "CONTINUATION"})
_DECLINED = re.compile(r"SAFETY|RECITATION|BLOCKLIST|PROHIBITED|SPII|LANGUAGE|ESCALATION")
_THINKING = ("thinkingLevel", "thinkingBudget")


class GeminiProvider:
    """One configured provider behind ``{base_url}/models/{model}:generateContent``."""

    def __init__(self, vendor: ProviderVendor, config: ProviderConfig, client: Client) -> None:
        self.config = config
        self.capabilities = Capabilities(reset_zone=vendor.reset_zone)
        self._vendor = vendor
        self._label = vendor.label
        self._client = client
        self._base_url = config.base_url.rstrip("/")
        self._has_warned = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.config.name}>"

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        """See ``core.provider.Provider``."""
        model = (learned.successor or self.config.model).removeprefix("models/")
        if model in self._vendor.blind:
            raise NoVisionError(
                "The model {model} of {label} takes no pictures. Choose one that does.", model=model, label=self._label
            )
        parameters = repaired(parameters_for(question, model), learned.repairs)
        asked, wanted = self._asked(model, parameters, learned), question.schema["properties"]
        method = "streamGenerateContent?alt=sse" if parameters.get("stream") else "generateContent"
        return await stream.ask(self._client, stream.Call(
            asked,
            f"{self._base_url}/models/{quote(model, safe='')}:{method}",
            self._headers(key) | {"Content-Type": "application/json"},
            orjson.dumps(body_for(question, parameters)),
            read=lambda value, headers: read_content(self._noted(value), headers, asked, wanted),
            usage=told_usage,
            deciding=question.deciding if "responseMimeType" in parameters else (),
        ), meter)  # fmt: skip

    async def list_models(self, key: str) -> tuple[str, ...]:
        """See ``core.provider.Provider``."""
        headers, asked = self._headers(key), self._asked(self.config.model, {}, Learned())
        found: list[str] = []
        token = ""
        for _ in range(MOST_PAGES):
            page = f"&pageToken={quote(token, safe='')}" if token else ""
            url = f"{self._base_url}/models?pageSize=1000{page}"
            raw = await call(self._client, self._label, url, headers, most_bytes=LIST_MAX_BYTES)
            if not 200 <= raw.status < 300:
                raise error_mapping.list_error(raw, asked)
            names, token = read_models(reply.load(raw, self._label), self._label)
            found += names
            if not token:
                break
        return tuple(dict.fromkeys(sorted(found, key=lambda name: UNFIT.search(name) is not None)))

    def pick_model(self, models: tuple[str, ...]) -> str:
        """See ``core.provider.Provider``."""
        return best_model(models, self._vendor.preferred)

    def _headers(self, key: str) -> dict[str, str]:
        key = checked_key(key, self._label)
        return {"x-goog-api-key": key} if key else {}  # never ?key=: addresses end up in logs

    def _asked(self, model: str, parameters: Mapping[str, Any], learned: Learned) -> Asked:
        vendor = self._vendor
        return Asked(self._label, model, parameters, learned.repairs, vendor.aliases, vendor.key_hint)

    def _noted(self, value: Any) -> Any:
        """``value``; says once that the model is about to be retired."""
        stage = value.get("modelStatus") if isinstance(value, dict) else None
        name = str(stage.get("modelStage", "")) if isinstance(stage, dict) else ""
        if name in {"DEPRECATED", "LEGACY", "RETIRED"} and not self._has_warned:
            self._has_warned = True
            log.warning("%s says that its model is %s; choose a newer one", self.config.name, name.lower())
        return value


# --- the request -----------------------------------------------------------------------------------------------


def parameters_for(question: Question, model: str) -> dict[str, Any]:
    """All of the body that a repair may touch, by leaf name.

    No temperature, topP, topK or candidateCount: deprecated on 2026-07-21, to be refused by future models. LOW costs a
    quarter of the default's tokens and time for a picture.
    """
    return {
        "stream": True,  # by its method, not in the body
        "systemInstruction": question.instructions,
        "maxOutputTokens": question.max_output_tokens,
        "responseMimeType": "application/json",
        "responseJsonSchema": question.schema,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        **thinking_for(model),
    }


def thinking_for(model: str) -> dict[str, Any]:
    """As little thinking as the model allows; level and budget together are refused.

    https://ai.google.dev/gemini-api/docs/thinking: levels from Gemini 3 on (Pro has no ``minimal``), budgets before.
    """
    version = re.match(r"gemini-(\d+)(?:\.(\d+))?", model)
    if version is None:
        return {"thinkingLevel": "minimal"} if re.match(r"gemini-.*latest", model) else {}
    numbers = (int(version.group(1)), int(version.group(2) or 0))
    if numbers >= (3, 0):
        return {"thinkingLevel": "low" if "-pro" in model else "minimal"}
    if numbers == (2, 5):
        return {"thinkingBudget": GEMINI_2_5_PRO_LEAST_BUDGET if "-pro" in model else 0}
    return {}


def body_for(question: Question, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The whole body, from repaired ``parameters``. The picture stands before the words that ask about it."""
    config = {name: value for name, value in parameters.items() if name != "stream"}
    instructions = config.pop("systemInstruction", None)
    text = question.text if instructions else f"{question.instructions}\n\n{question.text}"
    if "responseMimeType" not in config:
        config.pop("responseJsonSchema", None)  # refused without JSON mode
    if "responseJsonSchema" not in config:
        text = f"{text}\n\n{in_words(question.schema)}"
    thinking = {name: config.pop(name) for name in _THINKING if name in config}
    if thinking:
        config["thinkingConfig"] = thinking
    picture = {"inlineData": {"mimeType": "image/jpeg", "data": question.picture.jpeg_base64}}
    contents = [{"role": "user", "parts": [picture, {"text": text}]}]
    body: dict[str, Any] = {"contents": contents, "generationConfig": config}
    if instructions:
        body["systemInstruction"] = {"parts": [{"text": instructions}]}
    return body


# --- the reply -------------------------------------------------------------------------------------------------


def read_content(value: Any, headers: Mapping[str, str], asked: Asked, wanted: Mapping[str, Any]) -> Reply:
    """The reply in the JSON of a 200. Raises a ``ProviderError`` for everything that is not a whole answer."""
    error = error_mapping.error_in_success(value, headers, asked)
    if error is not None:
        raise error
    usage = told_usage(value) if isinstance(value, dict) else None
    try:
        candidate = _first_candidate(value, asked.label)
        _check_ending(candidate, asked.label)
        answer = reply.read_words(_words(candidate, asked.label), wanted, asked.label)
        if answer.fields is None and candidate.get("finish_reason") == UNFINISHED:
            raise TruncatedError("{label}'s answer was cut off.", label=asked.label)
    except ProviderError as failed:
        failed.usage = usage  # blocked or cut off, it is paid
        raise
    return replace(answer, model=reply.model_name(value.get("modelVersion")) or asked.model, usage=usage or Usage())


def _first_candidate(value: Any, label: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    candidates = value.get("candidates")
    if not candidates:
        feedback = value.get("promptFeedback")
        if isinstance(feedback, dict) and feedback.get("blockReason"):
            raise BlockedError("{label} declined to answer about this picture.", label=label)
        raise EmptyReplyError("{label} gave no answer.", label=label)
    if not isinstance(candidates, list) or not isinstance(candidates[0], dict):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    return candidates[0]


def _check_ending(candidate: Mapping[str, Any], label: str) -> None:
    """Raise unless the candidate ended by STOP: Google's other reasons all mean that this is no normal answer."""
    ending = str(candidate.get("finishReason") or "STOP").upper()
    if ending in _CUT:
        raise TruncatedError("{label}'s answer was cut off.", label=label)
    if _DECLINED.search(ending):
        raise BlockedError("{label} declined to answer about this picture.", label=label)
    if ending not in {"STOP", "FINISH_REASON_UNSPECIFIED"}:
        raise EmptyReplyError("{label} gave no answer.", label=label)


def _words(candidate: Mapping[str, Any], label: str) -> str:
    """The text parts, without thoughts."""
    content = candidate.get("content") or {}
    parts = content.get("parts") or [] if isinstance(content, dict) else None
    if not isinstance(parts, list):
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    parts = [part for part in parts if isinstance(part, dict)]
    texts = [part.get("text") for part in parts if not part.get("thought")]
    words = "".join(text for text in texts if isinstance(text, str))
    calls = [part["functionCall"] for part in parts if isinstance(part.get("functionCall"), dict)]
    return words if words.strip() or not calls else json.dumps(calls[0].get("args"))


def told_usage(value: Mapping[str, Any]) -> Usage | None:
    """The tokens that a reply, or what has come of it, tells: each piece counts all so far."""
    usage = value.get("usageMetadata")
    if not isinstance(usage, dict):
        return None
    answered, thought = reply.count(usage.get("candidatesTokenCount")), reply.count(usage.get("thoughtsTokenCount"))
    return Usage(reply.count(usage.get("promptTokenCount")), answered + thought)


def read_models(value: Any, label: str) -> tuple[list[str], str]:
    """The ids of one page that can answer, and the token of the next page."""
    entries = value.get("models") or [] if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise BadReplyError("{label} sent something that is not a list of models.", label=label)
    found = [
        entry["name"].removeprefix("models/")
        for entry in entries
        if isinstance(entry, dict)
        and reply.model_name(entry.get("name"))
        and "generateContent" in (items_of(entry.get("supportedGenerationMethods")) or ["generateContent"])
    ]
    token = value.get("nextPageToken")
    return found, token if isinstance(token, str) else ""
