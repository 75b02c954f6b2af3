"""How the database came to its present shape: numbered steps, the number of the last one kept in PRAGMA user_version.

A step is never changed once released; the next one is added at the end of ``MIGRATIONS``.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from app import files
from app.core.errors import DatabaseUnusable
from app.paths import DataFolder, make_private_file, make_private_folder
from app.store.database.connection import WAL_KEPT_BYTES, WAL_PAGES_MAX, WRITER_BUSY_MS, Session
from app.store.database.corruption import APPLICATION_ID, check_if_asked, damaged, unusable

KEPT_BACKUPS = 3
OPENING_BUSY_MS = 5_000

Migration = Callable[[Session], None]

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE profile (
    id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, key_hash BLOB NOT NULL UNIQUE,
    pepper_id TEXT NOT NULL, prompt TEXT NOT NULL DEFAULT '', chain TEXT, created_at REAL NOT NULL, last_seen_at REAL);
CREATE TABLE profile_setting (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (profile_id, key)) WITHOUT ROWID;
CREATE TABLE pairing (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE, ip TEXT NOT NULL, paired_at REAL NOT NULL,
    expires_at REAL, last_auth_at REAL, PRIMARY KEY (profile_id, ip)) WITHOUT ROWID;
CREATE TABLE token (
    token_hash BLOB PRIMARY KEY, profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    issued_at REAL NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX token_by_profile ON token (profile_id);
CREATE TABLE blacklist (
    address TEXT PRIMARY KEY, reason TEXT NOT NULL, automatic INTEGER NOT NULL, created_at REAL NOT NULL,
    expires_at REAL) WITHOUT ROWID;
CREATE TABLE provider (
    name TEXT PRIMARY KEY, position INTEGER, base_url TEXT, model TEXT, enabled INTEGER, requests_per_minute INTEGER,
    requests_per_day INTEGER, preset TEXT, revision INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE stored_key (
    profile_id INTEGER NOT NULL, provider TEXT NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (profile_id, provider)) WITHOUT ROWID;
CREATE TABLE cooldown (
    provider TEXT NOT NULL, key_id TEXT NOT NULL, word TEXT NOT NULL, until REAL, revision INTEGER NOT NULL,
    PRIMARY KEY (provider, key_id)) WITHOUT ROWID;
CREATE TABLE learned (
    base_url TEXT NOT NULL, model TEXT NOT NULL, blind INTEGER NOT NULL, repairs TEXT NOT NULL,
    successor TEXT NOT NULL, PRIMARY KEY (base_url, model)) WITHOUT ROWID;
CREATE TABLE day_count (
    provider TEXT NOT NULL, key_id TEXT NOT NULL, day TEXT NOT NULL, calls INTEGER NOT NULL,
    PRIMARY KEY (provider, key_id, day)) WITHOUT ROWID;
CREATE TABLE frame (
    id INTEGER PRIMARY KEY, frame_id TEXT NOT NULL UNIQUE, profile_id INTEGER NOT NULL, received_ms INTEGER NOT NULL,
    status INTEGER NOT NULL, code TEXT NOT NULL, answer TEXT NOT NULL, full_answer TEXT NOT NULL, error TEXT NOT NULL,
    answered_by TEXT NOT NULL, confidence REAL, kind TEXT NOT NULL, latency_ms INTEGER NOT NULL,
    reused INTEGER NOT NULL, prompt TEXT NOT NULL, judge_why TEXT NOT NULL, client_ip TEXT NOT NULL,
    attempts TEXT NOT NULL, ai_responses TEXT NOT NULL, usage TEXT NOT NULL, image_bytes INTEGER NOT NULL,
    row_bytes INTEGER NOT NULL);
CREATE INDEX frame_by_profile ON frame (profile_id, received_ms, image_bytes, row_bytes);
CREATE INDEX frame_by_time ON frame (received_ms)
"""
# frame.profile_id refers to nothing on purpose: a profile goes at once, its history in slices behind it.
# frame_by_profile holds the sizes, so that summing them never reads the rows.


