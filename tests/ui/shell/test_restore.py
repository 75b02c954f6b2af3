"""A restore in the window of the real program, in a process of its own: it comes back with the data, or as it was."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.events import Bus
from app.paths import DataFolder
from app.providers import default_configs, key_variables
from app.store import Store
from app.store.database.backup import back_up
from tests.store.database.test_backup import damaged_database

ROOT = Path(__file__).parents[3]
LOST = (
    "The auth keys of these profiles do not count on this computer, give them new ones: alice, bob."
)  # fmt: skip
BEHIND = "restoring, closed behind it"


def fill(folder: DataFolder, *names: str) -> None:
    async def filled() -> None:
        async with await Store.open(
            folder, Bus(), default_providers=default_configs(), key_variables=key_variables
        ) as store:
            for name in names:
                await store.profiles.add(name)

    asyncio.run(filled())


@pytest.fixture
def here(tmp_path: Path) -> DataFolder:
    """With carol alone."""
    folder = DataFolder(tmp_path / "here")
    fill(folder, "carol")
    return folder


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of another computer, with alice and bob."""
    there = DataFolder(tmp_path / "there")
    fill(there, "alice", "bob")
    back_up(there, tmp_path / "all.zip", "1.2.3")
    return tmp_path / "all.zip"


def lived(choice: str, folder: DataFolder, file: Path) -> tuple[int, list[str], str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    command = [sys.executable, "-m", "tests.ui.restored", choice, str(folder.root), str(file)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_the_program_opens_again_with_the_backup_and_asks_for_new_keys(here: DataFolder, backup: Path) -> None:
    status, said, errors = lived("wait", here, backup)
    assert (status, said) == (
        0,
        [
            "200 | carol | ",
            BEHIND,
            f"200 | alice, bob | The backup is restored, pictures: 0. | {LOST}",
            "New key: profiles",
        ],
    ), errors
    assert len(list(here.backups.glob("before-restore-*.db"))) == 1


def test_the_programs_own_copy_of_the_database_comes_back(here: DataFolder) -> None:
    here.backups.mkdir()
    copy = here.database.rename(here.backups / "daily-1.db")
    fill(here, "dora")
    status, said, errors = lived("wait", here, copy)
    told = "The copy of the database is restored; the pictures stay as they are."
    assert (status, said) == (0, ["200 | dora | ", BEHIND, f"200 | carol | {told}"]), errors


def test_a_server_that_was_stopped_stays_so(here: DataFolder, backup: Path) -> None:
    status, said, errors = lived("stopped", here, backup)
    assert status == 0, errors
    assert said[2].startswith("stopped | alice, bob | ")


def test_a_damaged_backup_changes_nothing_and_says_so(here: DataFolder, backup: Path) -> None:
    damaged_database(backup)
    status, said, errors = lived("wait", here, backup)
    why = "Nothing was restored, everything is as it was. "
    assert (status, said[:2]) == (0, ["200 | carol | ", BEHIND]), errors
    assert said[2].startswith(f"200 | carol | {why}"), said
    assert said[2].endswith(("database is damaged.", "or it is damaged."))
    assert len(said) == 3


def test_a_restore_that_is_cancelled_changes_nothing(here: DataFolder, backup: Path) -> None:
    status, said, errors = lived("cancel", here, backup)
    told = "The restore was cancelled: everything is as it was."
    assert (status, said) == (0, ["200 | carol | ", BEHIND, f"200 | carol | {told}"]), errors


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_an_end_meanwhile_is_an_end_and_changes_nothing(here: DataFolder, backup: Path) -> None:
    status, said, errors = lived("end", here, backup)
    assert (status, said) == (0, ["200 | carol | ", BEHIND]), errors
    fill(here)  # it opens
    assert not list(here.backups.glob("before-restore-*.db"))
