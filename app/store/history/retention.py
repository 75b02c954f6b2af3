"""What goes in time: frames by age and by size, with their pictures; and what is over: pairings, tokens, entries.

The rule: frames older than ``retention.days`` go, then each profile's oldest beyond ``retention.mb_per_profile``, never
a favourite (``core.settings`` has the numbers, ``frame_rows`` the SQL). Everything goes in slices through the writer's
queue, so that a frame's row never waits for more than one of them.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from app.core.errors import StoreError
from app.core.events import Bus, DiskLow, HistoryChanged
from app.core.passed import passed_s
from app.core.settings import Settings
from app.core.tasks import Background
from app.paths import DataFolder
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.database.put_in_place import forget_left, forget_replaced
from app.store.history import labels
from app.store.history.filters import Cleaned, WouldGo
from app.store.history.frame_rows import (
    SLICE_ROWS,
    Slice,
    delete_before,
    delete_frames,
    delete_of_profile,
    delete_oldest,
    left_over_ids,
    size_of_nobody,
)
from app.store.history.orphans import sweep
from app.store.history.pictures import Pictures
from app.store.history.sizes import excess_of_profile, hours_of, would_go
from app.store.profiles import pairings
from app.store.profiles.pairings import Pairings
from app.store.setup import blacklist, health_store
from app.store.setup.blacklist import Blacklist

log = logging.getLogger(__name__)

T = TypeVar("T")

EVERY_S = 3_600.0
SET_FORWARD_S = 3_600.0
"""A clock that is set forward by more may be wrong, and what is deleted by it does not come back."""
VACUUM_S = 0.002
DAY_S = 24 * 3_600.0
DISK_LOW_BYTES = 500 * 2**20
"""Free room below which the owner is told."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a profile's history takes. ``oldest_at``: when its oldest frame came, None when it has none."""

    username: str
    frames: int
    bytes: int
    oldest_at: datetime | None


