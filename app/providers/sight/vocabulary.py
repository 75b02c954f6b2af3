"""The words that may be said of a picture, and which classes of the models mean them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from app.providers.sight.word_list import WORDS

Sort = Literal["thing", "animal", "food", "place"]

PERSON = "a person"


@dataclass(frozen=True, slots=True)
class Word:
    """One row. ``word``: English, singular, with its article, and the row's name.

    ``classes``: of ImageNet-1k, from 0. ``coco``: the detector's number for it, 0 for none. ``agrees``: names of other
    rows whose classes bear that detection out. ``many``, ``german_many``: empty for what is not counted.
    """

    word: str
    sort: Sort
    classes: tuple[int, ...]
    coco: int
    agrees: tuple[str, ...]
    many: str
    german: str
    german_many: str


@lru_cache(maxsize=1)
def words() -> dict[str, Word]:
    """All rows by their names, in the list's order."""
    rows = (_word(*(cell.strip() for cell in line.split("|"))) for line in WORDS.splitlines())
    return {row.word: row for row in rows}


@lru_cache(maxsize=1)
def detected_words() -> dict[int, Word]:
    """The rows that the detector finds, by its numbers."""
    return {word.coco: word for word in words().values() if word.coco}


def _word(word: str, sort: str, classes: str, coco: str, agrees: str, many: str, german: str, german_many: str) -> Word:
    return Word(
        word, cast(Sort, sort), tuple(_numbers(classes)), int(coco or 0), tuple(filter(None, agrees.split(","))),
        many, german, german_many,
    )  # fmt: skip


def _numbers(spans: str) -> Iterator[int]:
    """Of ``"7-24,80"``."""
    for span in filter(None, spans.split(",")):
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)
