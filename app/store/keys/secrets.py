"""API keys: in the system's keyring, for this session, or in the environment; never in a file, a log or a repr.

``load`` fetches the keyring's once. A verb that asks no provider does without it, and so never makes a locked keyring
ask for its password.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.core.errors import InvalidValue, KeyringUnavailable
from app.core.events import Bus, KeysChanged
from app.core.pasted_key import cleaned
from app.core.sentence import Sentence
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.records import SHARED
from app.store.keys.keyring_cache import KeyringCache, KeyringState, Place, forget_places, save_place
from app.store.keys.keyring_worker import KeyringTrouble
from app.store.profiles.profiles import Profiles
from app.store.setup.provider_settings import ProviderSettings, delete_provider, save_changes

log = logging.getLogger(__name__)

KEY_MAX_CHARS = 4_096
_KEY = re.compile(rf"[!-~]{{1,{KEY_MAX_CHARS}}}")

Where = Literal["keyring", "shared", "session", "environment"]


@dataclass(frozen=True, slots=True)
class StoredKey:
    """Where the key in use for ``provider`` comes from; ``shared``: the household's, for a profile without one."""

    provider: str
    where: Where


class Secrets:
    """Every change publishes ``KeysChanged`` and makes the provider's ``revision`` grow."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        profiles: Profiles,
        providers: ProviderSettings,
        key_variables: Callable[[str], tuple[str, ...]],
        environ: Mapping[str, str],
    ) -> None:
        self._database = database
        self._bus = bus
        self._profiles = profiles
        self._providers = providers
        self._key_variables = key_variables
        self._environ = environ
        self._session_keys: dict[Place, str] = {}
        self.keyring_cache = KeyringCache(bus)

    # --- reading ---------------------------------------------------------------------------------------------------

    @property
    def state(self) -> KeyringState:
        return self.keyring_cache.state

    async def load(self) -> KeyringState:
        """Fetch the keyring's keys, and from now on what another process changes. Never raises for the keyring."""
        return await self.keyring_cache.fetch_all()

    async def keep_loaded(self) -> None:
        """As ``load``, and each minute what the keyring did not give. Until it is cancelled."""
        await self.keyring_cache.keep_asking()

    async def fetch(self, limit_s: float) -> None:
        """Ask for missing keys once more, without the system's dialog, and wait at most ``limit_s`` for them."""
        await self.keyring_cache.fetch(limit_s)

    async def unlock(self) -> KeyringState:
        """Ask for missing keys once more, by the system's dialog if it is locked; else whether it can be used."""
        return await self.keyring_cache.unlock()

    def is_key_locked(self, profile_id: int, provider: str) -> bool:
        """Whether there is no key only because the keyring has not given it yet."""
        places = ((profile_id, provider), (SHARED, provider))
        return any(map(self.keyring_cache.owes, places)) and not self.key_for(profile_id, provider)

    def key_for(self, profile_id: int, provider: str) -> str:
        """The profile's own key, else the household's, else the environment's; empty when there is none.

        A key given for this session goes before the one that the keyring holds for the same owner.
        """
        return self._at((profile_id, provider)) or self._at((SHARED, provider)) or self._from_environment(provider)

    def listed(self, username: str | None) -> tuple[StoredKey, ...]:
        """For which providers a profile (None: the household) has a key, and where it is. Raises ``UnknownName``."""
        owner = SHARED if username is None else self._profiles.get(username).profile_id
        found = ((config.name, self._where(owner, config.name)) for config in self._providers.all())
        return tuple(StoredKey(name, where) for name, where in found if where is not None)

    def _where(self, owner: int, provider: str) -> Where | None:
        if (owner, provider) in self._session_keys:
            return "session"
        if self.keyring_cache.holds((owner, provider)):
            return "keyring"
        if owner != SHARED and self._where(SHARED, provider) in ("session", "keyring"):
            return "shared"
        return "environment" if self._from_environment(provider) else None

    def _at(self, place: Place) -> str:
        return self._session_keys.get(place) or self.keyring_cache.get(place)

    def _from_environment(self, provider: str) -> str:
        values = (cleaned(self._environ.get(name, "")) for name in self._key_variables(provider))
        return next((value for value in values if value), "")

    # --- writing ---------------------------------------------------------------------------------------------------

    async def set(self, username: str | None, provider: str, key: str, *, session_only: bool = False) -> None:
        """Keep ``key`` for a profile (None: the household) in the keyring, or in memory until the program ends.

        Raises ``UnknownName``, ``InvalidValue``, and ``KeyringUnavailable`` naming the variable to use instead.
        """
        place, key = self._place(username, provider), _checked_key(key)
        if session_only:
            self._session_keys[place] = key
            await self._database.change(lambda session: save_changes(session, provider, {}), self._providers)
            self._bus.publish(KeysChanged())
            return
        try:
            tag = await self.keyring_cache.put(place, key)
        except KeyringTrouble as trouble:
            raise self._advice(provider, trouble) from None
        self._session_keys.pop(place, None)

        def work(session: Session) -> None:
            save_place(session, place, tag)
            save_changes(session, provider, {})

        await self._database.change(work, self.keyring_cache, self._providers)

    async def remove(self, username: str | None, provider: str) -> bool:
        """Remove a key from the keyring and the session; whether there was one.

        Raises ``UnknownName``, and ``KeyringUnavailable`` when the keyring still holds it.
        """
        return bool(await self._remove([self._place(username, provider)]))

    def count_own(self, profile_id: int) -> int:
        """Keys that are a profile's own, in the keyring or for this session."""
        return sum(place[0] == profile_id for place in self._places())

    async def remove_profile(self, profile_id: int) -> int:
        """Remove a deleted profile's own keys; how many. What the keyring cannot give up is logged, and never used."""
        places = [place for place in self._places() if place[0] == profile_id]
        try:
            return await self._remove(places)
        except KeyringUnavailable:
            log.warning("the keyring could not be used: it keeps %d API keys of a deleted profile", len(places))
        await self._forget(places)
        return 0

    async def remove_provider(self, provider: str) -> None:
        """Remove a custom provider with every key for it. A chain that names it keeps the rest.

        Raises ``UnknownName``, ``InvalidValue`` for a built-in one, ``KeyringUnavailable``: nothing is then removed.
        """
        self._providers.check_removable(provider)
        await self._remove([place for place in self._places() if place[1] == provider])
        await self._database.change(lambda session: delete_provider(session, provider), self._providers)

    async def _remove(self, places: list[Place]) -> int:
        places = [place for place in places if place in self._session_keys or place in self.keyring_cache.tags]
        try:
            await self.keyring_cache.delete(places)
        except KeyringTrouble as trouble:
            raise KeyringUnavailable(
                "The key stays where it is, the keyring cannot be used: {trouble}.", trouble=trouble.sentence
            ) from None
        if places:
            await self._forget(places)
        return len(places)

    async def _forget(self, places: Iterable[Place]) -> None:
        for place in places:
            self._session_keys.pop(place, None)
        await self._database.change(lambda session: forget_places(session, places), self.keyring_cache)

    def _places(self) -> tuple[Place, ...]:
        return tuple({**self.keyring_cache.tags, **self._session_keys})

    def _place(self, username: str | None, provider: str) -> Place:
        self._providers.check(provider)
        return (SHARED if username is None else self._profiles.get(username).profile_id, provider)

    def _advice(self, provider: str, trouble: KeyringTrouble) -> KeyringUnavailable:
        instead = Sentence("give it for this session only")
        if variables := self._key_variables(provider):
            instead = Sentence("set the environment variable {variables} instead", variables=variables[0])
        return KeyringUnavailable(
            "This computer's keyring cannot keep the key ({trouble}): {instead}.",
            trouble=trouble.sentence,
            instead=instead,
        )


def _checked_key(key: str) -> str:
    """Raises ``InvalidValue``, without repeating the key."""
    key = cleaned(key)
    if not _KEY.fullmatch(key):
        raise InvalidValue(
            "An API key has 1 to {most} printable ASCII characters and no blanks.", most=f"{KEY_MAX_CHARS:,}"
        )
    return key
