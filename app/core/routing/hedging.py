"""A call that is slower than its provider usually is gets another one beside it: when, how often, and who wins.

After Dean and Barroso, The Tail at Scale: few calls are doubled, and the slowest frames gain the most.
"""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from app.core.errors import CallTimeoutError
from app.core.frame import Attempt
from app.core.routing.trace import USABLE_OUTCOMES
from app.core.tasks import spawn

T = TypeVar("T")
LEAST_CALLS = 20
"""Of a provider, before its usual pace is known."""
NEWEST_CALLS = 100
"""Of a provider, by which its pace is told."""
SLOW_SHARE = 0.9
SHORTEST_WAIT_S = 0.8
BUDGET_CALLS = 200
"""The newest, of which so many per cent may be second ones."""
_BROKEN_OFF = frozenset({"cancelled", CallTimeoutError.word})


@dataclass(slots=True)
class _Times:
    """To the words, in ms: in the order they came, and sorted."""

    newest: deque[int] = field(default_factory=deque)
    ordered: list[int] = field(default_factory=list)

    def add(self, latency_ms: int) -> None:
        if len(self.newest) == NEWEST_CALLS:
            self.ordered.remove(self.newest.popleft())
        self.newest.append(latency_ms)
        insort(self.ordered, latency_ms)

    def slow_after_s(self) -> float | None:
        if len(self.ordered) < LEAST_CALLS:
            return None
        return max(self.ordered[int(len(self.ordered) * SLOW_SHARE)] / 1_000, SHORTEST_WAIT_S)


class Pace:
    """How long providers take to their words, and how many of the newest calls were second ones."""

    def __init__(self) -> None:
        self._times: dict[str, _Times] = {}
        self._calls: deque[bool] = deque(maxlen=BUDGET_CALLS)

    def begun(self, *, is_second: bool) -> None:
        """A call was started."""
        self._calls.append(is_second)

    def ended(self, attempt: Attempt) -> None:
        """One that was broken off would have taken longer still: without it the slow ones would be forgotten."""
        if attempt.outcome in USABLE_OUTCOMES:
            if attempt.provider not in self._times:
                self._times[attempt.provider] = _Times()
            self._times[attempt.provider].add(attempt.latency_ms)
        elif attempt.outcome in _BROKEN_OFF and self._is_slow(attempt):
            self._times[attempt.provider].add(attempt.latency_ms)

    def slow_after_s(self, provider: str) -> float | None:
        """From when on its call is slow: nine in ten had their words by then. None while too few were made."""
        times = self._times.get(provider)
        return times.slow_after_s() if times else None

    def may_hedge(self, percent: int) -> bool:
        """Whether one more second call stays within ``percent`` of the newest."""
        return (sum(self._calls) + 1) * 100 <= percent * len(self._calls)

    def _is_slow(self, attempt: Attempt) -> bool:
        after_s = self.slow_after_s(attempt.provider)
        return after_s is not None and attempt.latency_ms >= after_s * 1_000


async def first_of(
    first: Callable[[], Awaitable[T | None]], second: Callable[[], Awaitable[T | None]], after_s: float
) -> T | None:
    """What ``first`` finds, or ``second``, which is begun ``after_s`` later: who finds something stops the other.

    None when neither does: both have come to their end then. Nothing runs on when this is cancelled.
    """
    loop, beside, is_first_under_way = asyncio.get_running_loop(), list[asyncio.Task[T | None]](), True

    async def look() -> T | None:
        found = await second()
        if found is not None and is_first_under_way:
            waiting.reschedule(loop.time())
        return found

    waiting = asyncio.timeout(None)
    timer = loop.call_later(after_s, lambda: beside.append(spawn(look(), name="ask beside a slow one")))
    try:
        found = None
        try:
            async with waiting:
                found = await first()
        except TimeoutError:
            if not waiting.expired():
                raise
        is_first_under_way = False
        timer.cancel()
        if found is None and beside:
            await asyncio.wait(beside)
            found = None if beside[0].cancelled() else beside[0].result()
        return found
    finally:
        is_first_under_way = False
        timer.cancel()
        for task in beside:
            task.cancel()
            await asyncio.wait(beside)
