"""What the search index finds is what stands in the history, whatever is typed, however far it is."""

from __future__ import annotations

import logging
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from app.core.frame import Answer, Attempt
from app.paths import DataFolder
from app.store import Filter, Store
from app.store.database.backup import copy_database
from app.store.history import search_index
from app.store.history.said_text import folded, is_said
from app.store.history.search_index import SearchIndex, _claim, _take_in, _texts
from tests.store.conftest import Clock, OpenStore, count
from tests.store.samples import frame

WORDS = (
    "Krankenhaus", "straße", "Zürich", "ﬁsh", "出口", "Ausgang", "Выход", "éclair", "C:\\temp", 'say "hi"', "100%",
    "a_b", "near", "AND", "OR", "NOT", "x*", "col:umn", "(", "^start", "it's", "ΟΔΟΣ", "naïve", "한국어", "e\u0301te",
    "😀",
)  # fmt: skip
TYPED = (
    "haus", "STRASSE", "strasse", "zurich", "Zürich", "fish", "出口", "выход", "eclair", "C:\\T", '"hi"', '"', "100%",
    "_b", "a_b", "NEAR(a b)", "near", "AND", "a AND b", "NOT near", "x*", "*", "haus*", "col:umn", "text:haus", "(",
    "^start", "'", "it's", "' OR 1=1 --", "οδος", "naive", "NAÏVE", "한국", "ete", "été", "😀", "😀 ", "\0", "a\0b",
    "nothing", " ", "haus straße", "h", "ha", "e\u0301", '""""', "{a b}", "said_0", "-haus", "+haus", "haus + straße",
)  # fmt: skip


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        yield store


def answer(chance: random.Random) -> Answer:
    said = " ".join(chance.choices(WORDS, k=4))
    other = Attempt("gemini", "g-1", "unsure", answer=" ".join(chance.choices(WORDS, k=2)))
    return Answer(said[:20], said, "ok", "gemini", attempts=(other,) * chance.randrange(2))


async def fill(store: Store, clock: Clock, frames: int, chance: random.Random, prefix: str = "f") -> None:
    for number in range(frames):
        mine = frame(
            store.profiles.get(chance.choice(("alice", "bob"))), at=clock.now + number, frame_id=f"{prefix}{number}"
        )
        await store.activity.record(mine, None, answer(chance), 5)


async def check(store: Store, *typed: str) -> None:
    """What is found is what a walk through all rows finds; nothing typed means anything but itself."""
    rows = await store._database.read(
        lambda session: session.sql("SELECT frame_id, answer, full_answer, error, ai_responses FROM frame")
    )
    for text in typed or TYPED:
        wanted = {frame_id for frame_id, *columns in rows if is_said(folded(text), *columns)}
        page = await store.activity.listed(Filter(text=text), limit=1_000)
        assert {line.frame_id for line in page.frames} == wanted, text
        assert (await store.activity.summary(Filter(text=text))).frames == len(wanted), text
        assert (await store.activity.would_delete(Filter("bob", text=text)))[0] <= len(wanted), text


async def is_used(store: Store, text: str = "haus") -> bool:
    return await store._database.read(lambda session: store.search.found(session, text) is not None)


async def test_the_same_is_found_without_it_half_grown_and_with_it(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "AT_ONCE", 25)
    monkeypatch.setattr(search_index, "PART_ROWS", 40)
    await fill(store, clock, 120, chance := random.Random(4))
    assert not await is_used(store)
    await check(store)

    class Halfway(Exception):
        """The program ends there."""

    real, done = search_index._settle, []

    def stopping(*args: Any, **named: Any) -> None:
        done.append(1)
        if len(done) == 3:
            raise Halfway
        real(*args, **named)

    monkeypatch.setattr(search_index, "_settle", stopping)
    with pytest.raises(Halfway):
        await store.search.catch_up()
    assert await is_used(store)
    assert await count(store, "frame_unsearched") == 25
    await check(store)
    await store.search.catch_up()
    assert await count(store, "frame_unsearched") == 0
    await fill(store, clock, 5, chance, prefix="new")
    await check(store)
    for short in ("出口", "ü", "_b", "h", "qx"):
        assert await is_used(store, short), short


