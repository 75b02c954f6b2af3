"""Windows' clock, on any system: ``python3 -m tests tests/core -p tests.coarse_clock``.

Up to Python 3.12 ``time.monotonic`` and ``time.time`` go there in steps of 15.6 ms, and a loop's timers may come a step
early. What holds with it has margins that are wide enough there.
"""

from __future__ import annotations

import asyncio.base_events
import time

STEP_S = 1 / 64


def _in_steps(clock: float) -> float:
    return clock // STEP_S * STEP_S


_monotonic, _time = time.monotonic, time.time
time.monotonic = lambda: _in_steps(_monotonic())
time.time = lambda: _in_steps(_time())
_made = asyncio.base_events.BaseEventLoop.__init__


def _made_coarse(loop: asyncio.base_events.BaseEventLoop) -> None:
    _made(loop)
    loop._clock_resolution = STEP_S  # type: ignore[attr-defined]


asyncio.base_events.BaseEventLoop.__init__ = _made_coarse  # type: ignore[method-assign]
