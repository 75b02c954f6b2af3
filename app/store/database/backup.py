"""A backup: one ZIP of the database and the pictures, without anything that lets somebody in.

Neither the keyring's keys nor the pepper is in it: on another computer the profiles need new auth keys. Tokens,
pairings and apps' keys are left out too: a phone makes new ones with its key, apps are given new ones.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import files
from app.core.errors import ArchiveUnusable, InvalidValue
from app.paths import DataFolder, make_private_file

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "frame-backend.db"
PAGES_AT_ONCE = 1_000

_LETS_IN = ("token", "pairing", "app_key")

PICTURE = re.compile(r"frames/\d{1,18}/\d{4}-\d\d-\d\d/[A-Za-z0-9_-]{1,64}\.jpg")

Progress = Callable[[int, int], None]
"""Told (done, all) in bytes, from the working thread; what it raises ends the work, and nothing is changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``schema``: the number of the database's last migration; ``created_at``: ISO."""

    format: int
    schema: int
    version: str
    created_at: str
    pictures: int


def nobody_asks(_done: int, _total: int) -> None:
    """Nobody wants to know how far it is."""


def back_up(
    folder: DataFolder, target: Path, version: str, progress: Progress = nobody_asks, *, replace: bool = False
) -> Manifest:
    """Write ``target``, in place of a file only with ``replace``; a server may be running. For a thread: it takes time.

    Raises ``InvalidValue`` when ``target`` exists or cannot be written, ``ArchiveUnusable`` when there is no data.
    """
    if target.exists() and not replace:
        raise InvalidValue("{name} is there already: choose another name.", name=target.name)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    copy = folder.root / f".backup-{secrets.token_hex(4)}.db"
    try:
        make_private_file(draft)
        schema = copy_database(folder, copy, lambda: progress(0, 1))
        manifest = _write(draft, copy, folder, schema, version, progress)
        files.move(draft, target)
    except OSError as error:
        raise InvalidValue("The backup could not be written: {reason}.", reason=error.strerror or error) from None
    finally:
        for left in (draft, copy):
            files.delete(left, missing_ok=True)
    return manifest


def copy_database(folder: DataFolder, copy: Path, pause: Callable[[], None] = lambda: None) -> int:
    """A copy that lets nobody in, rewritten so that no free page remembers them; its schema's number.

    ``pause`` is called between some pages and the next; what it raises ends the work. One file: it needs no log.
    """
    if not folder.database.exists():
        raise ArchiveUnusable("There is nothing to back up yet.")
    make_private_file(copy)
    try:
        with closing(sqlite3.connect(folder.database)) as source, closing(sqlite3.connect(copy)) as target:
            source.execute("PRAGMA query_only = ON")
            # Within a transaction of the source's own the pages are of one moment, and no commit begins it anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(target, pages=PAGES_AT_ONCE, progress=lambda *_: pause())
            let_nobody_in(target)
            target.executescript("VACUUM; PRAGMA journal_mode = DELETE;")
            return int(target.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        raise ArchiveUnusable("The database cannot be read: {error}.", error=error) from None


def let_nobody_in(database: sqlite3.Connection) -> None:
    """Delete what lets devices and apps in, in a database of whatever format."""
    for table in _LETS_IN:
        if database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone():
            database.execute(f"DELETE FROM {table}")  # noqa: S608  our own
    database.commit()


def _write(draft: Path, copy: Path, folder: DataFolder, schema: int, version: str, progress: Progress) -> Manifest:
    pictures = [path for path in folder.frames.glob("*/*/*.jpg") if PICTURE.fullmatch(_member(folder, path))]
    total, done, kept = copy.stat().st_size + sum(map(_size, pictures)), 0, 0
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.write(copy, DATABASE, zipfile.ZIP_DEFLATED)
        done += copy.stat().st_size
        progress(done, total)
        for path in pictures:
            with contextlib.suppress(FileNotFoundError):  # cleaned meanwhile
                archive.write(path, _member(folder, path))
                kept += 1
                done += _size(path)
                progress(done, total)
        manifest = Manifest(FORMAT, schema, version, datetime.now(UTC).isoformat(timespec="seconds"), kept)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _member(folder: DataFolder, path: Path) -> str:
    return f"frames/{path.relative_to(folder.frames).as_posix()}"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
