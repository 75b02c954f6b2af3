"""A disk that is full or read-only, a database that is locked or damaged: a clear sentence, and frames are answered."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from app.application import Application
from app.core.errors import DatabaseUnusable
from app.paths import DataFolder
from app.store.database.corruption import MEANWHILE
from app.store.database.daily_copies import DailyCopies
from tests.fakes import FakeProviders
from tests.system.conftest import AUTH_KEY
from tests.system.house import may_mount
from tests.system.program import Done, Listening, Program, ask_to_end

DISK = "8m"
LOCKED_S = 10.0


needs_mount = pytest.mark.skipif(not may_mount(), reason="mounting needs Linux and CAP_SYS_ADMIN")


@contextmanager
def mounted(folder: Path, *words: str) -> Iterator[None]:
    subprocess.run(["mount", *words, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The data folder on a disk of its own. Ask for it before ``program``."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    with mounted(folder, "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs"):
        yield folder


def fill_up(folder: Path) -> Path:
    """A file that takes what room there is."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(folder).free == 0
    return filler


async def post(server: Listening, session: aiohttp.ClientSession, photo: bytes, frames: int) -> list[str]:
    """Frames that must be answered; their ids."""
    found = []
    for _ in range(frames):
        status, body = await server.process_frame(session, "alice", photo)
        assert (status, body["answer"]) == (200, "A red mug on a desk."), body
        found.append(body["frame_id"])
    return found


async def ended(server: Listening) -> str:
    """Standard error of the whole run."""
    ask_to_end(server.process)
    _, err = await asyncio.wait_for(server.process.communicate(), 20)
    assert server.process.returncode == 0
    assert "Traceback" not in err.decode(), err.decode()
    return err.decode()


def in_history(program: Program) -> set[str]:
    with closing(sqlite3.connect(program.data / "frame-backend.db")) as database:
        return {row[0] for row in database.execute("SELECT frame_id FROM frame")}


async def until(condition: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.05)


def is_one_sentence(done: Done) -> bool:
    return done.status == 1 and done.out == "" and len(done.err.splitlines()) == 1 and done.err.endswith(".")


# --- full ------------------------------------------------------------------------------------------------------------


