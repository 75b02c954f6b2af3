"""What became of frames and of calls since the program started, counted for whoever measures it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from app.core.events import AttemptFinished, Bus, FrameAnswered, FrameFailed, ProviderLightChanged
from app.core.frame import Attempt

BOUNDS_S = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""The upper ends of a histogram's buckets; the last one has none."""


class Durations:
    """How many took how long, in seconds. ``buckets``: one more than ``BOUNDS_S``."""

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS_S) + 1)
        self.sum_s = 0.0

    def add(self, milliseconds: int) -> None:
        seconds = milliseconds / 1000
        self.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        self.sum_s += seconds


class Tally:
    """``frames``: by door (empty: the glasses) and code; ``calls``: by provider and outcome; ``lights``: by provider.

    ``answers``: how long frames took to their words, of all that were answered; ``replies``: the same of calls, by
    provider.
    """

    def __init__(self, bus: Bus) -> None:
        self.frames: Counter[tuple[str, str]] = Counter()
        self.calls: Counter[tuple[str, str]] = Counter()
        self.answers = Durations()
        self.replies: dict[str, Durations] = {}
        self.lights: dict[str, str] = {}
        bus.subscribe(FrameAnswered, self._answered)
        bus.subscribe(FrameFailed, self._failed)
        bus.subscribe(AttemptFinished, lambda event: self._called(event.attempt))
        bus.subscribe(ProviderLightChanged, self._lit)

    def _answered(self, event: FrameAnswered) -> None:
        self.frames[event.frame.door, event.answer.code] += 1
        self.answers.add(event.answer.latency_ms)

    def _failed(self, event: FrameFailed) -> None:
        self.frames[event.frame.door, event.error.code] += 1

    def _called(self, attempt: Attempt) -> None:
        if attempt.is_call:
            self.calls[attempt.provider, attempt.outcome] += 1
            self.replies.setdefault(attempt.provider, Durations()).add(attempt.latency_ms)

    def _lit(self, event: ProviderLightChanged) -> None:
        self.lights[event.provider] = event.light
