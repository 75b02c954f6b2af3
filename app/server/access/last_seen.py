"""When each device was last heard: the proof for the owner that a phone does reach this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from cachetools import LRUCache, TTLCache

from app.core.events import Bus, ClientHeard
from app.core.passed import passed_s
from app.store.setup.addresses import counted_as

if TYPE_CHECKING:
    from app.store import Store

TOLD_EVERY_S = 1.0
DEVICES_REMEMBERED = 1_000


class LastSeen:
    """Outlives the listener. Publishes ``ClientHeard`` at most once a second for each device.

    Of the addresses of one IPv6 network that are not paired the newest alone is remembered.
    """

    def __init__(self, store: Store, bus: Bus, *, monotonic: Callable[[], float] = passed_s) -> None:
        self._store, self._bus = store, bus
        self._moments: dict[str, datetime] = {}
        self._newest: LRUCache[str, str] = LRUCache(DEVICES_REMEMBERED)
        self._told: TTLCache[str, None] = TTLCache(DEVICES_REMEMBERED, TOLD_EVERY_S, timer=monotonic)

    @property
    def moments(self) -> Mapping[str, datetime]:
        """By address, the one that was heard last at the end."""
        return MappingProxyType(self._moments)

    def note(self, ip: str) -> None:
        """A request came from ``ip``, whatever becomes of it."""
        if not ip:
            return
        names = self._store.pairings.names_for(ip)
        device = ip if names else counted_as(ip)
        if not names:
            before, self._newest[device] = self._newest.get(device, ip), ip
            if not self._store.pairings.names_for(before):
                self._moments.pop(before, None)
        self._moments.pop(ip, None)
        self._moments[ip] = datetime.now(UTC)
        if len(self._moments) > DEVICES_REMEMBERED:
            del self._moments[next(iter(self._moments))]
        if device not in self._told:
            self._told[device] = None
            self._bus.publish(ClientHeard(ip, names[0] if len(names) == 1 else ""))
