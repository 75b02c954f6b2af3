"""The pictures of the live tab, at the sizes in which it shows them, each also blurred: for the eyes of others."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from app.ui.frames.thumbnails import Thumbnails
from app.ui.live.film_strip import SIDE_PX as FILM_PX
from app.ui.live.profile_card import PICTURE_PX as NEWEST_PX

NEWEST, FILM, LARGE = "newest", "film", "large"


class BlurredPictures(QObject):
    """``newest(username, image)`` and ``large(frame_id, image)`` give a picture to show in place of the last one;
    ``film_changed`` tells that ``still`` has new ones."""

    newest = Signal(str, QImage)
    large = Signal(str, QImage)
    film_changed = Signal()

    def __init__(self, ratio: float, parent: QObject) -> None:
        super().__init__(parent)
        self._ratio = ratio
        self.is_blurred = False
        self._asked: set[str] = set()
        self._newest: dict[str, tuple[QImage, QImage]] = {}
        self._large: tuple[str, QImage, QImage] | None = None
        self._stills: dict[str, tuple[QPixmap, QPixmap]] = {}
        self._thumbnails = Thumbnails(self)
        self._thumbnails.ready.connect(self._keep)

    def blur(self, on: bool) -> None:
        """What is shown changes at once: both copies of it are at hand."""
        self.is_blurred = on
        for username, pair in self._newest.items():
            self.newest.emit(username, pair[on])
        if self._large is not None:
            self.large.emit(self._large[0], self._large[1 + on])
        self.film_changed.emit()

    def still(self, frame_id: str) -> QPixmap | None:
        """The frame's picture for the film strip."""
        pair = self._stills.get(frame_id)
        return None if pair is None else pair[self.is_blurred]

    def has_newest(self, username: str) -> bool:
        """Or soon will have."""
        return username in self._asked

    def forget(self, username: str) -> None:
        self._asked.discard(username)
        self._newest.pop(username, None)

    def keep_only(self, frame_ids: Iterable[str]) -> None:
        """Let the film's other pictures go."""
        for old in self._stills.keys() - set(frame_ids):
            del self._stills[old]

    def __len__(self) -> int:
        return len(self._stills)

    def show_newest(self, username: str, frame_id: str, jpeg: bytes) -> None:
        self._asked.add(username)
        self._thumbnails.request((NEWEST, username), frame_id, jpeg, round(NEWEST_PX * self._ratio))

    def add_still(self, frame_id: str, jpeg: bytes) -> None:
        self._thumbnails.request((FILM, frame_id), frame_id, jpeg, round(FILM_PX * self._ratio))

    def show_large(self, frame_id: str, jpeg: bytes, side_px: int) -> None:
        self._thumbnails.request((LARGE, frame_id), frame_id, jpeg, round(side_px * self._ratio))

    def end_large(self) -> None:
        self._large = None

    def close(self) -> None:
        self._thumbnails.close()

    def _keep(self, place: tuple[str, str], frame_id: str, image: QImage, blurred: QImage) -> None:
        kind, name = place
        if kind == LARGE:
            self._large = (frame_id, image, blurred)
            self.large.emit(frame_id, self._large[1 + self.is_blurred])
            return
        if kind == NEWEST:
            self._newest[name] = (image, blurred)
            self.newest.emit(name, self._newest[name][self.is_blurred])
        self._stills[frame_id] = (self._small(image), self._small(blurred))
        self.film_changed.emit()

    def _small(self, image: QImage) -> QPixmap:
        side_px = round(FILM_PX * self._ratio)
        fitted, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        return QPixmap.fromImage(image.scaled(side_px, side_px, fitted, smooth))
