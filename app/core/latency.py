"""How long answers take: exact percentiles of the providers' calls, counted into bins of time as they come.

Two times count: to the words, for which the wearer waits, and to the end of a reply whose words came first. A call that
failed says nothing of how long an answer takes: it counts by its kind beside the percentiles. What the wearer waits for
a frame, and what the server itself adds to it (its latency without its calls), are two more series.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, get_args

from app.core.events import FrameAnswered, FrameCompleted, FrameFailed
from app.core.frame import Code
from app.core.routing.trace import AUDITED, USABLE_OUTCOMES

MOST_AWAITED = 500
"""Frames whose replies may still be read: as many as come in some seconds."""
ANSWERED = USABLE_OUTCOMES | {"judged"}
UNTIMED = frozenset({"skipped", "cancelled", AUDITED})
"""Outcomes that tell nothing of how long an answer takes, nor of a failure."""
_ENDED_IN_WORDS: frozenset[str] = frozenset(get_args(Code))
NOT_OURS = frozenset({"superseded", "hung_up", "stopping"})
"""Codes of frames whose time tells nothing of the server: they waited for another one, or somebody gave up."""

ROUNDING_MS = 5
"""What a frame's calls may seem to take longer than itself, each rounded."""


@dataclass(frozen=True, slots=True)
class Period:
    """``length_s`` in bins of ``width_s`` seconds, which divide it."""

    length_s: int
    width_s: int

    def since_s(self, now_s: float) -> float:
        """Where the oldest bin begins (Unix seconds): the newest one is the one under way."""
        return (now_s // self.width_s + 1) * self.width_s - self.length_s


QUARTER, HOUR, DAY, THREE_DAYS = Period(900, 15), Period(3_600, 60), Period(86_400, 900), Period(259_200, 3_600)


class CallTiming(NamedTuple):
    """``latency_ms``: to the words; ``whole_ms``: to the reply's end, None where that was no later or is to come."""

    provider: str
    outcome: str
    latency_ms: int
    whole_ms: int | None = None


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """One ended frame, its times as those of its calls; ``received_s``: Unix time; ``door``: as the frame's own."""

    frame_id: str
    received_s: float
    code: str
    latency_ms: int
    calls: tuple[CallTiming, ...] = ()
    whole_ms: int | None = None
    door: str = ""

    @property
    def overhead_ms(self) -> int | None:
        """What the server added to its providers' time; None where that is not known, as with two calls at once."""
        waited_for_all = self.whole_ms is not None and self.whole_ms <= self.latency_ms
        left_ms = self.latency_ms - sum(call.latency_ms for call in self.calls if call.outcome != AUDITED)
        if waited_for_all or self.code in NOT_OURS or left_ms < -ROUNDING_MS:
            return None
        return max(0, left_ms)


def timing_of(event: FrameAnswered | FrameCompleted | FrameFailed) -> FrameTiming:
    """Of a frame that has just ended, or whose reply has."""
    code: str
    if isinstance(event, FrameFailed):
        code, latency_ms, attempts, whole_ms = event.error.code, event.latency_ms, event.error.attempts, None
    else:
        answer = event.answer
        code, latency_ms, attempts, whole_ms = answer.code, answer.latency_ms, answer.attempts, answer.whole_ms
    calls = tuple(
        CallTiming(one.provider, one.outcome, one.latency_ms, one.whole_ms) for one in attempts if one.is_call
    )
    frame = event.frame
    return FrameTiming(
        frame.frame_id, frame.received_at.timestamp(), code, latency_ms, calls, whole_ms, frame.door
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timing:
    """Of a bin beginning at ``start_s`` (Unix time), or of all: the percentiles are of the ``answered`` calls, to their
    words and to their ends, None when there are none; ``failures``: the others, by their word."""

    start_s: float
    answered: int
    p50_ms: int | None
    p95_ms: int | None
    failures: Mapping[str, int] = field(default_factory=dict)
    whole_p50_ms: int | None = None
    whole_p95_ms: int | None = None

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
        self._whole: dict[int, list[int]] = {}
        self._failed: dict[int, Counter[str]] = {}
        self._known: dict[int, tuple[tuple[int, int, int], Timing]] = {}

    def add(self, at_s: float, latency_ms: int) -> None:
        """A call of a frame received at ``at_s`` was answered."""
        insort(self._answered.setdefault(self._bin(at_s), []), latency_ms)

    def complete(self, at_s: float, whole_ms: int) -> None:
        """The reply to such a call has come to its end, after its words."""
        insort(self._whole.setdefault(self._bin(at_s), []), whole_ms)

    def fail(self, at_s: float, word: str) -> None:
        self._failed.setdefault(self._bin(at_s), Counter())[word] += 1

    def forget_before(self, at_s: float) -> None:
        """``at_s``: where a bin begins."""
        for bins in (self._answered, self._whole, self._failed, self._known):
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
        start_s = min((*self._answered, *self._failed), default=0) * self._width_s
        failures = sum(self._failed.values(), Counter[str]())
        return _timing(start_s, list(self._answered.values()), failures, list(self._whole.values()))

    def _timing(self, index: int) -> Timing:
        """A bin in which nothing changed is not counted again."""
        values, failures = self._answered.get(index, []), self._failed.get(index, Counter())
        whole = self._whole.get(index, [])
        counted = (len(values), failures.total(), len(whole))
        known = self._known.get(index)
        if known is None or known[0] != counted:
            known = counted, _timing(index * self._width_s, [values], dict(failures), [whole])
            self._known[index] = known
        return known[1]

    def _bin(self, at_s: float) -> int:
        return int(at_s // self._width_s)


def _timing(
    start_s: float, answered: Sequence[Sequence[int]], failures: Mapping[str, int], whole: Sequence[Sequence[int]]
) -> Timing:
    p50_ms, p95_ms = percentile(answered, 50), percentile(answered, 95)
    whole_p50_ms, whole_p95_ms = percentile(whole, 50), percentile(whole, 95)
    return Timing(start_s, sum(map(len, answered)), p50_ms, p95_ms, failures, whole_p50_ms, whole_p95_ms)


class Latencies:
    """Over one period each provider's series, the server's ``own``, and that of the ``frames`` for which somebody's
    glasses waited. One thread at a time.
    """

    def __init__(self, period: Period) -> None:
        self.period = period
        self.providers: dict[str, Series] = {}
        self.own, self.frames = Series(period.width_s), Series(period.width_s)
        self._added: dict[str, FrameTiming] = {}
        """The newest, as they were added: of some replies the rest was there by then."""

    def add(self, frame: FrameTiming) -> None:
        for call in frame.calls:
            self._add_call(frame.received_s, call)
        if (overhead_ms := frame.overhead_ms) is not None:
            self.own.add(frame.received_s, overhead_ms)
        if frame.code in _ENDED_IN_WORDS and not frame.door:  # through a door nobody's glasses wait
            self.frames.add(frame.received_s, frame.latency_ms)
        self._count_whole(frame, None)
        self._added[frame.frame_id] = frame
        if len(self._added) > MOST_AWAITED:
            del self._added[next(iter(self._added))]

    def complete(self, frame: FrameTiming) -> None:
        """Count what has come of ``frame`` since it was added."""
        self._count_whole(frame, self._added.pop(frame.frame_id, None))

    def _count_whole(self, frame: FrameTiming, before: FrameTiming | None) -> None:
        counted = {at for at, call in enumerate(before.calls) if call.whole_ms is not None} if before else ()
        for at, call in enumerate(frame.calls):
            series = self.providers.get(call.provider)
            if call.whole_ms is not None and at not in counted and series is not None and call.outcome in ANSWERED:
                series.complete(frame.received_s, call.whole_ms)
        if frame.whole_ms is not None and not frame.door and (before is None or before.whole_ms is None):
            self.frames.complete(frame.received_s, frame.whole_ms)

    def move_to(self, now_s: float) -> None:
        """Forget what the period no longer reaches."""
        since_s = self.period.since_s(now_s)
        for series in (self.own, self.frames, *self.providers.values()):
            series.forget_before(since_s)
        self.providers = {name: series for name, series in self.providers.items() if not series.is_empty}

    def _add_call(self, at_s: float, call: CallTiming) -> None:
        if call.outcome in UNTIMED:
            return
        series = self.providers.setdefault(call.provider, Series(self.period.width_s))
        if call.outcome in ANSWERED:
            series.add(at_s, call.latency_ms)
        else:
            series.fail(at_s, call.outcome)
