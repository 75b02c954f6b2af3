"""Which device may act as which profile: addresses that authenticated, and tokens."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core.errors import UnknownName
from app.core.events import AccessRevoked, Bus, PairingsChanged
from app.store.database.cached_table import CachedTable
from app.store.database.clock import unix, utc, utc_or_none
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import PairingRecord, TokenRecord
from app.store.profiles.identifiers import hash_token, normal_name
from app.store.profiles.profile_rows import profile_id_of
from app.store.setup.addresses import Network, canonical, checked_address, counted_as, is_in, is_loopback, neighbourhood

PAIRED_FOR_S = 24 * 3_600.0
KNOWN_FOR_S = 28 * 24 * 3_600.0
"""So long after it lapsed an address still counts as one that was paired."""
TOUCH_SAVED_EVERY_S = 60.0
TOKEN_VALID_S = 30 * 24 * 3_600.0
TOKEN_SAVED_EVERY_S = 3_600.0
TOKENS_KEPT = 50
"""Per profile, the newest: the app authenticates at every stream start, and each gives a token."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Moments are aware, UTC. ``expires_at`` None: until revoked. ``last_auth_at``: when the key itself was shown."""

    username: str
    ip: str
    paired_at: datetime
    # Sliding on is no change worth an event: left out when snapshots are compared.
    expires_at: datetime | None = field(compare=False)
    last_auth_at: datetime | None = None
    until_revoked: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    """``expires_at``: Unix seconds; sliding on is no change. ``saved_until``: as far as that is stored."""

    token_hash: bytes = field(repr=False)
    username: str
    ip: str
    expires_at: float = field(compare=False)
    saved_until: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Paired:
    pairings: tuple[Pairing, ...]
    tokens: tuple[_Token, ...]


