"""The way back from a backup, or from a copy of the database alone.

Everything is first unpacked beside the data and proved there by the real store; only what is whole and right is moved
into place. Who reaches this computer, and whom it asks, stays its own unless its owner says otherwise.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import sqlite3
import stat
import struct
import zipfile
import zlib
from collections.abc import Awaitable, Callable, Container, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from app import files
from app.core.errors import ArchiveUnusable, DataFolderInUse, FrameBackendError, StoreError
from app.paths import PRIVATE_FILE, DataFolder, make_private_file, make_private_folder
from app.store import Store
from app.store.database.backup import (
    DATABASE,
    FORMAT,
    MANIFEST,
    PICTURE,
    Manifest,
    Progress,
    nobody_asks,
)
from app.store.database.clock import utc
from app.store.database.corruption import sound_schema
from app.store.database.migrations import MIGRATIONS
from app.store.database.put_in_place import READY, UNPACKED, finish_restore, forget_replaced, put_back
from app.store.proof import prove
from app.store.setup.network_values import Found, NetworkValue, differences, keep_here, network_values

MOST_MEMBERS = 5_000_000
MOST_PICTURE_BYTES = 32 * 2**20
MOST_MANIFEST_BYTES = 64 * 2**10
MOST_VERSION_CHARS = 40
ROOM_LEFT_BYTES = 200 * 2**20
"""So much of the disk stays free when a backup is unpacked."""
CHUNK_BYTES = 2**20
_DATABASE_STARTS = b"SQLite format 3\x00"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, EOFError, ValueError,
    LookupError, OverflowError, RuntimeError,
)  # fmt: skip
"""zipfile's own errors, and those of what it stands on, for what is cut, overlapping, encrypted or not ZIP at all."""


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


def restore(folder: DataFolder, source: Path, progress: Progress = nobody_asks, taken: Container[str] = ()) -> Manifest:
    """Put the backup ``source`` in the place of what the data folder holds; the old database stays in ``backups``.

    A copy of the database alone will do too: the pictures then stay as they are. A damaged database is kept aside.
    ``taken``: the names of those ``network_changes`` that are to come over. Nobody may have the folder open: call it
    within ``exclusive``. Raises ``ArchiveUnusable``: nothing was changed then.
    """
    unpacked = DataFolder(folder.root / UNPACKED)
    shutil.rmtree(unpacked.root, ignore_errors=True)
    try:
        with _in_one_sentence(source):
            take = _take_copy if is_copy(source) else _unpack
            manifest = take(source, unpacked.root, progress)
            prove(unpacked, manifest.schema)
            if not _is_own_copy(folder, source):
                changes = _changes(folder, unpacked.database)
                keep_here(unpacked.database, (one for one in changes if one.name not in taken))
            _leave_only_data(unpacked)
            finish_restore(folder)
            put_back(folder)  # what an earlier restore replaced, if that never started
            files.move(unpacked.root, folder.root / READY)
            finish_restore(folder)
            forget_replaced(folder, if_damaged=True)
    finally:
        shutil.rmtree(unpacked.root, ignore_errors=True)
    return manifest


def _leave_only_data(unpacked: DataFolder) -> None:
    """Not what the trial left: a pepper, a copy from before the format changed."""
    for path in set(unpacked.root.iterdir()) - {unpacked.database, unpacked.frames}:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            files.delete(path)


async def open_restored(folder: DataFolder, open_store: Callable[[], Awaitable[Store]]) -> Store:
    """``open_store()``; when it fails on restored data that have never started, what they replaced is back.

    Nobody else may have the folder open. Raises ``ArchiveUnusable`` then, else what ``open_store`` does.
    """
    try:
        return await open_store()
    except Exception as error:
        if not await asyncio.to_thread(put_back, folder):
            raise
        why = error.sentence if isinstance(error, FrameBackendError) else type(error).__name__
        raise ArchiveUnusable(
            "The restored data cannot be used, everything is as it was before: {why}", why=why
        ) from error


def look_into(source: Path) -> Manifest:
    """What ``source`` says of itself; whether it is whole a restore alone finds out. Raises ``ArchiveUnusable``."""
    with _in_one_sentence(source):
        if is_copy(source):
            return _manifest_of_copy(source)
        with zipfile.ZipFile(source) as archive:
            return _manifest(archive, source)


def network_changes(folder: DataFolder, source: Path) -> tuple[NetworkValue, ...]:
    """What ``source`` would change of who reaches this computer and whom it asks, did its owner take it over.

    The program may run. For a thread: a large backup takes its time. Raises ``ArchiveUnusable``.
    """
    look = folder.root / f".look-{secrets.token_hex(4)}"
    try:
        with _in_one_sentence(source):
            if is_copy(source):
                return () if _is_own_copy(folder, source) else _changes(folder, source)
            with zipfile.ZipFile(source) as archive:
                _check(archive.infolist(), source, shutil.disk_usage(folder.root).free)
                _extract(archive, archive.getinfo(DATABASE), look)
            return _changes(folder, look)
    finally:
        files.delete(look, missing_ok=True)


def _is_own_copy(folder: DataFolder, source: Path) -> bool:
    return is_copy(source) and source.resolve().parent == folder.backups.resolve()


def _changes(folder: DataFolder, database: Path) -> tuple[NetworkValue, ...]:
    here: Found = {}
    with suppress(sqlite3.Error, StoreError):  # damaged, or none yet: then it has none of its own
        here = network_values(folder.database)
    try:
        return differences(here, network_values(database))
    except (sqlite3.Error, StoreError, TypeError):
        raise ArchiveUnusable("The backup's database is damaged.") from None


@contextmanager
def _in_one_sentence(source: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnusable("The backup could not be restored: {reason}.", reason=error.strerror or error) from None
    except _BROKEN:
        raise ArchiveUnusable("{name} is no backup of this program, or it is damaged.", name=source.name) from None


def is_copy(source: Path) -> bool:
    """Whether it is a database alone, as they lie in ``backups``. Raises ``OSError``, ``ValueError`` for no file."""
    if not stat.S_ISREG(source.stat().st_mode):  # a pipe or device may have no end
        raise ValueError
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
        created_at, version = datetime.fromisoformat(said["created_at"]).isoformat(), str(said["version"])
        manifest = Manifest(int(said["format"]), int(said["schema"]), version, created_at, int(said["pictures"]))
        if not version.isprintable() or len(version) > MOST_VERSION_CHARS or manifest.pictures < 0:
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
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
        and all(member.compress_type in _METHODS for member in members)
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
