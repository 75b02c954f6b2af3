"""A profile's glasses, live: the newest picture, what the wearer reads, and how that came about."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.events import AttemptFinished, FrameCompleted, FrameReceived
from app.ui.frames.frame_view import AttemptView, FrameView, completed, of_attempt
from app.ui.frames.hero import LOWEST_PX, TALLEST_PX, Hero
from app.ui.frames.path_line import PathLine, Step, steps_of
from app.ui.frames.picture_view import PictureView
from app.ui.live.film_strip import LENGTH, FilmStrip
from app.ui.live.fixed_labels import FixedLabel, FixedStateLabel
from app.ui.support import formatting as fmt
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, add, at_left, hbox, pages, vbox, wide
from app.ui.widgets.text import Quiet

WIDTH_PX, REST_MS = 340, 300
"""At least, and after the last step of a change of its size."""


class ProfileFeed:
    """What is known of one profile. The newest frame is first. Of the pictures only the last one's bytes are held."""

    def __init__(self) -> None:
        self.frames: deque[FrameView] = deque(maxlen=LENGTH)
        self.picture: tuple[str, bytes] | None = None
        self.waiting = ""
        self.tried: tuple[AttemptView, ...] = ()
        """Who was asked about the frame that waits."""

    @property
    def told(self) -> tuple[FrameView, ...]:
        """The frames whose end says something to the wearer; all, where none does."""
        told = tuple(frame for frame in self.frames if not frame.failed or frame.tone != "idle")
        return told or tuple(self.frames)

    @property
    def last(self) -> FrameView | None:
        """The newest frame whose end says something to the wearer; overtaken ones do not count."""
        return next(iter(self.told), None)

    def receive(self, event: FrameReceived) -> None:
        self.picture = (event.frame.frame_id, event.picture.jpeg)
        self.waiting, self.tried = event.frame.frame_id, ()

    def attempt(self, event: AttemptFinished) -> None:
        if event.frame_id == self.waiting:
            self.tried = (*self.tried, of_attempt(event.attempt))

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
    """Emits ``chosen`` with the ``FrameView`` whose trace is wanted; with its username ``painted`` whenever some of it
    comes into sight, and ``resized`` once it keeps another size. ``help`` is pressed when no frame will come."""

    chosen = Signal(object)
    painted = Signal(str)
    resized = Signal(str)

    def __init__(
        self,
        username: str,
        label: Callable[[str], str],
        picture_of: Callable[[str], QPixmap | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, margin_px=14)
        self._label = label
        self.shown: FrameView | None = None
        """Whose picture and answer are shown."""
        self._is_looking, self._in_sight_px = False, TALLEST_PX
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(lambda: self.resized.emit(username))
        self.username = username
        self.setMinimumWidth(WIDTH_PX)
        self.name, self.time = FixedLabel(0, self, is_title=True), FixedLabel(14, self, quiet=True)
        self.name.show_text(username)
        self.state = FixedStateLabel(17, self)
        self.hero = Hero(PictureView(0, self.tr("Newest picture of {name}").format(name=username), self), self)
        self.picture, self.glasses = self.hero.picture, self.hero.glasses
        self.hint = Quiet("", self, wrap=True)
        self.help = Button(self.tr("My phone cannot reach it"), "device", self)
        self.path, self.facts = PathLine(self), FixedLabel(0, self, quiet=True)
        self.facts.setAccessibleName(self.tr("More about the answer"))
        self.film = FilmStrip(picture_of, self)
        keeping = self.film.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # the first frame moves nothing
        self.film.setSizePolicy(keeping)
        self._pages = pages(self.hero, self._advice())
        add(self.body, hbox(wide(self.name), self.time, self.state, gap=10), self._pages)
        add(self.body, vbox(self.path, self.facts, gap=2), self.film)
        self.picture.clicked.connect(self._choose_shown)
        self.film.chosen.connect(self.chosen)

    def is_seen(self) -> bool:
        """Not scrolled out, nor in a window or a tab that is not shown."""
        return not (self.visibleRegion().isEmpty() or self.window().isMinimized())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit(self.username)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hero()

    def fit(self, in_sight_px: int) -> None:
        """Be no taller than that, as far as the picture can give way: all of a lone card is to be seen."""
        self._in_sight_px = in_sight_px
        self._fit_hero()

    def _fit_hero(self) -> None:
        margins = self.body.contentsMargins()
        around_px = self.sizeHint().height() - self.hero.minimumHeight()
        room_px = max(LOWEST_PX, min(TALLEST_PX, self._in_sight_px - around_px))
        self.hero.fit_to(self.width() - margins.left() - margins.right(), room_px)
        self._rest.start()

    def show_feed(self, feed: ProfileFeed, hint: str) -> None:
        """What is known but for picture and answer, which ``show_pair`` changes together; ``hint``: what to do while no
        frame has come yet."""
        frame = feed.last
        self.film.setVisible(bool(feed.frames))
        self.film.show_frames(tuple(feed.frames))
        self._pages.setCurrentIndex(1 if frame is None else 0)
        if frame is None:
            self.hint.setText(hint)
        if feed.waiting:
            self.path.show_steps((*steps_of(feed.tried, self._label), Step(self.tr("looking"), "busy")))
            if frame is None or frame.tone != "bad":
                self.state.show_state(self.tr("looking"), "busy")
        elif frame is None:
            self.state.show_state(self.tr("no frame yet"), "idle")

    def show_pair(self, frame: FrameView, image: QImage | None, *, is_looking: bool) -> None:
        """``is_looking``: another one is being looked at."""
        self.picture.show_image(image)
        self.show_words(frame, is_looking=is_looking)

    def show_words(self, frame: FrameView, *, is_looking: bool) -> None:
        """Of the frame whose picture is shown."""
        if self.shown is frame and self._is_looking is is_looking:
            return  # told at every step of the next one
        self.shown, self._is_looking = frame, is_looking
        self.hero.show_text(frame.text, dim=frame.failed)
        self.time.show_text(fmt.clock_or_day(frame.received_at))
        self.facts.show_text(self._facts(frame))
        if not is_looking:
            self.path.show_steps(steps_of(frame.attempts, self._label))
        if not is_looking or frame.tone == "bad":
            word, tone = frame.ending
            is_here_alone = tone == "idle" and not frame.failed  # whose word has no room beside a name
            self.state.show_state(self.tr("seen here") if is_here_alone else word, tone)

    def _facts(self, frame: FrameView) -> str:
        facts = [fmt.latencies(frame.latency_ms, frame.whole_ms)]
        if not frame.failed and frame.confidence is not None:
            facts = [fmt.sureness(frame.confidence, frame.trust), *facts]
        if not frame.failed and not any(one.outcome == "sure" for one in frame.attempts):  # the path does not say whose
            facts = [self._label(frame.answered_by) if frame.answered_by else self.tr("this computer"), *facts]
        if frame.reused:
            facts.append(self.tr("reused from a moment before"))
        if frame.door:
            facts.append(self.tr("through {door}").format(door=frame.door))
        return ", ".join(facts)

    def _choose_shown(self) -> None:
        if self.shown is not None:
            self.chosen.emit(self.shown)

    def _advice(self) -> QWidget:
        holder = QWidget(self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        vbox(self.hint, at_left(self.help), STRETCH, gap=10, on=holder)
        return holder