def _run(session: Session, script: str) -> None:
    for statement in script.split(";"):
        session.sql(statement)


def _first(session: Session) -> None:
    _run(session, _FIRST)
    session.sql("INSERT INTO meta (key, value) VALUES ('installation_id', ?)", (secrets.token_hex(8),))


_COSTS_AND_MARKS = """
ALTER TABLE profile ADD COLUMN deleted_at REAL;
ALTER TABLE provider ADD COLUMN daily_cap_usd REAL;
ALTER TABLE blacklist ADD COLUMN hits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frame ADD COLUMN calls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frame ADD COLUMN cost_usd REAL;
ALTER TABLE frame ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frame ADD COLUMN thumb INTEGER NOT NULL DEFAULT 0;
ALTER TABLE frame ADD COLUMN paid_by TEXT NOT NULL DEFAULT '';
ALTER TABLE frame ADD COLUMN quarter INTEGER AS (received_ms / 900000) VIRTUAL;
UPDATE frame SET
    calls = (SELECT count(DISTINCT json_extract(value, '$.provider')) FROM json_each(frame.attempts)
        WHERE json_extract(value, '$.outcome') NOT IN ('skipped', 'judged')),
    cost_usd = CASE WHEN usage = '[]' AND NOT EXISTS (SELECT 1 FROM json_each(frame.attempts)
        WHERE json_extract(value, '$.outcome') IN ('sure', 'unsure', 'judged')
        AND json_extract(value, '$.provider') != 'on_device') THEN 0.0 END;
DROP INDEX frame_by_profile;
CREATE INDEX frame_by_profile ON frame (profile_id, received_ms, favourite, image_bytes, row_bytes);
CREATE INDEX frame_by_quarter ON frame (
    profile_id, quarter, status, code, answered_by, paid_by, calls, cost_usd, reused, favourite, thumb, kind,
    latency_ms, received_ms);
CREATE INDEX frame_by_payers ON frame (profile_id, quarter, received_ms, usage) WHERE paid_by = '*';
CREATE TABLE price (
    model TEXT PRIMARY KEY, input_usd REAL NOT NULL, output_usd REAL NOT NULL, as_of TEXT NOT NULL) WITHOUT ROWID
"""
# frame.calls: how many providers were called; cost_usd: null where a call's price is not known, 0 where nothing was
# paid; paid_by: the one provider that was paid, * for several or when only a part is known, empty for none; thumb: 1
# up, -1 down. price: US dollars per million tokens, the owner's own; as_of an ISO date.
# frame.quarter: of an hour, since every zone's days and hours begin with one. frame_by_quarter is in the order in which
# the summary groups, and holds all that it adds up: 100,000 frames are summed without reading or sorting a row;
# frame_by_payers is for the few frames whose cost is to be divided.


_NOTHING_FOR_EVER = """
ALTER TABLE cooldown ADD COLUMN step INTEGER NOT NULL DEFAULT 1;
ALTER TABLE cooldown ADD COLUMN since REAL NOT NULL DEFAULT 0;
UPDATE cooldown SET until = 0 WHERE until IS NULL;
DROP TABLE learned;
CREATE TABLE lesson (
    provider TEXT PRIMARY KEY, base_url TEXT NOT NULL, model TEXT NOT NULL, revision INTEGER NOT NULL,
    blind INTEGER NOT NULL, repairs TEXT NOT NULL, successor TEXT NOT NULL, learned_at REAL NOT NULL) WITHOUT ROWID
"""
# A cooldown without an end is over: a live frame probes it. What was learned had no date, and is learned anew.


def _short_keys_and_whose_tokens(session: Session) -> None:
    """A hash does not tell how long its key is: that is noted when it is next shown."""
    session.sql("ALTER TABLE profile ADD COLUMN has_short_key INTEGER NOT NULL DEFAULT 0")
    session.sql("ALTER TABLE token ADD COLUMN ip TEXT NOT NULL DEFAULT ''")


