"""What the live tab knows of one profile: its last frames, the newest picture, and whether an answer is awaited."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from app.core.events import FrameReceived
from app.ui.frames.frame_view import FrameView
from app.ui.live.film_strip import LENGTH


class ProfileFeed:
    """The newest frame is first. Of the pictures only the last one's bytes are held."""

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

    def add_history(self, rows: Iterable[FrameView]) -> None:
        """Frames of the history take their places among those heard of meanwhile."""
        known = {frame.frame_id for frame in self.frames}
        every = [*self.frames, *(row for row in rows if row.frame_id not in known)]
        every.sort(key=lambda frame: frame.received_at, reverse=True)
        self.frames = deque(every[:LENGTH], maxlen=LENGTH)
