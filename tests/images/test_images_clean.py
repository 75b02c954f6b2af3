"""A clean frame keeps its bytes; one whose only fault is metadata loses that and no more; the rest is encoded again."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from PIL import Image, ImageChops

from app.images import normalise
from tests.images.painter import encoded, opened, quarters, scene

JFIF_THUMBNAIL = b"\xff\xe0\x00\x16JFIF\0\x01\x01\0\0\x01\0\x01\x01\x02" + b"secret"
XMP = b"\xff\xe1\x00\x24http://ns.adobe.com/xap/1.0/\0<x/>\0"
COMMENT = b"\xff\xfe\x00\x08secret"
ADOBE_YCC = b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x01"
ADOBE_RGB = b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x00"


def exif(orientation: int) -> bytes:
    return b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"


def without_jfif(jpeg: bytes) -> bytes:
    return jpeg[:2] + jpeg[20:]


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"optimize": True}])
def test_a_clean_frame_keeps_its_bytes(options: dict[str, Any]) -> None:
    for image in (scene((720, 720)), scene((2048, 640), finest=64), quarters()):
        frame = encoded(image, **options)
        picture = normalise(frame)
        assert picture.jpeg is frame
        assert base64.b64decode(picture.jpeg_base64) == frame
        assert (picture.width_px, picture.height_px) == image.size


def test_a_camera_frame_without_jfif_header_keeps_its_bytes() -> None:
    frame = without_jfif(encoded(quarters()))
    assert normalise(frame).jpeg is frame


@pytest.mark.parametrize("extra", [XMP, COMMENT, ADOBE_YCC, JFIF_THUMBNAIL, XMP + COMMENT * 3])
def test_metadata_is_taken_out_without_encoding_again(extra: bytes) -> None:
    clean = encoded(quarters())
    jpeg = normalise(clean[:20] + extra + clean[20:]).jpeg
    assert jpeg == clean
    end = clean.removesuffix(b"\xff\xd9")
    assert normalise(end + extra + b"\xff\xd9").jpeg == clean


def test_upright_exif_and_profile_are_taken_out_without_encoding_again() -> None:
    image = quarters()
    for options in (
        {"exif": exif(1)},
        {"exif": exif(9)},
        {"icc_profile": b"not a profile" * 9000},
        {"dpi": (300, 300)},
    ):
        jpeg = normalise(encoded(image, **options)).jpeg
        assert b"Exif" not in jpeg
        assert b"profile" not in jpeg
        assert opened(jpeg).tobytes() == opened(encoded(image)).tobytes()


def test_a_jfif_thumbnail_goes_and_the_header_stays() -> None:
    clean = encoded(quarters())
    jpeg = normalise(clean[:2] + JFIF_THUMBNAIL + clean[20:]).jpeg
    assert b"secret" not in jpeg
    assert jpeg[20:] == clean[20:]


def test_colours_that_hang_on_the_adobe_segment_are_kept_without_it() -> None:
    rgb_coded = encoded(quarters(), keep_rgb=True, quality=95)
    assert rgb_coded[2:4] != b"\xff\xe0"  # no JFIF header: its presence would make it YCbCr
    bare = rgb_coded[:2] + rgb_coded[rgb_coded.index(b"\xff\xdb") :]
    for upload in (rgb_coded, bare, bare[:2] + ADOBE_RGB + bare[2:]):
        image = opened(normalise(upload).jpeg)
        assert image.info.get("adobe") is None
        difference = ImageChops.difference(image, quarters()).resize((1, 1), Image.Resampling.BOX)
        assert max(high for _, high in difference.getextrema()) < 6  # type: ignore[misc]


def test_every_exif_orientation_ends_upright() -> None:
    turns = (
        None, None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
        Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_270,
    )  # fmt: skip
    for orientation in range(1, 9):
        turn = turns[orientation]
        stored = quarters() if turn is None else quarters().transpose(turn)
        for kind in ("JPEG", "PNG", "WEBP"):
            picture = normalise(encoded(stored, kind, exif=exif(orientation)))
            image = opened(picture.jpeg)
            assert (picture.width_px, picture.height_px) == image.size == (320, 240)
            assert image.getpixel((20, 20))[0] > 180, (orientation, kind)  # type: ignore[index]
            assert image.getpixel((300, 20))[1] > 140, (orientation, kind)  # type: ignore[index]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (2000, 1500)),
        ((3000, 1500), (2048, 1024)),
        ((2049, 100), (2048, 100)),
        ((20, 400), (32, 640)),
        ((11, 11), (32, 32)),
        ((3000, 12), (2048, 32)),
    ],
)
def test_sides_end_within_32_and_2048(size: tuple[int, int], expected: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        picture = normalise(encoded(quarters(size), kind))
        got = picture.width_px, picture.height_px
        assert opened(picture.jpeg).size == got
        assert got == expected or (kind == "PNG" and max(got) == 2048)


def test_modes_of_png_become_honest_rgb() -> None:
    half = Image.new("L", (64, 48), 255)
    half.paste(0, (0, 0, 32, 48))
    clear = Image.new("RGBA", (64, 48), (200, 0, 0, 0))
    deep = Image.new("I;16", (64, 48), 0x4000)
    for image, colour in (
        (half.convert("1"), (0, 0, 0)),
        (Image.merge("LA", (Image.new("L", (64, 48), 9), half)), (255, 255, 255)),
        (clear, (200, 0, 0)),
        (deep, (64, 64, 64)),
        (quarters((64, 48)).quantize(), (220, 30, 30)),
    ):
        pixel = opened(normalise(encoded(image, "PNG")).jpeg).getpixel((8, 8))
        assert isinstance(pixel, tuple)
        assert max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 12, image.mode


def test_a_large_png_with_transparency_is_shrunk_over_white() -> None:
    image = Image.new("RGBA", (4200, 600), (0, 0, 0, 0))
    image.paste((30, 180, 60, 255), (2100, 0, 4200, 600))
    picture = normalise(encoded(image, "PNG"))
    assert picture.width_px == 2048
    small = opened(picture.jpeg)
    assert small.getpixel((300, 100)) == (255, 255, 255)
    assert small.getpixel((1800, 100))[1] > 170  # type: ignore[index]


def test_a_gif_comment_is_not_written_into_the_jpeg() -> None:
    assert b"secret" not in normalise(encoded(quarters(), "GIF", comment=b"secret")).jpeg
