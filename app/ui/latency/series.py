"""Latencies as the window tells them: lines of a chart, rows of a table, lines of a CSV file."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication

from app.core.latency import Latencies, Timing
from app.ui.support import formatting as fmt
from app.ui.widgets.table import Cell

_tr = partial(QCoreApplication.translate, "latency_view")

_CSV_TITLES = (
    "provider", "from", "to", "calls", "answered", "p50_ms", "p95_ms", "failed", "failures", "whole_p50_ms",
    "whole_p95_ms",
)  # fmt: skip
_USUAL_SHARE, _FAR, _ROOM, _LEAST_VALUES = 0.9, 2.0, 1.25, 10
"""Nine in ten values are usual ones; of ten or more, one that is twice as high as these is far above the others."""
FRAMES, OWN = "(glasses)", "(server)"
"""The names of what is no provider: how long the wearer waits, and what the server adds."""


@dataclass(frozen=True, slots=True)
class Line:
    """One provider's series; or ``FRAMES``, or ``OWN``, which have the ``index`` -1."""

    name: str
    label: str
    index: int
    bins: tuple[Timing, ...]
    whole: Timing

    @property
    def is_of_frames(self) -> bool:
        return self.index < 0

    def at(self, start_s: float) -> Timing | None:
        return next((timing for timing in self.bins if timing.start_s == start_s), None)


def lines_of(latencies: Latencies, order: Iterable[str], label: Callable[[str], str]) -> tuple[Line, ...]:
    """What the wearer waits, providers in ``order``, those that are gone from it behind, and at last the server itself.
    A provider's index is its place in ``order`` whoever else has calls, so that it keeps its colour."""
    places = {name: place for place, name in enumerate(dict.fromkeys((*order, *sorted(latencies.providers))))}
    lines = [
        Line(name, label(name), place, latencies.providers[name].bins(), latencies.providers[name].whole())
        for name, place in places.items()
        if name in latencies.providers
    ]
    if not latencies.frames.is_empty:
        told = _tr("On the glasses")
        lines.insert(0, Line(FRAMES, told, -1, latencies.frames.bins(), latencies.frames.whole()))
    if not latencies.own.is_empty:
        lines.append(Line(OWN, _tr("This server"), -1, latencies.own.bins(), latencies.own.whole()))
    return tuple(lines)


def row_of(line: Line, *, shown: bool = True) -> tuple[Cell, ...]:
    """Name, whether the chart shows it, calls, half within, 95 % within, failed, their share, and why."""
    whole, name = line.whole, Cell(line.label, told=_tr("Shown in the chart where it is ticked"), checked=shown)
    found = ((whole.p50_ms, whole.whole_p50_ms), (whole.p95_ms, whole.whole_p95_ms))
    times = tuple(Cell(fmt.latencies(*both), number=True) for both in found)
    calls = fmt.count(whole.calls)
    if line.is_of_frames:
        nothing = Cell(fmt.DASH, number=True)
        return name, Cell(fmt.frames(whole.calls), number=True), *times, nothing, nothing, Cell("")
    failed, share = fmt.count(whole.failed), fmt.percent(whole.failure_share)
    told = (Cell(text, number=True) for text in (failed, share))
    return name, Cell(calls, number=True), *times, *told, Cell(failures(whole.failures))


def failures(counts: Mapping[str, int]) -> str:
    """Each kind in words, the most frequent first."""
    return ", ".join(_kinds(counts))


def _kinds(counts: Mapping[str, int]) -> list[str]:
    told = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_tr("{count} × {kind}").format(count=fmt.count(count), kind=fmt.outcome(word)[0]) for word, count in told]


def reading(lines: Iterable[Line], start_s: float, width_s: int) -> list[str]:
    """What is known of the bin that begins then, for whoever points at it; nothing where it is empty."""
    known = [(line, timing) for line in lines if (timing := line.at(start_s)) is not None]
    if not known:
        return []
    begin, end = (_clock(at_s, width_s) for at_s in (start_s, start_s + width_s))
    told = [_tr("{begin} to {end}").format(begin=begin, end=end)]
    for line, timing in known:
        told.append(_told(line, timing))
        if timing.whole_p50_ms is not None:
            p50, p95 = fmt.latency(timing.whole_p50_ms), fmt.latency(timing.whole_p95_ms)
            told.append(_tr("    whole replies: half within {p50}, 95 % within {p95}").format(p50=p50, p95=p95))
        told += [f"    {kind}" for kind in _kinds(timing.failures)]
    return told


def _clock(at_s: float, width_s: int) -> str:
    """As exact as a bin is wide."""
    told = fmt.clock(at_s, seconds=width_s < 60)
    return told if width_s < 3_600 else f"{fmt.weekday(at_s)} {told}"


def _told(line: Line, timing: Timing) -> str:
    facts = {
        "name": line.label, "count": fmt.count(timing.calls), "p50": fmt.latency(timing.p50_ms),
        "p95": fmt.latency(timing.p95_ms),
    }  # fmt: skip
    if line.is_of_frames:
        return _tr("{name}: half within {p50}, 95 % within {p95}, frames: {count}").format(**facts)
    return _tr("{name}: half within {p50}, 95 % within {p95}, calls: {count}").format(**facts)


def top_of(lines: Iterable[Line], least_ms: int) -> float:
    """How high a chart of them is to reach: one value far above the others does not set it, and leads out of it."""
    values = sorted(timing.p95_ms for line in lines for timing in line.bins if timing.p95_ms is not None)
    if not values:
        return least_ms
    usual = values[max(0, math.ceil(_USUAL_SHARE * len(values)) - 1)]
    is_far = len(values) >= _LEAST_VALUES and values[-1] > _FAR * usual
    return max(least_ms, _ROOM * usual if is_far else values[-1])


def as_csv(lines: Iterable[Line], width_s: int) -> str:
    """One line per provider and bin; times are local, with their offset. The calls of who is no provider are frames."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_CSV_TITLES)
    for line in lines:
        for timing in line.bins:
            begin, end = (
                datetime.fromtimestamp(at_s).astimezone().isoformat(timespec="seconds")
                for at_s in (timing.start_s, timing.start_s + width_s)
            )
            kinds = " ".join(f"{word}:{count}" for word, count in sorted(timing.failures.items()))
            writer.writerow((
                line.name, begin, end, timing.calls, timing.answered, _known(timing.p50_ms), _known(timing.p95_ms),
                timing.failed, kinds, _known(timing.whole_p50_ms), _known(timing.whole_p95_ms),
            ))  # fmt: skip
    return text.getvalue()


def _known(latency_ms: int | None) -> str:
    return "" if latency_ms is None else str(latency_ms)
