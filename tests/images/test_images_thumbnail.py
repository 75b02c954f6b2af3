"""Small copies keep shape and colours, and hold as many bytes as they say."""

from __future__ import annotations

import pytest

from app.images import as_luma, as_rgb, small_jpeg, thumbnail
from tests.images.painter import encoded, opened, quarters


@pytest.mark.parametrize(("size", "side", "expected"), [((720, 720), 240, (240, 240)), ((1280, 720), 100, (100, 56))])
def test_a_thumbnail_is_rgb_bytes_without_padding(size: tuple[int, int], side: int, expected: tuple[int, int]) -> None:
    small = thumbnail(encoded(quarters(size)), side)
    assert (small.width_px, small.height_px) == expected
    assert len(small.rgb) == 3 * small.width_px * small.height_px
    assert max(abs(a - b) for a, b in zip(small.rgb[:3], (220, 30, 30), strict=True)) < 8


def test_a_thumbnail_is_never_larger_than_the_picture() -> None:
    small = thumbnail(encoded(quarters((64, 48))), 240)
    assert (small.width_px, small.height_px) == (64, 48)


def test_luma_and_rgb_come_whole_or_shrunk() -> None:
    frame = encoded(quarters((720, 480)))
    assert (as_luma(frame).mode, as_luma(frame).size) == ("L", (720, 480))
    assert (as_luma(frame, 360).size, as_rgb(frame, 300).size) == ((360, 240), (300, 200))
    assert as_rgb(frame).tobytes() == opened(frame).tobytes()


def test_luma_is_what_a_conversion_would_give() -> None:
    frame = encoded(quarters())
    luma, converted = as_luma(frame).tobytes(), opened(frame).convert("L").tobytes()
    assert max(abs(a - b) for a, b in zip(luma, converted, strict=True)) <= 3


def test_a_small_jpeg_is_one_and_says_nothing_of_the_picture_but_what_it_shows() -> None:
    small = small_jpeg(encoded(quarters((1280, 720)), comment=b"where it was taken"), 128)
    assert (opened(small).format, opened(small).size) == ("JPEG", (128, 72))
    assert b"taken" not in small
    assert len(small) < 4_000
