"""Backup and restore: all comes back, nothing that lets anybody in goes out, and a bad file changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from app import files
from app.core.errors import ArchiveUnusable, DataFolderInUse, InvalidValue
from app.paths import DataFolder
from app.store import Store
from app.store.database.backup import Manifest, back_up, copy_database
from app.store.database.put_in_place import finish_restore, forget_replaced, put_back
from app.store.database.restore import MOST_MANIFEST_BYTES, exclusive, look_into, restore
from tests.store.conftest import OpenStore, eventually, files_in
from tests.store.samples import ANSWER, frame, picture

AUTH_KEY = "canary-auth-key-9431"


async def fill(store: Store, frames: int = 12) -> None:
    await store.profiles.add("alice", AUTH_KEY)
    await store.profiles.add("bob")
    await store.profiles.set_prompt("alice", "What does it say?")
    await store.blacklist.add("10.0.0.0/8", "guests")
    await store.set_setting("gate.hints", 7)
    await store.pairings.pair("192.168.0.12", "alice")
    profile = store.profiles.get("alice")
    for _ in range(frames):
        await store.activity.record(frame(profile), picture(), ANSWER, 812)
    await store.activity.pictures.settled()


async def contents(store: Store) -> dict[str, Any]:
    """All that a restore must bring back."""
    rows = await store.activity.recent()
    return {
        "profiles": [(one.username, one.prompt) for one in store.profiles.all()],
        "blacklist": [(one.address, one.reason) for one in store.blacklist.all()],
        "hints": store.settings.value("gate.hints"),
        "frames": [(row.frame_id, row.answer, row.attempts) for row in rows],
        "pictures": [await store.activity.picture(row.frame_id) for row in rows],
    }


async def test_a_full_store_comes_back_as_it_was(open_store: OpenStore, folder: DataFolder, tmp_path: Path) -> None:
    async with open_store() as store:
        await fill(store)
        before = await contents(store)
        told: list[tuple[int, int]] = []
        made = back_up(folder, tmp_path / "a.zip", "1.2.3", lambda *so_far: told.append(so_far))
    assert (made.pictures, made.version) == (12, "1.2.3")
    assert look_into(tmp_path / "a.zip") == made
    assert told[-1][0] == told[-1][1] > 0
    async with open_store() as store:
        await store.trash.delete("alice")
        await store.set_setting("gate.hints", 1)
    with exclusive(folder):
        assert restore(folder, tmp_path / "a.zip") == made
    async with open_store() as store:
        assert await contents(store) == before
        assert store.profiles.match_key(AUTH_KEY) is not None  # the pepper is this computer's still
        store.start_housekeeping()
        await eventually(lambda: not list(folder.root.glob(".restore-*")))  # a close cuts it short
    assert len(list(folder.backups.glob("before-restore-*.db"))) == 1


async def test_another_computer_asks_for_new_keys(open_store: OpenStore, folder: DataFolder, tmp_path: Path) -> None:
    async with open_store() as store:
        await fill(store)
        back_up(folder, tmp_path / "a.zip", "1")
    shutil.rmtree(folder.root)
    with exclusive(folder):
        restore(folder, tmp_path / "a.zip")
    async with open_store() as store:
        assert store.profiles.needing_new_key() == ("alice", "bob")
        assert store.profiles.match_key(AUTH_KEY) is None
        assert store.pairings.names_for("192.168.0.12") == ()


async def test_nothing_that_lets_somebody_in_is_in_it(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    async with open_store() as store:
        await fill(store)
        token = await store.pairings.issue_token("alice")
        await store.app_keys.add("alice", "llm")
        back_up(folder, tmp_path / "a.zip", "1")
        pepper = folder.pepper.read_bytes()
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(unpacked)
    everything = b"".join((unpacked / name).read_bytes() for name in archive.namelist())
    for secret in (AUTH_KEY.encode(), token.encode(), pepper, pepper.hex().encode()):
        assert secret not in everything
    with closing(sqlite3.connect(unpacked / "frame-backend.db")) as copy:
        for table in ("token", "pairing", "app_key"):
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    if os.name == "posix":
        assert not (tmp_path / "a.zip").stat().st_mode & 0o077


async def test_no_free_page_of_it_remembers_what_was_deleted(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    async with open_store() as store:
        await fill(store, 40)
        await store._database.change(lambda session: session.sql("DELETE FROM frame"))
        assert await store._database.read(lambda session: session.number("PRAGMA freelist_count")) > 0
        copy_database(folder, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA freelist_count").fetchone() == (0,)


async def test_a_backup_never_replaces_a_file_and_leaves_none_behind(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    async with open_store() as store:
        await fill(store, 1)
    (tmp_path / "a.zip").write_bytes(b"mine")
    with pytest.raises(InvalidValue, match=r"a\.zip is there already"):
        back_up(folder, tmp_path / "a.zip", "1")
    with pytest.raises(InvalidValue, match="could not be written"):
        back_up(folder, tmp_path / "nowhere" / "a.zip", "1")

    def give_up(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(folder, tmp_path / "b.zip", "1", give_up)
    with pytest.raises(KeyboardInterrupt):
        back_up(folder, tmp_path / "a.zip", "1", give_up, replace=True)
    assert (tmp_path / "a.zip").read_bytes() == b"mine"
    assert [name for name in files_in(tmp_path) if "part" in name or ".backup" in name] == []


async def test_a_file_that_may_be_replaced_is_once_the_backup_is_whole(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    async with open_store() as store:
        await fill(store, 1)
    (tmp_path / "a.zip").write_bytes(b"mine")
    made = back_up(folder, tmp_path / "a.zip", "1", replace=True)
    assert look_into(tmp_path / "a.zip") == made


@pytest.mark.parametrize("held", [None, b"", b"hello", b"SQLite format 3\x00 and no more"])
def test_what_is_no_backup_is_told_before_anything_is_closed(held: bytes | None, tmp_path: Path) -> None:
    if held is not None:
        (tmp_path / "a.zip").write_bytes(held)
    with pytest.raises(ArchiveUnusable):
        look_into(tmp_path / "a.zip")


def test_nothing_to_back_up_is_said(folder: DataFolder, tmp_path: Path) -> None:
    folder.prepare()
    with pytest.raises(ArchiveUnusable, match="nothing to back up"):
        back_up(folder, tmp_path / "a.zip", "1")
    assert not (tmp_path / "a.zip").exists()


def test_a_folder_in_use_is_left_alone(folder: DataFolder) -> None:
    with exclusive(folder), pytest.raises(DataFolderInUse), exclusive(folder):
        pass


# --- bad archives ------------------------------------------------------------------------------------------------

Spoil = Callable[[Path], None]


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path: Path, held: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)


def with_member(name: str, data: bytes = b"x") -> Spoil:
    return lambda path: rewrite(path, members(path) | {name: data})


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def one_bit_wrong(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def no_zip(path: Path) -> None:
    path.write_bytes(b"hello")


def without_manifest(path: Path) -> None:
    rewrite(path, {name: data for name, data in members(path).items() if name != "manifest.json"})


def twice_the_database(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("frame-backend.db", b"x")


def manifest_with(**said: object) -> Spoil:
    def spoil(path: Path) -> None:
        held = members(path)
        held["manifest.json"] = json.dumps(json.loads(held["manifest.json"]) | said).encode()
        rewrite(path, held)

    return spoil


def newer(path: Path) -> None:
    """Its database, too."""
    database_with("PRAGMA user_version = 99")(path)
    manifest_with(schema=99)(path)


def without_database(path: Path) -> None:
    rewrite(path, {name: data for name, data in members(path).items() if name != "frame-backend.db"})


def too_large_a_manifest(path: Path) -> None:
    held = members(path)
    rewrite(path, held | {"manifest.json": held["manifest.json"].ljust(MOST_MANIFEST_BYTES + 1)})


def database_with(statement: str) -> Spoil:
    def spoil(path: Path) -> None:
        held, file = members(path), path.with_suffix(".db")
        file.write_bytes(held["frame-backend.db"])
        with closing(sqlite3.connect(file)) as database:
            database.executescript(statement)
        rewrite(path, held | {"frame-backend.db": file.read_bytes()})
        file.unlink()

    return spoil


def damaged_database(path: Path) -> None:
    held = members(path)
    data = bytearray(held["frame-backend.db"])
    data[5_000:9_000] = b"\xff" * 4_000
    rewrite(path, held | {"frame-backend.db": bytes(data)})


def too_large_a_picture(path: Path) -> None:
    """A few bytes that say they are 33 MB."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("frames/1/2026-01-01/bomb.jpg", bytes(33 * 2**20))


