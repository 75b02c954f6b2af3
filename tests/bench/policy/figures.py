"""What became of a table's frames, in the figures by which a policy is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter

from tests.bench.policy.course import Course
from tests.bench.policy.players import Bill
from tests.bench.policy.rivals import best_pair
from tests.bench.policy.tables import Table

BINS = 10
RISK_AT = 0.7
BACK_OVER, BACK_STEP, BACK_POINT = 500, 50, 0.01


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all frames, unless said otherwise; shares are 0 to 1, ``cost`` and ``calls`` per frame.

    ``wrong_sure``: wrong and shown without a mark. ``coverage``: shown without a mark; ``wrong_unmarked``: of those,
    wrong. ``risk_at_70``: wrong among the 70 % that are trusted most. ``ece``: how far trust is from the share that is
    right, over ten bins of the answers that have one. ``cost``: in usual calls of a vendor of price 1. ``escalated``:
    frames in which more than one call was made; audits are none here, but cost.
    ``hedged``: calls made while another one of the frame was silent;
    ``cut``: those that were broken off. ``regret``: how much more often the best pair of vendors with one cut, chosen
    with hindsight, is right for no more money (negative: less).
    """

    frames: int
    accuracy: float
    wrong_sure: float
    wrong_unmarked: float
    coverage: float
    risk_at_70: float
    ece: float
    calls: float
    output_tokens: float
    cost: float
    p50_words_s: float
    p95_words_s: float
    p99_words_s: float
    p50_end_s: float
    p95_end_s: float
    p99_end_s: float
    escalated: float
    hedged: float
    cut: float
    unanswered: float
    regret: float

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def figures(courses: Sequence[Course], table: Table) -> Figures:
    """Of ``courses``, at least one, of ``table``."""
    frames, plans = len(courses), [course.plan for course in courses]
    prices = {vendor.name: vendor.price for vendor in table.vendors}
    unmarked = [course for course in courses if course.is_unmarked]
    wrong_sure = sum(not course.is_right for course in unmarked)
    accuracy = sum(course.is_right for course in courses) / frames
    bills = [bill for course in courses for bill in course.bills]
    cost = sum(bill.cost for course in courses for bill in (*course.bills, *course.audits)) / frames
    words, ends = sorted(course.words_s for course in courses), sorted(course.end_s for course in courses)
    return Figures(
        frames=frames,
        accuracy=accuracy,
        wrong_sure=wrong_sure / frames,
        wrong_unmarked=wrong_sure / len(unmarked) if unmarked else 0.0,
        coverage=len(unmarked) / frames,
        risk_at_70=risk_at(courses, RISK_AT),
        ece=calibration_error(courses),
        calls=len(bills) / frames,
        output_tokens=sum(bill.tokens for bill in bills) / frames,
        cost=cost,
        p50_words_s=_percentile(words, 50),
        p95_words_s=_percentile(words, 95),
        p99_words_s=_percentile(words, 99),
        p50_end_s=_percentile(ends, 50),
        p95_end_s=_percentile(ends, 95),
        p99_end_s=_percentile(ends, 99),
        escalated=sum(len(course.bills) > 1 for course in courses) / frames,
        hedged=sum(_hedges(course.bills) for course in courses) / frames,
        cut=sum(bill.cut_s is not None for bill in bills) / frames,
        unanswered=sum(course.answer is None for course in courses) / frames,
        regret=best_pair(plans, prices, cost) - accuracy,
    )


def _hedges(bills: Sequence[Bill]) -> int:
    return sum(any(one.silent_until_s > bill.began_s for one in bills[:at]) for at, bill in enumerate(bills))


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


# --- what trust is worth ----------------------------------------------------------------------------------------------


def risk_at(courses: Sequence[Course], coverage: float) -> float:
    """The share of wrong ones among the ``coverage`` trusted most; of equals as many as are needed, by their mean."""
    ranked = sorted(((-1.0 if one.trust is None else one.trust, one.is_right) for one in courses), reverse=True)
    wanted = left = coverage * len(courses)
    wrong = 0.0
    for _, equals in groupby(ranked, itemgetter(0)):
        are_right = [is_right for _, is_right in equals]
        taken = min(left, len(are_right))
        wrong += taken * are_right.count(False) / len(are_right)
        left -= taken
    return wrong / wanted


def calibration_error(courses: Sequence[Course]) -> float:
    """The expected calibration error of trust, over ten equal bins; answers without one are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for course in courses:
        if course.trust is not None:
            bins[min(int(course.trust * BINS), BINS - 1)].append((course.trust, course.is_right))
    count = sum(map(len, bins))
    return sum(abs(sum(trust - is_right for trust, is_right in one)) for one in bins) / count if count else 0.0


# --- after a change ---------------------------------------------------------------------------------------------------


def frames_until_back(pairs: Sequence[Sequence[Sequence[Course]]], at: int) -> int:
    """How many frames after frame ``at`` no more than a point more is wrong and shown as sure, over ``BACK_OVER`` of
    them, than without the change. ``pairs``: the same frames with the change and without, of several seeds."""
    last = min(len(courses) for pair in pairs for courses in pair)
    for begins in range(at, last - BACK_OVER + 1, BACK_STEP):
        over = slice(begins, begins + BACK_OVER)
        more = sum(_wrong_sure(changed[over]) - _wrong_sure(same[over]) for changed, same in pairs)
        if more / len(pairs) <= BACK_POINT * len(pairs[0][0][over]):
            return begins - at
    return last - at


def _wrong_sure(courses: Sequence[Course]) -> int:
    return sum(course.is_unmarked and not course.is_right for course in courses)
