"""Wherever a file says which way is up and what its colours mean, it is heard; a lie costs neither time nor memory."""

from __future__ import annotations

import contextlib
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms

from app.core.errors import PictureError, PictureUnsupported
from app.images import normalise
from app.images.colour import MAX_PROFILE_BYTES
from tests.images.painter import encoded, opened, quarters
from tests.images.test_images_hostile import png_chunk

RED, GREEN, BLUE = (220, 30, 30), (30, 180, 60), (40, 70, 210)
TAG, SHORT, LONG = 0x0112, 3, 4


def tiff(value: int, kind: int = SHORT, order: str = ">") -> bytes:
    length = {1: "B3x", SHORT: "H2x", LONG: "I", 6: "b3x", 8: "h2x", 9: "i"}[kind]
    start = b"MM\0*" if order == ">" else b"II*\0"
    return start + struct.pack(f"{order}IHHHI{length}I", 8, 1, TAG, kind, 1, value, 0)


def exif(value: int, kind: int = SHORT, order: str = ">") -> bytes:
    return b"Exif\0\0" + tiff(value, kind, order)


def without_turn() -> bytes:
    return b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


def xmp(written: str) -> bytes:
    return f'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf {written}/></x:xmpmeta>'.encode()


PACKETS = (
    xmp('tiff:Orientation="6"'),
    xmp("tiff:Orientation = '6'"),
    xmp("><tiff:Orientation> 6 </tiff:Orientation><rdf"),
    xmp("><tiff:Orientation >\n6\n</tiff:Orientation><rdf"),
    xmp("xmlns:t='http://ns.adobe.com/tiff/1.0/' t:Orientation='6'"),
    xmp('tiff:Orientation="6"').decode().encode("utf-16-le"),
)


def jpeg_with(*segments: bytes) -> bytes:
    clean = encoded(quarters())
    made = b"".join(b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body for body in segments)
    return clean[:20] + made + clean[20:]


def png_with(*chunks: bytes) -> bytes:
    png = encoded(quarters(), "PNG")
    return png[:33] + b"".join(chunks) + png[33:]


def raw(name: str, block: bytes) -> bytes:
    """As ImageMagick writes it."""
    lines = "\n".join(block.hex()[at : at + 72] for at in range(0, len(block.hex()), 72))
    return f"\n{name}\n{len(block):8d}\n{lines}\n".encode()


def is_turned(upload: bytes) -> bool:
    """Whether it came out upright: red, which lies top left, at the top right."""
    picture = opened(normalise(upload).jpeg)
    return picture.size == (240, 320) and near(picture, (0.75, 0.25), RED) and near(picture, (0.25, 0.25), BLUE)


def near(image: Image.Image, at: tuple[float, float], colour: tuple[int, ...], tolerance: int = 40) -> bool:
    pixel = image.getpixel((int(at[0] * image.width), int(at[1] * image.height)))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


# --- which way is up -------------------------------------------------------------------------------------------------

UPLOADS = [
    *(jpeg_with(exif(6, kind, order)) for kind in (1, SHORT, LONG, 6, 8, 9) for order in "<>"),
    jpeg_with(without_turn(), exif(6)),
    jpeg_with(b"Exif\0\0broken", exif(6)),
    *(jpeg_with(b"http://ns.adobe.com/xap/1.0/\0" + packet) for packet in PACKETS),
    jpeg_with(b"http://ns.adobe.com/xap/1.0/\0" + xmp('tiff:Orientation="3"'), exif(6)),
    png_with(png_chunk(b"eXIf", tiff(6, LONG))),
    png_with(png_chunk(b"eXIf", tiff(0)), png_chunk(b"eXIf", tiff(6))),
    *(
        png_with(chunk)
        for name, block in (("exif", exif(6)), ("APP1", exif(6)), ("exif", tiff(6, LONG)), ("xmp", PACKETS[0]))
        for text in (raw("exif" if name == "APP1" else name, block),)
        for key in (f"Raw profile type {name}".encode(),)
        for chunk in (
            png_chunk(b"tEXt", key + b"\0" + text),
            png_chunk(b"zTXt", key + b"\0\0" + zlib.compress(text)),
            png_chunk(b"iTXt", key + b"\0\0\0\0\0" + text),
            png_chunk(b"iTXt", key + b"\0\1\0en\0\0" + zlib.compress(text)),
        )
    ),
    *(png_with(png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)) for packet in PACKETS[:-1]),
    png_with(png_chunk(b"tEXt", b"XML:com.adobe.xmp\0" + PACKETS[0])),
    png_with(png_chunk(b"zTXt", b"XML:com.adobe.xmp\0\0" + zlib.compress(PACKETS[0]))),
    encoded(quarters(), "WEBP", exif=exif(6, LONG), quality=90),
    encoded(quarters(), "WEBP", xmp=PACKETS[0], quality=90),
]