class Pairings(CachedTable[_Paired]):
    """All in memory. Publishes ``PairingsChanged`` when a pairing or token is made or revoked."""

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._database = database
        self._clock = clock
        self._by_ip: dict[str, dict[str, Pairing]] = {}
        self._known: frozenset[str] = frozenset()
        self._neighbourhoods: frozenset[str] = frozenset()
        self._saved_until: dict[tuple[str, str], float] = {}
        self._tokens: dict[bytes, _Token] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Pairing, ...]:
        """Those that are valid, newest first."""
        valid = [pairing for paired in self._by_ip.values() for pairing in paired.values() if self._holds(pairing)]
        return tuple(sorted(valid, key=lambda pairing: pairing.paired_at, reverse=True))

    def names_for(self, ip: str) -> tuple[str, ...]:
        """Profiles that ``ip`` may act as, the newest pairing first."""
        return tuple(name for name, pairing in self._by_ip.get(canonical(ip), {}).items() if self._holds(pairing))

    def knows(self, ip: str) -> bool:
        """Whether ``ip``, or its IPv6 network, is or lately was paired with any profile."""
        return counted_as(ip) in self._known

    def rank(self, ip: str) -> int:
        """Whom to hear first of those who are not paired: 2 this computer and whom it knows, 1 their neighbours, 0."""
        return 2 if is_loopback(ip) or self.knows(ip) else int(neighbourhood(ip) in self._neighbourhoods)

    def is_paired(self, ip: str, username: str) -> bool:
        return self._find(ip, username) is not None

    def authenticated_within(self, ip: str, username: str, seconds: float) -> bool:
        """Whether ``ip`` showed the profile's key in the last ``seconds``."""
        pairing = self._find(ip, username)
        if pairing is None or pairing.last_auth_at is None:
            return False
        return pairing.last_auth_at.timestamp() > self._clock() - seconds

    def profile_for_token(self, token: str) -> str | None:
        """The username that ``token`` was issued to, None when it is unknown or has expired."""
        found = self._tokens.get(hash_token(token))
        return found.username if found is not None and found.expires_at > self._clock() else None

    def has_tokens_in(self, network: Network) -> bool:
        """Whether a device there was given one."""
        return any(is_in(token.ip, network) for token in self._tokens.values())

    def _find(self, ip: str, username: str) -> Pairing | None:
        pairing = self._by_ip.get(canonical(ip), {}).get(normal_name(username))
        return pairing if pairing is not None and self._holds(pairing) else None

    def _holds(self, pairing: Pairing) -> bool:
        return pairing.expires_at is None or pairing.expires_at.timestamp() > self._clock()

    # --- writing ---------------------------------------------------------------------------------------------------

    def touch(self, ip: str, username: str) -> None:
        """Slide the pairing's 24 hours; stored at most once a minute. Nothing happens when there is none."""
        pairing = self._find(ip, username)
        if pairing is None or pairing.expires_at is None:
            return
        expires_at = self._clock() + PAIRED_FOR_S
        self._by_ip[pairing.ip][pairing.username] = replace(pairing, expires_at=utc(expires_at))
        if expires_at - self._saved_until.get((pairing.ip, pairing.username), 0.0) >= TOUCH_SAVED_EVERY_S:
            self._save(pairing, expires_at)

    def touch_token(self, token: str) -> None:
        """Slide the token's 30 days; stored at most once an hour. Nothing happens when it is not valid."""
        token_hash, now = hash_token(token), self._clock()
        found = self._tokens.get(token_hash)
        if found is None or found.expires_at <= now:
            return
        until = now + TOKEN_VALID_S
        is_due = until - found.saved_until >= TOKEN_SAVED_EVERY_S
        self._tokens[token_hash] = replace(found, expires_at=until, saved_until=until if is_due else found.saved_until)
        if is_due:
            self._database.enqueue_later(lambda session: _slide_token(session, token_hash, until))

    def save_touched(self) -> None:
        """Store what ``touch`` has only noted, before the store closes."""
        for paired in self._by_ip.values():
            for pairing in paired.values():
                expires_at = unix(pairing.expires_at) or 0.0
                if expires_at > self._saved_until.get((pairing.ip, pairing.username), 0.0):
                    self._save(pairing, expires_at)

    def _save(self, pairing: Pairing, expires_at: float) -> None:
        self._saved_until[pairing.ip, pairing.username] = expires_at
        self._database.enqueue_later(lambda session: _slide(session, pairing, expires_at))

    async def pair(self, ip: str, username: str, *, until_revoked: bool = False, by_auth: bool = True) -> None:
        """Let ``ip`` act as the profile: for 24 sliding hours, or until revoked (a later pairing does not shorten it).

        ``by_auth``: the profile's key was shown. Raises ``UnknownName``, ``InvalidValue`` for what is no address.
        """
        address, name, now = checked_address(ip), normal_name(username), self._clock()
        expires_at = None if until_revoked else now + PAIRED_FOR_S
        await self._database.change(lambda session: _pair(session, name, address, now, expires_at, by_auth), self)

    async def revoke(self, username: str, ip: str | None = None) -> int:
        """End one pairing and that device's tokens, or all of the profile's; how many pairings went.

        Raises ``UnknownName``, also for an address that has neither.
        """
        address, name = None if ip is None else checked_address(ip), normal_name(username)
        return await self._database.change(lambda session: _revoke(session, name, address), self)

    async def issue_token(self, username: str, ip: str = "") -> str:
        """A new token for the device at ``ip``, valid for 30 days from its last use; only its hash is kept.

        Raises ``UnknownName``.
        """
        token, name, now = secrets.token_urlsafe(32), normal_name(username), self._clock()
        token_hash, address = hash_token(token), canonical(ip)
        await self._database.change(lambda session: _issue(session, name, token_hash, address, now), self)
        return token

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> _Paired:
        # Those of a profile in the trash are kept, and let nobody in.
        names = dict(session.sql("SELECT id, username FROM profile WHERE deleted_at IS NULL"))
        rows = session.rows(PairingRecord.select().order_by(PairingRecord.paired_at.desc()))
        tokens = session.rows(TokenRecord.select().order_by(TokenRecord.token_hash))
        return _Paired(
            tuple(_pairing(names[row["profile_id"]], row) for row in rows if row["profile_id"] in names),
            tuple(
                _Token(
                    bytes(row["token_hash"]), names[row["profile_id"]], row["ip"], row["expires_at"], row["expires_at"]
                )
                for row in tokens
                if row["profile_id"] in names
            ),
        )

    def _index(self, snapshot: _Paired) -> None:
        known, self._by_ip = self._by_ip, {}
        for pairing in snapshot.pairings:
            mine = known.get(pairing.ip, {}).get(pairing.username)
            if mine == pairing and mine.expires_at and pairing.expires_at:
                # Touched since, and not stored yet.
                pairing = replace(pairing, expires_at=max(mine.expires_at, pairing.expires_at))
            self._by_ip.setdefault(pairing.ip, {})[pairing.username] = pairing
        self._known = frozenset(map(counted_as, self._by_ip))
        self._neighbourhoods = frozenset(map(neighbourhood, self._by_ip))
        used, self._tokens = self._tokens, {}
        for token in snapshot.tokens:
            held = used.get(token.token_hash, token)
            # Used since, and not stored yet.
            self._tokens[token.token_hash] = held if held.expires_at > held.saved_until else token

    def _announce(self, before: _Paired, now: _Paired) -> None:
        here = {(pairing.ip, pairing.username) for pairing in now.pairings}
        for pairing in before.pairings:
            if (pairing.ip, pairing.username) not in here:
                self._bus.publish(AccessRevoked(pairing.username, pairing.ip))
        self._bus.publish(PairingsChanged())


