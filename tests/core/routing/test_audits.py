"""Sure answers that are put to another provider too."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.core.cost.pricing import Price
from app.core.errors import EmptyReplyError, OverloadError
from app.core.events import FrameAnswered, FrameCompleted
from app.core.frame import Answer, Usage
from app.core.provider import Seat
from app.core.routing.labels import Signs
from app.core.routing.question import SHORT_SCHEMA
from app.core.tasks import cancel_all
from tests.core.actors import (
    HANG,
    House,
    Late,
    ScriptedProvider,
    early,
    frame,
    outcomes,
    provider,
    reader,
    says,
    seats,
    settle,
)

SURE = says("Room 12", 0.95, kind="text")


async def ask(house: House, *chain: ScriptedProvider, frames: int = 1, **how: Any) -> Answer:
    """The last of so many frames as it stands in the history in the end."""
    house.chain = seats(*chain)
    for number in range(frames):
        answer = await house.pipeline.process(frame(frame_id=f"f{number}", **how))
        await settle()
    completed = house.journal.completed[-1:]
    return completed[0] if completed and isinstance(completed[0], Answer) else answer


@pytest.fixture(autouse=True)
def _every_frame(house: House) -> None:
    house.settings.replace({"audit.share": 100.0, "gate.reuse_s": 0.0})


def labels(house: House) -> list[tuple[str, str, float, float]]:
    return [(one.provider, one.source, one.is_right, one.weight) for one in house.labels.kept]


# --- which frames -----------------------------------------------------------------------------------------------------


async def test_every_50th_sure_frame_of_a_provider_is_put_to_the_next_one(house: House) -> None:
    house.settings.replace({"gate.reuse_s": 0.0})
    second = provider("qwen", SURE)
    for count, asked in ((49, 0), (1, 1), (49, 1), (1, 2)):
        await ask(house, provider("gemini", SURE), second, frames=count)
        assert len(second.calls) == asked


async def test_none_is_where_the_owner_wants_none(house: House) -> None:
    house.settings.replace({"audit.share": 0.0})
    await ask(house, provider("gemini", SURE), provider("qwen"), frames=200)
    assert not house.labels.kept


async def test_what_is_not_sure_or_repeated_is_not_audited(house: House) -> None:
    house.settings.replace({"audit.share": 100.0, "gate.reuse_s": 5.0})
    mug = says("A mug", 0.95)
    second = provider("qwen", mug)
    await ask(house, provider("gemini", mug), second, frames=3)
    assert len(second.calls) == 1
    await ask(house, provider("gemini", says("A mug", 0.5)))
    await ask(house, reader(says("ROOM 12", None)))
    assert len(second.calls) == 1


async def test_who_is_of_the_same_vendor_was_asked_or_may_not_be_is_passed_over(house: House) -> None:
    same = provider("gemini2", overrides={"vendor": "gemini"})
    capped = provider("qwen", overrides={"enabled": False})
    last = provider("chatgpt", SURE)
    got = await ask(
        house, provider("deepseek", OverloadError()), provider("gemini", SURE), same, capped, reader(), last
    )
    assert outcomes(got) == [("deepseek", "overload"), ("gemini", "sure"), ("chatgpt", "audited")]
    assert not same.calls


async def test_one_that_nobody_can_be_asked_about_is_owed(house: House) -> None:
    house.settings.replace({"audit.share": 50.0, "gate.reuse_s": 0.0})
    await ask(house, provider("gemini", SURE), frames=2)
    second = provider("qwen", SURE)
    await ask(house, provider("gemini", SURE), second)
    assert len(second.calls) == 1
    await ask(house, provider("gemini", SURE), second, frames=2)
    assert len(second.calls) == 2, "owed once, not twice"


async def test_pacing_and_caps_hold(house: House) -> None:
    paced = provider("qwen", SURE, overrides={"requests_per_minute": 1})
    await ask(house, provider("gemini", SURE), paced, frames=3)
    assert len(paced.calls) == 1
    house.prices["chatgpt-1"] = Price("chatgpt-1", 1.0, 10.0, "2026-11-29")
    dear = provider("chatgpt", says("Room 12", 0.95, kind="text"), overrides={"daily_cap_usd": 0.5})
    house.spending.add("alice", "chatgpt", 0.6)
    await ask(house, provider("gemini", SURE), dear)
    assert not dear.calls


# --- what becomes of them ---------------------------------------------------------------------------------------------


async def test_an_audit_costs_the_answer_no_time_and_the_next_frame_none(house: House) -> None:
    second = provider("qwen", HANG)
    before = house.clock()
    await ask(house, provider("gemini", SURE), second, frames=5)
    assert house.clock() == before
    assert len(second.calls) == 1, "one at a time"
    assert len(house.of(FrameAnswered)) == 5


async def test_an_audits_call_stands_in_the_history_and_costs(house: House) -> None:
    house.prices["qwen-1"] = Price("qwen-1", 1.0, 10.0, "2026-11-29")
    said = says("Room 12.", 0.9, kind="text")
    second = provider("qwen", replace(said, usage=Usage(1_000, 100)))
    got = await ask(house, provider("gemini", SURE), second)
    (audit,) = [one for one in got.attempts if one.outcome == "audited"]
    assert (audit.why, audit.answer, audit.confidence, audit.cost_usd) == (
        "agrees", "Room 12.", 0.9, pytest.approx(0.002),
    )  # fmt: skip
    assert house.spending.profile_today_usd("alice") == pytest.approx(0.002)
    assert (got.text, got.answered_by, got.whole_ms) == ("Room 12", "gemini", None)
    assert len(house.of(FrameCompleted)) == 1


@pytest.mark.parametrize("schema", [None, {"type": "object"}])
async def test_an_audit_asks_for_the_words_alone(house: House, schema: dict[str, Any] | None) -> None:
    second = provider("qwen", SURE)
    house.chain = seats(provider("gemini", SURE), second)
    await house.pipeline.process(replace(frame(), schema=schema))
    await settle()
    (call,) = second.calls
    assert (call.question.schema, call.question.deciding) == (SHORT_SCHEMA, ())


async def test_the_long_form_is_added_with_it(house: House) -> None:
    first = provider("gemini", early(SURE, 1.0, "Room 12, on the left"))
    house.chain = seats(first, provider("qwen", Late(3.0, SURE)))
    start_s = house.clock()
    await house.pipeline.process(frame())
    while not house.journal.completed:
        await asyncio.sleep(0.5)
    (got,) = house.journal.completed
    assert isinstance(got, Answer)
    assert (got.full_text, got.whole_ms) == ("Room 12, on the left", 1_000)
    assert outcomes(got) == [("gemini", "sure"), ("qwen", "audited")]
    assert house.clock() - start_s >= 4.0


@pytest.mark.parametrize(
    ("other", "kind", "found", "expected"),
    [
        ("room 12", "text", "agrees", 1.0),
        ("The sign says Room 12", "text", "agrees", 1.0),
        ("Room 17", "text", "differs", 0.0),
        ("A door with a number", "scene", "in other words", None),
    ],
)
async def test_agreement_is_a_label_of_half_a_thumbs_weight(
    house: House, other: str, kind: str, found: str, expected: float | None
) -> None:
    first = says("Room 12", 0.95, kind=kind, missing="the floor")
    got = await ask(house, provider("gemini", first), provider("qwen", says(other, 0.4)))
    assert got.attempts[-1].why == found
    assert labels(house) == ([] if expected is None else [("gemini", "audit", expected, 0.5)])
    for one in house.labels.kept:
        assert (one.frame_id, one.model, one.confidence) == ("f0", "gemini-1", 0.95)
        assert one.signs == Signs(kind, has_missing=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("failure", [OverloadError("It is busy."), EmptyReplyError("Nothing.")])
async def test_an_audit_that_fails_tells_nothing(house: House, failure: Exception) -> None:
    got = await ask(house, provider("gemini", SURE), provider("qwen", failure))
    assert outcomes(got) == [("gemini", "sure"), ("qwen", "audited")]
    assert got.attempts[-1].why.startswith(("overload: ", "empty: "))
    assert (got.code, got.text, labels(house)) == ("ok", "Room 12", [])


async def test_who_says_that_the_picture_is_bad_tells_nothing_of_the_answer(house: House) -> None:
    await ask(house, provider("gemini", SURE), provider("qwen", says("Room 17", 0.9, image_ok=False)))
    assert not house.labels.kept


async def test_a_stop_breaks_an_audit_off_and_keeps_what_it_cost(house: House) -> None:
    await ask(house, provider("gemini", SURE), provider("qwen", HANG))
    await cancel_all()
    (got,) = house.journal.completed
    assert isinstance(got, Answer)
    assert outcomes(got) == [("gemini", "sure"), ("qwen", "cancelled")]


# --- asked anyway -----------------------------------------------------------------------------------------------------


async def test_that_two_vendors_agree_or_not_who_were_asked_anyway_is_no_label(house: House) -> None:
    house.settings.replace({})
    await ask(house, provider("gemini", says("A mug", 0.7)), provider("qwen", says("a mug.", 0.7)))
    await ask(
        house, provider("gemini", says("12", 0.5, kind="maths")), provider("qwen", says("17", 0.95, kind="maths"))
    )
    assert not house.labels.kept


def test_two_servers_of_ones_own_are_two_vendors() -> None:
    one, other = (Seat(provider(name, overrides={"vendor": "custom"})) for name in ("attic", "cellar"))
    assert (one.vendor, other.vendor) == ("attic", "cellar")
    assert Seat(provider("gemini2", overrides={"vendor": "gemini"})).vendor == "gemini"
