from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from app.core.events import Bus
from app.paths import DataFolder, make_private_folder, resource
from app.store import Store
from tests.store.conftest import PROVIDERS, variables
from tests.store.samples import ANSWER, frame, picture


def test_option_wins_over_variable_over_system(tmp_path: Path) -> None:
    environ = {"FRAME_BACKEND_DATA_DIR": str(tmp_path / "variable")}
    assert DataFolder.find(tmp_path / "option", environ).root == tmp_path / "option"
    assert DataFolder.find(None, environ).root == tmp_path / "variable"
    system = DataFolder.find(None, {})
    assert str(system.root) == platformdirs.user_data_dir("frame-backend", appauthor=False)
    assert str(system.logs) == platformdirs.user_log_dir("frame-backend", appauthor=False)


def test_everything_lies_under_a_given_folder(tmp_path: Path) -> None:
    folder = DataFolder.find(tmp_path, {})
    parts = (folder.database, folder.pepper, folder.frames, folder.logs, folder.backups, folder.lock)
    assert all(part.is_relative_to(tmp_path) for part in parts)


def test_resources_are_found_in_the_tree_and_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resource("icons") == Path(__file__).parents[2] / "resources" / "icons"
    monkeypatch.setattr(sys, "_MEIPASS", "/opt/frozen", raising=False)
    assert resource("icons") == Path("/opt/frozen/resources/icons")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_folders_and_files_are_the_owners_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        root = tmp_path / "made" / "here"
        async with await Store.open(root, Bus(), default_providers=PROVIDERS, key_variables=variables) as store:
            await store.profiles.add("alice")
            await store.activity.record(frame(store.profiles.get("alice")), picture(), ANSWER, 5)
            make_private_folder(DataFolder(root).logs)
            await store.activity.pictures.close()
            found = [root, *root.rglob("*")]
            modes = {path: (path.stat().st_mode, stat.S_IMODE(path.stat().st_mode)) for path in found}
    finally:
        os.umask(previous)
    assert {path.suffix for path in found} >= {".db", ".jpg", ".db-wal"}
    assert all(mode == (0o700 if stat.S_ISDIR(kind) else 0o600) for kind, mode in modes.values())