@needs_mount
async def test_on_a_full_disk_frames_are_answered_and_their_rows_come_later(
    small_disk: Path, program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        before = await post(server, session, photo, 2)
        await until(lambda: len(list((small_disk / "frames").rglob("*.jpg"))) == 2)
        filler = fill_up(small_disk)
        meanwhile = await post(server, session, photo, 6)
        assert not set(meanwhile) <= in_history(program)
        filler.unlink()
        await until(lambda: {*before, *meanwhile} == in_history(program))
        after = await post(server, session, photo, 1)
        said = await ended(server)
    assert "A picture could not be written: No space left on device." in said
    assert "a reply was let go before its row was committed: the history is 1 rows behind" in said
    assert "the history has caught up" in said
    rows = {row["frame_id"]: row for row in (await program.report("alice"))["frames"]}
    assert set(rows) == {*before, *meanwhile, *after}
    assert all(row["answer"] == "A red mug on a desk." for row in rows.values())


@needs_mount
async def test_a_start_on_a_full_disk_says_so(small_disk: Path, tmp_path: Path) -> None:
    fill_up(small_disk)
    program = Program(small_disk)
    for words in (("--headless", "--port", "0"), ("profile", "add", "bob")):
        done = await program.verb(*words)
        assert is_one_sentence(done), done
        assert "full" in done.err or "No space left" in done.err


# --- read-only -------------------------------------------------------------------------------------------------------


@needs_mount
async def test_a_read_only_data_folder_is_one_sentence(small_disk: Path, program: Program, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for words in (("--headless", "--port", "0"), ("profile", "add", "bob"), ("setting", "set", "gate.hints", "1")):
        done = await program.verb(*words)
        assert is_one_sentence(done), done
        assert "read-only" in done.err.lower() or "readonly" in done.err, done.err
    elsewhere = Application(DataFolder(small_disk, log_root=tmp_path / "logs"))  # as where the system has its own place
    with pytest.raises(DatabaseUnusable, match="The data folder cannot be used: Read-only file system"):
        await elsewhere.open()
    await elsewhere.close()
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert await program.do("profile", "list") == "alice"


@needs_mount
async def test_pictures_that_cannot_be_kept_cost_no_answer(
    small_disk: Path, program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        frames = small_disk / "frames"
        frames.mkdir(exist_ok=True)
        with mounted(frames, "--bind", str(frames)):
            subprocess.run(["mount", "-o", "remount,bind,ro", str(frames)], check=True)
            posted = await post(server, session, photo, 3)
            said = await ended(server)
    assert "A picture could not be written: Read-only file system." in said
    assert said.count("A picture could not be written") <= 2  # once a minute, in the log and to whoever listens
    assert in_history(program) == set(posted)
    assert not list(frames.rglob("*.jpg"))


# --- locked ----------------------------------------------------------------------------------------------------------

LOCK = f"""
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep({LOCKED_S})
database.execute("ROLLBACK")
"""


async def test_a_database_locked_for_ten_seconds_costs_no_frame(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LOCK, str(program.data / "frame-backend.db"), stdout=asyncio.subprocess.PIPE
        )
        assert other.stdout is not None
        assert await other.stdout.readline() == b"locked\n"
        posted: list[str] = []
        while other.returncode is None:
            posted += await post(server, session, photo, 1)
        assert len(posted) > 10
        await until(lambda: set(posted) <= in_history(program))
        posted += await post(server, session, photo, 1)
        said = await ended(server)
    assert "the history is 5 rows behind" in said
    assert "the history has caught up" in said
    assert in_history(program) == set(posted)


# --- damaged ---------------------------------------------------------------------------------------------------------


def daily_copy(program: Program) -> str:
    made, _ = DailyCopies(DataFolder(program.data), time.time, lambda: None)._copy_if_due(time.time())
    assert made is not None
    return made.name


async def test_a_damaged_database_is_refused_and_its_copy_put_back(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        kept = await post(server, session, photo, 2)
        await until(lambda: len(list((program.data / "backups").glob("daily-*.db"))) == 1)
    for path in (program.data / "backups").iterdir():
        path.unlink()  # made before the frames
    copy = daily_copy(program)
    database = program.data / "frame-backend.db"
    with database.open("r+b") as file:
        file.write(os.urandom(4_096))
    damaged = database.read_bytes()
    for words in (("--headless", "--port", "0"), ("profile", "list")):
        done = await program.verb(*words)
        assert is_one_sentence(done), done
        assert "The database file is damaged. Its last good copy is of" in done.err
        assert f"'restore {copy}'" in done.err
    assert database.read_bytes() == damaged
    said = await program.do("restore", copy)
    assert said.startswith("Restored the database of ")
    assert "the pictures stay as they are" in said
    assert "new auth keys" not in said
    [aside] = program.data.glob("frame-backend.db.damaged-*")
    assert aside.read_bytes() == damaged
    assert len(list((program.data / "frames").rglob("*.jpg"))) == 2
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        kept += await post(server, session, photo, 1)
    assert {row["frame_id"] for row in (await program.report("alice"))["frames"]} == set(kept)


async def test_damage_met_while_the_server_runs_costs_no_answer_and_is_told(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        await post(server, session, photo, 30)
        await until(lambda: len(list((program.data / "backups").glob("daily-*.db"))) == 1)
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        size = (program.data / "frame-backend.db").stat().st_size
        with (program.data / "frame-backend.db").open("r+b") as file:  # all but the first page
            file.seek(4_096)
            file.write(b"\xa5" * (size - 4_096))
        await post(server, session, photo, 30)
        said = await ended(server)
    assert said.count(MEANWHILE) in (1, 2)  # in the log, and to whoever listens
    done = await program.verb("--headless", "--port", "0")
    assert is_one_sentence(done), done
    assert "The database file is damaged. Its last good copy is of" in done.err
