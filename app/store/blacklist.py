"""Who may not use the server: single addresses and ranges, asked before a request's body is read."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.errors import NameTaken, UnknownName
from app.core.events import BlacklistChanged, Bus
from app.store.addresses import address_of, checked_network, spelled
from app.store.database import Database
from app.store.mirror import Mirror
from app.store.records import BlacklistRecord
from app.store.session import Session
from app.store.times import unix, utc, utc_or_none

REASON_MAX_CHARS = 200


@dataclass(frozen=True, slots=True)
class BlacklistEntry:
    """``address``: a single one or a range. ``automatic``: made after many wrong keys. Moments are aware, UTC."""

    address: str
    reason: str
    automatic: bool
    created_at: datetime
    expires_at: datetime | None = None


class Blacklist(Mirror[tuple[BlacklistEntry, ...]]):
    """``match`` costs one look-up per length of range in use, however many entries there are."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._database = database
        self._clock = clock
        self._entries: tuple[BlacklistEntry, ...] = ()
        self._by_mask: dict[tuple[int, int], dict[int, BlacklistEntry]] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def match(self, ip: str) -> BlacklistEntry | None:
        """The entry that ``ip`` falls under; never for this computer's own address, nor for what is no address."""
        address = address_of(ip)
        if address is None or address.is_loopback:
            return None
        bits = int(address)
        for (version, mask), entries in self._by_mask.items():
            if version == address.version:
                entry = entries.get(bits & mask)
                if entry is not None and self._holds(entry):
                    return entry
        return None

    def all(self) -> tuple[BlacklistEntry, ...]:
        """Those in force, newest first."""
        return tuple(entry for entry in self._entries if self._holds(entry))

    def _holds(self, entry: BlacklistEntry) -> bool:
        return entry.expires_at is None or entry.expires_at.timestamp() > self._clock()

    # --- writing ---------------------------------------------------------------------------------------------------

    async def add(
        self, ip_or_cidr: str, reason: str = "", automatic: bool = False, expires_at: datetime | None = None
    ) -> BlacklistEntry:
        """Add an entry; ``expires_at``: aware, None = for good.

        An automatic entry gives way to the owner's, and is renewed by the next automatic one. Raises ``NameTaken`` when
        the owner has blocked it already, ``InvalidValue`` for this computer's own address and what is no range.
        """
        address = spelled(checked_network(ip_or_cidr))
        entry = BlacklistEntry(address, reason.strip()[:REASON_MAX_CHARS], automatic, utc(self._clock()), expires_at)
        return await self._database.change(lambda session: _add(session, entry), self)

    async def remove(self, ip_or_cidr: str) -> None:
        """Raises ``UnknownName``, ``InvalidValue``."""
        address = spelled(checked_network(ip_or_cidr))

        def work(session: Session) -> None:
            if not session.run(BlacklistRecord.delete().where(BlacklistRecord.address == address)):
                raise UnknownName(f"{address} is not on the blacklist.")

        await self._database.change(work, self)

    # --- the mirror ------------------------------------------------------------------------------------------------

    def load(self, session: Session) -> tuple[BlacklistEntry, ...]:
        rows = session.rows(BlacklistRecord.select().order_by(BlacklistRecord.created_at.desc()))
        return tuple(map(_entry, rows))

    def _index(self, snapshot: tuple[BlacklistEntry, ...]) -> None:
        self._entries = snapshot
        self._by_mask = {}
        for entry in snapshot:
            network = ipaddress.ip_network(entry.address)
            entries = self._by_mask.setdefault((network.version, int(network.netmask)), {})
            entries[int(network.network_address)] = entry

    def _announce(self, before: tuple[BlacklistEntry, ...], now: tuple[BlacklistEntry, ...]) -> None:
        self._bus.publish(BlacklistChanged())


def _entry(row: dict[str, Any]) -> BlacklistEntry:
    row |= {"created_at": utc(row["created_at"]), "expires_at": utc_or_none(row["expires_at"])}
    return BlacklistEntry(**row)


def _add(session: Session, entry: BlacklistEntry) -> BlacklistEntry:
    row = session.first(BlacklistRecord.select().where(BlacklistRecord.address == entry.address))
    known = _entry(row) if row else None
    if known and not known.automatic and (known.expires_at is None or known.expires_at > entry.created_at):
        if entry.automatic:
            return known
        raise NameTaken(f"{entry.address} is on the blacklist already.")
    values = {"created_at": entry.created_at.timestamp(), "expires_at": unix(entry.expires_at)}
    row_now = BlacklistRecord.insert(address=entry.address, reason=entry.reason, automatic=entry.automatic, **values)
    session.run(row_now.on_conflict_replace())
    return entry


def delete_expired(session: Session, now: float) -> int:
    return int(session.run(BlacklistRecord.delete().where(BlacklistRecord.expires_at <= now)))
