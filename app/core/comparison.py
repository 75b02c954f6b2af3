"""Try it: one picture is shown to every provider at once, side by side, outside the cascade and the history."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

from app.core.cost.budget import Spending
from app.core.cost.pricing import PriceOf, nobody_knows
from app.core.errors import KeysLocked, NoProvider
from app.core.events import Bus
from app.core.frame import Attempt, Frame, Picture, Profile
from app.core.provider import Question, Seat, are_keys_locked
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.health import Health
from app.core.routing.provider_calls import ProviderCalls
from app.core.routing.question import answer_question
from app.core.settings import DEFAULT_PROMPT, Settings
from app.core.tasks import spawn

LONGEST_S = 180.0
"""Over two calls at their longest; each is bounded by its own limit, for nobody waits behind it."""


TryOut = Callable[[bytes, str, str | None], AsyncIterator[Attempt]]
"""From an upload, a username and a prompt (None: the profile's own) to each provider's attempt, as it ends."""


class Comparison:
    """Health, spending and the daily caps count these calls as any other; nobody else hears of them.

    ``picture_for`` and ``seats_for`` as the pipeline has them; ``profile_of`` raises ``UnknownName``.
    """

    def __init__(
        self,
        *,
        picture_for: Callable[[bytes, Profile], Awaitable[Picture]],
        profile_of: Callable[[str], Profile],
        seats_for: Callable[[Profile], tuple[Seat, ...]],
        health: Health,
        settings: Settings,
        spending: Spending,
        price_of: PriceOf = nobody_knows,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._picture_for, self._profile_of, self._seats_for = picture_for, profile_of, seats_for
        self._monotonic = monotonic
        unheard = Bus()  # a trial is no frame: its attempts are for the one who asked
        self._calls = ProviderCalls(
            health, settings, unheard, spending=spending, price_of=price_of, monotonic=monotonic
        )  # fmt: skip

    async def __call__(self, upload: bytes, username: str, prompt: str | None = None) -> AsyncGenerator[Attempt, None]:
        """As ``TryOut`` says, of all providers that are enabled and have what they need; closing the generator cancels
        the calls under way.

        Raises ``UnknownName``, ``NoProvider`` or ``KeysLocked``, and a ``FrameError`` when the picture cannot be read.
        """
        profile = self._profile_of(username)
        every = self._seats_for(profile)
        seats = [seat for seat in every if seat.can_be_asked]
        if not seats:
            raise KeysLocked if are_keys_locked(every) else NoProvider
        picture = await self._picture_for(upload, profile)
        frame = Frame("", profile, prompt or profile.prompt or DEFAULT_PROMPT, upload)
        question = answer_question(frame, picture)
        tasks = [spawn(self._ask(frame, picture, question, seat), name=f"try {seat.name}") for seat in seats]
        try:
            for ended in asyncio.as_completed(tasks):
                yield await ended
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _ask(self, frame: Frame, picture: Picture, question: Question, seat: Seat) -> Attempt:
        """How ``seat`` fared, on a course of its own: nobody before it and nobody behind."""
        cascade = CascadeRun(frame, picture, question, (), self._monotonic() + LONGEST_S)
        if why := self._calls.why_not(cascade, seat):
            self._calls.skip(cascade, seat, why)
        else:
            try:
                await self._calls.ask(cascade, seat)
                await cascade.whole()
            finally:
                await cascade.break_off()
        return cascade.attempts[-1]
