"""One number of an EXIF block or an XMP packet: which way is up.

Read by hand, because Pillow's reader warns or raises on broken blocks, and a broken block must change nothing.
"""

from __future__ import annotations

import re
from typing import Literal

EXIF = b"Exif\0"
"""An EXIF block begins with it, and one more byte, where it is not the only thing there can be."""
XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ORIENTATION_TAG = 0x0112
_ENTRY_BYTES = 12
_BYTES_OF_TYPE = {1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4}
"""The whole numbers of TIFF, by its types: SHORT is right, writers use the others too."""
_TIFF_PREFIX = re.compile(rb"xmlns:([\w.-]{1,32})\s{0,9}=\s{0,9}[\"']http://ns\.adobe\.com/tiff/1\.0/[\"']")
"""The name is the writer's to choose; most choose ``tiff``."""
_IN_XMP = rb"[\s<]%s:Orientation\s{0,9}(?:=\s{0,9}[\"']|>)\s{0,9}([1-8])[^0-9]"


def orientation(block: bytes) -> int:
    """The orientation, 1 to 8, of an EXIF block or XMP packet, with its prefix or without; 0 when it says none."""
    if block.startswith((XMP, b"<", b"\xef\xbb\xbf<")):
        packet = block.replace(b"\0", b"")  # of UTF-16, too
        prefix = _TIFF_PREFIX.search(packet)
        found = re.search(_IN_XMP % re.escape(prefix[1] if prefix else b"tiff"), packet)
        return int(found[1]) if found else 0
    tiff = block[len(EXIF) + 1 :] if block.startswith(EXIF) else block
    order: Literal["little", "big"] = "big" if tiff.startswith(b"MM") else "little"
    if not tiff.startswith((b"II*\0", b"MM\0*")):
        return 0
    directory = int.from_bytes(tiff[4:8], order)
    count = int.from_bytes(tiff[directory : directory + 2], order)
    for number in range(count):
        at = directory + 2 + number * _ENTRY_BYTES
        entry = tiff[at : at + _ENTRY_BYTES]
        if len(entry) < _ENTRY_BYTES:
            return 0
        if int.from_bytes(entry[:2], order) == _ORIENTATION_TAG:
            return _valid(entry, order)
    return 0


def _valid(entry: bytes, order: Literal["little", "big"]) -> int:
    length = _BYTES_OF_TYPE.get(int.from_bytes(entry[2:4], order), 0)
    value = int.from_bytes(entry[8 : 8 + length], order)
    return value if 1 <= value <= 8 else 0
