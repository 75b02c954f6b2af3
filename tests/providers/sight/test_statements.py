"""What of a sight may be said: only what the looks agree on, and of people nothing but their number."""

from __future__ import annotations

import re

import pytest

from app.providers.sight.looking import Box, Found, Sight
from app.providers.sight.statements import statements
from app.providers.sight.vocabulary import PERSON, words

HERE = Box(0.3, 0.3, 0.6, 0.6)
THERE = Box(0.7, 0.1, 0.9, 0.4)


def said(sight: Sight) -> list[tuple[str, int]]:
    return [(one.word.word, one.count) for one in statements(sight)]


def found(name: str, score: float, box: Box = HERE) -> Found:
    return Found(name, score, box)


@pytest.mark.parametrize(
    ("sight", "expected"),
    [
        (Sight(), []),
        (Sight((found("a cup", 0.99),)), []),  # alone it is often wrong
        (Sight((found("a cup", 0.51),), (("a cup of coffee", 0.3),)), [("a cup", 1)]),  # borne out, and not more
        (Sight((found("a cup", 0.49),), (("a cup of coffee", 0.3),)), []),
        (Sight((found("a cup", 0.9),), (("a cup of coffee", 0.9),)), [("a cup of coffee", 1)]),
        (Sight((found("a bird", 0.55),), (("a bird", 0.4),)), [("a bird", 1)]),
        (Sight((), (("a dog", 0.74),)), []),
        (Sight((), (("a dog", 0.76),)), [("a dog", 1)]),
        (Sight((found("a cup", 0.8), found("a cup", 0.9, THERE)), (("a cup", 0.3),)), [("a cup", 2)]),
        (Sight((found("a cup", 0.8), found("a chair", 0.9)), (("a cup", 0.4), ("a chair", 0.3))),
         [("a chair", 1), ("a cup", 1)]),
    ],
)  # fmt: skip
def test_what_is_said(sight: Sight, expected: list[tuple[str, int]]) -> None:
    assert said(sight) == expected


def test_two_models_that_see_different_animals_or_food_are_both_not_believed() -> None:
    assert said(Sight((found("a cow", 0.94),), (("a dog", 0.9),))) == []
    assert said(Sight((found("a cow", 0.59),), (("a dog", 0.9),))) == [("a dog", 1)]
    assert said(Sight((found("an orange", 0.84),), (("an apple", 0.49),))) == []
    assert said(Sight((found("an orange", 0.84),), (("an apple", 0.29), ("an orange", 0.3)))) == [("an orange", 1)]
    assert said(Sight((found("a cow", 0.9), found("a bench", 0.9, THERE)), (("a dog", 0.9), ("a bench", 0.3)))) == [
        ("a bench", 1)
    ]


def test_what_is_drawn_is_not_there() -> None:
    drawn = (("a drawing or comic", 0.35),)
    assert said(Sight((found(PERSON, 0.9), found("a cup", 0.9)), drawn)) == []
    assert said(Sight((found(PERSON, 0.9),), (("a drawing or comic", 0.8),))) == [("a drawing or comic", 1)]


def test_a_face_alone_is_nobody() -> None:
    face = Found("face", 0.99, Box(0.4, 0.35, 0.5, 0.45))
    assert said(Sight(faces=(face,))) == []
    assert said(Sight((found(PERSON, 0.29),), faces=(face,))) == []
    assert said(Sight((found(PERSON, 0.31),), faces=(face,))) == [(PERSON, 1)]


def test_no_animal_is_told_of_a_person() -> None:
    """What the classifier alone sees where a person may be."""
    pig, face = (("a pig", 0.99),), Found("face", 0.8, Box(0.4, 0.35, 0.5, 0.45))
    assert said(Sight((), pig)) == [("a pig", 1)]
    assert said(Sight((), pig, faces=(face,))) == []
    assert said(Sight((found(PERSON, 0.31),), pig)) == []
    assert said(Sight((found(PERSON, 0.9),), pig)) == [(PERSON, 1)]
    assert said(Sight((found(PERSON, 0.9), found("a dog", 0.9, THERE)), (("a dog", 0.9),))) == [
        (PERSON, 1),
        ("a dog", 1),
    ]


def test_no_word_is_of_clothing_or_insults() -> None:
    told = " ".join(words())
    for part in ("monkey", "ape", "hat", "shoe", "sunglasses", "shirt", "dress", "wig", "bikini", "missile", "rifle"):
        assert not re.search(rf"\b{part}s?\b", told), part


def test_people_are_counted_by_what_shows_more_of_them() -> None:
    group = found(PERSON, 0.9, Box(0, 0, 1, 1))
    faces = tuple(Found("face", 0.9, Box(x, 0.1, x + 0.1, 0.2)) for x in (0.1, 0.4, 0.7))
    assert said(Sight((group,), faces=faces)) == [(PERSON, 3)]
    assert said(Sight((group, found(PERSON, 0.7, THERE)), faces=faces[:1])) == [(PERSON, 2)]


def test_few_words_are_said() -> None:
    names = ("a cup", "a chair", "a bottle", "a bowl", "a spoon", "a bench")
    assert len(said(Sight(tuple(found(name, 0.9) for name in names), tuple((name, 0.3) for name in names)))) == 4


def test_the_words_are_whole_and_nothing_is_said_of_bodies_or_weapons() -> None:
    """ImageNet's classes of clothing, weapons, medicine and bodies stand in no row."""
    never = {413, 763, 764, 499, 845, 720, 445, 459, 608, 610, 655, 689, 735, 775, 841, 465, 524, 652}
    classes = [number for word in words().values() for number in word.classes]
    assert never.isdisjoint(classes)
    assert len(classes) == len(set(classes)), "one class, one word"
    assert all(0 <= number < 1000 for number in classes)
    detected = [word.coco for word in words().values() if word.coco]
    assert len(detected) == len(set(detected))
    for word in words().values():
        assert word.german, word
        assert bool(word.many) == bool(word.german_many), word
        assert word.sort in ("thing", "animal", "food", "place"), word
        assert set(word.agrees) <= words().keys(), word
    assert len(words()) >= 160
