"""A damaged database in the window: what is offered is done, the damaged file is kept, and the program opens."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.core.events import Bus
from app.paths import DataFolder
from app.store import Store
from app.store.database.daily_copies import DailyCopies
from app.store.database.restore import exclusive

ROOT = Path(__file__).parents[3]
OPENED = ["server stopped", "closed"]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Profile alice, a copy with her, and a header that is broken."""
    folder = DataFolder(tmp_path / "data")

    async def fill() -> None:
        async with await Store.open(folder, Bus(), default_providers=(), key_variables=lambda _: ()) as store:
            await store.profiles.add("alice")

    asyncio.run(fill())
    assert DailyCopies(folder, time.time, lambda: None)._copy_if_due(time.time())[0]
    folder.database.write_bytes(b"\0" * 100 + folder.database.read_bytes()[100:])
    return folder


def lived(choice: str, folder: DataFolder) -> tuple[int, list[str], str]:
    """Exit status, what was printed behind the first paint, standard error."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    command = [sys.executable, "-m", "tests.ui.damaged", choice, str(folder.root)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "The database file is damaged" in done.stderr
    said = done.stdout.splitlines()
    assert said[:2] == ["painted", "The database file is damaged."]
    return done.returncode, said[2:], done.stderr


def aside(folder: DataFolder) -> list[bytes]:
    return [path.read_bytes() for path in folder.root.glob("frame-backend.db.damaged-*")]


def test_the_backup_is_restored_and_the_program_opens(folder: DataFolder) -> None:
    damaged = folder.database.read_bytes()
    status, said, errors = lived("restore", folder)
    assert (status, said[1:]) == (0, ["painted", "alice", *OPENED]), errors
    assert said[0].startswith("Restore the backup of ")
    assert aside(folder) == [damaged]


def test_beginning_anew_opens_an_empty_program_and_keeps_the_file(folder: DataFolder) -> None:
    damaged = folder.database.read_bytes()
    status, said, errors = lived("begin_anew", folder)
    assert (status, said[1:]) == (0, ["painted", "nobody", *OPENED]), errors
    assert aside(folder) == [damaged]


@pytest.mark.parametrize("choice", ["quit", "close", "end"])
def test_quitting_changes_nothing(choice: str, folder: DataFolder) -> None:
    damaged = folder.database.read_bytes()
    status, said, errors = lived(choice, folder)
    assert (status, len(said)) == (1, 1), errors
    assert folder.database.read_bytes() == damaged
    assert aside(folder) == []


def test_without_a_backup_none_is_offered(folder: DataFolder) -> None:
    for copy in folder.backups.iterdir():
        copy.unlink()
    _, said, _ = lived("begin_anew", folder)
    assert "Restore" not in said[0]
    assert said[2] == "nobody"


def test_what_keeps_it_from_being_done_is_one_sentence(folder: DataFolder) -> None:
    """Somebody runs on the folder by then: nothing is done to it."""
    with exclusive(folder):
        status, said, errors = lived("restore", folder)
    sentence = "A Frame Backend runs on this data folder: quit it first."
    assert (status, said[1:]) == (1, [sentence])
    assert sentence in errors
    assert aside(folder) == []
