"""Fake providers: a loopback server that speaks every vendor's dialect and checks what it is sent.

In a test::

    async with FakeProviders() as fake:
        fake["gemini"].queue(overloaded(), ok("A red mug.", 0.9))
        ... fake.base_url("gemini") ...
        assert fake["gemini"].calls[0].jpeg == picture.jpeg

Whoever asks for a stream gets one, at a pace if one is set. As a process, for benchmarks: ``python -m tests.fakes
--port 0 [--latency-ms N] [--ttft S --rate TOKENS_PER_S] [--events N]
[--certificate FILE] [--script FILE]``. FILE is JSON::

    {"gemini": {"default": {"reply": "ok", "answer": "A mug.", "confidence": 0.9}, "queue": [{"reply": "rate"}]}}

where ``reply`` names a function of this module and the rest are its arguments. While it runs, ``POST /_script`` takes
the same, and ``GET /_calls`` tells how often each was called. The official SDKs are the judges of its replies:
tests/providers/test_sdk_judges.py.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import binascii
import contextlib
import json
import re
import signal
import socket
import ssl
import struct
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import orjson
from aiohttp import web

Dialect = Literal["gemini", "openai"]
Role = Literal["answer", "judge", "models"]

JSON_TYPE = ("Content-Type", "application/json; charset=utf-8")
EVENTS_TYPE = ("Content-Type", "text/event-stream")
HTML_TYPE = ("Content-Type", "text/html; charset=UTF-8")
CALLS_KEPT = 5_000
JPEG_START = b"\xff\xd8\xff"


# --- what a provider says --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Canned:
    """One reply, rendered. ``fault`` is what goes wrong on the wire; ``wait_s`` and ``every_s`` are in seconds."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (JSON_TYPE,)
    fault: str = ""
    wait_s: float = 0.0
    every_s: float = 0.0
    chunk: bytes = b"\n"
    tokens: tuple[bytes, ...] = ()
    """The stream's pieces, a token each, where it is one; ``body`` is all of them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a request wants its reply: ``fields`` in the order of its schema; ``stream``: its events, if any.

    ``events``: of how many events it is made; 0: of a token each.
    """

    fields: tuple[str, ...] = ()
    stream: Literal["", "events", "list"] = ""
    has_usage: bool = True
    events: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Script:
    """What to say, in either dialect. Rendered once per dialect, model and wish: benchmarks ask 100 times a second."""

    render: Callable[[Dialect, str, Wish], Canned]
    _ready: dict[tuple[Dialect, str, Wish], Canned] = field(default_factory=dict)

    def canned(self, dialect: Dialect, model: str, wish: Wish | None = None) -> Canned:
        asked = dialect, model, wish or Wish()
        if asked not in self._ready:
            self._ready[asked] = self.render(*asked)
        return self._ready[asked]


def said(
    text: str | Mapping[str, Any] | None, *, ending: str = "stop", thoughts: str = "", refusal_text: str | None = None
) -> Script:
    """A 200 with ``text`` (fields: a form). ``ending``: stop, length, content_filter, or any word of the wire."""

    def render(dialect: Dialect, model: str, wish: Wish) -> Canned:
        words = _form(text, wish.fields) if isinstance(text, Mapping) else text
        if dialect == "gemini":
            body = gemini_body(words, model, ending, thoughts)
            return _streamed(gemini_events(body, wish.events), wish) if wish.stream else Canned(body=_dump(body))
        body = openai_body(words, model, ending, thoughts, refusal_text)
        if not wish.stream:
            return Canned(body=_dump(body))
        return _streamed(openai_events(body, wish.has_usage, wish.events), wish)

    return Script(render)


def _form(fields: Mapping[str, Any], order: Sequence[str]) -> str:
    """``fields`` as the request's schema has them: in its order, and no ``full_answer`` that it does not ask for."""
    told = {name: fields[name] for name in order if name in fields}
    rest = {name: value for name, value in fields.items() if name not in told}
    if order:
        rest.pop("full_answer", None)
    return json.dumps(told | rest)


def openai_body(
    text: str | None, model: str, ending: str = "stop", thoughts: str = "", refusal_text: str | None = None
) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": refusal_text}
    if thoughts:
        message["reasoning_content"] = thoughts
    usage = {"prompt_tokens": 410, "completion_tokens": 30, "total_tokens": 440}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": ending}
    head = {"id": "chatcmpl-0001", "object": "chat.completion", "created": 1767225600, "model": model}
    return {**head, "choices": [choice], "usage": usage}


_GEMINI_ENDINGS = {"stop": "STOP", "length": "MAX_TOKENS", "content_filter": "SAFETY"}


def gemini_body(text: str | None, model: str, ending: str = "stop", thoughts: str = "") -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": thoughts, "thought": True}] if thoughts else []
    parts += [{"text": text}] if text else []
    content = {"role": "model"} | ({"parts": parts} if parts else {})
    candidate = {"content": content, "finishReason": _GEMINI_ENDINGS.get(ending, ending), "index": 0}
    usage = {"promptTokenCount": 412, "candidatesTokenCount": 28, "totalTokenCount": 440}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": model, "responseId": "r-0001"}


TOKEN_CHARS = 4
"""Characters of a token, about."""


