"""Pictures made small off the window's thread: two workers; of what waits for one place, the newest alone.

Each comes with its blurred copy, so that hiding what is shown takes no moment in which it can still be read.
"""

from __future__ import annotations

from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from app.core.errors import PictureError

WORKERS = 2
BLURRED_PX = 6
"""A blurred picture holds no more than this along its longer side: not even one large letter can be told."""
SPREAD_PX = 96
"""What it is spread to; whoever paints it larger smooths it by that."""


class Thumbnails(QObject):
    """``ready(place, frame_id, image, blurred)`` follows a ``request``, on the window's thread, for a damaged one
    ``damaged(place, frame_id)``. A slot may leave the last of them out."""

    ready = Signal(object, str, QImage, QImage)
    damaged = Signal(object, str)
    _finished = Signal(object, str, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="thumbnail")
        self._waiting: dict[Hashable, tuple[str, bytes, QSize]] = {}
        self._busy: set[Hashable] = set()
        self._closed = False
        self._finished.connect(self._end)
        self._pool.submit(_warm_up)

    def request(self, place: Hashable, frame_id: str, jpeg: bytes, side_px: int, height_px: int = 0) -> None:
        """Decode ``jpeg`` for ``place``, its longer side at most ``side_px``, or as it fits into ``side_px`` x
        ``height_px``; an older one still waiting is dropped."""
        if self._closed:
            return
        self._waiting[place] = (frame_id, jpeg, QSize(side_px, height_px or side_px))
        if place not in self._busy:
            self._begin(place)

    def close(self) -> None:
        """Drop what waits; a decode under way ends by itself."""
        self._closed = True
        self._waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.deleteLater()

    def _begin(self, place: Hashable) -> None:
        frame_id, jpeg, room = self._waiting.pop(place)
        self._busy.add(place)
        self._pool.submit(self._decode, place, frame_id, jpeg, room)

    def _decode(self, place: Hashable, frame_id: str, jpeg: bytes, room: QSize) -> None:
        """In a worker thread; the emitted signal crosses back by itself."""
        image: QImage | None = None
        hidden: QImage | None = None
        try:
            image = _fitted(small(jpeg, max(room.width(), room.height())), room)
            hidden = blurred(image)
        except PictureError:
            pass  # the frame's own error has told it
        finally:
            self._finished.emit(place, frame_id, image, hidden)

    def _end(self, place: Hashable, frame_id: str, image: QImage | None, hidden: QImage | None) -> None:
        self._busy.discard(place)
        if image is not None and hidden is not None:
            self.ready.emit(place, frame_id, image, hidden)
        else:
            self.damaged.emit(place, frame_id)
        if place in self._waiting:
            self._begin(place)


def _warm_up() -> None:
    """Pillow is imported here, after the first paint and before the first frame."""
    import app.images  # noqa: F401


def small(jpeg: bytes, side_px: int) -> QImage:
    """A copy of the picture for the screen. Raises PictureError."""
    from app.images import thumbnail

    made = thumbnail(jpeg, side_px)
    return QImage(made.rgb, made.width_px, made.height_px, 3 * made.width_px, QImage.Format.Format_RGB888).copy()


def _fitted(image: QImage, room: QSize) -> QImage:
    if image.width() <= room.width() and image.height() <= room.height():
        return image
    return image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def blurred(image: QImage) -> QImage:
    """``image`` in its shape with everything in it unreadable: averaged to a few pixels, then spread again."""
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    spread = image.scaled(BLURRED_PX, BLURRED_PX, keep, smooth)
    size = image.size().scaled(SPREAD_PX, SPREAD_PX, keep).boundedTo(image.size())
    while 2 * max(spread.width(), spread.height()) < max(size.width(), size.height()):
        spread = spread.scaled(2 * spread.width(), 2 * spread.height(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    return spread.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
