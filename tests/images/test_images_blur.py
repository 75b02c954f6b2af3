"""Faces blurred in a picture: nothing of them is left, and nothing else of the picture goes."""

from __future__ import annotations

import base64
import random

import pytest
from PIL import Image, ImageChops

from app.core.frame import Picture
from app.images import Face, as_rgb, blurred, normalise
from app.images.measure import measure
from tests.images.painter import encoded

FACE: Face = (0.4, 0.4, 0.6, 0.6)
WIDE = (200, 150)


def noise(size: tuple[int, int] = WIDE, seed: int = 1) -> Image.Image:
    """Grey: nothing of it is lost to coarser colours."""
    return Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1])).convert("RGB")


def picture_of(image: Image.Image) -> Picture:
    return normalise(encoded(image, quality=95, subsampling=0))


def spread(image: Image.Image) -> int:
    """How far apart the darkest and the lightest pixel are."""
    least, most = image.convert("L").getextrema()
    return int(most - least)


def test_without_a_face_the_bytes_stay_and_the_count_is_none() -> None:
    picture = picture_of(noise())
    looked_at = blurred(picture, ())
    assert (looked_at.jpeg, looked_at.blurred_faces) == (picture.jpeg, 0)
    assert picture.blurred_faces is None


def test_a_face_goes_with_some_margin_and_the_rest_stays() -> None:
    before = picture_of(noise())
    after = blurred(before, (FACE,))
    image, was = as_rgb(after.jpeg), as_rgb(before.jpeg)
    assert spread(image.crop((70, 45, 130, 97))) < 60 < 180 < spread(was.crop((70, 45, 130, 97)))
    outside = ImageChops.difference(image, was).crop((0, 0, 60, 150))
    assert max(high for _, high in outside.getextrema()) < 60, "encoded once more, at the same quality"
    assert after.blurred_faces == 1


def test_the_copy_is_measured_and_written_anew() -> None:
    after = blurred(picture_of(noise()), (FACE,))
    assert base64.b64decode(after.jpeg_base64) == after.jpeg
    assert (after.width_px, after.height_px) == WIDE
    again = measure(as_rgb(after.jpeg))
    assert list(after.measures.grid) == pytest.approx(list(again.grid), abs=4)


def test_two_faces_of_the_same_mean_colours_cannot_be_told_apart() -> None:
    """Whatever else was in the 5 x 5 cells of what is blurred is gone."""
    one, other = noise((500, 500), 1), noise((500, 500), 1)
    for x in range(0, 500, 100):
        for y in range(0, 500, 100):
            cell = other.crop((x, y, x + 100, y + 100))
            other.paste(cell.transpose(Image.Transpose.ROTATE_90), (x, y))
    everything: Face = (0.0, 0.0, 1.0, 1.0)
    copies = [as_rgb(blurred(picture_of(image), (everything,)).jpeg) for image in (one, other)]
    apart = ImageChops.difference(*copies).getextrema()
    assert max(high for _, high in apart) <= 5, "what the first JPEG made of either"


@pytest.mark.parametrize(
    ("face", "count"),
    [
        ((-0.2, -0.2, 0.05, 0.05), 1),
        ((0.95, 0.95, 1.3, 1.3), 1),
        ((-1.0, -1.0, 2.0, 2.0), 1),
        ((1.5, 1.5, 2.0, 2.0), 0),
        ((0.5, 0.5, 0.5, 0.5), 0),
    ],
)
def test_a_face_at_the_edge_or_beyond_it(face: Face, count: int) -> None:
    after = blurred(picture_of(noise()), (face,))
    assert after.blurred_faces == count
    assert (after.width_px, after.height_px) == WIDE


def test_a_wall_of_two_hundred_faces() -> None:
    wall = [(x / 20, y / 10, x / 20 + 0.04, y / 10 + 0.08) for x in range(20) for y in range(10)]
    after = blurred(picture_of(noise((800, 600))), wall)
    assert after.blurred_faces == 200


def test_the_smallest_picture() -> None:
    picture = picture_of(noise((11, 11)))
    assert blurred(picture, (FACE,)).width_px == picture.width_px


def test_no_mark_and_no_metadata_are_written() -> None:
    after = blurred(picture_of(noise()), (FACE,))
    assert normalise(after.jpeg).jpeg == after.jpeg, "as clean as any picture that passes"
