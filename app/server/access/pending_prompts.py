"""Prompts from devices that are not paired yet: the app saves its prompt before it ever authenticates.

Kept for ten minutes, one per address, and applied once that address is paired with that name, be it by ``/auth``, by
the owner's click or by the command line.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

KEEP_S = 600.0
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PendingPrompt:
    """``prompt`` is what the device at ``ip`` would have ``username`` use; empty means the default."""

    ip: str
    username: str
    prompt: str
    kept_at: float


class PendingPrompts:
    """The newest prompt of each address, at most 20 addresses."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: dict[str, PendingPrompt] = {}

    def keep(self, ip: str, username: str, prompt: str) -> None:
        self._kept.pop(ip, None)
        self._kept[ip] = PendingPrompt(ip, username, prompt, self._monotonic())
        if len(self._kept) > AT_MOST:
            del self._kept[next(iter(self._kept))]

    def take(self, ip: str, username: str) -> str | None:
        """The prompt kept for that pair, which is then forgotten."""
        for kept in self.waiting():
            if (kept.ip, kept.username) == (ip, username):
                del self._kept[ip]
                return kept.prompt
        return None

    def waiting(self) -> tuple[PendingPrompt, ...]:
        """Those still fresh; the others are forgotten."""
        oldest = self._monotonic() - KEEP_S
        self._kept = {ip: kept for ip, kept in self._kept.items() if kept.kept_at > oldest}
        return tuple(self._kept.values())