def openai_events(body: Mapping[str, Any], has_usage: bool, count: int = 0) -> list[dict[str, Any]]:
    """The chunks of a completion: who speaks, its words, its end, and its usage with no choices."""
    choice, message = body["choices"][0], body["choices"][0]["message"]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": "", "refusal": None}]
    deltas += [{"reasoning_content": token} for token in _tokens(message.get("reasoning_content"))]
    deltas += [{"content": token} for token in _tokens(message["content"], count - 2 - has_usage)]
    deltas += [{"refusal": token} for token in _tokens(message["refusal"])]
    head = {**body, "object": "chat.completion.chunk", "usage": None}
    made = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None} for delta in deltas]
    end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": choice["finish_reason"]}
    usage = [{**head, "choices": [], "usage": body["usage"]}] if has_usage else []
    return [{**head, "choices": [one]} for one in (*made, end)] + usage


def gemini_events(body: Mapping[str, Any], count: int = 0) -> list[dict[str, Any]]:
    """The chunks of a candidate; each counts the tokens so far, and the last has the end."""
    candidate = body["candidates"][0]
    whole = body["usageMetadata"]
    tokens = [
        part | {"text": token}
        for part in candidate["content"].get("parts", ())
        for token in _tokens(part["text"], count - 1)
    ]
    made = []
    for at, part in enumerate(tokens, 1):
        said = whole["candidatesTokenCount"] * at // len(tokens)
        usage = whole | {"candidatesTokenCount": said, "totalTokenCount": whole["promptTokenCount"] + said}
        content = {"role": "model", "parts": [part]}
        made.append({**body, "candidates": [{"content": content, "index": 0}], "usageMetadata": usage})
    end = {"content": {"role": "model"}, "finishReason": candidate["finishReason"], "index": 0}
    return [*made, {**body, "candidates": [end]}]


