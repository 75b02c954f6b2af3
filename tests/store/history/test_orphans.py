"""After a crash the pictures and the rows agree again, and nothing that is whole is touched."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from app.paths import DataFolder
from app.store import Store
from app.store.history.orphans import sweep
from tests.store.conftest import files_in
from tests.store.samples import ANSWER, frame, picture


async def record(store: Store, count: int) -> list[str]:
    profile = store.profiles.get("alice")
    frames = [frame(profile) for _ in range(count)]
    for one in frames:
        await store.activity.record(one, picture(), ANSWER, 10)
    await store.activity.pictures.settled()
    return [one.frame_id for one in frames]


def file_of(folder: DataFolder, frame_id: str) -> Path:
    [found] = folder.frames.rglob(f"{frame_id}.jpg")
    return found


async def run(store: Store, folder: DataFolder) -> tuple[int, int]:
    return await sweep(store._database, folder.frames, time.time() + 1)


async def test_a_picture_without_its_row_goes(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    kept, lost = await record(store, 2)
    await store._database.change(lambda session: session.sql("DELETE FROM frame WHERE frame_id = ?", (lost,)))
    assert await run(store, folder) == (1, 0)
    assert files_in(folder.frames) == [f"{kept}.jpg"]


async def test_a_row_without_its_picture_says_so(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    kept, lost = await record(store, 2)
    file_of(folder, lost).unlink()
    assert await run(store, folder) == (0, 1)
    rows = {row.frame_id: row.has_picture for row in await store.activity.recent()}
    assert rows == {kept: True, lost: False}


async def test_a_whole_days_folder_may_be_gone(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    lost = await record(store, 3)
    for frame_id in lost:
        file_of(folder, frame_id).unlink()
    for day in list(folder.frames.glob("*/*")):
        day.rmdir()
    assert await run(store, folder) == (0, 3)


async def test_what_comes_meanwhile_is_left_alone(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    [frame_id] = await record(store, 1)
    path = file_of(folder, frame_id)
    await store._database.change(lambda session: session.sql("DELETE FROM frame"))
    before_s = path.stat().st_mtime - 1
    assert await sweep(store._database, folder.frames, before_s) == (0, 0)
    assert path.exists()


async def test_a_row_that_comes_meanwhile_still_waits_for_its_picture(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    [frame_id] = await record(store, 1)
    file_of(folder, frame_id).unlink()  # its day's folder is there already
    [row] = await store.activity.recent()
    assert await sweep(store._database, folder.frames, row.received_at.timestamp() - 1) == (0, 0)
    assert [one.has_picture for one in await store.activity.recent()] == [True]


async def test_what_is_not_ours_is_left_alone(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    await record(store, 1)
    for name in ("notes/2026-01-01", "1/2026-99-99", "1/today"):
        (folder.frames / name).mkdir(parents=True, exist_ok=True)
        (folder.frames / name / "mine.jpg").write_bytes(b"x")
    assert await run(store, folder) == (0, 0)
    assert files_in(folder.frames).count("mine.jpg") == 3


async def test_a_start_sweeps_what_a_crash_left(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    await record(store, 1)
    stray = next(folder.frames.glob("*/*")) / "stray.jpg"
    stray.write_bytes(b"x")
    os.utime(stray, (time.time() - 60, time.time() - 60))
    store.start_housekeeping()
    give_up_at = time.monotonic() + 5
    while stray.exists():
        assert time.monotonic() < give_up_at
        await asyncio.sleep(0.01)
