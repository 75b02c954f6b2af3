"""The bounds of a picture: what is refused, and to which size the rest is brought."""

from __future__ import annotations

from app.core.errors import PictureDamaged, PictureTooLarge, PictureTooSmall

MAX_PIXELS = 50_000_000
MAX_HELD_BYTES = 100_000_000
"""What decoding may hold at once, so that the whole server stays within 300 MB. A JPEG of one scan, which is decoded
small, never comes near it; of what is decoded whole (4 bytes a pixel) it lets 25 megapixels through."""
MAX_SIDE_PX = 2048
MIN_SIDE_PX = 32
"""Some vision models fail on a side under 28 or 32 px: a small picture is enlarged to this."""
REFUSED_SIDE_PX = 11
"""A side under this is refused: enlarged, it would still show nothing."""

Size = tuple[int, int]


def check_size(size: Size) -> None:
    """Refuse by the header's width and height in px, before anything is decoded.

    Raises PictureDamaged (a side of 0), PictureTooLarge, PictureTooSmall.
    """
    width, height = size
    if width <= 0 or height <= 0:
        raise PictureDamaged
    if width * height > MAX_PIXELS:
        raise PictureTooLarge
    if min(size) < REFUSED_SIDE_PX:
        raise PictureTooSmall


def check_memory(held_bytes: float) -> None:
    """Refuse what would decode, but not within bounds: 34 bytes of WebP can ask for 800 MB. Raises PictureTooLarge."""
    if held_bytes > MAX_HELD_BYTES:
        raise PictureTooLarge


def fitted(size: Size) -> Size:
    """Width and height in px as a provider gets them: each within 32 to 2,048, the shape kept.

    Only a strip over 64 times as long as wide loses its shape: both bounds cannot hold otherwise.
    """
    scale = min(1.0, MAX_SIDE_PX / max(size))
    scale = max(scale, MIN_SIDE_PX / min(size)) if min(size) < MIN_SIDE_PX else scale
    width, height = (min(MAX_SIDE_PX, max(MIN_SIDE_PX, round(side * scale))) for side in size)
    return width, height


def bounded(size: Size, longest_side_px: int) -> Size:
    """Width and height in px, shrunk so that the longer one is at most ``longest_side_px``; never enlarged."""
    scale = min(1.0, longest_side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
