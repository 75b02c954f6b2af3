"""After a crash: pictures that no row knows go, and rows whose picture was never written say so.

A picture's file and its frame's row are written by two threads; a kill may come between the two.
"""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from app.files import delete
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.frame_rows import SLICE_ROWS, pictures_lost

log = logging.getLogger(__name__)

DAY_MS = 86_400_000


async def sweep(database: Database, root: Path, before_s: float) -> tuple[int, int]:
    """How many (pictures, rows) were put right. What came after ``before_s`` (Unix seconds) is left alone.

    ``root``: the pictures' folder. Raises ``DatabaseUnusable``.
    """
    pictures = rows = 0
    days = await database.read(lambda session: _days(session, int(before_s * 1_000)))
    for profile_id, day in sorted(days | await asyncio.to_thread(_folders, root)):
        folder = root / str(profile_id) / utc(day * DAY_MS / 1_000).strftime("%Y-%m-%d")
        files = await asyncio.to_thread(_files, folder, before_s)
        known = await database.read(partial(_known, profile_id=profile_id, day=day, before_ms=int(before_s * 1_000)))
        pictures += await asyncio.to_thread(_delete_unknown, folder, files, known)
        lost = await asyncio.to_thread(_without_file, known, files)
        for first in range(0, len(lost), SLICE_ROWS):
            some = lost[first : first + SLICE_ROWS]
            rows += await database.change(partial(pictures_lost, frame_ids=some))
    if pictures or rows:
        log.info("after a crash: %d pictures without a row deleted, %d rows without their picture", pictures, rows)
    return pictures, rows


def _days(session: Session, before_ms: int) -> set[tuple[int, int]]:
    """(profile id, days since 1970 in UTC) of the rows that say they have a picture."""
    rows = session.sql(
        "SELECT DISTINCT profile_id, received_ms / ? FROM frame WHERE received_ms < ? AND image_bytes > 0",
        (DAY_MS, before_ms),
    )
    return {(profile_id, day) for profile_id, day in rows}


def _folders(root: Path) -> set[tuple[int, int]]:
    """The same of the folders that are there."""
    found = set()
    for path in root.glob("*/????-??-??"):
        try:
            midnight = datetime.fromisoformat(path.name).replace(tzinfo=UTC)
            found.add((int(path.parent.name), int(midnight.timestamp() * 1_000) // DAY_MS))
        except ValueError:
            continue  # not ours: tidying sees to it
    return found


def _files(folder: Path, before_s: float) -> set[str]:
    """The frames whose pictures lie there since before then."""
    try:
        with os.scandir(folder) as entries:
            return {
                entry.name.removesuffix(".jpg")
                for entry in entries
                if entry.name.endswith(".jpg") and entry.stat().st_mtime < before_s
            }
    except FileNotFoundError:
        return set()


def _known(session: Session, profile_id: int, day: int, before_ms: int) -> set[str]:
    rows = session.sql(
        "SELECT frame_id FROM frame WHERE profile_id = ? AND received_ms >= ? AND received_ms < ? AND image_bytes > 0",
        (profile_id, day * DAY_MS, min((day + 1) * DAY_MS, before_ms)),
    )
    return {frame_id for (frame_id,) in rows}


def _delete_unknown(folder: Path, files: set[str], known: set[str]) -> int:
    # One by one, here and below: a set less another is one step of Python's, and holds the loop up for as long.
    unknown = [frame_id for frame_id in files if frame_id not in known]
    for frame_id in unknown:
        delete(folder / f"{frame_id}.jpg", missing_ok=True)
    return len(unknown)


def _without_file(known: set[str], files: set[str]) -> list[str]:
    return [frame_id for frame_id in known if frame_id not in files]
