"""A call that is slower than its provider usually is gets another one beside it: when, how often, and who wins.

After Dean and Barroso, The Tail at Scale: few calls are doubled, and the slowest frames gain the most. Once half of the
budget is used a call must be slower still: what was only late shall leave some for what hangs.
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
HANGS_AFTER = 3.0
"""Times as slow as a slow call: it hangs, and is given up once another one has answered, sure or not."""
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
        self._calls: deque[bool] = deque()
        self._second = 0

    def begun(self, *, is_second: bool) -> None:
        """A call was started."""
        if len(self._calls) == BUDGET_CALLS:
            self._second -= self._calls.popleft()
        self._calls.append(is_second)
        self._second += is_second

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

    def hedge_after_s(self, provider: str, percent: int) -> float | None:
        """From when on its call may get another one beside it: once it is slow, and up to twice as late as that with
        the second half of a budget of ``percent``. None: not at all, or too few calls were made."""
        after_s = self.slow_after_s(provider) if percent else None
        if after_s is None:
            return None
        used = self._second * 100 / (percent * len(self._calls))
        return after_s * min(max(1.0, 2 * used), 2.0)

    def may_hedge(self, percent: int) -> bool:
        """Whether one more second call stays within ``percent`` of the newest."""
        return (self._second + 1) * 100 <= percent * len(self._calls)

    def _is_slow(self, attempt: Attempt) -> bool:
        after_s = self.slow_after_s(attempt.provider)
        return after_s is not None and attempt.latency_ms >= after_s * 1_000


async def first_of(
    first: Callable[[], Awaitable[T | None]],
    second: Callable[[], Awaitable[T | None]],
    after_s: float,
    give_up_s: Callable[[], float | None] = lambda: None,
) -> T | None:
    """What ``first`` finds, or ``second``, which is begun ``after_s`` later: who finds something stops the other.

    None when neither does: both have come to their end then. When ``second`` has come to its end in vain,
    ``give_up_s`` tells how long after its begin ``first`` is stopped too; None: it is not. Nothing runs on when this is
    cancelled.
    """
    loop, beside, is_first_under_way = asyncio.get_running_loop(), list[asyncio.Task[T | None]](), True
    began = loop.time()

    async def look() -> T | None:
        found = await second()
        end_s = 0.0 if found is not None else give_up_s()
        if end_s is not None and is_first_under_way:
            waiting.reschedule(max(loop.time(), began + end_s))
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
