"""Uploads that broke somebody's program, each with its right outcome: tests/data/images/manifest.jsonl."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import PictureError
from app.images import normalise
from tests.images.painter import opened

FOLDER = Path(__file__).parents[1] / "data" / "images"
CASES: list[dict[str, Any]] = [json.loads(line) for line in (FOLDER / "manifest.jsonl").read_text().splitlines()]
METADATA_MARKERS = {bytes([0xFF, marker]) for marker in (*range(0xE1, 0xF0), 0xFE)}


def upload_of(case: dict[str, Any]) -> bytes:
    return (FOLDER / str(case["file"])).read_bytes()


def cases(outcome: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["expect"]["outcome"] == outcome]


def markers(jpeg: bytes) -> list[bytes]:
    """The markers before the first scan, in order."""
    found, at = [], 2
    while (marker := jpeg[at : at + 2]) != b"\xff\xda":
        found.append(marker)
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("case", cases("accept"))
def test_a_usable_upload_becomes_one_upright_rgb_jpeg_without_metadata(case: dict[str, Any]) -> None:
    picture = normalise(upload_of(case))
    upstream, image = case["expect"]["upstream"], opened(picture.jpeg)
    assert (image.format, image.mode, list(image.size)) == (upstream["format"], upstream["mode"], upstream["size"])
    assert (picture.width_px, picture.height_px) == image.size
    assert not METADATA_MARKERS & set(markers(picture.jpeg))
    assert picture.jpeg.endswith(b"\xff\xd9")
    assert picture.jpeg.count(b"\xff\xd8\xff") == upstream["frames"] == 1
    assert base64.b64decode(picture.jpeg_base64) == picture.jpeg
    for x, y, colour, tolerance in upstream["probes"]:
        pixel = image.getpixel((int(x * image.width), int(y * image.height)))
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True)), (x, y, pixel, colour)


@pytest.mark.parametrize("case", cases("reject"))
def test_an_unusable_upload_is_refused_with_the_right_code_and_sentence(case: dict[str, Any]) -> None:
    with pytest.raises(PictureError) as caught:
        normalise(upload_of(case))
    expect = case["expect"]
    assert (caught.value.status, caught.value.code, str(caught.value)) == (
        expect["status"],
        expect["code"],
        expect["message"],
    )


@pytest.mark.parametrize("case", cases("either"))
def test_a_doubtful_upload_is_a_jpeg_or_a_refusal_and_never_passed_on_as_it_is(case: dict[str, Any]) -> None:
    try:
        picture = normalise(upload_of(case))
    except PictureError:
        return
    assert opened(picture.jpeg).format == "JPEG"


def test_no_position_and_no_name_survive() -> None:
    for name in ("gps_exif.jpg", "png_text_meta.png"):
        jpeg = normalise((FOLDER / name).read_bytes()).jpeg
        assert not any(word in jpeg for word in (b"Exif", b"GPS", b"Author", b"xmp", b"adobe"))
