"""Does a provider work and see? Lists its models, then shows it a picture of a random number."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.cost.pricing import PriceOf, nobody_knows
from app.core.errors import (
    BadReplyError,
    BadRequestError,
    EmptyReplyError,
    MisaddressedError,
    ModelGoneError,
    ProviderError,
)
from app.core.frame import Picture
from app.core.provider import ON_DEVICE, Learned, Provider, Question, Reply
from app.core.routing.confidence import read_claim
from app.core.routing.question import SCHEMA
from app.core.routing.request_fix import fix_for, model_of
from app.core.sentence import Sentence

LIMIT_S = 20.0


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """What a test found. ``sees`` is None when it was not got as far as a picture."""

    provider: str
    ok: bool
    sentence: Sentence
    models: tuple[str, ...] = ()
    sees: bool | None = None
    latency_ms: int = 0


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
    models: tuple[str, ...] = ()
    started = time.monotonic()
    try:
        async with asyncio.timeout(limit_s):
            models = await _models(provider, key)
            number = random.randint(1000, 9999)
            card = await asyncio.to_thread(number_card, number)
            started = time.monotonic()
            reply, sent = await _ask(provider, _question(card), key, price_of)
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


async def _models(provider: Provider, key: str) -> tuple[str, ...]:
    """The models; none from a server that keeps no list."""
    try:
        return await provider.list_models(key)
    except MisaddressedError:
        raise
    except (ModelGoneError, BadRequestError, BadReplyError, EmptyReplyError):
        return ()


async def _ask(provider: Provider, question: Question, key: str, price_of: PriceOf) -> tuple[Reply, Learned]:
    """One call, and one more where the refusal says how to put it right, as in the cascade; and what was sent."""
    try:
        return await provider.ask(question, key, Learned()), Learned()
    except (BadRequestError, ModelGoneError) as error:
        lesson = fix_for(provider, Learned(), error, price_of)
        if lesson is None:
            raise
        return await provider.ask(question, key, lesson), lesson


def _question(card: Picture) -> Question:
    text = "Which number stands in this picture? Answer with its digits alone."
    return Question("You read numbers in pictures. Reply with one JSON object.", text, card, "frame_answer", SCHEMA)


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
