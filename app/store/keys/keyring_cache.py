"""The keys that the system's keyring holds, fetched into memory, and whether that keyring can be used at all.

Which keys it holds stands in the database: (profile, provider) pairs and a tag each, never the keys themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.events import Bus, KeyringChecked, KeysChanged
from app.core.sentence import Sentence
from app.core.tasks import spawn
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.records import StoredKeyRecord
from app.store.keys.keyring_worker import SERVICE, Keyring, KeyringTrouble, KeyringWorker

PROBE_LIMIT_S = 5.0
CALL_LIMIT_S = 30.0
"""For a write, a removal and the first reading: a person may have to type the keyring's password."""

Place = tuple[int, str]
"""(profile id or ``SHARED``, provider)."""
Tags = dict[Place, str]


@dataclass(frozen=True, slots=True)
class KeyringState:
    """``usable`` None: not tried yet. ``sentence`` is for the owner."""

    usable: bool | None
    sentence: Sentence


class KeyringCache(CachedTable[tuple[str, Tags]]):
    """Publishes ``KeysChanged`` once a key that was set or removed, here or by another process, is fetched.

    ``tags``: a random text per key, new whenever the key is; one not seen before means: fetch that key again.
    ``installation_id`` stands in each keyring entry's name and keeps several data folders of one user apart.
    """

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.installation_id = ""
        self.tags: Tags = {}
        self._worker = KeyringWorker()
        self._fetched: dict[Place, tuple[str, str]] = {}  # place -> (tag, key)
        self._is_loaded = False
        self.state = KeyringState(None, Sentence("The keyring has not been tried yet."))

    def get(self, place: Place) -> str:
        """The key at ``place``, empty when there is none or it was not fetched yet."""
        return self._fetched.get(place, ("", ""))[1] if place in self.tags else ""

    def holds(self, place: Place) -> bool:
        """Whether there is a key, as far as is known: that an entry is gone shows only when it is fetched."""
        return place in self.tags and self._fetched.get(place, ("", "unknown"))[1] != ""

    # --- each of these asks the keyring ----------------------------------------------------------------------------

    async def probe(self) -> KeyringState:
        """Try a real write, read and removal, at most 5 s; publishes ``KeyringChecked``."""
        account = self._account((0, f"probe-{secrets.token_hex(4)}"))
        try:
            await self._worker.call(
                lambda keyring: _probe(keyring, account), timeout_s=PROBE_LIMIT_S, late=lambda _: self._unlocked()
            )
        except KeyringTrouble as trouble:
            return self._found(trouble)
        return self._found(None)

    async def fetch_all(self) -> KeyringState:
        """Fetch every key there is, and from now on what another process changes. Never raises for the keyring.

        With no key stored the keyring is not even touched.
        """
        self._is_loaded = True
        await self._fetch(self._outdated())
        return self.state

    async def put(self, place: Place, key: str) -> str:
        """Write a key; the new tag, to be committed by the caller. Raises ``KeyringTrouble``."""
        account, tag = self._account(place), secrets.token_hex(8)

        def late(_: None) -> None:
            if place not in self.tags:  # it was refused by then, and what the owner was told must hold
                spawn(self._tidy(account), name="tidy the keyring")

        try:
            await self._worker.call(
                lambda keyring: keyring.set_password(SERVICE, account, key), timeout_s=CALL_LIMIT_S, late=late
            )
        except KeyringTrouble as trouble:
            self._found(trouble)
            raise
        if not self.state.usable:
            self._found(None)
        self._fetched[place] = (tag, key)
        return tag

    async def delete(self, places: Iterable[Place]) -> None:
        """Remove keys. Raises ``KeyringTrouble``."""
        accounts = [self._account(place) for place in places if place in self.tags]
        if accounts:
            await self._worker.call(lambda keyring: _delete(keyring, accounts), timeout_s=CALL_LIMIT_S)

    def close(self) -> None:
        self._worker.close()

    # --- fetching --------------------------------------------------------------------------------------------------

    def _outdated(self) -> Tags:
        return {place: tag for place, tag in self.tags.items() if self._fetched.get(place, ("",))[0] != tag}

    async def _fetch(self, wanted: Tags) -> None:
        if not wanted:
            return
        accounts = {place: self._account(place) for place in wanted}

        def work(keyring: Keyring) -> dict[Place, str]:
            return {place: keyring.get_password(SERVICE, account) or "" for place, account in accounts.items()}

        def take(keys: dict[Place, str]) -> None:
            self._fetched |= {place: (wanted[place], key) for place, key in keys.items()}

        def late(keys: dict[Place, str]) -> None:
            take(keys)
            self._unlocked()

        try:
            take(await self._worker.call(work, timeout_s=CALL_LIMIT_S, late=late))
        except KeyringTrouble as trouble:
            self._found(trouble)
        else:
            self._found(None)

    def load(self, session: Session) -> tuple[str, Tags]:
        rows = session.rows(StoredKeyRecord.select())
        ((installation_id,),) = session.sql("SELECT value FROM meta WHERE key = 'installation_id'")
        return installation_id, {(row["profile_id"], row["provider"]): row["tag"] for row in rows}

    def _index(self, snapshot: tuple[str, Tags]) -> None:
        self.installation_id, self.tags = snapshot

    def _announce(self, before: tuple[str, Tags], now: tuple[str, Tags]) -> None:
        self._fetched = {place: known for place, known in self._fetched.items() if place in self.tags}
        if self._is_loaded and self._outdated():
            spawn(self._fetch_and_say(), name="fetch API keys")
        else:
            self._bus.publish(KeysChanged())

    async def _fetch_and_say(self) -> None:
        await self._fetch(self._outdated())
        self._bus.publish(KeysChanged())

    def _unlocked(self) -> None:
        """A call came back after its time-out: somebody has unlocked the keyring."""
        self._found(None)
        if self._is_loaded:
            spawn(self._fetch_and_say(), name="fetch API keys")

    async def _tidy(self, account: str) -> None:
        try:
            await self._worker.call(lambda keyring: _delete(keyring, [account]), timeout_s=CALL_LIMIT_S)
        except KeyringTrouble as trouble:
            self._found(trouble)

    # --- its state -------------------------------------------------------------------------------------------------

    def _found(self, trouble: KeyringTrouble | None) -> KeyringState:
        sentence = Sentence("API keys are kept in this computer's keyring.")
        if trouble is not None:
            sentence = Sentence(
                "This computer's keyring cannot be used: {trouble}. Keys can be given for this session only, or as "
                "environment variables.",
                trouble=trouble.sentence,
            )
        self.state = KeyringState(trouble is None, sentence)
        self._bus.publish(KeyringChecked(trouble is None, sentence))
        return self.state

    def _account(self, place: Place) -> str:
        owner, provider = place
        return f"{self.installation_id}/{owner or 'shared'}/{provider}"


def _probe(keyring: Keyring, account: str) -> None:
    """That a backend is there proves nothing: a locked one fails at its first write, a null one forgets."""
    value = secrets.token_hex(8)
    keyring.set_password(SERVICE, account, value)
    found = keyring.get_password(SERVICE, account)
    keyring.delete_password(SERVICE, account)
    if found != value:
        raise KeyringTrouble("it does not give back what it was given")


def _delete(keyring: Keyring, accounts: list[str]) -> None:
    for account in accounts:
        if keyring.get_password(SERVICE, account) is not None:
            keyring.delete_password(SERVICE, account)


def save_place(session: Session, place: Place, tag: str) -> None:
    row = StoredKeyRecord.insert(profile_id=place[0], provider=place[1], tag=tag)
    session.run(row.on_conflict_replace())


def forget_places(session: Session, places: Iterable[Place]) -> None:
    for profile_id, provider in places:
        session.run(StoredKeyRecord.delete().where(
            (StoredKeyRecord.profile_id == profile_id) & (StoredKeyRecord.provider == provider)
        ))  # fmt: skip