def _pairing(username: str, row: dict[str, Any]) -> Pairing:
    return Pairing(
        username,
        row["ip"],
        utc(row["paired_at"]),
        utc_or_none(row["expires_at"]),
        utc_or_none(row["last_auth_at"]),
        until_revoked=row["expires_at"] is None,
    )


def _one(profile_id: int, ip: str) -> Any:
    return (PairingRecord.profile_id == profile_id) & (PairingRecord.ip == ip)


def _slide(session: Session, pairing: Pairing, expires_at: float) -> None:
    session.sql(
        "UPDATE pairing SET expires_at = max(expires_at, ?) WHERE ip = ? AND expires_at IS NOT NULL"
        " AND profile_id = (SELECT id FROM profile WHERE username = ?)",
        (expires_at, pairing.ip, pairing.username),
    )


def _pair(session: Session, name: str, ip: str, now: float, expires_at: float | None, by_auth: bool) -> None:
    profile_id = profile_id_of(session, name)
    row = session.first(PairingRecord.select().where(_one(profile_id, ip)))
    last_auth_at = now if by_auth else row["last_auth_at"] if row else None
    if row is not None and row["expires_at"] is None:
        expires_at = None
    values = {"paired_at": now, "expires_at": expires_at, "last_auth_at": last_auth_at}
    session.run(PairingRecord.insert(profile_id=profile_id, ip=ip, **values).on_conflict_replace())


def _revoke(session: Session, name: str, ip: str | None) -> int:
    profile_id = profile_id_of(session, name)
    if ip is None:
        session.run(TokenRecord.delete().where(TokenRecord.profile_id == profile_id))
        return int(session.run(PairingRecord.delete().where(PairingRecord.profile_id == profile_id)))
    gone = int(session.run(PairingRecord.delete().where(_one(profile_id, ip))))
    tokens = TokenRecord.delete().where((TokenRecord.profile_id == profile_id) & (TokenRecord.ip == ip))
    if not session.run(tokens) and not gone:
        raise UnknownName("{ip} is not paired with {name}.", ip=ip, name=name)
    return gone


def _issue(session: Session, name: str, token_hash: bytes, ip: str, now: float) -> None:
    profile_id = profile_id_of(session, name)
    session.run(TokenRecord.insert(
        token_hash=token_hash, profile_id=profile_id, issued_at=now, expires_at=now + TOKEN_VALID_S, ip=ip
    ))  # fmt: skip
    session.sql(
        "DELETE FROM token WHERE profile_id = ? AND (expires_at <= ? OR token_hash NOT IN"
        " (SELECT token_hash FROM token WHERE profile_id = ? ORDER BY issued_at DESC LIMIT ?))",
        (profile_id, now, profile_id, TOKENS_KEPT),
    )


def _slide_token(session: Session, token_hash: bytes, until: float) -> None:
    session.sql("UPDATE token SET expires_at = max(expires_at, ?) WHERE token_hash = ?", (until, token_hash))


def end_tokens_of(session: Session, network: Network) -> None:
    """Those that were given to a device there: it shall not go on with them from another address."""
    held = {row[0] for row in session.sql("SELECT DISTINCT ip FROM token")}
    for ip in held:
        if is_in(ip, network):
            session.run(TokenRecord.delete().where(TokenRecord.ip == ip))


def delete_expired(session: Session, now: float) -> int:
    """Tokens that are over, and pairings that lapsed long ago; how many."""
    pairings = session.run(PairingRecord.delete().where(PairingRecord.expires_at <= now - KNOWN_FOR_S))
    tokens = session.run(TokenRecord.delete().where(TokenRecord.expires_at <= now))
    return int(pairings) + int(tokens)
