"""For pytest under Wine 8, which now and then loses what ends a wait: the loop looks by itself too.

`python -m pytest -p wakes`, with this folder on PYTHONPATH. A loop that nobody wakes then goes on all the same, so what
our own code forgets to wake is not found here.
"""

from __future__ import annotations

import asyncio

LOOK_EVERY_S = 0.05
_select = asyncio.IocpProactor.select


def _looking(proactor: asyncio.IocpProactor, timeout: float | None = None) -> list[object]:
    return _select(proactor, LOOK_EVERY_S if timeout is None else min(timeout, LOOK_EVERY_S))


asyncio.IocpProactor.select = _looking
