"""The door to Pillow's decoders: five classes by name, so no other one can be reached, and one kind of failure.

``LOAD_TRUNCATED_IMAGES`` is never set: it is a global, and other threads decode at the same time.
"""

from __future__ import annotations

import ctypes
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from app.core.errors import PictureDamaged, PictureTooLarge
from app.images.limits import Size
from app.images.sniff import Format

_DECODERS: dict[Format, type[ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    "WEBP": WebPImageFile,
}

# A picture in one piece: the C library gives a large piece back to the system at once. Pieces of 16 MB, as Pillow takes
# them, it keeps: a server that decoded one large picture stayed 150 MB larger.
Image.core.set_block_size(256 * 2**20)  # type: ignore[attr-defined]
_LARGE_PIECE = 2**20
"""What a frame of the glasses takes is smaller, and is kept for the next one."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def _keep_no_large_pieces() -> None:
    """glibc raises what it counts as large with each such piece that is freed, to 32 MB, and keeps the smaller ones, in
    a heap for each thread: a server that decoded three pictures of 49 megapixels stayed 60 MB larger."""
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_M_MMAP_THRESHOLD, _LARGE_PIECE)
        mallopt(_M_TRIM_THRESHOLD, 2 * _LARGE_PIECE)


_keep_no_large_pieces()


@contextmanager
def pillow_errors() -> Iterator[None]:
    """Whatever Pillow raises inside becomes PictureDamaged or PictureTooLarge. Only Pillow's own calls go inside."""
    try:
        yield
    except (MemoryError, Image.DecompressionBombError) as error:
        raise PictureTooLarge from error
    except Exception as error:  # a hostile file makes Pillow raise nearly anything, warnings turned errors included
        raise PictureDamaged from error


def decode(data: bytes, kind: Format) -> Image.Image:
    """The first frame, decoded, in the mode the file has. Raises PictureDamaged, PictureTooLarge."""
    with pillow_errors():
        image = _DECODERS[kind](io.BytesIO(data))
        image.load()
    return image


def decode_jpeg(data: bytes, size: Size | None = None, mode: str | None = None) -> Image.Image:
    """A JPEG, decoded at 1/1, 1/2, 1/4 or 1/8 (the smallest that is at least ``size``), as ``mode`` if possible.

    Every scale reads the whole of the compressed data, so every scale finds the same damage.
    """
    with pillow_errors():
        image = JpegImageFile(io.BytesIO(data))
        image.draft(mode, size)
        image.load()
    return image