class Retention(Background):
    """Once started cleans at once and every hour. ``clean`` may be called at any time; two never run at once."""

    name = "store housekeeping"

    def __init__(
        self,
        database: Database,
        bus: Bus,
        root: Path,
        settings: Settings,
        clock: Callable[[], float],
        pairings: Pairings,
        blacklist: Blacklist,
        pictures: Pictures,
    ) -> None:
        self._database = database
        self._bus = bus
        self._root = root
        self._settings = settings
        self._clock = clock
        self._pairings = pairings
        self._blacklist = blacklist
        self._pictures = pictures
        self._began = time.time()
        self._one_at_a_time = asyncio.Lock()

    async def _run(self) -> None:
        await self._sweep()
        clock = self._clock() - passed_s()
        while True:
            before, clock = clock, self._clock() - passed_s()
            try:
                if clock - before > SET_FORWARD_S:
                    log.warning(
                        "the clock was set forward: what is too old by it is deleted in an hour, if it stays so"
                    )
                else:
                    await self._delete_expired()
                    await self.clean()
            except StoreError as error:
                log.warning("housekeeping is put off: %s", error)
            await self._look_at_disk()
            await asyncio.sleep(EVERY_S)

    async def _sweep(self) -> None:
        """Once, for what the last run may have left behind."""
        try:
            await asyncio.to_thread(forget_replaced, DataFolder(self._root))  # the restored data have started
            await asyncio.to_thread(forget_left, DataFolder(self._root))
        except OSError as error:
            log.warning("what a restore replaced is kept still: %s", error.strerror)
        try:
            await sweep(self._database, self._pictures.root, self._began)
        except (StoreError, OSError) as error:
            log.warning("pictures and rows could not be compared: %s", error)

    async def _look_at_disk(self) -> None:
        try:
            free_bytes = (await asyncio.to_thread(shutil.disk_usage, self._root)).free
        except OSError as error:
            log.warning("the disk's free room cannot be read: %s", error.strerror)
            return
        if free_bytes < DISK_LOW_BYTES:
            log.warning("the disk is nearly full: %.0f MB are free", free_bytes / 2**20)
            self._bus.publish(DiskLow(free_bytes))

    # --- cleaning --------------------------------------------------------------------------------------------------

    async def clean(self) -> Cleaned:
        """Delete what is too old, then what is too much, favourites never; what went. Raises ``DatabaseUnusable``."""
        async with self._one_at_a_time:
            oldest_s, max_bytes = self._limits()
            oldest_ms = int(oldest_s * 1_000)
            gone = await self._delete(lambda session: delete_before(session, oldest_ms))
            for profile_id in await self._database.read(left_over_ids):
                gone += await self._delete(partial(delete_of_profile, profile_id=profile_id))
            for profile_id in await self._database.read(_names):
                gone += await self._delete_over_size(profile_id, max_bytes)
            # A day's folder stays as long as one of its frames may, and that of a profile in the trash.
            known, kept = await self._database.read(lambda session: (_names(session), _days_before(session, oldest_ms)))
            self._pictures.tidy(known, utc(oldest_s).strftime("%Y-%m-%d"), kept)
            await self._settle(gone)
        if gone.frames:
            log.info("%d frames and their pictures were deleted, %.1f MB", gone.frames, gone.bytes / 2**20)
        return gone

    async def would_clean(self) -> tuple[WouldGo, ...]:
        """What ``clean`` would take now, for each profile by name, also where that is nothing."""
        oldest_s, max_bytes = self._limits()
        return await self._database.read(lambda session: _would_clean(session, int(oldest_s * 1_000), max_bytes))

    def _limits(self) -> tuple[float, int]:
        """The Unix time before which frames are too old, and a profile's bytes."""
        oldest_s = self._clock() - self._settings.integer("retention.days") * DAY_S
        return oldest_s, self._settings.integer("retention.mb_per_profile") * 2**20

    async def delete_frames(self, frame_ids: Sequence[str], told: Callable[[int], None]) -> Cleaned:
        """Delete these, favourites too; those that are gone already do not count. ``told``: how many are gone."""
        gone = Cleaned(0, 0)
        async with self._one_at_a_time:
            for first in range(0, len(frame_ids), SLICE_ROWS):
                gone += await self._delete_slice(
                    partial(delete_frames, frame_ids=frame_ids[first : first + SLICE_ROWS])
                )
                told(gone.frames)
            await self._settle(gone)
        return gone

    async def delete_profile(self, profile_id: int) -> Cleaned:
        """Delete the whole history of a profile that is no more."""
        gone = await self._delete(lambda session: delete_of_profile(session, profile_id))
        if gone.frames:
            await self._pictures.settled()
            await self._shrink()
        return gone

    async def _settle(self, gone: Cleaned) -> None:
        """Once rows went: whoever shows the history is told, the pictures follow, the pages go back to the disk."""
        if gone.frames:
            self._bus.publish(HistoryChanged())
        await self._pictures.settled()
        await self._shrink()

    async def usage(self) -> tuple[Usage, ...]:
        """What each profile's history takes, by name."""
        return await self._database.read(_usage)

    async def _delete(self, work: Callable[[Session], Slice]) -> Cleaned:
        """Repeat a deleting slice until it finds nothing more."""
        gone = Cleaned(0, 0)
        while True:
            piece = await self._delete_slice(work)
            gone += piece
            if not piece.frames:
                return gone

    async def _delete_over_size(self, profile_id: int, max_bytes: int) -> Cleaned:
        """What is too much now."""
        gone = Cleaned(0, 0)
        excess = await self._database.read(partial(excess_of_profile, profile_id=profile_id, max_bytes=max_bytes))
        while gone.bytes < excess:
            piece = await self._delete_slice(partial(delete_oldest, profile_id=profile_id, excess=excess - gone.bytes))
            gone += piece
            if not piece.frames:
                break
        return gone

    async def _delete_slice(self, work: Callable[[Session], Slice]) -> Slice:
        """Its pages go back at once: SQLite looks through all that are free for each one that it gives back."""
        piece = await self._in_turn(work)
        await self._in_turn(_vacuum_some)
        self._pictures.discard(piece.pictures)
        return piece

    async def _in_turn(self, work: Callable[[Session], T]) -> T:
        """Have ``work`` committed, then leave the writer's thread to others for as long as that took."""
        began = time.monotonic()
        done = await self._database.change(work)
        await asyncio.sleep(time.monotonic() - began)
        return done

    async def _shrink(self) -> None:
        """Give the freed pages back to the disk, some at a time; copied into the file by a reader's thread."""
        while await self._in_turn(_vacuum_some):
            pass
        await self._database.read(lambda session: session.sql("PRAGMA wal_checkpoint(PASSIVE)"))

    async def _delete_expired(self) -> None:
        now = self._clock()
        day = (utc(now) - timedelta(days=health_store.DAYS_KEPT)).date().isoformat()
        if await self._database.change(lambda session: pairings.delete_expired(session, now)):
            await self._database.change(lambda session: None, self._pairings)
        if await self._database.change(lambda session: blacklist.delete_expired(session, now)):
            await self._database.change(lambda session: None, self._blacklist)
        await self._database.change(lambda session: health_store.delete_counts_before(session, day))
        while await self._database.change(labels.delete_beyond):
            pass


