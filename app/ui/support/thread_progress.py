"""How far a thread is: told on the loop in thousandths, only when they change; and how it is asked to give up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

STEPS = 1_000


class Stopped(Exception):
    """What the thread was doing is not wanted any more."""


class ThreadProgress:
    """Call it from the thread with (done, all); it raises ``Stopped`` there once ``stop`` was called."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell, self._told = tell, -1
        self._loop = asyncio.get_running_loop()
        self._stopping = threading.Event()

    def __call__(self, done: int, total: int) -> None:
        if self._stopping.is_set():
            raise Stopped
        step = STEPS * done // max(1, total)
        if step != self._told:
            self._told = step
            self._loop.call_soon_threadsafe(self._tell, step)

    def stop(self) -> None:
        """Have the next call end the work."""
        self._stopping.set()
