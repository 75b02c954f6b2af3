"""The words come first: the phone has them while the long form is still on its way, and the history gets all of it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from app.core.cost.pricing import Price
from app.core.errors import HungUp, NoAnswer, OverloadError, TruncatedError
from app.core.events import FrameAnswered, FrameCompleted
from app.core.frame import Answer, Usage
from app.core.provider import Reply
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.provider_calls import CUT_SHORT
from app.core.tasks import CUT_OFF
from tests.core.actors import (
    HANG,
    Coming,
    House,
    Late,
    ScriptedProvider,
    early,
    frame,
    outcomes,
    provider,
    says,
    seats,
    settle,
    start,
)

SURE, UNSURE = says("A mug", 0.95), says("A cup", 0.5)


def rest_of(reply: Reply) -> Coming:
    assert isinstance(reply.rest, Coming)
    return reply.rest


def seat_all(house: House, *providers: ScriptedProvider) -> None:
    house.chain = seats(*providers)
    for one in providers:
        house.prices[f"{one.name}-1"] = Price(f"{one.name}-1", 1.0, 10.0, "2026-11-29")


async def test_the_phone_has_the_words_before_the_long_form_is_there(house: House) -> None:
    seat_all(house, provider("gemini", Late(0.9, early(SURE, 1.0, "A red mug on a desk."))))
    answer = await house.pipeline.process(frame())
    assert (answer.text, answer.full_text, answer.latency_ms, answer.code) == ("A mug", "A mug", 900, "ok")
    assert house.journal.endings == ["ok"]
    assert not house.of(FrameCompleted)
    await asyncio.sleep(1.1)
    (completed,) = house.of(FrameCompleted)
    whole = completed.answer
    assert (whole.text, whole.full_text, whole.latency_ms, whole.whole_ms) == (
        "A mug", "A red mug on a desk.", 900, 1900,
    )  # fmt: skip
    (attempt,) = whole.attempts
    assert (attempt.full_answer, attempt.latency_ms, attempt.whole_ms) == ("A red mug on a desk.", 900, 1900)
    assert (attempt.usage, attempt.cost_usd) == (Usage(600, 230), pytest.approx(0.0029))
    assert house.journal.completed == [whole]
    assert house.spending.provider_today_usd("gemini") == pytest.approx(0.0029)


async def test_whoever_shows_the_long_form_waits_for_it(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 1.0, "A red mug on a desk.")))
    answer = await house.pipeline.process(frame(), whole=True)
    assert (answer.full_text, answer.whole_ms) == ("A red mug on a desk.", 1000)
    assert house.of(FrameAnswered)[0].answer == answer
    await settle()
    assert not house.of(FrameCompleted), "nothing was left to come"


async def test_who_listens_hears_the_long_form_of_whose_answer_it_is(house: House) -> None:
    unsure, sure = early(UNSURE, 3.0, "A cup."), early(SURE, 2.0, "A red mug on a desk.")
    rest_of(unsure).grows, rest_of(sure).grows = {0.1: "A c"}, {0.5: "A red", 1.0: "A red mug on"}
    seat_all(house, provider("gemini", unsure), provider("qwen", sure))
    heard: list[str] = []
    answer = await house.pipeline.process(frame(), whole=True, hears=heard.append)
    assert (answer.answered_by, answer.full_text) == ("qwen", "A red mug on a desk.")
    assert heard == ["A red", "A red mug on"]


async def test_what_was_read_is_let_go(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 1.0, "A red mug.")))
    runs: list[CascadeRun] = []
    begin = house.router.begin
    house.router.begin = lambda *of: runs.append(begin(*of)) or runs[-1]  # type: ignore[method-assign, func-returns-value]
    await house.pipeline.process(frame(), whole=True)
    assert not runs[0].rests


async def test_an_unsure_one_lets_the_next_be_asked_at_once_and_is_read_to_its_end(house: House) -> None:
    slow, quick = provider("gemini", early(UNSURE, 2.0, "A cup, perhaps.")), provider("qwen", Late(0.5, SURE))
    seat_all(house, slow, quick)
    answer = await house.pipeline.process(frame())
    assert (answer.answered_by, answer.latency_ms) == ("qwen", 500)
    await asyncio.sleep(2)
    (completed,) = house.of(FrameCompleted)
    assert [one.full_answer for one in completed.answer.attempts] == ["A cup, perhaps.", "A mug (long)"]
    assert completed.answer.full_text == "A mug (long)"
    assert [one.cost_usd is not None for one in completed.answer.attempts] == [True, False]


@pytest.mark.parametrize("lost", [TruncatedError(), OverloadError(), None, "prose"])
async def test_words_that_were_given_stand_whatever_becomes_of_the_rest(
    house: House, lost: TruncatedError | str | None
) -> None:
    reply = early(SURE, 1.0, None if lost == "prose" else lost)  # type: ignore[arg-type]
    if lost == "prose":
        rest_of(reply).outcome = Reply("{ it never was JSON", form="within")
    seat_all(house, provider("gemini", reply))
    answer = await house.pipeline.process(frame())
    await asyncio.sleep(7)
    (completed,) = house.of(FrameCompleted)
    assert (completed.answer.text, completed.answer.full_text, completed.answer.code) == ("A mug", "A mug", "ok")
    (attempt,) = completed.answer.attempts
    assert (attempt.outcome, attempt.why) == ("sure", CUT_SHORT)
    assert attempt.usage.is_estimate
    assert attempt.cost_usd
    assert answer.code == "ok"
    assert rest_of(reply).closed
    assert not house.health.why_not(house.chain[0])


async def test_a_frame_without_an_answer_still_hears_what_its_calls_cost(house: House) -> None:
    bad = early(says("", 0.9, image_ok=False), 1.0, "")
    seat_all(house, provider("gemini", bad), provider("qwen", OverloadError()))
    answer = await house.pipeline.process(frame())
    assert answer.code == "degraded"
    await asyncio.sleep(1.1)
    (kept,) = house.journal.completed
    assert isinstance(kept, Answer)
    assert kept.attempts[0].usage == Usage(600, 230)


async def test_a_phone_that_hangs_up_pays_an_estimate_of_what_had_come(house: House) -> None:
    coming = early(UNSURE, 5.0, "A cup.")
    waiting = provider("qwen", HANG, said_chars=400)
    seat_all(house, provider("gemini", coming), waiting)
    processing = start(house.pipeline.process(frame()))
    await asyncio.sleep(0.5)
    processing.cancel()
    await settle()
    assert rest_of(coming).closed
    assert waiting.cancelled == 1
    (row,) = house.journal.rows
    assert isinstance(row.ending, HungUp)
    assert outcomes(row.ending) == [("gemini", "unsure"), ("qwen", "cancelled")]
    assert all(one.usage.is_estimate and one.cost_usd for one in row.ending.attempts)
    assert row.ending.attempts[1].usage.output_tokens == 100
    assert not house.health.why_not(house.chain[1])


async def test_a_stop_keeps_what_had_come_of_an_answer_that_was_given(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 5.0, "A red mug on a desk.")))
    await house.pipeline.process(frame())
    await settle()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel(CUT_OFF)
    await settle()
    (kept,) = house.journal.completed
    assert isinstance(kept, Answer)
    assert kept.attempts[0].usage.is_estimate
    assert kept.full_text == "A mug"


async def test_the_next_frame_of_a_profile_need_not_wait_for_the_long_form(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 5.0, "A red mug on a desk.")))
    house.set(gate_reuse_s=0.0)
    for frame_id in ("f1", "f2", "f3"):
        assert (await house.pipeline.process(frame(frame_id=frame_id))).latency_ms == 0


async def test_a_reused_answer_has_the_long_form_once_that_has_come(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 1.0, "A red mug on a desk.")))
    await house.pipeline.process(frame())
    assert (await house.pipeline.process(frame(frame_id="f2"))).full_text == "A mug"
    await asyncio.sleep(1.1)
    again = await house.pipeline.process(frame(frame_id="f3"))
    assert (again.reused, again.full_text, again.whole_ms) == (True, "A red mug on a desk.", None)


async def test_a_judge_is_read_to_its_end(house: House) -> None:
    judge = provider("gemini", UNSURE, judge=(says("x"),))
    seat_all(house, judge, provider("qwen", says("A bowl", 0.5)))
    await house.pipeline.process(frame())
    assert [call.question.deciding for call in judge.calls] == [
        ("seen", "kind", "image_ok", "answer", "missing", "confidence", "needs_help"), (),
    ]  # fmt: skip


async def test_an_empty_early_reply_is_closed_and_counts_as_none(house: House) -> None:
    reply = early(says("", 0.9), 5.0, "")
    seat_all(house, provider("gemini", reply))
    with pytest.raises(NoAnswer):
        await house.pipeline.process(frame())
    assert rest_of(reply).closed


# --- who waits, and who does not --------------------------------------------------------------------------------------


async def test_a_phone_that_hangs_up_while_its_row_is_written_leaves_it_to_be_completed(house: House) -> None:
    house.journal.takes_s = 0.3
    seat_all(house, provider("gemini", early(SURE, 1.0, "A red mug on a desk.")))
    processing = start(house.pipeline.process(frame()))
    await asyncio.sleep(0.1)
    processing.cancel()
    await asyncio.sleep(1)
    (kept,) = house.journal.completed
    assert isinstance(kept, Answer)
    assert (kept.full_text, kept.attempts[0].usage) == ("A red mug on a desk.", Usage(600, 230))


async def test_a_reused_answer_is_waited_for_too(house: House) -> None:
    seat_all(house, provider("gemini", early(SURE, 1.0, "A red mug on a desk.")))
    await house.pipeline.process(frame())
    again = await house.pipeline.process(frame(frame_id="f2"), whole=True)
    assert (again.reused, again.full_text, again.latency_ms) == (True, "A red mug on a desk.", 1000)
    assert (again.attempts, again.whole_ms) == ((), None)


async def test_a_hint_is_nobodys_words_and_waits_for_no_rest(house: House) -> None:
    bad = early(says("", 0.9, image_ok=False), 5.0, "")
    seat_all(house, provider("gemini", bad), provider("qwen", OverloadError()))
    answer = await house.pipeline.process(frame(), whole=True)
    assert (answer.answered_by, answer.latency_ms) == ("", 0)


async def test_a_long_form_is_waited_for_as_long_as_a_frame_may_take(house: House) -> None:
    never = Late(3.0, early(SURE, 0, None))
    seat_all(house, provider("gemini", HANG, is_local=True), provider("qwen", never, is_local=True))
    answer = await house.pipeline.process(frame(), whole=True)
    assert (answer.full_text, answer.latency_ms, answer.whole_ms) == ("A mug", 75_000, None)
    await asyncio.sleep(60)
    (kept,) = house.journal.completed
    assert kept.attempts[1].why == CUT_SHORT


async def test_frames_that_come_while_replies_are_read_do_not_all_pass_under_a_cap(house: House) -> None:
    house.set(gate_reuse_s=0.0)
    gemini = provider("gemini", early(SURE, 3.0, "A red mug on a desk."), overrides={"daily_cap_usd": 0.006})
    seat_all(house, gemini)
    await house.pipeline.process(frame())
    await asyncio.sleep(3.1)
    for number in range(40):
        with contextlib.suppress(NoAnswer):
            await house.pipeline.process(frame(frame_id=f"f{number}"))
        await asyncio.sleep(0.05)
    await asyncio.sleep(4)
    assert len(gemini.calls) == 3
    assert house.spending.provider_today_usd("gemini") == pytest.approx(3 * 0.0029)
