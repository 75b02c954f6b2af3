"""The models are those that were shipped, credited, and nothing is said by others."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from app.paths import resource
from app.providers.reader_worker import LibraryEngine
from app.providers.sight import models
from app.providers.sight.looking import Looker, Sight
from app.providers.sight.models import SHA256, ModelChanged, load


def test_the_files_are_those_that_were_shipped() -> None:
    shipped = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in resource("models").glob("*.onnx")}
    assert shipped == SHA256


def test_each_is_credited_by_its_hash() -> None:
    told = (resource("models") / "CREDITS.md").read_text(encoding="utf-8")
    assert [name for name, sha256 in SHA256.items() if f"| `{name}` | `{sha256}` |" not in told] == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder of its own, that a test may damage."""
    return Path(shutil.copytree(resource("models"), tmp_path / "models"))


@pytest.mark.parametrize("name", SHA256)
def test_a_changed_or_missing_file_is_not_loaded(copied: Path, name: str) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ModelChanged, match=name):
        load(copied, name)
    (copied / name).unlink()
    with pytest.raises(ModelChanged, match=name):
        load(copied, name)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names, and files are filled up")
def test_what_is_huge_or_never_ends_is_not_read(copied: Path) -> None:
    for name in SHA256:
        os.truncate(copied / name, 2**33)
        with pytest.raises(ModelChanged, match=name):
            load(copied, name)
        (copied / name).unlink()
        os.mkfifo(copied / name)
        with pytest.raises(ModelChanged, match=name):
            load(copied, name)


def test_with_a_changed_file_it_still_reads(copied: Path) -> None:
    (copied / models.FACES).write_bytes(b"another")
    engine = LibraryEngine(copied)
    for _ in range(2):
        reading = engine.read(resource("demo/sign.jpg").read_bytes(), looks=True)
        assert (reading.lines[0], reading.sight, reading.changed_model) == ("EXIT", None, models.FACES)


def test_a_look_that_fails_costs_nothing_that_was_read(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Looker, __: object) -> Sight:
        raise MemoryError("no room")

    monkeypatch.setattr(Looker, "look", fails)
    engine = LibraryEngine(copied)
    reading = engine.read(resource("demo/sign.jpg").read_bytes(), looks=True)
    assert (reading.lines[0], reading.sight, reading.look_failed) == ("EXIT", None, "MemoryError: no room")
    with pytest.raises(MemoryError):
        engine.read(resource("demo/scene.jpg").read_bytes(), looks=True)
