"""Pipeline.process(frame) -> Answer: a frame goes down by ``await``, its answer comes up by ``return``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from app.core.errors import FrameError, HungUp, Stopping
from app.core.events import Bus, FrameAnswered, FrameFailed, FrameReceived
from app.core.frame import Answer, Frame, Picture, Profile
from app.core.ports import Journal
from app.core.provider import Seat, are_keys_locked
from app.core.routing.gate import Gate
from app.core.routing.latest_wins import LatestWins
from app.core.routing.provider_calls import RESERVE_S
from app.core.routing.router import Router
from app.core.tasks import CUT_OFF, spawn
from app.core.text.plain_text import fitted


class Pipeline:
    """One frame's way from the upload to the answer.

    ``normalise`` makes a ``Picture`` of the upload off the loop; ``seats_for`` gives a profile's chain with its keys;
    ``fetch_keys`` waits at most so many seconds for those that the keyring has not given yet.
    """

    def __init__(
        self,
        *,
        normalise: Callable[[bytes], Awaitable[Picture]],
        seats_for: Callable[[Profile], tuple[Seat, ...]],
        fetch_keys: Callable[[float], Awaitable[None]],
        gate: Gate,
        router: Router,
        journal: Journal,
        bus: Bus,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._normalise, self._seats_for, self._fetch_keys = normalise, seats_for, fetch_keys
        self._gate, self._router, self._journal, self._bus = gate, router, journal, bus
        self._monotonic = monotonic
        self._latest_wins = LatestWins()

    async def process(self, frame: Frame) -> Answer:
        """The answer for the glasses, already in the history.

        Raises a ``FrameError``, which is in the history too. Cancelling it cancels its provider calls: the phone hung
        up, or with ``CUT_OFF`` the server stopped.
        """
        started = self._monotonic()
        picture: Picture | None = None
        try:
            async with self._latest_wins.turn(frame.profile.profile_id):
                picture = await self._normalise(frame.upload)
                self._bus.publish(FrameReceived(frame, picture))
                answer = await self._decide(frame, picture, started)
        except FrameError as error:
            await self._end(frame, picture, error, started)
            raise
        except asyncio.CancelledError as cancelled:
            ending = Stopping() if CUT_OFF in cancelled.args else HungUp()
            spawn(self._keep(frame, picture, ending, self._since_ms(started)), name="keep a frame that was cancelled")
            raise
        except Exception:
            # a bug: its own handler hears of it, and the frame still counts
            await self._end(frame, picture, FrameError(), started)
            raise
        text = fitted(answer.text, frame.profile.answer_chars)
        answer = replace(answer, text=text, latency_ms=self._since_ms(started))
        await self._end(frame, picture, answer, started)
        return answer

    async def _end(self, frame: Frame, picture: Picture | None, ending: Answer | FrameError, started: float) -> None:
        """Keep how the frame ended, also when the phone hangs up while it is written."""
        kept = self._keep(frame, picture, ending, self._since_ms(started))
        await asyncio.shield(spawn(kept, name="keep a frame"))

    async def _keep(self, frame: Frame, picture: Picture | None, ending: Answer | FrameError, latency_ms: int) -> None:
        await self._journal.record(frame, picture, ending, latency_ms)
        self._bus.publish(
            FrameFailed(frame, ending, latency_ms) if isinstance(ending, FrameError) else FrameAnswered(frame, ending)
        )

    async def _decide(self, frame: Frame, picture: Picture, started: float) -> Answer:
        seats = self._seats_for(frame.profile)
        if ready := self._gate.check(frame, picture, seats):
            return ready
        if are_keys_locked(seats):
            left_s = self._router.deadline_s(seats) - (self._monotonic() - started)
            await self._fetch_keys(left_s - RESERVE_S)
            seats = self._seats_for(frame.profile)
        answer = await self._router.route(frame, picture, seats, started + self._router.deadline_s(seats))
        self._gate.remember(frame, picture, seats, answer)
        return answer

    def _since_ms(self, started: float) -> int:
        return round((self._monotonic() - started) * 1000)
