"""Who may not use the server: single addresses and ranges, asked before a request's body is read."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import AccessRevoked, BlacklistChanged, Bus
from app.core.sentence import Sentence
from app.core.text.plain_text import printable
from app.store.database.cached_table import CachedTable
from app.store.database.clock import unix, utc, utc_or_none
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import BlacklistRecord
from app.store.profiles.pairings import Pairings, end_tokens_of
from app.store.setup.addresses import address_of, checked_network, spelled

REASON_MAX_CHARS = 200
HITS_SAVED_EVERY_S = 60.0
CLOCK_SLACK_S = 60.0


@dataclass(frozen=True, slots=True)
class BlacklistEntry:
    """``address``: a single one or a range. ``automatic``: made after many wrong keys. Moments are aware, UTC.

    ``hits``: requests it refused; being hit again is no change of the entry.
    """

    address: str
    reason: str
    automatic: bool
    created_at: datetime
    expires_at: datetime | None = None
    hits: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Imported:
    """``known``: how many were blocked already. ``refused``: line numbers, and why each is no address or range."""

    added: tuple[BlacklistEntry, ...]
    known: int
    refused: tuple[tuple[int, Sentence], ...]


ByMask = dict[tuple[int, int], dict[int, BlacklistEntry]]


@dataclass(frozen=True, slots=True)
class _Listed:
    """All entries, the newest first; the rest is made of them, on the writer's thread."""

    entries: tuple[BlacklistEntry, ...]
    by_mask: ByMask = field(compare=False, repr=False)
    by_address: dict[str, BlacklistEntry] = field(compare=False, repr=False)


class Blacklist(CachedTable[_Listed]):
    """``match`` costs one look-up per length of range in use, however many entries there are."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float], pairings: Pairings) -> None:
        super().__init__(bus)
        self._database = database
        self._pairings = pairings
        self._clock = clock
        self._listed = _Listed((), {}, {})
        self._hits: dict[str, int] = {}
        self._unsaved: set[str] = set()
        self._hits_saved_at = float("-inf")

    # --- reading ---------------------------------------------------------------------------------------------------

    def match(self, ip: str) -> BlacklistEntry | None:
        """The entry that ``ip`` falls under; never for this computer's own address, nor for what is no address."""
        address = address_of(ip)
        if address is None or address.is_loopback:
            return None
        bits = int(address)
        for (version, mask), entries in self._listed.by_mask.items():
            if version == address.version:
                entry = entries.get(bits & mask)
                if entry is not None and self._holds(entry):
                    return entry
        return None

    def all(self) -> tuple[BlacklistEntry, ...]:
        """Those in force, newest first."""
        return tuple(
            replace(entry, hits=self._hits[entry.address]) if entry.address in self._hits else entry
            for entry in self._listed.entries
            if self._holds(entry)
        )

    def _holds(self, entry: BlacklistEntry) -> bool:
        now = self._clock()
        if entry.automatic and entry.created_at.timestamp() > now + CLOCK_SLACK_S:
            return False  # the clock was set back since: an hour's block would last for so much longer
        return entry.expires_at is None or entry.expires_at.timestamp() > now

    # --- writing ---------------------------------------------------------------------------------------------------

    async def add(
        self, ip_or_cidr: str, reason: str = "", automatic: bool = False, expires_at: datetime | None = None
    ) -> BlacklistEntry:
        """Add an entry; ``expires_at``: aware, None = for good.

        An automatic entry gives way to the owner's, and is renewed by the next automatic one. The owner's ends the
        tokens that were given to devices there. Raises ``NameTaken`` when
        the owner has blocked it already, ``InvalidValue`` for this computer's own address and what is no range.
        """
        address = spelled(checked_network(ip_or_cidr))
        entry = BlacklistEntry(address, _told(reason), automatic, utc(self._clock()), expires_at)
        ends_tokens = not automatic and self._pairings.has_tokens_in(checked_network(address))
        also = (self._pairings,) if ends_tokens else ()
        return await self._database.change(lambda session: _add(session, entry), self, *also)

    async def add_all(self, lines: Sequence[tuple[int, str, str]]) -> Imported:
        """Block for good what each line names: its number, address or range, and reason. What is none is told, and
        the others are added all the same. Raises ``DatabaseUnusable``."""
        entries, refused = await asyncio.to_thread(_checked, lines, utc(self._clock()))
        added = await self._database.change(lambda session: _add_all(session, entries), self, self._pairings)
        return Imported(added, len(entries) - len(added), refused)

    async def remove(self, ip_or_cidr: str) -> None:
        """Raises ``UnknownName``, ``InvalidValue``."""
        address = spelled(checked_network(ip_or_cidr))

        def work(session: Session) -> None:
            if not session.run(BlacklistRecord.delete().where(BlacklistRecord.address == address)):
                raise UnknownName("{address} is not on the blacklist.", address=address)

        await self._database.change(work, self)

    async def restore(self, entry: BlacklistEntry) -> None:
        """Bring a removed entry back as it was; nothing happens when the address was blocked again meanwhile."""
        await self._database.change(lambda session: _restore(session, entry), self)

    # --- hits ------------------------------------------------------------------------------------------------------

    def hit(self, entry: BlacklistEntry) -> None:
        """Count a request that ``entry`` refused; stored at most once a minute."""
        self._hits[entry.address] = self._hits.get(entry.address, entry.hits) + 1
        self._unsaved.add(entry.address)
        if self._clock() - self._hits_saved_at >= HITS_SAVED_EVERY_S:
            self.save_hits()

    def save_hits(self) -> None:
        """Store what ``hit`` has only counted."""
        if not self._unsaved:
            return
        self._hits_saved_at = self._clock()
        known = self._listed.by_address
        counted = [(self._hits[one], one, known[one].created_at.timestamp()) for one in self._unsaved if one in known]
        self._unsaved.clear()
        self._database.enqueue_later(lambda session: _save_hits(session, counted))

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> _Listed:
        rows = session.rows(BlacklistRecord.select().order_by(BlacklistRecord.created_at.desc()))
        return _indexed(tuple(map(_entry, rows)))

    def _index(self, snapshot: _Listed) -> None:
        before, now = self._listed.by_address, snapshot.by_address
        # An address that was blocked anew begins at none.
        self._hits = {
            one: max(hits, now[one].hits) for one, hits in self._hits.items() if one in now and now[one] == before[one]
        }
        self._unsaved &= self._hits.keys()
        self._listed = snapshot

    def _announce(self, before: _Listed, now: _Listed) -> None:
        for entry in now.entries:
            if not entry.automatic and before.by_address.get(entry.address) != entry:
                self._bus.publish(AccessRevoked(address=entry.address))
        self._bus.publish(BlacklistChanged())


