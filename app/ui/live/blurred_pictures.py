"""The pictures of the live tab, at the sizes in which it shows them, each also blurred: for the eyes of others."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from app.ui.frames.thumbnails import Thumbnails
from app.ui.live.film_strip import SIDE_PX as FILM_PX

NEWEST, FILM = "newest", "film"
CHEAP_PX, NEARLY_PX = 360, 480
"""What glasses send, mostly 720 pixels, is decoded to its half in a third of the time that a little more takes: that is
shown in room for up to so many pixels."""
MOST_NEWEST = 3
"""Pictures that are held of a profile: the one that is shown, and newer ones until an answer is there."""


class BlurredPictures(QObject):
    """``arrived(username)`` tells that ``newest`` knows one more, ``changed`` that all are others now, ``film_changed``
    that ``still`` has new ones."""

    arrived = Signal(str)
    changed = Signal()
    film_changed = Signal()

    def __init__(self, ratio: float, parent: QObject) -> None:
        super().__init__(parent)
        self._ratio = ratio
        self.is_blurred = False
        self._asked: dict[str, str] = {}
        self._last: dict[str, tuple[bytes, QSize]] = {}
        """What was asked, and for how much room."""
        self._newest: dict[str, dict[str, tuple[QImage, QImage] | None]] = {}
        self._stills: dict[str, tuple[QPixmap, QPixmap]] = {}
        self._thumbnails = Thumbnails(self)
        self._thumbnails.ready.connect(self._keep)
        self._thumbnails.damaged.connect(self._miss)

    def blur(self, on: bool) -> None:
        """What is shown changes at once: both copies of it are at hand."""
        self.is_blurred = on
        self.changed.emit()
        self.film_changed.emit()

    def still(self, frame_id: str) -> QPixmap | None:
        """The frame's picture for the film strip."""
        pair = self._stills.get(frame_id)
        return None if pair is None else pair[self.is_blurred]

    def newest(self, username: str, frame_id: str) -> QImage | None:
        """The frame's picture for its card; None where there is none, or it is not there yet."""
        pair = self._newest.get(username, {}).get(frame_id)
        return None if pair is None else pair[self.is_blurred]

    def is_known(self, username: str, frame_id: str) -> bool:
        """Whether ``newest`` says all that is to be said of it."""
        return frame_id in self._newest.get(username, {})

    def is_coming(self, username: str, frame_id: str) -> bool:
        return self._asked.get(username) == frame_id and not self.is_known(username, frame_id)

    def has_none(self, username: str, frame_id: str) -> None:
        """Nobody has that frame's picture."""
        self._note_newest(username, frame_id, None)

    def forget(self, username: str) -> None:
        self._asked.pop(username, None)
        self._last.pop(username, None)
        self._newest.pop(username, None)

    def keep_only(self, frame_ids: Iterable[str]) -> None:
        """Let the film's other pictures go."""
        for old in self._stills.keys() - set(frame_ids):
            del self._stills[old]

    def __len__(self) -> int:
        return len(self._stills)

    def show_newest(self, username: str, frame_id: str, jpeg: bytes, room: QSize) -> None:
        """Decode it as it fits into ``room``."""
        self._asked[username] = frame_id
        self._last[username] = (jpeg, room)
        room = room * self._ratio
        if CHEAP_PX < max(room.width(), room.height()) <= NEARLY_PX:
            room = room.scaled(CHEAP_PX, CHEAP_PX, Qt.AspectRatioMode.KeepAspectRatio)
        self._thumbnails.request((NEWEST, username), frame_id, jpeg, room.width(), room.height())

    def fit_newest(self, username: str, room: QSize) -> None:
        """Decode it anew where ``room`` is more than it was: shown larger than it is, it is soft."""
        jpeg, before = self._last.get(username, (b"", room))
        if room.width() > before.width() or room.height() > before.height():
            self.show_newest(username, self._asked[username], jpeg, room)

    def add_still(self, frame_id: str, jpeg: bytes) -> None:
        self._thumbnails.request((FILM, frame_id), frame_id, jpeg, round(FILM_PX * self._ratio))

    def close(self) -> None:
        self._thumbnails.close()

    def _keep(self, place: tuple[str, str], frame_id: str, image: QImage, blurred: QImage) -> None:
        kind, name = place
        if kind == NEWEST:
            self._note_newest(name, frame_id, (image, blurred))
        self._stills[frame_id] = (self._small(image), self._small(blurred))
        self.film_changed.emit()

    def _miss(self, place: tuple[str, str], frame_id: str) -> None:
        if place[0] == NEWEST:
            self._note_newest(place[1], frame_id, None)

    def _note_newest(self, username: str, frame_id: str, pair: tuple[QImage, QImage] | None) -> None:
        known = self._newest.setdefault(username, {})
        known[frame_id] = pair
        while len(known) > MOST_NEWEST:
            del known[next(iter(known))]
        self.arrived.emit(username)

    def _small(self, image: QImage) -> QPixmap:
        side_px = round(FILM_PX * self._ratio)
        fitted, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        return QPixmap.fromImage(image.scaled(side_px, side_px, fitted, smooth))
