"""Whatever bytes arrive, a PictureError is all that escapes, and a bomb costs next to no memory."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import pytest

from app.core.errors import PictureDamaged, PictureError, PictureTooLarge, PictureUnsupported
from app.images import as_rgb, normalise
from app.images.decode import pillow_errors
from app.images.jpeg import parse
from tests.images.painter import encoded, quarters, scene

FOLDER = Path(__file__).parents[1] / "data" / "images"
ROOT = Path(__file__).parents[2]
MEMORY_SCRIPT = """
import resource, sys
from app.core.errors import PictureTooLarge
from app.images import normalise
upload = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    normalise(upload)
except PictureTooLarge:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is Unix only")
@pytest.mark.parametrize("name", ["bomb_30000.png", "jpeg_huge_header.jpg"])
def test_a_bomb_is_refused_for_less_than_50_megabytes(name: str) -> None:
    command = [sys.executable, "-W", "error", "-c", MEMORY_SCRIPT, str(FOLDER / name)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    unit = 1024 if sys.platform == "darwin" else 1
    assert int(done.stdout) / unit < 50_000


def test_over_50_megapixels_is_refused_from_the_header_of_every_format() -> None:
    side = (9000).to_bytes(2, "little")
    webp = b"RIFF\0\0\0\0WEBP"
    headers = (
        b"GIF89a" + side * 2 + bytes(40),
        b"BM" + bytes(12) + b"\x28\0\0\0" + (side + b"\0\0") * 2 + bytes(40),
        b"BM" + bytes(12) + b"\x28\0\0\0" + side + b"\0\0" + (-9000).to_bytes(4, "little", signed=True) + bytes(40),
        webp + b"VP8X" + bytes(8) + (9000).to_bytes(3, "little") * 2 + bytes(40),
        webp + b"VP8L" + bytes(4) + b"\x2f" + (9000 | 9000 << 14).to_bytes(4, "little") + bytes(40),
        webp + b"VP8 " + bytes(10) + side * 2 + bytes(40),
    )
    for header in headers:
        with pytest.raises(PictureTooLarge):
            normalise(header)


def test_what_is_no_photo_is_never_opened() -> None:
    uploads = (b"%PDF-1.7", b"<html><img></html>", b"<svg/>", b"%!PS-Adobe-3.0", b"II*\0", b"MM\0*", b"\0" * 99, b"x")
    for upload in (*uploads, b"\0\0\0\x18ftypisom\0\0\0\0isommp42", b"P6 9999 9999 255 "):
        with pytest.raises(PictureUnsupported) as caught:
            normalise(upload)
        assert str(caught.value) == PictureUnsupported.template


def test_heic_is_named_whichever_brand_comes_first() -> None:
    for upload in (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic"):
        with pytest.raises(PictureUnsupported, match=r"HEIC photos are not supported\. Use JPEG\."):
            normalise(upload)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "progressive", "CMYK"])
@pytest.mark.filterwarnings("error")
def test_mutated_files_raise_picture_errors_only(kind: str) -> None:
    image = scene((96, 64), finest=32)
    if kind == "CMYK":
        seedling = encoded(image.convert("CMYK"))
    elif kind == "progressive":
        seedling = encoded(image, progressive=True, restart_marker_blocks=3)
    else:
        seedling = encoded(image, kind)
    dice = random.Random(kind)
    for _ in range(150):
        data = bytearray(seedling)
        for _ in range(dice.choice((1, 3, 20))):
            at = dice.randrange(min(len(data), dice.choice((40, 700, len(data)))))
            action = dice.randrange(4)
            if action == 0:
                data[at] = dice.randrange(256)
            elif action == 1:
                data[at] = dice.choice((0, 0xFF, 0x7F))
            elif action == 2:
                del data[at : at + dice.randrange(1, 40)]
            else:
                data[at:at] = data[at : at + dice.randrange(1, 40)]
            if not data:
                break
        try:
            picture = normalise(bytes(data))
        except PictureError:
            continue
        assert 32 <= min(picture.width_px, picture.height_px) <= max(picture.width_px, picture.height_px) <= 2048


@pytest.mark.filterwarnings("error")
def test_every_prefix_of_every_format_raises_picture_errors_only() -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "BMP"):
        data = encoded(quarters((40, 32)), kind)
        for length in range(0, len(data) - 2, 7):
            try:
                normalise(data[:length])
            except PictureError:
                continue
            assert length > len(data) - 40, (kind, length)


@pytest.mark.filterwarnings("error")
def test_text_and_animation_bombs_of_png_never_reach_pillow() -> None:
    png = encoded(quarters((64, 48)), "PNG")
    text = png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(80_000_000)))
    for extra in (text, png_chunk(b"acTL", bytes(8)), png_chunk(b"iCCP", b"x\0\0broken")):
        assert normalise(png[:33] + extra + png[33:]).width_px == 64


def test_thousands_of_scans_or_segments_are_refused_before_decoding() -> None:
    progressive = encoded(quarters((64, 48)), progressive=True)
    at = progressive.rindex(b"\xff\xda")
    with pytest.raises(PictureDamaged):
        parse(progressive[:-2] + progressive[at:-2] * 200 + b"\xff\xd9")
    with pytest.raises(PictureDamaged):
        parse(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 5000 + progressive[2:])


@pytest.mark.filterwarnings("error")
def test_warnings_turned_errors_are_typed_and_our_own_bugs_are_not() -> None:
    with pytest.raises(PictureDamaged), pillow_errors():
        warnings.warn("Corrupt EXIF data", stacklevel=1)
    with pytest.raises(TypeError):
        normalise("a string")  # type: ignore[arg-type]


def test_a_stored_file_that_is_no_jpeg_is_a_picture_error() -> None:
    for data in (b"", b"\x89PNG", b"\xff\xd8\xff"):
        with pytest.raises(PictureError):
            as_rgb(data)
