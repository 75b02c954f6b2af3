"""A profile's glasses, live: the newest picture, what the wearer reads, and how that came about."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.core.events import FrameCompleted, FrameReceived
from app.ui.frames.display_preview import DisplayPreview
from app.ui.frames.frame_view import FrameView, completed
from app.ui.frames.picture_view import PictureView
from app.ui.live.film_strip import LENGTH, FilmStrip
from app.ui.live.fixed_labels import FixedLabel, FixedStateLabel
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, at_left, at_top, grid, hbox, pages, vbox, wide
from app.ui.widgets.text import Heading, Quiet

PICTURE_PX = 168
WIDTH_PX = 690


class ProfileFeed:
    """What is known of one profile. The newest frame is first. Of the pictures only the last one's bytes are held."""

    def __init__(self) -> None:
        self.frames: deque[FrameView] = deque(maxlen=LENGTH)
        self.picture: tuple[str, bytes] | None = None
        self.waiting = ""

    @property
    def last(self) -> FrameView | None:
        """The newest frame whose end says something to the wearer; overtaken ones do not count."""
        told = (frame for frame in self.frames if frame.tone != "idle")
        return next(told, self.frames[0] if self.frames else None)

    def receive(self, event: FrameReceived) -> None:
        self.picture = (event.frame.frame_id, event.picture.jpeg)
        self.waiting = event.frame.frame_id

    def end(self, frame: FrameView) -> None:
        """A frame was answered or failed."""
        if frame.frame_id not in {known.frame_id for known in self.frames}:  # the history may have been quicker
            self.frames.appendleft(frame)
        if frame.frame_id == self.waiting:
            self.waiting = ""

    def complete(self, event: FrameCompleted) -> None:
        """What comes after a frame's words has come."""
        for place, known in enumerate(self.frames):
            if known.frame_id == event.frame.frame_id:
                self.frames[place] = completed(known, event)

    def add_history(self, rows: Iterable[FrameView]) -> None:
        """Frames of the history take their places among those heard of meanwhile."""
        known = {frame.frame_id for frame in self.frames}
        every = [*self.frames, *(row for row in rows if row.frame_id not in known)]
        every.sort(key=lambda frame: frame.received_at, reverse=True)
        self.frames = deque(every[:LENGTH], maxlen=LENGTH)


class ProfileCard(Card):
    """Emits ``chosen`` with the ``FrameView`` whose trace is wanted, and ``painted`` with its username whenever some of
    it comes into sight; ``help`` is pressed when no frame will come."""

    chosen = Signal(object)
    painted = Signal(str)

    def __init__(
        self,
        username: str,
        label: Callable[[str], str],
        picture_of: Callable[[str], QPixmap | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._last: FrameView | None = None
        self.username = username
        self.setMinimumWidth(WIDTH_PX)
        self.time = FixedLabel(30, self, quiet=True)
        self.state = FixedStateLabel(34, self)
        self.picture = PictureView(PICTURE_PX, self.tr("Newest picture of {name}").format(name=username), self)
        self.glasses = DisplayPreview(self)
        self.hint = Quiet("", self, wrap=True)
        self.help = Button(self.tr("My phone cannot reach it"), "device", self)
        self.by, self.sure, self.took, self.reused = (FixedLabel(22, self) for _ in range(4))
        self.film = FilmStrip(picture_of, self)
        keeping = self.film.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # the first frame moves nothing
        self.film.setSizePolicy(keeping)
        self._facts = pages(self._fact_grid(), self._advice())
        self.body.addLayout(hbox(Heading(self.username, self), self.time, STRETCH, self.state, gap=10))
        add(self.body, hbox(at_top(self.picture), at_top(self.glasses), wide(self._facts), gap=16), self.film)
        self.picture.clicked.connect(self._choose_last)
        self.film.chosen.connect(self.chosen)

    def is_seen(self) -> bool:
        """Not scrolled out, nor in a window or a tab that is not shown."""
        return not (self.visibleRegion().isEmpty() or self.window().isMinimized())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit(self.username)

    def show_feed(self, feed: ProfileFeed, hint: str) -> None:
        """``hint``: what to do while no frame has come yet."""
        self._last = frame = feed.last
        self.film.setVisible(bool(feed.frames))
        self.film.show_frames(tuple(feed.frames))
        if frame is None:
            self._show_nothing(hint, waiting=bool(feed.waiting))
            return
        self._facts.setCurrentIndex(0)
        self._show_state(frame, waiting=bool(feed.waiting))
        self.glasses.show_text(frame.text, dim=frame.failed)
        self.by.show_text(self._by(frame))
        self.sure.show_text(fmt.sureness(frame.confidence, frame.trust))
        self.took.show_text(fmt.latencies(frame.latency_ms, frame.whole_ms))
        self.reused.show_text(self.tr("yes") if frame.reused else self.tr("no"))

    def _show_nothing(self, hint: str, *, waiting: bool) -> None:
        self._facts.setCurrentIndex(1)
        self.hint.setText(hint)
        self.time.show_text("")
        if waiting:
            self.state.show_state(self.tr("looking"), "busy")
        else:
            self.state.show_state(self.tr("no frame yet"), "idle")

    def _show_state(self, frame: FrameView, *, waiting: bool) -> None:
        when = fmt.when(frame.received_at)
        self.time.show_text(
            self.tr("{when}, through {door}").format(when=when, door=frame.door) if frame.door else when
        )
        text, tone = fmt.code(frame.code)
        if waiting and tone != "bad":
            text, tone = self.tr("looking"), "busy"
        self.state.show_state(text, tone)

    def _by(self, frame: FrameView) -> str:
        if frame.answered_by:
            return self._label(frame.answered_by)
        return fmt.DASH if frame.failed else self.tr("this computer")

    def _choose_last(self) -> None:
        if self._last is not None:
            self.chosen.emit(self._last)

    def _advice(self) -> QWidget:
        holder = QWidget(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        vbox(self.hint, at_left(self.help), STRETCH, gap=10, on=holder)
        return holder

    def _fact_grid(self) -> QWidget:
        holder = QWidget(self)
        facts = (
            (self.tr("Answered by"), self.by),
            (self.tr("Confidence"), self.sure),
            (self.tr("Time"), self.took),
            (self.tr("Reused"), self.reused),
        )
        for name, value in facts:
            value.setAccessibleName(name)
        cells = grid(*((Quiet(name, holder), value) for name, value in facts), gaps=(14, 8))
        vbox(cells, STRETCH, on=holder, margins=(0, 4, 0, 0))
        return holder