def _tokens(text: str | None, count: int = 0) -> list[str]:
    """``text`` in ``count`` pieces, else a token each."""
    if not text:
        return []
    if count > 0:
        return [text[len(text) * at // count : len(text) * (at + 1) // count] for at in range(count)]
    return [text[at : at + TOKEN_CHARS] for at in range(0, len(text), TOKEN_CHARS)]


def _streamed(events: Sequence[Mapping[str, Any]], wish: Wish) -> Canned:
    if wish.stream == "list":  # Gemini, not asked for server-sent events
        parts = [(b"[" if at == 0 else b",\r\n") + _dump(event) for at, event in enumerate(events)]
        return Canned(body=b"".join([*parts, b"]"]), tokens=(*parts, b"]"))
    is_gemini = "candidates" in events[0]
    line = b"\r\n\r\n" if is_gemini else b"\n\n"
    parts = [b"data: " + _dump(event) + line for event in events] + ([] if is_gemini else [b"data: [DONE]\n\n"])
    return Canned(body=b"".join(parts), headers=(EVENTS_TYPE,), tokens=tuple(parts))


def ok(answer: str = "A red mug on a desk.", confidence: Any = 0.95, kind: str = "scene", **fields: Any) -> Script:
    """A confident, complete reply; ``fields`` overrides any of it."""
    return said(answer_fields(answer, confidence, kind) | fields)


def answer_fields(answer: str, confidence: Any, kind: str = "scene") -> dict[str, Any]:
    return {
        "seen": "what the answer rests on", "kind": kind, "image_ok": True, "answer": answer, "missing": "",
        "confidence": confidence, "needs_help": False, "full_answer": answer,
    }  # fmt: skip


def unsure(answer: str = "Perhaps a mug.", confidence: Any = 0.4, kind: str = "scene", **fields: Any) -> Script:
    return ok(answer, confidence, kind, **({"needs_help": True, "missing": "the details"} | fields))


def bad_image(answer: str = "It is too dark to see.") -> Script:
    return ok(answer, 0.9, image_ok=False)


def verdict(best: str = "A", why: str = "It is more specific.", merged: str = "") -> Script:
    """A judge's reply."""
    return said({"best": best, "why": why, "merged": merged})


def plain(text: str = "It is a red mug on a desk.") -> Script:
    return said(text)


def fenced(answer: str = "Exit to the left.", confidence: Any = 0.9) -> Script:
    return said(f"Sure! Here it is:\n```json\n{json.dumps(answer_fields(answer, confidence), indent=1)}\n```")


def thinking_aloud(answer: str = "A red mug.", confidence: Any = 0.9, thoughts: str = "SECRET THOUGHT") -> Script:
    """A whole answer with its reasoning beside it."""
    return said(answer_fields(answer, confidence), thoughts=thoughts)


def refusal(text: str = "I can't help with that.") -> Script:
    """OpenAI's refusal field; Gemini blocks the prompt instead."""
    blocked = raw(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "modelVersion": "gemini"})
    return _either(said(None, refusal_text=text), blocked)


def content_filter() -> Script:
    return said(None, ending="content_filter")


def thinking_ate_budget() -> Script:
    return said("", ending="length", thoughts="First I notice a door and then...")


def cut_answer(text: str = '{"answer": "Take 2 tabl') -> Script:
    return said(text, ending="length")


def empty() -> Script:
    return said("")


def null_choices() -> Script:
    return _both(
        lambda model: Canned(body=_dump(openai_body("", model) | {"choices": None})),
        lambda model: Canned(body=_dump({"usageMetadata": {"promptTokenCount": 412}})),
    )


def bare_object() -> Script:
    return raw(200, {})


def odd_ending(text: str = '{"answer": "A mug.", "confidence": 0.9}', ending: str = "eos") -> Script:
    return said(text, ending=ending)


# --- how a provider refuses ------------------------------------------------------------------------------------


def error(
    status: int, message: str, *, code: str | None = None, kind: str = "invalid_request_error", word: str = "",
    param: str | None = None, details: Sequence[Mapping[str, Any]] = (), headers: Mapping[str, str] | None = None,
) -> Script:  # fmt: skip
    """An error in either shape: ``code``, ``kind`` and ``param`` are OpenAI's, ``word`` and ``details`` Google's."""
    word = word or _GOOGLE_WORDS.get(status, "UNKNOWN")
    google: dict[str, Any] = {"code": status, "message": message, "status": word}
    if details:
        google["details"] = list(details)
    openai = {"message": message, "type": kind, "param": param, "code": code}
    more = (JSON_TYPE, *(headers or {}).items())
    return _both(
        lambda model: Canned(status, _dump({"error": openai}), more),
        lambda model: Canned(status, _dump({"error": google}), more),
    )


_GOOGLE_WORDS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip


def bad_key() -> Script:
    """401; Gemini says it with a 400."""
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    openai = error(401, "Incorrect API key provided: sk-ca****0000.", code="invalid_api_key")
    gemini = error(400, "API key not valid. Please pass a valid API key.", details=[reason])
    return _either(openai, gemini)


def payment_required() -> Script:
    return error(402, "Insufficient Balance", code="invalid_request_error", kind="unknown_error")


def forbidden(message: str = "This key may not use the model.") -> Script:
    return error(403, message, code="permission_denied")


def region() -> Script:
    return _either(
        error(403, "Country, region, or territory not supported", code="unsupported_country_region_territory"),
        error(400, "User location is not supported for the API use.", word="FAILED_PRECONDITION"),
    )


def model_gone(model: str = "the-model") -> Script:
    return _either(
        error(404, f"The model `{model}` does not exist or you do not have access to it.", code="model_not_found"),
        error(404, f"models/{model} is not found for API version v1beta, or is not supported for generateContent."),
    )


def deepseek_model_gone(model: str = "deepseek-chat") -> Script:
    message = f"The supported API model names are deepseek-v4-pro or deepseek-flash, but you passed {model}."
    return error(400, message, code="invalid_request_error")


def no_vision() -> Script:
    return error(
        400,
        "Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, "
        "expected `text` at line 1 column 94211",
        code="invalid_request_error",
    )


def image_rejected() -> Script:
    return _either(
        error(400, "You uploaded an unsupported image.", code="invalid_image_format"),
        error(400, "Unable to process input image. Please retry or report."),
    )


def unsupported(parameter: str, instead: str = "") -> Script:
    """A 400 that names a parameter, as OpenAI writes it."""
    use = f" Use '{instead}' instead." if instead else ""
    message = f"Unsupported parameter: '{parameter}' is not supported with this model.{use}"
    return error(400, message, code="unsupported_parameter", param=parameter)


def bad_request(message: str = "Invalid value.") -> Script:
    return error(400, message, code="invalid_value")


def rate(after_s: float = 20) -> Script:
    message = f"Rate limit reached for requests. Please try again in {after_s:g}s."
    headers = {"Retry-After": str(after_s), "x-ratelimit-remaining-requests": "0"}
    return _either(
        error(429, message, code="rate_limit_exceeded", kind="requests", headers=headers),
        error(429, f"Quota exceeded. Please retry in {after_s:g}s.", details=_quota("PerMinute", f"{after_s:g}s")),
    )


def quota_day(after_s: float = 86_400) -> Script:
    headers = {"Retry-After": f"{after_s:g}"}
    return _either(
        error(429, "Rate limit reached on requests per day (RPD).", code="rate_limit_exceeded", headers=headers),
        error(429, "You exceeded your current quota. Please retry in 23.1s.", details=_quota("PerDay", "23s")),
    )


def _quota(span: str, delay: str) -> list[dict[str, Any]]:
    violation = {"quotaId": f"GenerateRequests{span}PerProjectPerModel-FreeTier", "quotaValue": "10"}
    return [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]


def billing() -> Script:
    message = "You exceeded your current quota, please check your plan and billing details."
    return _either(
        error(429, message, code="insufficient_quota", kind="insufficient_quota"),
        error(429, f"{message} * Quota exceeded for metric: free_tier_requests, limit: 0, model: x. Retry in 7.9s."),
    )


def server_error() -> Script:
    return error(500, "An internal error has occurred.", code="server_error", kind="server_error")


def overloaded(after_s: float | None = None) -> Script:
    headers = {} if after_s is None else {"Retry-After": f"{after_s:g}"}
    return error(503, "The model is overloaded. Please try again later.", kind="server_error", headers=headers)


def error_in_200(code: int | str = 429, message: str = "Rate limit exceeded") -> Script:
    return raw(200, {"error": {"code": code, "message": message}})


def string_error(status: int = 400, message: str = "'url' field must be a base64 encoded image.") -> Script:
    """As LM Studio and Ollama write it."""
    return raw(status, {"error": message})


def fastapi_error(
    location: Sequence[Any] = ("body", "reasoning_effort"), message: str = "Input should be 'low'"
) -> Script:
    return raw(422, {"detail": [{"loc": list(location), "msg": message, "type": "value_error"}]})


def html(status: int = 502, title: str = "Bad gateway") -> Script:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>Cloudflare Ray ID: 0000</body></html>"
    return raw(status, page, {"Content-Type": HTML_TYPE[1], "Server": "cloudflare"})


def garbage() -> Script:
    return raw(200, b"\x00\x9c{not json")


def cut_body() -> Script:
    """A body that ends in the middle of its JSON, with a matching Content-Length."""
    return raw(200, b'{"id": "chatcmpl-0001", "choices": [{"message": {"content": "{\\"answer\\": \\"Ta')


def only_blanks() -> Script:
    return raw(200, b"\n" * 12)


def redirect(url: str = "http://127.0.0.1:9/elsewhere") -> Script:
    return raw(307, b"", {"Location": url})


def raw(status: int, body: Any = b"", headers: Mapping[str, str] | None = None) -> Script:
    """Exactly this, in every dialect."""
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else _dump(body)
    canned = Canned(status, data, tuple((headers or {"Content-Type": JSON_TYPE[1]}).items()))
    return Script(lambda dialect, model, wish: canned)


def from_case(case: Mapping[str, Any]) -> Script:
    """The reply of a row of tests/data/provider_cases.jsonl."""
    transport = case.get("transport")
    if transport and transport["kind"] == "drip":
        return drip(transport["every_s"], transport["chunk"])
    if transport:
        return {"reset_before_headers": dropped}[transport["kind"]]()
    return raw(case["status"], case["body"] if "body" in case else case["body_text"], case["headers"])


# --- how a connection fails ------------------------------------------------------------------------------------


def slow_headers(wait_s: float = 1.0, then: Script | None = None) -> Script:
    return _changed(then or ok(), wait_s=wait_s)


def slow_body(every_s: float = 0.01, then: Script | None = None) -> Script:
    """The headers at once, the body in four pieces."""
    return _changed(then or ok(), fault="pieces", every_s=every_s)


def blank_lines(count: int = 5, then: Script | None = None) -> Script:
    """DeepSeek's keep-alive: blank lines before the JSON, comments before events."""

    def render(dialect: Dialect, model: str, wish: Wish) -> Canned:
        canned = (then or ok()).canned(dialect, model, wish)
        blank = b": keep-alive\n\n" if canned.tokens and dialect == "openai" else b"\r\n"
        return replace(
            canned, body=blank * count + canned.body, tokens=canned.tokens and (blank,) * count + canned.tokens
        )

    return Script(render)


def drip(every_s: float = 2.0, chunk: str = "\n") -> Script:
    """Headers, then a blank line now and then, for ever."""
    canned = Canned(fault="drip", every_s=every_s, chunk=chunk.encode())
    return Script(lambda dialect, model, wish: canned)


def hang() -> Script:
    """Takes the request and says nothing."""
    return _fault("hang")


def dropped() -> Script:
    """A reset before the headers."""
    return _fault("reset")


def dropped_mid_body() -> Script:
    return _changed(ok(), fault="reset_mid_body")


def huge(megabytes: int = 100) -> Script:
    canned = Canned(fault="huge", wait_s=0, every_s=float(megabytes))
    return Script(lambda dialect, model, wish: canned)


def _fault(name: str) -> Script:
    canned = Canned(fault=name)
    return Script(lambda dialect, model, wish: canned)


def _changed(script: Script, *, wait_s: float = 0.0, fault: str = "", every_s: float = 0.0) -> Script:
    def render(dialect: Dialect, model: str, wish: Wish) -> Canned:
        return replace(script.canned(dialect, model, wish), fault=fault, wait_s=wait_s, every_s=every_s)

    return Script(render)


def _both(openai: Callable[[str], Canned], gemini: Callable[[str], Canned]) -> Script:
    return Script(lambda dialect, model, wish: gemini(model) if dialect == "gemini" else openai(model))


def _either(openai: Script, gemini: Script) -> Script:
    return Script(lambda dialect, model, wish: (gemini if dialect == "gemini" else openai).canned(dialect, model, wish))


def _dump(value: Any) -> bytes:
    return orjson.dumps(value)


# --- who says it -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Call:
    """One request as it arrived. Header names are lower case."""

    provider: str
    role: Role
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any] = field(default_factory=dict, repr=False)
    model: str = ""
    wish: Wish = field(default_factory=Wish, repr=False)
    image: str = field(default="", repr=False)
    at: float = 0.0

    @property
    def jpeg(self) -> bytes:
        """The picture, decoded."""
        return _decoded(self.image)

    @property
    def system(self) -> str:
        if "systemInstruction" in self.body:
            return str(self.body["systemInstruction"]["parts"][0]["text"])
        return "\n".join(str(item["content"]) for item in self.body.get("messages", []) if item["role"] == "system")

    @property
    def text(self) -> str:
        """What the user's message says in words."""
        asked = [item for item in self.body.get("messages", []) if item["role"] == "user"]
        contents = self.body.get("contents") or asked
        parts = contents[-1].get("parts") or contents[-1]["content"]
        return parts if isinstance(parts, str) else "\n".join(part["text"] for part in parts if part.get("text"))


