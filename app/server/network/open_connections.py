"""Open connections are descriptors: how many one address, all strangers, and everybody together may hold."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

UNKNOWN_MOST, PAIRED_MOST, MOST = 16, 64, 1_024


class Held(Protocol):
    """An open connection; idle while no request on it is under way."""

    @property
    def is_idle(self) -> bool: ...

    def drop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Share:
    """How many connections an address may hold: ``most`` of those that are counted under ``key``, None for all."""

    key: str
    most: int | None
    is_stranger: bool = False


class OpenConnections:
    """Where there is no more room, the connection that has been silent for longest goes, so that newcomers are heard.

    Strangers together never hold more than half: what they all do at once deafens nobody who is paired.
    """

    def __init__(self, share_of: Callable[[str], Share], most: int) -> None:
        self._share_of, self._most = share_of, most
        self._all: dict[Held, Share] = {}
        self._strangers: dict[Held, None] = {}
        self._by_key: dict[str, dict[Held, None]] = {}

    def admit(self, connection: Held, ip: str) -> bool:
        """Whether there is room, or could be made, for a connection from ``ip``."""
        share = self._share_of(ip)
        mine = self._by_key.get(share.key, {})
        has_room = (
            (share.most is None or len(mine) < share.most or self._drop_one(mine))
            and (not share.is_stranger or len(self._strangers) < self._most // 2 or self._drop_one(self._strangers))
            and (len(self._all) < self._most or self._drop_one(self._strangers) or self._drop_one(self._all))
        )
        if has_room:
            self._all[connection] = share
            self._by_key.setdefault(share.key, {})[connection] = None
            if share.is_stranger:
                self._strangers[connection] = None
        return has_room

    def leave(self, connection: Held) -> None:
        """It was closed, by whomever."""
        share = self._all.pop(connection, None)
        if share is None:
            return
        self._strangers.pop(connection, None)
        mine = self._by_key[share.key]
        del mine[connection]
        if not mine:
            del self._by_key[share.key]

    def _drop_one(self, among: dict[Held, Share] | dict[Held, None]) -> bool:
        silent = next((one for one in among if one.is_idle), None)
        if silent is None:
            return False
        self.leave(silent)
        silent.drop()
        return True


def most_connections() -> int:
    """Half of the descriptors that the system allows: the store, the providers and the window need theirs."""
    most = MOST
    if sys.platform != "win32":
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            most = max(UNKNOWN_MOST, min(MOST, soft // 2))
    return most
