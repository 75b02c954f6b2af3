"""An index of what was said, so that a word is found in a million frames: which of them may hold it.

A file of its own, ``search.db``: the letters in threes of each frame's texts, folded, in FTS5's tables, each for a
range of row ids. It is made of the database and can be thrown away: no backup holds it, a restored database grows its
own. It may know too much of a frame (what was there before), never too little: ``frame_unsearched`` has the rows that
changed since, noted in the transaction of the change, and those behind ``searched_until`` are not in it yet. Whatever
it finds is looked at.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from app import files
from app.core.errors import StoreError
from app.core.tasks import Background
from app.paths import make_private_file
from app.store.database.connection import READER_BUSY_MS, Session
from app.store.database.corruption import is_damage
from app.store.database.executor import Database
from app.store.history.ended import to_json
from app.store.history.said_text import folded, texts_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0
TRIM_EVERY_S = 3_600.0
REST_S = 0.02
LOOKED_AT_S = 5.0
"""A search that began before its rows were noted is over by then."""
AT_ONCE = 500
PART_ROWS = 2**14
NEWER_MOST = 5_000
"""Of more rows that are not in it yet it is no help."""
TERMS_MOST = 24
SHORT_TERMS_MOST = 400
"""Of more threes that begin with one or two letters, most frames have one: no index is needed for them."""
FORMAT = 1
"""Of the file; one of another is made anew."""
_END = "\n\n"
"""Behind the last letters, so that each one and each two begin a three."""

_TABLE = "fts5(text, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
_NOTE = (
    "INSERT OR REPLACE INTO frame_unsearched (id, turn) SELECT id, 1 + abs(random() % 1000000000) FROM frame"
    " WHERE frame_id = ? AND id <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'searched_until')"
)
_TEXTS = (
    "SELECT id, answer, full_answer, error, ai_responses FROM frame WHERE id IN (SELECT value FROM json_each(?))"
    " ORDER BY id"
)
Waiting = list[tuple[int, int]]
"""(row id, turn): a row that changes again meanwhile has another turn."""


def note_said(session: Session, frame_id: str) -> None:
    """That frame's texts are new or others: in the transaction in which they come."""
    session.raw.execute(_NOTE, (frame_id,))


def forget_search(session: Session) -> None:
    """The index is of no use to this database any more."""
    session.sql("UPDATE meta SET value = '0' WHERE key = 'searched_until'")
    session.sql("UPDATE meta SET value = '' WHERE key = 'search_stamp'")
    session.sql("DELETE FROM frame_unsearched")


