"""Malformed pictures for Hypothesis to draw: real files of tests/data, cut, spliced, flipped and lied about."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "data" / "images"
FILES = tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.*")) if path.suffix not in (".jsonl", ".heic"))
"""With bombs, broken profiles and what is no picture among them."""
PNGS = tuple(data for data in FILES if data.startswith(b"\x89PNG"))
JPEGS = tuple(data for data in FILES if data.startswith(b"\xff\xd8\xff"))
RIFFS = tuple(data for data in FILES if data.startswith(b"RIFF"))
GIFS = tuple(data for data in FILES if data.startswith(b"GIF8"))

Draw = Callable[[st.SearchStrategy[int]], int]
SIZES = st.sampled_from((0, 1, 10, 11, 255, 2_049, 7_071, 9_000, 30_000, 65_535, 2**24 - 1, 2**31 - 1, 2**32 - 1))
ODD_BYTES = st.sampled_from((0x00, 0xFF, 0x7F, 0x80, 0xD8, 0xD9, 0xDA, 0xC0))


def at(data: bytes) -> st.SearchStrategy[int]:
    """A place in ``data``, half of the time in its header."""
    last = max(len(data) - 1, 0)
    return st.one_of(st.integers(0, min(last, 64)), st.integers(0, last))


PIXELS = tuple(zlib.compress(bytes(count), 1) for count in (0, 1_000, 5_000_000, 60_000_000))


# --- of any file -------------------------------------------------------------------------------------------------


@st.composite
def cut(draw: Draw) -> bytes:
    data = draw(st.sampled_from(FILES))
    return data[: draw(at(data))]


@st.composite
def spliced(draw: Draw) -> bytes:
    """The beginning of one, the rest of another."""
    one, other = draw(st.sampled_from(FILES)), draw(st.sampled_from(FILES))
    return one[: draw(at(one))] + other[draw(at(other)) :]


@st.composite
def flipped(draw: Draw) -> bytes:
    data = bytearray(draw(st.sampled_from(FILES)) or b"\0")
    for _ in range(draw(st.sampled_from((1, 3, 30)))):
        place = draw(at(bytes(data)))
        data[place] = draw(ODD_BYTES) if draw(st.booleans()) else data[place] ^ (1 << draw(st.integers(0, 7)))
    return bytes(data)


@st.composite
def wrong_length(draw: Draw) -> bytes:
    """Two or four bytes somewhere now say another length."""
    data = draw(st.sampled_from(FILES))
    place, size, order = draw(at(data)), draw(SIZES), draw(st.sampled_from(("<", ">")))
    said = struct.pack(f"{order}H", size & 0xFFFF) if draw(st.booleans()) else struct.pack(f"{order}I", size)
    return data[:place] + said + data[place + len(said) :]


@st.composite
def repeated(draw: Draw) -> bytes:
    data = draw(st.sampled_from(FILES))
    begin = draw(at(data))
    piece = data[begin : begin + draw(st.sampled_from((2, 20, 400)))]
    return data[:begin] + piece * draw(st.sampled_from((2, 50, 2_000))) + data[begin:]


# --- of one kind -------------------------------------------------------------------------------------------------


def png_chunk(name: bytes, body: bytes, length: int | None = None) -> bytes:
    said = len(body) if length is None else length
    return struct.pack(">I", said) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int, *, bit_depth: int, colour: int) -> bytes:
    """A whole and small PNG of that size, all of one colour: within the limit of pixels or far over it."""
    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour, 0, 0, 0)
    row_bytes = 1 + width * bit_depth * {0: 1, 2: 3, 6: 4}[colour] // 8
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(row_bytes)) for _ in range(min(height, 7_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def webp_claiming(width: int, height: int) -> bytes:
    """A whole WebP of that size in 34 bytes, all of one colour."""
    head = struct.pack("<I", (width - 1) | (height - 1) << 14 | 1 << 28)
    body = b"\x2f" + head + bytes.fromhex("071011118888fe07")
    return b"RIFF" + struct.pack("<I", 26) + b"WEBPVP8L" + struct.pack("<I", len(body)) + body + b"\0"


def progressive_claiming(width: int, height: int, *, sampling: int) -> bytes:
    """A small progressive JPEG that says it is that large; ``sampling`` 0x22 halves its colours, 0x11 does not."""
    data = bytearray((FOLDER / "progressive.jpg").read_bytes())
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    data[frame + 11] = sampling
    return bytes(data)


@st.composite
def png_made_up(draw: Draw) -> bytes:
    """Any header, pixels that are cut, too many or none, and chunks that do not belong."""
    width, height = draw(SIZES), draw(SIZES)
    header = struct.pack(">IIBBBBB", width, height, *(draw(st.sampled_from((0, 1, 2, 3, 6, 8, 16))) for _ in range(5)))
    pixels = draw(st.sampled_from(PIXELS))
    pixels = pixels[: len(pixels) * draw(st.integers(1, 4)) // 4]
    chunks = [
        png_chunk(b"IDAT", pixels),
        png_chunk(b"PLTE", bytes(draw(st.sampled_from((0, 3, 768, 770))))),
        png_chunk(b"tRNS", bytes(draw(st.integers(0, 300)))),
        png_chunk(b"zTXt", b"k\0\0" + PIXELS[-1]),
        png_chunk(b"eXIf", nested_exif(draw(st.integers(0, 40)))),
        png_chunk(b"acTL", bytes(8)),
        png_chunk(b"IDAT", b"x", length=draw(SIZES)),
    ]
    order = draw(st.permutations(chunks))[: draw(st.integers(1, len(chunks)))]
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + b"".join(order) + png_chunk(b"IEND", b"")


@st.composite
def png_of_another_size(draw: Draw) -> bytes:
    """Checksum and all, but the pixels are those of the real one."""
    data = draw(st.sampled_from(PNGS))
    header = struct.pack(">II", draw(SIZES), draw(SIZES)) + data[24:29]
    return data[:8] + png_chunk(b"IHDR", header) + data[33:]


def nested_exif(depth: int, order: str = ">") -> bytes:
    """Directories that point at one another, the last one at the first."""
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}I", 8)
    directories = b""
    for level in range(depth):
        following = 8 if level == depth - 1 else 8 + (level + 1) * 18
        directories += struct.pack(f"{order}HHHIII", 1, 0x8769, 4, 1, following, following)
    return head + directories


@st.composite
def jpeg_with_exif(draw: Draw) -> bytes:
    data = draw(st.sampled_from(JPEGS))
    block = nested_exif(draw(st.integers(0, 1_000)), draw(st.sampled_from(("<", ">"))))
    block = b"Exif\0\0" + block[: draw(st.integers(0, len(block)))] + struct.pack(">I", draw(SIZES))
    said = draw(st.sampled_from((len(block) + 2, 2, 0, 65_535)))
    return data[:2] + (b"\xff\xe1" + struct.pack(">H", said) + block) * draw(st.integers(1, 3)) + data[2:]


@st.composite
def jpeg_of_another_size(draw: Draw) -> bytes:
    """The frame header says another width and height; or its components' factors are odd."""
    data = bytearray(draw(st.sampled_from(JPEGS)))
    frame = next((data.find(b"\xff" + bytes([kind])) for kind in (0xC0, 0xC2) if b"\xff" + bytes([kind]) in data), -1)
    if 0 <= frame < len(data) - 20:
        data[frame + 5 : frame + 9] = struct.pack(">HH", draw(SIZES) & 0xFFFF, draw(SIZES) & 0xFFFF)
        data[frame + 11] = draw(st.sampled_from((data[frame + 11], 0x44, 0x11, 0x00, 0xFF)))
    return bytes(data)


