"""How often a device may ask: sliding windows for keys and profiles, a refilling bucket for frames.

The settings are read at every request, so a changed one applies at once; 0 means no limit. What is remembered is
bounded: an address too many drops the one that was seen first.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from limits.aio.storage import MemoryStorage

from app.core.settings import Settings

Group = Literal["auth", "profile", "process"]

_MAX_ADDRESSES = 4_096
_MINUTE_S = 60
_HOUR_S = 3_600
_GRAIN = 1e-6
"""Sums of fractions: what is short of a whole by so little is whole, or a client would wait and be refused again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a device stands with one limit after this request.

    ``remaining`` requests are left of ``quota`` in ``window_s``; in ``next_s`` there will be one more.
    """

    group: Group
    quota: int
    window_s: int
    remaining: int
    next_s: int
    allowed: bool

    def fields(self) -> dict[str, str]:
        """The reply's fields, as in draft-ietf-httpapi-ratelimit-headers (structured fields, version 08 and later)."""
        return {
            "RateLimit-Policy": f'"{self.group}";q={self.quota};w={self.window_s}',
            "RateLimit": f'"{self.group}";r={self.remaining};t={self.next_s}',
        }


class Limits:
    """Counts requests per client IP."""

    def __init__(self, settings: Settings, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._windows = MemoryStorage()
        self._bucket = Bucket(monotonic)

    async def hit(self, group: Group, ip: str) -> Standing | None:
        """Count one request; None when there is no limit."""
        if group == "process":
            limit = self._settings.integer("limits.process_per_hour")
            return self._bucket.hit(ip, limit) if limit else None
        limit = self._settings.integer(f"limits.{group}_per_minute")
        return await self._hit_window(group, ip, limit) if limit else None

    async def _hit_window(self, group: Group, ip: str, limit: int) -> Standing:
        # the storage is asked by our own key: one made from the limit would forget everything with a changed setting
        key = f"{group}/{ip}"
        await self._make_room(key)
        allowed = await self._windows.acquire_entry(key, limit, _MINUTE_S)
        oldest, used = await self._windows.get_moving_window(key, limit, _MINUTE_S)
        next_s = max(1, math.ceil(oldest + _MINUTE_S - time.time()))
        return Standing(group, limit, _MINUTE_S, max(0, limit - used), next_s, allowed)

    async def _make_room(self, key: str) -> None:
        events = self._windows.events
        if len(events) >= _MAX_ADDRESSES and key not in events:
            await self._windows.clear(next(iter(events)))


class Bucket:
    """A bucket per address: holds an hour's limit, refills evenly, so that a fast hour never earns a lock-out."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        # what was spent, not what is left: then a raised limit gives room at once
        self._spent: dict[str, tuple[float, float]] = {}

    def hit(self, ip: str, limit: int) -> Standing:
        """Take one out of ``limit`` an hour."""
        now = self._monotonic()
        refill_per_s = limit / _HOUR_S
        spent, at = self._spent.pop(ip, (0.0, now))
        spent = max(0.0, spent - (now - at) * refill_per_s)
        allowed = spent + 1 <= limit + _GRAIN
        spent += allowed
        self._spent[ip] = spent, now  # put back at the end: the first of the dictionary was seen least lately
        if len(self._spent) > _MAX_ADDRESSES:
            del self._spent[next(iter(self._spent))]
        remaining = int(limit - spent + _GRAIN)
        next_s = max(1, math.ceil((spent - limit + remaining + 1) / refill_per_s - _GRAIN))
        return Standing("process", limit, _HOUR_S, remaining, next_s, allowed)
