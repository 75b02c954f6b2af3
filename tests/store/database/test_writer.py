"""The commit comes before the reply; one failure costs nobody else; a locked database costs 500 ms, never a row."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import DatabaseUnusable, NameTaken
from app.core.events import HistoryBehind
from app.paths import DataFolder
from app.store import Store
from app.store.database import executor
from app.store.database.connection import Session
from app.store.database.writer import CHECKPOINT_ROWS, Writer
from tests.store.conftest import OpenStore, eventually
from tests.store.samples import ANSWER, frame

ROOT = Path(__file__).parents[3]


def committed(folder: DataFolder) -> set[str]:
    """The frames that another connection sees."""
    with closing(sqlite3.connect(folder.database)) as other:
        return {row[0] for row in other.execute("SELECT frame_id FROM frame")}


async def test_rows_are_committed_before_the_reply(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    for number in range(20):
        await store.activity.record(frame(alice, frame_id=f"f{number}"), None, ANSWER, 5)
        assert f"f{number}" in committed(folder)


async def test_what_is_queued_at_once_is_one_commit(store: Store) -> None:
    statements: list[str] = []
    await store._database.change(lambda session: session.raw.set_trace_callback(statements.append))
    statements.clear()
    busy = threading.Event()
    asyncio.get_running_loop().call_later(0.05, busy.set)
    first = store._database.enqueue(lambda session: busy.wait(5))
    keys = await asyncio.gather(*(store.profiles.add(f"p{number}") for number in range(40)))
    assert first.done()
    assert len(set(keys)) == len(store.profiles.all()) == 40
    assert statements.count("COMMIT") in (1, 2)  # with the first, or right behind it


async def test_a_failing_job_takes_only_its_own_changes_back(store: Store) -> None:
    def half(session: Session) -> None:
        session.sql("INSERT INTO setting (key, value) VALUES ('half', 'x')")
        raise ValueError("half-way")

    jobs = [store.profiles.add("a"), store._database.change(half), store.profiles.add("a"), store.profiles.add("b")]
    done = await asyncio.gather(*jobs, return_exceptions=True)
    assert [type(one) for one in done] == [str, ValueError, NameTaken, str]
    assert {profile.username for profile in store.profiles.all()} == {"a", "b"}
    assert await store._database.read(lambda session: session.number("SELECT count(*) FROM setting")) == 0


async def test_the_log_is_copied_behind_the_commits(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    for _ in range(4):
        await asyncio.gather(*(store.activity.record(frame(alice), None, ANSWER, 5) for _ in range(CHECKPOINT_ROWS)))
    wal = folder.database.with_name(folder.database.name + "-wal")
    await eventually(lambda: folder.database.stat().st_size > 2 * CHECKPOINT_ROWS * 500)
    assert wal.stat().st_size < 8 * 2**20


async def test_commits_go_on_while_the_log_is_copied(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    copying, held = threading.Event(), threading.Event()

    def slow_disk(self: Writer, path: Path) -> None:
        self._copy.wait()
        copying.set()
        held.wait(10)

    monkeypatch.setattr(Writer, "_copy_log", slow_disk)
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
        for _ in range(CHECKPOINT_ROWS):
            await store.activity.record(frame(alice), None, ANSWER, 5)
        assert await asyncio.to_thread(copying.wait, 5)
        began = time.monotonic()
        await store.activity.record(frame(alice), None, ANSWER, 5)
        assert time.monotonic() - began < 0.4
        assert store.activity.behind == 0
        held.set()


async def test_reads_cannot_write(store: Store) -> None:
    with pytest.raises(DatabaseUnusable):
        await store._database.read(lambda session: session.sql("DELETE FROM meta"))


async def test_locked_database_lets_the_reply_go_and_catches_up(
    store: Store, folder: DataFolder, heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    heard.clear()
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        with caplog.at_level(logging.WARNING, "app.store.history.activity"):
            await asyncio.gather(
                *(store.activity.record(frame(alice, frame_id=f"f{number}"), None, ANSWER, 5) for number in range(3))
            )
        assert 0.45 < time.monotonic() - begun < 0.9
        assert "let go before its row was committed" in caplog.text
        assert [event.rows for event in heard if isinstance(event, HistoryBehind)] == [1, 2, 3]
        assert store.activity.behind == 3
        assert committed(folder) == set()
        other.execute("ROLLBACK")
    await eventually(lambda: heard[-1] == HistoryBehind(0), within_s=3)
    assert store.activity.behind == 0
    assert committed(folder) == {"f0", "f1", "f2"}


async def test_rows_still_queued_at_the_end_are_flushed(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
        with closing(sqlite3.connect(folder.database, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            await store.activity.record(frame(alice, frame_id="late"), None, ANSWER, 5)
            asyncio.get_running_loop().call_later(0.3, other.execute, "ROLLBACK")
            await store.close()
    assert committed(folder) == {"late"}


async def test_a_database_locked_for_good_holds_up_the_end_for_a_bounded_time(
    open_store: OpenStore, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(executor, "FLUSH_LIMIT_S", 0.6)
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await store.activity.record(frame(alice), None, ANSWER, 5)
            begun = time.monotonic()
            await store.close()
            assert time.monotonic() - begun < 2.5
    assert "writes were lost" in caplog.text


async def test_a_change_is_refused_when_it_cannot_be_committed_in_time(
    store: Store, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executor, "WRITE_LIMIT_S", 0.2)
    with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnusable, match="Nothing was changed"):
            await store.profiles.add("alice")
    assert store.profiles.all() == ()


async def test_a_full_disk_keeps_the_rows_queued(store: Store, folder: DataFolder, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    writers = await store._database.change(lambda session: session)
    writers.sql(f"PRAGMA max_page_count = {writers.number('PRAGMA page_count')}")
    for number in range(60):  # what fits into the pages there are fits
        await store.activity.record(frame(alice, frame_id=f"f{number}"), None, ANSWER, 5)
        if store.activity.behind:
            break
    assert HistoryBehind(1) in heard
    known = committed(folder)
    assert f"f{number}" not in known
    writers.sql("PRAGMA max_page_count = 100000")
    await eventually(lambda: store.activity.behind == 0, within_s=3)
    assert committed(folder) == known | {f"f{number}"}


async def test_nothing_is_taken_after_the_end(open_store: OpenStore, caplog: pytest.LogCaptureFixture) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
    with pytest.raises(DatabaseUnusable):
        await store.profiles.add("bob")
    with pytest.raises(DatabaseUnusable):
        await store.activity.recent()
    await store.activity.record(frame(alice), None, ANSWER, 5)  # an answer is worth more than its row
    assert "not kept" in caplog.text


KILLED = """
import asyncio, sys
from pathlib import Path
from app.core.events import Bus
from app.store import Store
from tests.store.samples import ANSWER, frame, picture

async def main():
    store = await Store.open(Path(sys.argv[1]), Bus(), default_providers=(), key_variables=lambda _: ())
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")

    async def glasses(name):
        for number in range(100_000):
            await store.activity.record(frame(alice, frame_id=f"{name}-{number}"), picture(20_000), ANSWER, 5)
            print(f"{name}-{number}", flush=True)

    await asyncio.gather(*(glasses(name) for name in "abcd"))

asyncio.run(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
async def test_kill_in_the_middle_keeps_every_acknowledged_row(folder: DataFolder, open_store: OpenStore) -> None:
    acknowledged = await asyncio.to_thread(_kill_after, folder.root, 150)
    async with open_store() as store:
        report = await store.activity.report("alice", 0)
    assert {row.frame_id for row in report.frames} >= set(acknowledged)
    assert len(acknowledged) >= 150


def _kill_after(root: Path, lines: int) -> list[str]:
    """The frames whose record had returned when the process was killed."""
    command = [sys.executable, "-c", KILLED, str(root)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [next(process.stdout).strip() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        return acknowledged + [line.strip() for line in process.stdout if line.endswith("\n")]