@pytest.mark.parametrize("upload", UPLOADS, ids=range(len(UPLOADS)))
def test_it_comes_out_upright_wherever_that_is_told(upload: bytes) -> None:
    assert is_turned(upload)


@pytest.mark.parametrize(
    "upload",
    [
        jpeg_with(exif(1), b"http://ns.adobe.com/xap/1.0/\0" + PACKETS[0]),
        jpeg_with(exif(60, LONG)),
        jpeg_with(exif(0)),
        jpeg_with(b"http://ns.adobe.com/xap/1.0/\0" + xmp('tiff:Orientation="66"')),
        jpeg_with(
            b"http://ns.adobe.com/xap/1.0/\0" + xmp("xmlns:tiff='urn:else' my:Orientation='6' xtiff:Orientation='6'")
        ),
        png_with(png_chunk(b"tEXt", b'Comment\0tiff:Orientation="6" ')),
        png_with(png_chunk(b"zTXt", b"Raw profile type exif\0\0broken")),
        png_with(png_chunk(b"tEXt", b"Raw profile type exif\0\nexif\n  9\nno digits")),
    ],
)
def test_what_says_nothing_of_it_turns_nothing(upload: bytes) -> None:
    assert opened(normalise(upload).jpeg).size == (320, 240)


# --- colours ---------------------------------------------------------------------------------------------------------


