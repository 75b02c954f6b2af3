"""What goes in time: frames by age and by size, with their pictures; and what is over: pairings, tokens, entries.

Everything goes in slices through the writer's queue, so that a frame's row never waits for more than one of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.core.errors import StoreError
from app.core.settings import Settings
from app.core.tasks import spawn
from app.store import blacklist, memory, pairings
from app.store.blacklist import Blacklist
from app.store.database import Database
from app.store.frame_rows import Slice, delete_before, delete_of_nobody, delete_of_profile, delete_over_size
from app.store.frames import Pictures
from app.store.pairings import Pairings
from app.store.profiles import Profiles
from app.store.session import Session
from app.store.times import utc

log = logging.getLogger(__name__)

EVERY_S = 3_600.0
VACUUM_PAGES = 500
DAY_S = 24 * 3_600.0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``bytes``: of rows and pictures."""

    frames: int
    bytes: int

    def __add__(self, other: Cleaned | Slice) -> Cleaned:
        return Cleaned(self.frames + other.frames, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a profile's history takes. ``oldest_at``: when its oldest frame came, None when it has none."""

    username: str
    frames: int
    bytes: int
    oldest_at: datetime | None


class Retention:
    """``clean`` may be called at any time; two never run at once."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Callable[[], float],
        profiles: Profiles,
        pairings: Pairings,
        blacklist: Blacklist,
        pictures: Pictures,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._profiles = profiles
        self._pairings = pairings
        self._blacklist = blacklist
        self._pictures = pictures
        self._one_at_a_time = asyncio.Lock()
        self._hourly: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Clean now and every hour, until ``stop``."""
        if self._hourly is None:
            self._hourly = spawn(self._run(), name="store housekeeping")

    async def stop(self) -> None:
        task, self._hourly = self._hourly, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))

    async def _run(self) -> None:
        while True:
            try:
                await self._delete_expired()
                await self.clean()
            except StoreError as error:
                log.warning("housekeeping is put off: %s", error)
            await asyncio.sleep(EVERY_S)

    # --- cleaning --------------------------------------------------------------------------------------------------

    async def clean(self) -> Cleaned:
        """Delete what is too old, then what is too much; what went. Raises ``DatabaseUnusable``."""
        async with self._one_at_a_time:
            oldest_s = self._clock() - self._settings.integer("retention.days") * DAY_S
            max_bytes = self._settings.integer("retention.mb_per_profile") * 2**20
            ids = [profile.profile_id for profile in self._profiles.all()]
            gone = await self._delete(lambda session: delete_before(session, int(oldest_s * 1_000)))
            gone += await self._delete(delete_of_nobody)
            for profile_id in ids:
                gone += await self._delete(partial(delete_over_size, profile_id=profile_id, max_bytes=max_bytes))
            # A day's folder stays as long as one of its frames may.
            self._pictures.tidy(ids, utc(oldest_s).strftime("%Y-%m-%d"))
            await self._pictures.settled()
            await self._shrink()
        if gone.frames:
            log.info("%d frames and their pictures were deleted, %.1f MB", gone.frames, gone.bytes / 2**20)
        return gone

    async def delete_profile(self, profile_id: int) -> Cleaned:
        """Delete the whole history of a profile that is no more."""
        gone = await self._delete(lambda session: delete_of_profile(session, profile_id))
        if gone.frames:
            await self._pictures.settled()
            await self._shrink()
        return gone

    async def usage(self) -> tuple[Usage, ...]:
        """What each profile's history takes, by name."""
        return await self._database.read(_usage)

    async def _delete(self, work: Callable[[Session], Slice]) -> Cleaned:
        """Repeat a deleting slice until it finds nothing more."""
        gone = Cleaned(0, 0)
        while True:
            piece = await self._database.change(work)
            self._pictures.discard(piece.pictures)
            gone += piece
            if not piece.frames:
                return gone

    async def _shrink(self) -> None:
        """Give the freed pages back to the disk, some at a time."""
        while await self._database.change(_vacuum_some):
            pass
        await self._database.maintain(lambda session: session.sql("PRAGMA wal_checkpoint(PASSIVE)"))

    async def _delete_expired(self) -> None:
        now = self._clock()
        day = (utc(now) - timedelta(days=memory.DAYS_KEPT)).date().isoformat()
        if await self._database.change(lambda session: pairings.delete_expired(session, now)):
            await self._database.change(lambda session: None, self._pairings)
        if await self._database.change(lambda session: blacklist.delete_expired(session, now)):
            await self._database.change(lambda session: None, self._blacklist)
        await self._database.change(lambda session: memory.delete_counts_before(session, day))


def _vacuum_some(session: Session) -> int:
    """How many pages are free still."""
    if session.number("PRAGMA freelist_count"):
        session.sql(f"PRAGMA incremental_vacuum({VACUUM_PAGES})")
    return session.number("PRAGMA freelist_count")


def _usage(session: Session) -> tuple[Usage, ...]:
    rows = session.sql(
        "SELECT username, count(frame.id), coalesce(sum(image_bytes + row_bytes), 0), min(received_ms)"
        " FROM profile LEFT JOIN frame ON frame.profile_id = profile.id GROUP BY profile.id ORDER BY username"
    )
    return tuple(
        Usage(name, frames, size, None if oldest_ms is None else utc(oldest_ms / 1_000))
        for name, frames, size, oldest_ms in rows
    )
