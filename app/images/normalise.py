"""From whatever was uploaded to the one kind of picture that providers get, or the reason why not."""

from __future__ import annotations

import base64
import io
import threading
from contextlib import AbstractContextManager, nullcontext

from PIL import Image

from app.core.frame import Picture
from app.images import png
from app.images.colour import to_rgb, to_rgb_reduced, upright
from app.images.decode import decode, pillow_errors
from app.images.exif import orientation
from app.images.jpeg import Jpeg, parse
from app.images.limits import MAX_SIDE_PX, Size, bounded, check_memory, check_size, fitted
from app.images.measure import MEASURED_SIDE_PX, measure
from app.images.sniff import Format, size_of, sniff
from app.images.truncation import decode_whole

_QUALITY = 90
_NEAR_ENOUGH = 0.9
LARGE_PIXELS = 4_000_000
"""The glasses' own pictures have 0.5 million."""
_one_large_at_a_time = threading.Lock()
_WEBP_BYTES_A_PIXEL = 16
"""Its decoder keeps two canvases and hands out a copy, of which Pillow makes the picture."""


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
    if jpeg.is_plain and jpeg.orientation == 1 and fitted(jpeg.size) == jpeg.size:
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
    return _encoded(to_rgb(image), fitted(image.size), jpeg.orientation)


def _from_other(upload: bytes, kind: Format, size: Size) -> Picture:
    check_memory(size[0] * size[1] * (_WEBP_BYTES_A_PIXEL if kind == "WEBP" else 4))
    data, exif = png.essentials(upload) if kind == "PNG" else (upload, b"")
    image = decode(data, kind)
    check_size(image.size)  # a GIF's first frame may be larger than its screen
    turn, wanted = orientation(exif or image.info.get("exif", b"")), fitted(image.size)
    rgb = to_rgb_reduced(image, max(image.size) // MAX_SIDE_PX)
    del image  # up to 200 MB, while the next step makes copies of its own
    return _encoded(rgb, wanted, turn)


def _encoded(image: Image.Image, size: tuple[int, int], turn: int) -> Picture:
    """Bring an RGB picture to ``size`` (as it lies), turn it upright and write it as a JPEG."""
    with pillow_errors():
        if image.size != size:
            image = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        image = upright(image, turn)
        image.info = {}  # Pillow would write a comment found here
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)
    return _picture(buffer.getvalue(), image.size, image)


def _picture(jpeg: bytes, size: tuple[int, int], image: Image.Image) -> Picture:
    return Picture(jpeg, base64.b64encode(jpeg).decode("ascii"), size[0], size[1], measure(image))