@dataclass(slots=True)
class FakeProvider:
    """One vendor: where it listens, what it demands, and what it is going to say.

    ``keys`` None: any key will do. ``models`` empty: any model will do. A queue is used up before the default holds.
    ``ttft_s``: until its first token; ``tokens_per_s``: its pace from there, 0: all at once. ``events``: of how many
    events a stream of its is made; None: of a token each, 0: it streams none. ``left``: how many replies were not
    waited for to their end.
    """

    name: str
    prefix: str
    dialect: Dialect = "openai"
    needs_key: bool = True
    models: tuple[str, ...] = ()
    blind: frozenset[str] = frozenset()
    keys: frozenset[str] | None = None
    latency_s: float = 0.0
    ttft_s: float = 0.0
    tokens_per_s: float = 0.0
    events: int | None = None
    default: Script = field(default_factory=ok)
    judge_default: Script = field(default_factory=verdict)
    models_default: Script | None = None
    is_strict: bool = True
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    count: int = 0
    open_calls: int = 0
    left: int = 0
    connections: set[int] = field(default_factory=set)
    _queue: deque[Script] = field(default_factory=deque)
    _judge_queue: deque[Script] = field(default_factory=deque)

    def queue(self, *scripts: Script) -> None:
        """Say these next, one a call; judge calls and lists of models do not use them up."""
        self._queue.extend(scripts)

    def queue_judge(self, *scripts: Script) -> None:
        self._judge_queue.extend(scripts)

    def always(self, script: Script) -> None:
        self._queue.clear()
        self.default = script

    def answers(self) -> list[Call]:
        """The calls that asked for an answer."""
        return [call for call in self.calls if call.role == "answer"]

    def judgements(self) -> list[Call]:
        return [call for call in self.calls if call.role == "judge"]

    async def until_idle(self, limit_s: float = 2.0) -> None:
        """Wait until no call is open. Raises ``TimeoutError`` when one stays."""
        for _ in range(int(limit_s / 0.01)):
            if not self.open_calls:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{self.name} still has {self.open_calls} open calls")

    def next_script(self, role: Role) -> Script:
        if role == "judge":
            return self._judge_queue.popleft() if self._judge_queue else self.judge_default
        return self._queue.popleft() if self._queue else self.default

    def clear(self) -> None:
        """Forget all calls and queued replies."""
        self.calls.clear()
        self._queue.clear()
        self._judge_queue.clear()
        self.connections.clear()
        self.count = self.left = 0


