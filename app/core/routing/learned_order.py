"""Whom to ask first, and whether to go on asking, by what each provider has done: how often right, how soon, for what.

Asking one after the other until one is sure is worth the most in the order of one figure for each: how often a sure
answer is right, less what it takes to get one (two neighbours change places where that gains). Pure, for a thread.

What the figures come from: how often a provider is sure, its cost and its time from the traces of the history; how
often it is right from labels by their weights, of answers that count as sure today. An ending that was sure or agreed
is no proof of being right and is counted nowhere. Who stands late in a chain was mostly asked what those before it
found hard, and is better than its figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import product

from app.core.frame import KINDS, Kind
from app.core.provider import ON_DEVICE
from app.core.routing.labels import Label
from app.core.routing.replay import PastCall, PastFrame
from app.core.routing.trace import AUDITED

LEAST_LABELS = 30.0
"""Of a provider, by their weights, before its gain is held against its price."""
RIGHT_USD = 0.10
"""What a right answer in the place of a wrong one is worth: some hundred calls."""
SECOND = 0.01
"""What a second of waiting costs, in right answers: one in ten more is worth ten seconds."""
PLACE = 0.03
"""By how much a provider must be worth more than the one before it in the owner's order to pass it."""
MENDS = 0.7
"""Of what a provider is right in on the whole, its share where another one is wrong: their errors correlate by 0.3."""
_PRIOR_CALLS, _PRIOR_LABELS = 10.0, 30.0
"""As so many count the other kinds of a provider for one of them, and all providers for one."""
_RIGHT, _SURE, _COST_USD, _WAIT_S = 0.8, 0.7, 0.001, 1.5
"""Of a provider of which nothing is known, nor of any other."""

_NO_TURN = frozenset({"skipped", "judged", "cancelled", AUDITED})
"""Outcomes that tell nothing of what a provider answers."""


@dataclass(slots=True)
class Tally:
    """Sums over calls (``calls``, ``sure``, ``cost_usd``, ``wait_s``) and labels (``right``, ``labels``)."""

    calls: float = 0.0
    sure: float = 0.0
    wait_s: float = 0.0
    priced: float = 0.0
    cost_usd: float = 0.0
    labels: float = 0.0
    right: float = 0.0

    def count(self, call: PastCall) -> None:
        self.calls += 1
        self.sure += call.outcome == "sure"
        self.wait_s += call.latency_ms / 1_000
        if call.cost_usd is not None:
            self.priced += 1
            self.cost_usd += call.cost_usd

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def usual(self, behind: Usual) -> Usual:
        """The means, drawn to those of ``behind``: with the first call and label nothing is known yet."""
        return Usual(
            right=(self.right + _PRIOR_LABELS * behind.right) / (self.labels + _PRIOR_LABELS),
            sure=(self.sure + _PRIOR_CALLS * behind.sure) / (self.calls + _PRIOR_CALLS),
            cost_usd=(self.cost_usd + _PRIOR_CALLS * behind.cost_usd) / (self.priced + _PRIOR_CALLS),
            wait_s=(self.wait_s + _PRIOR_CALLS * behind.wait_s) / (self.calls + _PRIOR_CALLS),
        )


@dataclass(frozen=True, slots=True)
class Usual:
    """What a provider does on the whole: the share of its sure answers that are right, of its calls that are sure."""

    right: float = _RIGHT
    sure: float = _SURE
    cost_usd: float = _COST_USD
    wait_s: float = _WAIT_S

    @property
    def price(self) -> float:
        """Of one call, in right answers."""
        return self.cost_usd / RIGHT_USD + self.wait_s * SECOND

    @property
    def worth(self) -> float:
        return self.right - self.price / max(self.sure, 0.01)


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of providers, by name and kind of frame; nothing by itself."""

    usual: Mapping[tuple[str, Kind], Usual] = field(default_factory=dict)
    labels: Mapping[str, float] = field(default_factory=dict)
    """Of each provider, by their weights."""

    def order(self, names: Sequence[str], kind: Kind) -> list[str]:
        """``names``, who stand in the owner's order, by what they are worth; the reader on this computer stays last."""
        known = {name: self.usual.get((name, kind)) for name in names}
        worths = [usual.worth for usual in known.values() if usual is not None]
        middle = sum(worths) / len(worths) if worths else 0.0
        ranks = {
            name: (name == ON_DEVICE, PLACE * place - (usual.worth if (usual := known[name]) else middle))
            for place, name in enumerate(names)
        }
        return sorted(names, key=ranks.__getitem__)

    def is_worth_asking(self, name: str, kind: Kind, trust: float | None) -> bool:
        """Whether ``name`` may gain more than it costs; ``trust``: the chance that the best answer so far is right.

        Half as much as by a sure answer is gained by one that is not: it agrees with another, or a judge picks it.
        """
        usual = self.usual.get((name, kind))
        if trust is None or usual is None or self.labels.get(name, 0.0) < LEAST_LABELS:
            return True
        return (1 - trust) * MENDS * usual.right * (1 + usual.sure) / 2 >= usual.price


def habits_of(frames: Iterable[PastFrame], labels: Iterable[Label], is_trusted: Callable[[Label], bool]) -> Habits:
    """What ``frames`` and ``labels`` teach. ``is_trusted``: whether a labelled answer would reach the cut today.

    Who does not assess itself or wants help ends no cascade all the same (``confidence.is_sure``).
    """
    tallies: dict[tuple[str, Kind], Tally] = defaultdict(Tally)
    for frame in frames:
        for call in frame.calls:
            if call.outcome not in _NO_TURN:
                tallies[call.provider, frame.kind].count(call)
    counts: dict[str, float] = defaultdict(float)
    for label in labels:
        counts[label.provider] += label.weight
        if label.confidence is not None and not label.signs.needs_help and is_trusted(label):
            tally = tallies[label.provider, label.signs.kind]
            tally.labels += label.weight
            tally.right += label.weight * label.is_right
    return Habits(_usual(tallies), dict(counts))


def _usual(tallies: Mapping[tuple[str, Kind], Tally]) -> Mapping[tuple[str, Kind], Usual]:
    """Each provider's for each kind, drawn to what it does with the others and that to what all do."""
    middle = _sum(tallies.values()).usual(Usual())
    names = {name for name, _ in tallies}
    usual = dict[tuple[str, Kind], Usual]()
    for name, kind in product(names, KINDS):
        others = _sum(tally for known, tally in tallies.items() if known[0] == name and known[1] != kind)
        usual[name, kind] = tallies.get((name, kind), Tally()).usual(others.usual(middle))
    return usual


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total
