"""Does a provider work and see? Lists its models, then shows it a picture of a random number."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.core.cost.pricing import PriceOf, cost_of_call, nobody_knows
from app.core.errors import (
    BadRequestError,
    MisaddressedError,
    ModelGoneError,
    ProviderError,
)
from app.core.frame import Picture, Usage
from app.core.provider import ON_DEVICE, Learned, Provider, Question, Reply
from app.core.routing.confidence import read_claim
from app.core.routing.question import SCHEMA
from app.core.routing.request_fix import fix_for, model_of
from app.core.sentence import Sentence

LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """What a test found. ``sees`` is None when it was not got as far as a picture.

    ``calls`` questions were asked, and paid like any other: ``cost_usd`` as far as that is known.
    """

    provider: str
    ok: bool
    sentence: Sentence
    models: tuple[str, ...] = ()
    sees: bool | None = None
    latency_ms: int = 0
    calls: int = 0
    cost_usd: float = 0.0


async def examine(
    provider: Provider,
    key: str,
    number_card: Callable[[int], Picture],
    *,
    price_of: PriceOf = nobody_knows,
    limit_s: float = LIMIT_S,
) -> ProviderCheck:
    """Test ``provider`` with ``key``: the list of models, and one picture of a number it cannot know.

    It begins without anything that was learned before: what holds no longer would hide behind it.
    """
    name = provider.config.name
    if provider.capabilities.needs_key and not key:
        return ProviderCheck(name, False, Sentence("{name} has no key.", name=name))
    calls = _Calls(provider, key, price_of)
    found = await _examined(calls, number_card, limit_s)
    return replace(found, calls=calls.number, cost_usd=calls.cost_usd)


async def _examined(calls: _Calls, number_card: Callable[[int], Picture], limit_s: float) -> ProviderCheck:
    provider = calls.provider
    name = provider.config.name
    models: tuple[str, ...] = ()
    started = time.monotonic()
    try:
        async with asyncio.timeout(limit_s):
            models = await _models(provider, calls.key, limit_s / 2)
            number = random.randint(1000, 9999)
            card = await asyncio.to_thread(number_card, number)
            started = time.monotonic()
            reply, sent = await _ask(calls, _question(card))
        claim = read_claim(reply)
    except ProviderError as error:
        failed = Sentence("{name}: {error}", name=name, error=error.sentence)
        return ProviderCheck(name, False, failed, models, None, _since_ms(started))
    except TimeoutError:
        late = Sentence("{name} did not reply within {limit_s} s.", name=name, limit_s=f"{limit_s:.0f}")
        return ProviderCheck(name, False, late, models, None, round(limit_s * 1000))
    sees = str(number) in f"{claim.answer} {claim.full_answer}".replace(" ", "").replace(",", "")
    model = reply.model or model_of(provider.config, sent)
    by = name if name == ON_DEVICE else f"{name} ({model})"
    works = Sentence("{by} works and read the test picture.", by=by)
    if sent.successor:
        works = Sentence(
            "{name} no longer serves {model}. {successor} works and read the test picture: choose that.",
            name=name, model=provider.config.model, successor=sent.successor,
        )  # fmt: skip
    is_blind = Sentence("{by} replied, but did not read the number in the test picture.", by=by)
    return ProviderCheck(name, sees, works if sees else is_blind, models, sees, _since_ms(started))


async def _models(provider: Provider, key: str, limit_s: float) -> tuple[str, ...]:
    """The models; none where they are not told: a key may be good for questions alone."""
    try:
        async with asyncio.timeout(limit_s):
            return await provider.list_models(key)
    except MisaddressedError:
        raise
    except (ProviderError, TimeoutError):
        return ()


@dataclass(slots=True)
class _Calls:
    """The questions that a test asks."""

    provider: Provider
    key: str = field(repr=False)
    price_of: PriceOf
    number: int = 0
    cost_usd: float = 0.0

    async def ask(self, question: Question, learned: Learned) -> Reply:
        self.number += 1
        try:
            reply = await self.provider.ask(question, self.key, learned)
        except ProviderError as error:
            self._pay(learned, error.usage or Usage(), outcome=error.word)
            raise
        self._pay(learned, reply.usage, replied=reply.model)
        return reply

    def _pay(self, learned: Learned, usage: Usage, *, replied: str = "", outcome: str = "") -> None:
        asked = model_of(self.provider.config, learned)
        cost = cost_of_call(self.provider, asked, usage, self.price_of, replied=replied, outcome=outcome)
        self.cost_usd += cost or 0.0


async def _ask(calls: _Calls, question: Question) -> tuple[Reply, Learned]:
    """One call, and one more where the refusal says how to put it right, as in the cascade; and what was sent."""
    try:
        return await calls.ask(question, Learned()), Learned()
    except (BadRequestError, ModelGoneError) as error:
        lesson = fix_for(calls.provider, Learned(), error, calls.price_of)
        if lesson is None:
            raise
        return await calls.ask(question, lesson), lesson


def _question(card: Picture) -> Question:
    text = "Which number stands in this picture? Answer with its digits alone."
    return Question("You read numbers in pictures. Reply with one JSON object.", text, card, "frame_answer", SCHEMA)


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
