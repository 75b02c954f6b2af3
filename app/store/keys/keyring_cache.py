"""The keys that the system's keyring holds, fetched into memory, and whether that keyring can be used at all.

Which keys it holds stands in the database: (profile, provider) pairs and a tag each, never the keys themselves.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.events import Bus, KeyringChecked, KeysChanged
from app.core.passed import passed_s
from app.core.sentence import Sentence
from app.core.tasks import spawn
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.database.records import StoredKeyRecord
from app.store.keys.keyring_worker import (
    SERVICE,
    UNLOCK_LIMIT_S,
    Keyring,
    KeyringTrouble,
    KeyringWorker,
    LockedKeyring,
)

SLOW_AFTER_S = 5.0
"""A question that takes longer is said to be unanswered, and waited for all the same."""
CALL_LIMIT_S = 30.0
"""For a write and a removal: a person may have to type the keyring's password."""
ASK_EVERY_S = 60.0
DIALOG_S = 1.0
"""A refusal that took longer was a person's, who closed the system's dialog: it is not shown again at once."""
PAUSE_SHARE, PAUSE_LEAST_S, PAUSE_MOST_S = 10, 0.05, 600.0
"""The pause after a question, as a multiple of what it took, and its bounds."""

Place = tuple[int, str]
"""(profile id or ``SHARED``, provider)."""
Tags = dict[Place, str]


