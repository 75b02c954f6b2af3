"""One frame in flight per lane and the newest waiting one: a slow provider never builds a queue.

A lane is one client of a profile: its glasses, a chat program, an agent. A newer frame takes the place of an older one
of its own lane alone. All lanes of a profile together have three frames in flight, of which one place is the glasses'.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.core.errors import Superseded

GLASSES = ""
MOST_IN_FLIGHT = 3


@dataclass(slots=True)
class _Lanes:
    """Those of one profile that something is in. ``waiting``: who came first stands first."""

    busy: set[str] = field(default_factory=set)
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)

    def has_room(self, lane: str) -> bool:
        others = len(self.busy - {GLASSES})
        return lane not in self.busy and (lane == GLASSES or others < MOST_IN_FLIGHT - 1)


class LatestWins:
    """The lanes of each profile id, kept only while something is in them."""

    def __init__(self) -> None:
        self._profiles: dict[int, _Lanes] = {}

    @asynccontextmanager
    async def turn(self, profile_id: int, lane: str = GLASSES) -> AsyncIterator[None]:
        """Wait for the lane's turn. Raises ``Superseded`` when a newer frame of it takes this one's place."""
        lanes = self._profiles.setdefault(profile_id, _Lanes())
        if lanes.has_room(lane):
            lanes.busy.add(lane)
        else:
            await self._wait(profile_id, lanes, lane)
        try:
            yield
        finally:
            self._leave(profile_id, lanes, lane)

    async def _wait(self, profile_id: int, lanes: _Lanes, lane: str) -> None:
        older, mine = lanes.waiting.get(lane), asyncio.get_running_loop().create_future()
        lanes.waiting[lane] = mine  # in the older one's place
        if older is not None and not older.done():
            older.set_exception(Superseded())
        try:
            await mine
        except asyncio.CancelledError:
            if lanes.waiting.get(lane) is mine:
                del lanes.waiting[lane]
            # the turn may have been given just before the client hung up: pass it on
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._leave(profile_id, lanes, lane)
            self._forget_empty(profile_id, lanes)
            raise

    def _leave(self, profile_id: int, lanes: _Lanes, lane: str) -> None:
        """Give the turn to who waits; the lane is busy from then on, so that nobody slips in between."""
        lanes.busy.discard(lane)
        for next_lane, waiting in tuple(lanes.waiting.items()):
            if lanes.has_room(next_lane) and not waiting.done():
                del lanes.waiting[next_lane]
                lanes.busy.add(next_lane)
                waiting.set_result(None)
        self._forget_empty(profile_id, lanes)

    def _forget_empty(self, profile_id: int, lanes: _Lanes) -> None:
        if not lanes.busy and not lanes.waiting:
            self._profiles.pop(profile_id, None)
