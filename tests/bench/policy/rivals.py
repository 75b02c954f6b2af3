"""What others would have made of the same frames: a raw cut on what providers claim, and the best fixed pair."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

from app.core.frame import Kind
from app.core.routing.confidence import agree
from tests.bench.policy.tables import JUDGE_FINDS, Plan, Said, Table

RAW_CUTS: Mapping[Kind, float] = {"scene": 0.80, "translate": 0.80, "text": 0.90, "maths": 0.90}
RAW_ORDER: Mapping[Kind, str] = {"translate": "qwen", "maths": "deepseek"}
"""Who is asked next when the first was not sure."""
_CUTS = tuple(step / 20 for step in range(21))


# --- a raw cut --------------------------------------------------------------------------------------------------------


def raw_cut(plans: Sequence[Plan], table: Table) -> float:
    """The share of wrong answers, all shown as sure, of a cascade that believes what is claimed (our version 0.2).

    Down the chain until one's confidence is at its kind's cut or two say the same; else a judge decides.
    """
    names = [vendor.name for vendor in table.vendors]
    return _share(not _raw_answer(plan, names).is_right for plan in plans)


def _raw_answer(plan: Plan, names: Sequence[str]) -> Said:
    said = [plan.said[name] for name in sorted(names, key=lambda name: _turn(name, names, plan.kind))]
    candidates = list[Said]()
    for one in filter(_is_there, said):
        if _rank(one) >= RAW_CUTS[plan.kind] or any(agree(other.answer, one.answer) for other in candidates):
            return one
        candidates.append(one)
    return judged(plan, candidates) if candidates else said[0]


def _turn(name: str, names: Sequence[str], kind: Kind) -> tuple[bool, bool]:
    return name != names[0], name != RAW_ORDER.get(kind)


def judged(plan: Plan, candidates: Sequence[Said]) -> Said:
    """Whom a judge picks: a right one, where there is one, as often as judges find it; else any other."""
    right = [said for said in candidates if said.is_right]
    wrong = [said for said in candidates if not said.is_right]
    among = (right or wrong) if plan.roll < JUDGE_FINDS else (wrong or right)
    return sorted(among, key=lambda said: said.answer)[plan.number % len(among)]


# --- the best pair ----------------------------------------------------------------------------------------------------


def best_pair(plans: Sequence[Plan], prices: Mapping[str, float], cost: float) -> float:
    """The accuracy of the best ordered pair of vendors and cut that costs no more than ``cost`` a frame.

    The first is asked, and the second when the first's claim is under the cut; the higher claim is shown.
    """
    alone = [name for name, price in prices.items() if price <= cost]
    best = max((_share(_works(plan.said[name]) for plan in plans) for name in alone), default=0.0)
    for first, second in permutations(prices, 2):
        pairs = [(plan.said[first], plan.said[second]) for plan in plans]
        ranks = sorted(_rank(one) for one, _ in pairs)
        for cut in _CUTS:
            if prices[first] + prices[second] * bisect_left(ranks, cut) / len(plans) <= cost:
                best = max(best, _share(_works(_shown(one, other, cut)) for one, other in pairs))
    return best


def _shown(one: Said, other: Said, cut: float) -> Said:
    return one if _rank(one) >= min(cut, _rank(other)) else other


def _rank(said: Said) -> float:
    return -1.0 if said.confidence is None or not _is_there(said) else said.confidence


def _works(said: Said) -> bool:
    return said.is_right and _is_there(said)


def _is_there(said: Said) -> bool:
    return said.failure is None and not said.hangs


def _share(flags: Iterable[bool]) -> float:
    known = list(flags)
    return sum(known) / len(known)
