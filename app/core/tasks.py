"""The only place that starts a task: each is held until it ends, and a crash reaches the loop's one handler."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")
CUT_OFF = "cut off by a stop"
"""What a task is cancelled with when the program ends it; else whoever waited for it has gone."""
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
    """Start ``work`` on the running loop. An exception nobody awaits goes to the loop's exception handler at once."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_ended)
    return task


def crash_of(task: asyncio.Task[Any]) -> BaseException | None:
    """What was raised in it and ended it; None when it ended otherwise, or runs."""
    return task.exception() if task.done() and not task.cancelled() else None


def _ended(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if error := crash_of(task):
        context = {"message": f"task {task.get_name()} failed", "exception": error, "task": task}
        task.get_loop().call_exception_handler(context)


def is_reset_at_its_end(context: Mapping[str, Any]) -> bool:
    """Whether a loop's handler is told only that somebody hung up: Windows' loop shuts down what was reset, unguarded.

    https://github.com/MagicStack/asyncpg/pull/1190
    """
    callback = "_ProactorBasePipeTransport._call_connection_lost"
    return isinstance(context.get("exception"), ConnectionError) and callback in str(context.get("message"))


async def cancel_all(*, timeout_s: float = 5.0) -> None:
    """Cancel every task that ``spawn`` started and wait for their ends, at most ``timeout_s``."""
    tasks = [task for task in _running if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=timeout_s)


class Background(ABC):
    """Work without an end of its own: one task from ``start`` to ``stop``."""

    name: ClassVar[str]
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Nothing where it runs already."""
        if self._task is None:
            self._task = spawn(self._run(), name=self.name)

    async def stop(self) -> None:
        """Cut it off; returns once it has ended. May be called again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    @abstractmethod
    async def _run(self) -> None: ...
