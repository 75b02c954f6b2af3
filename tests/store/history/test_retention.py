"""Frames go by age and by size, with their pictures, in slices that leave room for the next frame."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus, DiskLow, HistoryChanged
from app.paths import DataFolder
from app.store import Deleted, Store
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.history import retention
from app.store.history.frame_rows import SLICE_ROWS
from app.store.history.retention import DISK_LOW_BYTES
from app.store.profiles.pairings import TOKEN_VALID_S
from tests.store.conftest import Clock, OpenStore, count, eventually, eventually_is, files_in
from tests.store.samples import ANSWER, frame, picture

DAY = 24 * 3_600.0


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        store.activity.pictures._items = 10_000  # here whole histories come at once
        yield store


@pytest.fixture
def told(bus: Bus) -> list[Any]:
    """What the window hears of the history and the disk."""
    found: list[Any] = []
    for kind in (HistoryChanged, DiskLow):
        bus.subscribe(kind, found.append)
    return found


async def record(store: Store, username: str, frames: int, *, at: float, size: int = 0) -> None:
    profile = store.profiles.get(username)
    await asyncio.gather(
        *(
            store.activity.record(frame(profile, at=at + number / 100), picture(size) if size else None, ANSWER, 5)
            for number in range(frames)
        )
    )


def pictures(folder: DataFolder) -> int:
    return sum(name.endswith(".jpg") for name in files_in(folder.frames))


async def test_three_days_and_a_gigabyte_unless_the_owner_says_otherwise(store: Store, clock: Clock) -> None:
    assert (store.settings.integer("retention.days"), store.settings.integer("retention.mb_per_profile")) == (3, 1_024)
    await record(store, "alice", 1, at=clock.now - 3 * DAY - 1)
    await record(store, "alice", 1, at=clock.now - 3 * DAY + 60)
    assert (await store.retention.clean()).frames == 1
    assert (await store.activity.report("alice")).frames_total == 1


async def test_by_age(store: Store, clock: Clock, folder: DataFolder) -> None:
    await record(store, "alice", 2 * SLICE_ROWS + 30, at=clock.now - 3 * DAY - 60)
    await record(store, "alice", 10, at=clock.now - 4 * DAY, size=500)
    await record(store, "bob", 5, at=clock.now - 2 * DAY, size=500)
    await eventually(lambda: pictures(folder) == 15)
    gone = await store.retention.clean()
    assert gone.frames == 2 * SLICE_ROWS + 40
    assert gone.bytes > 10 * 500 + gone.frames * 500
    assert (await store.activity.report("alice")).frames_total == 0
    assert (await store.activity.report("bob")).frames_total == 5
    await eventually(lambda: pictures(folder) == 5)
    await eventually(lambda: [path.name for path in folder.frames.iterdir() if path.name.isdigit()] == ["2"])
    assert (await store.retention.clean()).frames == 0


async def test_by_size_the_oldest_go_and_no_more_than_must(store: Store, clock: Clock, folder: DataFolder) -> None:
    await store.set_setting("retention.mb_per_profile", 1)
    await record(store, "alice", 30, at=clock.now - 100, size=60_000)
    await record(store, "bob", 3, at=clock.now - 100, size=60_000)
    await eventually(lambda: pictures(folder) == 33)
    before = {usage.username: usage for usage in await store.retention.usage()}
    gone = await store.retention.clean()
    after = {usage.username: usage for usage in await store.retention.usage()}
    each = before["alice"].bytes / 30
    assert 2**20 - each < after["alice"].bytes <= 2**20
    assert before["alice"].bytes - after["alice"].bytes == gone.bytes
    assert after["bob"] == before["bob"]
    kept = (await store.activity.report("alice", 0)).frames
    assert len(kept) == 30 - gone.frames == after["alice"].frames
    assert kept[-1].received_at == after["alice"].oldest_at
    assert kept[-1].received_at.timestamp() == pytest.approx(clock.now - 100 + gone.frames / 100, abs=0.002)
    await eventually(lambda: pictures(folder) == len(kept) + 3)


async def test_the_file_shrinks(store: Store, clock: Clock, folder: DataFolder) -> None:
    await record(store, "alice", 3_000, at=clock.now - 5 * DAY)

    async def is_large() -> bool:  # its log is copied into it as the store gets to it, too
        await store._database.read(lambda session: session.sql("PRAGMA wal_checkpoint(PASSIVE)"))
        return folder.database.stat().st_size > 2**20

    await eventually_is(is_large, True)
    full = folder.database.stat().st_size
    await store.retention.clean()
    await eventually_is(is_large, False)
    assert folder.database.stat().st_size < full / 4


async def test_pages_go_back_as_they_are_freed(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[int] = []
    vacuum_some = retention._vacuum_some

    def counted(session: Session) -> int:
        free.append(session.number("PRAGMA freelist_count"))
        return vacuum_some(session)

    monkeypatch.setattr(retention, "_vacuum_some", counted)
    await record(store, "alice", 4_000, at=clock.now - 5 * DAY)
    await store.retention.clean()
    assert await store._database.read(lambda session: session.number("PRAGMA freelist_count")) == 0
    assert len(free) > 4_000 / SLICE_ROWS
    assert max(free) < 200


async def test_what_an_earlier_version_left_free_goes_back_some_at_a_time(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "VACUUM_S", 0.0)
    await record(store, "alice", 500, at=clock.now)
    await store._database.change(lambda session: session.sql("DELETE FROM frame"))
    assert await store._database.read(lambda session: session.number("PRAGMA freelist_count")) > 50
    await store.retention.clean()
    assert await store._database.read(lambda session: session.number("PRAGMA freelist_count")) == 0


async def test_cleaning_ends_on_a_database_that_gives_no_pages_back(
    open_store: OpenStore, folder: DataFolder, clock: Clock
) -> None:
    async with open_store():
        pass
    with closing(sqlite3.connect(folder.database)) as database:
        for pragma in ("journal_mode = DELETE", "auto_vacuum = NONE"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("VACUUM")
        assert database.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    async with open_store() as store:
        await store.profiles.add("alice")
        await record(store, "alice", 400, at=clock.now - 5 * DAY)
        async with asyncio.timeout(20):
            assert (await store.retention.clean()).frames == 400


async def test_frames_are_recorded_while_thousands_go(store: Store, clock: Clock) -> None:
    await record(store, "alice", 3_000, at=clock.now - 5 * DAY)
    slices: list[int] = []
    change = store._database.change

    async def counted(work: Any, *cached_tables: Any) -> Any:
        done = await change(work, *cached_tables)
        slices.append(getattr(done, "frames", 0))
        return done

    store._database.change = counted  # type: ignore[method-assign]
    cleaning = asyncio.gather(store.retention.clean())
    waits = []
    while not cleaning.done():
        begun = time.monotonic()
        await store.activity.record(frame(store.profiles.get("bob"), at=clock.now), None, ANSWER, 5)
        waits.append(time.monotonic() - begun)
    assert (await cleaning)[0].frames == 3_000
    assert max(slices) == SLICE_ROWS
    assert len(waits) > 10
    assert sorted(waits)[len(waits) * 9 // 10] < 0.4, "a disk may be slow now and then"
    assert store.activity.behind == 0


async def test_a_deleted_profile_leaves_nothing(store: Store, clock: Clock, folder: DataFolder) -> None:
    await record(store, "alice", SLICE_ROWS + 5, at=clock.now - 100, size=300)
    await record(store, "bob", 2, at=clock.now - 100, size=300)
    await store.profiles.set_value("alice", "answer_chars", 60)
    await store.pairings.pair("10.0.0.1", "alice")
    await store.pairings.issue_token("alice")
    await store.secrets.set("alice", "gemini", "session-key", session_only=True)
    alice = store.profiles.get("alice").profile_id
    deleted = await store.trash.delete("alice")
    assert (deleted.frames, deleted.keys) == (SLICE_ROWS + 5, 1)
    assert deleted.bytes > deleted.frames * 300
    assert store.profiles.find("alice") is None
    assert store.pairings.all() == ()
    assert store.secrets.key_for(alice, "gemini") == ""
    for table in ("frame", "pairing", "token", "profile_setting", "stored_key"):
        assert await count(store, table, f"profile_id = {alice}") == 0
    assert pictures(folder) == 2
    assert not (folder.frames / str(alice)).exists()
    (usage,) = await store.retention.usage()
    assert await store.trash.delete("bob") == Deleted(2, usage.bytes, 0)
    await store.profiles.add("alice")
    assert store.profiles.get("alice").profile_id not in (alice, alice + 1)  # an id is never given twice


async def test_what_a_crash_left_of_a_deletion_goes_too(store: Store, clock: Clock, folder: DataFolder) -> None:
    await record(store, "alice", 5, at=clock.now, size=300)
    await eventually(lambda: pictures(folder) == 5)
    await store._database.change(
        lambda session: session.sql("DELETE FROM profile WHERE username = 'alice'"), store.profiles
    )
    assert (await store.retention.clean()).frames == 5
    await eventually(lambda: pictures(folder) == 0)


async def test_housekeeping_runs_at_start_and_ends(open_store: OpenStore, clock: Clock) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        await record(store, "alice", 3, at=clock.now - 5 * DAY)
        store.start_housekeeping()
        store.start_housekeeping()
        await eventually(lambda: store.retention._task is not None)
        for _ in range(100):
            if not await store.activity.recent():
                break
            await asyncio.sleep(0.01)
        assert await store.activity.recent() == ()
    assert store.retention._task is None


@pytest.mark.parametrize("stays", [True, False])
async def test_a_clock_that_is_set_forward_deletes_nothing_until_it_has_stayed_so(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stays: bool
) -> None:
    monkeypatch.setattr(retention, "EVERY_S", 1.0)
    await record(store, "alice", 3, at=clock.now)
    store.start_housekeeping()
    await asyncio.sleep(0.3)
    clock.now += 400 * DAY
    await eventually(lambda: "the clock was set forward" in caplog.text)
    assert len(await store.activity.recent()) == 3
    clock.now -= 0 if stays else 400 * DAY
    await asyncio.sleep(1.5)
    assert len(await store.activity.recent()) == (0 if stays else 3)


async def test_housekeeping_deletes_what_is_over_and_no_more(store: Store, clock: Clock) -> None:
    await store.pairings.pair("10.0.0.1", "alice")
    await store.pairings.issue_token("alice")
    await store.blacklist.add("10.0.0.9", automatic=True, expires_at=utc(clock.now + 3_600))
    clock.now += TOKEN_VALID_S + 1
    await store.pairings.pair("10.0.0.2", "bob")
    await store.pairings.issue_token("bob")
    await store.blacklist.add("10.0.0.8")
    store.start_housekeeping()
    for table in ("pairing", "token", "blacklist"):  # in memory they have long ceased to count
        await eventually_is(lambda: count(store, table), 1)  # noqa: B023
    assert store.pairings.names_for("10.0.0.2") == ("bob",)


async def test_housekeeping_outlives_a_database_that_cannot_be_written(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    async def refuse() -> None:
        tries.append(1)
        raise DatabaseUnusable("It is locked.")

    monkeypatch.setattr(store.retention, "clean", refuse)
    monkeypatch.setattr(retention, "EVERY_S", 0.02)
    store.start_housekeeping()
    await eventually(lambda: len(tries) > 2)
    assert "housekeeping is put off: It is locked." in caplog.text


# --- favourites, and what would go -----------------------------------------------------------------------------------


async def mark_all(store: Store, username: str) -> None:
    for row in (await store.activity.report(username, 0)).frames:
        await store.activity.set_favourite(row.frame_id, True)


async def test_favourites_outlive_their_age_with_their_pictures(store: Store, clock: Clock, folder: DataFolder) -> None:
    await record(store, "alice", 4, at=clock.now - 9 * DAY, size=500)
    await mark_all(store, "alice")
    await record(store, "alice", 6, at=clock.now - 8 * DAY, size=500)
    await store.activity.pictures.settled()
    assert (await store.retention.clean()).frames == 6
    kept = (await store.activity.report("alice")).frames
    assert [row.favourite for row in kept] == [True] * 4
    assert all([await store.activity.picture(row.frame_id) for row in kept])
    assert pictures(folder) == 4
    await store.activity.set_favourite(kept[0].frame_id, False)
    assert (await store.retention.clean()).frames == 1
    await store.trash.delete("alice")
    assert await count(store, "frame") == 0
    await eventually(lambda: pictures(folder) == 0)


async def test_favourites_count_for_the_size_and_never_go_by_it(store: Store, clock: Clock) -> None:
    await store.set_setting("retention.mb_per_profile", 1)
    await record(store, "alice", 5, at=clock.now - 200, size=60_000)
    await mark_all(store, "alice")
    await record(store, "alice", 30, at=clock.now - 100, size=60_000)
    await store.retention.clean()
    (usage,) = [one for one in await store.retention.usage() if one.username == "alice"]
    assert 2**20 - 61_000 < usage.bytes <= 2**20
    assert sum(row.favourite for row in (await store.activity.report("alice", 0)).frames) == 5


async def test_a_shelf_full_of_favourites_leaves_half_the_room_to_new_frames(store: Store, clock: Clock) -> None:
    await store.set_setting("retention.mb_per_profile", 1)
    await record(store, "alice", 25, at=clock.now - 200, size=60_000)
    await mark_all(store, "alice")
    await record(store, "alice", 30, at=clock.now - 100, size=60_000)
    await store.retention.clean()
    kept = (await store.activity.report("alice", 0)).frames
    assert sum(row.favourite for row in kept) == 25
    assert [row.favourite for row in kept[:8]] == [False] * 8  # the newest: 8 of 60 KB are half a megabyte
    assert len(kept) == 25 + 8
    assert (await store.retention.clean()).frames == 0


async def test_what_would_go_is_what_goes(store: Store, clock: Clock, told: list[Any]) -> None:
    await store.set_setting("retention.mb_per_profile", 1)
    await record(store, "alice", 3, at=clock.now - 300, size=60_000)
    await mark_all(store, "alice")
    await record(store, "alice", SLICE_ROWS + 9, at=clock.now - 5 * DAY)
    await record(store, "alice", 30, at=clock.now - 100, size=60_000)
    await record(store, "bob", 7, at=clock.now - 4 * DAY, size=900)
    await record(store, "bob", 2, at=clock.now - 50, size=900)
    before = {usage.username: usage for usage in await store.retention.usage()}
    would = {one.username: (one.frames, one.bytes) for one in await store.retention.would_clean()}
    told.clear()
    gone = await store.retention.clean()
    after = {usage.username: usage for usage in await store.retention.usage()}
    assert set(would) == {"alice", "bob"}
    for name, (frames, size) in would.items():
        assert (frames, size) == (before[name].frames - after[name].frames, before[name].bytes - after[name].bytes)
    assert would["alice"][0] > SLICE_ROWS + 9 + 10
    assert would["bob"][0] == 7
    assert (gone.frames, gone.bytes) == (sum(one[0] for one in would.values()), sum(one[1] for one in would.values()))
    assert told == [HistoryChanged()]
    assert [(one.username, one.frames, one.bytes) for one in await store.retention.would_clean()] == [
        ("alice", 0, 0), ("bob", 0, 0)
    ]  # fmt: skip
    await store.retention.clean()
    assert told == [HistoryChanged()]


async def test_what_a_crash_left_of_a_profile_is_told_too(store: Store, clock: Clock) -> None:
    await record(store, "alice", 5, at=clock.now, size=300)
    await store._database.change(
        lambda session: session.sql("DELETE FROM profile WHERE username = 'alice'"), store.profiles
    )
    would = await store.retention.would_clean()
    assert [(one.username, one.frames) for one in would] == [("bob", 0), ("", 5)]
    assert (await store.retention.clean()).bytes == would[1].bytes


async def test_cleaning_spares_the_pictures_of_a_profile_in_the_trash(
    store: Store, clock: Clock, folder: DataFolder
) -> None:
    await record(store, "alice", 3, at=clock.now, size=300)
    await store.activity.pictures.settled()
    await store.trash.put("alice")
    await store.retention.clean()
    assert pictures(folder) == 3
    await store.trash.restore("alice")
    assert [row.has_picture for row in (await store.activity.report("alice")).frames] == [True] * 3


# --- the disk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("free_bytes", "is_told"), [(DISK_LOW_BYTES - 1, True), (DISK_LOW_BYTES, False)])
async def test_a_disk_nearly_full_is_told_at_start(
    free_bytes: int, is_told: bool, store: Store, told: list[Any], monkeypatch: pytest.MonkeyPatch, folder: DataFolder
) -> None:
    asked: list[Path] = []

    def disk_usage(path: Path) -> Any:
        asked.append(path)
        return SimpleNamespace(free=free_bytes)

    monkeypatch.setattr(retention.shutil, "disk_usage", disk_usage)
    monkeypatch.setattr(retention, "EVERY_S", 0.02)
    store.start_housekeeping()
    await eventually(lambda: len(asked) > 2)
    await store.retention.stop()
    assert set(asked) == {folder.root}
    assert set(told) == ({DiskLow(free_bytes)} if is_told else set())


async def test_a_disk_that_cannot_be_asked_ends_no_housekeeping(
    store: Store, told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def refuse(path: Path) -> Any:
        asked.append(path)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(retention.shutil, "disk_usage", refuse)
    monkeypatch.setattr(retention, "EVERY_S", 0.02)
    store.start_housekeeping()
    await eventually(lambda: len(asked) > 2)
    assert told == []
