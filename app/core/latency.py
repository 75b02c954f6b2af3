"""How long providers take: exact percentiles of their calls, counted into bins of time as they come.

A call that failed says nothing of how long an answer takes: it counts by its kind beside the percentiles. What the
server itself adds to a frame (its latency without its calls) is one more series.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.events import FrameAnswered, FrameFailed

ANSWERED = frozenset({"sure", "unsure", "judged"})
UNTIMED = frozenset({"skipped", "cancelled"})
"""Outcomes that tell nothing of how long an answer takes, nor of a failure."""
NOT_OURS = frozenset({"superseded", "hung_up", "stopping"})
"""Codes of frames whose time tells nothing of the server: they waited for another one, or somebody gave up."""


@dataclass(frozen=True, slots=True)
class Period:
    """``length_s`` in bins of ``width_s`` seconds, which divide it."""

    length_s: int
    width_s: int

    def since_s(self, now_s: float) -> float:
        """Where the oldest bin begins (Unix seconds): the newest one is the one under way."""
        return (now_s // self.width_s + 1) * self.width_s - self.length_s


QUARTER, HOUR, DAY, THREE_DAYS = Period(900, 15), Period(3_600, 60), Period(86_400, 900), Period(259_200, 3_600)


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """One ended frame. ``calls``: (provider, outcome, latency in ms) of each; ``received_s``: Unix time."""

    frame_id: str
    received_s: float
    code: str
    latency_ms: int
    calls: tuple[tuple[str, str, int], ...] = ()

    @property
    def overhead_ms(self) -> int | None:
        """What the server added to its providers' time; None where that is not known."""
        if self.code in NOT_OURS:
            return None
        return max(0, self.latency_ms - sum(latency_ms for _, _, latency_ms in self.calls))


def timing_of(event: FrameAnswered | FrameFailed) -> FrameTiming:
    """Of a frame that has just ended."""
    code: str
    if isinstance(event, FrameAnswered):
        code, latency_ms, attempts = event.answer.code, event.answer.latency_ms, event.answer.attempts
    else:
        code, latency_ms, attempts = event.error.code, event.latency_ms, event.error.attempts
    calls = tuple((one.provider, one.outcome, one.latency_ms) for one in attempts if one.is_call)
    return FrameTiming(event.frame.frame_id, event.frame.received_at.timestamp(), code, latency_ms, calls)


@dataclass(frozen=True, slots=True)
class Timing:
    """Of a bin beginning at ``start_s`` (Unix time), or of all: the percentiles are of the ``answered`` calls, None
    when there are none; ``failures``: the others, by their word."""

    start_s: float
    answered: int
    p50_ms: int | None
    p95_ms: int | None
    failures: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    @property
    def calls(self) -> int:
        return self.answered + self.failed

    @property
    def failure_share(self) -> float:
        return self.failed / self.calls if self.calls else 0.0


def percentile(sorted_bins: Sequence[Sequence[int]], percent: int) -> int | None:
    """The smallest value that at least ``percent`` of 100 do not exceed (nearest rank), over bins sorted each.

    The bins are never brought together: sorting some 100,000 numbers in one go would hold every other thread.
    """
    filled = [values for values in sorted_bins if values]
    if not filled:
        return None
    rank = -(-percent * sum(map(len, filled)) // 100)
    low, high = min(values[0] for values in filled), max(values[-1] for values in filled)
    while low < high:
        middle = (low + high) // 2
        if sum(bisect_right(values, middle) for values in filled) >= rank:
            high = middle
        else:
            low = middle + 1
    return low


class Series:
    """The calls to one provider, in bins of ``width_s``."""

    def __init__(self, width_s: int) -> None:
        self._width_s = width_s
        self._answered: dict[int, list[int]] = {}
        self._failed: dict[int, Counter[str]] = {}
        self._known: dict[int, Timing] = {}

    def add(self, at_s: float, latency_ms: int) -> None:
        """A call of a frame received at ``at_s`` was answered."""
        insort(self._answered.setdefault(self._bin(at_s), []), latency_ms)

    def fail(self, at_s: float, word: str) -> None:
        self._failed.setdefault(self._bin(at_s), Counter())[word] += 1

    def forget_before(self, at_s: float) -> None:
        """``at_s``: where a bin begins."""
        for bins in (self._answered, self._failed, self._known):
            for old in [index for index in bins if index * self._width_s < at_s]:
                del bins[old]

    @property
    def is_empty(self) -> bool:
        return not (self._answered or self._failed)

    def bins(self) -> tuple[Timing, ...]:
        """Those that hold a call, in their order."""
        return tuple(map(self._timing, sorted(self._answered.keys() | self._failed.keys())))

    def whole(self) -> Timing:
        """Of all bins together; its start is the first one's."""
        bins = list(self._answered.values())
        start_s = min((*self._answered, *self._failed), default=0) * self._width_s
        answered, failures = sum(map(len, bins)), sum(self._failed.values(), Counter[str]())
        return Timing(start_s, answered, percentile(bins, 50), percentile(bins, 95), failures)

    def _timing(self, index: int) -> Timing:
        """A bin in which nothing changed is not counted again."""
        values, failures = self._answered.get(index, []), self._failed.get(index, Counter())
        known = self._known.get(index)
        if known is None or (known.answered, known.failed) != (len(values), failures.total()):
            p50_ms, p95_ms = percentile([values], 50), percentile([values], 95)
            known = Timing(index * self._width_s, len(values), p50_ms, p95_ms, dict(failures))
            self._known[index] = known
        return known

    def _bin(self, at_s: float) -> int:
        return int(at_s // self._width_s)


class Latencies:
    """Every provider's series over one period, and the server's ``own``. One thread at a time."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.providers: dict[str, Series] = {}
        self.own = Series(period.width_s)

    def add(self, frame: FrameTiming) -> None:
        for provider, outcome, latency_ms in frame.calls:
            self._add_call(frame.received_s, provider, outcome, latency_ms)
        if (overhead_ms := frame.overhead_ms) is not None:
            self.own.add(frame.received_s, overhead_ms)

    def move_to(self, now_s: float) -> None:
        """Forget what the period no longer reaches."""
        since_s = self.period.since_s(now_s)
        for series in (self.own, *self.providers.values()):
            series.forget_before(since_s)
        self.providers = {name: series for name, series in self.providers.items() if not series.is_empty}

    def _add_call(self, at_s: float, provider: str, outcome: str, latency_ms: int) -> None:
        if outcome in UNTIMED:
            return
        series = self.providers.setdefault(provider, Series(self.period.width_s))
        if outcome in ANSWERED:
            series.add(at_s, latency_ms)
        else:
            series.fail(at_s, outcome)