def _cast() -> tuple[FakeProvider, ...]:
    gemini = ("gemini-3.5-flash-lite", "gemini-3.1-flash-lite", "gemini-3.8-flash", "gemini-2.5-flash-lite")
    return (
        FakeProvider("gemini", "/gemini/v1beta", "gemini", models=gemini),
        FakeProvider(
            "deepseek", "/deepseek", models=("deepseek-flash", "deepseek-v4-pro"), blind=frozenset({"deepseek-v4-pro"})
        ),
        FakeProvider("qwen", "/qwen/compatible-mode/v1", models=("qwen3.8-flash", "qwen3.7-plus", "qwen3-vl-plus")),
        FakeProvider("chatgpt", "/openai/v1", models=("gpt-6-luna", "gpt-5.6-luna", "gpt-6-sol", "gpt-4o")),
        FakeProvider("custom", "/custom/v1", needs_key=False),
        FakeProvider("custom2", "/custom2/v1", needs_key=False),
        FakeProvider("ollama", "/ollama/v1", needs_key=False),
        FakeProvider("lm_studio", "/lm_studio/v1", needs_key=False),
        FakeProvider("jan", "/jan/v1", needs_key=False),
        FakeProvider("g4f", "/g4f/v1", needs_key=False),
        FakeProvider("openrouter", "/openrouter/api/v1"),
    )


