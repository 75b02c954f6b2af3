"""Reads what models write when they mean JSON: single quotes, trailing commas, bare keys, Python's words, raw newlines.

Never completes what was cut off: a half medicine label is worse than none. Whatever the text, its time grows in
proportion to its length.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterable
from typing import Any

MOST_TEXT = 32 * 1024
"""An answer of 800 tokens has some 4,000 characters; all of this runs on the loop."""
DRESS = " \t\r\n;,`~'\"\0\ufeff\u200b\u2060"
"""Around an object it says nothing."""
_MOST_STARTS = 6
_MOST_DEPTH = 20
_MOST_WRAPPED = 4

_WRAPPERS = re.compile(
    r"results?|response|output|data|json|properties|frameanswer|verdict|arguments|parameters|args|function|toolcall"
)
"""Under these, as ``plain_key`` writes them, the form is handed over; under any other it may be quoted."""

_BARE = re.compile(r"[^\n{}\[\]\"\uff5d\uff3d]{1,400}")
_NEXT = re.compile(
    r"[,;\uff0c\u3001\uff1b](?:\s{0,80}['\u201c\u201d\u300c`]?[\w-]{1,40}['\u201c\u201d\u300d`]?\s{0,4}[:\uff1a]|\s*$)|(?:#|//).*"
)
"""Where a value without quotes ends within its line."""
_BLANKS = re.compile(r"(?:[\s\0\ufeff\u200b\u2060]|//[^\n]*+|#[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_SIGNS = dict(zip("\uff5b\uff5d\uff3b\uff3d\uff1a\uff0c\u3001\uff1b;", "{}[]:,,,,", strict=True))
"""Of other scripts and languages, as JSON's."""
_KEY = re.compile(r"[A-Za-z_][\w-]*")
_KEY_OR_VALUE = re.compile(r"[}\]\"'\u201c\u201d\u300c`{\[\uff5d]|-?\d|true|false|null|[A-Za-z_]\w{0,40}")
_NEXT_KEY = re.compile(r"[\"'\u201c\u300c`]\w{1,40}[\"'\u201d\u300d`]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"true": True, "false": False, "null": None, "none": None, "nan": None}
_QUOTES = "\"'\u201c\u201d\u300c`"
_PAIR = {'"': '"', "'": "'", "\u201c": "\u201d\u201c", "\u201d": "\u201d", "\u300c": "\u300d", "`": "`"}
_START = re.compile(rf"\{{(?=\s*+(?:[{_QUOTES}]|[A-Za-z_][\w-]{{0,40}}\s{{0,4}}:))")
"""Other braces amid words are TeX's or a template's."""
_FIRST_KEY = re.compile(rf"\{{\s*+[{_QUOTES}]?(\w+)[{_QUOTES}]?\s*+(?::|$)")
_CUT_IN_FIRST_KEY = re.compile(rf"\s*+(?:```\w*+\s*+)?\{{\s*+[{_QUOTES}]?\w*+")


class NotReadableError(ValueError):
    """The text from here on is no object."""


class Twice(list[Any]):
    """What was said under one name more than once, each time something else."""


def put(found: dict[str, Any], name: str, value: Any) -> None:
    """Set ``name``; what stands there already is kept beside it."""
    before = found.setdefault(name, value)
    if isinstance(before, Twice) and before is not value:
        before.append(value)
    elif before is not value and before != value:
        found[name] = Twice([before, value])


def _paired(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        put(found, name, value)
    return found


_STRICT = json.JSONDecoder(strict=False, parse_constant=lambda _: None, object_pairs_hook=_paired)


def whole_value(text: str) -> Any:
    """The object or list that ``text`` is, from its first character to its last. Raises ``NotReadableError``."""
    if not text.startswith(("{", "[", "\uff5b")):
        raise NotReadableError
    value, end = _value_at(text, 0)
    if text[end:].strip(DRESS):
        raise NotReadableError
    return value


def object_within(text: str, wanted: Collection[str]) -> tuple[dict[str, Any], bool] | None:
    """The object amid other words that has most ``wanted`` keys, the later of equals; whether ``text`` ends with it."""
    found: tuple[dict[str, Any], bool] | None = None
    most, end = 0, 0
    for _ in range(_MOST_STARTS):
        if (start := _START.search(text, end)) is None:
            break
        try:
            value, end = _value_at(text, start.start())
        except NotReadableError:
            end = start.end()
        else:
            meant, _ = unwrapped(value, wanted)
            named = score(meant, wanted)
            if named and named >= most:
                found, most = (meant, not text[end:].strip(DRESS)), named
    return found


def unwrapped(value: Any, wanted: Collection[str]) -> tuple[dict[str, Any], bool]:
    """The outermost object with ``wanted`` keys, and whether it is all that is meant.

    It may stand in a list or a wrapper, such as ``{"result": {...}}`` or an echoed schema. One beside others, or under
    a name that is no wrapper's, may be something that the model quotes.
    """
    level = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    best, is_all = level[0] if level else {}, not isinstance(value, list) or len(value) == 1
    for _ in range(_MOST_WRAPPED):
        forms = [found for found in level if score(found, wanted)]
        if forms:
            return max(reversed(forms), key=lambda form: score(form, wanted)), is_all and len(forms) == 1
        inner = [item for outer in level[:_MOST_STARTS] for item in outer.items() if isinstance(item[1], dict)]
        is_all = is_all and all(_WRAPPERS.fullmatch(plain_key(name)) for name, _ in inner)
        level = [found for _, found in inner]
    return best, True


@functools.lru_cache(200)
def plain_key(name: str) -> str:
    """``name`` in one spelling of many: "needs_help", "needsHelp", "Needs help:"."""
    return "".join(char for char in name.lower() if char.isalnum())


def score(fields: Collection[str], wanted: Collection[str]) -> int:
    """How many of the ``wanted`` names ``fields`` has."""
    return len(set(map(plain_key, fields)) & set(map(plain_key, wanted)))


def is_cut(text: str, wanted: Collection[str]) -> bool:
    """Whether ``text`` begins an object with a ``wanted`` key. Asked only when no such object could be read."""
    if _CUT_IN_FIRST_KEY.fullmatch(text) or (text[:1] == "{" and sum(name in text for name in wanted) > 1):
        return True
    return any(match.group(1).lower() in wanted for match in _FIRST_KEY.finditer(text))


def _value_at(text: str, at: int) -> tuple[Any, int]:
    try:
        value, end = _STRICT.raw_decode(text, at)
    except (ValueError, RecursionError):
        reader = _Reader(text, at)
        value, end = reader.value(0), reader.at
    if not isinstance(value, dict | list):
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
        self.at = self._after_blanks(self.at)
        if self.at >= len(self.text):
            raise NotReadableError
        return _SIGNS.get(self.text[self.at], self.text[self.at])

    def _after_blanks(self, at: int) -> int:
        return _BLANKS.match(self.text, at).end()  # type: ignore[union-attr]  # it matches nothing, too

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
            put(found, key, self.value(depth + 1))
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
            if mark in closing and self._structure_follows(at + 1):
                self.at = at + 1
                return "".join(parts)
            parts.append(mark)
            at += 1
        raise NotReadableError

    def _structure_follows(self, at: int) -> bool:
        """Whether a key, a value, an end or the text's end comes next; a comma before the next key may be forgotten."""
        at = self._after_blanks(at)
        mark = self.text[at : at + 1]
        mark = _SIGNS.get(mark, mark)
        if mark in "}]:":
            return True
        if mark != ",":
            key = _NEXT_KEY.match(self.text, at)
            return key is not None and self._colon_follows(key.end())
        at = self._after_blanks(at + 1)
        if at >= len(self.text):
            return True
        match = _KEY_OR_VALUE.match(self.text, at)
        if match is None:
            return False
        is_bare_key = match[0][0].isalpha() or match[0][0] == "_"
        return not is_bare_key or match[0] in ("true", "false", "null") or self._colon_follows(match.end())

    def _colon_follows(self, at: int) -> bool:
        at = self._after_blanks(at)
        return self.text[at : at + 1] in (":", "\uff1a")

    def _escape(self, at: int) -> tuple[str, int]:
        mark = self.text[at + 1]
        if mark == "u" and re.fullmatch(r"[0-9A-Fa-f]{4}", self.text[at + 2 : at + 6]):
            return chr(int(self.text[at + 2 : at + 6], 16)), at + 6
        if mark.isalpha() and mark not in _ESCAPES:
            return f"\\{mark}", at + 2  # no escape of JSON: TeX or a path
        return _ESCAPES.get(mark, mark), at + 2

    def _bare(self) -> Any:
        line = _BARE.match(self.text, self.at)
        if line is None or line.end() >= len(self.text):
            raise NotReadableError
        ends = _NEXT.search(line[0])
        word = line[0][: ends.start()] if ends else line[0]
        self.at += len(word)
        word = word.strip()
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
