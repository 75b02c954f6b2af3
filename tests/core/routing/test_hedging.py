"""A slow call gets another one beside it: only where its provider is known to be quicker, seldom, and nothing leaks."""

from __future__ import annotations

import asyncio
import random

import pytest

from app.core.errors import FrameError, OverloadError
from app.core.frame import Attempt
from app.core.provider import Reply
from app.core.routing.hedging import Pace, first_of
from tests.core.actors import (
    HANG,
    Coming,
    House,
    Late,
    ScriptedProvider,
    Step,
    early,
    frame,
    outcomes,
    provider,
    reader,
    says,
    seats,
    settle,
    start,
)

SURE, OTHER, UNSURE = says("A mug", 0.95), says("A cup", 0.9), says("A jug", 0.5)
USUAL = [Late(1.0, SURE)] * 20


def known(*then: Step, name: str = "gemini") -> ScriptedProvider:
    """A provider that took a second twenty times before."""
    return provider(name, *USUAL, *then)


async def warm(house: House, first: ScriptedProvider) -> None:
    """Let ``first`` answer twenty times."""
    for _ in range(20):
        await house.ask(first, frame=frame())


def running() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]


async def test_who_is_slower_than_it_usually_is_gets_the_next_one_beside_it(house: House) -> None:
    slow, quick = known(HANG), provider("qwen", Late(0.5, OTHER))
    await warm(house, slow)
    before = house.clock()
    got = await house.ask(slow, quick)
    assert (got.answered_by, got.code, house.clock() - before) == ("qwen", "ok", 1.5)
    assert outcomes(got) == [("qwen", "sure"), ("gemini", "cancelled")]
    assert got.attempts[0].why == "started beside gemini, which was slow"
    assert got.attempts[1].usage.is_estimate
    assert slow.cancelled == 1
    assert not running()


async def test_the_first_may_still_win_and_the_other_is_cancelled(house: House) -> None:
    slow, other = known(Late(1.4, SURE)), provider("qwen", HANG)
    await warm(house, slow)
    got = await house.ask(slow, other)
    assert outcomes(got) == [("gemini", "sure"), ("qwen", "cancelled")]
    assert got.attempts[1].why == "started beside gemini, which was slow"
    assert other.cancelled == 1
    assert not house.health.why_not(seats(other)[0])


async def test_while_the_other_runs_no_third_is_asked(house: House) -> None:
    slow, other, third = known(Late(1.5, UNSURE)), provider("qwen", Late(2.0, OTHER)), provider("chatgpt")
    await warm(house, slow)
    got = await house.ask(slow, other, third)
    assert outcomes(got) == [("gemini", "unsure"), ("qwen", "sure")]
    assert not third.calls


async def test_an_unsure_one_beside_waits_for_the_first_and_then_the_cascade_goes_on(house: House) -> None:
    slow, other, third = known(Late(2.0, UNSURE)), provider("qwen", says("A bowl", 0.4)), provider("chatgpt", OTHER)
    await warm(house, slow)
    before = house.clock()
    got = await house.ask(slow, other, third)
    assert outcomes(got) == [("qwen", "unsure"), ("gemini", "unsure"), ("chatgpt", "sure")]
    assert house.clock() - before == 2.0


async def test_one_beside_that_fails_lets_the_next_stand_in(house: House) -> None:
    slow = known(HANG)
    await warm(house, slow)
    for _ in range(20):
        await house.ask(provider("deepseek", SURE))  # room for two
    got = await house.ask(slow, provider("qwen", OverloadError("It is overloaded.")), provider("chatgpt", OTHER))
    assert outcomes(got) == [("qwen", "overload"), ("chatgpt", "sure"), ("gemini", "cancelled")]
    assert got.attempts[0].why == "started beside gemini, which was slow; It is overloaded."


async def test_a_first_that_fails_late_leaves_it_to_the_other(house: House) -> None:
    slow = known(Late(1.2, OverloadError()))
    await warm(house, slow)
    got = await house.ask(slow, provider("qwen", Late(3.0, OTHER)))
    assert outcomes(got) == [("gemini", "overload"), ("qwen", "sure")]


async def test_a_quick_providers_calls_are_given_eight_tenths_of_a_second(house: House) -> None:
    first = provider("gemini", *[Late(0.1, SURE)] * 20, HANG)
    await warm(house, first)
    before = house.clock()
    await house.ask(first, provider("qwen", OTHER))
    assert house.clock() - before == pytest.approx(0.8)


