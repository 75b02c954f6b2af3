"""Keys of apps: each lets one program act as one profile, by its own name, until it is revoked."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import AppKeysChanged, Bus
from app.store.database.cached_table import CachedTable
from app.store.database.clock import utc, utc_or_none
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import AppKeyRecord
from app.store.profiles.identifiers import hash_auth_key, normal_name
from app.store.profiles.pepper import Pepper
from app.store.profiles.profile_rows import profile_id_of
from app.store.profiles.profiles import Profiles

APP_MAX_CHARS = 64
USED_SAVED_EVERY_S = 60.0
_BEGINS = "fb-"
"""By it a key is known for one of ours, in a log or where it was pasted by mistake."""


@dataclass(frozen=True, slots=True)
class AppKey:
    """What is known of a key, never the key. Moments are aware, UTC; ``last_used_at`` None: never."""

    key_id: int
    username: str
    app: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Row:
    key_id: int
    profile_id: int
    app: str
    key_hash: bytes = field(repr=False)
    created_at: float
    # Being used is no change worth an event: left out when snapshots are compared.
    last_used_at: float | None = field(compare=False)


class AppKeys(CachedTable[tuple[_Row, ...]]):
    """All in memory, the keys as their hashes. Publishes ``AppKeysChanged`` when one is made or revoked.

    Those of a profile in the trash let nobody in; they come back and go with it.
    """

    def __init__(
        self, database: Database, bus: Bus, clock: Callable[[], float], pepper: Pepper, profiles: Profiles
    ) -> None:
        super().__init__(bus)
        self._database, self._clock, self._pepper, self._profiles = database, clock, pepper, profiles
        self._rows: dict[bytes, _Row] = {}
        self._used: dict[int, float] = {}
        self._used_saved: dict[int, float] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self) -> tuple[AppKey, ...]:
        """By profile and app."""
        every = (self._told(row) for row in self._rows.values())
        return tuple(sorted((one for one in every if one is not None), key=lambda one: (one.username, one.app)))

    def find(self, key: str) -> AppKey | None:
        """Whose key this is; None for one that is nobody's."""
        row = self._rows.get(hash_auth_key(key, self._pepper.secret))
        return None if row is None else self._told(row)

    # --- writing ---------------------------------------------------------------------------------------------------

    def touch(self, app_key: AppKey) -> None:
        """Note that it was used now; stored at most once a minute."""
        now = self._used[app_key.key_id] = self._clock()
        if now - self._used_saved.get(app_key.key_id, 0.0) >= USED_SAVED_EVERY_S:
            self._save_used(app_key.key_id, now)

    def save_used(self) -> None:
        """Store what ``touch`` has only noted, before the store closes."""
        for key_id, at in self._used.items():
            if at > self._used_saved.get(key_id, 0.0):
                self._save_used(key_id, at)

    def _save_used(self, key_id: int, at: float) -> None:
        self._used_saved[key_id] = at
        self._database.enqueue_later(lambda session: _save_used(session, key_id, at))

    async def add(self, username: str, app: str) -> str:
        """A new key by which ``app`` acts as the profile; only its hash is kept.

        Raises ``UnknownName``, ``NameTaken``, ``InvalidValue``.
        """
        key, name, app_name, now = (
            _BEGINS + secrets.token_urlsafe(32),
            normal_name(username),
            checked_app(app),
            self._clock(),
        )
        key_hash = hash_auth_key(key, self._pepper.secret)
        await self._database.change(lambda session: _add(session, name, app_name, key_hash, now), self)
        return key

    async def revoke(self, username: str, app: str) -> None:
        """Raises ``UnknownName``, also where that app has no key."""
        name, app_name = normal_name(username), normal_name(app)
        await self._database.change(lambda session: _revoke(session, name, app_name), self)

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> tuple[_Row, ...]:
        return tuple(
            _Row(
                row["id"], row["profile_id"], row["app"], bytes(row["key_hash"]), row["created_at"], row["last_used_at"]
            )
            for row in session.rows(AppKeyRecord.select().order_by(AppKeyRecord.id))
        )

    def _index(self, snapshot: tuple[_Row, ...]) -> None:
        self._rows = {row.key_hash: row for row in snapshot}

    def _announce(self, before: tuple[_Row, ...], now: tuple[_Row, ...]) -> None:
        self._bus.publish(AppKeysChanged())

    def _told(self, row: _Row) -> AppKey | None:
        username = self._profiles.name_of(row.profile_id)
        if username is None:
            return None
        used = self._used.get(row.key_id, row.last_used_at)
        return AppKey(row.key_id, username, row.app, utc(row.created_at), utc_or_none(used))


def checked_app(app: str) -> str:
    """The name as it is kept. Raises ``InvalidValue``."""
    name = unicodedata.normalize("NFC", app).strip()
    if not 1 <= len(name) <= APP_MAX_CHARS or not name.isprintable():
        raise InvalidValue("An app's name has 1 to {most} characters on one line.", most=APP_MAX_CHARS)
    return name


def _add(session: Session, username: str, app: str, key_hash: bytes, now: float) -> None:
    profile_id = profile_id_of(session, username)
    if session.first(AppKeyRecord.select().where(_one(profile_id, app))):
        raise NameTaken("'{app}' has a key already: revoke that first, or give another name.", app=app)
    session.run(AppKeyRecord.insert(profile_id=profile_id, app=app, key_hash=key_hash, created_at=now))


def _revoke(session: Session, username: str, app: str) -> None:
    if not session.run(AppKeyRecord.delete().where(_one(profile_id_of(session, username), app))):
        raise UnknownName("'{app}' has no key for {username}.", app=app[:APP_MAX_CHARS], username=username)


def _one(profile_id: int, app: str) -> object:
    return (AppKeyRecord.profile_id == profile_id) & (AppKeyRecord.app == app)


def _save_used(session: Session, key_id: int, at: float) -> None:
    session.run(AppKeyRecord.update(last_used_at=at).where(AppKeyRecord.id == key_id))
