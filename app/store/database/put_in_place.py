"""Restored data on their way into place: in steps that the next start finishes when this one was cut short.

What they replace is kept until they have started once, and comes back when they cannot start.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app import files
from app.paths import DataFolder, make_private_file, make_private_folder
from app.store.database.backup import DATABASE
from app.store.database.corruption import keep_aside, sound_schema

READY = ".restore-ready"
"""Proved data that wait to be moved into place."""
_OLD, _BACK, _GOING, _CLEARED = ".restore-old", ".restore-back", ".restore-going", "cleared"
UNPACKED = ".restore-unpacked"
_LEFT = (".backup-*.db", ".look-*", UNPACKED)
LEFT_FOR_S = 86_400.0
_DATABASE_FILES = (f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE)


def finish_restore(folder: DataFolder) -> None:
    """Move what is proved into place, or what it replaced back; nothing to do is no error. Raises ``OSError``.

    The database goes last: while it waits, what lies in the data folder is the old one.
    """
    _finish_put_back(folder)
    ready, old = folder.root / READY, folder.root / _OLD
    if not ready.exists():
        return
    make_private_folder(old)
    if (ready / "frames").exists():
        _move(folder, "frames", to=_OLD)
        files.move(ready / "frames", folder.frames)
    if (ready / DATABASE).exists():
        for name in _DATABASE_FILES:
            _move(folder, name, to=_OLD)
        files.move(ready / DATABASE, folder.database)
    ready.rmdir()


def put_back(folder: DataFolder) -> bool:
    """Whether restored data that have not started yet gave way to what they replaced. Raises ``OSError``.

    Nobody may have the folder open.
    """
    if not (folder.root / _OLD).exists():
        return False
    files.move(folder.root / _OLD, folder.root / _BACK)
    _finish_put_back(folder)
    return True


def forget_replaced(folder: DataFolder, *, if_damaged: bool = False) -> None:
    """The restored data have started: the old database goes to ``backups``, the old pictures go. Raises ``OSError``.

    ``if_damaged``: only when there is nothing to go back to; a damaged database is kept aside.
    """
    old = folder.root / _OLD
    is_damaged = (old / DATABASE).exists() and not sound_schema(old / DATABASE)
    if if_damaged and not is_damaged:
        return
    if is_damaged:
        keep_aside(old / DATABASE, folder)
    elif (old / DATABASE).exists():
        _keep_among_backups(old / DATABASE, folder)
    if old.exists():  # another restore may need its name while this goes
        files.move(old, folder.root / f"{_GOING}-{secrets.token_hex(4)}")
    for going in folder.root.glob(f"{_GOING}-*"):
        shutil.rmtree(going)


def forget_left(folder: DataFolder) -> None:
    """What a kill left of backups and restores a day ago or more: each may be as large as all data. Raises ``OSError``.

    Younger ones may be another process's, under way.
    """
    for pattern in _LEFT:
        for path in folder.root.glob(pattern):
            with contextlib.suppress(FileNotFoundError):  # it came to its end meanwhile
                if path.stat().st_mtime < time.time() - LEFT_FOR_S:
                    shutil.rmtree(path) if path.is_dir() else files.delete(path)


def _move(folder: DataFolder, name: str, *, to: str) -> None:
    """Nothing to move is no error: an earlier try did it, or there never was one."""
    source, target = folder.root / name, folder.root / to / name
    if source.exists() and not target.exists():
        files.move(source, target)


def _finish_put_back(folder: DataFolder) -> None:
    back = folder.root / _BACK
    if not back.exists():
        return
    if not (back / _CLEARED).exists():  # nothing of the old is in place yet
        if (back / "frames").exists() and folder.frames.exists():
            shutil.rmtree(folder.frames)
        for name in _DATABASE_FILES:
            files.delete(folder.root / name, missing_ok=True)
        make_private_file(back / _CLEARED)
    for path in back.iterdir():
        if path.name != _CLEARED:
            files.move(path, folder.root / path.name)
    shutil.rmtree(back)


def _keep_among_backups(database: Path, folder: DataFolder) -> None:
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what its log still holds goes into it
    make_private_folder(folder.backups)
    files.move(database, folder.backups / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}.db")
