"""Takes Markdown's marks out of a text and leaves its words: one pass over the marks, whatever they are.

What counts as a mark follows https://spec.commonmark.org/0.31.2/, but for stars and lines beside numbers and within
names: those are arithmetic and identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Place = tuple[int, int]

_LINES = re.compile(
    r"^[ \t]*(?:(?:```|~~~)[\w+-]*[ \t]*$|(?P<rule>[-*_])(?:[ \t]*(?P=rule)){2,}[ \t]*$)"  # fences and rules go whole
    r"|^[ \t]*+\|?[ \t]*+:?-{3,}+:?[ \t]*+\|[ |:\t-]*+$|^={3,}+[ \t]*+$"  # below a table's head, below a title
    r"|^[ \t]{0,3}#{1,6}[ \t]++"
    r"|^[ \t]*[-*+•>][ \t]++(?!\d)",  # "- 5" and "> 50" may be a number's own sign
    re.MULTILINE,
)
_LINK = re.compile(
    r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*+(?:\s++[\"'][^\n\"']*[\"'])?\)|\u3010\d{1,4}(?::\d{1,4})?\u2020[^\u3011\n]{0,40}\u3011"
)
_ESCAPED = re.compile(
    r"(?<!\S)(?=\S{0,200}?\\[dwsbDWSB])\S+|(?<!\S)\\\\(?=\w)|\\([\\`*_{}\[\]()#+.!>~|%&$-])"  # no regex, no share
)
_MARKS = re.compile(r"https?://[^\s*]+(?:\*[^\s*]+)*|\\[\\`*_~]|`+|\*+|_+|~~(?!~)|\n")
_NAME_GOES_ON = re.compile(r"\.\w|\(")
"""Behind ``__init__`` it is no emphasis."""


def strip(text: str) -> str:
    """``text`` without fences, rules, headings, bullets, links' addresses, emphasis and escapes; its lines stay."""
    text = _LINK.sub(r"\1", _LINES.sub("", text))
    text = _without(text, _paired(text))
    return _ESCAPED.sub(lambda mark: mark[1] or mark[0], text) if "\\" in text else text


def _paired(text: str) -> list[Place]:
    """The places of all marks that come in pairs."""
    found: list[Place] = []
    waiting: dict[str, list[Place]] = {}
    ticks = _code(text)
    line = code_end = 0
    for mark in _MARKS.finditer(text):
        start, end = mark.span()
        if start < code_end or text[start] in "\\h":
            continue
        if text[start] == "\n":
            line += 1
        elif text[start] == "`":
            if start in ticks:
                code_end = ticks[start]
                found += [(start, end), (code_end - (end - start), code_end)]
        else:
            _pair(text, mark[0], start, line, waiting.setdefault(mark[0], []), found)
    return found


def _pair(text: str, mark: str, start: int, line: int, waiting: list[Place], found: list[Place]) -> None:
    """Close the last open mark like this one, or open this one. A single mark holds within its line alone."""
    end = start + len(mark)
    if len(mark) > 3:
        return
    before, after = text[start - 1 : start], text[end : end + 1]
    if len(mark) == 1:
        while waiting and waiting[-1][1] != line:
            waiting.pop()
    if waiting and _closes(mark, before, after) and not (mark == "__" and _NAME_GOES_ON.match(text, end)):
        opened, _ = waiting.pop()
        if opened + len(mark) < start:
            found += [(opened, opened + len(mark)), (start, end)]
    elif _opens(mark, before, after):
        waiting.append((start, line))


def _opens(mark: str, before: str, after: str) -> bool:
    if not after or after.isspace():
        return False
    return not (before.isdigit() if mark in ("**", "***") else _is_word(before)) or mark == "~~"


def _closes(mark: str, before: str, after: str) -> bool:
    if not before or before.isspace():
        return False
    return not (after.isdigit() if mark in ("**", "***") else _is_word(after)) or mark == "~~"


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _code(text: str) -> dict[int, int]:
    """Where code begins, and where it ends: a run of backticks and the next one as long, on the same line."""
    found: dict[int, int] = {}
    for row in re.finditer(r"[^\n]+", text):
        last: dict[int, int] = {}
        free_from = 0
        runs = list(re.finditer("`+", row[0]))
        following: dict[int, int] = {}
        for at in range(len(runs) - 1, -1, -1):
            length = len(runs[at][0])
            if length in last:
                following[at] = last[length]
            last[length] = at
        for at, run in enumerate(runs):
            if run.start() >= free_from and at in following:
                end = runs[following[at]].end()
                if end - len(run[0]) > run.end():
                    found[row.start() + run.start()] = row.start() + end
                    free_from = end
    return found


def _without(text: str, places: Iterable[Place]) -> str:
    kept, at = list[str](), 0
    for start, end in sorted(places):
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]])
