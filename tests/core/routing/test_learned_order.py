"""Whom to ask first and when to stop, by what was learned: the owner's order until another is known to be better."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus, FrameAnswered
from app.core.frame import KINDS, Answer, Kind
from app.core.routing.calibration import calibrate
from app.core.routing.labels import Label, Signs
from app.core.routing.learned_order import LEAST_LABELS, Habits, Usual, habits_of
from app.core.routing.learning import PAUSE_S, Learning
from app.core.routing.replay import PastCall, PastFrame
from app.core.routing.router import GAINS_TOO_LITTLE, Router
from app.core.routing.trust import Trust
from app.core.settings import Settings
from tests.core.actors import House, frame, outcomes, provider, reader, says, settle, start

CHAIN = ["gemini", "deepseek", "qwen"]


def calls(
    name: str, number: int = 100, *, sure: float = 0.7, cost: float = 0.001, wait_s: float = 1.5, kind: Kind = "scene"
) -> Iterable[PastFrame]:
    for at in range(number):
        outcome = "sure" if at < sure * number else "unsure"
        yield PastFrame(kind, (PastCall(name, outcome, round(1_000 * wait_s), cost),))


def labels(name: str, right: int, wrong: int = 0, *, kind: Kind = "scene", confidence: float = 0.9) -> list[Label]:
    told = [1.0] * right + [0.0] * wrong
    return [Label(f"{at}", name, "m", confidence, Signs(kind), "thumb", one, 1.0) for at, one in enumerate(told)]


def is_sure(label: Label) -> bool:
    return label.confidence is not None and label.confidence >= 0.8


def learned(frames: Iterable[PastFrame] = (), told: Iterable[Label] = ()) -> Habits:
    return habits_of(frames, told, is_sure)


EVEN = [*calls("gemini"), *calls("deepseek"), *calls("qwen")]


def test_who_knows_nothing_keeps_the_owners_order() -> None:
    assert Habits().order(CHAIN, "scene") == CHAIN
    assert learned(EVEN).order(CHAIN, "text") == CHAIN


def test_the_first_of_an_even_choice_stays() -> None:
    slightly = [*calls("gemini", wait_s=1.6), *calls("deepseek", wait_s=1.4), *calls("qwen")]
    assert learned(slightly).order(CHAIN, "scene") == CHAIN


def test_who_is_more_often_right_comes_first_by_labels_alone() -> None:
    told = [*labels("gemini", 30, 20), *labels("qwen", 48, 2)]
    assert learned(EVEN, told).order(CHAIN, "scene") == ["qwen", "deepseek", "gemini"]
    unsure = [*labels("gemini", 30, 20, confidence=0.5), *labels("qwen", 48, 2, confidence=0.5)]
    assert learned(EVEN, unsure).order(CHAIN, "scene") == CHAIN, "they did not end the cascade"


def test_two_labels_are_not_enough() -> None:
    assert learned(EVEN, [*labels("gemini", 0, 1), *labels("qwen", 1)]).order(CHAIN, "scene") == CHAIN


def test_who_is_cheaper_or_sooner_comes_first() -> None:
    dear = [*calls("gemini", cost=0.02), *calls("deepseek"), *calls("qwen")]
    assert learned(dear).order(CHAIN, "scene") == ["deepseek", "qwen", "gemini"]
    slow = [*calls("gemini"), *calls("deepseek", wait_s=8.0), *calls("qwen")]
    assert learned(slow).order(CHAIN, "scene") == ["gemini", "qwen", "deepseek"]


def test_who_is_seldom_sure_costs_more_than_its_call() -> None:
    doubting = [*calls("gemini", sure=0.1), *calls("deepseek"), *calls("qwen")]
    assert learned(doubting).order(CHAIN, "scene") == ["deepseek", "qwen", "gemini"]


def test_each_kind_has_an_order_of_its_own_and_learns_from_the_others_where_it_is_new() -> None:
    told = [*labels("gemini", 50, kind="text"), *labels("qwen", 20, 30, kind="text")]
    told += [*labels("gemini", 20, 30, kind="maths"), *labels("qwen", 50, kind="maths")]
    habits = learned([*EVEN, *calls("gemini", kind="maths"), *calls("qwen", kind="maths")], told)
    assert habits.order(CHAIN, "text")[0] == "gemini"
    assert habits.order(CHAIN, "maths")[0] == "qwen"
    told = [*labels("qwen", 100), *labels("gemini", 50, 50)]
    assert learned(EVEN, told).order(["gemini", "qwen"], "translate") == ["qwen", "gemini"]


def test_a_new_provider_is_taken_for_an_average_one_and_the_reader_stays_last() -> None:
    bad_first = [*labels("gemini", 10, 40), *labels("qwen", 48, 2)]
    names = ["gemini", "jan", "qwen", "on_device"]
    frames = [*EVEN, *calls("on_device", cost=0.0, wait_s=0.1)]
    assert learned(frames, bad_first).order(names, "scene") == ["qwen", "jan", "gemini", "on_device"]


def test_what_was_never_an_answer_teaches_nothing() -> None:
    odd = [
        PastFrame("scene", (PastCall("qwen", outcome, 9_000, 1.0),)) for outcome in ("skipped", "judged", "cancelled")
    ]
    assert learned([*EVEN, *odd * 100]).usual["qwen", "scene"] == learned(EVEN).usual["qwen", "scene"]


def test_failures_cost_time() -> None:
    down = [PastFrame("scene", (PastCall("gemini", "timeout", 6_000, None),))] * 300
    assert learned([*EVEN, *down]).order(CHAIN, "scene") == ["deepseek", "qwen", "gemini"]


# --- when to stop -----------------------------------------------------------------------------------------------------


def known(labels_of: float = LEAST_LABELS, **usual: float) -> Habits:
    return Habits({("qwen", kind): Usual(**usual) for kind in KINDS}, {"qwen": labels_of})


def test_who_would_gain_less_than_it_costs_is_not_asked() -> None:
    assert known().is_worth_asking("qwen", "scene", 0.79)
    assert not known().is_worth_asking("qwen", "scene", 0.97)
    assert not known(cost_usd=0.03).is_worth_asking("qwen", "scene", 0.5)
    assert not known(wait_s=25.0).is_worth_asking("qwen", "scene", 0.5)
    assert not known(right=0.05).is_worth_asking("qwen", "scene", 0.5)


def test_nothing_is_said_of_one_with_too_few_labels_or_of_an_answer_without_trust() -> None:
    assert known(LEAST_LABELS - 0.5).is_worth_asking("qwen", "scene", 0.97)
    assert known().is_worth_asking("qwen", "scene", None)
    assert known().is_worth_asking("gemini", "scene", 0.97)
    assert Habits().is_worth_asking("qwen", "scene", 0.99)


# --- in the cascade ---------------------------------------------------------------------------------------------------


def teach(house: House, habits: Habits) -> None:
    house.router = Router(house.calls, house.settings, habits=lambda: habits)


async def test_the_learned_order_is_asked_only_where_the_owner_has_adopted_it(house: House) -> None:
    teach(house, learned(EVEN, [*labels("gemini", 10, 40), *labels("qwen", 50)]))
    chain = [provider(name, says("A mug", 0.9)) for name in CHAIN]
    assert (await house.ask(*chain, reader())).answered_by == "gemini"
    house.set(routing_mode="learned")
    assert (await house.ask(*chain, reader())).answered_by == "qwen"


async def test_the_owners_order_for_the_kind_is_what_learning_begins_with(house: House) -> None:
    house.set(routing_mode="learned", order_maths="deepseek")
    chain = [provider(name, says("4", 0.9, kind="maths")) for name in CHAIN]
    assert (await house.ask(*chain, frame=frame("Solve this"))).answered_by == "deepseek"


async def test_one_that_would_gain_too_little_is_passed_over_and_the_trace_says_why(house: House) -> None:
    teach(house, known(cost_usd=0.03))
    got = await house.ask(provider("gemini", says("A mug", 0.79)), provider("qwen"))
    assert outcomes(got) == [("gemini", "unsure"), ("qwen", "skipped")]
    assert got.attempts[1].why == GAINS_TOO_LITTLE
    got = await house.ask(provider("gemini", says("", 0.79, image_ok=False)), provider("qwen", says("A mug", 0.9)))
    assert got.answered_by == "qwen", "nobody has answered yet"


# --- learned from time to time ----------------------------------------------------------------------------------------


@dataclass
class Memory:
    frames: list[PastFrame] = field(default_factory=list)
    told: list[Label] = field(default_factory=list)
    reads: int = 0
    is_broken: bool = False

    async def past_frames(self) -> Sequence[PastFrame]:
        self.reads += 1
        if self.is_broken:
            raise DatabaseUnusable("It is locked.")
        return self.frames

    async def labels(self) -> Sequence[Label]:
        return self.told

    def save_label(self, label: Label) -> None:
        raise AssertionError("nobody labels here")


def learning(memory: Memory, bus: Bus) -> Learning:
    return Learning(memory, memory, Trust(memory, bus), Settings(), bus)


async def test_it_learns_what_is_new_every_few_minutes_and_outlives_a_broken_store() -> None:
    memory, bus = Memory(list(EVEN), [*labels("gemini", 10, 40), *labels("qwen", 50)]), Bus()
    pupil = learning(memory, bus)
    task = start(pupil.keep_up())
    await settle()
    assert pupil.habits.order(CHAIN, "scene")[0] == "qwen"
    await asyncio.sleep(3 * PAUSE_S)
    assert memory.reads == 1, "nothing was new"
    memory.is_broken = True
    bus.publish(FrameAnswered(frame(), Answer("A mug", "A mug", "ok")))
    await asyncio.sleep(PAUSE_S)
    assert (memory.reads, pupil.habits.order(CHAIN, "scene")[0]) == (2, "qwen")
    task.cancel()
    await settle()


async def test_labels_of_what_ended_no_cascade_say_nothing_of_sure_answers() -> None:
    told = labels("qwen", 50)
    unsure = [replace(one, confidence=None) for one in told] + [
        replace(one, signs=Signs(needs_help=True)) for one in labels("gemini", 0, 50)
    ]
    memory, bus = Memory(list(EVEN), unsure), Bus()
    trust = Trust(memory, bus)
    trust.calibration = calibrate(unsure)
    pupil = Learning(memory, memory, trust, Settings(), bus)
    await pupil.forecast(CHAIN)
    assert pupil.habits.usual == learned(EVEN).usual
    memory.told = told
    await pupil.forecast(CHAIN)
    assert pupil.habits.usual["qwen", "scene"].right > learned(EVEN).usual["qwen", "scene"].right


async def test_it_says_what_the_learned_order_would_have_made_of_the_history() -> None:
    first = [PastFrame("scene", (PastCall("gemini", "sure", 1_000, 0.01, 1.0),), 1.0)] * 60
    cheaper = [PastFrame("scene", (PastCall("qwen", "sure", 1_000, 0.001, 1.0),), 1.0)] * 40
    forecast = await learning(Memory([*first, *cheaper]), Bus()).forecast(["gemini", "qwen", "on_device"])
    assert forecast is not None
    assert forecast.frames == 100
    assert forecast.cost_share == pytest.approx(0.1 / 0.64, rel=0.01)
    assert await learning(Memory(), Bus()).forecast(["gemini"]) is None
    with pytest.raises(DatabaseUnusable):
        await learning(Memory(is_broken=True), Bus()).forecast(["gemini"])
