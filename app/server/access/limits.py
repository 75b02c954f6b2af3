"""How often a device may ask: sliding windows for keys and profiles, a refilling bucket for frames.

The settings are read at every request, so a changed one applies at once; 0 means no limit. What is remembered is
bounded: an address too many drops the one that was seen least lately. Both go by the monotonic clock: one that follows
the wall clock, as ``limits`` does, shuts a device out for a day when that is set back by one.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cachetools import LRUCache

from app.core.passed import passed_s
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
    """Counts requests per client: its address, or the IPv6 network of one that is not paired."""

    def __init__(self, settings: Settings, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._settings = settings
        self._windows: dict[Group, Window] = {
            "auth": Window("auth", monotonic),
            "profile": Window("profile", monotonic),
        }
        self._bucket = Bucket(monotonic)

    def hit(self, group: Group, ip: str) -> Standing | None:
        """Count one request; None when there is no limit."""
        if group == "process":
            limit = self._settings.integer("limits.process_per_hour")
            return self._bucket.hit(ip, limit) if limit else None
        limit = self._settings.integer(f"limits.{group}_per_minute")
        return self._windows[group].hit(ip, limit) if limit else None


class Window:
    """When each address asked in the last minute; what was refused does not count."""

    def __init__(self, group: Group, monotonic: Callable[[], float] = passed_s) -> None:
        self._group: Group = group
        self._monotonic = monotonic
        self._times: LRUCache[str, deque[float]] = LRUCache(_MAX_ADDRESSES)

    def hit(self, ip: str, limit: int) -> Standing:
        """Take one out of ``limit`` a minute."""
        now = self._monotonic()
        times = self._times.get(ip) or deque[float]()
        while times and times[0] <= now - _MINUTE_S:
            times.popleft()
        allowed = len(times) < limit
        if allowed:
            times.append(now)
        self._times[ip] = times
        # under a limit that was lowered meanwhile, more than one must go before there is room
        freed_at = times[max(0, len(times) - limit)] + _MINUTE_S
        remaining = max(0, limit - len(times))
        return Standing(self._group, limit, _MINUTE_S, remaining, max(1, math.ceil(freed_at - now)), allowed)


class Bucket:
    """A bucket per address: holds an hour's limit, refills evenly, so that a fast hour never earns a lock-out."""

    def __init__(self, monotonic: Callable[[], float] = passed_s) -> None:
        self._monotonic = monotonic
        # what was spent, not what is left: then a raised limit gives room at once
        self._spent: LRUCache[str, tuple[float, float]] = LRUCache(_MAX_ADDRESSES)

    def hit(self, ip: str, limit: int) -> Standing:
        """Take one out of ``limit`` an hour."""
        now = self._monotonic()
        refill_per_s = limit / _HOUR_S
        spent, at = self._spent.get(ip, (0.0, now))
        spent = max(0.0, spent - (now - at) * refill_per_s)
        allowed = spent + 1 <= limit + _GRAIN
        spent += allowed
        self._spent[ip] = (spent, now)
        remaining = int(limit - spent + _GRAIN)
        next_s = max(1, math.ceil((spent - limit + remaining + 1) / refill_per_s - _GRAIN))
        return Standing("process", limit, _HOUR_S, remaining, next_s, allowed)
