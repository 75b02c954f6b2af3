"""The bell that a device rings which is not paired: the window asks the owner whether to let it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cachetools import TTLCache

from app.core.events import Bus, PairingWanted
from app.core.passed import passed_s
from app.store.setup.addresses import counted_as

if TYPE_CHECKING:
    from app.store import Store

_RING_EVERY_S = 10.0
_RINGS_REMEMBERED = 256


class PairingRequests:
    """Rings for each address (in IPv6: network) and name at most once in ten seconds."""

    def __init__(self, store: Store, bus: Bus, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._store, self._bus = store, bus
        self._rung: TTLCache[tuple[str, str], None] = TTLCache(_RINGS_REMEMBERED, _RING_EVERY_S, timer=monotonic)

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
        asked = (counted_as(ip), what)
        if asked in self._rung:
            return False
        self._rung[asked] = None
        return True
