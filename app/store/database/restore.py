"""The way back from a backup, or from a copy of the database alone.

Everything is first unpacked beside the data and proved; only a whole one is moved into place, in steps that the next
start finishes when this one was cut short.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from app.core.errors import ArchiveUnusable, DataFolderInUse
from app.paths import PRIVATE_FILE, DataFolder, make_private_file, make_private_folder
from app.store.database.backup import (
    DATABASE,
    FORMAT,
    LET_NOBODY_IN,
    MANIFEST,
    PICTURE,
    Manifest,
    Progress,
    nobody_asks,
)
from app.store.database.clock import utc
from app.store.database.corruption import APPLICATION_ID, keep_aside, sound_schema
from app.store.database.migrations import MIGRATIONS

MOST_MEMBERS = 5_000_000
MOST_PICTURE_BYTES = 32 * 2**20
MOST_MANIFEST_BYTES = 64 * 2**10
ROOM_LEFT_BYTES = 200 * 2**20
"""So much of the disk stays free when a backup is unpacked."""
CHUNK_BYTES = 2**20
_DATABASE_STARTS = b"SQLite format 3\x00"
_FOREIGN = (
    # what acts by itself, and frames whose picture would lie elsewhere
    "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')",
    "SELECT 1 FROM frame WHERE frame_id = '' OR frame_id GLOB '*[^A-Za-z0-9_-]*' OR length(frame_id) > 64",
)
_UNPACKED, _READY, _OLD = ".restore-unpacked", ".restore-ready", ".restore-old"
_DATABASE_FILES = (f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE)


@contextmanager
def exclusive(folder: DataFolder) -> Iterator[None]:
    """Hold the data folder as the one server does. Raises ``DataFolderInUse``."""
    folder.prepare()
    lock = FileLock(folder.lock, mode=PRIVATE_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DataFolderInUse("A Frame Backend runs on this data folder: quit it first.") from None
    try:
        yield
    finally:
        lock.release()


def restore(folder: DataFolder, source: Path, progress: Progress = nobody_asks) -> Manifest:
    """Put the backup ``source`` in the place of what the data folder holds; the old database stays in ``backups``.

    A copy of the database alone will do too: the pictures then stay as they are. A damaged database is kept aside.
    Nobody may have the folder open: call it within ``exclusive``. Raises ``ArchiveUnusable``: nothing was changed then.
    """
    unpacked, ready = folder.root / _UNPACKED, folder.root / _READY
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        with _in_one_sentence(source):
            take = _take_copy if is_copy(source) else _unpack
            manifest = take(source, unpacked, progress)
            _prove(unpacked / DATABASE, manifest)
            unpacked.rename(ready)
            finish_restore(folder)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return manifest


def look_into(source: Path) -> Manifest:
    """What ``source`` says of itself; whether it is whole a restore alone finds out. Raises ``ArchiveUnusable``."""
    with _in_one_sentence(source):
        if is_copy(source):
            return _manifest_of_copy(source)
        with zipfile.ZipFile(source) as archive:
            return _manifest(archive, source)


@contextmanager
def _in_one_sentence(source: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnusable("The backup could not be restored: {reason}.", reason=error.strerror or error) from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError, RuntimeError):
        # zipfile's own errors for what is cut, overlapping, encrypted or not ZIP at all
        raise ArchiveUnusable("{name} is no backup of this program, or it is damaged.", name=source.name) from None


def is_copy(source: Path) -> bool:
    """Whether it is a database alone, as they lie in ``backups``. Raises ``OSError``."""
    with source.open("rb") as file:
        return file.read(len(_DATABASE_STARTS)) == _DATABASE_STARTS


def _take_copy(source: Path, target: Path, progress: Progress) -> Manifest:
    """The database into ``target``, made one that lets nobody in: what was revoked since stays so."""
    size = source.stat().st_size
    if size + ROOM_LEFT_BYTES > shutil.disk_usage(target.parent).free:
        raise ArchiveUnusable("The disk has not enough room for the copy.")
    manifest = _manifest_of_copy(source)
    make_private_folder(target)
    make_private_file(target / DATABASE)
    shutil.copyfile(source, target / DATABASE)
    with closing(sqlite3.connect(target / DATABASE)) as connection:
        connection.executescript(LET_NOBODY_IN)
    progress(size, size)
    return manifest


def _manifest_of_copy(source: Path) -> Manifest:
    if not 0 < (schema := sound_schema(source)) <= len(MIGRATIONS):
        raise ArchiveUnusable(
            "{name} is no copy of this program's database, is damaged, or of a newer version.", name=source.name
        )
    return Manifest(FORMAT, schema, "", utc(source.stat().st_mtime).isoformat(timespec="seconds"), 0)


def _unpack(source: Path, target: Path, progress: Progress) -> Manifest:
    """Every member into ``target``, each proved by its checksum. Names are matched whole: nothing leaves the folder."""
    with zipfile.ZipFile(source) as archive:
        members = archive.infolist()
        manifest = _manifest(archive, source)
        _check(members, source, shutil.disk_usage(target.parent).free)
        total, done = sum(member.file_size for member in members), 0
        make_private_folder(target)
        make_private_folder(target / "frames")
        for member in members:
            if member.filename != MANIFEST:
                _extract(archive, member, target / member.filename)
            done += member.file_size
            progress(done, total)
    return manifest


def _manifest(archive: zipfile.ZipFile, source: Path) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
            raise ValueError
        said = json.loads(archive.read(MANIFEST))
        manifest = Manifest(
            int(said["format"]), int(said["schema"]), str(said["version"]), str(said["created_at"]),
            int(said["pictures"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise ArchiveUnusable("{name} is no backup of this program, or it is damaged.", name=source.name) from None
    if manifest.format != FORMAT or manifest.schema > len(MIGRATIONS):
        raise ArchiveUnusable(
            "{name} was made by a newer version of this program: install that first.", name=source.name
        )
    return manifest


def _check(members: list[zipfile.ZipInfo], source: Path, free_bytes: int) -> None:
    names = [member.filename for member in members]
    pictures = [member for member in members if member.filename not in (MANIFEST, DATABASE)]
    is_ours = (
        len(members) <= MOST_MEMBERS
        and len(set(names)) == len(names)
        and names.count(DATABASE) == 1
        and all(PICTURE.fullmatch(member.filename) for member in pictures)
        and all(member.file_size <= MOST_PICTURE_BYTES for member in pictures)
    )
    if not is_ours:
        raise ArchiveUnusable("{name} holds what no backup of this program does.", name=source.name)
    if sum(member.file_size for member in members) + ROOM_LEFT_BYTES > free_bytes:
        raise ArchiveUnusable("The disk has not enough room to unpack the backup.")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    """At most as many bytes as were declared: zipfile reads no more, and checks the sum at the end."""
    make_private_folder(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file, archive.open(member) as stream:
        shutil.copyfileobj(stream, file, CHUNK_BYTES)


def _prove(database: Path, manifest: Manifest) -> None:
    """Raises ``ArchiveUnusable`` unless it is a sound database of this program."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            is_ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            schema = connection.execute("PRAGMA user_version").fetchone()[0]
            is_sound = is_ours and connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
            is_sound = is_sound and not any(connection.execute(query).fetchone() for query in _FOREIGN)
    except sqlite3.Error:
        is_sound, schema = False, 0
    if not is_sound or schema != manifest.schema:
        raise ArchiveUnusable("The backup's database is damaged.")