class SearchIndex(Background):
    """``start`` it for the one server of a data folder; others look into what it made."""

    name = "search index"

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._is_possible = _is_possible()
        self._is_broken = False
        self._trimmed_at = float("-inf")

    # --- searching: on a reader's thread ---------------------------------------------------------------------------

    def found(self, session: Session, text: str, most: int | None = None) -> Sequence[int] | None:
        """Row ids, in no order, of all frames in which ``text`` may be said; None for any, or more than ``most``."""
        wanted = folded(text)
        if not (_is_for_index(wanted) and self._is_possible and self._path.exists()):
            return None
        until, stamp = _state(session)
        waiting = [row[0] for row in session.sql("SELECT id FROM frame_unsearched")]
        newer = session.sql("SELECT id FROM frame WHERE id > ? LIMIT ?", (until, NEWER_MOST + 1))
        if len(newer) > NEWER_MOST:
            return None
        try:
            with closing(_opened(self._path)) as index:
                ids = _matching(index, wanted, most) if stamp in _stamps(index) else None
        except sqlite3.Error as error:
            log.warning("the search index cannot be read: %s", error)
            self._is_broken |= is_damage(error)
            return None
        return None if ids is None else sorted({*ids, *waiting, *(row[0] for row in newer)})

    # --- keeping it up ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take in what is new, now and every half a minute."""
        if self._is_possible:
            super().start()
        else:
            log.warning("this Python's SQLite has no FTS5 with trigrams: searching a long history takes longer")

    async def _run(self) -> None:
        while True:
            try:
                await self.catch_up()
                if time.monotonic() - self._trimmed_at > TRIM_EVERY_S:
                    self._trimmed_at = time.monotonic()
                    await self.trim()
            except (StoreError, OSError, sqlite3.Error) as error:
                self._is_broken |= is_damage(error)
                log.warning("the search index is kept up later: %s", error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def catch_up(self) -> None:
        """Take in all that is new or changed."""
        _, stamp = await self._database.read(_state)
        if self._is_broken or not await asyncio.to_thread(_fits, self._path, stamp):
            await self._database.change(forget_search)
            await asyncio.to_thread(_begin_anew, self._path)
            stamp, self._is_broken = "", False
        while await self._database.read(_is_behind):
            rows = await self._database.change(_claim)
            texts = await self._database.read(partial(_texts, ids=[row_id for row_id, _ in rows]))
            before, stamp = stamp, secrets.token_hex(8)
            await asyncio.to_thread(_take_in, self._path, texts, (stamp, before))
            await self._database.change(partial(_settle, done=rows, stamp=stamp))
            await asyncio.sleep(REST_S)

    async def trim(self) -> None:
        """Let go of the parts of which most rows are gone; the rest of them is taken in anew."""
        parts = await asyncio.to_thread(_parts, self._path)
        thin = [part for part, rows in parts if await self._database.read(partial(_is_thin, part=part, rows=rows))]
        if thin:
            await self._database.change(partial(_note_parts, parts=thin))
            await asyncio.sleep(LOOKED_AT_S)
            await asyncio.to_thread(_drop, self._path, thin)
            await self.catch_up()


# --- the database: what is in the index, and what is not -------------------------------------------------------------


def _state(session: Session) -> tuple[int, str]:
    stored = dict(session.sql("SELECT key, value FROM meta WHERE key IN ('searched_until', 'search_stamp')"))
    return int(stored["searched_until"]), stored["search_stamp"]


def _is_behind(session: Session) -> bool:
    until, _ = _state(session)
    waits = session.number("SELECT 1 FROM frame_unsearched LIMIT 1")
    return bool(waits or session.number("SELECT 1 FROM frame WHERE id > ? LIMIT 1", (until,)))


def _claim(session: Session) -> Waiting:
    """The next rows to be taken in. New ones are noted first: they may change while they are read."""
    waiting = "SELECT id, turn FROM frame_unsearched LIMIT ?"
    rows = session.sql(waiting, (AT_ONCE,))
    if not rows:
        until, _ = _state(session)
        new = session.sql("SELECT id FROM frame WHERE id > ? ORDER BY id LIMIT ?", (until, AT_ONCE))
        if new:
            session.raw.executemany("INSERT INTO frame_unsearched (id, turn) VALUES (?, 0)", new)
            session.sql("UPDATE meta SET value = ? WHERE key = 'searched_until'", (str(new[-1][0]),))
        rows = [(row_id, 0) for (row_id,) in new]
    return [(row_id, turn) for row_id, turn in rows]


def _texts(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    rows = session.sql(_TEXTS, (to_json(ids),))
    return [(row_id, "\n".join({folded(text) for text in texts_of(*columns)}) + _END) for row_id, *columns in rows]


def _settle(session: Session, done: Waiting, stamp: str) -> None:
    session.raw.executemany("DELETE FROM frame_unsearched WHERE id = ? AND turn = ?", done)
    session.sql("UPDATE meta SET value = ? WHERE key = 'search_stamp'", (stamp,))


def _is_thin(session: Session, part: int, rows: int) -> bool:
    first = part * PART_ROWS
    live = session.sql("SELECT 1 FROM frame WHERE id >= ? AND id < ? LIMIT ?", (first, first + PART_ROWS, rows))
    return len(live) * 4 < rows


def _note_parts(session: Session, parts: Iterable[int]) -> None:
    for part in parts:
        session.sql(
            "INSERT OR REPLACE INTO frame_unsearched (id, turn) SELECT id, 1 + abs(random() % 1000000000) FROM frame"
            " WHERE id >= ? AND id < ?",
            (part * PART_ROWS, (part + 1) * PART_ROWS),
        )


# --- the index's own file --------------------------------------------------------------------------------------------


def _is_possible() -> bool:
    try:
        with closing(sqlite3.connect(":memory:")) as trial:
            trial.execute(f"CREATE VIRTUAL TABLE trial USING {_TABLE}")
    except sqlite3.Error:
        return False
    return True


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=READER_BUSY_MS / 1_000)


def _begin_anew(path: Path) -> None:
    for name in ("", "-wal", "-shm"):
        files.delete(path.with_name(path.name + name), missing_ok=True)
    make_private_file(path)
    with closing(_opened(path)) as index:
        index.executescript(
            "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; BEGIN;"
            "CREATE TABLE stamp (now TEXT NOT NULL, before TEXT NOT NULL); INSERT INTO stamp VALUES ('', '');"
            "CREATE TABLE part (number INTEGER PRIMARY KEY, frames INTEGER NOT NULL); COMMIT;"
        )
        index.execute(f"PRAGMA user_version = {FORMAT}")


def _stamps(index: sqlite3.Connection) -> tuple[str, ...]:
    """Of the last time that rows were taken in, and that before: the database has one of them, whatever was cut."""
    if index.execute("PRAGMA user_version").fetchone() != (FORMAT,):
        return ()
    stamps: tuple[str, ...] = index.execute("SELECT now, before FROM stamp").fetchone()
    return stamps


def _fits(path: Path, stamp: str) -> bool:
    """Whether it was made of the database that has ``stamp``."""
    if not path.exists():
        return False
    try:
        with closing(_opened(path)) as index:
            return stamp in _stamps(index)
    except sqlite3.DatabaseError:
        return False


def _take_in(path: Path, texts: Iterable[tuple[int, str]], stamps: tuple[str, str]) -> None:
    by_part: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for row_id, text in texts:
        by_part[row_id // PART_ROWS].append((row_id, text))
    with closing(_opened(path)) as index:
        index.execute("PRAGMA synchronous = NORMAL")
        index.execute("BEGIN IMMEDIATE")
        for part, rows in by_part.items():
            index.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS said_{part} USING {_TABLE}")
            index.executemany(f"INSERT INTO said_{part} (rowid, text) VALUES (?, ?)", rows)  # noqa: S608  a number
            index.execute("INSERT OR IGNORE INTO part VALUES (?, 0)", (part,))
            index.execute("UPDATE part SET frames = frames + ? WHERE number = ?", (len(rows), part))
        index.execute("UPDATE stamp SET now = ?, before = ?", stamps)
        index.execute("COMMIT")


def _parts(path: Path) -> list[tuple[int, int]]:
    """(number, rows that were taken in) of each."""
    with closing(_opened(path)) as index:
        return index.execute("SELECT number, frames FROM part ORDER BY number DESC").fetchall()


def _drop(path: Path, parts: Iterable[int]) -> None:
    with closing(_opened(path)) as index:
        for part in parts:
            index.executescript(
                f"BEGIN; DROP TABLE said_{part}; DELETE FROM part WHERE number = {part}; COMMIT;"  # noqa: S608
                "PRAGMA incremental_vacuum;"
            )


def _is_for_index(wanted: str) -> bool:
    return bool(wanted) and "\0" not in wanted and not unicodedata.combining(wanted[0])  # which is of accents alone


def _matching(index: sqlite3.Connection, wanted: str, most: int | None) -> list[int] | None:
    found: list[int] = []
    for (part,) in index.execute("SELECT number FROM part ORDER BY number DESC").fetchall():
        terms = _terms(wanted) if len(wanted) > 2 else _terms_beginning(index, part, wanted)
        if terms is None:
            return None
        room = -1 if most is None else most + 1 - len(found)
        found += [row[0] for row in index.execute(f"SELECT rowid FROM said_{part}(?) LIMIT ?", (terms, room))]  # noqa: S608
        if most is not None and len(found) > most:
            return None
    return found


def _terms(wanted: str) -> str:
    """``wanted``'s letters in threes as a question to FTS5."""
    threes = dict.fromkeys(wanted[place : place + 3] for place in range(len(wanted) - 2))
    return " AND ".join(map(_quoted, list(threes)[:TERMS_MOST]))


def _terms_beginning(index: sqlite3.Connection, part: int, wanted: str) -> str | None:
    """The part's threes that begin with ``wanted``, which is shorter, as a question to FTS5; None for too many."""
    index.execute(f"CREATE VIRTUAL TABLE temp.three USING fts5vocab(main, said_{part}, row)")
    threes = index.execute(
        "SELECT term FROM three WHERE term >= ? AND term <= ? LIMIT ?",
        (wanted, wanted + "\U0010ffff" * 2, SHORT_TERMS_MOST + 1),
    ).fetchall()
    index.execute("DROP TABLE temp.three")
    if len(threes) > SHORT_TERMS_MOST:
        return None
    return " OR ".join(_quoted(three) for (three,) in threes) or '""'


def _quoted(term: str) -> str:
    return '"{}"'.format(term.replace('"', '""'))
