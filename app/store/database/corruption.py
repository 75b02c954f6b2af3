"""A database file that is damaged: how it is told from one that is only busy, and what is left when it is.

It is never mended and never deleted: it is moved aside under a name of its own, with its logs, and the newest sound
copy in ``backups`` is offered for its place.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app import files
from app.core.errors import DatabaseDamaged, DatabaseUnusable
from app.core.sentence import Sentence
from app.paths import DataFolder, make_private_file
from app.store.database.clock import utc
from app.store.database.connection import Session

APPLICATION_ID = 0x46724263  # "FrBc": tells our database from any other program's
MEANWHILE = Sentence(
    "The database file is damaged: frames are answered, but the history cannot be kept. Quit the program and start it "
    "again: it then offers the last good copy."
)
MET = Sentence("The database file is damaged: quit the program and start it again.")
_MARK = "check-database"
"""Lies in the data folder when damage was met: the next start reads the whole file before it trusts it."""
_DAMAGE = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})


def is_damage(error: BaseException) -> bool:
    return isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGE


def damaged(folder: DataFolder, newest_schema: int) -> DatabaseDamaged:
    """The refusal to open it, with the newest sound copy. Reads every copy whole: for a thread."""
    copy = newest_copy(folder, newest_schema)
    if copy is None:
        return DatabaseDamaged(
            "The database file is damaged: put a backup in its place, or move it away to begin anew."
        )
    copied_at = utc(copy.stat().st_mtime)
    return DatabaseDamaged(
        "The database file is damaged. Its last good copy is of {date}: 'restore {name}' puts it in the file's place.",
        date=f"{copied_at.astimezone():%Y-%m-%d %H:%M}",
        name=copy.name,
        copy=copy,
        copied_at=copied_at,
    )


def unusable(error: BaseException, folder: DataFolder, newest_schema: int) -> BaseException:
    """What is to be raised for ``error``, met while the database was opened."""
    if is_damage(error):
        return damaged(folder, newest_schema)
    if isinstance(error, sqlite3.Error):
        return DatabaseUnusable("The database cannot be opened: {error}.", error=error)
    return error


# --- copies ----------------------------------------------------------------------------------------------------------


def newest_copy(folder: DataFolder, newest_schema: int) -> Path | None:
    """The newest sound copy that the program made by itself."""
    copies = [path for kind in ("daily", "format") for path in folder.backups.glob(f"{kind}-*.db")]
    copies.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return next((path for path in copies if 0 < sound_schema(path) <= newest_schema), None)


def reading(database: Path) -> sqlite3.Connection:
    """A connection that only reads, and leaves no log beside a database that has none. Raises ``sqlite3.Error``."""
    has_log = database.with_name(f"{database.name}-wal").exists()
    how = "mode=ro" if has_log else "mode=ro&immutable=1"
    return sqlite3.connect(f"{database.absolute().as_uri()}?{how}", uri=True)


def sound_schema(database: Path) -> int:
    """Its format's number, 0 when it is damaged or another program's. Leaves it and its folder as they are."""
    try:
        with closing(reading(database)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return 0
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return 0
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0


def acts_by_itself(connection: sqlite3.Connection) -> bool:
    """Whether to read it or write to it would run somebody's statements, which may have no end: ours has none."""
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone())


# --- the damaged file ------------------------------------------------------------------------------------------------


def keep_aside(database: Path, folder: DataFolder) -> Path:
    """Move ``database`` and its logs to a name of their own in the data folder: its new place. Raises ``OSError``."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = folder.root / f"{folder.database.name}.damaged-{stamp}"
    for log in ("-wal", "-shm", ""):  # the database last: cut short, the rest is found by the next start
        source = database.with_name(database.name + log)
        if source.exists():
            files.move(source, aside.with_name(aside.name + log))
    files.delete(folder.root / _MARK, missing_ok=True)
    return aside


def ask_for_check(folder: DataFolder) -> None:
    """Have the next start read the whole database. Raises ``OSError``."""
    make_private_file(folder.root / _MARK)


def check_if_asked(session: Session, folder: DataFolder, newest_schema: int) -> None:
    """Raises ``DatabaseDamaged``, or ``sqlite3.Error`` for what is beyond checking."""
    if not (folder.root / _MARK).exists():
        return
    if session.sql("PRAGMA integrity_check(1)") != [("ok",)]:
        raise damaged(folder, newest_schema)
    files.delete(folder.root / _MARK)
