"""Signs that a small monochrome display cannot draw: spelled where they mean something, dropped where they adorn.

Names: the Unicode Character Database (``unicodedata``); what the display draws: letters, digits, punctuation, simple
arrows and mathematical signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MODIFIERS = re.compile("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
"""Say how the sign before is to look: the skin's colour, a frame, as an emoji, a region's flag."""
_PICTOGRAPHS = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2302-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe"
    "\u3030\u303d\u3297\u3299]"
)
_STARS = re.compile("[\u2605\u2606\u2b50\u2729\u272a\U0001f31f]{2,10}")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_PEOPLE = re.compile(
    "[\U0001f440-\U0001f4a9\U0001f4aa-\U0001f4af\U0001f590-\U0001f596\U0001f5a4\U0001f600-\U0001f64f\U0001f90c-\U0001f93a"
    "\U0001f970-\U0001f97a\U0001f9b0-\U0001f9df\U0001fac0-\U0001fac5\U0001faf0-\U0001faff\u2620\u2639-\u263b\u2728\u2763"
    "\u2764\u270a-\u270d\U0001f389\U0001f38a]"
)
"""Faces, gestures, people, hearts and confetti: a model's mood, never what stands in a picture."""
_LOST = re.compile("[\ufffc\ufffd\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff]")
"""What stands for a letter that was lost on the way, or for a sign of a font that nobody else has."""
_EMPTY_WORDS = re.compile(r"\b(?:BLACK|WHITE|HEAVY|SIGN|SYMBOL|NEGATIVE|SQUARED|CIRCLED|WITH|FACE)\b")


def _colours() -> Iterator[tuple[str, str]]:
    for signs, word in (
        ("\U0001f534\U0001f7e5", "red"), ("\U0001f7e0\U0001f7e7\U0001f536\U0001f538", "orange"),
        ("\U0001f7e1\U0001f7e8", "yellow"), ("\U0001f7e2\U0001f7e9", "green"),
        ("\U0001f535\U0001f7e6\U0001f537\U0001f539", "blue"), ("\U0001f7e3\U0001f7ea", "purple"),
        ("\U0001f7e4\U0001f7eb", "brown"), ("\u26ab\u2b1b", "black"), ("\u26aa\u2b1c", "white"),
    ):  # fmt: skip
        yield from ((sign, f" {word} ") for sign in signs)


def _numbers() -> Iterator[tuple[str, str]]:
    for first, least, most in (
        (0x2460, 1, 20), (0x2474, 1, 20), (0x2776, 1, 10), (0x2780, 1, 10), (0x278A, 1, 10), (0x24EB, 11, 20),
    ):  # fmt: skip
        yield from ((chr(first + number - least), f" {number} ") for number in range(least, most + 1))
    yield from (("\u24ea", " 0 "), ("\u24ff", " 0 "), ("\U0001f51f", " 10 "))
    yield from ((chr(0x2680 + number), f" {number + 1} ") for number in range(6))  # dice


def _letters() -> Iterator[tuple[str, str]]:
    for first in (0x24B6, 0x24D0, 0x1F130, 0x1F150, 0x1F170):
        yield from ((chr(first + at), f" {letter} ") for at, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    words = "CL COOL FREE ID NEW NG OK SOS UP! VS"
    yield "\U0001f18e", " AB "
    yield from ((chr(0x1F191 + at), f" {word} ") for at, word in enumerate(words.split()))
    yield from ((chr(0x1F519 + at), f" {word} ") for at, word in enumerate(["back", "end", "on", "soon", "top"]))


def _others() -> Iterator[tuple[str, str]]:
    for signs, told in (
        ("\u2b05", "\u2190"), ("\u2b06", "\u2191"), ("\u2b07", "\u2193"), ("\u2b0c", "\u2194"), ("\u2b0d", "\u2195"),
        ("\u2b08", "\u2197"), ("\u2b09", "\u2196"), ("\u2b0a", "\u2198"), ("\u2b0b", "\u2199"),
        ("\u27a1\u2794\u2799\u279b\u279c\u279d\u279e\u279f\u27a0\u27a2\u27a3\u27a4\u27a5\u27a6\u27a7\u27a8\u27a9\u27ba"
         "\u27bb\u27bc\u27bd\u27be", "\u2192"),
        ("\u25b6", "\u25ba"), ("\u25c0", "\u25c4"),
        ("\U0001f53a\U0001f53c", "\u25b2"), ("\U0001f53b\U0001f53d", "\u25bc"),
        ("\u2713\u2714\u2705\u2611\U0001f5f8\U0001f5f9", " yes "),
        ("\u2715\u2716\u2717\u2718\u274c\u274e\u2612", " x "),
        ("\u266f", "#"), ("\u266d", " flat"), ("\u266e", " natural"),
        ("\u2660\u2664", " spades "), ("\u2663\u2667", " clubs "), ("\u2665\u2661", " hearts "),
        ("\u2666\u2662", " diamonds "), ("\u2605\u2606\u2b50\u2729\u272a\U0001f31f", " star "),
        ("\u2757\u2755\u203c", "!"), ("\u2753\u2754", "?"), ("\u2795", "+"), ("\u2796", "-"), ("\u2797", "\u00f7"),
        ("\U0001f4b2", "$"), ("\u26a0", " warning "), ("\u26d4\U0001f6ab", " no "), ("\u260e\U0001f4de", " phone "),
        ("\u2709\U0001f4e7", " mail "), ("\u26a1", " high voltage "), ("\u2622", " radioactive "),
        ("\u2623", " biohazard "), ("\u2620", " poison "), ("\u267f", " wheelchair "), ("\u267b", " recycling "),
        ("\u2642", " male "), ("\u2640", " female "), ("\u2600", " sun "), ("\u2744", " snow "), ("\u2601", " cloud "),
        ("\U0001f6ad", " no smoking "), ("\U0001f6b9", " men "), ("\U0001f6ba", " women "),
        ("\U0001f6bb\U0001f6be", " WC "),
    ):  # fmt: skip
        yield from ((sign, told) for sign in signs)


_SPELLED = {ord(sign): told for group in (_letters(), _numbers(), _colours(), _others()) for sign, told in group}


def spell(text: str) -> str:
    """``text`` with its signs in words and numbers: "4 of 5 stars", "red", "x". What adorns goes."""
    if text.isascii():
        return text
    text = _MODIFIERS.sub("", text)
    text = _STARS.sub(_rating, text)
    text = _FLAG.sub(lambda flag: "".join(f"{chr(ord(sign) - 0x1F1E6 + ord('A'))}" for sign in flag[0]), text)
    return _PICTOGRAPHS.sub(_by_name, text.translate(_SPELLED))


def is_damaged(text: str) -> bool:
    """Whether signs of ``text`` were lost on the way: what is left may mean something else."""
    return not text.isascii() and _LOST.search(text) is not None


def _rating(stars: re.Match[str]) -> str:
    full = sum(star != "\u2606" for star in stars[0])
    return f" {full} of {len(stars[0])} stars " if full < len(stars[0]) else f" {full} stars "


def _by_name(sign: re.Match[str]) -> str:
    """A sign between two words is one of the words; any other adorns them."""
    before, after = sign.string[sign.start() - 2 : sign.start()], sign.string[sign.end() : sign.end() + 2]
    is_word = before[-1:] == " " and before[:1].isalnum() and after[:1] == " " and after[1:].isalnum()
    if not is_word or _PEOPLE.match(sign[0]):
        return ""
    return " ".join(_EMPTY_WORDS.sub("", unicodedata.name(sign[0], "")).lower().split())