class FakeProviders:
    """All vendors on one port of ``host``, each under its own prefix. An async context manager.

    ``certificate``: a file with it and its key, for TLS.
    """

    def __init__(
        self, port: int = 0, latency_s: float = 0.0, host: str = "127.0.0.1", certificate: Path | None = None
    ) -> None:
        self.port, self.host, self.certificate = port, host, certificate
        self.providers = {provider.name: provider for provider in _cast()}
        for provider in self.providers.values():
            provider.latency_s = latency_s
        self._runner: web.ServerRunner | None = None

    def __getitem__(self, name: str) -> FakeProvider:
        return self.providers[name]

    @property
    def url(self) -> str:
        return f"http{'s' if self.certificate else ''}://{self.host}:{self.port}"

    def base_url(self, name: str) -> str:
        """What a provider's base URL is set to."""
        return self.url + self.providers[name].prefix

    def clear(self) -> None:
        for provider in self.providers.values():
            provider.clear()

    async def __aenter__(self) -> FakeProviders:
        await self.start()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.stop()

    async def start(self) -> None:
        server = web.Server(self._handle, access_log=None, keepalive_timeout=600, handler_cancellation=True)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.2)
        await self._runner.setup()
        trust = None
        if self.certificate:
            trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            trust.load_cert_chain(self.certificate)
        site = web.TCPSite(self._runner, self.host, self.port, ssl_context=trust)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def apply(self, plan: Mapping[str, Any]) -> None:
        """Take over a script as ``--script`` and ``POST /_script`` give it."""
        for name, lines in plan.items():
            provider = self.providers[name]
            provider.default = _script_of(lines["default"]) if "default" in lines else provider.default
            provider.judge_default = _script_of(lines["judge"]) if "judge" in lines else provider.judge_default
            provider.latency_s = float(lines.get("latency_ms", provider.latency_s * 1_000)) / 1_000
            provider.ttft_s = float(lines.get("ttft_ms", provider.ttft_s * 1_000)) / 1_000
            provider.tokens_per_s = float(lines.get("tokens_per_s", provider.tokens_per_s))
            provider.keys = frozenset(lines["keys"]) if "keys" in lines else provider.keys
            provider.queue(*map(_script_of, lines.get("queue", ())))

    # --- one request -------------------------------------------------------------------------------------------

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path.startswith("/_"):
            return await self._control(request)
        for provider in self.providers.values():
            if request.path.startswith(provider.prefix + "/"):
                return await self._serve(provider, request)
        return web.Response(status=404, text="404 page not found")

    async def _control(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/_script":
            self.apply(await request.json())
        return web.json_response({name: provider.count for name, provider in self.providers.items()})

    async def _serve(self, provider: FakeProvider, request: web.BaseRequest) -> web.StreamResponse:
        provider.open_calls += 1
        provider.connections.add(id(request.protocol))
        try:
            body = await request.content.read()  # without the limit of a megabyte that read() has
            call = _call_of(provider, request, body)
            if provider.events is not None:
                stream = call.wish.stream if provider.events else ""
                call.wish = replace(call.wish, events=provider.events, stream=stream)
            provider.calls.append(call)
            provider.count += 1
            canned = self._reply(provider, request, call).canned(provider.dialect, call.model, call.wish)
            wait_s = provider.latency_s + canned.wait_s
            if call.role != "models":
                canned, waits_s = _paced(provider, canned)
                wait_s += waits_s
            if wait_s:
                await asyncio.sleep(wait_s)
            return await _send(request, canned)
        except asyncio.CancelledError:
            provider.left += 1
            raise
        finally:
            provider.open_calls -= 1

    def _reply(self, provider: FakeProvider, request: web.BaseRequest, call: Call) -> Script:
        key = _key_of(call.headers)
        if (provider.needs_key and not key) or (provider.keys is not None and key not in provider.keys):
            return bad_key()
        if call.role == "models":
            return provider.models_default or _model_list(provider, request)
        objection = _objection(provider, call) if provider.is_strict else None
        return objection or provider.next_script(call.role)


def _paced(provider: FakeProvider, canned: Canned) -> tuple[Canned, float]:
    """``canned`` at the provider's pace, and how long nothing of it comes."""
    if not provider.tokens_per_s:
        return canned, provider.ttft_s
    if canned.tokens and not canned.fault:
        return replace(canned, fault="paced", every_s=1 / provider.tokens_per_s), provider.ttft_s
    words = 0 if canned.status >= 400 else len(canned.body) / TOKEN_CHARS / provider.tokens_per_s
    return canned, provider.ttft_s + words


def _key_of(headers: Mapping[str, str]) -> str:
    bearer = headers.get("authorization", "")
    return headers.get("x-goog-api-key") or headers.get("g4f-api-key") or bearer.removeprefix("Bearer ")


def _call_of(provider: FakeProvider, request: web.BaseRequest, raw_body: bytes) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    path = request.path.removeprefix(provider.prefix)
    call = Call(provider.name, "models", path, headers, at=time.monotonic())
    if request.method == "GET":
        return call
    body = orjson.loads(raw_body)
    call.body = _camel(body) if provider.dialect == "gemini" else body
    call.model = _model_in(path) if provider.dialect == "gemini" else str(call.body.get("model", ""))
    call.wish = _wish(call, request.query.get("alt", ""))
    call.image = _image_in(call.body)
    call.role = "judge" if _is_judge(call) else "answer"
    return call


def _wish(call: Call, alt: str) -> Wish:
    fields = tuple(_schema_of(call).get("properties", ())) or tuple(_fields_in_words(call))
    if call.path.endswith(":streamGenerateContent"):
        return Wish(fields, "events" if alt == "sse" else "list")
    options = call.body.get("stream_options") or {}
    return Wish(fields, "events" if call.body.get("stream") else "", bool(options.get("include_usage")))


def _schema_of(call: Call) -> Mapping[str, Any]:
    form = call.body.get("response_format") or {}
    schema = call.body.get("generationConfig", {}).get("responseJsonSchema") or form.get("json_schema", {}).get(
        "schema"
    )
    return schema or {}


def _fields_in_words(call: Call) -> list[str]:
    """Those of the example that stands last in what it was told."""
    example = re.search(r"Its form: (\{.*\})", f"{call.system} {call.text}" if call.body else "")
    return re.findall(r'"(\w+)":', example[1]) if example else []


def _model_in(path: str) -> str:
    return path.removeprefix("/models/").partition(":")[0]


def _camel(value: Any) -> Any:
    """Google takes camelCase and snake_case, mixed at will. The schema itself is left alone."""
    if isinstance(value, list):
        return [_camel(part) for part in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, part in value.items():
        camel = re.sub("_([a-z])", lambda match: match.group(1).upper(), name)
        found[camel] = part if camel in {"responseJsonSchema", "responseSchema"} else _camel(part)
    return found


def _image_in(body: Mapping[str, Any]) -> str:
    """The base64 text of the first picture, empty when there is none."""
    for item in body.get("contents", ()):
        for part in item.get("parts", ()):
            if "inlineData" in part:
                return str(part["inlineData"].get("data", ""))
    for item in body.get("messages", ()):
        for part in item["content"] if isinstance(item.get("content"), list) else ():
            if part.get("type") == "image_url":
                url = part["image_url"]
                return str(url["url"] if isinstance(url, dict) else url).partition(",")[2]
    return ""


def _decoded(image: str) -> bytes:
    """Bytes of standard or URL-safe base64, with or without padding."""
    return base64.b64decode(image.translate(str.maketrans("-_", "+/")) + "=" * (-len(image) % 4), validate=True)


def _is_judge(call: Call) -> bool:
    """Whether the reply is to have the field ``best``."""
    if schema := _schema_of(call):
        return "best" in schema.get("properties", {})
    return '"best"' in call.system + call.text


# --- what a vendor objects to ----------------------------------------------------------------------------------


def _objection(provider: FakeProvider, call: Call) -> Script | None:
    """The refusal that the real service would send for this request; None when it would answer."""
    if provider.models and call.model not in provider.models:
        return deepseek_model_gone(call.model) if provider.name == "deepseek" else model_gone(call.model)
    if call.image and call.model in provider.blind:
        return no_vision()
    if not _is_jpeg(call.image):
        return image_rejected()
    if "stream_options" in call.body and not call.body.get("stream"):
        return error(
            400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", param="stream_options"
        )
    check = _CHECKS.get(provider.name)
    return check(call) if check else None


def _is_jpeg(image: str) -> bool:
    """As real servers do: sniff the first bytes, whatever the label says."""
    try:
        return _decoded(image[:16]).startswith(JPEG_START)
    except (binascii.Error, ValueError):
        return False


def _check_gemini(call: Call) -> Script | None:
    config = call.body.get("generationConfig", {})
    known = {
        "maxOutputTokens", "responseMimeType", "responseJsonSchema", "responseSchema", "mediaResolution",
        "thinkingConfig", "temperature", "topP", "topK", "stopSequences", "seed",
    }  # fmt: skip
    for name in config:
        if name not in known:
            message = (
                f"Invalid JSON payload received. Unknown name \"{name}\" at 'generation_config': Cannot find field."
            )
            return error(400, message)
    thinking = config.get("thinkingConfig", {})
    if len({"thinkingLevel", "thinkingBudget"} & set(thinking)) == 2:
        return error(400, "You can only set one of thinking_budget and thinking_level.")
    if "responseJsonSchema" in config and config.get("responseMimeType") != "application/json":
        return error(400, "response_json_schema is only allowed with response_mime_type application/json")
    return None


def _check_openai(call: Call) -> Script | None:
    if "max_tokens" in call.body and re.match("gpt-[5-9]", call.model):
        return unsupported("max_tokens", "max_completion_tokens")
    if "temperature" in call.body and call.body.get("reasoning_effort") != "none":
        return unsupported("temperature")
    form = call.body.get("response_format", {})
    if form.get("type") == "json_schema" and not _is_strict(form["json_schema"]["schema"]):
        message = (
            "Invalid schema for response_format: 'additionalProperties' is required to be supplied and to be false."
        )
        return error(400, message)
    return None


def _is_strict(schema: Mapping[str, Any]) -> bool:
    allowed = {"type", "properties", "required", "additionalProperties", "description", "enum", "items", "anyOf"}
    properties = schema.get("properties", {})
    complete = schema.get("type") != "object" or (
        schema.get("additionalProperties") is False and set(schema.get("required", ())) == set(properties)
    )
    return complete and set(schema) <= allowed and all(map(_is_strict, properties.values()))


def _check_json_mode(call: Call) -> Script | None:
    """DeepSeek and Qwen: JSON mode wants the word in the prompt; DeepSeek's chat endpoint has no schemas."""
    form = call.body.get("response_format", {}).get("type")
    if form == "json_object" and "json" not in (call.system + call.text).lower():
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        return error(400, message)
    if form == "json_schema" and call.provider == "deepseek":
        return error(400, "This response_format type is unavailable now")
    return None


def _check_lm_studio(call: Call) -> Script | None:
    if call.body.get("response_format", {}).get("type") == "json_object":
        return string_error(400, "'response_format.type' must be 'json_schema' or 'text'")
    return None


def _check_g4f(call: Call) -> Script | None:
    effort = call.body.get("reasoning_effort", "none")
    if effort not in {"none", "low", "medium", "high", "x-high"}:
        return fastapi_error(message="Input should be 'none', 'low', 'medium', 'high' or 'x-high'")
    return None


_CHECKS: Mapping[str, Callable[[Call], Script | None]] = {
    "gemini": _check_gemini, "chatgpt": _check_openai, "deepseek": _check_json_mode, "qwen": _check_json_mode,
    "lm_studio": _check_lm_studio, "g4f": _check_g4f,
}  # fmt: skip


def _model_list(provider: FakeProvider, request: web.BaseRequest) -> Script:
    names = provider.models or (f"{provider.name}-vision", f"{provider.name}-text")
    if provider.dialect == "gemini":
        return raw(200, _gemini_page(names, request.query.get("pageToken", "")))
    entries = [{"id": name, "object": "model", "created": 1767225600, "owned_by": provider.name} for name in names]
    if provider.name == "openrouter":
        entries = [entry | {"architecture": {"input_modalities": ["text"]}} for entry in entries]
        entries[0]["architecture"] = {"input_modalities": ["text", "image"]}
    return raw(200, {"object": "list", "data": entries})


def _gemini_page(names: Sequence[str], token: str) -> dict[str, Any]:
    """Two to a page, and among them one that only embeds."""
    entries = [
        {
            "name": f"models/{name}", "version": "1", "displayName": name, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": [method, "countTokens"],
        }
        for name, method in [("gemini-embedding-2", "embedContent"), *((name, "generateContent") for name in names)]
    ]  # fmt: skip
    at = int(token or 0)
    rest = {"nextPageToken": str(at + 2)} if at + 2 < len(entries) else {}
    return {"models": entries[at : at + 2], **rest}


# --- onto the wire ---------------------------------------------------------------------------------------------


async def _send(request: web.BaseRequest, canned: Canned) -> web.StreamResponse:
    if not canned.fault:
        return web.Response(status=canned.status, body=canned.body, headers=dict(canned.headers))
    if canned.fault == "hang":
        await asyncio.sleep(3_600)
    if canned.fault == "reset":
        _reset(request)
        return web.Response()
    response = web.StreamResponse(status=canned.status, headers=dict(canned.headers))
    if canned.fault == "reset_mid_body":
        response.content_length = len(canned.body)
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the other side has had enough
        async for chunk in _chunks(canned):
            await response.write(chunk)
        if canned.fault == "reset_mid_body":
            _reset(request)
        else:
            await response.write_eof()
    return response


async def _chunks(canned: Canned) -> AsyncIterator[bytes]:
    if canned.fault == "reset_mid_body":
        yield canned.body[: len(canned.body) // 2]
        await asyncio.sleep(0.02)
    elif canned.fault == "pieces":
        quarter = len(canned.body) // 4 + 1
        for at in range(0, len(canned.body), quarter):
            yield canned.body[at : at + quarter]
            await asyncio.sleep(canned.every_s)
    elif canned.fault == "paced":
        began = time.monotonic()
        for at, token in enumerate(canned.tokens, 1):
            await asyncio.sleep(max(0.0, began + at * canned.every_s - time.monotonic()))
            yield token
    elif canned.fault == "huge":
        for _ in range(int(canned.every_s) * 16):
            yield b" " * 65_536
    else:
        while True:
            yield canned.chunk
            await asyncio.sleep(canned.every_s)


def _reset(request: web.BaseRequest) -> None:
    """Close with a TCP reset."""
    if request.transport is not None:
        peer = request.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()


# --- as a process ----------------------------------------------------------------------------------------------

SCRIPTS: Mapping[str, Callable[..., Script]] = {
    maker.__name__: maker
    for maker in (
        ok, unsure, bad_image, verdict, plain, fenced, thinking_aloud, refusal, content_filter, thinking_ate_budget,
        cut_answer, empty, null_choices, bare_object, odd_ending, bad_key, payment_required, forbidden, region,
        model_gone, deepseek_model_gone, no_vision, image_rejected, unsupported, bad_request, rate, quota_day, billing,
        server_error, overloaded, error_in_200, string_error, fastapi_error, html, garbage, cut_body, only_blanks,
        redirect, raw, slow_headers, slow_body, blank_lines, drip, hang, dropped, dropped_mid_body, huge,
    )
}  # fmt: skip


def _script_of(line: Mapping[str, Any]) -> Script:
    arguments = dict(line)
    return SCRIPTS[arguments.pop("reply")](**arguments)


async def _serve_for_ever(arguments: argparse.Namespace) -> None:
    fake = FakeProviders(arguments.port, arguments.latency_ms / 1_000, arguments.host, arguments.certificate)
    for provider in fake.providers.values():
        provider.ttft_s, provider.tokens_per_s, provider.events = arguments.ttft, arguments.rate, arguments.events
    if arguments.script:
        fake.apply(json.loads(await asyncio.to_thread(Path(arguments.script).read_text, encoding="utf-8")))
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with fake:
        print(f"listening on {fake.url}", flush=True)
        await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.fakes", description="Fake AI providers on loopback.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=0.0)
    parser.add_argument("--ttft", type=float, default=0.0, metavar="S", help="seconds to the first token")
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help="tokens a second; 0: all at once")
    parser.add_argument("--events", type=int, metavar="N", help="of a stream; 0: no streams; else one a token")
    parser.add_argument("--certificate", type=Path, metavar="FILE", help="for TLS, with its key")
    parser.add_argument("--script", default="")
    asyncio.run(_serve_for_ever(parser.parse_args()))


if __name__ == "__main__":
    main()