def profile(
    red: tuple[float, float, float], green: tuple[float, float, float], blue: tuple[float, float, float]
) -> bytes:
    """sRGB's, with other primaries (XYZ as a profile has them)."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(int.from_bytes(data[128:132], "big")):
        at = 132 + 12 * number
        name, offset = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "big")
        wanted = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}.get(name)
        if wanted:
            data[offset + 8 : offset + 20] = struct.pack(">3i", *(round(part * 65_536) for part in wanted))
    return bytes(data)


R, G, B = (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)
SRGB, SWAPPED = profile(R, G, B), profile(B, G, R)
P3 = profile((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_profile_is_what_the_colours_mean(kind: str) -> None:
    swapped = opened(normalise(encoded(quarters(), kind, icc_profile=SWAPPED)).jpeg)
    assert near(swapped, (0.25, 0.25), RED[::-1])
    assert near(swapped, (0.25, 0.75), BLUE[::-1])
    vivid = Image.new("RGB", (64, 64), (200, 120, 80))
    wide = opened(normalise(encoded(vivid, kind, icc_profile=P3)).jpeg)
    assert near(wide, (0.5, 0.5), (216, 118, 74), 5)


def test_a_profile_of_srgb_leaves_the_bytes_of_a_frame() -> None:
    clean = encoded(quarters())
    assert normalise(encoded(quarters(), icc_profile=SRGB)).jpeg == clean


def test_a_grey_and_an_ink_profile_are_for_their_own_pictures_alone() -> None:
    for mode in ("L", "CMYK", "RGBA", "P", "1"):
        kind = "JPEG" if mode == "CMYK" else "PNG"
        plain = opened(normalise(encoded(quarters().convert(mode), kind)).jpeg)
        told = opened(normalise(encoded(quarters().convert(mode), kind, icc_profile=SWAPPED)).jpeg)
        assert (plain.tobytes() == told.tobytes()) == (mode in ("L", "CMYK", "1"))


def test_damaged_profiles_are_passed_over_within_time_and_memory() -> None:
    resource = pytest.importorskip("resource")
    clean = encoded(quarters())
    bombs = [SWAPPED[:length] for length in range(0, len(SWAPPED), 37)]
    bombs += [SWAPPED[:at] + b"\xff\xff\xff\xff" + SWAPPED[at + 4 :] for at in range(128, 280, 4)]
    bombs += [SWAPPED + bytes(MAX_PROFILE_BYTES), b"x" * 200]
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    for bomb in bombs:
        try:
            assert normalise(encoded(quarters(), icc_profile=bomb)).jpeg
        except PictureError:
            pytest.fail("a profile is no reason to refuse a picture")
    packed = png_with(png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200_000_000))))
    assert near(opened(normalise(packed).jpeg), (0.25, 0.25), RED)
    assert normalise(encoded(quarters(), icc_profile=SWAPPED[:300])).jpeg == clean
    assert time.monotonic() - started < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


# --- transparency ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0, 1, 20, 128, 254])
@pytest.mark.parametrize("kind", ["PNG", "palette", "grey", "large", "BMP"])
def test_transparency_that_draws_nothing_takes_no_colours_away(alpha: int, kind: str) -> None:
    image = quarters((3_000, 2_100) if kind == "large" else (320, 240))
    if kind == "palette":
        image = image.quantize(8)
        upload = encoded(image, "PNG", transparency=bytes([alpha] * 256))
    elif kind == "grey":
        image = image.convert("L")
        image.putalpha(alpha)
        upload = encoded(image, "PNG")
    else:
        image.putalpha(alpha)
        upload = encoded(image, "BMP" if kind == "BMP" else "PNG")
    grey = (100, 100, 100) if kind == "grey" else RED
    assert near(opened(normalise(upload).jpeg), (0.25, 0.25), grey, 45 if kind != "grey" else 20)


def test_what_is_drawn_by_transparency_is_on_white() -> None:
    image = quarters()
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 160, 120))
    image.putalpha(alpha)
    picture = opened(normalise(encoded(image, "PNG")).jpeg)
    assert near(picture, (0.25, 0.25), (255, 255, 255))
    assert near(picture, (0.75, 0.25), GREEN)


@pytest.mark.parametrize("colours", [None, b"", b"\0\0", bytes(4)])
@pytest.mark.parametrize("alpha", [None, b"", b"\0", bytes(256)])
def test_a_palette_without_colours_is_a_damaged_picture(colours: bytes | None, alpha: bytes | None) -> None:
    lines = zlib.compress(b"".join(b"\0" + bytes(64) for _ in range(64)))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 3, 0, 0, 0))]
    chunks += [(name, body) for name, body in ((b"PLTE", colours), (b"tRNS", alpha)) if body is not None]
    made = b"".join(png_chunk(name, body) for name, body in [*chunks, (b"IDAT", lines), (b"IEND", b"")])
    with contextlib.suppress(PictureError):
        normalise(b"\x89PNG\r\n\x1a\n" + made)


# --- what is no photo we read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brands", "name"),
    [
        (b"avif\0\0\0\0avifmif1miaf", "AVIF"), (b"mif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"mif1\0\0\0\0miafMA1Bavis", "AVIF"),
        (b"heic\0\0\0\0mif1heic", "HEIC"), (b"msf1\0\0\0\0hevc", "HEIC"), (b"mif1\0\0\0\0miaf", "HEIC and AVIF"),
    ],
)  # fmt: skip
def test_avif_and_heic_are_named_in_whatever_order_their_brands_stand(brands: bytes, name: str) -> None:
    for head in (struct.pack(">I4s", len(brands) + 8, b"ftyp"), struct.pack(">I4s", 0, b"ftyp"),
                 struct.pack(">I4sQ", 1, b"ftyp", len(brands) + 16)):  # fmt: skip
        with pytest.raises(PictureUnsupported) as caught:
            normalise(head + brands + bytes(64))
        assert str(caught.value) == f"{name} photos are not supported. Use JPEG."
