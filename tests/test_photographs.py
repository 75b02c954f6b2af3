"""The corpus holds: every photograph is credited, labelled and of its half by rule, and damage is always the same."""

from __future__ import annotations

import hashlib
import re
import tomllib

import pytest
from PIL import Image

from tests import photographs

CREDITS = tomllib.loads((photographs.FOLDER / "CREDITS.toml").read_text("utf-8"))
PHOTOGRAPHS = photographs.load()
LICENCES = re.compile(r"public domain|no known copyright restrictions|CC0|CC-BY(-SA)?-\d|MIT|BSD|Apache|L?GPL-")
MOST_BYTES, LONGEST_SIDE_PX = 6_000_000, 640
WORD = re.compile(r"[a-z][A-Za-z -]*[a-z]|a QR code")


def test_every_photograph_is_labelled_and_credited_and_nothing_else_is() -> None:
    there = {path.stem for path in photographs.FOLDER.glob("*.jpg")}
    assert there == set(CREDITS) == {photograph.name for photograph in PHOTOGRAPHS}
    assert {path.suffix for path in photographs.FOLDER.iterdir()} == {".jpg", ".toml"}


@pytest.mark.parametrize("name", sorted(CREDITS))
def test_a_credit_says_where_from_and_a_licence_that_is_free(name: str) -> None:
    credit = CREDITS[name]
    assert re.fullmatch(r"(Debian|PyPI|npm) \S+ \S+|this program", credit["package"])
    assert credit["path"]
    assert LICENCES.match(credit["licence"])
    assert credit["stated_for"] in ("file", "package")
    assert not credit["licence"].startswith("CC-BY") or credit["author"], "attribution is what that licence asks for"


@pytest.mark.parametrize("photograph", PHOTOGRAPHS, ids=lambda photograph: photograph.name)
def test_a_photograph_is_small_and_bare_and_its_label_is_whole(photograph: photographs.Photograph) -> None:
    picture = photograph.picture()
    assert max(picture.size) <= LONGEST_SIDE_PX
    for marker in (b"Exif", b"ICC_PROFILE", b"http://ns.adobe.com", b"\xff\xfe"):
        assert marker not in photograph.jpeg[:1_000]
    least, most = photograph.people
    assert 0 <= least <= most
    assert all(WORD.fullmatch(word) and count >= 1 for word, count in photograph.true.items())
    assert not {"a person", "people"} & set(photograph.true), "people are counted, not listed"
    assert not photograph.bad_input or most == 0


def test_the_halves_are_chosen_by_rule() -> None:
    for photograph in PHOTOGRAPHS:
        digit = hashlib.sha256(f"{photograph.name}.jpg".encode()).hexdigest()[0]
        held_out = not photograph.known and int(digit, 16) >= 5
        assert photograph.half == ("held out" if held_out else "tuning"), photograph.name


def test_the_corpus_is_large_enough_to_count_and_small_enough_to_keep() -> None:
    assert sum(path.stat().st_size for path in photographs.FOLDER.iterdir()) < MOST_BYTES
    held_out = photographs.load("held out")
    assert len(held_out) >= 80
    assert sum(photograph.people[1] > 0 for photograph in held_out) >= 15
    assert sum(photograph.bad_input for photograph in held_out) >= 10
    assert {photograph.name for photograph in held_out}.isdisjoint(
        photograph.name for photograph in photographs.load("tuning")
    )


def test_damage_is_of_eight_kinds_and_always_the_same() -> None:
    picture = photographs.load("tuning")[0].picture()
    untouched = picture.tobytes()
    once, again = list(photographs.damaged(picture)), list(photographs.damaged(picture))
    assert [name for name, _ in once] == ["dark", "blurred", "shaken", "crushed", "tiny", "tilted", "turned", "far"]
    assert [(worse.size, worse.tobytes()) for _, worse in once] == [(worse.size, worse.tobytes()) for _, worse in again]
    assert all(worse.mode == "RGB" and worse.tobytes() != untouched for _, worse in once)
    assert picture.tobytes() == untouched


def test_damage_does_what_its_name_says() -> None:
    stripes = Image.new("RGB", (320, 240))
    stripes.paste((200, 100, 50), (0, 0, 160, 240))
    worse = dict(photographs.damaged(stripes))
    assert worse["dark"].getpixel((10, 10)) == (60, 30, 15)
    assert worse["shaken"].getpixel((160, 100)) not in ((200, 100, 50), (0, 0, 0))
    assert worse["shaken"].getpixel((140, 100)) == (200, 100, 50)
    assert worse["tiny"].size == (240, 180)
    assert worse["turned"].size == (240, 320)
    assert worse["tilted"].getpixel((0, 0)) == photographs.EDGE
    assert worse["far"].size == (320, 240)
    assert worse["far"].getpixel((10, 10)) == photographs.WALL
    assert worse["far"].getpixel((100, 120)) == (200, 100, 50)
