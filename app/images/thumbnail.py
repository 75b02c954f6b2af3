"""Small copies of a normalised picture: for the window, for a file of frames, for the on-device reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from app.images.decode import decode_jpeg, pillow_errors
from app.images.jpeg import parse
from app.images.limits import bounded, check_size

_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """``rgb``: R, G, B bytes row by row without padding, ``3 * width_px * height_px`` of them."""

    rgb: bytes = field(repr=False)
    width_px: int
    height_px: int


def thumbnail(jpeg: bytes, side_px: int) -> Thumbnail:
    """A copy whose longer side is at most ``side_px``. Raises PictureError when ``jpeg`` is none."""
    image = as_rgb(jpeg, side_px)
    return Thumbnail(image.tobytes(), image.width, image.height)


def small_jpeg(jpeg: bytes, side_px: int) -> bytes:
    """A copy as a JPEG, its longer side at most ``side_px``: of 128 px some 3 kB. Raises PictureError."""
    image, file = as_rgb(jpeg, side_px), BytesIO()
    image.info = {}  # Pillow would write a comment found here
    with pillow_errors():
        image.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def as_rgb(jpeg: bytes, longest_side_px: int | None = None) -> Image.Image:
    """The picture as an RGB image, its longer side at most ``longest_side_px`` (None: as is). Raises PictureError."""
    return _small(jpeg, longest_side_px, "RGB")


def as_luma(jpeg: bytes, longest_side_px: int | None = None) -> Image.Image:
    """The picture as an L image, for bar codes: only the luma is decoded. Raises PictureError."""
    return _small(jpeg, longest_side_px, "L")


def _small(data: bytes, longest_side_px: int | None, mode: str) -> Image.Image:
    """A JPEG in ``mode``, decoded at the smallest scale that serves: never a full decode followed by a shrink."""
    jpeg = parse(data)
    check_size(jpeg.size)
    size = bounded(jpeg.size, longest_side_px or max(jpeg.size))
    image = decode_jpeg(jpeg.to_bytes(), size, mode)
    with pillow_errors():
        image = image if image.mode == mode else image.convert(mode)
        return image if image.size == size else image.resize(size, Image.Resampling.BOX)