async def test_letters_that_most_threes_begin_with_are_left_to_a_walk(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "SHORT_TERMS_MOST", 3)
    await fill(store, clock, 40, random.Random(4))
    await store.search.catch_up()
    assert not await is_used(store, "h")
    assert await is_used(store, "출")
    await check(store, "h", "ha", "出口", "출")


async def test_a_longer_history_than_it_knows_is_walked_through(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "NEWER_MOST", 5)
    await fill(store, clock, 10, chance := random.Random(4))
    await store.search.catch_up()
    await fill(store, clock, 5, chance, "g")
    assert await is_used(store)
    await fill(store, clock, 1, chance, "h")
    assert not await is_used(store)
    await check(store, "haus", "zurich")


async def test_what_changes_is_found_by_what_it_says_now(store: Store, clock: Clock) -> None:
    alice = store.profiles.get("alice")
    early = Answer("A mug", "A mug", "ok")
    for number in range(3):
        await store.activity.record(frame(alice, at=clock.now, frame_id=f"f{number}"), None, early, 5)
    await store.search.catch_up()
    store.activity.complete(frame(alice, at=clock.now, frame_id="f1"), Answer("A mug", "A mug on a Schreibtisch", "ok"))
    await store._database.change(lambda session: None)
    for _ in range(2):
        assert [line.frame_id for line in (await store.activity.listed(Filter(text="tisch"))).frames] == ["f1"]
        await store.search.catch_up()
    await store.activity.delete(Filter(text="tisch"))
    await store.activity.delete(Filter())
    await store.activity.record(frame(alice, at=clock.now, frame_id="again"), None, Answer("A zebra", "", "ok"), 5)
    for _ in range(2):  # it has the number of a row that was there before
        assert [line.frame_id for line in (await store.activity.listed(Filter(text="zebra"))).frames] == ["again"]
        assert not (await store.activity.listed(Filter(text="tisch"))).frames
        await store.search.catch_up()


# --- what may befall it ----------------------------------------------------------------------------------------------


def lost(folder: DataFolder) -> None:
    for path in folder.root.glob("search.db*"):
        path.unlink()


def damaged(folder: DataFolder) -> None:
    lost(folder)
    folder.search.write_bytes(b"not a database at all, but long enough to be taken for one\n" * 400)


def emptied(folder: DataFolder) -> None:
    lost(folder)
    folder.search.touch()


def of_another_database(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.search)) as index, index:
        index.execute("UPDATE stamp SET now = 'ab', before = 'cd'")


def of_another_format(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.search)) as index, index:
        index.execute("PRAGMA user_version = 0")


def half_damaged(folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.search)) as index:
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        index.execute("PRAGMA journal_mode = DELETE")
    data = folder.search.read_bytes()
    folder.search.write_bytes(data[:8_192] + b"\xff" * (len(data) - 8_192))


@pytest.mark.parametrize("harm", [lost, damaged, emptied, of_another_database, of_another_format, half_damaged])
async def test_it_is_made_anew_and_the_search_goes_on(
    store: Store, clock: Clock, folder: DataFolder, harm: Callable[[DataFolder], None]
) -> None:
    await fill(store, clock, 60, random.Random(6))
    await store.search.catch_up()
    harm(folder)
    await check(store, "haus", "zurich")
    await store.search.catch_up()
    assert await is_used(store)
    await check(store, "haus", "zurich", "near")
    if os.name == "posix":
        assert folder.search.stat().st_mode & 0o077 == 0


async def test_an_older_copy_of_the_database_gets_an_index_of_its_own(
    store: Store, clock: Clock, folder: DataFolder, open_store: OpenStore
) -> None:
    await fill(store, clock, 30, chance := random.Random(6))
    await store.search.catch_up()
    copy_database(folder, folder.root / "copy.db")
    await store.activity.delete(Filter(text="haus"))
    await fill(store, clock, 30, chance, prefix="g")
    for _ in range(2):
        await store.search.catch_up()
    await store.close()
    for log in ("-wal", "-shm"):
        folder.database.with_name(folder.database.name + log).unlink(missing_ok=True)
    shutil.move(folder.root / "copy.db", folder.database)
    async with open_store() as again:
        await fill(again, clock, 10, chance, prefix="h")
        for _ in range(2):
            await check(again)
            await again.search.catch_up()
        assert await is_used(again)


