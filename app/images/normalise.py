"""From whatever was uploaded to the one kind of picture that providers get, or the reason why not."""

from __future__ import annotations

import base64
import io
import threading
from contextlib import AbstractContextManager, nullcontext

from PIL import Image

from app.core.frame import Picture
from app.images.colour import is_needed, mode_of, to_srgb
from app.images.decode import decode, pillow_errors
from app.images.exif import orientation
from app.images.jpeg import Jpeg, parse
from app.images.limits import MAX_SIDE_PX, Size, bounded, check_memory, check_size, fitted
from app.images.measure import MEASURED_SIDE_PX, measure
from app.images.png import read_png
from app.images.sniff import Format, size_of, sniff
from app.images.truncation import decode_whole

_QUALITY = 90
_NEAR_ENOUGH = 0.9
LARGE_PIXELS = 4_000_000
"""The glasses' own pictures have 0.5 million."""
_one_large_at_a_time = threading.Lock()
_WEBP_BYTES_A_PIXEL = 16
"""Its decoder keeps two canvases and hands out a copy, of which Pillow makes the picture."""
_LEAST_ALPHA = 32
"""Of 255: what is nowhere less transparent than that shows nothing."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_STRIP_ROWS = 64


def normalise(upload: bytes) -> Picture:
    """An upright RGB JPEG, no side over 2,048 or under 32 px, without metadata; a clean one keeps its bytes.

    A JPEG whose only fault is metadata loses the segments and is not encoded again. Raises PictureEmpty,
    PictureUnsupported, PictureTooLarge, PictureTooSmall, PictureDamaged, and nothing else whatever the bytes are.
    """
    kind = sniff(upload)
    if kind != "JPEG":
        size = size_of(upload, kind)
        check_size(size)
        with _in_turn(size):
            return _from_other(upload, kind, size)
    jpeg = parse(upload)
    check_size(jpeg.size)
    check_memory(jpeg.coefficient_bytes)
    with _in_turn(jpeg.size):
        return _from_jpeg(jpeg, upload)


def _from_jpeg(jpeg: Jpeg, upload: bytes) -> Picture:
    is_upright = jpeg.orientation == 1 and fitted(jpeg.size) == jpeg.size
    if jpeg.is_plain and is_upright and not is_needed(jpeg.profile):
        return _passed_through(jpeg, upload)
    return _shrunk(jpeg)


def _in_turn(size: Size) -> AbstractContextManager[object]:
    """Large pictures are decoded one after the other: two at once would hold twice the memory."""
    return _one_large_at_a_time if size[0] * size[1] > LARGE_PIXELS else nullcontext()


def _passed_through(jpeg: Jpeg, upload: bytes) -> Picture:
    """One decode proves and measures the picture; its compressed data stays as it is."""
    # YCbCr is how it lies in the file: turning all of it into RGB, only to take the luma out again, costs 0.3 ms.
    jpeg, image = decode_whole(jpeg, bounded(jpeg.size, MEASURED_SIDE_PX), "YCbCr")
    data = jpeg.to_bytes()
    return _picture(upload if data == upload else data, jpeg.size, image)


def _shrunk(jpeg: Jpeg) -> Picture:
    """A phone's 4,032 px become 2,016 by decoding at half scale, 2,048 by a full decode and a shrink: three times the
    work for 32 px more. So a little smaller is near enough."""
    width, height = fitted(jpeg.size)
    _, image = decode_whole(jpeg, (int(width * _NEAR_ENOUGH), int(height * _NEAR_ENOUGH)))
    with pillow_errors():
        image = to_srgb(image, jpeg.profile)
    return _encoded(_to_rgb(image), fitted(image.size), jpeg.orientation)


def _from_other(upload: bytes, kind: Format, size: Size) -> Picture:
    check_memory(size[0] * size[1] * (_WEBP_BYTES_A_PIXEL if kind == "WEBP" else 4))
    png = read_png(upload) if kind == "PNG" else None
    image = decode(png.pixels if png else upload, kind)
    check_size(image.size)  # a GIF's first frame may be larger than its screen
    blocks = png.turns if png else [image.info.get(name, b"") for name in ("exif", "xmp")]
    turn, wanted = next(filter(None, map(orientation, blocks)), 1), fitted(image.size)
    profile = png.profile if png else image.info.get("icc_profile") or b""
    is_grey, is_seen = image.mode[0] in "1LI", _shows_something(image)
    rgb = _to_rgb_reduced(image, max(image.size) // MAX_SIDE_PX, is_seen=is_seen)
    del image  # up to 200 MB, while the next step makes copies of its own
    with pillow_errors():
        rgb = to_srgb(rgb.convert("L") if is_grey and mode_of(profile) == "L" else rgb, profile).convert("RGB")
    return _encoded(rgb, wanted, turn)


def _encoded(image: Image.Image, size: tuple[int, int], turn: int) -> Picture:
    """Bring an RGB picture to ``size`` (as it lies), turn it upright and write it as a JPEG."""
    with pillow_errors():
        if image.size != size:
            image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        image = _upright(image, turn)
    return encoded(image)


def encoded(image: Image.Image) -> Picture:
    """An RGB picture as it is, written as a JPEG. Raises PictureError."""
    with pillow_errors():
        image.info = {}  # Pillow would write a comment found here
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)
    return _picture(buffer.getvalue(), image.size, image)


def _picture(jpeg: bytes, size: tuple[int, int], image: Image.Image) -> Picture:
    return Picture(jpeg, base64.b64encode(jpeg).decode("ascii"), size[0], size[1], measure(image))


# --- colour and turn -------------------------------------------------------------------------------------------------


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turned and mirrored as the EXIF ``orientation`` (1 to 8) says."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _shows_something(image: Image.Image) -> bool:
    """Whether transparency draws a part of it; the same everywhere, or next to nothing left, it is a fault or a habit.

    Raises PictureDamaged.
    """
    with pillow_errors():  # it asserts of an empty palette
        if not image.has_transparency_data:
            return True
    least, most = 255, 0
    for top in range(0, image.height, _STRIP_ROWS):
        with pillow_errors():
            strip = image.crop((0, top, image.width, min(image.height, top + _STRIP_ROWS))).convert("RGBA")
            counts = strip.getchannel("A").histogram()
        found = [alpha for alpha, count in enumerate(counts) if count]
        least, most = min([least, *found]), max([most, *found])
        if least < most >= _LEAST_ALPHA:
            return True
    return False


def _to_rgb(image: Image.Image, *, is_seen: bool = True) -> Image.Image:
    """RGB: what is transparent over white, 16-bit grey scaled, inks turned to light. Raises PictureDamaged.

    Without ``is_seen`` nothing counts as transparent: the colours below come through.
    """
    with pillow_errors():
        if image.mode.startswith("I"):
            return image.point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
        if image.has_transparency_data:
            rgba = image.convert("RGBA")
            if not is_seen:
                return rgba.convert("RGB")
            white = Image.new("RGB", image.size, "white")
            white.paste(rgba, mask=rgba)
            return white
        return image if image.mode == "RGB" else image.convert("RGB")


def _to_rgb_reduced(image: Image.Image, factor: int, *, is_seen: bool) -> Image.Image:
    """As ``_to_rgb``, at 1/``factor``, strip by strip: a large picture never stands in memory twice."""
    if factor <= 1:
        return _to_rgb(image, is_seen=is_seen)
    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _STRIP_ROWS * factor):
        with pillow_errors():
            strip = image.crop((0, top, width, min(height, top + _STRIP_ROWS * factor)))
        small.paste(_to_rgb(strip, is_seen=is_seen).reduce(factor), (0, top // factor))
    return small