async def test_nobody_is_asked_beside_one_whose_pace_is_not_known(house: House) -> None:
    first, other = provider("gemini", *USUAL[:19], Late(5.0, SURE)), provider("qwen")
    for _ in range(20):
        await house.ask(first, other)
    assert not other.calls


async def test_0_per_cent_is_never(house: House) -> None:
    slow, other = known(Late(5.0, SURE)), provider("qwen")
    await warm(house, slow)
    house.set(cascade_hedge=0)
    assert (await house.ask(slow, other)).answered_by == "gemini"


async def test_of_the_last_200_calls_5_per_cent_are_second_ones_at_most(house: House) -> None:
    slow, other = known(Late(5.0, SURE)), provider("qwen", OTHER)
    await warm(house, slow)
    for _ in range(80):
        await house.ask(slow, other)
    assert len(other.calls) == 3


async def test_with_half_of_the_budget_used_a_call_must_be_slower_still(house: House) -> None:
    slow, other = known(Late(1.9, SURE)), provider("qwen", OTHER)
    await warm(house, slow)
    for _ in range(80):
        await house.ask(slow, other)
    assert len(other.calls) == 3
    await house.ask(provider("gemini", HANG), other)
    assert len(other.calls) == 4, "what hangs has some left"


async def test_one_that_hangs_is_given_up_once_another_one_has_answered(house: House) -> None:
    hanging, unsure, third = known(HANG), provider("qwen", UNSURE), provider("chatgpt", OTHER)
    await warm(house, hanging)
    before = house.clock()
    got = await house.ask(hanging, unsure, third)
    assert outcomes(got) == [("qwen", "unsure"), ("gemini", "cancelled"), ("chatgpt", "sure")]
    assert house.clock() - before == 3.0
    assert not running()


async def test_one_that_hangs_is_waited_for_where_nobody_else_answers(house: House) -> None:
    slow = known(Late(4.0, SURE))
    await warm(house, slow)
    got = await house.ask(
        slow, provider("qwen", OverloadError("It is overloaded.")), provider("chatgpt", OverloadError())
    )
    assert got.answered_by == "gemini"


async def test_pacing_and_cooldowns_hold_and_the_reader_is_nobodys_second(house: House) -> None:
    slow, paced = known(Late(5.0, SURE)), provider("qwen", OTHER, overrides={"requests_per_minute": 1})
    await warm(house, slow)
    await house.ask(paced)
    got = await house.ask(slow, paced, reader())
    assert outcomes(got) == [("gemini", "sure")]


async def test_slow_calls_that_were_cut_are_not_forgotten(house: House) -> None:
    slow, other = known(HANG), provider("qwen", OTHER)
    await warm(house, slow)
    house.set(cascade_hedge=100)
    for _ in range(50):
        before = house.clock()
        await house.ask(slow, other)
        assert house.clock() - before == pytest.approx(1.0), "its pace is what it was"


async def test_fast_asks_two_at_once(house: House) -> None:
    house.set(routing_mode="fast")
    got = await house.ask(provider("gemini", Late(2.0, SURE)), provider("qwen", Late(0.5, OTHER)))
    assert outcomes(got) == [("qwen", "sure"), ("gemini", "cancelled")]
    assert got.attempts[0].why == "started beside gemini"
    four = [provider(name, Late(1.0, says(name, 0.5))) for name in ("gemini", "qwen", "deepseek", "chatgpt")]
    house.set(routing_mode="fast", cascade_judge=False)
    before = house.clock()
    assert len((await house.ask(*four)).attempts) == 4
    assert house.clock() - before == 2.0


async def test_a_phone_that_hangs_up_ends_both_and_each_is_noted(house: House) -> None:
    house.set(routing_mode="fast")
    house.chain = seats(provider("gemini", HANG), provider("qwen", HANG))
    processing = start(house.pipeline.process(frame()))
    await asyncio.sleep(0.5)
    processing.cancel()
    await settle()
    (row,) = house.journal.rows
    assert sorted(outcomes(row.ending)) == [("gemini", "cancelled"), ("qwen", "cancelled")]
    assert not running()


async def test_an_early_reply_beside_another_one_is_read_to_its_end(house: House) -> None:
    house.set(routing_mode="fast", cascade_judge=False)
    reply = early(UNSURE, 2.0, "A jug, perhaps.")
    house.chain = seats(provider("gemini", Late(0.2, OTHER)), provider("qwen", reply))
    answer = await house.pipeline.process(frame())
    assert outcomes(answer) == [("qwen", "unsure"), ("gemini", "sure")]
    await asyncio.sleep(3)
    (whole,) = house.journal.completed
    assert [(one.full_answer, one.why) for one in whole.attempts] == [
        ("A jug, perhaps.", "started beside gemini"), ("A cup (long)", ""),
    ]  # fmt: skip
    assert isinstance(reply.rest, Coming)
    assert reply.rest.closed


