"""The bell that a device rings which is not paired: the window asks the owner whether to let it in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.events import Bus, PairingWanted

if TYPE_CHECKING:
    from app.store import Store

_RING_EVERY_S = 10.0
_RINGS_REMEMBERED = 256


class PairingRequests:
    """Rings for each address and name at most once in ten seconds."""

    def __init__(self, store: Store, bus: Bus, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store, self._bus, self._monotonic = store, bus, monotonic
        self._rung: dict[tuple[str, str], float] = {}

    def ring(self, ip: str, username: str) -> None:
        """Publish ``PairingWanted``. A name that is no profile's is not passed on: nobody may write into the window."""
        if self._store.settings.flag("network.tokens_only"):
            return  # letting the address in would not help it
        if self._store.profiles.find(username) is None:
            username = ""
        if self.is_due(ip, username):
            self._bus.publish(PairingWanted(ip, username))

    def is_due(self, ip: str, what: str) -> bool:
        """Whether ``what`` of that address was last asked for ten seconds ago or more; it counts as asked for now."""
        now = self._monotonic()
        if now - self._rung.get((ip, what), -_RING_EVERY_S) < _RING_EVERY_S:
            return False
        self._rung.pop((ip, what), None)
        self._rung[ip, what] = now
        if len(self._rung) > _RINGS_REMEMBERED:
            del self._rung[next(iter(self._rung))]
        return True
