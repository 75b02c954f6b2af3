"""The last answer of each profile, for a moment: what is said of a like picture next may bear it out or contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import sub

from app.core.frame import Answer, Frame, Measures, Picture
from app.core.provider import ON_DEVICE

RECALL_S = 10.0
LIKE = 8.0
"""What a cell of the colour grid differs by at most, on the average, between two pictures of one thing: as much as a
camera sees that moved by some 3 % of its view. The gate, which answers without asking, allows no cell to differ."""


_EVERY = 5
"""Of a grid, a fifth tells the average to 5 %, and is R, G and B by turns: all of it would cost 0.1 ms a frame."""


def looks_alike(one: Measures, other: Measures) -> bool:
    """Whether the two 32 x 32 grids differ by no more than 3 % in R, G and B, on the average."""
    some, others = one.grid[::_EVERY], other.grid[::_EVERY]
    apart: Iterable[int] = map(sub, some, others)
    return sum(map(abs, apart)) <= LIKE * len(some)


@dataclass(frozen=True, slots=True)
class _Remembered:
    prompt: str
    measures: Measures
    answer: Answer
    at: float


class Recall:
    """Remembers one answer for each profile."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: dict[int, _Remembered] = {}

    def find(self, frame: Frame, picture: Picture) -> Answer | None:
        """The last answer to the profile's same question about a like picture, at most 10 s ago."""
        last = self._last.get(frame.profile.profile_id)
        if last is None or last.prompt != frame.prompt or self._monotonic() - last.at > RECALL_S:
            return None
        return last.answer if looks_alike(last.measures, picture.measures) else None

    def keep(self, frame: Frame, picture: Picture, answer: Answer) -> None:
        """Remember what somebody answered: a hint is no answer, and neither is what was read on this computer."""
        if answer.answered_by not in ("", ON_DEVICE):
            kept = _Remembered(frame.prompt, picture.measures, answer, self._monotonic())
            self._last[frame.profile.profile_id] = kept
