"""A reply that came in pieces or in the words of a kindred API, put together as one of ours that came whole.

Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html; a relay may hand over Gemini's
chunks as one list, Ollama a line of JSON for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

_EVENTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:data|event|id|retry)?:")


UNFINISHED = "unfinished"
"""What ended a choice whose stream broke off without a word."""


def is_event_stream(body: bytes) -> bool:
    """By what it is: servers call either by the other's name."""
    return _EVENTS.match(body) is not None


def values_in(body: bytes, read: Callable[[bytes], Any]) -> Iterator[Any]:
    """The JSON values of a stream of events, by ``read``. Raises ``ValueError`` for one that is none."""
    data, is_error = list[bytes](), False
    for line in [*body.removeprefix(b"\xef\xbb\xbf").splitlines(), b""]:
        name, _, told = line.partition(b":")
        told = told.strip()
        if name == b"event":
            is_error = told == b"error"
        if name == b"data" and told and told.strip(b"[]").upper() != b"DONE":
            data.append(told)
        elif line or not data:
            continue
        try:  # most servers leave out the blank line that ends an event
            value = read(b"\n".join(data)) if not line or len(data) == 1 else None
        except ValueError:
            if not line:
                raise
            continue
        if value is not None:
            yield {"error": value} if is_error and not (isinstance(value, dict) and "error" in value) else value
            data, is_error = [], False


def as_completion(value: Any) -> Any:
    """The reply of a kindred API (Ollama, DashScope, Anthropic, Responses) or a relay as one of Chat Completions."""
    if not isinstance(value, dict) or "choices" in value:
        return value
    value |= next((value[name] for name in ("data", "response", "output") if isinstance(value.get(name), dict)), {})
    message, output = value.get("message"), value.get("output")
    content = next((value[name] for name in ("content", "response", "text") if value.get(name)), None)
    if isinstance(output, list):
        content = [part for item in _dicts(output) for part in _dicts(item.get("content"))]
    if "choices" in value or "candidates" in value or not (isinstance(message, dict) or content):
        return value
    ending = value.get("finish_reason") or value.get("done_reason") or value.get("stop_reason") or value.get("status")
    message = message if isinstance(message, dict) else {"content": content}
    return value | {"choices": [{"message": message, "finish_reason": ending}]}


def merged(values: Sequence[Any], *, has_ended: bool = True) -> Any:
    """One value of either dialect from its pieces; a single one is itself, and pieces of neither are given back.

    ``has_ended``: whether their stream told its end, for pieces that tell none.
    """
    pieces = [piece for value in values if isinstance(piece := as_completion(value), dict)]
    if len(values) == 1 and not any("delta" in one for piece in pieces for one in _dicts(piece.get("choices"))):
        return pieces[0] if pieces else values[0]
    if failed := next((piece for piece in pieces if piece.get("error")), None):
        return failed
    if any("candidates" in piece for piece in pieces):
        return _content(pieces, has_ended)
    return _completion(pieces, has_ended) if any("choices" in piece for piece in pieces) else values


def _completion(pieces: Iterable[Mapping[str, Any]], has_ended: bool) -> dict[str, Any]:
    """OpenAI's: what each ``delta`` of the first choice adds."""
    whole: dict[str, Any] = {}
    texts, arguments = list[str](), list[str]()
    choice: dict[str, Any] = {} if has_ended else {"finish_reason": UNFINISHED}
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
                arguments += [text for one in _dicts([call.get("function")]) for text in _texts(one.get("arguments"))]
            message |= {key: value for key, value in delta.items() if value and key not in ("content", "tool_calls")}
            choice |= {key: value for key, value in one.items() if value and key not in ("delta", "message")}
    message["content"] = "".join(texts)
    if arguments:
        message["tool_calls"] = [{"function": {"arguments": "".join(arguments)}}]
    return whole | {"choices": [choice | {"message": message}] if choice or texts or arguments else []}


def _content(pieces: Iterable[Mapping[str, Any]], has_ended: bool) -> dict[str, Any]:
    """Gemini's: the parts of the first candidate, one behind the other."""
    whole: dict[str, Any] = {}
    candidate: dict[str, Any] = {} if has_ended else {"finishReason": "CONTINUATION"}
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
