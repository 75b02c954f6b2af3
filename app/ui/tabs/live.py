"""What every pair of glasses sees and shows at this moment, and what it saw a moment before."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout

from app.core.events import FrameAnswered, FrameFailed, FrameReceived
from app.ui import frame_view
from app.ui.bridge import Bridge
from app.ui.dialogs.trace_dialog import PICTURE_PX as TRACE_PX
from app.ui.dialogs.trace_dialog import TraceDialog
from app.ui.frame_view import FrameView
from app.ui.marks import QT_TRANSLATE_NOOP
from app.ui.reel import Reel
from app.ui.services import Services
from app.ui.tabs.tab import Tab
from app.ui.theme import MARGIN_PX
from app.ui.thumbnails import Thumbnails
from app.ui.widgets.card_grid import CardGrid
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.film_strip import LENGTH, SIDE_PX
from app.ui.widgets.profile_card import PICTURE_PX, WIDTH_PX, ProfileCard

TURN_MS = 8
_CARD, _FILM, _TRACE = "card", "film", "trace"


class LiveTab(Tab):
    """Cards follow the bus; while the tab is not visible only the reels do, and no picture is decoded."""

    name = "live"
    title = QT_TRANSLATE_NOOP("LiveTab", "Live")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.cards: dict[str, ProfileCard] = {}
        self._reels: dict[str, Reel] = {}
        self._touched: set[str] = set()
        self._turns = QTimer(self, interval=TURN_MS)
        self._turns.timeout.connect(self._show_next)
        self._pictures: dict[str, QPixmap] = {}
        self._trace: tuple[str, TraceDialog] | None = None
        self._thumbnails = Thumbnails(self)
        self._thumbnails.ready.connect(self._show_image)
        self._grid = CardGrid(WIDTH_PX, self)
        self.empty = EmptyState(
            "live", self.tr("Nobody wears glasses yet"),
            self.tr("Add a profile for whoever wears them. Its name and key go into the phone app."),
            self.tr("Add a profile"), self,
        )  # fmt: skip
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN_PX, 0, 0, MARGIN_PX)  # the scroll bar takes the room at the right
        self._pages = QStackedLayout()
        page.addLayout(self._pages)
        self._pages.addWidget(self._grid)
        self._pages.addWidget(self.empty)
        self.empty.button.clicked.connect(lambda: self.tab_wanted.emit("profiles"))
        self._listen(bridge)

    def _listen(self, bridge: Bridge) -> None:
        bridge.frame_received.connect(self._received)
        bridge.frame_answered.connect(self._answered)
        bridge.frame_failed.connect(self._failed)
        bridge.delivered.connect(self._show_touched)
        bridge.profiles_changed.connect(self.refresh)
        bridge.server_state_changed.connect(lambda _: self._touched.update(self._reels))

    # --- what happened -------------------------------------------------------------------------------------------

    def _received(self, event: FrameReceived) -> None:
        self._reel(event.frame.profile.username).receive(event)

    def _answered(self, event: FrameAnswered) -> None:
        self._reel(event.frame.profile.username).end(frame_view.of_answer(event))

    def _failed(self, event: FrameFailed) -> None:
        self._reel(event.frame.profile.username).end(frame_view.of_failure(event))

    def _reel(self, username: str) -> Reel:
        self._touched.add(username)
        return self._reels.setdefault(username, Reel())

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Cards for the profiles that are there now; the history fills what this start has not seen."""
        names = [profile.username for profile in self.services.store.profiles.all()]
        for gone in set(self.cards) - set(names):
            del self.cards[gone]
            self._reels.pop(gone, None)
        for name in names:
            if name not in self.cards:
                self.cards[name] = card = ProfileCard(name, self.services.provider_label, self._pictures.get)
                card.chosen.connect(self._open_trace)
        self._grid.show_cards([self.cards[name] for name in names])
        self._pages.setCurrentIndex(0 if names else 1)
        self._touched.update(names)
        if self.isVisible():
            self._show_touched()
            self.work(self._load_history(names), "load the live tab's history")

    def _show_touched(self) -> None:
        if not self.isVisible() or self.window().isMinimized():
            return
        self._turns.start()
        self._show_next()

    def _show_next(self) -> None:
        """One card a turn: between two of them the window can answer."""
        for username in tuple(self._touched):
            self._touched.discard(username)
            if username in self.cards:
                self._show_card(username)
                return
        self._turns.stop()

    def _show_card(self, username: str) -> None:
        reel = self._reels.setdefault(username, Reel())
        self.cards[username].show_reel(reel, self._hint(username))
        if reel.picture is not None:
            self._decode((_CARD, username), *reel.picture, PICTURE_PX)
            reel.picture = None

    def _hint(self, username: str) -> str:
        url = self.services.control.url
        if not url:
            return self.tr("Waiting for the first frame. Start the server first.")
        return self.tr(
            "Waiting for the first frame.\n\nIn the phone app, set the address to {url} and the username to {name}, "
            "with the key of that profile."
        ).format(url=url, name=username)

    # --- pictures ------------------------------------------------------------------------------------------------

    def _decode(self, place: tuple[str, str], frame_id: str, jpeg: bytes, side_px: int) -> None:
        self._thumbnails.request(place, frame_id, jpeg, round(side_px * self.devicePixelRatioF()))

    def _show_image(self, place: tuple[str, str], frame_id: str, image: QImage) -> None:
        kind, name = place
        if kind == _TRACE:
            if self._trace is not None and self._trace[0] == frame_id:
                self._trace[1].show_image(image)
            return
        if kind == _CARD and name in self.cards:
            self.cards[name].show_image(image)
        self._keep_small(frame_id, image)
        for username, card in self.cards.items():
            if username == name or kind == _FILM:
                card.film.pictures_changed()

    def _keep_small(self, frame_id: str, image: QImage) -> None:
        side_px = round(SIDE_PX * self.devicePixelRatioF())
        fitted = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        self._pictures[frame_id] = QPixmap.fromImage(
            image.scaled(side_px, side_px, fitted, Qt.TransformationMode.SmoothTransformation)
        )
        if len(self._pictures) > 2 * LENGTH * max(1, len(self._reels)):
            shown = {frame.frame_id for reel in self._reels.values() for frame in reel.frames} | {frame_id}
            for old in self._pictures.keys() - shown:
                del self._pictures[old]

    async def _load_history(self, usernames: list[str]) -> None:
        for username in usernames:
            rows = await self.services.store.activity.recent(username, LENGTH)
            self._reel(username).add_history(frame_view.of_row(row) for row in rows)
            self._show_touched()
            await self._load_pictures(username)

    async def _load_pictures(self, username: str) -> None:
        card, reel = self.cards.get(username), self._reels.get(username, Reel())
        for index, frame in enumerate(tuple(reel.frames)):
            is_newest = index == 0 and card is not None and not card.picture.has_image()
            if frame.frame_id in self._pictures and not is_newest:
                continue
            jpeg = await self.services.store.activity.picture(frame.frame_id)
            if jpeg is not None:
                place = (_CARD, username) if is_newest else (_FILM, frame.frame_id)
                self._decode(place, frame.frame_id, jpeg, PICTURE_PX if is_newest else SIDE_PX)

    # --- one frame's trace ---------------------------------------------------------------------------------------

    def _open_trace(self, frame: FrameView) -> None:
        dialog = TraceDialog(frame, self.services.provider_label, self)
        self._trace = (frame.frame_id, dialog)
        dialog.finished.connect(self._trace_closed)
        dialog.open()
        self.work(self._load_trace_picture(frame.frame_id), "load a trace's picture")

    def _trace_closed(self) -> None:
        self._trace = None

    async def _load_trace_picture(self, frame_id: str) -> None:
        jpeg = await self.services.store.activity.picture(frame_id)
        if jpeg is not None:
            self._decode((_TRACE, frame_id), frame_id, jpeg, TRACE_PX)

    def shut(self) -> None:
        self._turns.stop()
        self._thumbnails.close()
