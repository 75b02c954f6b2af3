"""Try it: every provider at once, outside cascade and history, and nothing left running when nobody listens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.core import events
from app.core.comparison import Comparison
from app.core.cost.budget import Spending
from app.core.cost.pricing import Price
from app.core.errors import AuthError, BadRequestError, NoProvider, PictureDamaged, RateError, Repair, UnknownName
from app.core.frame import Attempt, Profile, Usage
from app.core.provider import Reply
from tests.core.actors import (
    HANG,
    Coming,
    House,
    Late,
    ScriptedProvider,
    early,
    picture,
    profile,
    provider,
    reader,
    says,
    seat,
    seats,
    settle,
    start,
)

PRICE = Price("any", 1.0, 10.0, "2026-11-01")


class Trial:
    """A ``Comparison`` in a house, with everybody it may ask."""

    def __init__(self, house: House, *providers: ScriptedProvider, **of_profile: Any) -> None:
        self.house, self.alice = house, profile(**of_profile)
        self.spending = Spending(house.bus, wall=house.clock.wall)
        self.uploads: list[bytes] = []
        house.chain = seats(*providers)
        self.try_out = Comparison(
            picture_for=self._picture_for,
            profile_of=self._profile_of,
            seats_for=lambda _: house.chain,
            health=house.health,
            settings=house.settings,
            spending=self.spending,
            price_of=lambda _: PRICE,
            monotonic=house.clock,
        )

    async def ask(self, **how: Any) -> list[Attempt]:
        return [attempt async for attempt in self.try_out(b"upload", "alice", **how)]

    def _profile_of(self, username: str) -> Profile:
        if username != self.alice.username:
            raise UnknownName(f"There is no profile '{username}'.")
        return self.alice

    async def _picture_for(self, upload: bytes, profile: Profile) -> Any:
        self.uploads.append(upload)
        if isinstance(self.house.photo, Exception):
            raise self.house.photo
        return self.house.photo


def paid(reply: Reply, tokens: int = 1_000) -> Reply:
    return replace(reply, usage=Usage(tokens, tokens))


async def test_all_are_asked_at_once_and_told_as_they_end(house: House) -> None:
    slow, quick = provider("gemini", Late(4, says("A mug."))), provider("qwen", Late(1, says("A cup.", 0.99)))
    began = house.clock()
    told = await Trial(house, slow, quick, reader(Late(2, says("MUG")))).ask()
    assert [(one.provider, one.outcome, one.full_answer) for one in told] == [
        ("qwen", "sure", "A cup. (long)"),
        ("on_device", "unsure", "MUG (long)"),
        ("gemini", "unsure", "A mug. (long)"),
    ]
    assert [one.latency_ms for one in told] == [1_000, 2_000, 4_000]
    assert house.clock() - began == 4, "a sure answer ends nothing, and nobody waits for another"


async def test_a_trial_is_no_frame(house: House) -> None:
    await Trial(house, provider("gemini", says("A mug."))).ask()
    assert house.journal.rows == []
    assert house.of(events.AttemptFinished) == []
    assert house.of(events.FrameReceived) == []


async def test_each_gets_the_normalised_picture_and_the_question(house: House) -> None:
    gemini = provider("gemini", says("A mug."))
    trial = Trial(house, gemini, prompt="Read the sign.")
    await trial.ask()
    await trial.ask(prompt="Is it mine?")
    assert trial.uploads == [b"upload", b"upload"]
    assert [call.question.text for call in gemini.calls] == ["Read the sign.", "Is it mine?"]
    assert gemini.calls[0].question.picture == picture()
    assert gemini.calls[0].key == "key-gemini"


async def test_who_lacks_something_is_left_out(house: House) -> None:
    gemini, off = provider("gemini", says("A mug.")), provider("qwen", overrides={"enabled": False})
    trial = Trial(house, gemini)
    house.chain = (seat(gemini), seat(provider("chatgpt"), ""), seat(off))
    assert [one.provider for one in await trial.ask()] == ["gemini"]
    house.chain = (seat(off),)
    with pytest.raises(NoProvider):
        await trial.ask()


async def test_each_is_bounded_by_its_own_limit(house: House) -> None:
    house.set(cascade_call_limit_s=2.0, cascade_local_call_limit_s=9.0)
    told = await Trial(house, provider("gemini", HANG), provider("lan", HANG, is_local=True, needs_key=False)).ask()
    assert [(one.provider, one.outcome, one.latency_ms) for one in told] == [
        ("gemini", "timeout", 2_000),
        ("lan", "timeout", 9_000),
    ]


async def test_health_hears_of_it_and_a_cooling_one_is_not_asked(house: House) -> None:
    gemini = provider("gemini", RateError("Slower.", retry_after_s=60), says("A mug."))
    trial = Trial(house, gemini, provider("qwen", AuthError("Refused.")))
    told = {one.provider: one for one in await trial.ask()}
    assert (told["gemini"].outcome, told["gemini"].why) == ("rate", "Slower.")
    assert (house.light("gemini"), house.light("qwen")) == ("cooling", "key_refused")
    again = {one.provider: one for one in await trial.ask()}
    assert [(one.outcome, one.why) for one in (again["gemini"], again["qwen"])] == [
        ("skipped", "cooling down after rate"), ("skipped", "cooling down after auth"),
    ]  # fmt: skip
    house.clock.advance(61)
    assert "unsure" in [one.outcome for one in await trial.ask()]
    assert house.light("gemini") == "ready"


async def test_a_refusal_that_can_be_put_right_gets_its_second_call(house: House) -> None:
    refusal = BadRequestError("Refused.", repair=Repair("temperature"))
    gemini = provider("gemini", refusal, says("A mug."))
    (told,) = await Trial(house, gemini).ask()
    assert told.outcome == "unsure"
    assert gemini.calls[1].learned.repairs == (Repair("temperature"),)


async def test_what_is_paid_counts_for_the_day(house: House) -> None:
    trial = Trial(house, provider("gemini", paid(says("A mug."))), reader(says("MUG")))
    costs = {one.provider: one.cost_usd for one in await trial.ask()}
    assert costs == {"gemini": pytest.approx(0.011), "on_device": 0.0}
    assert trial.spending.profile_today_usd("alice") == pytest.approx(0.011)
    assert trial.spending.provider_today_usd("gemini") == pytest.approx(0.011)


async def test_at_a_daily_cap_only_what_is_free_is_asked(house: House) -> None:
    trial = Trial(house, provider("gemini", paid(says("A mug."))), reader(says("MUG")), daily_cap_usd=0.01)
    await trial.ask()
    told = {one.provider: one for one in await trial.ask()}
    assert (told["gemini"].outcome, told["gemini"].why) == ("skipped", "the profile's daily cap is reached")
    assert told["on_device"].outcome == "unsure"
    assert len(house.of(events.CapReached)) == 1


async def test_a_picture_that_cannot_be_read_and_a_stranger_ask_nobody(house: House) -> None:
    gemini = provider("gemini")
    trial = Trial(house, gemini)
    with pytest.raises(UnknownName):
        await anext(trial.try_out(b"upload", "bob"))
    house.photo = PictureDamaged()
    with pytest.raises(PictureDamaged):
        await trial.ask()
    assert gemini.calls == []


async def test_closing_it_ends_the_calls_under_way(house: House) -> None:
    gemini, qwen = provider("gemini", HANG, says("A mug.")), provider("qwen", says("A cup."))
    trial = Trial(house, gemini, qwen)
    attempts = trial.try_out(b"upload", "alice")
    assert (await anext(attempts)).provider == "qwen"
    await attempts.aclose()
    assert gemini.cancelled == 1
    assert house.of(events.ProviderLightChanged) == [], "to be given up says nothing of a provider's health"
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("try ")]


async def test_cancelling_who_listens_ends_the_calls_under_way(house: House) -> None:
    gemini = provider("gemini", HANG)
    listener = start(Trial(house, gemini).ask())
    await settle()
    assert len(gemini.calls) == 1
    listener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listener
    assert gemini.cancelled == 1
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("try ")]


async def test_cancelling_who_listens_reads_no_long_form_further(house: House) -> None:
    reply = early(says("A mug.", 0.9), 5.0, "A red mug on a desk.")
    listener = start(Trial(house, provider("gemini", reply)).ask())
    await settle()
    listener.cancel()
    await settle()
    assert isinstance(reply.rest, Coming)
    assert reply.rest.closed
