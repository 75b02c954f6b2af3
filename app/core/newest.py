"""What each wearer saw last: whoever asks about it through a door need not send a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.events import Bus, FrameAnswered, FrameCompleted, FrameReceived
from app.core.frame import Answer, Frame, Picture
from app.core.passed import passed_s


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest picture from a profile's glasses. ``answer``: None while it is asked about, or when nobody answered.

    ``at``: on the clock of who remembers it.
    """

    frame: Frame
    picture: Picture
    at: float
    answer: Answer | None = None


class NewestFrames:
    """Remembers one picture for each profile, never one that came through a door itself."""

    def __init__(self, bus: Bus, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._monotonic = monotonic
        self._seen: dict[int, Seen] = {}
        self._last: dict[int, tuple[Frame, Answer]] = {}
        bus.subscribe(FrameReceived, self._received)
        bus.subscribe(FrameAnswered, self._answered)
        bus.subscribe(FrameCompleted, self._answered)

    def of(self, profile_id: int, within_s: float) -> Seen | None:
        """What the glasses of ``profile_id`` sent in the last ``within_s`` seconds, None where that is nothing."""
        seen = self._seen.get(profile_id)
        return seen if seen is not None and self.age_s(seen) <= within_s else None

    def answered(self, profile_id: int) -> tuple[Frame, Answer] | None:
        """The newest frame from the glasses that has an answer; a newer one may be under way."""
        return self._last.get(profile_id)

    def age_s(self, seen: Seen) -> float:
        return self._monotonic() - seen.at

    def _received(self, event: FrameReceived) -> None:
        if not event.frame.door:
            self._seen[event.frame.profile.profile_id] = Seen(event.frame, event.picture, self._monotonic())

    def _answered(self, event: FrameAnswered | FrameCompleted) -> None:
        profile_id = event.frame.profile.profile_id
        last = self._last.get(profile_id)
        if not event.frame.door and (last is None or last[0].frame_id <= event.frame.frame_id):
            self._last[profile_id] = event.frame, event.answer
        seen = self._seen.get(profile_id)
        if seen is not None and seen.frame.frame_id == event.frame.frame_id:
            self._seen[profile_id] = replace(seen, answer=event.answer)
