"""One number of an EXIF block: which way is up.

Read by hand, because Pillow's reader warns or raises on broken blocks, and a broken block must change nothing.
"""

from __future__ import annotations

from typing import Literal

_PREFIX = b"Exif\0\0"
_ORIENTATION_TAG = 0x0112
_SHORT = 3
_ENTRY_BYTES = 12


def orientation(block: bytes) -> int:
    """The orientation, 1 to 8, of an EXIF block with or without its ``Exif`` prefix; 1 when absent, broken or wrong."""
    tiff = block.removeprefix(_PREFIX)
    order: Literal["little", "big"] = "big" if tiff.startswith(b"MM") else "little"
    if not tiff.startswith((b"II*\0", b"MM\0*")):
        return 1
    directory = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[directory : directory + 2], order)
    for number in range(count):
        at = directory + 2 + number * _ENTRY_BYTES
        entry = tiff[at : at + _ENTRY_BYTES]
        if len(entry) < _ENTRY_BYTES:
            return 1
        if int.from_bytes(entry[:2], order) == _ORIENTATION_TAG:
            return _valid(entry, order)
    return 1


def _valid(entry: bytes, order: Literal["little", "big"]) -> int:
    value = int.from_bytes(entry[8:10], order)
    return value if int.from_bytes(entry[2:4], order) == _SHORT and 1 <= value <= 8 else 1
