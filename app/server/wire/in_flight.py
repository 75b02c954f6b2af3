"""The frames under way, from the upload's first byte to the answer: a stop lets them finish, within its patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from app.core.errors import Stopping
from app.core.tasks import CUT_OFF

T = TypeVar("T")


class InFlight:
    """Counts frames under way, and since when the server runs. Once ``stopping`` is set, no new one is let in.

    Who streams for long waits for ``stopping`` beside what it sends, and ends.
    """

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self._started_at = time.monotonic()
        self._frames: set[asyncio.Task[Any]] = set()
        self._cut_off: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def uptime_s(self) -> int:
        return int(time.monotonic() - self._started_at)

    def check_open(self) -> None:
        """Raises ``Stopping`` once the server is shutting down."""
        if self.stopping.is_set():
            raise Stopping

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """The outcome of ``work``. Raises ``Stopping`` when none may begin, or a stop lost its patience with it."""
        self.check_open()
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._frames.add(task)
        self._idle.clear()
        try:
            return await work()
        except asyncio.CancelledError:
            if task not in self._cut_off:
                raise  # the client hung up
            task.uncancel()
            raise Stopping from None
        finally:
            self._frames.discard(task)
            self._cut_off.discard(task)
            if not self._frames:
                self._idle.set()

    async def drain(self, patience_s: float) -> None:
        """Let no new frame in, wait for those under way, end those that take longer than ``patience_s``."""
        self.stopping.set()
        if await self._is_idle_within(patience_s):
            return
        self._cut_off |= self._frames
        for frame in self._frames:
            frame.cancel(CUT_OFF)
        await self._is_idle_within(1.0)

    async def _is_idle_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True
