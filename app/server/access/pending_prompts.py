"""Prompts from devices that are not paired yet: the app saves its prompt before it ever authenticates.

Kept for ten minutes, one per address, and applied once that address is paired with that name, be it by ``/auth``, by
the owner's click or by the command line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

KEEP_S = 600.0
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PendingPrompt:
    """``prompt`` is what the device at ``ip`` would have ``username`` use; empty means the default."""

    ip: str
    username: str
    prompt: str


class PendingPrompts:
    """The newest prompt of each address, at most 20 addresses."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[str, PendingPrompt] = TTLCache(AT_MOST, KEEP_S, timer=monotonic)

    def keep(self, ip: str, username: str, prompt: str) -> None:
        self._kept[ip] = PendingPrompt(ip, username, prompt)

    def take(self, ip: str, username: str) -> str | None:
        """The prompt kept for that pair, which is then forgotten."""
        kept = self._kept.get(ip)
        if kept is None or kept.username != username:
            return None
        self._kept.pop(ip, None)
        return kept.prompt

    def waiting(self) -> tuple[PendingPrompt, ...]:
        return tuple(self._kept.values())
