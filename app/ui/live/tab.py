"""What every pair of glasses sees and shows at this moment, and what it saw a moment before."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut

from app.core.events import (
    AttemptFinished,
    FrameAnswered,
    FrameCompleted,
    FrameFailed,
    FrameReceived,
    ProfilesChanged,
    ServerStateChanged,
)
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.frames import frame_view
from app.ui.frames.ai_offer import AiOffer
from app.ui.frames.frame_view import FrameView
from app.ui.live import picture_input
from app.ui.live.bar import LiveBar
from app.ui.live.blurred_pictures import BlurredPictures
from app.ui.live.film_strip import LENGTH
from app.ui.live.picture_input import Picked
from app.ui.live.profile_card import WIDTH_PX, ProfileCard, ProfileFeed
from app.ui.live.trace import Trace
from app.ui.live.try_dialog import TryDialog
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.theme import MARGIN_PX
from app.ui.tab import Tab
from app.ui.widgets.card_grid import RIGHT_PX, CardGrid
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.layouts import hbox, pages, vbox, wide

TURN_MS = 8
_BLURRED = "live/blurred"


class LiveTab(Tab):
    """Cards that are seen follow the bus; of the others only the feeds do, and no picture is decoded."""

    name = "live"
    title = QT_TRANSLATE_NOOP("LiveTab", "Live")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.setAcceptDrops(True)
        self.cards: dict[str, ProfileCard] = {}
        self._feeds: dict[str, ProfileFeed] = {}
        self._touched: set[str] = set()
        """Whose cards do not show yet what has come."""
        self._unseen: set[str] = set()
        """And who waits until they are seen: asking that of fifty cards at every turn would cost more than the turn."""
        self._gaps: set[str] = set()
        """Whose films miss pictures: they came while nobody saw them."""
        self._held: int | None = None
        """Frames since what is shown was held; None: it is not."""
        self._turns = QTimer(self, interval=TURN_MS)
        self._turns.timeout.connect(self._show_next)
        self._memory = QSettings(str(services.settings_path), QSettings.Format.IniFormat, self)
        self.album = BlurredPictures(self.devicePixelRatioF(), self)
        self.bar = LiveBar(self)
        self._grid = CardGrid(WIDTH_PX, self)
        self.empty = EmptyState(
            "live", self.tr("Nobody wears the glasses yet"),
            self.tr("Add a profile for whoever wears them. Its name and key go into the phone app."),
            self.tr("Add a profile"), self,
        )  # fmt: skip
        self.offer = AiOffer(services, bridge, self, is_flat=True)
        self.trace = Trace(services, bridge, self._grid, self._feeds, self)
        self._pages = pages(self.trace, self.empty)
        # the scroll bar takes the room at the right
        offer = hbox(self.offer, margins=(0, 0, RIGHT_PX, 0))
        vbox(self.bar, offer, wide(self._pages), gap=12, on=self, margins=(MARGIN_PX, 0, 0, MARGIN_PX))
        self._connect()
        self._listen(bridge)
        self._blur(on=str(self._memory.value(_BLURRED, "false")).lower() == "true")

    def _connect(self) -> None:
        self.empty.button.clicked.connect(lambda: self.tab_wanted.emit("profiles"))
        for offer in (self.offer.wanted, self.trace.inspector.ai_wanted):
            offer.connect(lambda: self.tab_wanted.emit("providers"))
        self.trace.opened.connect(self._show_offer)
        self.bar.pause.clicked.connect(lambda: self.pause(on=self._held is None))
        self.bar.blur.clicked.connect(self._toggle_blur)
        self.bar.try_it.clicked.connect(lambda: self._try(None))
        self.album.arrived.connect(self._show_arrived)
        self.album.changed.connect(self._show_blurred)
        self.album.film_changed.connect(self._show_stills)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)

    def _listen(self, bridge: Bridge) -> None:
        bridge.on(FrameReceived, lambda event: self._feed(event.frame.profile.username).receive(event), self)
        bridge.on(AttemptFinished, lambda event: self._feed(event.username).attempt(event), self)
        bridge.on(FrameAnswered, lambda event: self._end(frame_view.of_answer(event)), self)
        bridge.on(FrameCompleted, self._complete, self)
        bridge.on(FrameFailed, lambda event: self._end(frame_view.of_failure(event)), self)
        bridge.delivered.connect(self._show_touched)
        bridge.on(ProfilesChanged, self.refresh, self)
        bridge.on(ServerStateChanged, lambda _: self._touched.update(self._feeds), self)

    # --- what happened -------------------------------------------------------------------------------------------

    def _end(self, frame: FrameView) -> None:
        self._feed(frame.username).end(frame)
        if self._held is not None:
            self._held += 1

    def _complete(self, event: FrameCompleted) -> None:
        self._feed(event.frame.profile.username).complete(event)

    def _feed(self, username: str) -> ProfileFeed:
        self._touched.add(username)
        return self._feeds.setdefault(username, ProfileFeed())

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Cards for the profiles that are there now; the history fills what this start has not seen."""
        names = [profile.username for profile in self.services.store.profiles.all()]
        for gone in set(self.cards) - set(names):
            del self.cards[gone]
            self._feeds.pop(gone, None)
            self.album.forget(gone)
        for name in names:
            if name not in self.cards:
                self.cards[name] = card = ProfileCard(name, self.services.provider_label, self.album.still)
                card.chosen.connect(self._open_trace)
                card.painted.connect(self._come_into_sight)
                card.resized.connect(self._show_arrived)
                self._grid.in_sight.connect(card.fit)
                card.help.clicked.connect(lambda: ReachDialog(self.services, self.bridge, self).open())
                card.show_feed(ProfileFeed(), self._hint(name))
        self._grid.show_cards([self.cards[name] for name in names])
        self._pages.setCurrentIndex(0 if names else 1)
        self.bar.setVisible(bool(names))
        self._touched.update(names)
        if self.isVisible():
            self._show_touched()
            self.work(self._load_history(names), "load the live tab's history")

    def pause(self, *, on: bool) -> None:
        """Hold what is shown; off: show what has come since."""
        self._held = 0 if on else None
        self.bar.show_held(self._held)
        self._show_touched()

    def _show_touched(self) -> None:
        if not self.isVisible():
            return
        if self._held is not None:
            self.bar.show_held(self._held)
            return
        self._turns.start()
        self._show_next()

    def _show_next(self) -> None:
        """One card a turn: between two of them the window can answer. What is out of sight waits until it is seen."""
        self._touched &= self.cards.keys()
        while self._touched and self._held is None:
            username = self._touched.pop()
            if self.cards[username].is_seen():
                self._show_card(username)
                return
            self._unseen.add(username)
        self._turns.stop()

    def _come_into_sight(self, username: str) -> None:
        if username in self._unseen:
            self._unseen.discard(username)
            self._gaps.add(username)
            self._touched.add(username)
            self._turns.start()

    def _show_card(self, username: str) -> None:
        feed, card = self._feeds.setdefault(username, ProfileFeed()), self.cards[username]
        card.show_feed(feed, self._hint(username))
        if feed.picture is not None:
            self.album.show_newest(username, *feed.picture, card.picture.size())
            feed.picture = None
        self.album.fit_newest(username, card.picture.size())
        self._show_pair(username)
        if username in self._gaps:
            self._gaps.discard(username)
            self.work(self._load_pictures(username), "load a film's pictures")

    def _show_pair(self, username: str) -> None:
        """The newest answer whose picture is at hand; the old pair stays until there is one."""
        feed, card = self._feeds[username], self.cards[username]
        for frame in feed.told:
            if self.album.is_known(username, frame.frame_id):
                image = self.album.newest(username, frame.frame_id)
                card.show_pair(frame, image, is_looking=bool(feed.waiting))
                self._show_offer()
                return
            if card.shown is not None and frame.frame_id == card.shown.frame_id:
                card.show_words(frame, is_looking=bool(feed.waiting))
                return
            if self.album.is_coming(username, frame.frame_id):
                return
            self._gaps.add(username)

    def _show_offer(self) -> None:
        """Where the trace is open, the offer stands there."""
        self.offer.show_for(*(() if self.trace.is_open else (card.shown for card in self.cards.values())))

    def _hint(self, username: str) -> str:
        url = self.services.control.url
        if not url:
            return self.tr("Waiting for the first frame. Start the server first.")
        return self.tr(
            "Waiting for the first frame.\n\nIn the phone app, set the address to {url} and the username to {name}, "
            "with the key of that profile."
        ).format(url=url, name=username)

    # --- pictures ------------------------------------------------------------------------------------------------

    def _toggle_blur(self) -> None:
        self._blur(on=not self.album.is_blurred)
        self._memory.setValue(_BLURRED, "true" if self.album.is_blurred else "false")

    def _blur(self, *, on: bool) -> None:
        self.album.blur(on)
        self.trace.inspector.blur(on=on)
        self.bar.show_blurred(on=on)

    def _show_arrived(self, username: str) -> None:
        if username in self.cards:
            self._touched.add(username)
            self._show_touched()

    def _show_blurred(self) -> None:
        for name, card in self.cards.items():
            if card.shown is not None:
                card.picture.show_image(self.album.newest(name, card.shown.frame_id))

    def _show_stills(self) -> None:
        for card in self.cards.values():
            card.film.viewport().update()
        if self._held is None and len(self.album) > 2 * LENGTH * max(1, len(self._feeds)):
            self.album.keep_only(frame.frame_id for feed in self._feeds.values() for frame in feed.frames)

    async def _load_history(self, usernames: list[str]) -> None:
        for username in usernames:
            rows = await self.services.store.activity.recent(username, LENGTH)
            self._feed(username).add_history(frame_view.of_row(row) for row in rows)
            self._gaps.add(username)
            self._show_touched()

    async def _load_pictures(self, username: str) -> None:
        feed = self._feeds.get(username, ProfileFeed())
        for frame in tuple(feed.frames):
            if username not in self.cards or not self.cards[username].is_seen():
                self._touched.add(username)  # the rest of them when it is seen again
                self._gaps.add(username)
                return
            is_newest = frame is feed.last and not self._has_picture(frame)
            if self.album.still(frame.frame_id) is not None and not is_newest:
                continue
            jpeg = await self.services.store.activity.picture(frame.frame_id)
            if is_newest and jpeg is None:
                self.album.has_none(username, frame.frame_id)
            elif is_newest and jpeg is not None:
                self.album.show_newest(username, frame.frame_id, jpeg, self.cards[username].picture.size())
            elif jpeg is not None:
                self.album.add_still(frame.frame_id, jpeg)

    def _open_trace(self, frame: FrameView) -> None:
        self.trace.show_frame(frame, self.album.newest(frame.username, frame.frame_id))

    def _has_picture(self, frame: FrameView) -> bool:
        """Or soon will have."""
        known = self.album.is_known(frame.username, frame.frame_id)
        return known or self.album.is_coming(frame.username, frame.frame_id)

    # --- try it --------------------------------------------------------------------------------------------------

    def _try(self, source: Picked | None) -> None:
        if not self.cards:
            self.refuse(self.tr("Add a profile first: a picture is tried with a profile's AIs and prompt."))
            return
        dialog = TryDialog(self.services, next(iter(self.cards)), self, blurred=self.album.is_blurred)
        dialog.open()
        if source is not None:
            dialog.use(source)

    def _paste(self) -> None:
        source = picture_input.picked(QGuiApplication.clipboard().mimeData())
        if source is None:
            self.message.emit(self.tr("There is no picture on the clipboard."), "warn")
        else:
            self._try(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if picture_input.may_be_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        source = picture_input.picked(event.mimeData())
        if source is not None:
            event.acceptProposedAction()
            self._try(source)

    def shut(self) -> None:
        self._turns.stop()
        self.album.close()