# --- any mix ----------------------------------------------------------------------------------------------------------

ENDS: tuple[Step, ...] = (SURE, OTHER, UNSURE, says("", 0.9, image_ok=False), says("A bowl", None), OverloadError())


def drawn(dice: random.Random, name: str) -> ScriptedProvider:
    def step() -> Step:
        end = dice.choice(ENDS)
        assert isinstance(end, Reply | OverloadError)
        return dice.choice((HANG, Late(dice.uniform(0, 8), end), Late(dice.uniform(0, 2), end)))

    return provider(name, *(step() for _ in range(60)), judge=(says("no verdict"),))


@pytest.mark.parametrize("mode", ["chain", "fast"])
@pytest.mark.parametrize("seed", range(6))
async def test_whatever_they_do_the_frame_ends_in_time_with_the_best_answer_and_nothing_runs_on(
    house: House, seed: int, mode: str
) -> None:
    dice = random.Random(seed)
    chain = [drawn(dice, name) for name in ("gemini", "qwen", "deepseek", "chatgpt", "jan")]
    for one in chain:
        await warm(house, provider(one.name, Late(1.0, SURE)))
    house.set(routing_mode=mode, cascade_hedge=20)
    for _ in range(50):
        before = house.clock()
        try:
            attempts = (answer := await house.ask(*chain)).attempts
        except FrameError as error:
            attempts, answer = error.attempts, None
        assert house.clock() - before <= 20.001
        gave = [one for one in attempts if one.outcome in ("sure", "unsure") and one.answer]
        assert len(gave) <= 4
        by = answer.answered_by if answer else ""
        assert by in [one.provider for one in gave] if gave and (answer and answer.code != "bad_frame") else not by
        assert [one.outcome for one in gave].count("sure") <= 1 or mode == "fast"
        if answer and any(one.outcome == "sure" for one in gave):
            assert answer.code == "ok"
        assert not running()
        house.clock.advance(dice.choice((0, 400)))
    calls = [len(one.calls) for one in chain]
    assert all(calls)


# --- its parts --------------------------------------------------------------------------------------------------------


def attempt(latency_ms: int, outcome: str = "sure") -> Attempt:
    return Attempt("gemini", "m", outcome, latency_ms)


def test_a_pace_is_nine_in_ten_of_the_newest_hundred() -> None:
    pace = Pace()
    for latency_ms in [*range(5_000, 5_100), *range(1_000, 1_100)]:
        pace.ended(attempt(latency_ms))
    assert pace.slow_after_s("gemini") == 1.09
    for _ in range(200):
        pace.ended(attempt(10, "overload"))
        pace.ended(attempt(10, "cancelled"))
        pace.ended(attempt(0, "skipped"))
    assert pace.slow_after_s("gemini") == 1.09
    assert pace.slow_after_s("qwen") is None


async def test_what_breaks_in_one_ends_the_other() -> None:
    ended = list[str]()

    async def waits(name: str) -> str | None:
        try:
            await asyncio.sleep(10)
        finally:
            ended.append(name)
        return name

    async def breaks() -> str | None:
        await asyncio.sleep(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await first_of(breaks, lambda: waits("second"), 0.5)
    assert ended == ["second"]
    both = start(first_of(lambda: waits("first"), lambda: waits("second"), 0.5))
    await asyncio.sleep(2)
    both.cancel()
    with pytest.raises(asyncio.CancelledError):
        await both
    assert sorted(ended) == ["first", "second", "second"]
    assert not running()


async def test_who_finds_first_wins_and_none_is_none() -> None:
    async def after(seconds: float, found: str | None) -> str | None:
        await asyncio.sleep(seconds)
        return found

    for first, second, found in (
        ((1, "a"), (5, "b"), "a"), ((5, "a"), (1, "b"), "b"), ((1, None), (5, "b"), "b"), ((5, "a"), (1, None), "a"),
        ((5, None), (1, None), None), ((0.1, "a"), (0, "b"), "a"), ((0.1, None), (0, "b"), None),
        ((1, "a"), (0.5, "b"), "a"),
    ):  # fmt: skip
        got = await first_of(lambda of=first: after(*of), lambda of=second: after(*of), 0.5)  # type: ignore[misc]
        assert got == found, (first, second)
