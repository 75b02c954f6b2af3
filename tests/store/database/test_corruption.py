"""A damaged database is refused with its newest good copy, kept aside when it is replaced, and met only once."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.errors import ArchiveUnusable, DatabaseDamaged, DatabaseUnusable
from app.core.events import Trouble
from app.paths import DataFolder
from app.store import Store
from app.store.database import daily_copies
from app.store.database.connection import Session
from app.store.database.corruption import MEANWHILE, ask_for_check, keep_aside, sound_schema
from app.store.database.daily_copies import DAY_S, KEPT, DailyCopies
from app.store.database.migrations import MIGRATIONS
from app.store.database.put_in_place import forget_replaced
from app.store.database.restore import exclusive, restore
from tests.store.conftest import Clock, OpenStore, eventually, files_in
from tests.store.samples import ANSWER, frame, picture

PAGE_BYTES = 4_096
AUTH_KEY = "canary-auth-key-9431"


async def fill(store: Store, frames: int = 40, *, at: float | None = None) -> None:
    await store.profiles.add("alice", AUTH_KEY)
    await store.pairings.pair("192.168.0.12", "alice")
    alice = store.profiles.get("alice")
    for _ in range(frames):
        await store.activity.record(frame(alice, at=at), picture(), ANSWER, 812)
    await store.activity.pictures.settled()


def break_header(folder: DataFolder) -> None:
    with folder.database.open("r+b") as file:
        file.write(b"\0" * 100)


def break_last_pages(folder: DataFolder, count: int) -> None:
    """Those that what was written last has filled: whoever opens the database does not see it yet."""
    with folder.database.open("r+b") as file:
        file.seek(-count * PAGE_BYTES, os.SEEK_END)
        file.write(b"\xa5" * count * PAGE_BYTES)


def empty(folder: DataFolder) -> None:
    folder.database.write_bytes(b"")


def copy_now(folder: DataFolder, clock: Clock) -> Path:
    made, is_sound = DailyCopies(folder, clock, lambda: None)._copy_if_due(clock())
    assert made is not None
    assert is_sound
    return made


# --- refused, and what is offered ------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoil", [break_header, empty])
async def test_a_damaged_database_is_refused_with_its_last_good_copy(
    spoil: Callable[[DataFolder], None], open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store)
    good = copy_now(folder, clock)
    newer = folder.backups / "daily-29991231-000000.db"
    newer.write_bytes(b"SQLite format 3\0" + b"\0" * 5_000)  # damaged too: passed over
    spoil(folder)
    before = folder.database.read_bytes()
    with pytest.raises(DatabaseDamaged) as caught:
        async with open_store():
            pass
    assert caught.value.copy == good
    assert caught.value.copied_at is not None
    assert caught.value.copied_at.timestamp() == pytest.approx(clock.now, abs=1)
    assert f"{caught.value.copied_at.astimezone():%Y-%m-%d %H:%M}" in str(caught.value)
    assert f"'restore {good.name}'" in str(caught.value)
    assert str(folder.root) not in str(caught.value)
    assert folder.database.read_bytes() == before


async def test_without_a_copy_the_sentence_offers_none(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store() as store:
        await fill(store, 1)
    break_header(folder)
    with pytest.raises(DatabaseDamaged, match="put a backup in its place, or move it away") as caught:
        async with open_store():
            pass
    assert caught.value.copy is None


async def test_an_empty_file_is_damage_only_where_there_was_something(folder: DataFolder, clock: Clock) -> None:
    folder.prepare()
    empty(folder)
    store = await Store.open(folder, _bus(), default_providers=(), key_variables=lambda _: (), clock=clock)
    await store.close()


async def test_damage_met_while_the_cached_tables_are_read_is_damage_too(
    open_store: OpenStore, folder: DataFolder
) -> None:
    async with open_store() as store:
        for number in range(120):
            await store.blacklist.add(f"10.0.{number}.0/24", "x" * 150)
    break_last_pages(folder, 3)
    with pytest.raises(DatabaseDamaged):
        async with open_store():
            pass


def _bus() -> Any:
    return SimpleNamespace(publish=lambda event: None)


# --- met while it runs -----------------------------------------------------------------------------------------------


async def test_damage_in_the_middle_is_told_once_and_frames_go_on(
    open_store: OpenStore, folder: DataFolder, heard: list[Any], clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, at=clock.now - 2 * DAY_S)  # today's are read at a start
    good = copy_now(folder, clock)
    break_last_pages(folder, 6)
    async with open_store() as store:
        alice = store.profiles.get("alice")
        with pytest.raises(DatabaseDamaged):
            await store.activity.recent()
        for _ in range(5):
            await asyncio.wait_for(store.activity.record(frame(alice), picture(), ANSWER, 5), 2)
        with pytest.raises(DatabaseUnusable):
            await store.retention.delete_profile(alice.profile_id)
        await store.set_setting("gate.hints", 3)  # elsewhere in the file
        assert [event.sentence for event in heard if isinstance(event, Trouble)] == [MEANWHILE]
        await eventually(lambda: (folder.root / "check-database").exists())
    with pytest.raises(DatabaseDamaged) as caught:  # though what is read at a start is whole
        async with open_store():
            pass
    assert caught.value.copy == good


async def test_a_check_that_finds_nothing_is_asked_for_once(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store():
        pass
    ask_for_check(folder)
    async with open_store():
        pass
    assert "check-database" not in files_in(folder.root)


# --- put back --------------------------------------------------------------------------------------------------------


async def test_the_copy_is_put_back_and_the_damaged_file_kept_aside_as_it_is(
    open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, 3)
        token = await store.pairings.issue_token("alice")
    good = copy_now(folder, clock)
    async with open_store() as store:
        await store.activity.record(frame(store.profiles.get("alice")), picture(), ANSWER, 5)
    break_header(folder)
    folder.database.with_name(folder.database.name + "-wal").write_bytes(b"what was still to come")
    damaged = folder.database.read_bytes()
    ask_for_check(folder)
    with exclusive(folder):
        made = restore(folder, good)
    assert (made.pictures, made.schema) == (0, len(MIGRATIONS))
    (aside,) = folder.root.glob("frame-backend.db.damaged-*[0-9]")
    assert aside.read_bytes() == damaged
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"what was still to come"
    assert not list(folder.backups.glob("before-restore-*"))
    assert "check-database" not in files_in(folder.root)
    async with open_store() as store:
        rows = (await store.activity.report("alice")).frames
        assert len(rows) == 3
        assert all([await store.activity.picture(row.frame_id) for row in rows])
        assert store.profiles.match_key(AUTH_KEY) is not None
        assert store.pairings.profile_for_token(token) is None  # what was revoked since must stay so
        assert store.pairings.names_for("192.168.0.12") == ()


async def test_a_copy_put_back_over_a_sound_database_keeps_that_one_among_the_backups(
    open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, 1)
    good = copy_now(folder, clock)
    with exclusive(folder):
        restore(folder, good)
    forget_replaced(folder)
    (kept,) = folder.backups.glob("before-restore-*.db")
    assert sound_schema(kept) == len(MIGRATIONS)
    assert not list(folder.root.glob("*.damaged-*"))


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE song (title)")


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def acting(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TRIGGER t AFTER INSERT ON frame BEGIN DELETE FROM frame; END")


@pytest.mark.parametrize("spoil", [newer, foreign, torn, acting])
async def test_a_copy_that_cannot_be_used_changes_nothing(
    spoil: Callable[[Path], None], open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, 5)
    copy = copy_now(folder, clock)
    spoil(copy)
    before = folder.database.read_bytes()
    with exclusive(folder), pytest.raises(ArchiveUnusable):
        restore(folder, copy)
    assert folder.database.read_bytes() == before
    assert [name for name in files_in(folder.root) if "restore" in name] == []


async def test_a_copy_that_the_disk_has_no_room_for_is_not_put_back(
    open_store: OpenStore, folder: DataFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store() as store:
        await fill(store, 1)
    good = copy_now(folder, clock)
    before = folder.database.read_bytes()
    monkeypatch.setattr("app.store.database.restore.ROOM_LEFT_BYTES", 2**60)
    with exclusive(folder), pytest.raises(ArchiveUnusable, match="not enough room for the copy"):
        restore(folder, good)
    assert folder.database.read_bytes() == before


async def test_beginning_anew_keeps_the_damaged_file_with_its_logs(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store() as store:
        await fill(store, 1)
    for log in ("-wal", "-shm"):
        folder.database.with_name(folder.database.name + log).write_bytes(log.encode())
    break_header(folder)
    damaged = folder.database.read_bytes()
    with exclusive(folder):
        aside = keep_aside(folder.database, folder)
    assert aside.read_bytes() == damaged
    assert [aside.with_name(aside.name + log).read_bytes() for log in ("-wal", "-shm")] == [b"-wal", b"-shm"]
    async with open_store() as store:
        assert store.profiles.all() == ()


# --- the daily copy --------------------------------------------------------------------------------------------------


async def test_housekeeping_copies_at_start_and_then_once_a_day(
    open_store: OpenStore, folder: DataFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_copies, "LOOK_EVERY_S", 0.01)
    async with open_store() as store:
        await fill(store, 5)
        store.start_housekeeping()
        for number in range(1, KEPT + 3):
            await eventually(lambda: len(daily(folder)) == min(number, KEPT), within_s=10)  # noqa: B023
            before = daily(folder)
            for _ in range(3):
                await store._copies.copy_if_due()
            assert daily(folder) == before
            clock.now += DAY_S + 1
            await eventually(lambda: daily(folder) != before, within_s=10)  # noqa: B023
        await eventually(lambda: len(daily(folder)) == KEPT, within_s=10)  # the oldest goes once the new one is whole


def daily(folder: DataFolder) -> list[str]:
    return sorted(path.name for path in folder.backups.glob("daily-*.db"))


async def test_the_copy_holds_all_but_what_lets_somebody_in(
    open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, 5)
        await store.pairings.issue_token("alice")
        made = await store._copies.copy_if_due()
    assert made is not None
    assert sound_schema(made) == len(MIGRATIONS)
    if os.name == "posix":
        assert not made.stat().st_mode & 0o077
    assert files_in(folder.backups) == [made.name]  # nothing of its making is left
    pepper = folder.pepper.read_bytes()
    assert pepper not in made.read_bytes()
    assert pepper.hex().encode() not in made.read_bytes()
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT count(*) FROM frame").fetchone() == (5,)
        assert copy.execute("SELECT (SELECT count(*) FROM token), (SELECT count(*) FROM pairing)").fetchone() == (0, 0)


async def test_frames_are_recorded_while_it_is_copied(
    store: Store, folder: DataFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.database.backup.PAGES_AT_ONCE", 5)
    await fill(store, 60)
    alice = store.profiles.get("alice")
    copying = asyncio.gather(store._copies.copy_if_due())
    meanwhile = 0
    async with asyncio.timeout(15):
        while not copying.done():
            await store.activity.record(frame(alice), None, ANSWER, 5)
            meanwhile += 1
    (made,) = await copying
    assert made is not None
    assert meanwhile > 5
    assert store.activity.behind == 0
    with closing(sqlite3.connect(made)) as copy:  # of one moment: no commit made it begin anew
        assert 60 <= copy.execute("SELECT count(*) FROM frame").fetchone()[0] < 60 + meanwhile


async def test_a_copy_under_way_ends_with_the_program(
    open_store: OpenStore, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    wait = DailyCopies._pause

    def pause(self: DailyCopies) -> None:
        begun.set()
        for _ in range(1_000):
            wait(self)  # raises once it is to stop

    monkeypatch.setattr(DailyCopies, "_pause", pause)
    async with open_store() as store:
        await fill(store, 5)
        store.start_housekeeping()
        await eventually(begun.is_set, within_s=10)
    await eventually(lambda: files_in(folder.backups) == [])


async def test_a_clock_set_back_neither_ends_the_copies_nor_costs_the_newest(
    open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store, 1)
        for _ in range(KEPT):
            assert await store._copies.copy_if_due()
            clock.now += DAY_S + 1
        clock.now -= 10 * DAY_S
        made = await store._copies.copy_if_due()
        assert made is not None
        assert made.exists()
        assert len(daily(folder)) == KEPT
        assert await store._copies.copy_if_due() is None


async def test_a_disk_nearly_full_gets_no_copy(
    store: Store, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    size = folder.database.stat().st_size
    free = daily_copies.ROOM_LEFT_BYTES + 2 * size - 1
    monkeypatch.setattr(daily_copies.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert await store._copies.copy_if_due() is None
    assert "the disk is nearly full" in caplog.text
    assert files_in(folder.backups) == []
    monkeypatch.setattr(daily_copies.shutil, "disk_usage", lambda _: SimpleNamespace(free=2 * free))
    assert await store._copies.copy_if_due() is not None


async def test_an_unsound_copy_is_thrown_away_and_tells_of_the_damage(
    open_store: OpenStore, folder: DataFolder, heard: list[Any], clock: Clock
) -> None:
    async with open_store() as store:
        await fill(store)
        assert await store._copies.copy_if_due()
    before = daily(folder)
    with closing(sqlite3.connect(folder.database)) as database:  # rows that the index does not know
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = sql || ' WHERE id < 0' WHERE name = 'frame_by_time'")
        database.commit()
    async with open_store() as store:
        clock.now += DAY_S + 1
        assert await store._copies.copy_if_due() is None
        await eventually(lambda: (folder.root / "check-database").exists())
    assert daily(folder) == before
    assert Trouble(MEANWHILE) in heard


async def test_a_database_that_cannot_be_read_is_not_copied_and_says_so(
    store: Store, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> int:
        raise ArchiveUnusable("The database cannot be read: disk I/O error.")

    monkeypatch.setattr(daily_copies, "copy_database", refuse)
    assert await store._copies.copy_if_due() is None
    assert "not copied: The database cannot be read" in caplog.text


async def test_reading_goes_on_beside_a_job_that_met_damage(store: Store, heard: list[Any]) -> None:
    """One job's damage is not the whole batch's."""

    def meet(session: Session) -> None:
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    await store.profiles.add("alice")
    done = await asyncio.gather(
        store._database.change(meet), store.profiles.add("bob"), store._database.change(meet), return_exceptions=True
    )
    assert [type(one) for one in done] == [DatabaseDamaged, str, DatabaseDamaged]
    assert [event.sentence for event in heard if isinstance(event, Trouble)] == [MEANWHILE]


async def test_what_peewee_raises_is_told_apart_as_plain_errors_are(store: Store, folder: DataFolder) -> None:
    """A full disk under a query of peewee's is waited for like any other."""
    writers = await store._database.change(lambda session: session)
    writers.sql(f"PRAGMA max_page_count = {writers.number('PRAGMA page_count')}")
    adding = asyncio.gather(*(store.blacklist.add(f"10.{number}.0.0/16", "x" * 190) for number in range(120)))
    await asyncio.sleep(0.3)
    assert not adding.done()
    writers.sql("PRAGMA max_page_count = 100000")
    await asyncio.wait_for(adding, 5)
    assert len(store.blacklist.all()) == 120
