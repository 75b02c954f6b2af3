"""What another order of asking would have made of one's own history: at what cost, how often wrong, how late.

A provider that was asked in a frame does there what it did. One that was not does what it does on the whole for that
kind of frame, and where even that is not known nothing is said of the frame. Who stands late in a chain was mostly
asked what those before it found hard: put first it does better than is said here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.frame import Kind

LEAST_CALLS = 20
"""Of a provider for a kind of frame, before anything is said of those in which it was not asked."""
LEAST_LABELS = 20
"""Of a provider's sure answers, before anything is said of those without one."""
LEAST_FRAMES = 30
_UNKNOWN = math.nan
_SETTLED = ""
"""Stands for the provider of an answer of which nobody was sure: two agreed, a judge decided or the best stood."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """One call of a frame of the history, as its trace has it.

    ``cost_usd``: None where it is not known. ``is_right``: what labels say of its answer, 0 to 1, None without one.
    ``is_audit``: made beside the cascade; it tells of the provider and nothing of the frame's course.
    """

    provider: str
    outcome: str
    latency_ms: int
    cost_usd: float | None
    is_right: float | None = None
    is_audit: bool = False


@dataclass(frozen=True, slots=True)
class PastFrame:
    """One answered frame of the history. ``is_right``: what labels say of the answer that was shown."""

    kind: Kind
    calls: tuple[PastCall, ...]
    is_right: float | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an order would have cost in shares of what was: 0.69 is 31 % less; None where that is not known.

    ``frames``: how many of the history it rests on; ``labels``: how many of those are labelled.
    """

    cost_share: float | None
    wrong_share: float | None
    wait_share: float | None
    frames: int
    labels: int


Order = Callable[[Kind], Sequence[str]]
"""Whom to ask for a kind of frame, one after the other until one is sure."""


def replay(frames: Iterable[PastFrame], order: Order) -> Forecast | None:
    """What ``order`` would have made of ``frames``; None when too few of them tell. For a thread: 10 us a frame."""
    past = list(frames)
    usual = _usual_costs(past)
    known = [_Course(frame, usual) for frame in past]
    habits = _Habits(known)
    was, would = _Sum(), _Sum()
    count = labels = 0
    for course in known:
        if course.turns and (other := course.along(order(course.kind), habits)) is not None:
            was.add(course.as_it_was(habits))
            would.add(other)
            count += 1
            labels += course.is_right is not None
    if count < LEAST_FRAMES:
        return None
    return Forecast(
        cost_share=_share(would.cost_usd, was.cost_usd),
        wrong_share=_share(would.wrong, was.wrong),
        wait_share=_share(would.latency_ms, was.latency_ms),
        frames=count,
        labels=labels,
    )


def _usual_costs(frames: Iterable[PastFrame]) -> Mapping[str, float]:
    """The mean of each provider's calls whose cost is known, for those where it is not: it broke off."""
    costs: Mapping[str, list[float]] = defaultdict(list)
    for call in (call for frame in frames for call in frame.calls):
        if call.cost_usd is not None and call.outcome != "cancelled":
            costs[call.provider].append(call.cost_usd)
    return {name: sum(known) / len(known) for name, known in costs.items()}


def _cost(call: PastCall, usual: Mapping[str, float]) -> float:
    return usual.get(call.provider, _UNKNOWN) if call.cost_usd is None else call.cost_usd


def _share(would: float, was: float) -> float | None:
    return None if math.isnan(would) or math.isnan(was) or not was else would / was


# --- one frame --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sum:
    """What is not known of a part (NaN) is not known of the whole."""

    cost_usd: float = 0.0
    latency_ms: float = 0.0
    wrong: float = 0.0

    def add(self, other: _Sum) -> None:
        self.cost_usd += other.cost_usd
        self.latency_ms += other.latency_ms
        self.wrong += other.wrong


@dataclass(slots=True)
class _Turn:
    """A provider's part in a frame. ``sure``: the chance that it ends there; ``is_right``: NaN without a label."""

    cost_usd: float = 0.0
    latency_ms: float = 0.0
    sure: float = 0.0
    is_right: float = _UNKNOWN

    def add(self, call: PastCall, usual: Mapping[str, float]) -> None:
        self.cost_usd += _cost(call, usual)
        self.latency_ms += call.latency_ms
        self.sure = max(self.sure, float(call.outcome == "sure"))
        if call.is_right is not None:
            self.is_right = call.is_right