# --- into place ------------------------------------------------------------------------------------------------------


def finish_restore(folder: DataFolder) -> None:
    """Move a proved restore into place, from whatever step it was cut short at; nothing to do is no error.

    The database goes last: while it waits, what lies in the data folder is the old one. Raises ``OSError``.
    """
    ready, old = folder.root / _READY, folder.root / _OLD
    if ready.exists():
        make_private_folder(old)
        if (ready / "frames").exists():
            _move(folder.frames, old / "frames")
            _move(ready / "frames", folder.frames)
        if (ready / DATABASE).exists():
            for name in _DATABASE_FILES:
                _move(folder.root / name, old / name)
            _move(ready / DATABASE, folder.database)
        ready.rmdir()
    if old.exists():
        _keep_old_database(folder, old)
        shutil.rmtree(old)


def _move(source: Path, target: Path) -> None:
    """Nothing to move is no error: an earlier try did it, or there never was one."""
    if source.exists() and not target.exists():
        source.rename(target)


def _keep_old_database(folder: DataFolder, old: Path) -> None:
    if not (old / DATABASE).exists():
        return
    if not sound_schema(old / DATABASE, in_use=True):
        keep_aside(old / DATABASE, folder)
        return
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(old / DATABASE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what its log still holds goes into it
    make_private_folder(folder.backups)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    (old / DATABASE).replace(folder.backups / f"before-restore-{stamp}.db")
