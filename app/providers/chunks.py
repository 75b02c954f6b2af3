"""A reply that comes in pieces or in the words of a kindred API, put together as one of ours that came whole.

Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html; a relay may hand over Gemini's
chunks as one list, Ollama a line of JSON for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.providers.refusal import is_told

_EVENTS = re.compile(rb"(?:data|event|id|retry)?:")
_EVENT_NAMES = (b"data", b"event", b"id", b"retry")
_END_MOST_BYTES = len(b"[[DONE]]")

UNFINISHED = "unfinished"
"""What ended a choice whose stream broke off without a word."""


def is_event_stream(start: bytes) -> bool | None:
    """By what it is: servers call either by the other's name. None while ``start`` may become either."""
    if _EVENTS.match(start):
        return True
    return None if any(name.startswith(start) for name in _EVENT_NAMES) else False


class Events:
    """The JSON values of a stream of events, split anywhere as it comes.

    ``is_over``: it has told its end.
    """

    def __init__(self, read: Callable[[bytes], Any]) -> None:
        self.is_over = False
        self._read = read
        self._line, self._is_after_return = list[bytes](), False
        self._data, self._is_error = list[bytes](), False

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The values that end in ``chunk``. Raises ``ValueError`` for one that is none."""
        if self._is_after_return:
            chunk = chunk.removeprefix(b"\n")  # the other half of CR LF
        if not chunk:
            return
        self._is_after_return = chunk.endswith(b"\r")
        lines = chunk.splitlines()
        rest = b"" if chunk.endswith((b"\r", b"\n")) else lines.pop()
        for line in lines:
            if self._line:
                self._line.append(line)
                line, self._line = b"".join(self._line), []
            if line or self._data:
                yield from self._values_of(line)
                if self.is_over:
                    return
        if rest:
            self._line.append(rest)

    def end(self) -> Iterator[Any]:
        """What its last line leaves, when that lacks its end."""
        yield from self._values_of(b"".join(self._line))
        yield from self._values_of(b"")

    def _values_of(self, line: bytes) -> Iterator[Any]:
        name, _, told = line.partition(b":")
        told = told.strip()
        if name == b"event":
            self._is_error = told == b"error"
        if name == b"data" and told:
            if len(told) <= _END_MOST_BYTES and told.strip(b"[]").upper() == b"DONE":
                self.is_over = True
                return
            self._data.append(told)
        elif line or not self._data:
            return
        try:  # most servers leave out the blank line that ends an event
            value = self._read(b"\n".join(self._data)) if not line or len(self._data) == 1 else None
        except ValueError:
            if not line:
                raise
            return
        if value is not None:
            yield {"error": value} if self._is_error and not (isinstance(value, dict) and "error" in value) else value
            self._data, self._is_error = [], False


def as_completion(value: Any) -> Any:
    """The reply of a kindred API (Ollama, DashScope, Anthropic, Responses) or a relay as one of Chat Completions."""
    if not isinstance(value, dict) or "choices" in value or value.get("candidates"):
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


class Pieces:
    """One value of either dialect, grown from its pieces.

    ``told``: what they say beside their choices. ``failed``: the first of them that is an error. ``chars``: how much
    the model has written, thoughts and all.
    """

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.failed: dict[str, Any] | None = None
        self.chars = 0
        self._alone: Any = None
        self._count = self._length = 0
        self._is_parted = self._is_gemini = self._is_openai = False
        self._texts, self._arguments = list[str](), list[str]()
        self._choice: dict[str, Any] = {}
        self._message: dict[str, Any] = {}
        self._calls: list[dict[str, Any]] = []

    @property
    def text(self) -> str:
        """The model's words so far, without thoughts."""
        self._texts = ["".join(self._texts)]
        return self._texts[0]

    @property
    def is_reply(self) -> bool:
        return self._is_gemini or self._is_openai or self.failed is not None

    @property
    def is_finished(self) -> bool:
        """Whether the model's end was told."""
        return bool(self._choice.get("finish_reason") or self._choice.get("finishReason"))

    def add(self, value: Any) -> str:
        """Put the next piece behind the others; the words that it adds."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        piece = self._alone = as_completion(value)
        self._count += 1
        if not isinstance(piece, dict):
            return ""
        if _has_failed(piece):
            self.failed = self.failed or piece
            return ""
        for key, told in piece.items():
            if told is not None and told != {} and key not in ("choices", "candidates"):
                self.told[key] = told
        added = self._added_to_choice(piece["choices"]) if "choices" in piece else ""
        if "candidates" in piece:
            added = self._added_to_candidate(piece["candidates"])
        if added and (added := self._news(added)):
            self._texts.append(added)
            self._length += len(added)
            self.chars += len(added)
        return added

    def _added_to_choice(self, choices: Any) -> str:
        """OpenAI's: what each ``delta`` of the first choice adds."""
        self._is_openai, added = True, ""
        for one in _dicts(choices):
            self._is_parted = self._is_parted or "delta" in one
            delta = one.get("delta") or one.get("message")
            if one.get("index") not in _FIRST or not isinstance(delta, dict | None):
                continue
            _put(self._choice, one, ("delta", "message"))
            if not delta:
                continue
            content = delta.get("content")
            added += content if isinstance(content, str) else "".join(_texts(content))
            if len(delta) > 1 or content is None:
                self._note_beside_words(delta)
        return added

    def _note_beside_words(self, delta: Mapping[str, Any]) -> None:
        for call in _dicts(delta.get("tool_calls")):
            self._arguments += [text for one in _dicts([call.get("function")]) for text in _texts(one.get("arguments"))]
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        self.chars += len(thought) if isinstance(thought, str) else 0
        _put(self._message, delta, ("content", "tool_calls"))

    def _added_to_candidate(self, candidates: Any) -> str:
        """Gemini's: what the parts of the first candidate add, but for thoughts."""
        self._is_gemini, added = True, ""
        for one in _dicts(candidates):
            if one.get("index") not in _FIRST:
                continue
            _put(self._choice, one, ("content",))
            content = one.get("content")
            for part in _dicts(content.get("parts")) if isinstance(content, dict) else ():
                text = part.get("text")
                if isinstance(text, str) and part.get("thought"):
                    self.chars += len(text)
                elif isinstance(text, str):
                    added += text
                elif "functionCall" in part:
                    self._calls.append(part)
        return added

    def _news(self, text: str) -> str:
        """``text`` without what was said before: some servers tell all of a form with each piece, or at its end."""
        if text[0] != "{" or len(text) < max(2, self._length):
            return text
        before = self.text
        return text[len(before) :] if before and text.startswith(before) else text

    def whole(self, *, has_ended: bool = True) -> Any:
        """All of it as one value; one that came alone is itself. ``has_ended``: whether its stream told its end."""
        if self.failed is not None:
            return self.failed
        if not self.is_reply or (self._count == 1 and not self._is_parted):
            return self._alone
        return self.with_text(self.text, {} if has_ended or self.is_finished else {"finish_reason": UNFINISHED})

    def with_text(self, text: str, ending: Mapping[str, Any]) -> dict[str, Any]:
        """The value whose words are ``text``, with what ``ending`` says of its choice besides."""
        choice = {**self._choice, **ending}
        if self._is_gemini:
            parts = [{"text": text}, *self._calls] if text else self._calls
            return self.told | {"candidates": [choice | {"content": {"parts": parts}}]}
        message = self._message | {"content": text}
        if self._arguments:
            message["tool_calls"] = [{"function": {"arguments": "".join(self._arguments)}}]
        has_said = choice or text or self._arguments
        return self.told | {"choices": [choice | {"message": message}] if has_said else []}


_FIRST = (None, 0, "0")
"""The index of the one choice that counts."""


def merged(values: Sequence[Any]) -> Any:
    """One value of either dialect from its pieces; a single one is itself, and pieces of neither are given back."""
    pieces = Pieces()
    for value in values:
        pieces.add(value)
    return pieces.whole() if pieces.is_reply or len(values) == 1 else values


def _has_failed(piece: Mapping[str, Any]) -> bool:
    if "choices" in piece or "candidates" in piece:
        return is_told(piece.get("error"))
    return bool(piece.get("error") or (piece.get("code") and isinstance(piece.get("message"), str)))


def _put(known: dict[str, Any], told: Mapping[str, Any], without: Iterable[str]) -> None:
    known |= {key: value for key, value in told.items() if value and key not in without}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [text for part in _dicts(content) if isinstance(text := part.get("text"), str)]
