"""One frame in flight per profile and the newest waiting one: a slow provider never builds a queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.core.errors import Superseded


@dataclass(slots=True)
class _Slot:
    busy: bool = False
    waiting: asyncio.Future[None] | None = None


class LatestWins:
    """A slot per profile id, kept only while something is in it."""

    def __init__(self) -> None:
        self._slots: dict[int, _Slot] = {}

    @asynccontextmanager
    async def turn(self, profile_id: int) -> AsyncIterator[None]:
        """Wait for the profile's turn. Raises ``Superseded`` when a newer frame takes this one's place."""
        slot = self._slots.setdefault(profile_id, _Slot())
        if slot.busy:
            await self._wait(profile_id, slot)
        slot.busy = True
        try:
            yield
        finally:
            self._leave(profile_id, slot)

    async def _wait(self, profile_id: int, slot: _Slot) -> None:
        if slot.waiting is not None and not slot.waiting.done():
            slot.waiting.set_exception(Superseded())
        mine = slot.waiting = asyncio.get_running_loop().create_future()
        try:
            await mine
        except asyncio.CancelledError:
            # the turn may have been given just before the phone hung up: pass it on
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._leave(profile_id, slot)
            raise
        finally:
            if slot.waiting is mine:
                slot.waiting = None

    def _leave(self, profile_id: int, slot: _Slot) -> None:
        if not self._pass_on(slot):
            self._slots.pop(profile_id, None)

    @staticmethod
    def _pass_on(slot: _Slot) -> bool:
        """Give the turn to the waiting frame; ``busy`` stays set, so that nobody slips in between."""
        slot.busy = slot.waiting is not None and not slot.waiting.done()
        if slot.busy and slot.waiting is not None:
            slot.waiting.set_result(None)
        return slot.busy
