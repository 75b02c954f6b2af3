"""A PNG as its chunks: those that make its pixels, and what the others say of its turn and colours.

Text, profiles and animation never reach Pillow: compressed ones are bombs of their own. Checksums are left to the
decoder.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.errors import PictureDamaged
from app.images.colour import MAX_PROFILE_BYTES
from app.images.exif import XMP

_SIGNATURE_BYTES = 8
_WANTED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_MAX_TEXT_BYTES = 256 * 2**10
_MAX_TEXTS = 8
"""Of those that may say a turn: more are none of a camera."""
_RAW = re.compile(rb"\s{0,9}(?:exif|xmp|generic)\s{1,9}\d{1,9}\s([0-9a-fA-F\s]*)")
"""ImageMagick's way: a name, the number of bytes, and the bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Png:
    """``pixels``: a PNG of nothing else. ``turns``: EXIF blocks and XMP packets, the first that tells is right.

    ``profile``: that of its colours, unread; empty without one.
    """

    pixels: bytes
    turns: list[bytes]
    profile: bytes


def read_png(upload: bytes) -> Png:
    """Raises PictureDamaged when it is cut before its end."""
    kept, exif, texts, profile, is_srgb = [upload[:_SIGNATURE_BYTES]], list[bytes](), list[bytes](), b"", False
    for name, body, whole in _chunks(upload):
        if name in _WANTED:
            kept.append(whole)
        elif name == b"eXIf":
            exif.append(body)
        elif name in _TEXTS and len(texts) < _MAX_TEXTS and (told := _told(name, body)):
            texts.append(told)
        elif name == b"iCCP":
            profile = profile or _inflated(body.partition(b"\0")[2][1:], MAX_PROFILE_BYTES)
        elif name == b"sRGB":
            is_srgb = True
    return Png(b"".join(kept), exif[:_MAX_TEXTS] + texts, b"" if is_srgb else profile)


def _chunks(upload: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, body and the whole of each, the last one included."""
    at, name = _SIGNATURE_BYTES, b""
    while name != b"IEND":
        if at + 12 > len(upload):
            raise PictureDamaged
        end = at + 12 + int.from_bytes(upload[at : at + 4], "big")
        name = upload[at + 4 : at + 8]
        yield name, upload[at + 8 : end - 4], upload[at:end]
        at = end


def _told(name: bytes, body: bytes) -> bytes:
    """The EXIF block or XMP packet of a text chunk; empty when it is about something else."""
    keyword, _, text = body.partition(b"\0")
    if keyword == b"XML:com.adobe.xmp":
        return XMP + _text(name, text)
    if not keyword.lower().startswith(b"raw profile type "):
        return b""
    found = _RAW.match(_text(name, text))
    digits = b"".join(found[1].split()) if found else b""
    return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))


def _text(name: bytes, text: bytes) -> bytes:
    """What stands behind the keyword of a chunk ``name``."""
    if name == b"iTXt":
        is_packed = text[:1] == b"\1"
        text = text[2:].partition(b"\0")[2].partition(b"\0")[2]
        return _inflated(text, _MAX_TEXT_BYTES) if is_packed else text[:_MAX_TEXT_BYTES]
    return _inflated(text[1:], _MAX_TEXT_BYTES) if name == b"zTXt" else text[:_MAX_TEXT_BYTES]


def _inflated(packed: bytes, most: int) -> bytes:
    """Unpacked; empty when it is damaged or more than ``most`` bytes."""
    try:
        found = zlib.decompressobj().decompress(packed, most + 1)
    except zlib.error:
        return b""
    return found if len(found) <= most else b""
