"""Plain words for a small monochrome display: cleaned of markup and pictographs, shortened, and cut into its lines.

The display shows lines of 24 characters, the first 5 of them, then ``...`` (the phone app's source).
"""

from __future__ import annotations

import re
import textwrap
import unicodedata

LINE_CHARS = 24
LINES = 5
ELLIPSIS = "..."

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[()*+][0-9A-Za-z]|\x1b[@-Z\\^_]"
)
_PICTOGRAPHS = re.compile(
    "[\U0001f000-\U0001faff\U000e0000-\U000e007f\u2600-\u27bf\u2b00-\u2bff\u2302-\u23ff\u25aa\u25ab\u25b6\u25c0"
    "\u25fb-\u25fe\ufe00-\ufe0f\u20e3\u3030\u303d\u3297\u3299\ufffc\ufffd]"
)
_MARKDOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$", re.M), ""),
    (re.compile(r"^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$", re.M), ""),
    (re.compile(r"!?\[([^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+[\"'][^\n]*?[\"'])?\)"), r"\1"),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    # a star beside a number or between words is a multiplication sign, not emphasis
    (re.compile(r"(?<![\d*\\])\*\*(?=\S)(.+?)(?<=\S)\*\*(?![\d*])", re.S), r"\1"),
    (re.compile(r"(?<!\w)__(?=\S)(.+?)(?<=\S)__(?!\w)", re.S), r"\1"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~", re.S), r"\1"),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.M), ""),
    # "- 5" and "> 50" may be a number's own sign
    (re.compile(r"^[ \t]*[-*+•>][ \t]++(?!\d)", re.M), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])"), r"\1"),
)
_SPACE_BEFORE_PUNCTUATION = re.compile(r"[ \t]+([,;:!?.…]+(?=[\s\"')\]]|$)|,(?=[^\W\d]))")
_JOINERS = "\u200c\u200d"
_FIRST_JOINED = "\u0600"
"""Scripts whose letters need joiners (Arabic, the Indic ones) begin here."""


def clean(text: str) -> str:
    """``text`` as plain words: no Markdown, emoji, ANSI or control codes, no space before punctuation; lines kept."""
    text = _PICTOGRAPHS.sub("", _ANSI.sub("", unicodedata.normalize("NFC", text)))
    text = "".join(kept for index, char in enumerate(text) if (kept := _printable(text, index, char)))
    for pattern, replacement in _MARKDOWN:
        text = pattern.sub(replacement, text)
    text = _SPACE_BEFORE_PUNCTUATION.sub(r"\1", text)
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(row for row in rows if row)


def _printable(text: str, index: int, char: str) -> str:
    if char in "\r\n\x0b\x0c\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(char)
    if char in _JOINERS:  # Persian and Indic words are misread without them; elsewhere they glue emoji
        around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
        return char if len(around) == 2 and all(near >= _FIRST_JOINED for near in around) else ""
    if category[0] == "C":  # control, format, surrogate, private, unassigned
        return " " if char == "\t" else ""
    return " " if category[0] == "Z" else char


def one_line(text: str) -> str:
    """Cleaned text with its lines joined by blanks."""
    return " ".join(clean(text).split())


def shorten(text: str, limit_chars: int) -> str:
    """``text`` in at most ``limit_chars`` characters, cut between words and ended by ``...``; 0 = whole."""
    if limit_chars <= 0 or len(text) <= limit_chars:
        return text
    if limit_chars <= len(ELLIPSIS):
        return text[:limit_chars]
    room = limit_chars - len(ELLIPSIS)
    head = text[: room + 1]
    cut = head.rfind(" ")
    # one long word (or a script without blanks) is cut inside
    kept = head[:cut] if cut >= room // 2 else text[:room]
    return kept.rstrip(" ,;:.!?-") + ELLIPSIS


def lines(text: str) -> list[str]:
    """What the wearer sees: at most 5 lines of 24 characters, then a line ``...`` when there is more."""
    rows: list[str] = []
    for paragraph in text.splitlines():
        rows += textwrap.wrap(paragraph, LINE_CHARS, break_on_hyphens=False)
    return rows if len(rows) <= LINES else [*rows[:LINES], ELLIPSIS]
