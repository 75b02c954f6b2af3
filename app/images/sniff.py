"""What a file is, by its first bytes: neither its name nor its Content-Type is asked.

Width and height are read here too, so that a decompression bomb is refused before Pillow opens anything.
"""

from __future__ import annotations

from typing import Literal

from app.core.errors import PictureDamaged, PictureEmpty, PictureUnsupported
from app.images.limits import Size

Format = Literal["JPEG", "PNG", "GIF", "BMP", "WEBP"]

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIF_BRANDS = frozenset({b"mif1", b"mif2", b"msf1", b"miaf", b"MA1B", b"MA1A"})
"""Of the container alone: either may be in it."""


def sniff(upload: bytes) -> Format:
    """The format by content. Raises PictureEmpty or PictureUnsupported (SVG, EPS, PDF, HTML, TIFF, HEIC, anything)."""
    if not upload:
        raise PictureEmpty
    if upload.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if upload.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if upload.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if upload.startswith(b"BM"):
        return "BMP"
    if upload.startswith(b"RIFF") and upload[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(upload)
    if brands & _AVIF_BRANDS:
        raise PictureUnsupported("AVIF photos are not supported. Use JPEG.")
    if brands & _HEIC_BRANDS:
        raise PictureUnsupported("HEIC photos are not supported. Use JPEG.")
    if brands & _HEIF_BRANDS:
        raise PictureUnsupported("HEIC and AVIF photos are not supported. Use JPEG.")
    raise PictureUnsupported


def _brands(upload: bytes) -> set[bytes]:
    """A HEIF file lists its brands in its first box: length, ``ftyp``, major brand, version, the others in any order.

    A length of 1 stands for one of 8 bytes behind the name, 0 for the whole file.
    """
    if upload[4:8] != b"ftyp":
        return set()
    length = int.from_bytes(upload[:4], "big")
    begins = 16 if length == 1 else 8
    box = upload[begins : min(length, 256) if length > 1 else 256]
    return {box[at : at + 4] for at in range(0, len(box), 4)}


def size_of(upload: bytes, kind: Format) -> Size:
    """Width and height in px as the header of a PNG, GIF, BMP or WebP says them. Raises PictureDamaged when cut."""
    if len(upload) < 30:  # the shortest of these headers that holds a size
        raise PictureDamaged
    if kind == "PNG":
        return int.from_bytes(upload[16:20], "big"), int.from_bytes(upload[20:24], "big")
    if kind == "GIF":
        return _little(upload, 6, 2), _little(upload, 8, 2)
    if kind == "BMP":
        return _bmp_size(upload)
    return _webp_size(upload)


def _bmp_size(upload: bytes) -> Size:
    if _little(upload, 14, 4) == 12:  # OS/2 header
        return _little(upload, 18, 2), _little(upload, 20, 2)
    height = int.from_bytes(upload[22:26], "little", signed=True)
    return _little(upload, 18, 4), abs(height)  # a negative height means: top row first


def _webp_size(upload: bytes) -> Size:
    """The three kinds of WebP: https://developers.google.com/speed/webp/docs/riff_container."""
    chunk = upload[12:16]
    if chunk == b"VP8X":
        return _little(upload, 24, 3) + 1, _little(upload, 27, 3) + 1
    if chunk == b"VP8L":
        bits = _little(upload, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return _little(upload, 26, 2) & 0x3FFF, _little(upload, 28, 2) & 0x3FFF
    raise PictureDamaged


def _little(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")