@st.composite
def mpo(draw: Draw) -> bytes:
    """Pictures in one file, and an index that lies about where they are."""
    entries = draw(st.integers(0, 5))
    index = b"MPF\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3)
    index += struct.pack("<HHI4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHII", 0xB001, 4, 1, draw(SIZES))
    index += struct.pack("<HHII", 0xB002, 7, 16 * entries, draw(SIZES)) + struct.pack("<I", draw(SIZES))
    index += b"".join(struct.pack("<IIIHH", draw(SIZES), draw(SIZES), draw(SIZES), 0, 0) for _ in range(entries))
    one, other = draw(st.sampled_from(JPEGS)), draw(st.sampled_from(JPEGS))
    return one[:2] + b"\xff\xe2" + struct.pack(">H", len(index) + 2) + index + one[2:] + other


@st.composite
def riff(draw: Draw) -> bytes:
    """A WebP whose chunks lie about their length, come twice or in another order."""
    data = draw(st.sampled_from(RIFFS))
    chunk = draw(st.sampled_from((b"VP8X", b"VP8 ", b"VP8L", b"EXIF", b"ANIM", b"ANMF", b"ICCP", b"ALPH")))
    body = draw(st.binary(max_size=40))
    said = struct.pack("<I", draw(SIZES)) if draw(st.booleans()) else struct.pack("<I", len(body))
    place = draw(st.sampled_from((12, 30, len(data))))
    return b"RIFF" + struct.pack("<I", draw(SIZES)) + b"WEBP" + data[12:place] + chunk + said + body + data[place:]


@st.composite
def gif(draw: Draw) -> bytes:
    """Any screen, any first frame in it, and a code size that is none."""
    data = bytearray(draw(st.sampled_from(GIFS)))
    data[6:10] = struct.pack("<HH", draw(SIZES) & 0xFFFF, draw(SIZES) & 0xFFFF)
    frame = data.find(b"\x2c", 13)
    if 0 <= frame < len(data) - 12:
        data[frame + 1 : frame + 9] = struct.pack("<HHHH", *(draw(SIZES) & 0xFFFF for _ in range(4)))
        data[frame + 10] = draw(st.sampled_from((data[frame + 10], 0, 12, 255)))
    return bytes(data)


@st.composite
def bmp(draw: Draw) -> bytes:
    header = struct.pack(
        "<IiiHHIIiiII", draw(st.sampled_from((12, 40, 56, 64, 108, 124, 0xFFFF))), draw(SIZES) - 2**31,
        draw(SIZES) - 2**31, 1, draw(st.sampled_from((0, 1, 4, 8, 16, 24, 32, 64))), draw(st.integers(0, 7)),
        draw(SIZES), 0, 0, draw(SIZES), 0,
    )  # fmt: skip
    return b"BM" + struct.pack("<III", draw(SIZES), 0, draw(SIZES)) + header + draw(st.binary(max_size=400))


ANY_FILE = (cut(), spliced(), flipped(), wrong_length(), repeated())
ONE_KIND = (
    png_made_up(), png_of_another_size(), jpeg_with_exif(), jpeg_of_another_size(), mpo(), riff(), gif(), bmp(),
)  # fmt: skip
MALFORMED: st.SearchStrategy[bytes] = st.one_of(*ANY_FILE, *ONE_KIND)
