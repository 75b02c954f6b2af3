"""Beside the cards: how the frame that was chosen among them was decided."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.frames.beside import Beside
from app.ui.frames.frame_view import FrameView
from app.ui.frames.inspector import FrameInspector
from app.ui.live.profile_card import ProfileFeed
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.theme import MARGIN_PX


class Trace(Beside):
    """Walks along the film of the frame's profile."""

    def __init__(
        self, services: Services, bridge: Bridge, cards: QWidget, feeds: Mapping[str, ProfileFeed], parent: QWidget
    ) -> None:
        self.inspector = FrameInspector(services, bridge, services.provider_label, parent)
        super().__init__(cards, self.inspector, parent)
        self._feeds = feeds
        self.inspector.setContentsMargins(0, 0, MARGIN_PX, 0)  # of the tab's own, the cards' scroll bar takes the room
        self._chosen_from: QWidget | None = None
        self.inspector.left.connect(self._close)
        self.inspector.stepped.connect(self._step)

    def show_frame(self, frame: FrameView, image: QImage | None = None) -> None:
        """``image``: what the card shows of it, until its own picture is there."""
        self._chosen_from = self.window().focusWidget()
        self.open(on=True)
        self.inspector.show_frame(frame.frame_id, frame)
        if image is not None:
            self.inspector.page.picture.show_image(image)
        self.inspector.setFocus()
        self._step(0)

    def _close(self) -> None:
        self.inspector.show_nothing()
        self.open(on=False)
        if self._chosen_from is not None and isValid(self._chosen_from):
            self._chosen_from.setFocus()

    def _step(self, frames: int) -> None:
        shown = self.inspector.frame
        film = tuple(self._feeds[shown.username].frames) if shown is not None and shown.username in self._feeds else ()
        places = {frame.frame_id: place for place, frame in enumerate(film)}
        place = places.get(self.inspector.frame_id, -1)
        if frames and place >= 0 and 0 <= place + frames < len(film):
            place += frames
            self.inspector.show_frame(film[place].frame_id, film[place])
        self.inspector.show_place(has_newer=place > 0, has_older=0 <= place < len(film) - 1)
