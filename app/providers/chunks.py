"""A reply that came in pieces, whether it was asked for so or not, put together as one that came whole.

Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html; a relay may hand over Gemini's
chunks as one list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson


def is_event_stream(headers: Mapping[str, str], body: bytes) -> bool:
    return headers.get("content-type", "").startswith("text/event-stream") or body.lstrip().startswith(b"data:")


def values_in(body: bytes) -> Iterator[Any]:
    """The JSON values of a stream of events. Raises ``ValueError`` for one that is none."""
    for line in body.splitlines():
        if line.startswith(b"data:") and (data := line[5:].strip()) and data != b"[DONE]":
            yield orjson.loads(data)


def merged(values: Sequence[Any]) -> Any:
    """One value of either dialect from its pieces; a single one is itself, and pieces of neither are given back."""
    if len(values) == 1:
        return values[0]
    pieces = [value for value in values if isinstance(value, dict)]
    if failed := next((piece for piece in pieces if piece.get("error")), None):
        return failed
    if any("candidates" in piece for piece in pieces):
        return _content(pieces)
    return _completion(pieces) if any("choices" in piece for piece in pieces) else values


def _completion(pieces: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """OpenAI's: what each ``delta`` of the first choice adds."""
    whole: dict[str, Any] = {}
    texts, arguments = list[str](), list[str]()
    choice: dict[str, Any] = {}
    message: dict[str, Any] = {}
    for piece in pieces:
        whole |= {key: value for key, value in piece.items() if value is not None and key != "choices"}
        for one in _dicts(piece.get("choices")):
            if one.get("index", 0) != 0:
                continue
            delta = one.get("delta") or one.get("message") or {}
            if not isinstance(delta, dict):
                continue
            texts += _texts(delta.get("content"))
            for call in _dicts(delta.get("tool_calls")):
                arguments += _texts((call.get("function") or {}).get("arguments"))
            message |= {key: value for key, value in delta.items() if value and key not in ("content", "tool_calls")}
            choice |= {
                key: value for key, value in one.items() if value is not None and key not in ("delta", "message")
            }
    message["content"] = "".join(texts)
    if arguments:
        message["tool_calls"] = [{"function": {"arguments": "".join(arguments)}}]
    return (
        whole | {"choices": [choice | {"message": message}]}
        if choice or texts or arguments
        else whole | {"choices": []}
    )


def _content(pieces: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Gemini's: the parts of the first candidate, one behind the other."""
    whole: dict[str, Any] = {}
    candidate: dict[str, Any] = {}
    parts: list[Any] = []
    for piece in pieces:
        whole |= {key: value for key, value in piece.items() if key != "candidates"}
        for one in _dicts(piece.get("candidates"))[:1]:
            candidate |= {key: value for key, value in one.items() if key != "content"}
            content = one.get("content")
            parts += _dicts(content.get("parts")) if isinstance(content, dict) else []
    return whole | {"candidates": [candidate | {"content": {"parts": parts}}]}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [text for part in _dicts(content) if isinstance(text := part.get("text"), str)]
