"""The predecessor's data comes over once, wholly, and nothing from outside its folder with it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import ArchiveUnusable, DatabaseUnusable
from app.store import Store, StoredKey
from app.store.keys import keyring_worker
from app.store.setup import legacy_import
from app.store.setup.legacy_import import Imported
from tests.store.conftest import count
from tests.store.keys.test_secrets import FakeKeyring

PHOTO = Path(__file__).parents[2] / "data/images/frame_pink_lines.jpg"
SCHEMA = """
CREATE TABLE profiles (id INTEGER PRIMARY KEY, username TEXT, auth_key TEXT, api_keys TEXT, created_at TEXT,
    last_activity TEXT, total_requests INTEGER, data_size_bytes INTEGER);
CREATE TABLE activity_logs (id INTEGER PRIMARY KEY, profile_name TEXT, ip_address TEXT, request_type TEXT,
    image_path TEXT, ai_responses TEXT, final_answer TEXT, timestamp TEXT, processing_time_seconds REAL);
CREATE TABLE blacklisted_ips (id INTEGER PRIMARY KEY, ip_address TEXT, blacklisted_at TEXT, reason TEXT);
"""
PROFILES = (
    ("alice", "alice-key-1", json.dumps({"gemini_api_key": "AIza-canary-1", "qwen_api_key": ""})),
    ("bob", "no", None),
    ("carol", "alice-key-1", "not json"),
    ("../../x", "some-key-1", "{}"),
)
WHEN = "2026-11-20T10:30:05"


class Old:
    """The predecessor's folder; ``log`` adds a row of history."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "stored_images/alice").mkdir(parents=True)
        shutil.copy(PHOTO, root / "stored_images/alice/1.jpg")
        self.sql(SCHEMA)
        for username, auth_key, api_keys in PROFILES:
            self.add("profiles", username=username, auth_key=auth_key, api_keys=api_keys, created_at=WHEN)

    def sql(self, script: str) -> None:
        with closing(sqlite3.connect(self.root / "ai_server.db")) as database:
            database.executescript(script)

    def add(self, table: str, **values: Any) -> None:
        with closing(sqlite3.connect(self.root / "ai_server.db")) as database, database:
            marks = ", ".join("?" * len(values))
            database.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))

    def log(self, image_path: str | None = "stored_images/alice/1.jpg", **values: Any) -> None:
        row = {
            "profile_name": "alice", "ip_address": "192.168.0.12", "image_path": image_path,
            "ai_responses": json.dumps({"gemini": "A mug.", "qwen": "A cup."}), "final_answer": "A mug.",
            "timestamp": WHEN, "processing_time_seconds": 2.34,
        }  # fmt: skip
        self.add("activity_logs", **row | values)


@pytest.fixture
def old(tmp_path: Path) -> Old:
    root = tmp_path / "old"
    root.mkdir()
    return Old(root)


async def take(store: Store, old: Old) -> Imported:
    return await store.import_predecessor(old.root)


async def test_profiles_keep_their_keys_where_the_rules_allow(store: Store, old: Old) -> None:
    imported = await take(store, old)
    assert imported.profiles == ("alice", "bob", "carol")
    assert store.profiles.match_key("alice-key-1") == store.profiles.get("alice")
    made = dict(imported.new_keys)
    assert set(made) == {"bob", "carol"}  # too short, and taken by alice
    for name, key in made.items():
        assert store.profiles.match_key(key) == store.profiles.get(name)
    assert any("'../../x'" in sentence for sentence in imported.left_out)


async def test_api_keys_go_to_the_keyring_or_are_told_of_never_shown(store: Store, old: Old) -> None:
    imported = await take(store, old)  # these tests have no keyring
    assert imported.keys == 0
    [sentence] = [sentence for sentence in imported.left_out if "alice's key for gemini" in sentence]
    assert "AIza-canary-1" not in repr(imported)
    assert "GEMINI_API_KEY" in sentence