EVIL_NAME = database_with("UPDATE frame SET frame_id = '../../../evil' WHERE id = 1")
BACKSLASHES = pytest.param(
    with_member("frames\\1\\2026-01-01\\evil.jpg"), marks=pytest.mark.posix("zipfile reads slashes for them there")
)


@pytest.mark.parametrize(
    "spoil",
    [
        cut_in_half, one_bit_wrong, no_zip, without_manifest, twice_the_database, newer, damaged_database,
        too_large_a_picture, without_database, too_large_a_manifest, manifest_with(format=2), manifest_with(schema=1),
        with_member("../../evil.jpg"),
        with_member("../frames/1/2026-01-01/evil.jpg"),
        with_member("frames/1/2026-01-01/evil.jpg/../../../../evil.jpg"),
        with_member("/etc/evil.jpg"),
        with_member("frames/1/2026-01-01/../../../evil.jpg"),
        BACKSLASHES,
        with_member("frames/1/2026-01-01/evil.exe"),
        with_member("pepper", b"p" * 32),
        database_with("CREATE TRIGGER evil AFTER INSERT ON frame BEGIN DELETE FROM profile; END"),
        EVIL_NAME,
        database_with("PRAGMA application_id = 1"),
    ],
)  # fmt: skip
async def test_a_bad_archive_changes_nothing(
    spoil: Spoil, open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    async with open_store() as store:
        await fill(store, 3)
        back_up(folder, tmp_path / "a.zip", "1")
    spoil(tmp_path / "a.zip")
    with exclusive(folder):  # makes the lock's file, and Windows takes it away again
        before = sorted(files_in(tmp_path)), folder.database.read_bytes()
        with pytest.raises(ArchiveUnusable):
            restore(folder, tmp_path / "a.zip")
        assert (sorted(files_in(tmp_path)), folder.database.read_bytes()) == before


async def test_a_refused_database_is_open_no_more_when_it_is_removed(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows would leave it there."""
    await backed_up(open_store, folder, tmp_path / "a.zip", 3)
    EVIL_NAME(tmp_path / "a.zip")
    remove, still_open = shutil.rmtree, list[str]()

    def removing(path: Path, *, ignore_errors: bool) -> None:
        still_open.extend(file.path for file in psutil.Process().open_files() if str(path) in file.path)
        remove(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(shutil, "rmtree", removing)
    with exclusive(folder), pytest.raises(ArchiveUnusable):
        restore(folder, tmp_path / "a.zip")
    assert still_open == []


async def backed_up(open_store: OpenStore, folder: DataFolder, archive: Path, frames: int) -> None:
    async with open_store() as store:
        await fill(store, frames)
        back_up(folder, archive, "1")


@pytest.mark.parametrize("spoil", [twice_the_database, without_database, with_member("pepper")])
async def test_what_is_missing_or_too_much_is_told_by_the_names_alone(
    spoil: Spoil, open_store: OpenStore, folder: DataFolder, tmp_path: Path
) -> None:
    await backed_up(open_store, folder, tmp_path / "a.zip", 1)
    spoil(tmp_path / "a.zip")
    with exclusive(folder), pytest.raises(ArchiveUnusable, match="holds what no backup of this program does"):
        restore(folder, tmp_path / "a.zip")


async def test_more_members_than_any_backup_has_are_refused(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backed_up(open_store, folder, tmp_path / "a.zip", 3)
    monkeypatch.setattr("app.store.database.restore.MOST_MEMBERS", 4)  # three pictures, the database and the manifest
    with exclusive(folder), pytest.raises(ArchiveUnusable, match="holds what no backup"):
        restore(folder, tmp_path / "a.zip")


async def test_a_disk_without_room_is_told_before_anything_is_unpacked(
    open_store: OpenStore, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backed_up(open_store, folder, tmp_path / "a.zip", 1)
    monkeypatch.setattr("app.store.database.restore.ROOM_LEFT_BYTES", 2**60)
    with exclusive(folder), pytest.raises(ArchiveUnusable, match="not enough room"):
        restore(folder, tmp_path / "a.zip")


# --- cut short ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", range(7))
async def test_a_restore_cut_short_at_any_step_is_finished_by_the_next_start(
    steps: int, open_store: OpenStore, folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store() as store:
        await fill(store, 3)
        before = await contents(store)
        back_up(folder, tmp_path / "a.zip", "1")
        await store.trash.delete("alice")
    old = folder.database.read_bytes()
    moves = 0
    move = files.move

    def move_until_killed(source: Path, target: Path) -> None:
        nonlocal moves
        if moves == steps:
            raise KeyboardInterrupt  # nothing is cleaned up after a kill
        moves += 1
        move(source, target)

    with monkeypatch.context() as patch, exclusive(folder):
        patch.setattr(files, "move", move_until_killed)
        with suppress(KeyboardInterrupt):
            restore(folder, tmp_path / "a.zip")
    if (folder.root / ".restore-ready/frames").exists():
        assert folder.database.read_bytes() == old  # the database goes last
    async with open_store() as store:
        found = await contents(store)
    if steps == 0:  # it was not proved to be whole yet
        assert [name for name, _ in found["profiles"]] == ["bob"]
    else:
        assert found == before
    forget_replaced(folder)
    assert not list(folder.root.glob(".restore-*"))


def test_finishing_nothing_is_nothing(folder: DataFolder) -> None:
    folder.prepare()
    finish_restore(folder)
    forget_replaced(folder)
    assert not put_back(folder)
    assert list(folder.root.iterdir()) == []


def test_a_manifest_says_what_it_says() -> None:
    assert Manifest.__slots__ == ("format", "schema", "version", "created_at", "pictures")
