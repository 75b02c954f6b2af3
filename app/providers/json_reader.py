"""Reads what models write when they mean JSON: single quotes, trailing commas, bare keys, Python's words, raw newlines.

Never completes what was cut off: a half medicine label is worse than none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any

_MOST_TEXT = 16 * 1024  # an answer of 800 tokens has some 4,000 characters; all of this runs on the loop
_MOST_STARTS = 20
_MOST_DEPTH = 20

_STRICT = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_BARE = re.compile(r"[^\s,:{}\[\]\"']+")
_KEY = re.compile(r"[A-Za-z_][\w-]*")
_BLANK = re.compile(r"\s*")
_AFTER_STRING = re.compile(
    r"\s*(?:[}\]:]"
    r"|,\s*(?:[}\]\"'\u201c\u201d{\[]|[A-Za-z_]\w*\s*:|-?\d|true|false|null)"
    r"|[\"'\u201c]\w+[\"'\u201d]\s*:"  # a comma forgotten before the next key
    r"|,?\s*$)"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"true": True, "false": False, "null": None, "none": None, "nan": None}
_QUOTES = "\"'\u201c\u201d"
_PAIR = {'"': '"', "'": "'", "\u201c": "\u201d\u201c", "\u201d": "\u201d"}
_FIRST_KEY = re.compile(rf"\{{\s*[{_QUOTES}]?(\w+)[{_QUOTES}]?\s*(?::|$)")
_CUT_IN_FIRST_KEY = re.compile(rf"\s*(?:```\w*\s*)?\{{\s*[{_QUOTES}]?\w*")


class NotReadableError(ValueError):
    """The text from here on is no object."""


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """Every object that stands in ``text``, outermost first, in order."""
    text = text[:_MOST_TEXT]
    at = text.find("{")
    for _ in range(_MOST_STARTS):
        if at < 0:
            return
        try:
            value, end = _object_at(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            yield value
        at = text.find("{", end)


def best_object(text: str, wanted: Collection[str]) -> dict[str, Any] | None:
    """The object of ``text`` with most of the ``wanted`` keys, the later of equals; None when none has any."""
    best, most = None, 0
    for found in objects_in(text):
        for candidate in (found, *_inner(found)):
            score = sum(key in candidate for key in wanted)
            if score and score >= most:
                best, most = candidate, score
    return best


def is_cut(text: str, wanted: Collection[str]) -> bool:
    """Whether ``text`` begins an object with a ``wanted`` key. Asked only when no such object could be read."""
    if _CUT_IN_FIRST_KEY.fullmatch(text):
        return True
    return any(match.group(1) in wanted for match in _FIRST_KEY.finditer(text))


def _inner(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What a wrapper such as ``{"result": {...}}`` holds."""
    return [value for value in found.values() if isinstance(value, dict)] if len(found) == 1 else []


def _object_at(text: str, at: int) -> tuple[dict[str, Any], int]:
    try:
        value, end = _STRICT.raw_decode(text, at)
    except ValueError:
        reader = _Reader(text, at)
        value, end = reader.value(0), reader.at
    if not isinstance(value, dict):
        raise NotReadableError
    return value, end


class _Reader:
    """A recursive descent over ``text`` from ``at``."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def value(self, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            raise NotReadableError
        mark = self._peek()
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._list(depth)
        if mark in _PAIR:
            return self._string()
        return self._bare()

    def _peek(self) -> str:
        """The next mark that is no blank; the text must not end here."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if self.at >= len(self.text):
            raise NotReadableError
        return self.text[self.at]

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while (mark := self._peek()) != "}":
            if mark == "," and found:
                self.at += 1
                continue
            key = self._string() if mark in _PAIR else self._match(_KEY)
            if self._peek() != ":":
                raise NotReadableError
            self.at += 1
            found[key] = self.value(depth + 1)
        self.at += 1
        return found

    def _list(self, depth: int) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while (mark := self._peek()) != "]":
            if mark == "," and found:
                self.at += 1
                continue
            found.append(self.value(depth + 1))
        self.at += 1
        return found

    def _string(self) -> str:
        """A string; its closing quote is one that structure follows, so quotes and apostrophes inside do not."""
        closing = _PAIR[self.text[self.at]]
        at, parts = self.at + 1, []
        while at < len(self.text):
            mark = self.text[at]
            if mark == "\\" and at + 1 < len(self.text):
                piece, at = self._escape(at)
                parts.append(piece)
                continue
            if mark in closing and _AFTER_STRING.match(self.text, at + 1):
                self.at = at + 1
                return "".join(parts)
            parts.append(mark)
            at += 1
        raise NotReadableError

    def _escape(self, at: int) -> tuple[str, int]:
        mark = self.text[at + 1]
        if mark == "u" and re.fullmatch(r"[0-9A-Fa-f]{4}", self.text[at + 2 : at + 6]):
            return chr(int(self.text[at + 2 : at + 6], 16)), at + 6
        return _ESCAPES.get(mark, mark), at + 2

    def _bare(self) -> Any:
        word = self._match(_BARE)
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
        try:
            return float(word) if "." in word else int(word)
        except ValueError:
            return word

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None or match.end() >= len(self.text):
            raise NotReadableError
        self.at = match.end()
        return match.group()
