"""A picture that somebody dropped, pasted or chose: a file or an image, and its bytes as a phone would upload them."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from app.core.errors import PictureEmpty, PictureTooLarge, PictureUnsupported

_tr = partial(QCoreApplication.translate, "picked")

MB = 2**20
_QUALITY = 95
Picked = Path | QImage


def may_be_picture(mime: QMimeData) -> bool:
    """Whether ``mime`` holds a file of this computer or an image; asked while something is dragged over the window."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def picked(mime: QMimeData) -> Picked | None:
    """The first file, else the image."""
    for url in mime.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    image = mime.imageData() if mime.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


async def read(source: Picked, most_mb: int) -> bytes:
    """What would be uploaded. Raises a ``PictureError`` in words for the one at the window."""
    return await asyncio.to_thread(_read, source, most_mb)


def _read(source: Picked, most_mb: int) -> bytes:
    data = _encode(source) if isinstance(source, QImage) else _read_file(source, most_mb * MB)
    if len(data) > most_mb * MB:
        raise PictureTooLarge(_tr("The picture is larger than {mb} MB, the most that is taken.").format(mb=most_mb))
    if not data:
        raise PictureEmpty(_tr("The file is empty."))
    return data


def _read_file(path: Path, most_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        text = _tr("The file cannot be read: {why}.").format(why=error.strerror or type(error).__name__)
        raise PictureUnsupported(text) from None


def _encode(image: QImage) -> bytes:
    """An image without a file (a screenshot, a picture copied in a browser)."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"PNG" if image.hasAlphaChannel() else b"JPEG"))
    if not image.hasAlphaChannel():
        writer.setQuality(_QUALITY)
    if not writer.write(image):
        raise PictureUnsupported(_tr("The picture on the clipboard cannot be read."))
    return bytes(buffer.data().data())
