"""Colour profiles: what they mean in sRGB, which is what everybody further on takes colours for.

A profile comes from outside and is read by a library in C: it is bounded, and one that is damaged or does not fit the
picture counts for nothing.
"""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import chain, product

from PIL import Image, ImageChops, ImageCms

MAX_PROFILE_BYTES = 2**20
_HEADER_BYTES = 128
_SIGNATURE = b"acsp"
_CLASSES = frozenset({b"mntr", b"scnr", b"prtr", b"spac"})
_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}
_NEAR_ENOUGH = 3
"""Of 255: profiles that call themselves sRGB differ by so much."""
_STEPS = (0, 64, 128, 192, 255)


def mode_of(profile: bytes) -> str | None:
    """The mode of the pictures that ``profile`` is for; None for what is none or of no use."""
    header = profile[:_HEADER_BYTES]
    if not _HEADER_BYTES < len(profile) <= MAX_PROFILE_BYTES or header[36:40] != _SIGNATURE:
        return None
    if header[12:16] not in _CLASSES or header[20:24] not in (b"XYZ ", b"Lab "):
        return None
    return _MODES.get(header[16:20])


def is_needed(profile: bytes) -> bool:
    """Whether the colours of a picture with ``profile`` are others than they seem."""
    return _transform(profile) is not None


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """``image`` in sRGB, as RGB; the same one when ``profile`` changes nothing or is for pictures of another mode."""
    if image.mode != mode_of(profile) or (transform := _transform(profile)) is None:
        return image
    return transform.apply(image)


@lru_cache(maxsize=4)  # a camera sends the same one each time
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """None when it is damaged, or changes next to nothing."""
    if (mode := mode_of(profile)) is None:
        return None
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOCACHE
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    try:
        opened, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(opened, srgb, mode, "RGB", intent, flags)
        seen = _samples(mode)
        meant = transform.apply(seen)
    except (ImageCms.PyCMSError, OSError, ValueError, MemoryError):
        return None
    furthest = ImageChops.difference(seen.convert("RGB"), meant).getextrema()
    return transform if max(most for _, most in furthest) > _NEAR_ENOUGH else None  # type: ignore[misc]


def _samples(mode: str) -> Image.Image:
    """Colours from all over, as one line."""
    colours = list(product(_STEPS, repeat=len(Image.new(mode, (1, 1)).getbands())))
    return Image.frombytes(mode, (len(colours), 1), bytes(chain.from_iterable(colours)))
