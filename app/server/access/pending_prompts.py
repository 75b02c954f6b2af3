"""Prompts from devices that are not paired yet: the app saves its prompt before it ever authenticates.

Kept for ten minutes, one per address, and applied once that address is paired with that name, be it by ``/auth``, by
the owner's click or by the command line; forgotten when the owner takes back what let that address or name in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network

from cachetools import TTLCache

from app.core.crowding import to_give_way
from app.core.events import AccessRevoked
from app.core.passed import passed_s
from app.store.setup.addresses import counted_as, is_in

KEEP_S = 600.0
AT_MOST = 20


@dataclass(frozen=True, slots=True)
class PendingPrompt:
    """``prompt`` is what the device at ``ip`` would have ``username`` use; empty means the default."""

    ip: str
    username: str
    prompt: str
    rank: int = 0


class PendingPrompts:
    """The newest prompt of each address, or of an IPv6 network, at most 20 of them.

    ``rank_of``: whom to hear first. A crowd of strangers pushes out neither who ranks above them nor who came first.
    """

    def __init__(
        self, monotonic: Callable[[], float] = passed_s, *, rank_of: Callable[[str], int] = lambda ip: 0
    ) -> None:
        self._rank_of = rank_of
        self._kept: TTLCache[str, PendingPrompt] = TTLCache(AT_MOST, KEEP_S, timer=monotonic)

    def keep(self, ip: str, username: str, prompt: str) -> None:
        source, rank = counted_as(ip), self._rank_of(ip)
        if source not in self._kept and len(self._kept) >= AT_MOST:
            gone = to_give_way({one: kept.rank for one, kept in self._kept.items()}, rank)
            if gone is None:
                return
            self._kept.pop(gone)
        self._kept[source] = PendingPrompt(ip, username, prompt, rank)

    def take(self, ip: str, username: str) -> str | None:
        """The prompt kept for that pair, which is then forgotten."""
        source = counted_as(ip)
        kept = self._kept.get(source)
        if kept is None or (kept.ip, kept.username) != (ip, username):
            return None
        self._kept.pop(source, None)
        return kept.prompt

    def waiting(self) -> tuple[PendingPrompt, ...]:
        return tuple(self._kept.values())

    def drop(self, revoked: AccessRevoked) -> None:
        """Forget what came from there; without an address all that is for that name."""
        network = ip_network(revoked.address) if revoked.address else None
        for source, kept in tuple(self._kept.items()):
            if is_in(kept.ip, network) if network else kept.username == revoked.username:
                self._kept.pop(source, None)
