"""The real models on real pictures: true words of what is plain to see, silence before nonsense."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageOps

from app.images import as_rgb, normalise
from app.paths import resource
from app.providers.sight.looking import Box, Looker, Sight
from app.providers.sight.statements import statements
from tests.photographs import Photograph, load

Looking = Callable[[Image.Image], Sight]


@pytest.fixture(scope="module")
def look() -> Looking:
    looker = Looker(resource("models"))

    def at(image: Image.Image) -> Sight:
        stream = io.BytesIO()
        image.convert("RGB").save(stream, "JPEG", quality=90)
        return looker.look(as_rgb(normalise(stream.getvalue()).jpeg, 736))

    return at


@pytest.fixture(scope="module")
def photographs() -> dict[str, Photograph]:
    return {one.name: one for one in load("tuning")}


def said(sight: Sight) -> list[str]:
    return [one.word.word for one in statements(sight)]


@pytest.mark.parametrize("name", ["scene", "qr"])
def test_the_demos_coffee_is_a_cup_of_coffee(look: Looking, name: str) -> None:
    with Image.open(resource(f"demo/{name}.jpg")) as image:
        assert said(look(image)) == ["a cup of coffee"]


def test_mirrored_it_is_the_same(look: Looking) -> None:
    with Image.open(resource("demo/scene.jpg")) as image:
        assert said(look(ImageOps.mirror(image))) == ["a cup of coffee"]


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (640, 480), "white"),
        Image.new("RGB", (640, 480), (90, 60, 30)),
        Image.effect_noise((640, 480), 120),
        Image.linear_gradient("L").resize((640, 480)),
        Image.radial_gradient("L").resize((480, 640)),
        Image.effect_mandelbrot((640, 480), (-2, -1.2, 1, 1.2), 60),
        Image.new("RGB", (2000, 40), "grey"),
        Image.new("RGB", (34, 34), "blue"),
    ],
    ids=["white", "brown", "noise", "gradient", "ring", "mandelbrot", "strip", "tiny"],
)
def test_what_shows_nothing_is_nothing(look: Looking, image: Image.Image) -> None:
    assert said(look(image)) == []


def test_people_in_a_photograph_are_counted_and_nothing_else_is_said_of_them(
    look: Looking, photographs: dict[str, Photograph]
) -> None:
    counted = 0
    for name in ("astronaut-portrait", "people-on-sofa", "people-at-table", "person-with-tripod"):
        photograph = photographs[name]
        people = [one.count for one in statements(look(photograph.picture())) if one.word.word == "a person"]
        assert sum(people) <= photograph.people[1], name
        counted += bool(people)
    assert counted >= 3


def test_a_painted_person_is_nobody(look: Looking, photographs: dict[str, Photograph]) -> None:
    assert "a person" not in said(look(photographs["painted-portrait"].picture()))


def test_who_shows_no_skin_near_by_is_of_bronze_or_of_ink(look: Looking, photographs: dict[str, Photograph]) -> None:
    picture = photographs["astronaut-portrait"].picture()
    red, green, blue = picture.split()
    assert "a person" in said(look(picture))
    assert "a person" not in said(look(Image.merge("RGB", (green, red, blue))))
    assert "a person" not in said(look(picture.convert("L")))


def test_boxes_lie_within_and_what_overlaps_is_measured() -> None:
    one, other = Box(0.0, 0.0, 0.5, 1.0), Box(0.25, 0.0, 0.75, 1.0)
    assert one.overlap(one) == 1.0
    assert one.overlap(other) == pytest.approx(1 / 3)
    assert one.overlap(Box(0.6, 0.0, 0.9, 1.0)) == 0.0
    assert (one.share, one.centre, one.holds((0.1, 0.9)), one.holds((0.6, 0.9))) == (0.5, (0.25, 0.5), True, False)