@dataclass(frozen=True, slots=True)
class KeyringState:
    """``usable`` None: not tried yet. ``is_locked``: its owner can unlock it. ``sentence`` is for the owner."""

    usable: bool | None
    sentence: Sentence
    is_locked: bool = False


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
        self._question: asyncio.Task[None] | None = None
        self._may_unlock = False
        self._took_s = self._ended_at = 0.0
        self.state = KeyringState(None, Sentence("The keyring has not been tried yet."))

    def get(self, place: Place) -> str:
        """The key at ``place``, empty when there is none or it was not fetched yet."""
        return self._fetched.get(place, ("", ""))[1] if place in self.tags else ""

    def holds(self, place: Place) -> bool:
        """Whether there is a key, as far as is known: that an entry is gone shows only when it is fetched."""
        return place in self.tags and self._fetched.get(place, ("", "unknown"))[1] != ""

    def owes(self, place: Place) -> bool:
        """Whether the keyring holds a key that it has not given yet."""
        return place in self.tags and self._is_outdated(place)

    # --- asking for what is missing --------------------------------------------------------------------------------

    async def fetch_all(self) -> KeyringState:
        """Fetch every key there is, and from now on what another process changes. Never raises for the keyring.

        With no key stored the keyring is not even touched.
        """
        self._is_loaded = True
        return await self.unlock() if self._outdated() else self.state

    async def unlock(self) -> KeyringState:
        """Ask now, its owner for the password if need be. Never raises for the keyring."""
        await asyncio.wait({self._ask(may_unlock=True)}, timeout=UNLOCK_LIMIT_S)
        return self.state

    async def keep_asking(self) -> None:
        """Fetch every key, and each minute what is still missing: a keyring may be locked, late, or not there yet.

        The system's dialog is shown once, where a key is needed; publishes ``KeyringChecked``. Until it is cancelled.
        """
        self._is_loaded = True
        await self._ask()
        if self.state.is_locked and self._outdated() and self._took_s < DIALOG_S:
            await self._ask(may_unlock=True)
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            if self._pause_s() <= 0 and (self._outdated() or not self.state.usable):
                self._ask()

    async def fetch(self, limit_s: float) -> None:
        """Wait at most ``limit_s`` for the question under way, or put it again. Never shows the system's dialog."""
        end = passed_s() + limit_s
        if self._question is None or self._question.done():
            if self._pause_s() > min(limit_s, DIALOG_S):
                return  # who closed its dialog is not to see it again for a while
            await asyncio.sleep(self._pause_s())
        question: asyncio.Task[None] | None = self._ask()
        while question is not None and not question.done() and (left_s := end - passed_s()) > 0:
            await asyncio.wait({question}, timeout=left_s)
            question = self._question  # the dialog's may follow it

    def _pause_s(self) -> float:
        """Until the next question that nobody asked for."""
        pause_s = min(max(PAUSE_SHARE * self._took_s, PAUSE_LEAST_S), PAUSE_MOST_S)
        return max(0.0, self._ended_at + pause_s - passed_s()) if self._question is not None else 0.0

    def _ask(self, *, may_unlock: bool = False) -> asyncio.Task[None]:
        """The one question under way, which never raises."""
        before = self._question if self._question is not None and not self._question.done() else None
        if before is not None and (self._may_unlock or not may_unlock):
            return before
        self._may_unlock = may_unlock
        self._question = spawn(self._put_question(before, may_unlock=may_unlock), name="ask the keyring")
        return self._question

    async def _put_question(self, before: asyncio.Task[None] | None, *, may_unlock: bool) -> None:
        if before is not None:
            await asyncio.wait({before})
        begun = passed_s()
        slow = asyncio.get_running_loop().call_later(SLOW_AFTER_S, self._is_slow)
        try:
            if not self._outdated():
                await self._probe(may_unlock=may_unlock)
            while self._outdated():  # more may be set meanwhile
                await self._fetch(self._outdated(), may_unlock=may_unlock)
        except KeyringTrouble as trouble:
            self._found(trouble)
        else:
            self._found(None)
        finally:
            slow.cancel()
            self._ended_at = passed_s()
            self._took_s = self._ended_at - begun

    async def _probe(self, *, may_unlock: bool) -> None:
        account = self._account((0, f"probe-{secrets.token_hex(4)}"))
        await self._worker.call(lambda keyring: _probe(keyring, account), may_unlock=may_unlock)

    async def _fetch(self, wanted: Tags, *, may_unlock: bool) -> None:
        accounts = {place: self._account(place) for place in wanted}

        def work(keyring: Keyring) -> dict[Place, str]:
            return {place: keyring.get_password(SERVICE, account) or "" for place, account in accounts.items()}

        keys = await self._worker.call(work, may_unlock=may_unlock)
        self._fetched |= {place: (wanted[place], key) for place, key in keys.items()}
        self._bus.publish(KeysChanged())

    def _outdated(self) -> Tags:
        return {place: tag for place, tag in self.tags.items() if self._is_outdated(place)}

    def _is_outdated(self, place: Place) -> bool:
        return self._fetched.get(place, ("",))[0] != self.tags[place]

    # --- writing ---------------------------------------------------------------------------------------------------

    async def put(self, place: Place, key: str) -> str:
        """Write a key; the new tag, to be committed by the caller. Raises ``KeyringTrouble``."""
        account, tag = self._account(place), secrets.token_hex(8)

        def late(_: None) -> None:
            if place not in self.tags:  # it was refused by then, and what the owner was told must hold
                spawn(self._tidy(account), name="tidy the keyring")

        try:
            await self._worker.call(
                lambda keyring: keyring.set_password(SERVICE, account, key),
                timeout_s=CALL_LIMIT_S,
                late=late,
                may_unlock=True,
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
            await self._worker.call(lambda keyring: _delete(keyring, accounts), timeout_s=CALL_LIMIT_S, may_unlock=True)

    def close(self) -> None:
        self._worker.close()

    # --- what stands in the database --------------------------------------------------------------------------------

    def load(self, session: Session) -> tuple[str, Tags]:
        rows = session.rows(StoredKeyRecord.select())
        ((installation_id,),) = session.sql("SELECT value FROM meta WHERE key = 'installation_id'")
        return installation_id, {(row["profile_id"], row["provider"]): row["tag"] for row in rows}

    def _index(self, snapshot: tuple[str, Tags]) -> None:
        self.installation_id, self.tags = snapshot

    def _announce(self, before: tuple[str, Tags], now: tuple[str, Tags]) -> None:
        self._fetched = {place: known for place, known in self._fetched.items() if place in self.tags}
        if self._is_loaded and self._outdated():
            self._ask()
        self._bus.publish(KeysChanged())

    async def _tidy(self, account: str) -> None:
        try:
            await self._worker.call(lambda keyring: _delete(keyring, [account]), timeout_s=CALL_LIMIT_S)
        except KeyringTrouble as trouble:
            self._found(trouble)

    # --- its state -------------------------------------------------------------------------------------------------

    def _found(self, trouble: KeyringTrouble | None) -> None:
        sentence = Sentence("API keys are kept in this computer's keyring.")
        if isinstance(trouble, LockedKeyring):
            sentence = Sentence("The keyring is locked: until it is unlocked, no API key in it can be used.")
        elif trouble is not None:
            sentence = Sentence(
                "This computer's keyring cannot be used: {trouble}. Keys can be given for this session only, or as "
                "environment variables.",
                trouble=trouble.sentence,
            )
        state = KeyringState(trouble is None, sentence, isinstance(trouble, LockedKeyring))
        if state != self.state:
            self.state = state
            self._bus.publish(KeyringChecked(trouble is None, sentence, state.is_locked))

    def _is_slow(self) -> None:
        if not self.state.is_locked:  # its dialog stands, and has been told of
            self._found(KeyringTrouble("it has not answered yet; it may be locked"))

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
