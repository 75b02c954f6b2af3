"""A database is brought up to date behind a copy of itself, and one that is not ours is left alone."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import DatabaseUnusable
from app.paths import DataFolder
from app.store import Filter
from app.store.database.connection import Session
from app.store.database.migrations import APPLICATION_ID, KEPT_BACKUPS, MIGRATIONS, open_database
from app.store.database.records import RECORDS
from tests.store.conftest import OpenStore


def add_colour(session: Session) -> None:
    session.sql("ALTER TABLE profile ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'")


def fail_half_way(session: Session) -> None:
    session.sql("DELETE FROM profile")
    raise sqlite3.OperationalError("half-way")


def names_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as other:
        return [row[0] for row in other.execute("SELECT username FROM profile")]


@pytest.fixture
async def with_alice(open_store: OpenStore) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")


def test_tables_hold_the_columns_that_the_queries_name(folder: DataFolder) -> None:
    with closing(open_database(folder)) as session:
        for record in RECORDS:
            meta = record._meta
            found = {row[1] for row in session.sql(f"PRAGMA table_info({meta.table_name})")}
            assert found == set(meta.columns), meta.table_name
        assert session.number("PRAGMA auto_vacuum") == 2
        assert session.sql("PRAGMA journal_mode") == [("wal",)]
        assert session.number("PRAGMA foreign_keys") == 1
        assert session.number("PRAGMA synchronous") == 1


@pytest.mark.usefixtures("with_alice")
def test_a_migration_is_preceded_by_a_backup(folder: DataFolder) -> None:
    with closing(open_database(folder, (*MIGRATIONS, add_colour))) as session:
        assert session.sql("SELECT username, colour FROM profile") == [("alice", "blue")]
        assert session.number("PRAGMA user_version") == len(MIGRATIONS) + 1
    (backup,) = folder.backups.iterdir()
    assert names_in(backup) == ["alice"]
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_new_database_needs_no_backup(folder: DataFolder) -> None:
    open_database(folder, (*MIGRATIONS, add_colour)).close()
    open_database(folder, (*MIGRATIONS, add_colour)).close()
    assert not folder.backups.exists()


def test_the_newest_backups_are_kept(folder: DataFolder) -> None:
    migrations = list(MIGRATIONS)
    open_database(folder, migrations).close()
    for _ in range(KEPT_BACKUPS + 2):
        migrations.append(lambda session: None)
        open_database(folder, migrations).close()
    versions = sorted(int(path.name.split("-")[1]) for path in folder.backups.iterdir())
    assert versions == list(range(len(migrations) - KEPT_BACKUPS, len(migrations)))


@pytest.mark.usefixtures("with_alice")
def test_a_failed_migration_changes_nothing(folder: DataFolder) -> None:
    with pytest.raises(DatabaseUnusable):
        open_database(folder, (*MIGRATIONS, fail_half_way))
    assert names_in(folder.database) == ["alice"]
    open_database(folder).close()


# --- a database of the first format ----------------------------------------------------------------------------------

OLD_COLUMNS = (
    "frame_id", "profile_id", "received_ms", "status", "code", "answer", "full_answer", "error", "answered_by",
    "confidence", "kind", "latency_ms", "reused", "prompt", "judge_why", "client_ip", "attempts", "ai_responses",
    "usage", "image_bytes", "row_bytes",
)  # fmt: skip
SURE = {"provider": "gemini", "outcome": "sure"}
OLD_FRAMES: dict[str, tuple[list[dict[str, str]], list[list[object]], int, float | None]] = {
    "sure": ([SURE], [["gemini", "g-1", 400, 30]], 1, None),
    "on_device": (
        [{"provider": "gemini", "outcome": "timeout"}, {"provider": "on_device", "outcome": "unsure"}], [], 2, 0.0,
    ),
    "local": ([{"provider": "ollama", "outcome": "unsure"}], [], 1, None),
    "judged": (
        [
            {"provider": "gemini", "outcome": "unsure"}, {"provider": "deepseek", "outcome": "skipped"},
            {"provider": "qwen", "outcome": "unsure"}, {"provider": "gemini", "outcome": "judged"},
        ],
        [["gemini", "g-1", 400, 30], ["qwen", "q-1", 400, 30], ["gemini", "g-1", 700, 9]], 2, None,
    ),
    "corrected": (
        [{"provider": "qwen", "outcome": "bad_request"}, {"provider": "qwen", "outcome": "sure"}], [], 1, None,
    ),
    "failed": ([{"provider": "gemini", "outcome": "overload"}, {"provider": "qwen", "outcome": "auth"}], [], 2, 0.0),
    "hint": ([], [], 0, 0.0),
}  # fmt: skip
"""By name: attempts and usage as the first format kept them, then the calls and the cost to be found in them."""


def make_old_database(folder: DataFolder) -> None:
    with closing(open_database(folder, MIGRATIONS[:1])) as session:
        session.sql("INSERT INTO profile (username, key_hash, pepper_id, created_at) VALUES ('alice', x'00', 'p', 1.5)")
        session.sql("INSERT INTO provider (name, model, revision) VALUES ('gemini', 'g-2', 3)")
        session.sql("INSERT INTO blacklist VALUES ('10.0.0.9', 'rude', 0, 1.5, NULL)")
        for number, (name, (attempts, usage, _, _)) in enumerate(OLD_FRAMES.items()):
            status, code = (503, "no_answer") if name == "failed" else (200, "ok")
            values = (
                name, 1, 1_700_000_000_000 + number, status, code, "A mug.", "", "", "gemini", 0.9, "scene", 800, 0, "",
                "", "10.0.0.1", json.dumps(attempts), "{}", json.dumps(usage, separators=(",", ":")), 0, 400,
            )  # fmt: skip
            marks = ", ".join("?" * len(OLD_COLUMNS))
            session.sql(f"INSERT INTO frame ({', '.join(OLD_COLUMNS)}) VALUES ({marks})", values)


async def test_a_database_of_the_first_format_comes_up_to_date(folder: DataFolder, open_store: OpenStore) -> None:
    make_old_database(folder)
    async with open_store() as store:
        rows = {row.frame_id: row for row in await store.activity.recent()}
        assert set(rows) == set(OLD_FRAMES)
        for name, (attempts, usage, calls, cost_usd) in OLD_FRAMES.items():
            row = rows[name]
            assert (row.calls, row.cost_usd) == (calls, cost_usd), name
            assert (row.favourite, row.thumb, row.attempts) == (False, 0, attempts)
            assert row.usage == tuple((*one, None) for one in usage)
        summary = await store.activity.summary(Filter("alice"))
        assert (summary.frames, summary.escalated, summary.unpriced, summary.cost_usd) == (7, 3, 4, 0.0)
        assert store.providers.get("gemini").daily_cap_usd == 0.0
        assert [(one.address, one.hits) for one in store.blacklist.all()] == [("10.0.0.9", 0)]
    (backup,) = folder.backups.iterdir()
    assert backup.name.startswith("format-1-")
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT count(*) FROM frame").fetchone() == (len(OLD_FRAMES),)


def test_a_database_brought_up_to_date_is_as_a_new_one(folder: DataFolder, tmp_path: Path) -> None:
    make_old_database(folder)
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    with closing(open_database(folder)) as old, closing(open_database(DataFolder(tmp_path / "new"))) as new:
        assert old.sql(schema) == new.sql(schema)
        assert old.sql("PRAGMA integrity_check") == [("ok",)]


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE song (title)")


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all, but long enough to be taken for one\n" * 40)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000] + b"\0" * 4_000)


@pytest.mark.usefixtures("with_alice")
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(newer, "newer version"), (foreign, "another program"), (no_database, "file is damaged"), (cut, "database")],
)
async def test_what_cannot_be_used_is_refused_untouched(
    spoil: Callable[[Path], None], sentence: str, folder: DataFolder, open_store: OpenStore
) -> None:
    spoil(folder.database)
    before = hashlib.sha256(folder.database.read_bytes()).hexdigest()
    with pytest.raises(DatabaseUnusable, match=sentence) as caught:
        async with open_store():
            pass
    assert str(folder.root) not in str(caught.value)
    assert hashlib.sha256(folder.database.read_bytes()).hexdigest() == before
    assert not folder.backups.exists()


async def test_a_folder_that_cannot_be_made_is_a_sentence(open_store: OpenStore, folder: DataFolder) -> None:
    folder.root.write_text("a file stands in its place")
    with pytest.raises(DatabaseUnusable, match="data folder cannot be used"):
        async with open_store():
            pass


def test_ours_is_told_from_others(folder: DataFolder) -> None:
    with closing(open_database(folder)) as session:
        assert session.number("PRAGMA application_id") == APPLICATION_ID


def test_a_cut_on_confidence_becomes_the_risk_that_it_stood_for(folder: DataFolder) -> None:
    make_old_database(folder)
    with closing(open_database(folder, MIGRATIONS[:4])) as session:
        session.sql("INSERT INTO setting VALUES ('sure_cut', '0.85'), ('sure_cut_exact', 'much')")
        session.sql("INSERT INTO profile_setting VALUES (1, 'sure_cut', '1.0'), (1, 'sure_cut_exact', '0.9')")
    with closing(open_database(folder)) as session:
        assert session.sql("SELECT key, value FROM setting ORDER BY key") == [
            ("risk.exact", "much"), ("risk.scene", "0.15"),
        ]  # fmt: skip
        assert session.sql("SELECT key, value FROM profile_setting ORDER BY key") == [
            ("risk.exact", "0.1"), ("risk.scene", "0"),
        ]  # fmt: skip