class _Course:
    """A frame's calls by whose they are: a second call to a provider belongs to its turn, a judge's to the end.

    One that was cancelled, for another one was sooner, tells nothing: it has cost what it has.
    """

    def __init__(self, frame: PastFrame, usual: Mapping[str, float]) -> None:
        self.kind, self.is_right = frame.kind, frame.is_right
        self.turns, self.audits, self.end = dict[str, _Turn](), dict[str, _Turn](), _Turn()
        self.cancelled_usd = 0.0
        for call in frame.calls:
            if call.outcome == "judged":
                self.end.add(call, usual)
            elif call.outcome == "cancelled":
                self.cancelled_usd += _cost(call, usual)
            elif call.outcome != "skipped":
                (self.audits if call.is_audit else self.turns).setdefault(call.provider, _Turn()).add(call, usual)
        self.sure_of = next((name for name, turn in self.turns.items() if turn.sure), _SETTLED)

    def as_it_was(self, habits: _Habits) -> _Sum:
        return self._walk(self.turns, habits)

    def along(self, names: Sequence[str], habits: _Habits) -> _Sum | None:
        """None where nothing is known of whom to ask first; who is not known later on is passed over."""
        turns = ((name, self._turn(name, habits)) for name in names)
        known = {name: turn for name, turn in turns if turn is not None}
        return self._walk(known, habits) if known and names[0] in known else None

    def _turn(self, name: str, habits: _Habits) -> _Turn | None:
        return self.turns.get(name) or self.audits.get(name) or habits.turn(name, self.kind)

    def _walk(self, turns: Mapping[str, _Turn], habits: _Habits) -> _Sum:
        total, reached, asked = _Sum(self.cancelled_usd), 1.0, set[str]()
        for name, turn in turns.items():
            _charge(total, turn, reached)
            if turn.sure:
                total.wrong += reached * turn.sure * (1 - self._right(name, habits))
            reached *= 1 - turn.sure
            asked.add(name)
            if not reached or (not self.sure_of and asked == self.turns.keys()):
                break  # one is sure, or all have said what settled it then
        if reached:
            _charge(total, habits.end if self.sure_of else self.end, reached)
            total.wrong += reached * (1 - self._right(_SETTLED, habits))
        return total

    def _right(self, name: str, habits: _Habits) -> float:
        """The chance that the answer is right with which ``name`` ends this frame."""
        if name == self.sure_of and self.is_right is not None:
            return self.is_right
        turn = self.turns.get(name) or self.audits.get(name)
        told = _UNKNOWN if turn is None or not turn.sure else turn.is_right
        return told if not math.isnan(told) else habits.right(name, was=name == self.sure_of)


def _charge(total: _Sum, turn: _Turn, reached: float) -> None:
    total.cost_usd += reached * turn.cost_usd
    total.latency_ms += reached * turn.latency_ms


# --- what providers do on the whole -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    calls: int = 0
    total: _Turn = field(default_factory=_Turn)

    def add(self, turn: _Turn) -> None:
        self.calls += 1
        self.total.cost_usd += turn.cost_usd
        self.total.latency_ms += turn.latency_ms
        self.total.sure += turn.sure

    def mean(self) -> _Turn:
        calls, total = max(self.calls, 1), self.total
        return _Turn(total.cost_usd / calls, total.latency_ms / calls, total.sure / calls)


class _Habits:
    """The means of every provider for every kind, and how often its sure answers are right."""

    def __init__(self, courses: Iterable[_Course]) -> None:
        tallies: Mapping[tuple[str, Kind], _Tally] = defaultdict(_Tally)
        rights: Mapping[str, list[float]] = defaultdict(list)
        ends = _Tally()
        for course in courses:
            for turns in (course.turns, course.audits):
                for name, turn in turns.items():
                    tallies[name, course.kind].add(turn)
                    if turn.sure and not math.isnan(turn.is_right):
                        rights[name].append(turn.is_right)
            if not course.sure_of:
                ends.add(course.end)
                if course.is_right is not None:
                    rights[_SETTLED].append(course.is_right)
        self._turns = {known: tally.mean() for known, tally in tallies.items() if tally.calls >= LEAST_CALLS}
        self._rights = {
            name: (sum(one) / len(one), len(one)) for name, one in rights.items() if len(one) >= LEAST_LABELS
        }
        self.end = ends.mean()

    def turn(self, name: str, kind: Kind) -> _Turn | None:
        return self._turns.get((name, kind))

    def right(self, name: str, *, was: bool) -> float:
        """The chance that a sure answer of ``name`` is right: a standard error less where the answer never ``was``."""
        share, count = self._rights.get(name, (_UNKNOWN, 1))
        likely = (share * count + 1) / (count + 2)
        return share if was else share - math.sqrt(likely * (1 - likely) / count)