_TRUST = """
ALTER TABLE frame ADD COLUMN trust REAL;
ALTER TABLE frame ADD COLUMN whole_ms INTEGER;
ALTER TABLE frame ADD COLUMN correction TEXT NOT NULL DEFAULT '';
ALTER TABLE frame ADD COLUMN signs TEXT NOT NULL DEFAULT '{}';
CREATE TABLE label (
    frame_id TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL, confidence REAL,
    signs TEXT NOT NULL, source TEXT NOT NULL, is_right REAL NOT NULL, weight REAL NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (frame_id, provider, source)) WITHOUT ROWID;
CREATE INDEX label_by_time ON label (at)
"""
# frame.whole_ms: until the long form was there too; null where it came with the words. frame.signs: what was known of
# each answer beside its confidence, by provider. label: whether an answer was right, as somebody said; kept when its
# frame goes, for it holds no words.


_RISK_OF_CUT = {"sure_cut": "risk.scene", "sure_cut_exact": "risk.exact"}


def _trust(session: Session) -> None:
    _run(session, _TRUST)
    for table in ("setting", "profile_setting"):
        for cut, risk in _RISK_OF_CUT.items():
            for (text,) in session.sql(f"SELECT DISTINCT value FROM {table} WHERE key = ?", (cut,)):  # noqa: S608
                where = (risk, _risk_of(text), cut, text)
                session.sql(f"UPDATE {table} SET key = ?, value = ? WHERE key = ? AND value = ?", where)  # noqa: S608


def _risk_of(cut: str) -> str:
    """What is no number stays none: the setting then goes by its default."""
    try:
        return f"{1.0 - float(cut):.6g}"
    except ValueError:
        return cut


_SUMS = """
CREATE TABLE frame_sum (
    hours INTEGER NOT NULL, start INTEGER NOT NULL, profile_id INTEGER NOT NULL, sums TEXT NOT NULL,
    PRIMARY KEY (hours, start, profile_id));
CREATE TABLE frame_unsummed (
    hour INTEGER NOT NULL, profile_id INTEGER NOT NULL, PRIMARY KEY (hour, profile_id)) WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('summed_until', '0')
"""
# frame_sum.hours: how many are summed, 1 or 24; start: the first of them, counted from 1970. What there is already is
# summed behind the first start, in slices.


_DOORS = """
CREATE TABLE app_key (
    id INTEGER PRIMARY KEY AUTOINCREMENT, profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    app TEXT NOT NULL, key_hash BLOB NOT NULL UNIQUE, created_at REAL NOT NULL, last_used_at REAL,
    UNIQUE (profile_id, app));
ALTER TABLE frame ADD COLUMN door TEXT NOT NULL DEFAULT ''
"""
# frame.door: through which it came, empty: from the glasses.


_SEARCH = """
CREATE TABLE frame_unsearched (id INTEGER PRIMARY KEY, turn INTEGER NOT NULL);
INSERT INTO meta (key, value) VALUES ('searched_until', '0'), ('search_stamp', '')
"""
# frame_unsearched: rows that the search index does not know as they are now.


_SIZES = """
CREATE TABLE frame_size (
    hour INTEGER NOT NULL, profile_id INTEGER NOT NULL, frames INTEGER NOT NULL, bytes INTEGER NOT NULL,
    favourites INTEGER NOT NULL, favourite_bytes INTEGER NOT NULL, PRIMARY KEY (hour, profile_id)) WITHOUT ROWID;
UPDATE meta SET value = '0' WHERE key = 'summed_until';
DELETE FROM frame_unsummed
"""
# frame_size: what the frames of an hour take, summed along with frame_sum, which is therefore made anew.


_BLUR = "ALTER TABLE frame ADD COLUMN blurred_faces INTEGER"
# frame.blurred_faces: how many were found and blurred in its picture; null where nobody looked for them.


