"""One frame in flight per profile and the newest waiting one: a slow provider never builds a queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.core.errors import Superseded


@dataclass(slots=True)
class _Lane:
    busy: bool = False
    waiting: asyncio.Future[None] | None = None


class LatestWins:
    """A lane per profile id, kept only while something is in it."""

    def __init__(self) -> None:
        self._latest_wins: dict[int, _Lane] = {}

    @asynccontextmanager
    async def turn(self, profile_id: int) -> AsyncIterator[None]:
        """Wait for the profile's turn. Raises ``Superseded`` when a newer frame takes this one's place."""
        lane = self._latest_wins.setdefault(profile_id, _Lane())
        if lane.busy:
            await self._wait(profile_id, lane)
        lane.busy = True
        try:
            yield
        finally:
            self._leave(profile_id, lane)

    async def _wait(self, profile_id: int, lane: _Lane) -> None:
        if lane.waiting is not None and not lane.waiting.done():
            lane.waiting.set_exception(Superseded())
        mine = lane.waiting = asyncio.get_running_loop().create_future()
        try:
            await mine
        except asyncio.CancelledError:
            # the turn may have been given just before the phone hung up: pass it on
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._leave(profile_id, lane)
            raise
        finally:
            if lane.waiting is mine:
                lane.waiting = None

    def _leave(self, profile_id: int, lane: _Lane) -> None:
        if not self._pass_on(lane):
            self._latest_wins.pop(profile_id, None)

    @staticmethod
    def _pass_on(lane: _Lane) -> bool:
        """Give the turn to the waiting frame; ``busy`` stays set, so that nobody slips in between."""
        lane.busy = lane.waiting is not None and not lane.waiting.done()
        if lane.busy and lane.waiting is not None:
            lane.waiting.set_result(None)
        return lane.busy