async def test_a_kill_between_the_two_files_loses_nothing(store: Store, clock: Clock, folder: DataFolder) -> None:
    await fill(store, clock, 20, chance := random.Random(6))
    await store.search.catch_up()
    stamps = []
    for turn in range(3):  # each time it is cut short there
        await fill(store, clock, 3, chance, prefix=f"g{turn}-")
        rows = await store._database.change(_claim)
        texts = await store._database.read(lambda session, rows=rows: _texts(session, [row[0] for row in rows]))
        (stamp,) = (await store._database.read(lambda s: s.sql("SELECT value FROM meta WHERE key = 'search_stamp'")))[0]
        _take_in(folder.search, texts, (f"cut-{turn}", stamp))
        stamps.append(stamp)
        assert await is_used(store)
        await check(store, "haus", "zurich")
    assert len(set(stamps)) == 1
    await store.search.catch_up()
    await check(store)


async def test_without_fts5_everything_is_found_as_before(
    store: Store, clock: Clock, folder: DataFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(search_index, "_TABLE", "no_such_module(text)")
    plain = SearchIndex(store._database, folder.search)
    store.activity._search = plain
    with caplog.at_level(logging.WARNING):
        plain.start()
    assert [record.message for record in caplog.records] == [
        "this Python's SQLite has no FTS5 with trigrams: searching a long history takes longer"
    ]
    await fill(store, clock, 30, random.Random(6))
    await check(store)
    await plain.stop()
    assert not folder.search.exists()


# --- what it takes ---------------------------------------------------------------------------------------------------


async def test_its_room_counts_for_the_profile(store: Store, clock: Clock, folder: DataFolder) -> None:
    chance = random.Random(8)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyzäöüß", k=chance.randint(2, 11))) for _ in range(9_000)]
    for number in range(1_200):
        said = " ".join(chance.choices(words, k=80))
        attempt = Attempt("gemini", "g-1", "sure", answer=said[:120], full_answer=said)
        mine = frame(store.profiles.get("alice"), at=clock.now, frame_id=f"f{number}")
        await store.activity.record(mine, None, Answer(said[:120], said, "ok", "gemini", attempts=(attempt,)), 5)
    await store.search.catch_up()
    (counted, _) = [usage.bytes for usage in await store.retention.usage()]
    await store.close()
    taken = sum(path.stat().st_size for path in (folder.database, folder.search))
    assert taken * 0.8 < counted < taken * 1.2


async def test_parts_whose_rows_are_gone_go_too(
    store: Store, clock: Clock, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "PART_ROWS", 100)
    monkeypatch.setattr(search_index, "LOOKED_AT_S", 0.0)
    await fill(store, clock, 310, random.Random(6))
    await store.search.catch_up()
    full = folder.search.stat().st_size
    for number in (3, 250, 251):
        await store.activity.set_favourite(f"f{number}", True)
    await store.activity.delete(Filter(favourite=False))
    await store.search.trim()
    assert search_index._parts(folder.search) == [(2, 2), (0, 1)]
    with closing(sqlite3.connect(folder.search)) as index:
        index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert folder.search.stat().st_size < full / 2
    await check(store)
    parts = search_index._parts(folder.search)
    await store.search.trim()
    assert search_index._parts(folder.search) == parts


async def test_a_backup_holds_none_of_it(store: Store, clock: Clock, folder: DataFolder) -> None:
    await fill(store, clock, 30, random.Random(6))
    await store.search.catch_up()
    copy_database(folder, folder.root / "copy.db")
    with closing(sqlite3.connect(folder.root / "copy.db")) as copy:
        made = [row[0] for row in copy.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    assert not [sql for sql in made if "VIRTUAL TABLE" in sql]
