"""A JPEG as its segments: what it is, which of them are metadata, where its data ends.

The walk follows ITU-T T.81 annex B. Pillow is given only what this file puts together again, so no EXIF block, profile
or second picture reaches its parsers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from app.core.errors import PictureDamaged, PictureUnsupported
from app.images.exif import EXIF, XMP, orientation
from app.images.limits import Size

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_RST0 = 0xD0
_BASELINE, _EXTENDED, _PROGRESSIVE, _ARITHMETIC, _ARITHMETIC_PROGRESSIVE = 0xC0, 0xC1, 0xC2, 0xC9, 0xCA
_DECODABLE = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE, _ARITHMETIC, _ARITHMETIC_PROGRESSIVE})
_DHT, _DAC, _END, _SOS, _DQT, _DNL, _DRI, _APP0, _APP1, _APP2, _APP14, _COM = (
    0xC4, 0xCC, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE,
)  # fmt: skip
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8, _DAC}
_METADATA = frozenset({*range(0xE0, 0xF0), _COM})
_BETWEEN_SCANS = _METADATA | {_DHT, _DAC, _DQT, _DRI, _DNL, _SOS}
_MARKER = re.compile(rb"\xff([^\xff])")
"""Fill bytes before a marker are 0xFF too."""
_MARKER_IN_SCAN = re.compile(rb"\xff[\x01-\xfe]")
"""The first marker that is no stuffed zero: in most pictures that which ends the scan."""
_END_OF_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""The first marker that is neither a stuffed zero nor a restart marker."""
_MAX_SCANS = 100
"""Ten are usual. Each scan makes a decoder walk the whole picture: thousands are an attack on the processor."""
_MAX_SEGMENTS = 1000
_JFIF_BYTES = 18
_ICC = b"ICC_PROFILE\0"


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A JPEG taken apart.

    ``head``: what is kept from behind the start marker to the last scan's header; ``data``: that scan's data, restart
    markers included. ``component_ids``: one byte each; ``sampling``: horizontal and vertical factor of each.
    ``is_multi_scan``: progressive, or its components one after the other. ``restart_interval``: in MCUs, 0 = none.
    ``has_restarts``: that scan's data holds restart markers. ``has_end``: an end marker closed it. ``orientation``: 1
    to 8. ``profile``: that of its colours, unread. ``adobe``: the colour transform of that segment, None without one.
    """

    head: bytes = field(repr=False)
    data: bytes = field(repr=False)
    size: Size
    frame_type: int
    component_ids: bytes
    sampling: tuple[tuple[int, int], ...]
    is_multi_scan: bool
    has_end: bool
    restart_interval: int
    has_restarts: bool
    orientation: int
    profile: bytes = field(repr=False)
    has_jfif: bool
    has_huffman_tables: bool
    adobe: int | None

    @property
    def is_plain(self) -> bool:
        """Colour in a coding that any decoder reads alike, without help of the Adobe segment."""
        coded = self.frame_type in {_BASELINE, _PROGRESSIVE} and self.has_huffman_tables
        return coded and len(self.component_ids) == 3 and not self.needs_adobe and not self._may_be_rgb

    @property
    def needs_adobe(self) -> bool:
        """Whether the colours change when the Adobe segment goes (libjpeg's rules, jdapimin.c)."""
        if self.adobe is None or len(self.component_ids) == 1:
            return False
        return len(self.component_ids) == 4 or (not self.has_jfif and (self.adobe != 1 or self._may_be_rgb))

    @property
    def _may_be_rgb(self) -> bool:
        return not self.has_jfif and self.component_ids == b"RGB"

    @property
    def coefficient_bytes(self) -> float:
        """What libjpeg holds beside the picture: of more than one scan all coefficients, at any scale."""
        if not self.is_multi_scan:
            return 0
        width, height = self.size
        blocks = sum(across * down for across, down in self.sampling)
        largest = max(across for across, _ in self.sampling) * max(down for _, down in self.sampling)
        return 2 * width * height * blocks / max(largest, 1)

    def with_data(self, data: bytes) -> Jpeg:
        """The same picture, other data in its last scan."""
        return replace(self, data=data)

    def to_bytes(self) -> bytes:
        """The file without metadata, ended by its end marker; the Adobe segment only where the colours need it."""
        adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0" + bytes([self.adobe or 0]) if self.needs_adobe else b""
        return b"".join((_SOI, adobe, self.head, self.data, _EOI))


def parse(upload: bytes) -> Jpeg:
    """Take the first picture of a JPEG apart; what follows its end marker is left out.

    Raises PictureDamaged (cut in its header, a second start, no data) or PictureUnsupported (lossless, 12 bits).
    """
    if not upload.startswith(_SOI):
        raise PictureDamaged
    walk = _Walk(upload)
    while walk.step():
        pass
    return walk.result()


@dataclass(slots=True)
class _Walk:
    """One walk over the segments: ``at`` is where it stands, the rest is what it found."""

    upload: bytes
    at: int = 2
    frame: bytes = b""
    pieces: list[bytes] = field(default_factory=list)
    data_pieces: list[int] = field(default_factory=list)
    segments: int = 0
    is_multi_scan: bool = False
    has_end: bool = False
    restart_interval: int = 0
    has_restarts: bool = False
    orientation: int = 0
    orientation_in_xmp: int = 0
    profile: dict[bytes, bytes] = field(default_factory=dict)
    has_jfif: bool = False
    has_huffman_tables: bool = False
    adobe: int | None = None

    def step(self) -> bool:
        """Take one marker; False at the end of the picture."""
        marker = _MARKER.search(self.upload, self.at)
        self.has_end = marker is not None and marker[1][0] == _END
        if marker is None or self.has_end or (self.data_pieces and not self.is_multi_scan):
            return False
        self.at = marker.end()
        self.segments += 1
        allowed = _BETWEEN_SCANS if self.data_pieces else _BETWEEN_SCANS | _FRAMES
        if marker[1][0] not in allowed or self.segments > _MAX_SEGMENTS:
            raise PictureDamaged  # another picture was spliced in, or the header stands twice, or it is no JPEG
        self._segment(marker[1][0])
        return True

    def _segment(self, marker: int) -> None:
        length = int.from_bytes(self.upload[self.at : self.at + 2], "big")
        body = self.upload[self.at + 2 : self.at + length]
        if length < 2 or len(body) < length - 2:
            raise PictureDamaged
        whole = b"\xff" + self.upload[self.at - 1 : self.at + length]
        self.at += length
        if marker in _METADATA:
            self._metadata(marker, body, whole)
        elif marker == _SOS:
            self._scan(whole)
        else:
            self._table(marker, body, whole)

    def _table(self, marker: int, body: bytes, whole: bytes) -> None:
        self.pieces.append(whole)
        if marker in _FRAMES:
            if self.frame:
                raise PictureDamaged
            self.frame = whole
        elif marker == _DRI:
            self.restart_interval = int.from_bytes(body[:2], "big")
        elif marker == _DHT and not self.data_pieces:
            self.has_huffman_tables = True

    def _metadata(self, marker: int, body: bytes, whole: bytes) -> None:
        if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 14 and not self.has_jfif:
            self.has_jfif = True
            # Without the thumbnail that may hang on it: it is a picture of its own.
            self.pieces.append(whole if len(whole) == _JFIF_BYTES else b"\xff\xe0\x00\x10" + body[:12] + b"\0\0")
        elif marker == _APP1 and body.startswith(EXIF):
            self.orientation = self.orientation or orientation(body)
        elif marker == _APP1 and body.startswith(XMP):
            self.orientation_in_xmp = self.orientation_in_xmp or orientation(body)
        elif marker == _APP2 and body.startswith(_ICC):
            self.profile.setdefault(body[len(_ICC) : len(_ICC) + 1], body[len(_ICC) + 2 :])
        elif marker == _APP14 and body.startswith(b"Adobe") and len(body) >= 12:
            self.adobe = body[11]

    def _scan(self, header: bytes) -> None:
        """Take a scan's header and data. Fill bytes at its end go: more data may be put there (truncation.py)."""
        if len(self.frame) < 10 or len(header) < 8 or len(self.data_pieces) >= _MAX_SCANS:
            raise PictureDamaged
        self.is_multi_scan = self.frame[1] in {_PROGRESSIVE, _ARITHMETIC_PROGRESSIVE} or header[4] < self.frame[9]
        end = _MARKER_IN_SCAN.search(self.upload, self.at)
        self.has_restarts = end is not None and end[0][1] & 0xF8 == _RST0
        if self.has_restarts:
            end = _END_OF_SCAN.search(self.upload, self.at)
        stop = end.start() if end else len(self.upload)
        self.pieces += [header, self.upload[self.at : stop].rstrip(b"\xff")]
        self.data_pieces.append(len(self.pieces) - 1)
        self.at = stop

    def result(self) -> Jpeg:
        """Put together what was found; what stands behind the last scan makes no pixels and is left out."""
        if not self.data_pieces:
            raise PictureDamaged
        last = self.data_pieces[-1]
        components = _components(self.frame)
        return Jpeg(
            head=b"".join(self.pieces[:last]),
            data=self.pieces[last],
            size=(int.from_bytes(self.frame[7:9], "big"), int.from_bytes(self.frame[5:7], "big")),
            frame_type=self.frame[1],
            component_ids=components[::3],
            sampling=tuple((factors >> 4, factors & 15) for factors in components[1::3]),
            is_multi_scan=self.is_multi_scan,
            has_end=self.has_end,
            restart_interval=self.restart_interval,
            has_restarts=self.has_restarts,
            orientation=self.orientation or self.orientation_in_xmp or 1,
            profile=b"".join(self.profile[number] for number in sorted(self.profile)),
            has_jfif=self.has_jfif,
            has_huffman_tables=self.has_huffman_tables,
            adobe=self.adobe,
        )


def _components(frame: bytes) -> bytes:
    """Three bytes a component, from the frame header: its id, its sampling factors, its table."""
    count, components = frame[9], frame[10:]
    if frame[1] not in _DECODABLE or frame[4] != 8 or count not in {1, 3, 4}:
        raise PictureUnsupported
    factors = components[1::3]
    if len(components) != 3 * count or not all(1 <= (f >> 4) <= 4 and 1 <= (f & 15) <= 4 for f in factors):
        raise PictureDamaged
    return components
