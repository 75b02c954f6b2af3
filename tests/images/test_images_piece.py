"""Pieces of a picture keep what they cut out, and colours are named as a person names them."""

from __future__ import annotations

import pytest
from PIL import Image

from app.images import main_colours, piece


def test_a_piece_is_what_lies_there() -> None:
    image = Image.new("RGB", (100, 50), "white")
    image.paste((255, 0, 0), (60, 10, 90, 40))
    cut = piece(image, (60.2, 10.4, 89.8, 39.9), 16)
    assert (cut.size, cut.getcolors()) == ((16, 16), [(256, (255, 0, 0))])


def test_what_lies_outside_is_black() -> None:
    assert piece(Image.new("RGB", (10, 10), "white"), (20, 20, 30, 30), 4).getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#101010", "black"), ("#808080", "grey"), ("#f8f8f8", "white"), ("#c01010", "red"), ("#e08020", "orange"),
     ("#f0e020", "yellow"), ("#20a030", "green"), ("#20a0a0", "teal"), ("#2040d0", "blue"), ("#8020d0", "purple"),
     ("#f050b0", "pink"), ("#704010", "brown"), ("#ff0004", "red")],
)  # fmt: skip
def test_a_colour_has_a_name(colour: str, name: str) -> None:
    assert main_colours(Image.new("RGB", (64, 64), colour)) == (name,)


def test_only_what_fills_a_third_is_named_the_larger_first() -> None:
    image = Image.new("RGB", (90, 90), "white")
    image.paste((0, 0, 255), (0, 0, 90, 36))
    assert main_colours(image) == ("white", "blue")
    image.paste((255, 0, 0), (0, 0, 90, 14))
    assert main_colours(image) == ("white",)
