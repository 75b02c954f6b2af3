"""Profiles: who may use the server, with which key, prompt, chain and values of their own."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from app.core.errors import InvalidValue, UnknownName
from app.core.events import AccessRevoked, Bus, ProfilesChanged
from app.core.frame import Profile
from app.core.setting import Value
from app.core.settings import PROMPT_MAX_CHARS, declared
from app.store.database.cached_table import CachedTable
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.profiles.identifiers import (
    checked_auth_key,
    checked_name,
    hash_auth_key,
    is_short,
    make_auth_key,
    normal_name,
)
from app.store.profiles.pairings import Pairings
from app.store.profiles.pepper import Pepper
from app.store.profiles.profile_rows import (
    ProfileRow,
    insert_profile,
    load_profiles,
    rename_profile,
    replace_key,
    save_seen,
    save_value,
    update_profile,
)
from app.store.setup.provider_settings import ProviderSettings
from app.store.setup.settings_store import as_text

SEEN_SAVED_EVERY_S = 60.0

ProfileRows = tuple[ProfileRow, ...]


class Profiles(CachedTable[ProfileRows]):
    """All in memory. Every change publishes ``ProfilesChanged``; that a profile was seen again does not."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        clock: Callable[[], float],
        pepper: Pepper,
        pairings: Pairings,
        providers: ProviderSettings,
    ) -> None:
        super().__init__(bus)
        self._database = database
        self._clock = clock
        self._pepper = pepper
        self._pairings = pairings
        self._providers = providers
        self._rows: dict[str, ProfileRow] = {}
        self._names: dict[int, str] = {}
        self._seen: dict[int, float] = {}
        self._seen_saved: dict[int, float] = {}

    # --- reading ---------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Profile, ...]:
        """By name."""
        return tuple(self._dated(row) for row in self._rows.values())

    def find(self, username: str) -> Profile | None:
        row = self._rows.get(normal_name(username))
        return self._dated(row) if row else None

    def get(self, username: str) -> Profile:
        """Raises ``UnknownName``."""
        profile = self.find(username)
        if profile is None:
            raise UnknownName("There is no profile '{username}'.", username=username[:64])
        return profile

    def name_of(self, profile_id: int) -> str | None:
        """None where there is none, or it is in the trash."""
        return self._names.get(profile_id)

    def match_key(self, auth_key: str) -> Profile | None:
        """Whose key this is. The work is the same for a right key, a wrong one and one that could never be a key."""
        key_hash = hash_auth_key(auth_key, self._pepper.secret)
        found: ProfileRow | None = None
        for row in self._rows.values():
            if hmac.compare_digest(row.key_hash, key_hash):
                found = row
        return self._dated(found) if found else None

    def value(self, username: str, key: str) -> Value:
        """A per-profile setting in force: the profile's own, else the household's. Raises ``UnknownName``."""
        profile = self.get(username)
        if not declared(key).per_profile:
            raise InvalidValue("{key} is the same for all profiles.", key=key)
        value: Value = getattr(profile, key.replace(".", "_"))
        return value

    def own_value(self, username: str, key: str) -> Value | None:
        """A per-profile setting that is the profile's own, None when it has the household's. Raises ``UnknownName``."""
        return self._rows[self.get(username).username].own.get(declared(key).key)

    def needing_new_key(self) -> tuple[str, ...]:
        """Profiles whose key can match no more, because the pepper that hashed it is lost."""
        return tuple(name for name, row in self._rows.items() if row.pepper_id != self._pepper.pepper_id)

    # --- writing ---------------------------------------------------------------------------------------------------

    async def add(self, username: str, auth_key: str | None = None, *, is_old: bool = False) -> str:
        """Make a profile and give its auth key, made here unless given. Raises ``NameTaken``, ``InvalidValue``.

        ``is_old``: the key is in use elsewhere, and may be shorter than a new one.
        """
        name, key, key_hash = checked_name(username), *self._key_and_hash(auth_key, is_old=is_old)
        pepper_id, now = self._pepper.pepper_id, self._clock()

        def work(session: Session) -> None:
            insert_profile(session, name, key_hash, pepper_id, now)
            update_profile(session, name, {"has_short_key": is_short(key)})

        await self._database.change(work, self)
        return key

    async def new_key(self, username: str, auth_key: str | None = None) -> str:
        """Replace the auth key; every pairing and token of the profile ends. Raises as ``add``, and ``UnknownName``."""
        name, key, key_hash = self.get(username).username, *self._key_and_hash(auth_key)
        pepper_id = self._pepper.pepper_id
        await self._database.change(
            lambda session: replace_key(session, name, key_hash, pepper_id), self, self._pairings
        )
        return key

    async def note_short_key(self, username: str) -> None:
        """Its key was shown, and is shorter than a new one may be. Raises ``UnknownName``."""
        await self._update(username, has_short_key=True)

    async def set_prompt(self, username: str, text: str) -> None:
        """Blank goes back to the default. Raises ``InvalidValue`` over 4,000 characters, ``UnknownName``."""
        if len(text) > PROMPT_MAX_CHARS:
            raise InvalidValue(
                "A prompt has at most {most} characters, this one {length}.",
                most=f"{PROMPT_MAX_CHARS:,}",
                length=f"{len(text):,}",
            )
        await self._update(username, prompt=text if text.strip() else "")

    async def set_chain(self, username: str, chain: Iterable[str] | None) -> None:
        """An exact order of providers; None = the default chain. Raises ``UnknownName``, ``InvalidValue``."""
        names = None if chain is None else tuple(chain)
        if names is not None:
            if len(set(names)) != len(names):
                raise InvalidValue("An order names each provider once.")
            for name in names:
                self._providers.check(name)
        await self._update(username, chain=None if names is None else json.dumps(names))

    async def set_value(self, username: str, key: str, value: Value | None) -> None:
        """A per-profile setting, as text or value; None = the household's. Raises ``UnknownName``, ``InvalidValue``."""
        if not declared(key).per_profile:
            raise InvalidValue("{key} is the same for all profiles.", key=key)
        text = None if value is None else as_text(key, value)
        name = self.get(username).username
        await self._database.change(lambda session: save_value(session, name, key, text), self)

    async def rename(self, username: str, new_name: str) -> None:
        """Its pairings stay; phones must send the new name. Raises ``UnknownName``, ``NameTaken``, ``InvalidValue``."""
        name, wanted, now = self.get(username).username, checked_name(new_name), self._clock()
        await self._database.change(lambda session: rename_profile(session, name, wanted, now), self, self._pairings)

    async def _update(self, username: str, **values: object) -> None:
        name = self.get(username).username
        await self._database.change(lambda session: update_profile(session, name, values), self)

    def _key_and_hash(self, auth_key: str | None, *, is_old: bool = False) -> tuple[str, bytes]:
        key = make_auth_key() if auth_key is None else checked_auth_key(auth_key, is_old=is_old)
        return key, hash_auth_key(key, self._pepper.secret)

    # --- last seen -------------------------------------------------------------------------------------------------

    def saw(self, profile_id: int, at: float) -> None:
        """Note when the profile's newest frame came (Unix seconds); stored at most once a minute."""
        self._seen[profile_id] = max(at, self._seen.get(profile_id, at))
        if at - self._seen_saved.get(profile_id, 0.0) >= SEEN_SAVED_EVERY_S:
            self._save_seen(profile_id, at)

    def save_seen(self) -> None:
        """Store what ``saw`` has only noted, before the store closes."""
        for profile_id, at in self._seen.items():
            if at > self._seen_saved.get(profile_id, 0.0):
                self._save_seen(profile_id, at)

    def _save_seen(self, profile_id: int, at: float) -> None:
        self._seen_saved[profile_id] = at
        self._database.enqueue_later(lambda session: save_seen(session, profile_id, at))

    def _dated(self, row: ProfileRow) -> Profile:
        at = self._seen.get(row.profile.profile_id)
        return row.profile if at is None else replace(row.profile, last_seen_at=utc(at))

    # --- the cached table ------------------------------------------------------------------------------------------

    def load(self, session: Session) -> ProfileRows:
        return load_profiles(session)

    def _index(self, snapshot: ProfileRows) -> None:
        self._rows = {row.profile.username: row for row in snapshot}
        self._names = {row.profile.profile_id: row.profile.username for row in snapshot}
        for row in snapshot:
            if row.seen_at is not None:
                profile_id = row.profile.profile_id
                self._seen[profile_id] = max(row.seen_at, self._seen.get(profile_id, 0.0))

    def _announce(self, before: ProfileRows, now: ProfileRows) -> None:
        keys = {row.profile.profile_id: row.key_hash for row in now}
        for row in before:
            if keys.get(row.profile.profile_id) != row.key_hash:
                self._bus.publish(AccessRevoked(row.profile.username))
        self._bus.publish(ProfilesChanged())
