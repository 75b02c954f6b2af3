"""Does a provider work, and does it see? The test of a key that the owner presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.core.cost.pricing import Price
from app.core.errors import (
    AuthError,
    BadRequestError,
    EmptyReplyError,
    MisaddressedError,
    ModelGoneError,
    NoVisionError,
    OverloadError,
    RateError,
    Repair,
)
from app.core.frame import Picture, Usage
from app.core.provider import Learned, Reply
from app.core.provider_check import ProviderCheck, examine
from tests.core.actors import HANG, ScriptedProvider, picture, provider, reader, says

KEY = "sk-example-0000"


class Card:
    """The picture of a number; knows which one was drawn."""

    number = 0

    def __call__(self, number: int) -> Picture:
        self.number = number
        return picture()


async def found_by(one: ScriptedProvider, card: Card | None = None, key: str = KEY, **how: Any) -> ProviderCheck:
    return await examine(one, key, card or Card(), **how)


def reads(card: Card, form: Callable[[int], str]) -> ScriptedProvider:
    return provider("gemini", lambda question: says(form(card.number)), models=("g-1", "g-2"))


@pytest.mark.parametrize("form", [str, lambda n: f"The number is {n}.", lambda n: f"{n:,}", lambda n: " ".join(str(n))])
async def test_a_provider_that_reads_the_number_works_and_sees(form: Callable[[int], str]) -> None:
    card = Card()
    found = await found_by(reads(card, form), card)
    assert (found.ok, found.sees, found.models, found.provider) == (True, True, ("g-1", "g-2"), "gemini")
    assert "gemini" in found.sentence


async def test_a_provider_that_invents_a_number_does_not_see() -> None:
    found = await found_by(provider("gemini", says("12")))
    assert (found.ok, found.sees) == (False, False)
    assert found.sentence.endswith(".")


async def test_the_number_is_not_in_the_question() -> None:
    card = Card()
    one = reads(card, str)
    await found_by(one, card)
    question = one.calls[0].question
    assert str(card.number) not in question.text + question.instructions
    assert len(str(card.number)) == 4
    assert one.calls[0].key == KEY
    assert one.calls[0].learned == Learned()


async def test_without_a_key_nobody_is_asked() -> None:
    one = provider("gemini")
    found = await found_by(one, key="")
    assert (found.ok, found.sees, one.calls, one.listed) == (False, None, [], 0)
    assert "key" in found.sentence


async def test_a_keyless_provider_is_tested_without_one() -> None:
    card = Card()
    found = await found_by(reader(lambda _: says(f"On this computer: {card.number}", None)), card, key="")
    assert found.ok


FAILURES = (AuthError("The key was refused."), OverloadError("It is down."), RateError("Too often."))


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_key_that_may_not_list_models_is_asked_all_the_same(failure: Any) -> None:
    card = Card()
    found = await found_by(provider("gemini", lambda _: says(str(card.number)), models=failure), card)
    assert (found.ok, found.sees, found.models) == (True, True, ())


@pytest.mark.parametrize("failure", FAILURES)
async def test_what_fails_twice_is_told_in_one_sentence(failure: Exception) -> None:
    found = await found_by(provider("gemini", failure, models=failure))  # type: ignore[arg-type]
    assert (found.ok, found.sees) == (False, None)
    assert str(failure) in found.sentence
    assert KEY not in found.sentence


@pytest.mark.parametrize("failure", [NoVisionError("It takes no pictures."), EmptyReplyError("It sent no answer.")])
async def test_a_failed_picture_keeps_the_list_of_models(failure: Exception) -> None:
    found = await found_by(provider("gemini", failure, models=("g-1",)))
    assert (found.ok, found.sees, found.models) == (False, None, ("g-1",))


async def test_an_empty_reply_is_a_failed_test() -> None:
    assert not (await found_by(provider("gemini", Reply(" ")))).ok


async def test_a_hang_ends_at_the_limit() -> None:
    one = provider("gemini", HANG)
    found = await found_by(one, limit_s=20.0)
    assert (found.ok, one.cancelled) == (False, 1)
    assert "20 s" in found.sentence


@pytest.mark.parametrize(("usd", "calls"), [(0.1, 2), (9.0, 1)])
async def test_a_successor_is_named_for_the_owner_to_choose_and_never_a_dearer_one(usd: float, calls: int) -> None:
    card = Card()
    gone = ModelGoneError("Gemini no longer serves g-1.", successor="g-2")
    one = provider("gemini", gone, lambda question: says(str(card.number)))
    prices = {"gemini-1": Price("gemini-1", 0.3, 0.5, ""), "g-2": Price("g-2", usd, usd, "")}
    found = await found_by(one, card, price_of=prices.get)
    assert (found.ok, len(one.calls)) == (calls == 2, calls)
    assert ("g-2" in found.sentence) is found.ok


async def test_what_a_test_cost_is_told_of_each_of_its_calls() -> None:
    card, price = Card(), Price("gemini-1", 1.0, 1.0, "")
    refused = BadRequestError("no", repair=Repair("detail"))
    refused.usage = Usage(500_000, 0)

    def reads_it(_: Any) -> Reply:
        said = says(str(card.number))
        return Reply(said.text, said.fields, said.model, Usage(1_000_000, 0))

    found = await found_by(provider("gemini", refused, reads_it), card, price_of=lambda _: price)
    assert (found.ok, found.calls, found.cost_usd) == (True, 2, 1.5)
    found = await found_by(provider("gemini", AuthError("no")), price_of=lambda _: price)
    assert (found.calls, found.cost_usd) == (1, 0.0)
    said = Reply("12", None, "", Usage(0, 0, 0.25))
    assert (await found_by(provider("gemini", said))).cost_usd == 0.25


async def test_an_address_that_lacks_its_v1_is_told() -> None:
    found = await found_by(provider("box", models=MisaddressedError("box answers at http://box/v1: set that.")))
    assert not found.ok
    assert "http://box/v1" in found.sentence