async def test_api_keys_become_the_profiles_own_once(store: Store, old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(keyring_worker, "_backend", lambda: keyring)
    assert (await take(store, old)).keys == 1
    assert list(keyring.entries.values()) == ["AIza-canary-1"]
    assert store.secrets.listed("alice") == (StoredKey("gemini", "keyring"),)
    assert store.secrets.listed(None) == ()
    await store.secrets.set("alice", "gemini", "AIza-newer")
    assert (await take(store, old)).keys == 0
    assert list(keyring.entries.values()) == ["AIza-newer"]  # what is there already is left alone


async def test_history_comes_with_its_pictures(store: Store, old: Old) -> None:
    old.log()
    imported = await take(store, old)
    assert (imported.frames, imported.pictures) == (1, 1)
    [row] = await store.activity.recent("alice")
    assert (row.answer, row.latency_ms, row.client_ip) == ("A mug.", 2_340, "192.168.0.12")
    assert row.ai_responses == {"gemini": "A mug.", "qwen": "A cup."}
    assert row.received_at.astimezone().strftime("%Y-%m-%dT%H:%M:%S") == WHEN
    assert await store.activity.picture(row.frame_id) == PHOTO.read_bytes()


async def test_a_second_import_adds_only_what_is_new(store: Store, old: Old) -> None:
    old.log()
    await take(store, old)
    old.log(final_answer="Two mugs.")
    again = await take(store, old)
    assert (again.profiles, again.known) == ((), ("alice", "bob", "carol"))
    assert again.frames == 1
    assert await count(store, "frame") == 2


async def test_the_blacklist_comes_over_but_never_this_computer(store: Store, old: Old) -> None:
    for address in ("10.1.2.3", "127.0.0.1", "nonsense"):
        old.add("blacklisted_ips", ip_address=address, reason="spam", blacklisted_at=WHEN)
    imported = await take(store, old)
    assert [(entry.address, entry.reason) for entry in store.blacklist.all()] == [("10.1.2.3", "spam")]
    assert imported.blacklisted == 1
    assert sum(sentence.startswith("Blacklist") for sentence in imported.left_out) == 2


@pytest.mark.posix("a symbolic link needs an administrator")
@pytest.mark.parametrize(
    "image_path",
    [
        "../secret.jpg", "stored_images/../../secret.jpg", "/etc/passwd", "stored_images/alice/link.jpg",
        "stored_images\\..\\..\\secret.jpg", "C:\\Windows\\win.ini", "stored_images/alice/1.jpg\0.png", "stored_images",
    ],
)  # fmt: skip
async def test_a_picture_outside_the_folder_is_never_read(image_path: str, store: Store, old: Old) -> None:
    shutil.copy(PHOTO, old.root.parent / "secret.jpg")
    shutil.copy(PHOTO, old.root / "secret.jpg")
    (old.root / "stored_images/alice/link.jpg").symlink_to(old.root.parent / "secret.jpg")
    old.log(image_path)
    imported = await take(store, old)
    assert (imported.frames, imported.pictures) == (1, 0)
    assert any("outside stored_images" in sentence for sentence in imported.left_out)


async def test_too_large_a_picture_is_left_out(store: Store, old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_import, "MOST_IMAGE_BYTES", PHOTO.stat().st_size - 1)
    old.log()
    imported = await take(store, old)
    assert (imported.frames, imported.pictures) == (1, 0)
    assert any("too large" in sentence for sentence in imported.left_out)


@pytest.mark.skipif(os.name != "posix", reason="pipes with a name")
async def test_a_pipe_is_not_waited_for(store: Store, old: Old) -> None:
    os.mkfifo(old.root / "stored_images/alice/pipe.jpg")
    old.log("stored_images/alice/pipe.jpg")
    imported = await asyncio.wait_for(take(store, old), 10)
    assert (imported.frames, imported.pictures) == (1, 0)


@pytest.mark.parametrize("number", ["abc", None, 2.5])
async def test_a_column_in_the_rowids_place_is_passed_over(number: Any, store: Store, old: Old) -> None:
    old.sql("ALTER TABLE activity_logs ADD COLUMN rowid")
    old.log(None, rowid=number)
    old.log(None, rowid=7)
    assert (await take(store, old)).frames == 1


async def test_another_computers_path_still_finds_its_picture(store: Store, old: Old) -> None:
    old.log("C:\\Users\\alice\\server\\stored_images\\alice\\1.jpg")
    assert (await take(store, old)).pictures == 1


async def test_odd_rows_are_taken_as_far_as_they_go(store: Store, old: Old) -> None:
    (old.root / "stored_images/alice/bad.jpg").write_bytes(b"no picture")
    old.log("stored_images/alice/bad.jpg")
    old.log(None, ai_responses="[1, 2]", final_answer=None, processing_time_seconds="soon")
    old.log(None, timestamp="yesterday")
    old.log(None, profile_name="nobody")
    imported = await take(store, old)
    assert imported.frames == 2
    told = " ".join(imported.left_out)
    assert "1 pictures that are missing, damaged or too large" in told
    assert "1 frames of profiles that are not there" in told


DEEP = "[" * 100_000
NESTED = '{"gemini": ' * 5_000 + '"A mug."' + "}" * 5_000


@pytest.mark.parametrize(
    "garbage",
    [DEEP, NESTED, "9" * 10_000, '{"gemini": "\\ud800"}', '{"gemini_api_key": [1], "gemini": {}}', "\x1b", b"{}"],
)
async def test_garbage_is_left_out_wherever_it_stands(garbage: Any, store: Store, old: Old) -> None:
    old.add("profiles", username="dave", auth_key="dave-key-12", api_keys=garbage)
    old.log(None, ai_responses=garbage, final_answer=garbage)
    old.log(None, timestamp=garbage, processing_time_seconds=garbage)
    imported = await take(store, old)
    assert (imported.profiles, imported.frames) == (("alice", "bob", "carol", "dave"), 1)
    [row] = await store.activity.recent("alice")
    assert max(len(row.answer), *map(len, row.ai_responses.values()), 0) <= 8_000
    assert "\x1b" not in row.answer


async def test_what_a_terminal_obeys_never_comes_over(store: Store, old: Old) -> None:
    red = "\x1b[31mred\u202e"
    old.add("profiles", username=f"eve{red}", auth_key="eve-key-1234", api_keys="{}")
    old.add("blacklisted_ips", ip_address="10.1.2.3", reason=f"spam\n{red}", blacklisted_at=WHEN)
    old.log(None, ai_responses=json.dumps({red: red * 9_000}), final_answer=red * 9_000, ip_address=red)
    imported = await take(store, old)
    [row] = await store.activity.recent("alice")
    told = [row.answer, row.client_ip, *row.ai_responses, *row.ai_responses.values(), *imported.left_out]
    told += [entry.reason for entry in store.blacklist.all()]
    assert not any(sign in text for text in told for sign in "\x1b\u202e")
    assert any("[31mred" in sentence and sentence.startswith("Profile") for sentence in imported.left_out)
    assert max(map(len, told)) <= 8_000
    assert [entry.reason for entry in store.blacklist.all()] == ["spam [31mred"]


async def test_what_is_no_utf_8_comes_over_as_far_as_it_goes(store: Store, old: Old) -> None:
    old.log(None)
    old.sql("UPDATE activity_logs SET final_answer = CAST(x'6d7567ff' AS TEXT)")
    await take(store, old)
    [row] = await store.activity.recent("alice")
    assert row.answer == "mug\ufffd"


async def test_what_fails_midway_leaves_no_profile_behind(
    store: Store, old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.profiles.add("zoe")
    old.log()

    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnusable("The disk is full.")

    monkeypatch.setattr(legacy_import, "_insert_new", fail)
    with pytest.raises(DatabaseUnusable, match="disk is full"):
        await take(store, old)
    assert [profile.username for profile in store.profiles.all()] == ["zoe"]


async def test_what_is_no_such_folder_is_refused(store: Store, tmp_path: Path, old: Old) -> None:
    with pytest.raises(ArchiveUnusable, match=r"no ai_server\.db"):
        await store.import_predecessor(tmp_path)
    (old.root / "ai_server.db").write_bytes(b"SQLite format 3\0 but not really" * 99)
    with pytest.raises(ArchiveUnusable, match="cannot be read"):
        await take(store, old)
    assert store.profiles.all() == ()


async def test_the_old_folder_stays_as_it_was(store: Store, old: Old) -> None:
    old.log()
    before = sorted((path.name, path.stat().st_size) for path in old.root.rglob("*"))
    await take(store, old)
    assert sorted((path.name, path.stat().st_size) for path in old.root.rglob("*")) == before


async def test_a_log_that_was_not_copied_back_yet_is_read_and_left_as_it_is(store: Store, old: Old) -> None:
    """Whoever may write, and is the last to close a database, copies its log into it and deletes that."""
    database, log = old.root / "ai_server.db", old.root / "ai_server.db-wal"
    with closing(sqlite3.connect(database)) as predecessors:
        predecessors.execute("PRAGMA journal_mode = WAL")
        predecessors.execute("SELECT count(*) FROM profiles").fetchone()  # has it open: its log stays
        old.log()
        before = database.read_bytes(), log.read_bytes()
    for path, held in zip((database, log), before, strict=True):
        path.write_bytes(held)  # as a crash of the predecessor leaves them
    assert (await take(store, old)).frames == 1
    assert (database.read_bytes(), log.read_bytes()) == before


async def test_an_import_that_is_stopped_goes_on_with_the_next(store: Store, old: Old) -> None:
    for second in range(120):
        old.log(image_path=None, timestamp=f"2026-11-20T10:{second // 60:02}:{second % 60:02}")
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    stopped = await store.import_predecessor(old.root, stop)
    assert (told, stopped.frames) == ([(50, 120)], 50)
    assert dict(stopped.new_keys).keys() == {"bob", "carol"}, "what was made is told all the same"
    assert "Stopped: 70 frames are left, the same import goes on with them." in stopped.left_out
    assert (await take(store, old)).frames == 70
