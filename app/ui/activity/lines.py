"""What stands in the list of frames: they, the days between them, and the same scene folded into one line."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import takewhile

from app.core.local_day import day_start
from app.store.history.columns import Listed


@dataclass(frozen=True, slots=True)
class Day:
    """The heading of a day's frames. ``begins``: its midnight."""

    day: date
    begins: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fold:
    """Frames running, newest first, of one profile and one day, that were answered as the same scene as a moment
    before. Open, they follow it as lines of their own.
    """

    frames: tuple[Listed, ...]
    is_open: bool


Line = Listed | Day | Fold


def key(line: Line) -> object:
    """What ``line`` is known by while it changes: newer frames come into a fold."""
    if isinstance(line, Listed):
        return line.frame_id
    return line.day if isinstance(line, Day) else (Fold, line.frames[-1].frame_id)


def lines_of(
    frames: Sequence[Listed], opened: Container[str], *, folds: bool, after: Listed | None = None
) -> Iterator[Line]:
    """The lines of ``frames``, which are newest first and come behind ``after``.

    ``opened``: frames whose fold is open, of which it takes its newest or its oldest. ``folds``: whether any is made.
    """
    day, at = _day_of(after) if after else None, 0
    while at < len(frames):
        frame = frames[at]
        if day is None or frame.received_at < day.begins:
            before, day = day, _day_of(frame)
            if day != before:
                yield day
        if not folds or not frame.reused:
            yield frame
            at += 1
            continue
        run = tuple(_run(frames, at, day))
        is_open = run[0].frame_id in opened or run[-1].frame_id in opened
        yield Fold(run, is_open)
        yield from run if is_open else ()
        at += len(run)


def _day_of(frame: Listed) -> Day:
    day = frame.received_at.astimezone().date()
    return Day(day, day_start(day).astimezone(UTC))


def _run(frames: Sequence[Listed], first: int, day: Day) -> Iterator[Listed]:
    """The frame at ``first`` and those behind it that show the same."""
    newest = frames[first]
    yield newest
    those = (frames[at] for at in range(first + 1, len(frames)))
    yield from takewhile(
        lambda one: one.reused and one.username == newest.username and one.received_at >= day.begins, those
    )