def _told(reason: str) -> str:
    """As one line without what a terminal obeys: it may come from a file."""
    return " ".join(printable(reason).split())[:REASON_MAX_CHARS]


def _entry(row: dict[str, Any]) -> BlacklistEntry:
    row |= {"created_at": utc(row["created_at"]), "expires_at": utc_or_none(row["expires_at"])}
    return BlacklistEntry(**row)


def _indexed(entries: tuple[BlacklistEntry, ...]) -> _Listed:
    by_mask: ByMask = {}
    for entry in entries:
        network = ipaddress.ip_network(entry.address)
        of_length = by_mask.setdefault((network.version, int(network.netmask)), {})
        of_length[int(network.network_address)] = entry
    return _Listed(entries, by_mask, {entry.address: entry for entry in entries})


def _checked(
    lines: Sequence[tuple[int, str, str]], now: datetime
) -> tuple[list[BlacklistEntry], tuple[tuple[int, Sentence], ...]]:
    entries, refused = list[BlacklistEntry](), list[tuple[int, Sentence]]()
    for number, address, reason in lines:
        try:
            network = checked_network(address)
        except InvalidValue as error:
            refused.append((number, error.sentence))
        else:
            entries.append(BlacklistEntry(spelled(network), _told(reason), False, now))
    return entries, tuple(refused)


def _add_all(session: Session, entries: list[BlacklistEntry]) -> tuple[BlacklistEntry, ...]:
    added = []
    for entry in entries:
        with suppress(NameTaken):
            added.append(_add(session, entry))
    return tuple(added)


def _add(session: Session, entry: BlacklistEntry) -> BlacklistEntry:
    row = session.first(BlacklistRecord.select().where(BlacklistRecord.address == entry.address))
    known = _entry(row) if row else None
    if known and not known.automatic and (known.expires_at is None or known.expires_at > entry.created_at):
        if entry.automatic:
            return known
        raise NameTaken("{address} is on the blacklist already.", address=entry.address)
    values = {"created_at": entry.created_at.timestamp(), "expires_at": unix(entry.expires_at)}
    row_now = BlacklistRecord.insert(address=entry.address, reason=entry.reason, automatic=entry.automatic, **values)
    session.run(row_now.on_conflict_replace())
    if not entry.automatic:
        end_tokens_of(session, checked_network(entry.address))
    return entry


def _restore(session: Session, entry: BlacklistEntry) -> None:
    row = BlacklistRecord.insert(
        address=entry.address, reason=entry.reason, automatic=entry.automatic, hits=entry.hits,
        created_at=entry.created_at.timestamp(), expires_at=unix(entry.expires_at),
    )  # fmt: skip
    session.run(row.on_conflict_ignore())


def _save_hits(session: Session, counted: list[tuple[int, str, float]]) -> None:
    """Only ever more, and only of the entry that was hit: the address may have been blocked anew."""
    session.raw.executemany(
        "UPDATE blacklist SET hits = max(hits, ?) WHERE address = ? AND abs(created_at - ?) < 0.001", counted
    )


def delete_expired(session: Session, now: float) -> int:
    return int(session.run(BlacklistRecord.delete().where(BlacklistRecord.expires_at <= now)))
