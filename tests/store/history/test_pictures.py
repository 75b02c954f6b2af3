"""Pictures follow their rows on a bounded queue: what does not fit is dropped and said, the row stays."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from app.core.events import Trouble
from app.paths import DataFolder
from app.store import Store
from app.store.history import pictures
from app.store.history.pictures import Pictures, Place
from tests.store.conftest import OpenStore, eventually, eventually_is, files_in
from tests.store.samples import ANSWER, frame, picture


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        await store.profiles.add("alice")
        yield store


@pytest.fixture
def stuck_disk(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No picture is written until it is set."""
    free = threading.Event()
    write = pictures._write

    def wait(*values: Any) -> None:
        free.wait(10)
        write(*values)

    monkeypatch.setattr(pictures, "_write", wait)
    return free


async def test_a_picture_can_be_had_at_once_and_later(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        sent, shown = frame(store.profiles.get("alice")), picture(5_000)
        await store.activity.record(sent, shown, ANSWER, 5)
        assert await store.activity.picture(sent.frame_id) == shown.jpeg
    day = sent.received_at.strftime("%Y-%m-%d")
    assert (folder.frames / "1" / day / f"{sent.frame_id}.jpg").read_bytes() == shown.jpeg
    async with open_store() as store:
        assert await store.activity.picture(sent.frame_id) == shown.jpeg
        assert await store.activity.picture("nothing") is None


async def test_a_full_queue_drops_the_picture_and_says_so_once(
    store: Store, stuck_disk: threading.Event, heard: list[Any]
) -> None:
    alice = store.profiles.get("alice")
    store.activity.pictures._items = 3
    sent = [frame(alice) for _ in range(6)]
    for one in sent:
        await store.activity.record(one, picture(), ANSWER, 5)
    assert [event for event in heard if isinstance(event, Trouble)] == [
        Trouble("Pictures come faster than the disk keeps them: some are missing in the history.")
    ]
    kept = {row.frame_id: row.has_picture for row in await store.activity.recent()}
    assert [kept[one.frame_id] for one in sent] == [True, True, True, False, False, False]
    assert await store.activity.picture(sent[0].frame_id) == picture().jpeg  # from the queue
    stuck_disk.set()
    await eventually(lambda: not store.activity.pictures._waiting)
    await store.activity.record(sent_later := frame(alice), picture(), ANSWER, 5)
    assert await store.activity.picture(sent_later.frame_id) == picture().jpeg
    assert store.activity.pictures.waiting_bytes in (0, 1_000)


async def test_the_queue_is_bounded_in_bytes_too(store: Store, stuck_disk: threading.Event) -> None:
    alice = store.profiles.get("alice")
    store.activity.pictures._max_bytes = 10_000
    for size in (6_000, 6_000, 3_000):
        await store.activity.record(frame(alice), picture(size), ANSWER, 5)
    assert [row.has_picture for row in reversed(await store.activity.recent())] == [True, False, True]
    stuck_disk.set()


async def test_a_disk_that_refuses_costs_the_picture_alone(
    store: Store, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "_write", refuse)
    for _ in range(3):
        await store.activity.record(frame(store.profiles.get("alice")), picture(), ANSWER, 5)

    async def with_pictures() -> int:
        return sum(row.has_picture for row in await store.activity.recent())

    await eventually_is(with_pictures, 0)
    assert len(await store.activity.recent()) == 3
    assert [event for event in heard if isinstance(event, Trouble)] == [
        Trouble("A picture could not be written: No space left on device.")
    ]


async def test_what_is_queued_is_written_before_the_end(open_store: OpenStore, stuck_disk: threading.Event) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        sent = [frame(store.profiles.get("alice")) for _ in range(5)]
        for one in sent:
            await store.activity.record(one, picture(), ANSWER, 5)
        threading.Timer(0.2, stuck_disk.set).start()
    async with open_store() as store:
        assert [await store.activity.picture(one.frame_id) for one in sent] == [picture().jpeg] * 5


@pytest.mark.parametrize("frame_id", ["../../x", "a/b", "", "a\\b", "x" * 65, "a.b"])
async def test_an_id_that_is_no_file_name_keeps_its_row_alone(frame_id: str, tmp_path: Path) -> None:
    pictures = Pictures(tmp_path / "frames", print, print)
    assert not pictures.offer(Place(1, 0, frame_id), b"jpeg")
    assert not (tmp_path / "frames").exists()
    await pictures.close()


async def test_tidying_takes_what_no_row_knows_of(store: Store, folder: DataFolder) -> None:
    await store.activity.record(sent := frame(store.profiles.get("alice")), picture(), ANSWER, 5)
    for stray in (".half-written/x", "99/2026-01-01/y.jpg", "1/2000-01-01/z.jpg"):
        (folder.frames / stray).parent.mkdir(parents=True, exist_ok=True)
        (folder.frames / stray).write_bytes(b"stray")
    store.start_housekeeping()
    await eventually(lambda: files_in(folder.frames) == [f"{sent.frame_id}.jpg"])
