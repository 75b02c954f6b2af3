"""Plain words for a small monochrome display: cleaned of markup and pictographs, and fitted to its lines.

The display shows lines of 24 characters, the first 5 of them, then ``...`` (the phone app's source).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from app.core.text import markdown, tex
from app.core.text.signs import spell

LINE_CHARS = 24
LINES = 5
ELLIPSIS = "..."
DOUBT = "?"

MOST_CHARS = 8_000
"""The longest text that is cleaned; what a model says in 800 tokens has some 4,000."""
_MOST_MARKS = 8
"""Accents on one letter: Unicode orders them in quadratic time, and no script has more than four."""

_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]|\x1b\][^\x07\x1b]*+(?:\x07|\x1b\\)?|\x1b[()*+][0-9A-Za-z]|\x1b[@-Z\\^_]"
)
_NOT_PLAIN = re.compile(
    r"[^\n -)+-\[\]^a-~\u00b0\u00ab\u00bb\u00c0-\u017f\u2013\u2014\u2018-\u201e\u2026\u20ac]"
    r"|  |~~|\]\(| [\n,;:!?.…]|\n[\n ]|^ *[-+>#=|:]",
    re.MULTILINE,
)
"""What most answers have nothing of: they are as they should be, in a tenth of the time."""
_SPACE_BEFORE_PUNCTUATION = re.compile(r"[ \t](?<![ \t]{2})[ \t]*+([,;:!?.…]++(?=[\s\"')\]]|$)|,(?=[^\W\d]))")
_MAYBE_UNDRAWABLE = re.compile(r"[^\w -~]")
_MAYBE_MANY_MARKS = re.compile(rf"[^\w\s]{{{_MOST_MARKS}}}")
_JOINERS = "\u200c\u200d"
_CODES = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_ROW = re.compile(
    rf"(?=\S)(?:(?=.{{0,{LINE_CHARS - 1}}}?(?<!\S)\S{{{LINE_CHARS + 1}}}).{{{LINE_CHARS}}}"
    rf"|\S(?:.{{0,{LINE_CHARS - 2}}}\S)?(?!\S)|\S{{{LINE_CHARS}}})"
)
"""One line of the display: as many words as it holds. A word that no line holds begins where it is, and is broken."""
_ALWAYS_FITS_CHARS = (LINES + 1) // 2 * LINE_CHARS
"""Two lines of a paragraph hold more than one line's characters: one line too many takes more than these."""
_FIRST_JOINED = "\u0600"
"""Scripts whose letters need joiners (Arabic, the Indic ones) begin here."""


def clean(text: str) -> str:
    """``text`` as plain words: no Markdown, emoji, ANSI or control codes, no space before punctuation; lines kept.

    Signs that mean something are spelled (``signs``), formulas written plainly (``tex``). Longer texts are cut.
    """
    text = shorten(text, MOST_CHARS)
    return text.strip() if _NOT_PLAIN.search(text) is None else _cleaned(text)


def _cleaned(text: str) -> str:
    text = _ANSI.sub("", text)
    if not text.isascii() or not text.isprintable():
        text = spell(unicodedata.normalize("NFC", _few_marks(text)))
        text = _MAYBE_UNDRAWABLE.sub(_printable, text)
    text = markdown.strip(tex.plain(text))
    text = _SPACE_BEFORE_PUNCTUATION.sub(r"\1", text)
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return "\n".join(row for row in rows if row)


def _few_marks(text: str) -> str:
    if _MAYBE_MANY_MARKS.search(text) is None:
        return text
    kept, marks = list[str](), 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _printable(found: re.Match[str]) -> str:
    char, text, index = found[0], found.string, found.start()
    if char in "\r\n\x0b\x0c\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(char)
    if char in _JOINERS:  # Persian and Indic words are misread without them; elsewhere they glue emoji
        around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
        return char if len(around) == 2 and all(near >= _FIRST_JOINED for near in around) else ""
    if category[0] == "C" or char in "\ufffc\ufffd":  # control, format, surrogate, private, unassigned, lost
        return " " if char == "\t" else ""
    return " " if category[0] == "Z" else char


def printable(text: str) -> str:
    """``text`` without what makes a terminal do or show something else: control, format and direction codes.

    Lines and tabs stay, and so do the joiners that spell words.
    """
    if text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" + _JOINERS or unicodedata.category(char) not in _CODES)


def one_line(text: str) -> str:
    """Cleaned text with its lines joined by blanks."""
    return " ".join(clean(text).split())


def shorten(text: str, limit_chars: int) -> str:
    """``text`` in at most ``limit_chars`` characters, cut between words and ended by ``...``; 0 = whole."""
    return text if limit_chars <= 0 or len(text) <= limit_chars else _cut(text, limit_chars, "")


def fitted(text: str, most_chars: int, mark: str = "") -> str:
    """``text`` and ``mark`` in at most ``most_chars`` characters and as many lines as the display shows; 0 = whole.

    What does not fit is cut between words and ended by ``...``, before the mark.
    """
    whole = text + mark
    if most_chars <= 0 or (len(whole) <= min(most_chars, _ALWAYS_FITS_CHARS) and "\n" not in whole):
        return whole
    rows = list(islice(_ROW.finditer(whole), LINES + 1))
    if len(rows) > LINES:
        last = rows[LINES - 1]
        # a line that ends early is followed by a new paragraph, or by a word that it has no room for
        room = min(last.start() + LINE_CHARS, last.end() + len(ELLIPSIS + mark))
        return _cut(text, min(most_chars, room), mark)
    return whole if len(whole) <= most_chars else _cut(text, most_chars, mark)


def doubted(text: str, most_chars: int) -> str:
    """``text`` fitted, and ended by ``?`` in place of what closes its last sentence: it may be wrong."""
    if text.endswith((".", "\u3002")) and not text.endswith(ELLIPSIS):
        text = text[:-1]
    return fitted(text.rstrip("!?\uff01\uff1f"), most_chars, DOUBT)


def _cut(text: str, limit_chars: int, mark: str) -> str:
    ending = ELLIPSIS + mark
    room = limit_chars - len(ending)
    if room <= 0:
        return text[: limit_chars - len(mark)] + mark
    head = text[: room + 1]
    at = max(head.rfind(" "), head.rfind("\n"))
    # a word that no line holds (or a script without blanks) is cut inside
    kept = text[:at] if room - at <= min((room + 1) // 2, LINE_CHARS) else text[:room]
    return kept.rstrip(" \n,;:.!?-") + ending


def lines(text: str) -> list[str]:
    """What the wearer sees: at most 5 lines of 24 characters, then a line ``...`` when there is more."""
    rows = _ROW.findall(text)
    return rows if len(rows) <= LINES else [*rows[:LINES], ELLIPSIS]
