"""What never needs a provider: a picture that shows nothing, and one that shows what was just answered.

The gate never silences the glasses: a dark, white or blurred picture gets a hint, but after ``gate.hints`` hints
running the next frame is asked all the same.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.frame import Answer, Frame, Measures, Picture
from app.core.passed import passed_s
from app.core.provider import Seat
from app.core.settings import Settings

TOO_DARK, TOO_BRIGHT, BLURRED = "Too dark", "Too bright", "Hold still"

DARK_BRIGHTNESS, EMPTY_SHARE, EMPTY_SHARPNESS = 10.0, 0.95, 15.0
"""Dark or white: nearly all pixels are, and nothing is drawn in the rest (white text on black measures 496)."""
BLURRED_SHARPNESS, BLURRED_CONTRAST = 10.0, 15.0
"""A blur takes the edges and leaves the contrast in the large; a plain wall lacks both and is no blur."""

CELL_TOLERANCE = 15
"""6 % of 255: what a cell of the colour grid may differ by between two frames that count as the same."""


def hint_for(measures: Measures) -> str:
    """The wearer's hint for a picture that shows nothing, else an empty text.

    The limits were found on 22 photographs, each also dimmed, low in contrast and blurred, and on walls and pages.
    """
    # a dark or white picture is smooth too, so blur is looked at last
    if measures.sharpness < EMPTY_SHARPNESS:
        if measures.brightness < DARK_BRIGHTNESS and measures.dark_share >= EMPTY_SHARE:
            return TOO_DARK
        if measures.bright_share >= EMPTY_SHARE:
            return TOO_BRIGHT
    if measures.sharpness < BLURRED_SHARPNESS and statistics.pstdev(measures.grid[1::3]) >= BLURRED_CONTRAST:
        return BLURRED
    return ""


def looks_same(one: Measures, other: Measures) -> bool:
    """Whether no cell of the two 32 x 32 grids differs by more than 6 % in R, G or B."""
    return all(-CELL_TOLERANCE <= a - b <= CELL_TOLERANCE for a, b in zip(one.grid, other.grid, strict=True))


@dataclass(frozen=True, slots=True)
class _Remembered:
    frame_id: str
    decided_by: object
    measures: Measures
    answer: Answer
    at: float


class Gate:
    """Remembers, per profile, the last sure answer and how many hints ran in a row."""

    def __init__(self, settings: Settings, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._last: dict[int, _Remembered] = {}
        self._hints: dict[int, int] = {}

    def check(self, frame: Frame, picture: Picture, seats: tuple[Seat, ...]) -> Answer | None:
        """The answer that needs no provider, or None: ask ``seats``."""
        return self._hint(frame, picture) or self._reuse(frame, picture, seats)

    def remember(self, frame: Frame, picture: Picture, seats: tuple[Seat, ...], answer: Answer) -> None:
        """Keep a sure answer for the next frames; text is never reused (a changed digit is a small change)."""
        sure = any(attempt.outcome == "sure" and attempt.provider == answer.answered_by for attempt in answer.attempts)
        if sure and answer.kind != "text" and self._settings.number("gate.reuse_s"):
            decided_by = self._what_decides(frame, seats)
            kept = _Remembered(frame.frame_id, decided_by, picture.measures, answer, self._monotonic())
            self._last[frame.profile.profile_id] = kept
        else:
            self._last.pop(frame.profile.profile_id, None)

    def complete(self, frame: Frame, answer: Answer) -> None:
        """``answer`` has its long form now: what is remembered of its frame repeats that too."""
        kept = self._last.get(frame.profile.profile_id)
        if kept is not None and kept.frame_id == frame.frame_id:
            self._last[frame.profile.profile_id] = replace(kept, answer=answer)

    def _hint(self, frame: Frame, picture: Picture) -> Answer | None:
        profile_id = frame.profile.profile_id
        hint, running = hint_for(picture.measures), self._hints.get(profile_id, 0)
        if not hint or running >= self._settings.integer("gate.hints"):
            self._hints.pop(profile_id, None)
            return None
        self._hints[profile_id] = running + 1
        return Answer(hint, hint, "bad_frame")

    def _what_decides(self, frame: Frame, seats: tuple[Seat, ...]) -> object:
        """All that an answer depends on but the picture. A provider that is set up anew is another object."""
        settings = self._settings.group("order.", "cascade.", "routing.")
        return frame.prompt, replace(frame.profile, last_seen_at=None), seats, settings

    def _reuse(self, frame: Frame, picture: Picture, seats: tuple[Seat, ...]) -> Answer | None:
        kept = self._last.get(frame.profile.profile_id)
        if kept is None or kept.decided_by != self._what_decides(frame, seats):
            return None
        reuse_s = self._settings.number("gate.reuse_s")
        if not reuse_s or self._monotonic() - kept.at > reuse_s:
            return None
        if not looks_same(kept.measures, picture.measures):
            return None
        return replace(kept.answer, reused=True, attempts=(), whole_ms=None)
