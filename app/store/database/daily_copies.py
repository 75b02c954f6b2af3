"""A copy of the database each day: what a damaged one is replaced by. The newest few are kept.

Made by a thread of a reader's snapshot, some pages at a time: neither the loop nor the writer waits for it. A copy
that is not sound is thrown away, and tells of damage that nobody has met yet.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from app import files
from app.core.errors import ArchiveUnusable
from app.core.tasks import Background
from app.paths import DataFolder, make_private_folder
from app.store.database.backup import copy_database
from app.store.database.clock import utc
from app.store.database.corruption import sound_schema

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3_600.0
DAY_S = 24 * 3_600.0
KEPT = 3
ROOM_LEFT_BYTES = 500 * 2**20
"""So much of the disk stays free beside the copy, or there is none."""
PAUSE_S = 0.005
"""Between some pages and the next: others want the disk too."""


class _Stopped(Exception):
    """The program ends: the copy is given up."""


class DailyCopies(Background):
    """``start`` it for the one server of a data folder. ``on_damage`` is called on the loop."""

    name = "daily copy of the database"

    def __init__(self, folder: DataFolder, clock: Callable[[], float], on_damage: Callable[[], None]) -> None:
        self._folder = folder
        self._clock = clock
        self._on_damage = on_damage
        self._stopping = threading.Event()

    def start(self) -> None:
        """Copy now when the last copy is older than a day, and look again every hour."""
        self._stopping.clear()
        super().start()

    async def stop(self) -> None:
        """A copy under way is given up within a moment."""
        self._stopping.set()
        await super().stop()

    async def _run(self) -> None:
        while True:
            await self.copy_if_due()
            await asyncio.sleep(LOOK_EVERY_S)

    async def copy_if_due(self) -> Path | None:
        """The copy that was made. A failure is logged: there will be another hour."""
        try:
            made, is_sound = await asyncio.to_thread(self._copy_if_due, self._clock())
        except (OSError, ArchiveUnusable) as error:
            log.warning("the database was not copied: %s", error)
            return None
        if not is_sound:
            self._on_damage()
        return made

    # --- the thread ------------------------------------------------------------------------------------------------

    def _copy_if_due(self, now: float) -> tuple[Path | None, bool]:
        """The copy, and whether the database is sound as far as this knows."""
        make_private_folder(self._folder.backups)
        for left in self._folder.backups.glob(".daily-*"):  # by a kill
            files.delete(left, missing_ok=True)
        # A copy from the future is one of a clock that was set back since: it counts for nothing.
        if any(0 <= now - path.stat().st_mtime < DAY_S for path in self._copies()) or not self._has_room():
            return None, True
        draft = self._folder.backups / f".daily-{secrets.token_hex(4)}"
        try:
            copy_database(self._folder, draft, self._pause)
            if not sound_schema(draft):
                return None, False
            os.utime(draft, (now, now))
            made = self._folder.backups / f"daily-{utc(now):%Y%m%d-%H%M%S}.db"
            files.move(draft, made)
        except _Stopped:
            return None, True
        finally:
            files.delete(draft, missing_ok=True)
        self._forget_old(made)
        return made, True

    def _pause(self) -> None:
        if self._stopping.wait(PAUSE_S):
            raise _Stopped

    def _copies(self) -> list[Path]:
        """Newest first."""
        found = self._folder.backups.glob("daily-*.db")
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _has_room(self) -> bool:
        size = self._folder.database.stat().st_size
        free = shutil.disk_usage(self._folder.root).free
        if has_room := free >= ROOM_LEFT_BYTES + 2 * size:
            return has_room
        log.warning("the database was not copied: the disk is nearly full, %.0f MB are free", free / 2**20)
        return False

    def _forget_old(self, made: Path) -> None:
        for old in [path for path in self._copies() if path != made][KEPT - 1 :]:
            files.delete(old, missing_ok=True)
