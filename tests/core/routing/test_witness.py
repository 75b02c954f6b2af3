"""The reader on this computer reads along where text is likely: never waited for, never twice, never for nothing."""

from __future__ import annotations

import pytest

from app.core.errors import EmptyReplyError, NoAnswer, OverloadError
from app.core.frame import Answer
from app.core.provider import Reply
from tests.core.actors import (
    HANG,
    House,
    Late,
    ScriptedProvider,
    frame,
    outcomes,
    provider,
    reader,
    says,
    seats,
    settle,
    start,
)

PROMPT = "Read the room number"
ROOM = says("Room 12", 0.95, kind="text")


def reads(text: str) -> Reply:
    return says(f"On this computer: {text}", None, kind="text", seen=text)


async def answer_of(house: House, *chain: ScriptedProvider, prompt: str = PROMPT) -> Answer:
    house.chain = seats(*chain)
    answer = await house.pipeline.process(frame(prompt))
    await settle()
    return answer


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_what_is_read_meanwhile_is_a_sign(house: House) -> None:
    got = await answer_of(house, provider("gemini", Late(1.0, ROOM)), reader(Late(0.8, reads("ROOM 12"))))
    assert (got.code, got.attempts[0].signs.get("witness")) == ("ok", 1.0)
    assert len(got.attempts) == 1, "a reading is no attempt until it is the answer"


async def test_digits_that_it_does_not_find_cost_trust(house: House) -> None:
    got = await answer_of(
        house, provider("gemini", Late(1.0, ROOM)), provider("qwen", says("Room 17", 0.95, kind="text")),
        reader(Late(0.8, reads("ROOM 17"))),
    )  # fmt: skip
    assert outcomes(got) == [("gemini", "unsure"), ("qwen", "sure")]
    assert got.text == "Room 17"


async def test_a_sure_answer_waits_for_no_reading(house: House) -> None:
    slow = reader(Late(5.0, reads("ROOM 17")))
    before = house.clock()
    got = await answer_of(house, provider("gemini", Late(1.0, ROOM)), slow)
    assert (got.code, got.attempts[0].signs) == ("ok", {"kind": "text"})
    assert house.clock() - before == pytest.approx(1.0)
    assert slow.cancelled == 1


async def test_an_unsure_answer_waits_for_none_either(house: House) -> None:
    slow = reader(Late(5.0, reads("ROOM 12")))
    await answer_of(
        house, provider("gemini", Late(1.0, says("Room 12", 0.4, kind="text"))), provider("qwen", ROOM), slow
    )
    assert slow.cancelled == 1


@pytest.mark.parametrize("failure", [OverloadError(), EmptyReplyError("It read nothing.")])
async def test_a_reader_that_fails_tells_nothing(house: House, failure: Exception) -> None:
    got = await answer_of(house, provider("gemini", Late(1.0, ROOM)), reader(failure))
    assert (got.code, got.attempts[0].signs) == ("ok", {"kind": "text"})


# --- as the answer ----------------------------------------------------------------------------------------------------


async def test_what_was_read_meanwhile_is_the_answer_where_nobody_else_gives_one(house: House) -> None:
    here = reader(Late(0.8, reads("ROOM 12")))
    got = await answer_of(house, provider("gemini", Late(1.0, OverloadError())), here)
    assert (got.answered_by, got.text, got.code) == ("on_device", "On this computer: ROOM 12", "degraded")
    assert outcomes(got) == [("gemini", "overload"), ("on_device", "unsure")]
    assert len(here.calls) == 1


async def test_a_reading_under_way_is_waited_for_where_nobody_else_answers(house: House) -> None:
    here = reader(Late(3.0, reads("ROOM 12")))
    before = house.clock()
    assert (await answer_of(house, provider("gemini", Late(1.0, OverloadError())), here)).text
    assert (len(here.calls), house.clock() - before) == (1, pytest.approx(3.0))


async def test_a_reader_that_found_nothing_is_not_asked_again(house: House) -> None:
    here = reader(EmptyReplyError("It read nothing."))
    with pytest.raises(NoAnswer) as error:
        await answer_of(house, provider("gemini", Late(1.0, OverloadError())), here)
    assert outcomes(error.value) == [("gemini", "overload"), ("on_device", "empty")]
    assert len(here.calls) == 1


async def test_a_reader_that_failed_is_asked_again(house: House) -> None:
    here = reader(OverloadError(), reads("ROOM 12"))
    got = await answer_of(house, provider("gemini", Late(1.0, OverloadError())), here)
    assert (got.answered_by, len(here.calls)) == ("on_device", 2)


async def test_a_reading_that_hangs_is_given_up_in_time(house: House) -> None:
    here = reader(HANG)
    with pytest.raises(NoAnswer) as error:
        await answer_of(house, provider("gemini", Late(1.0, OverloadError())), here)
    assert outcomes(error.value)[-1] == ("on_device", "timeout")
    assert (len(here.calls), here.cancelled) == (1, 1)


# --- when it is asked -------------------------------------------------------------------------------------------------


async def test_it_is_not_asked_without_need(house: House) -> None:
    here, first = reader(), provider("gemini", Late(1.0, ROOM))
    await answer_of(house, first, here, prompt="What is this?")
    house.settings.replace({"routing.witness": False})
    await answer_of(house, first, here)
    house.settings.replace({})
    house.is_reader_idle = False
    await answer_of(house, first, here)
    house.is_reader_idle = True
    await answer_of(house, first, reader(overrides={"enabled": False}))
    await answer_of(house, first)
    assert not here.calls


async def test_alone_it_is_asked_once_like_any_other(house: House) -> None:
    here = reader(reads("ROOM 12"))
    assert (await answer_of(house, here)).answered_by == "on_device"
    assert len(here.calls) == 1


async def test_a_phone_that_hangs_up_ends_the_reading(house: House) -> None:
    here = reader(HANG)
    house.chain = seats(provider("gemini", HANG), here)
    work = start(house.pipeline.process(frame(PROMPT)))
    await settle()
    work.cancel()
    await settle()
    assert here.cancelled == 1


@pytest.mark.parametrize(("kind", "likely"), [("text", 1), ("translate", 1), ("maths", 1), ("scene", 0)])
async def test_text_is_likely_where_the_last_frame_held_some(house: House, kind: str, likely: int) -> None:
    here = reader(reads("ROOM 12"))
    house.set(gate_reuse_s=0.0)
    first = provider("gemini", Late(1.0, says("Room 12", 0.95, kind=kind)))
    await answer_of(house, first, here, prompt="What is this?")
    assert not here.calls
    await answer_of(house, first, here, prompt="What is this?")
    assert len(here.calls) == likely
