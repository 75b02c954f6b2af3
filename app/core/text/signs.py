"""Signs that a small monochrome display cannot draw: spelled where they mean something, dropped where they adorn.

Names: the Unicode Character Database (``unicodedata``); what the display draws: letters, digits, punctuation, simple
arrows and mathematical signs.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

_MODIFIERS = re.compile("[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]")
"""Say how the sign before is to look: the skin's colour, a frame, as an emoji, a region's flag."""
_PICTOGRAPHS = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2302-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe"
    "\u3030\u303d\u27f0-\u27ff]"
)
_TOLD = re.compile(
    "[\U0001f000-\U0001f0f5\U0001f500-\U0001f504\U0001f4f4\U0001f4f5\U0001f51e\U0001f6ab-\U0001f6c5\u23cf\u23e9-\u23ef"
    "\u23f8-\u23fa\u2610\u2626-\u2638\u263d-\u265f\u2669-\u266c\u2672-\u267d\u2690-\u269c]"
)
"""Cards, tiles, chess, keys of players, prohibitions, faiths, zodiac, notes, recycling: they stand in the picture."""
_FOLDED = re.compile("[\U0001d400-\U0001d7ff\ufb00-\ufb06\u3250-\u32ff]+")
"""Letters and numbers in another dress."""
_WAYS = {
    "NORTH WEST": "\u2196", "NORTH EAST": "\u2197", "SOUTH EAST": "\u2198", "SOUTH WEST": "\u2199",
    "LEFT RIGHT": "\u2194", "UP DOWN": "\u2195", "LEFT": "\u2190", "RIGHT": "\u2192", "UP": "\u2191", "DOWN": "\u2193",
}  # fmt: skip
_ARROW = re.compile(rf"({'|'.join(_WAYS)}).*ARROW")
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
_EMPTY_WORDS = re.compile(
    r"\b(?:BLACK|WHITE|HEAVY|SIGN|SYMBOL|NEGATIVE|SQUARED|CIRCLED|WITH|FACE|PLAYING CARD)\b(?! CHESS)"
)


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
        ("\u23f8", " pause "), ("\u25b6", "\u25ba"), ("\u25c0", "\u25c4"),
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
    text = _FOLDED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(_SPELLED))
    told = _PICTOGRAPHS.sub(_by_name, text)
    return told if told.strip() else _PICTOGRAPHS.sub(lambda sign: f" {_name(sign[0])} ", _PEOPLE.sub("", text))


def is_damaged(text: str) -> bool:
    """Whether signs of ``text`` were lost on the way: what is left may mean something else."""
    return not text.isascii() and _LOST.search(text) is not None


def _rating(stars: re.Match[str]) -> str:
    full = sum(star != "\u2606" for star in stars[0])
    return f" {full} of {len(stars[0])} stars " if full < len(stars[0]) else f" {full} stars "


def _by_name(sign: re.Match[str]) -> str:
    """A sign between two words is one of the words; any other adorns them, but for arrows and those that never do."""
    name = _name(sign[0])
    if len(name) == 1 or _TOLD.match(sign[0]):
        return f" {name} "
    before, after = sign.string[sign.start() - 2 : sign.start()], sign.string[sign.end() : sign.end() + 2]
    is_word = before[-1:] == " " and before[:1].isalnum() and after[:1] == " " and after[1:].isalnum()
    return name if is_word and not _PEOPLE.match(sign[0]) else ""


@functools.lru_cache(2_000)
def _name(sign: str) -> str:
    """An arrow's plain one, else the sign's name in few words."""
    name = unicodedata.name(sign, "")
    arrow = _ARROW.search(name.partition(" WITH ")[0])
    return _WAYS[arrow[1]] if arrow else " ".join(_EMPTY_WORDS.sub("", name).lower().split())
