"""Profiles that were deleted a moment ago: hidden with all that is theirs, back within a minute, then gone for good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from app.core.errors import StoreError, UnknownName
from app.core.events import Bus, HistoryChanged
from app.core.tasks import spawn
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.retention import Retention
from app.store.keys.secrets import Secrets
from app.store.profiles.identifiers import normal_name
from app.store.profiles.pairings import Pairings
from app.store.profiles.profile_rows import (
    UNDO_S,
    delete_profile,
    purge_profile,
    restore_profile,
    trash_profile,
    trashed_ids,
)
from app.store.profiles.profiles import Profiles

log = logging.getLogger(__name__)

GRACE_S = 1.0
"""An undo in the last moment still counts."""
RETRY_S = 60.0


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went with a profile: its frames, their pictures' and rows' bytes, its own API keys."""

    frames: int
    bytes: int
    keys: int


@dataclass(frozen=True, slots=True)
class Trashed:
    """What goes for good in a minute: frames, their pictures' and rows' bytes, its own API keys, paired devices."""

    username: str
    frames: int
    bytes: int
    keys: int
    pairings: int


class Trash:
    """Where profiles end. What a process did not live to purge goes when the next server starts."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        clock: Callable[[], float],
        profiles: Profiles,
        pairings: Pairings,
        secrets: Secrets,
        retention: Retention,
    ) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock
        self._profiles = profiles
        self._pairings = pairings
        self._secrets = secrets
        self._retention = retention
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._going: set[str] = set()

    # --- for good --------------------------------------------------------------------------------------------------

    async def delete(self, username: str) -> Deleted:
        """At once what lets the profile in, then its keys, then its history in slices. Raises ``UnknownName``."""
        profile = self._profiles.get(username)
        await self._database.change(
            lambda session: delete_profile(session, profile.username), self._profiles, self._pairings
        )
        keys = await self._secrets.remove_profile(profile.profile_id)
        gone = await self._retention.delete_profile(profile.profile_id)
        self._bus.publish(HistoryChanged())
        return Deleted(gone.frames, gone.bytes, keys)

    # --- for a minute ----------------------------------------------------------------------------------------------

    async def put(self, username: str) -> Trashed:
        """Hide the profile with all that is its own, and purge it after ``UNDO_S``. Raises ``UnknownName``."""
        profile = self._profiles.get(username)
        name, now = profile.username, self._clock()
        keys = self._secrets.count_own(profile.profile_id)
        pairings = sum(pairing.username == name for pairing in self._pairings.all())
        frames, size = await self._database.change(
            lambda session: _put(session, name, now), self._profiles, self._pairings
        )
        self._waiting[name] = spawn(self._purge_later(profile.profile_id, name), name="purge a profile")
        self._bus.publish(HistoryChanged())
        return Trashed(name, frames, size, keys, pairings)

    async def restore(self, username: str) -> None:
        """Bring a profile back with all that was its own. Raises ``UnknownName`` once it is too late."""
        name = normal_name(username)
        if name in self._going:
            raise UnknownName("'{username}' cannot be brought back: it is gone for good.", username=name[:64])
        task = self._waiting.pop(name, None)
        if task is not None:
            task.cancel()  # before anything is awaited: its time may be over meanwhile
        await self._database.change(lambda session: restore_profile(session, name), self._profiles, self._pairings)
        self._bus.publish(HistoryChanged())

    def start(self) -> None:
        """Purge what an earlier run left in the trash. For the one server of a data folder alone."""
        self._waiting.setdefault("", spawn(self._purge_left_over(), name="purge deleted profiles"))

    async def stop(self) -> None:
        """Let the next start purge what lies here still."""
        tasks = tuple(self._waiting.values())
        self._waiting.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    # --- purging ---------------------------------------------------------------------------------------------------

    async def _purge_later(self, profile_id: int, username: str) -> None:
        await asyncio.sleep(UNDO_S + GRACE_S)
        self._going.add(username)
        await self._purge_until_done((profile_id,))
        self._going.discard(username)
        self._waiting.pop(username, None)

    async def _purge_left_over(self) -> None:
        try:
            left_over = await self._database.read(trashed_ids)
        except StoreError as error:
            log.warning("deleted profiles stay until the next start: %s", error)
        else:
            await self._purge_until_done(left_over)
        self._waiting.pop("", None)

    async def _purge_until_done(self, profile_ids: tuple[int, ...]) -> None:
        for profile_id in profile_ids:
            while True:
                try:
                    await self._purge(profile_id)
                    break
                except StoreError as error:
                    log.warning("a deleted profile goes later: %s", error)
                    await asyncio.sleep(RETRY_S)

    async def _purge(self, profile_id: int) -> None:
        """The row last: a crash on the way leaves it to be found at the next start."""
        keys = await self._secrets.remove_profile(profile_id)
        gone = await self._retention.delete_profile(profile_id)
        await self._database.change(lambda session: purge_profile(session, profile_id), self._profiles)
        gone += await self._retention.delete_profile(profile_id)  # a frame that ended meanwhile
        log.info("a deleted profile is gone: %d frames, %.1f MB, %d keys", gone.frames, gone.bytes / 2**20, keys)
        self._bus.publish(HistoryChanged())


def _put(session: Session, username: str, now: float) -> tuple[int, int]:
    profile_id = trash_profile(session, username, now)
    ((frames, size),) = session.sql(
        "SELECT count(*), coalesce(sum(image_bytes + row_bytes), 0) FROM frame WHERE profile_id = ?", (profile_id,)
    )
    return frames, size