def _vacuum_some(session: Session) -> int:
    """How many pages can go still: none of a database that was made without auto_vacuum.

    One at a time: the pragma gives a row without columns for each, and Python's ``sqlite3`` stops at the first,
    whatever number it is asked for.
    """
    give_up_at = time.monotonic() + VACUUM_S
    before = free = session.number("PRAGMA freelist_count")
    while free:
        session.sql("PRAGMA incremental_vacuum(1)")
        free = session.number("PRAGMA freelist_count")
        if free == before:
            return 0
        if time.monotonic() >= give_up_at:
            break
    return free


def _names(session: Session) -> dict[int, str]:
    """Every profile by its id, those in the trash too: they may come back."""
    return dict(session.sql("SELECT id, username FROM profile ORDER BY username"))


def _days_before(session: Session, received_ms: int) -> frozenset[tuple[int, str]]:
    """(profile id, UTC day) of frames that were received before and stay."""
    rows = session.sql(
        "SELECT DISTINCT profile_id, received_ms / 86400000 FROM frame WHERE received_ms < ?", (received_ms,)
    )
    return frozenset((profile_id, utc(day * DAY_S).strftime("%Y-%m-%d")) for profile_id, day in rows)


def _would_clean(session: Session, oldest_ms: int, max_bytes: int) -> tuple[WouldGo, ...]:
    """In one transaction: the sums are of one moment."""
    session.sql("BEGIN")
    try:
        found = []
        for profile_id, username in _names(session).items():
            gone = would_go(session, profile_id, oldest_ms, max_bytes)
            found.append(WouldGo(username, gone.frames, gone.bytes))
        left_over = WouldGo("", *size_of_nobody(session))
    finally:
        session.sql("COMMIT")
    return (*found, left_over) if left_over.frames else tuple(found)


def _usage(session: Session) -> tuple[Usage, ...]:
    session.sql("BEGIN")
    try:
        return tuple(
            _usage_of(session, *row)
            for row in session.sql("SELECT id, username FROM profile WHERE deleted_at IS NULL ORDER BY username")
        )
    finally:
        session.sql("COMMIT")


def _usage_of(session: Session, profile_id: int, username: str) -> Usage:
    hours = hours_of(session, profile_id)
    oldest_ms = session.number("SELECT min(received_ms) FROM frame WHERE profile_id = ?", (profile_id,))
    return Usage(
        username,
        sum(one.frames for one in hours),
        sum(one.bytes for one in hours),
        utc(oldest_ms / 1_000) if hours else None,
    )
