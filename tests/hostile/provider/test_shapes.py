"""Replies in shapes that relays and kindred servers really send: a good answer is read, half of one is never shown."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.core.errors import FrameBackendError, ProviderError, TruncatedError
from app.core.routing.confidence import Claim, read_claim
from app.core.routing.question import SCHEMA
from app.providers import dialect_gemini, dialect_openai
from app.providers.error_mapping import Asked, refusal_error
from app.providers.reply import load
from app.providers.transport import RawReply

ASKED, WANTED = Asked("X", "m"), SCHEMA["properties"]
FORM = {"answer": "Gate 12", "confidence": 0.95, "needs_help": False}
F = json.dumps(FORM)
STREAM, JSON = "text/event-stream", "application/json"


def openai(body: bytes, kind: str = JSON) -> Claim:
    raw = RawReply(200, {"content-type": kind}, body)
    return read_claim(dialect_openai.read_completion(load(raw, "X"), raw.headers, ASKED, WANTED))


def gemini(body: bytes, kind: str = JSON) -> Claim:
    raw = RawReply(200, {"content-type": kind}, body)
    return read_claim(dialect_gemini.read_content(load(raw, "X"), raw.headers, ASKED, WANTED))


def choice(**message: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant"} | message}]}


def chunk(content: str, ending: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": ending}]}


CALL = {"function": {"name": "frame_answer", "arguments": F}}
BODIES: dict[str, Any] = {
    "a call of old": choice(content=None, function_call=CALL["function"]),
    "one call": choice(content=None, tool_calls=CALL),
    "a call and a blank": choice(content="\n", tool_calls=[CALL]),
    "a call behind an empty one": choice(content=None, tool_calls=[{"function": {"arguments": "{}"}}, CALL]),
    "a text in an object": choice(content=[{"type": "text", "text": {"value": F}}]),
    "parts in an object": choice(content={"parts": [{"text": F}]}),
    "a completion": {"choices": [{"text": F, "finish_reason": "stop"}]},
    "a delta alone": {"choices": [{"delta": {"content": F}}]},
    "a message as text": {"choices": [{"message": F}]},
    "Responses": {"output": [{"type": "reasoning"},
                               {"type": "message", "content": [{"type": "output_text", "text": F}]}]},
    "Ollama's chat": {"model": "m", "message": {"role": "assistant", "content": F}, "done": True},
    "Ollama's words": {"model": "m", "response": F, "done": True},
    "Anthropic": {"type": "message", "content": [{"type": "text", "text": F}], "stop_reason": "end_turn"},
    "DashScope's own": {"output": {"text": F, "finish_reason": "stop"}, "usage": {}},
    "a relay's wrapper": {"code": 0, "message": "success", "data": choice(content=F)},
    "an error that is none": choice(content=F) | {"error": {"code": "0", "message": "success"}},
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_an_answer_is_read_wherever_it_stands(body: object) -> None:
    claim = openai(json.dumps(body).encode())
    assert (claim.answer, claim.confidence) == ("Gate 12", 0.95)


def test_geminis_answer_behind_a_relay() -> None:
    body = {"candidates": [{"content": {"parts": [None, {"text": F}]}, "finishReason": "STOP"}]}
    assert gemini(json.dumps({"response": body}).encode()).answer == "Gate 12"


def events(*values: object, line: str = "\n", done: bool = True) -> bytes:
    rows = [f"data: {json.dumps(value)}" for value in values] + ["data: [DONE]"] * done
    return "".join(row + line * 2 for row in rows).encode()


WHOLE = (chunk(F[:20]), chunk(F[20:], "stop"))
STREAMS: dict[str, tuple[bytes, str]] = {
    "one event": (events(chunk(F, "stop")), STREAM),
    "CR": (events(*WHOLE, line="\r"), STREAM),
    "CR and LF": (events(*WHOLE, line="\r\n"), STREAM),
    "a byte order mark": (b"\xef\xbb\xbf" + events(*WHOLE), STREAM),
    "a comment, called JSON": (b": OPENROUTER PROCESSING\n\n" + events(*WHOLE), JSON),
    "names, called JSON": (b"event: message\nid: 1\nretry: 9\n" + events(*WHOLE), JSON),
    "other ends": (events(*WHOLE, done=False) + b"data: DONE\n\ndata: [done]\n\n", STREAM),
    "an event of two lines": (b'data: {"choices": [{"message":\ndata: {"content": ' + json.dumps(F).encode()
                              + b"}}]}\n\ndata: [DONE]\n\n", STREAM),
    "JSON, called a stream": (json.dumps(choice(content=F)).encode(), STREAM),
    "lines of JSON": (b"\n".join(json.dumps(one).encode() for one in WHOLE), "application/x-ndjson"),
    "Ollama's lines": (b"\n".join(json.dumps(one).encode() for one in (
        {"message": {"content": F[:20]}, "done": False}, {"message": {"content": F[20:]}, "done": False},
        {"message": {"content": ""}, "done": True, "done_reason": "stop"})), JSON),
    "no end, but a whole form": (events(*(chunk(F[:20]), chunk(F[20:])), done=False), STREAM),
    "usage first and last": (events({"choices": []}, *WHOLE, {"choices": [], "usage": {"prompt_tokens": 1}}), STREAM),
    "calls that are none": (events({"choices": [{"delta": {"tool_calls": [{"function": "x"}]}}]}, *WHOLE), STREAM),
}  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_of_any_kind_is_read(body: bytes, kind: str) -> None:
    assert openai(body, kind).answer == "Gate 12"


def test_a_sign_parted_between_events_is_whole_again() -> None:
    first, second = (b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n' % half for half in (rb"\ud835", rb"\udfcf2"))
    assert openai(first + second + b"\n\ndata: [DONE]\n\n", STREAM).answer.endswith("2")


HALVES = {
    "a stream that broke off": (openai, events(chunk("Take 2 tabl"), done=False), STREAM),
    "Gemini's stream that broke off": (
        gemini, events(*[{"candidates": [{"content": {"parts": [{"text": "Take 2 tabl"}]}}]}] * 2, done=False), STREAM,
    ),
    **{
        f"ended by {ending}": (openai, json.dumps({"choices": [{"text": "Take 2 tabl"} | ending]}), JSON)
        for ending in (
            *({"finish_reason": word} for word in (
                "max-tokens", "max_completion_tokens", "token_limit", "incomplete", "truncated", "abort", "cancelled",
                "model_context_window_exceeded", "MAX_TOKENS", "length_limit")),
            {"finish_reason": None, "native_finish_reason": "MAX_TOKENS"},
        )
    },
}  # fmt: skip


@pytest.mark.parametrize(("read", "body", "kind"), HALVES.values(), ids=list(map(str, HALVES)))
def test_half_an_answer_is_never_shown(read: Callable[..., Claim], body: Any, kind: str) -> None:
    with pytest.raises(TruncatedError):
        read(body if isinstance(body, bytes) else body.encode(), kind)


@pytest.mark.parametrize(
    "told", [b'{"error":{"message":"boom","code":502}}', b'event: error\ndata: {"message":"boom"}']
)
def test_an_error_within_a_stream_is_one(told: bytes) -> None:
    body = (
        events(chunk("Take 2 tabl"), done=False) + (told if told.startswith(b"event") else b"data: " + told) + b"\n\n"
    )
    with pytest.raises(ProviderError, match=r"error|overloaded"):
        openai(body + b"data: [DONE]\n\n", STREAM)


@pytest.mark.parametrize(
    ("said", "sent"),
    [("iso-8859-1", "utf-8"), ("", "utf-8"), ("utf8mb4", "utf-8"), ("utf-8", "utf-16"), ("gbk", "gbk"),
     ("shift_jis", "shift_jis"), ("utf-16", "utf-16")],
)  # fmt: skip
def test_characters_are_read_as_they_were_sent(said: str, sent: str) -> None:
    body = json.dumps(choice(content="\u51fa\u53e3 12"), ensure_ascii=False).encode(sent)
    assert openai(body, f"application/json; charset={said}").answer == "\u51fa\u53e3 12"
    if sent == "utf-8":
        stream = events(chunk("Caf\u00e9")).decode("unicode_escape").replace("\\", "").encode(sent)
        assert openai(stream, f"text/event-stream; charset={said}").answer == "Caf\u00e9"


# --- anything at all --------------------------------------------------------------------------------------------------

ODD: list[Any] = [None, True, 0, 1.5, 10**40, "", "x", [], {}, [[]], [None], ["x"], {"a": None}, "\ud83d", {"text": 1},
                  [{"text": None}], [[{}]], {"type": "x"}, {"message": []}, {"content": {}}, {"\ud83d": 10**40},
                  ]  # fmt: skip
KNOWN: list[Any] = [
    *BODIES.values(), list(WHOLE), [{"candidates": [{"content": {"parts": [{"text": F}]}}]}] * 2,
    {"candidates": [{"content": {"parts": [{"text": F}, {"functionCall": {"args": FORM}}]}, "finishReason": "STOP"}],
     "usageMetadata": {"promptTokenCount": 1}, "promptFeedback": {"blockReason": "X"}},
    {"error": {"message": "x", "code": 429, "param": "p", "metadata": {"raw": "x"},
               "details": [{"reason": "r", "retryDelay": "1s", "violations": [{"quotaId": "q"}]}]}},
    {"detail": [{"loc": ["body", 1], "msg": "m", "type": "t"}]},
    {"data": [{"id": "a", "architecture": {"input_modalities": ["image"]}, "capabilities": {"vision": True}}],
     "models": [{"name": "models/x", "supportedGenerationMethods": ["generateContent"]}], "nextPageToken": "x"},
]  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*at, key))


def changed(value: Any, rnd: random.Random) -> Any:
    at = rnd.choice(list(places(value)))
    if not at:
        return rnd.choice(ODD)
    whole = copy.deepcopy(value)
    inner = whole
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = copy.deepcopy(rnd.choice(ODD))
    return whole


@pytest.mark.parametrize("seed", range(10))
def test_whatever_stands_where_it_does_not_belong_is_an_error_of_ours(seed: int) -> None:
    rnd = random.Random(seed)
    for _ in range(200):
        value = changed(rnd.choice(KNOWN), rnd)
        value = changed(value, rnd) if rnd.random() < 0.5 else value
        for body in (json.dumps(value).encode(), events(value), events(*value) if isinstance(value, list) else b""):
            raw = RawReply(400, {"content-type": JSON}, body)
            for read in (
                lambda body=body: openai(body), lambda body=body: gemini(body),
                lambda raw=raw: refusal_error(raw, ASKED),
                lambda raw=raw: dialect_openai.read_models(load(raw, "X"), {}, ASKED),
                lambda raw=raw: dialect_gemini.read_models(load(raw, "X"), "X"),
            ):  # fmt: skip
                with contextlib.suppress(FrameBackendError):
                    read()


@pytest.mark.parametrize("depth", [50, 900, 1_000, 1_020, 30_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_a_body_nested_however_deep_is_an_error_of_ours(depth: int, opened: str, closed: str) -> None:
    nest = opened * depth + "1" + closed * depth
    for body in (
        nest, f'{{"choices":[{{"message":{{"content":{{"a":{nest}}}}}}}]}}', f'{{"error":{{"message":{nest}}}}}',
        f'{{"detail":{nest}}}', f'{{"candidates":[{{"content":{{"parts":[{{"functionCall":{{"args":{nest}}}}}]}}}}]}}',
    ):  # fmt: skip
        for read in (openai, gemini, lambda body: refusal_error(RawReply(400, {}, body), ASKED)):
            with contextlib.suppress(ProviderError):
                read(body.encode())
