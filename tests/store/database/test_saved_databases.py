"""A database that a release left behind is opened by today's code, and everything in it is right."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import DatabaseUnusable
from app.core.events import Bus
from app.core.ports import SavedCooldown
from app.paths import DataFolder
from app.store import Filter, Store
from app.store.database.connection import Session
from app.store.database.migrations import MIGRATIONS, open_database
from tests.store import saved_database as saved

DATABASES = Path(__file__).parents[2] / "data/databases"
TOKENS = {1: "mvUy_kVkBtt00T4bMQiSbWlFwFra0SG7LS53f4u_wAw", 2: "8YXk07wYdXPN7h5m0ERJs6-Y2CLo49n5pE8n2PBN-j4",
          3: "NLZPo0QfXCHQCojV4OeCjzfBXlupuWIllWIUybKppnA",
          4: "g8S3WZIsdFC4YyU7xoiwampDRLOcfktnTot1gdQxAMs",
          5: "05fTrzjSq5ouD0gYL1Hpk-1Lo_NvCwpIPO9_ixtnSuk",
          6: "yd_rGFg2JYmjjauluBe1Ob0F3_2JA6J9sOastH7WkvI",
          7: "Li9b-yTHn0FdvDfoOVrVUynM4z4rXk5E4VTgxKD7apA",
          8: "2I4jZuvpxXH7q2EJIRGUU3LdeesRvNE3fk4-6-GvnAM",
          9: "QjtQpfhJm3YfReENnw0CiDxXnULO4SUUqihBYXATVyo"}  # fmt: skip
"""By format: what ``tests.store.saved_database`` printed when it made that one."""


def test_every_released_format_is_here() -> None:
    assert {path.name for path in DATABASES.iterdir()} == {f"schema-{n}.db" for n in range(1, len(MIGRATIONS))}
    assert set(TOKENS) == set(range(1, len(MIGRATIONS)))


@pytest.fixture(params=sorted(TOKENS))
def schema(request: pytest.FixtureRequest, folder: DataFolder) -> int:
    """The format of the database that the data folder now holds, with its pepper and its one picture."""
    folder.prepare()
    shutil.copyfile(DATABASES / f"schema-{request.param}.db", folder.database)
    folder.pepper.write_bytes(saved.PEPPER)
    picture = folder.frames / "1/2026-09-21/answered.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(saved.PICTURE.jpeg)
    number: int = request.param
    return number


async def opened(folder: DataFolder) -> Store:
    return await Store.open(
        folder, Bus(), default_providers=saved.PROVIDERS, key_variables=lambda _: (), environ={},
        clock=lambda: saved.NOW + 60,
    )  # fmt: skip


def test_it_has_rows_of_every_table(schema: int, folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
        assert database.execute("PRAGMA user_version").fetchone() == (schema,)
    assert len(counts) > 12
    assert all(counts.values()), counts
    assert folder.database.stat().st_size < 160_000


async def test_who_may_come_in_still_may(schema: int, folder: DataFolder) -> None:
    async with await opened(folder) as store:
        assert {one.username for one in store.profiles.all()} == {"alice", "José Müller"}
        assert store.profiles.needing_new_key() == ()
        found = store.profiles.match_key(saved.AUTH_KEY)
        assert found is not None
        assert found.username == "alice"
        assert store.pairings.is_paired("192.168.0.12", "alice")
        assert not store.pairings.is_paired("192.168.0.12", "José Müller")
        assert store.pairings.profile_for_token(TOKENS[schema]) == "alice"
        assert [(one.username, one.app) for one in store.app_keys.all()] == [("alice", "llm")] * (schema > 6)
        entry = store.blacklist.match("10.1.2.3")
        assert entry is not None
        assert (entry.reason, entry.automatic, entry.hits) == ("guests", False, 0)


async def test_what_was_set_is_set(schema: int, folder: DataFolder) -> None:
    async with await opened(folder) as store:
        alice = store.profiles.get("alice")
        assert (alice.prompt, alice.chain, alice.answer_chars) == ("Lies die Schilder", ("qwen", "gemini"), 60)
        assert alice.daily_cap_usd == 0.0
        assert store.profiles.get("José Müller").answer_chars != 60
        assert store.settings.value("gate.hints") == 7
        gemini, box = store.providers.get("gemini"), store.providers.get("my-box")
        assert (gemini.model, gemini.requests_per_minute, gemini.daily_cap_usd) == ("g-2", 9, 0.0)
        assert (box.vendor, box.base_url, box.model) == ("custom", "http://192.168.0.2:1234/v1", "m")
        assert set(store.secrets.keyring_cache.tags) == {(alice.profile_id, "gemini")}
        price = store.prices.get("g-1")
        assert (price.input_usd if price else None) == (0.3 if schema > 1 else None)


async def test_what_was_learned_of_providers_is_known(schema: int, folder: DataFolder) -> None:
    async with await opened(folder) as store:
        assert list(store.health.cooldowns()) == [
            SavedCooldown("gemini", "0123456789ab", "quota", saved.NOW + 3_600, 2)
        ]
        lessons = store.health.lessons()
        if schema < 3:
            assert lessons == (), "what format 2 learned had no date"
        else:
            assert [lesson.learned for lesson in lessons] == [saved.LEARNED]
        assert store.health.day_counts() == {("gemini", "0123456789ab", "2026-09-21"): 41}


async def test_the_history_is_whole(schema: int, folder: DataFolder) -> None:
    async with await opened(folder) as store:
        failed, answered = (await store.activity.report("alice")).frames
        assert (answered.frame_id, answered.answer, answered.full_answer) == (
            "answered", "A red mug.", "A red mug on a desk.",
        )  # fmt: skip
        assert (answered.status, answered.code, answered.answered_by) == (200, "ok", "judge")
        assert (answered.confidence, answered.kind, answered.latency_ms) == (0.91, "scene", 1_402)
        assert (answered.judge_why, answered.client_ip) == ("It is more specific.", "192.168.0.12")
        assert answered.received_at.timestamp() == saved.NOW + 1
        assert [one["outcome"] for one in answered.attempts] == ["unsure", "unsure", "judged"]
        assert answered.ai_responses == {"gemini": "Perhaps a mug.", "qwen": "A red cup."}
        assert [one[:4] for one in answered.usage] == [
            ("gemini", "g-1", 400, 30), ("qwen", "q-1", 380, 21), ("gemini", "g-1", 700, 20)
        ]  # fmt: skip
        assert (answered.calls, answered.cost_usd, answered.favourite) == (2, None, False)
        assert (answered.thumb, answered.door) == (int(schema > 4), "")
        assert await store.activity.picture("answered") == saved.PICTURE.jpeg
        assert (failed.status, failed.code, failed.error) == (502, "no_answer", str(saved.FAILED))
        assert (failed.calls, failed.cost_usd, failed.has_picture) == (1, 0.0, False)
        assert [row.frame_id for row in (await store.activity.report("José Müller")).frames] == ["bobs"]
        summary = await store.activity.summary(Filter())
        assert (summary.frames, summary.escalated) == (3, 2)


async def test_it_goes_on_from_there_and_the_old_one_is_kept(schema: int, folder: DataFolder) -> None:
    before = (DATABASES / f"schema-{schema}.db").read_bytes()
    async with await opened(folder) as store:
        alice = store.profiles.get("alice")
        await store.activity.record(saved.frame("new", alice, 9), None, saved.ANSWER, 5)
        await store.activity.set_favourite("answered", True)
    async with await opened(folder) as store:
        assert [(row.frame_id, row.favourite) for row in (await store.activity.report("alice")).frames] == [
            ("new", False), ("failed", False), ("answered", True)
        ]  # fmt: skip
    (kept,) = folder.backups.glob(f"format-{schema}-*.db")
    with closing(sqlite3.connect(kept)) as copy, closing(sqlite3.connect(":memory:")) as released:
        released.deserialize(before)
        assert list(copy.iterdump()) == list(released.iterdump())


async def test_what_was_off_for_ever_is_probed(schema: int, folder: DataFolder) -> None:
    if schema >= 3:
        pytest.skip("nothing is off for ever since")
    with closing(sqlite3.connect(folder.database)) as database, database:
        database.execute("INSERT INTO cooldown (provider, key_id, word, revision) VALUES ('qwen', 'k', 'auth', 0)")
    async with await opened(folder) as store:
        assert SavedCooldown("qwen", "k", "auth", 0.0, 0) in store.health.cooldowns()


def fail_at_the_end(session: Session) -> None:
    session.sql("DELETE FROM frame")
    session.sql("ALTER TABLE profile ADD COLUMN colour TEXT")
    raise sqlite3.OperationalError("half-way")


async def test_a_migration_that_fails_leaves_the_file_as_it_was_and_its_copy(schema: int, folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as database:
        before = list(database.iterdump())
    with pytest.raises(DatabaseUnusable, match="The database cannot be opened: half-way"):
        open_database(folder, (*MIGRATIONS[:schema], fail_at_the_end))
    with closing(sqlite3.connect(folder.database)) as database:
        assert list(database.iterdump()) == before
        assert database.execute("PRAGMA user_version").fetchone() == (schema,)
    (kept,) = folder.backups.iterdir()
    with closing(sqlite3.connect(kept)) as copy:
        assert list(copy.iterdump()) == before
    async with await opened(folder) as store:
        assert (await store.activity.report("alice")).frames_total == 2


async def test_a_newer_format_is_refused_with_its_sentence(schema: int, folder: DataFolder) -> None:
    newer = len(MIGRATIONS) + 4
    with closing(sqlite3.connect(folder.database)) as database:
        database.execute(f"PRAGMA user_version = {newer}")
    before = folder.database.read_bytes()
    with pytest.raises(DatabaseUnusable) as caught:
        await opened(folder)
    assert str(caught.value) == (
        f"The database was made by a newer version of this program (its format is {newer}, this program knows "
        f"{len(MIGRATIONS)}): install the newer version."
    )
    assert folder.database.read_bytes() == before
