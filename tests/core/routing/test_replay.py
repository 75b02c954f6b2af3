"""What another order would have made of the history: true where it was played, cautious where it is guessed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.core.frame import Kind
from app.core.routing.replay import Order, PastCall, PastFrame, replay
from tests.bench.policy.course import Course, run
from tests.bench.policy.tables import TABLES, Plan, Table, Vendor


def asks(*names: str) -> Order:
    return lambda kind: names


def call(provider: str, outcome: str = "sure", right: float | None = None, cost: float | None = 1.0) -> PastCall:
    return PastCall(provider, outcome, 1_000, cost, right)


def past(*calls: PastCall, right: float | None = None, kind: Kind = "scene") -> PastFrame:
    return PastFrame(kind, calls, right)


EASY = past(call("a", right=1.0), right=1.0)
HARD = past(call("a", "unsure"), call("b", right=1.0), right=1.0)
BOTH = [*[EASY] * 40, *[HARD] * 20]


def test_the_order_that_was_changes_nothing() -> None:
    wrong = past(call("a", right=0.0), right=0.0)
    told = past(call("a", "unsure"), call("b", "unsure"), call("c", "judged"), right=0.0)
    forecast = replay([*BOTH, wrong, told], asks("a", "b"))
    assert forecast is not None
    assert (forecast.cost_share, forecast.wrong_share, forecast.wait_share) == pytest.approx((1, 1, 1))
    assert (forecast.frames, forecast.labels) == (62, 62)


def test_who_was_asked_in_a_frame_does_there_what_it_did_and_elsewhere_what_it_does_on_the_whole() -> None:
    forecast = replay(BOTH, asks("b", "a"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(60 / 80)
    assert forecast.frames == 60


def test_a_provider_that_stays_unsure_costs_its_call_and_the_next_ones() -> None:
    seldom = [past(call("b", "unsure"), call("a", right=1.0), right=1.0)] * 20
    forecast = replay([*seldom, *[EASY] * 30], asks("b", "a"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(100 / 70)


def test_nothing_is_said_of_frames_whose_first_to_be_asked_is_not_known_for_their_kind() -> None:
    texts = [past(call("a"), kind="text")] * 100
    forecast = replay([*BOTH, *texts], asks("b", "a"))
    assert forecast is not None
    assert forecast.frames == 60
    assert replay(texts, asks("b", "a")) is None
    assert replay([*BOTH, *texts], asks("nobody")) is None
    assert replay([], asks("a")) is None


def test_who_is_not_known_later_on_is_passed_over() -> None:
    forecast = replay(BOTH, asks("a", "nobody", "b"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(1)


def test_without_labels_nothing_is_said_of_wrong_ones_and_without_prices_nothing_of_money() -> None:
    blank = [past(call("a", cost=None)) for _ in range(50)]
    forecast = replay(blank, asks("a"))
    assert forecast is not None
    assert (forecast.cost_share, forecast.wrong_share, forecast.wait_share) == (None, None, 1)
    assert forecast.labels == 0


def test_a_call_that_broke_off_cost_what_its_providers_usually_do() -> None:
    broken = past(call("a", "timeout", cost=None), call("b", right=1.0), right=1.0)
    forecast = replay([*BOTH, broken], asks("a", "b"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(1)


def test_a_call_that_was_cancelled_has_cost_what_it_has_and_tells_nothing() -> None:
    late = past(call("a", "cancelled", cost=0.5), call("b", right=1.0), right=1.0)
    forecast = replay([*[EASY] * 30, *[late] * 30], asks("a"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(75 / 75)
    assert forecast.frames == 60


def test_audits_tell_of_the_provider_and_nothing_of_what_the_frame_cost() -> None:
    audited = past(call("a", right=0.0), PastCall("b", "sure", 1_000, 1.0, 1.0, is_audit=True), right=0.0)
    forecast = replay([*[audited] * 25, *[EASY] * 30], asks("a"))
    assert forecast is not None
    assert forecast.cost_share == pytest.approx(1)
    better = replay([*[audited] * 25, *[EASY] * 30], asks("b"))
    assert better is not None
    assert better.wrong_share is not None
    assert better.wrong_share < 0.1


def test_a_judge_and_a_second_call_to_one_provider_are_counted() -> None:
    judged = past(call("a", "bad_request", cost=0.0), call("a", "unsure"), call("b", "unsure"), call("c", "judged"))
    forecast = replay([judged] * 40, asks("b", "a"))
    assert forecast is not None
    assert (forecast.cost_share, forecast.wait_share) == pytest.approx((1, 1))


@dataclass(frozen=True)
class Reordered:
    """A table whose vendors are asked in another order."""

    table: Table
    names: tuple[str, ...]

    @property
    def vendors(self) -> tuple[Vendor, ...]:
        return tuple(sorted(self.table.vendors, key=lambda vendor: self.names.index(vendor.name)))

    def plans(self, seed: int, frames: int) -> list[Plan]:
        return self.table.plans(seed, frames)


def test_it_sees_that_another_order_is_better_and_hardly_promises_more_than_comes() -> None:
    table, names = TABLES["2"], ("chatgpt", "gemini", "deepseek", "qwen")
    was, would = (run(one, seed=21, frames=2_500) for one in (table, Reordered(table, names)))
    forecast = replay(map(_past, was), asks(*names))
    assert forecast is not None
    assert forecast.wrong_share is not None
    assert _wrong(would) / _wrong(was) - 0.05 < forecast.wrong_share < 1


def _wrong(courses: list[Course]) -> int:
    return sum(not course.is_right for course in courses)


def _past(course: Course) -> PastFrame:
    answer = course.answer
    assert answer is not None
    right = float(course.is_right)
    calls = tuple(
        PastCall(one.provider, one.outcome, one.latency_ms, one.cost_usd, right if one.outcome == "sure" else None)
        for one in answer.attempts
    )
    return PastFrame(answer.kind, calls, right)