MIGRATIONS: tuple[Migration, ...] = (
    _first,
    partial(_run, script=_COSTS_AND_MARKS),
    partial(_run, script=_NOTHING_FOR_EVER),
    _short_keys_and_whose_tokens,
    _trust,
    partial(_run, script=_SUMS),
    partial(_run, script=_DOORS),
    partial(_run, script=_SEARCH),
    partial(_run, script=_SIZES),
    partial(_run, script=_BLUR),
)


def open_database(folder: DataFolder, migrations: Sequence[Migration] = MIGRATIONS) -> Session:
    """The writer's session on a database brought up to date. Raises ``DatabaseUnusable``; it is then as it was."""
    try:
        folder.prepare()
        was_emptied = folder.database.exists() and folder.database.stat().st_size == 0
        make_private_file(folder.database)
        session = Session(folder.database, busy_ms=OPENING_BUSY_MS)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnusable("The data folder cannot be used: {reason}.", reason=_reason(error)) from None
    try:
        if was_emptied and any(folder.backups.glob("daily-*.db")):
            raise damaged(folder, len(migrations))  # it held something once
        check_if_asked(session, folder, len(migrations))
        _bring_up_to_date(session, folder, migrations)
    except sqlite3.Error as error:
        session.close()
        raise unusable(error, folder, len(migrations)) from None
    except BaseException:
        session.close()
        raise
    return session


def _bring_up_to_date(session: Session, folder: DataFolder, migrations: Sequence[Migration]) -> None:
    version = _version(session, len(migrations))
    if version == 0:
        # Only before the first page is written; WAL mode writes one.
        session.sql("PRAGMA auto_vacuum = INCREMENTAL")
    session.sql("PRAGMA journal_mode = WAL")
    session.sql("PRAGMA synchronous = NORMAL")
    if 0 < version < len(migrations):
        _back_up(session, folder.backups, version)
    for number in range(version + 1, len(migrations) + 1):
        _migrate(session, number, migrations[number - 1])
    session.sql("PRAGMA foreign_keys = ON")
    session.sql(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
    session.sql(f"PRAGMA wal_autocheckpoint = {WAL_PAGES_MAX}")
    session.sql(f"PRAGMA busy_timeout = {WRITER_BUSY_MS}")


def _version(session: Session, newest: int) -> int:
    """The database's version, 0 for an empty one. Raises ``DatabaseUnusable`` for one that is not ours or newer."""
    version = session.number("PRAGMA user_version")
    is_empty = session.number("SELECT count(*) FROM sqlite_master") == 0
    if not is_empty and session.number("PRAGMA application_id") != APPLICATION_ID:
        raise DatabaseUnusable("The database in the data folder was made by another program.")
    if version > newest:
        raise DatabaseUnusable(
            "The database was made by a newer version of this program (its format is {version}, this program "
            "knows {newest}): install the newer version.",
            version=version,
            newest=newest,
        )
    return version


def _migrate(session: Session, number: int, migration: Migration) -> None:
    """One step in one transaction. Another process may have taken it meanwhile: then nothing is to be done."""
    session.sql("BEGIN IMMEDIATE")
    try:
        if session.number("PRAGMA user_version") < number:
            migration(session)
            session.sql(f"PRAGMA user_version = {number}")
            session.sql(f"PRAGMA application_id = {APPLICATION_ID}")
        session.sql("COMMIT")
    except BaseException:
        if session.raw.in_transaction:
            session.sql("ROLLBACK")
        raise


def _back_up(session: Session, backups: Path, version: int) -> None:
    """Copy the database as it is before its format changes, and keep the newest copies alone."""
    make_private_folder(backups)
    target = backups / f"format-{version}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(2)}.db"
    make_private_file(target)
    with closing(sqlite3.connect(target)) as copy:
        session.raw.backup(copy)
    copies = sorted(backups.glob("format-*.db"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in copies[KEPT_BACKUPS:]:
        files.delete(old, missing_ok=True)


def _reason(error: Exception) -> str:
    return (error.strerror or "no access") if isinstance(error, OSError) else str(error)
