"""What a provider's refusals teach: how its next calls are sent, and when another one would be in vain."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.core.cost.pricing import PriceOf
from app.core.errors import (
    BadRequestError,
    MisaddressedError,
    ModelGoneError,
    NotFoundError,
    NoVisionError,
    ProviderError,
    Repair,
)
from app.core.provider import Learned, Seat
from app.core.routing.health import Health
from app.core.routing.request_fix import both, fix_for, is_listed, model_of
from app.core.tasks import spawn

LIST_LIMIT_S = 75.0


class Refusals:
    """Tells ``health`` what was learned. ``price_of``: nobody is led to a dearer model."""

    def __init__(self, health: Health, price_of: PriceOf) -> None:
        self._health, self._price_of = health, price_of
        self._looking_up: set[str] = set()
        # Repairs by (provider, revision): those that a call was accepted with, and those that were in vain.
        self._proven: dict[tuple[str, int], frozenset[Repair]] = {}
        self._vain: dict[tuple[str, int], frozenset[Repair]] = {}

    def accepted(self, seat: Seat, sent: Learned) -> None:
        """A call that was sent as ``sent`` says was none."""
        known = _as_set_up(seat)
        self._proven[known] = self._proven.get(known, frozenset()) | {*sent.repairs}

    def fix(self, seat: Seat, sent: Learned, error: ProviderError) -> Learned | None:
        """With what a second call should be sent after ``error``; None: it would be no better."""
        lesson = fix_for(seat.provider, sent, error, self._price_of)
        vain = self._vain.get(_as_set_up(seat), frozenset())
        return None if lesson is not None and not vain.isdisjoint(lesson.repairs) else lesson

    def learn(self, seat: Seat, sent: Learned, lesson: Learned, error: ProviderError) -> None:
        """Send the next calls by ``lesson``."""
        if isinstance(error, ModelGoneError) and not error.is_certain:
            self._look_up(seat, model_of(seat.provider.config, sent), lesson)
        else:
            self._health.learn(seat, both(self._health.learned(seat), lesson))

    def give_up(self, seat: Seat, sent: Learned, error: ProviderError) -> None:
        """No more call in this frame; note what the next ones should know."""
        if isinstance(error, NoVisionError):
            self._health.learn(seat, replace(self._health.learned(seat), blind=True))
        if isinstance(error, BadRequestError):
            self._forget_vain(seat, sent)
        if isinstance(error, ModelGoneError | NotFoundError):
            self._look_up(seat, model_of(seat.provider.config, sent), None)

    def _forget_vain(self, seat: Seat, sent: Learned) -> None:
        """What never helped may be a lie, or an accident of one moment: it shall not ruin the requests to come."""
        known = _as_set_up(seat)
        vain = frozenset(sent.repairs) - self._proven.get(known, frozenset())
        if vain:
            self._vain[known] = self._vain.get(known, frozenset()) | vain
            learned = self._health.learned(seat)
            left = tuple(repair for repair in learned.repairs if repair not in vain)
            self._health.learn(seat, replace(learned, repairs=left))

    def _look_up(self, seat: Seat, model: str, lesson: Learned | None) -> None:
        if seat.name not in self._looking_up:
            self._looking_up.add(seat.name)
            spawn(self._consult_list(seat, model, lesson), name=f"look for {seat.name}'s model")

    async def _consult_list(self, seat: Seat, model: str, lesson: Learned | None) -> None:
        """Learn ``lesson`` if the provider's own list lacks ``model`` too; without one the owner must choose."""
        try:
            async with asyncio.timeout(LIST_LIMIT_S):
                models = await seat.provider.list_models(seat.key)
        except MisaddressedError as error:
            self._health.explain(seat, error.sentence)
            return
        except (ProviderError, TimeoutError):
            return
        finally:
            self._looking_up.discard(seat.name)
        if not models or is_listed(model, models):
            return
        if lesson is None:
            self._health.model_is_gone(seat, model, seat.provider.pick_model(models))
        else:
            self._health.learn(seat, both(self._health.learned(seat), lesson))


def _as_set_up(seat: Seat) -> tuple[str, int]:
    return seat.name, seat.provider.config.revision
