"""One connection to the database, and peewee on it: the only place that opens SQLite.

Queries are executed against a session explicitly (no peewee class is bound to a database), so that a process may hold
several stores, and a store a writing and several reading connections. Whatever the way, errors are ``sqlite3``'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

WRITER_BUSY_MS = 400
"""How long one try waits for another program's lock; the writer then tries again on its own."""
READER_BUSY_MS = 5_000
WAL_KEPT_BYTES = 16 * 2**20
WAL_PAGES_MAX = 8_000
"""A commit itself copies the log only from here on; the writer does it earlier, behind its commits."""

_PASSING = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip


def may_pass(error: BaseException) -> bool:
    """Whether the same work may succeed later: the database is locked, the disk is full or away."""
    return isinstance(error, sqlite3.Error) and (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _PASSING


class Session:
    """A connection. Used by one thread at a time; ``close`` may be called from any."""

    def __init__(self, path: Path, *, busy_ms: int) -> None:
        self.peewee = peewee.SqliteDatabase(
            str(path), timeout=busy_ms / 1000, check_same_thread=False, thread_safe=False, autoconnect=False
        )
        with _plain_errors():
            self.peewee.connect()
            self.raw: sqlite3.Connection = self.peewee.connection()  # type: ignore[no-untyped-call]

    def run(self, query: peewee.BaseQuery) -> Any:
        """Execute a writing query: the new row's id after an insert, else the number of rows it touched."""
        with _plain_errors():
            return query.execute(self.peewee)

    def rows(self, query: peewee.BaseQuery) -> list[dict[str, Any]]:
        with _plain_errors():
            return list(query.dicts().execute(self.peewee))

    def first(self, query: peewee.BaseQuery) -> dict[str, Any] | None:
        found = self.rows(query)
        return found[0] if found else None

    def sql(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Run one plain statement and give its rows."""
        return self.raw.execute(statement, values).fetchall()

    def number(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """The first column of the first row as a whole number, 0 when there is none or it is null."""
        row = self.raw.execute(statement, values).fetchone()
        return int(row[0] or 0) if row else 0

    def close(self) -> None:
        self.peewee.close()


def reading_session(path: Path) -> Session:
    """A connection that cannot write. WAL lets it read while the writer commits."""
    session = Session(path, busy_ms=READER_BUSY_MS)
    session.sql("PRAGMA query_only = ON")
    return session


@contextmanager
def _plain_errors() -> Iterator[None]:
    """peewee wraps ``sqlite3``'s errors in its own; callers need the original's error code."""
    try:
        yield
    except peewee.PeeweeException as error:
        original = getattr(error, "orig", None)
        if isinstance(original, sqlite3.Error):
            raise original from None
        raise
