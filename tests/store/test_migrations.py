"""A database is brought up to date behind a copy of itself, and one that is not ours is left alone."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import DatabaseUnusable
from app.paths import DataFolder
from app.store.frame_rows import _COLUMNS
from app.store.migrations import APPLICATION_ID, KEPT_BACKUPS, MIGRATIONS, open_database
from app.store.records import RECORDS
from app.store.session import Session
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
        found = {row[1] for row in session.sql("PRAGMA table_info(frame)")}
        assert found == {"id", *_COLUMNS}
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
    [(newer, "newer version"), (foreign, "another program"), (no_database, "damaged or is no"), (cut, "database")],
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
