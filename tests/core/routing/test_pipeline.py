"""One frame's way: turn, picture, gate, cascade, history, answer; and what everybody else hears of it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import (
    DeadlinePassed,
    FrameError,
    HungUp,
    NoAnswer,
    NoProvider,
    OverloadError,
    PictureDamaged,
    PictureUnsupported,
    Superseded,
)
from app.core.events import AttemptFinished, FrameAnswered, FrameFailed, FrameReceived
from app.core.frame import Answer
from app.core.provider import Seat
from app.core.tasks import CUT_OFF
from tests.core.actors import (
    DARK,
    HANG,
    House,
    Late,
    ScriptedProvider,
    frame,
    picture,
    provider,
    reader,
    says,
    seats,
    settle,
    start,
)

SURE = says("A mug", 0.95)


def seat_all(house: House, *providers: ScriptedProvider) -> None:
    house.chain = seats(*providers)


def names(house: House) -> list[str]:
    kinds = (FrameReceived, AttemptFinished, FrameAnswered, FrameFailed)
    return [type(event).__name__ for event in house.heard if isinstance(event, kinds)]


# --- the way of an answer ---------------------------------------------------------------------------------------------


async def test_a_frame_waits_for_the_keyring_when_nobody_else_has_a_key(house: House) -> None:
    house.chain = (Seat(provider("gemini"), is_key_locked=True), *seats(reader()))
    house.unlocked = seats(provider("gemini", SURE))
    assert (await house.pipeline.process(frame())).answered_by == "gemini"
    assert house.waited_s == 17.0


async def test_a_frame_that_somebody_can_answer_does_not_wait_for_the_keyring(house: House) -> None:
    house.chain = (Seat(provider("gemini"), is_key_locked=True), *seats(provider("qwen", SURE)))
    assert (await house.pipeline.process(frame())).answered_by == "qwen"
    assert house.waited_s == 0.0


async def test_events_come_in_the_order_of_the_design(house: House) -> None:
    seat_all(house, provider("gemini", OverloadError()), provider("qwen", SURE))
    answer = await house.pipeline.process(frame())
    assert names(house) == ["FrameReceived", "AttemptFinished", "AttemptFinished", "FrameAnswered"]
    assert house.of(FrameReceived) == [FrameReceived(frame_of(house), picture())]
    assert house.of(FrameAnswered)[0].answer == answer


def frame_of(house: House) -> Any:
    return house.journal.rows[0].frame


async def test_the_row_is_committed_before_the_reply_and_before_it_is_told(house: House) -> None:
    told: list[str] = []
    house.journal.told, house.journal.takes_s = told, 0.3
    house.bus.subscribe(FrameAnswered, lambda _: told.append("told"))
    seat_all(house, provider("gemini", SURE))
    answer = await house.pipeline.process(frame())
    told.append("replied")
    assert told == ["recorded", "told", "replied"]
    (row,) = house.journal.rows
    assert (row.ending, row.picture, row.latency_ms) == (answer, picture(), answer.latency_ms)


async def test_latency_is_the_whole_frames(house: House) -> None:
    seat_all(house, provider("gemini", Late(1.5, says("A mug", 0.5))), provider("qwen", Late(0.25, SURE)))
    assert (await house.pipeline.process(frame())).latency_ms == 1750


@pytest.mark.parametrize(
    ("chain", "error"),
    [
        ((provider("gemini", OverloadError()),), NoAnswer),
        ((), NoProvider),
        ((provider("ollama", HANG, overrides={"enabled": False}),), NoProvider),
    ],
)
async def test_a_frame_without_an_answer_is_recorded_before_it_is_told(
    house: House, chain: tuple[ScriptedProvider, ...], error: type[FrameError]
) -> None:
    seat_all(house, *chain)
    with pytest.raises(error) as failed:
        await house.pipeline.process(frame())
    assert [row.ending for row in house.journal.rows] == [failed.value]
    assert [event.error for event in house.of(FrameFailed)] == [failed.value]


async def test_a_deadline_carries_what_was_tried(house: House) -> None:
    house.set(cascade_deadline_s=2.0)
    seat_all(house, provider("gemini", HANG))
    with pytest.raises(DeadlinePassed) as failed:
        await house.pipeline.process(frame())
    assert [attempt.outcome for attempt in failed.value.attempts] == ["timeout"]


@pytest.mark.parametrize("error", [PictureDamaged(), PictureUnsupported()])
async def test_a_bad_upload_is_recorded_and_nobody_is_asked(house: House, error: FrameError) -> None:
    house.photo = error
    one = provider("gemini", SURE)
    seat_all(house, one)
    with pytest.raises(type(error)):
        await house.pipeline.process(frame())
    assert house.journal.rows[0].picture is None
    assert (house.journal.endings, one.calls, names(house)) == ([error.code], [], ["FrameFailed"])


# --- the gate ---------------------------------------------------------------------------------------------------------


async def test_a_dark_frame_gets_a_hint_and_every_third_is_asked(house: House) -> None:
    one = provider("gemini", SURE)
    seat_all(house, one)
    house.photo = picture(**DARK)
    house.set(gate_reuse_s=0.0)
    codes = [(await house.pipeline.process(frame(frame_id=f"f{number}"))).code for number in range(6)]
    assert codes == ["bad_frame", "bad_frame", "ok", "bad_frame", "bad_frame", "ok"]
    assert (len(one.calls), house.journal.endings) == (2, codes)


async def test_the_same_picture_and_prompt_a_moment_later_is_reused(house: House) -> None:
    one = provider("gemini", SURE)
    seat_all(house, one)
    first = await house.pipeline.process(frame())
    again = await house.pipeline.process(frame(frame_id="f2"))
    assert (first.reused, again.reused, again.text, again.code) == (False, True, "A mug", "ok")
    assert (len(one.calls), len(house.journal.rows)) == (1, 2)
    assert again.latency_ms == 0
    house.clock.advance(5.1)
    assert not (await house.pipeline.process(frame(frame_id="f3"))).reused


async def test_reuse_is_never_for_doubt_text_or_another_prompt(house: House) -> None:
    for reply in (says("A mug", 0.5), says("SALE", 0.95, kind="text")):
        seat_all(house, provider("gemini", reply))
        assert [(await house.pipeline.process(frame())).reused for _ in range(2)] == [False, False]
    seat_all(house, provider("gemini", SURE))
    prompts = ("one", "two", "one")
    assert [(await house.pipeline.process(frame(prompt))).reused for prompt in prompts] == [False, False, False]


async def test_reuse_does_not_extend_itself(house: House) -> None:
    seat_all(house, provider("gemini", SURE))
    reused = []
    for _ in range(4):
        reused.append((await house.pipeline.process(frame())).reused)
        house.clock.advance(2)
    assert reused == [False, True, True, False]


# --- turns ------------------------------------------------------------------------------------------------------------


async def test_an_older_waiting_frame_is_superseded_recorded_and_told_at_once(house: House) -> None:
    seat_all(house, provider("gemini", Late(3, SURE)))
    first, second, third = (start(house.pipeline.process(frame(frame_id=name))) for name in ("f1", "f2", "f3"))
    await settle()
    assert second.done()
    assert isinstance(second.exception(), Superseded)
    assert house.journal.endings == ["superseded"]
    assert [event.frame.frame_id for event in house.of(FrameFailed)] == ["f2"]
    assert not first.done()
    assert isinstance(await first, Answer)
    assert isinstance(await third, Answer)
    assert [row.frame.frame_id for row in house.journal.rows] == ["f2", "f1", "f3"]


async def test_two_profiles_are_served_side_by_side(house: House) -> None:
    seat_all(house, provider("gemini", Late(3, SURE)))
    before = house.clock()
    await asyncio.gather(house.pipeline.process(frame()), house.pipeline.process(frame(profile_id=2, username="bob")))
    assert house.clock() - before == pytest.approx(3)


async def test_a_failure_frees_the_lane(house: House) -> None:
    seat_all(house)
    for _ in range(2):
        async with asyncio.timeout(1):
            with pytest.raises(NoProvider):
                await house.pipeline.process(frame())


async def test_the_wait_in_the_lane_counts_towards_the_frames_deadline(house: House) -> None:
    house.set(cascade_deadline_s=5.0)
    seat_all(house, provider("gemini", Late(3, says("A mug", 0.5)), HANG))
    first, second = (start(house.pipeline.process(frame(frame_id=name))) for name in ("f1", "f2"))
    before = house.clock()
    assert (await first).code == "degraded"
    with pytest.raises((DeadlinePassed, NoAnswer)):
        await second
    assert house.clock() - before == pytest.approx(5, abs=0.06)


async def test_a_reader_alone_that_waited_past_its_deadline_ends_in_order(house: House) -> None:
    house.set(cascade_deadline_s=2.0)
    seat_all(house, reader(Late(1.97, says("EXIT", None))))
    first, second = (start(house.pipeline.process(frame(frame_id=name))) for name in ("f1", "f2"))
    await first
    with pytest.raises(FrameError):
        await second
    assert len(house.journal.rows) == 2


# --- the phone hangs up -----------------------------------------------------------------------------------------------


async def test_a_hang_up_cancels_the_call_is_recorded_and_told(house: House) -> None:
    one, other = provider("gemini", HANG), provider("qwen", SURE)
    seat_all(house, one, other)
    flying = start(house.pipeline.process(frame()))
    await settle()
    flying.cancel()
    await settle()
    assert flying.cancelled()
    assert (one.cancelled, other.calls) == (1, [])
    assert house.journal.endings == ["hung_up"]
    assert [type(event.error) for event in house.of(FrameFailed)] == [HungUp]
    assert house.health.why_not(house.chain[0]) == ""


async def test_a_hang_up_lets_the_next_frame_in(house: House) -> None:
    seat_all(house, provider("gemini", HANG, SURE))
    flying = start(house.pipeline.process(frame()))
    await settle()
    waiting = start(house.pipeline.process(frame(frame_id="f2")))
    await settle()
    flying.cancel()
    assert (await waiting).text == "A mug"


async def test_our_own_stop_is_no_hang_up(house: House) -> None:
    seat_all(house, provider("gemini", HANG))
    flying = start(house.pipeline.process(frame()))
    await settle()
    flying.cancel(CUT_OFF)
    await settle()
    assert flying.cancelled()
    assert house.journal.endings == ["stopping"]


async def test_a_hang_up_in_the_queue_is_recorded(house: House) -> None:
    seat_all(house, provider("gemini", Late(3, SURE)))
    first, second = (start(house.pipeline.process(frame(frame_id=name))) for name in ("f1", "f2"))
    await settle()
    second.cancel()
    await settle()
    assert house.journal.endings == ["hung_up"]
    assert (await first).text == "A mug"


@pytest.mark.parametrize("step", [SURE, OverloadError()])
async def test_a_hang_up_during_the_commit_is_recorded_and_told(house: House, step: Any) -> None:
    house.journal.takes_s = 0.4
    seat_all(house, provider("gemini", step))
    flying = start(house.pipeline.process(frame()))
    await asyncio.sleep(0.2)
    flying.cancel()
    await asyncio.sleep(1)
    assert len(house.journal.rows) == 1
    assert len(house.of(FrameAnswered) + house.of(FrameFailed)) == 1


# --- others never hold up the frame -----------------------------------------------------------------------------------


async def test_a_failing_subscriber_is_logged_and_isolated(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def broken(event: object) -> None:
        raise ValueError("broken window")

    for kind in (FrameReceived, AttemptFinished, FrameAnswered):
        house.bus.subscribe(kind, broken)
    later: list[FrameAnswered] = []
    house.bus.subscribe(FrameAnswered, later.append)
    seat_all(house, provider("gemini", SURE))
    with caplog.at_level(logging.ERROR):
        assert (await house.pipeline.process(frame())).text == "A mug"
    assert len(later) == 1
    assert caplog.text.count("ValueError: broken window") == 3


# --- doors ------------------------------------------------------------------------------------------------------------


def through_a_door(prompt: str = "What is this?", frame_id: str = "chat", **changed: Any) -> Any:
    return replace(frame(prompt, frame_id), door="openai", lane="key 1", **changed)


async def test_who_asks_through_a_door_is_answered_anew_and_leaves_no_trace_in_what_the_wearer_sees(
    house: House,
) -> None:
    house.photo = picture(**DARK)
    one = provider("gemini", *[SURE] * 5)
    seat_all(house, one)
    for _ in range(3):
        assert (await house.pipeline.process(through_a_door())).answered_by == "gemini"
    assert (await house.pipeline.process(frame())).text == "Too dark", "the hints are the wearer's, in their order"
    house.photo = picture()
    assert (await house.pipeline.process(through_a_door())).answered_by == "gemini"
    assert not (await house.pipeline.process(frame(frame_id="f2"))).reused
    assert len(one.calls) == 5


async def test_a_door_is_a_lane_of_its_own(house: House) -> None:
    seat_all(house, provider("gemini", Late(5, SURE), Late(1, SURE)))
    wearers = start(house.pipeline.process(frame()))
    await settle()
    assert (await house.pipeline.process(through_a_door())).answered_by == "gemini"
    assert not wearers.done()
    assert (await wearers).answered_by == "gemini"


async def test_context_and_the_form_of_the_answer_are_handed_down(house: House) -> None:
    form = {"type": "object", "properties": {"n": {"$ref": "#/$defs/N"}}, "$defs": {"N": {"type": "integer"}}}
    one = provider("gemini", says("Three", 0.95, full_answer={"n": 3}))
    seat_all(house, one)
    asked = through_a_door("How many?", context="user: They are mugs.", schema=form)
    answer = await house.pipeline.process(asked, whole=True)
    assert (answer.text, answer.full_text) == ("Three", '{"n": 3}')
    question = one.calls[0].question
    assert question.text == "Said before, for context:\nuser: They are mugs.\n\nThe request:\nHow many?"
    assert question.schema["properties"]["full_answer"] == {
        "type": "object",
        "properties": {"n": {"$ref": "#/$defs/N"}},
    }
    assert question.schema["$defs"] == form["$defs"]
    assert '"$ref": "#/$defs/N"' in question.instructions
