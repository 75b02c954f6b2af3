"""A PNG without its extras: text, profiles, animation and what else hangs on it never reach Pillow.

It is both for privacy and for safety: compressed text and profiles are bombs of their own.
"""

from __future__ import annotations

from app.core.errors import PictureDamaged

_SIGNATURE_BYTES = 8
_WANTED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})


def essentials(upload: bytes) -> tuple[bytes, bytes]:
    """The PNG with only the chunks that make its pixels, and its EXIF block (empty when there is none).

    Raises PictureDamaged when it is cut before its end. Checksums are left to the decoder.
    """
    kept, exif, at = [upload[:_SIGNATURE_BYTES]], b"", _SIGNATURE_BYTES
    while at + 12 <= len(upload):
        end = at + 12 + int.from_bytes(upload[at : at + 4], "big")
        name = upload[at + 4 : at + 8]
        if name in _WANTED:
            kept.append(upload[at:end])
        elif name == b"eXIf":
            exif = upload[at + 8 : end - 4]
        if name == b"IEND":
            return b"".join(kept), exif
        at = end
    raise PictureDamaged
