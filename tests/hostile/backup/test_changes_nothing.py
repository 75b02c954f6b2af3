"""Whatever is wrong with a backup, nothing changes and one sentence is said; what is taken is whole and starts."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from app import files
from app.core.errors import ArchiveUnusable, DatabaseUnusable
from app.core.events import Bus
from app.paths import DataFolder
from app.store import Filter, Store
from app.store.database.backup import DATABASE, back_up
from app.store.database.put_in_place import UNPACKED, finish_restore, forget_left, put_back
from app.store.database.restore import exclusive, look_into, network_changes, open_restored, restore
from app.store.history.sums import disagreeing
from tests.store import saved_database as saved
from tests.store.database.test_saved_databases import DATABASES

FLIPS, SEED = 300 * int(os.environ.get("FRAME_BACKEND_FUZZ", "1")), 20_261_129


async def opened(folder: DataFolder) -> Store:
    return await Store.open(
        folder, Bus(), default_providers=saved.PROVIDERS, key_variables=lambda _: (), environ={},
        clock=lambda: saved.NOW + 60,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``data``, that has rows of every table, and its backup ``all.zip``."""
    root = tmp_path_factory.mktemp("made")
    asyncio.run(saved.fill(root / "data"))
    back_up(DataFolder(root / "data"), root / "all.zip", "1.2.3")
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> DataFolder:
    shutil.copytree(made / "data", tmp_path / "data")
    folder = DataFolder(tmp_path / "data")
    with exclusive(folder):  # makes the lock's file
        return folder


def held(folder: DataFolder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.root.rglob("*") if path.is_file()}


def changes_nothing(folder: DataFolder, archive: Path, before: dict[str, bytes]) -> bool:
    """Whether it was refused, with one sentence; what was taken starts, and goes back."""
    try:
        restore(folder, archive)
    except ArchiveUnusable as error:
        said = str(error)
        assert said.endswith(".")
        assert said.isprintable()
        assert len(said) < 300
        assert held(folder) == before
        return True

    async def start() -> None:
        async with await opened(folder) as store:
            for profile in store.profiles.all():
                await store.activity.report(profile.username)
            await store.activity.summary(Filter())

    asyncio.run(start())
    put_back(folder)
    return False


def test_three_hundred_bytes_each_wrong_in_one_bit(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    chosen, whole, before = random.Random(SEED), (made / "all.zip").read_bytes(), held(folder)
    refused = 0
    for _ in range(FLIPS):
        spoiled = bytearray(whole)
        spoiled[chosen.randrange(len(spoiled))] ^= 1 << chosen.randrange(8)
        (tmp_path / "a.zip").write_bytes(spoiled)
        refused += changes_nothing(folder, tmp_path / "a.zip", before)
    print(FLIPS, "inputs tried")  # tests.endurance reads it
    assert refused > FLIPS * 0.9  # the others hit a date or an attribute of a member


# --- the database in it ----------------------------------------------------------------------------------------------


def with_database(made: Path, target: Path, *statements: str) -> Path:
    """The backup, and its database after ``statements``, past all that SQLite would refuse."""
    with zipfile.ZipFile(made / "all.zip") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    file = target.with_suffix(".db")
    file.write_bytes(members[DATABASE])
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            database.execute(statement)
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in (members | {DATABASE: file.read_bytes()}).items():
            archive.writestr(name, data)
    file.unlink()
    return target


def columns(made: Path) -> Iterator[tuple[str, str]]:
    """Every table's columns but what is no value: a key, SQLite's own, and what no backup has a row of."""
    with closing(sqlite3.connect(made / "data" / DATABASE)) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in set(names) - {"sqlite_sequence", "token", "pairing", "app_key"}:
            for _, name, _, _, _, key in database.execute(f"PRAGMA table_info({table})").fetchall():
                if not key:
                    yield table, name


def test_every_table_dropped_once(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    before, tables = held(folder), {table for table, _ in columns(made)}
    assert len(tables) > 10
    for table in sorted(tables):
        archive = with_database(made, tmp_path / "a.zip", f"DROP TABLE {table}")
        assert changes_nothing(folder, archive, before), table


MAY_BE_NULL = {
    ("profile", "chain"), ("profile", "last_seen_at"), ("profile", "deleted_at"), ("blacklist", "expires_at"),
    ("provider", "model"), ("provider", "enabled"), ("provider", "requests_per_minute"), ("provider", "preset"),
    ("provider", "requests_per_day"), ("provider", "daily_cap_usd"), ("frame", "confidence"), ("frame", "cost_usd"),
    ("frame", "trust"), ("frame", "whole_ms"), ("frame", "blurred_faces"), ("label", "confidence"),
    ("provider", "position"),
}  # fmt: skip


@pytest.mark.parametrize("value", ["NULL", "x'ff00'"])
def test_every_column_nulled_or_of_another_kind(value: str, made: Path, folder: DataFolder, tmp_path: Path) -> None:
    before = held(folder)
    for table, name in columns(made):
        of_table = f"WHERE type = 'table' AND name = '{table}'"
        archive = with_database(
            made,
            tmp_path / "a.zip",
            f"CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_master {of_table}",
            f"UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') {of_table}",
            "PRAGMA schema_version = 900",
            f"UPDATE OR REPLACE {table} SET {name} = {value}",
            f"UPDATE sqlite_master SET sql = (SELECT sql FROM kept) {of_table}",
        )
        refused = changes_nothing(folder, archive, before)
        assert refused or (value == "NULL" and (table, name) in MAY_BE_NULL), (table, name)


@pytest.mark.parametrize("copy", sorted(DATABASES.glob("*.db")), ids=lambda copy: str(copy.stem))
def test_what_every_earlier_version_left_behind_is_taken(copy: Path, folder: DataFolder) -> None:
    restore(folder, copy)

    async def names() -> set[str]:
        async with await opened(folder) as store:
            return {profile.username for profile in store.profiles.all()}

    assert asyncio.run(names()) == {"José Müller", "alice"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE setting SET key = 'gate.hints', value = 'many' WHERE key = 'gate.hints'",
        "INSERT INTO setting VALUES ('network.port', '99999')",
        "UPDATE profile_setting SET value = '-5'",
        "UPDATE profile SET username = '../evil' WHERE id = 1",
        "UPDATE profile SET chain = '{' WHERE chain IS NOT NULL",
        "UPDATE profile SET chain = '[1]' WHERE chain IS NOT NULL",
        "UPDATE profile SET prompt = hex(zeroblob(4000))",
        "UPDATE profile SET created_at = 1e300",
        "UPDATE profile SET deleted_at = 9e999",
        "UPDATE profile SET key_hash = 'text' WHERE id = 1",
        "UPDATE provider SET base_url = 'file:///etc/passwd' WHERE name = 'my-box'",
        "UPDATE provider SET base_url = NULL WHERE name = 'my-box'",
        "UPDATE provider SET requests_per_minute = 'x' WHERE name = 'gemini'",
        "UPDATE provider SET daily_cap_usd = -1 WHERE name = 'gemini'",
        "UPDATE provider SET name = 'judge' WHERE name = 'my-box'",
        "UPDATE blacklist SET address = '127.0.0.1'",
        "UPDATE blacklist SET address = 'anywhere'",
        "UPDATE blacklist SET created_at = -1e18",
        "UPDATE price SET as_of = 'one day'",
        "UPDATE price SET input_usd = -1",
        "UPDATE lesson SET repairs = '[[1, 2]]'",
        "UPDATE lesson SET repairs = '{'",
        "UPDATE cooldown SET until = NULL",
        "UPDATE cooldown SET word = 'never'",
        "UPDATE day_count SET day = 'today'",
        "UPDATE day_count SET calls = 'many'",
        "UPDATE meta SET value = '../x' WHERE key = 'installation_id'",
        "DELETE FROM meta",
        "UPDATE frame SET attempts = '{'",
        "UPDATE frame SET attempts = '[1]'",
        "UPDATE frame SET usage = '[[1]]'",
        "UPDATE frame SET ai_responses = '{\"gemini\": 1}'",
        "UPDATE frame SET received_ms = 9000000000000000000",
        "UPDATE frame SET received_ms = x'00' WHERE id = 1",
        "UPDATE frame SET status = 200, code = 'strange'",
        "UPDATE frame SET image_bytes = 9000000000000000000",
        "UPDATE frame SET paid_by = 'gemini', cost_usd = NULL",
        "UPDATE frame SET cost_usd = -1",
        "UPDATE frame SET blurred_faces = -1",
        "UPDATE frame SET blurred_faces = 'many'",
        "UPDATE frame SET calls = -1",
        "UPDATE frame SET latency_ms = -1",
        "UPDATE sqlite_sequence SET seq = 9223372036854775807",
        "UPDATE sqlite_sequence SET seq = 'x'",
        "UPDATE frame SET answer = CAST(x'ff' AS TEXT)",
        "UPDATE frame SET frame_id = '../../evil' WHERE id = 1",
        "CREATE VIEW evil AS SELECT * FROM profile",
        "CREATE TABLE evil (x)",
        "ALTER TABLE frame ADD COLUMN evil TEXT",
        "DROP INDEX frame_by_quarter",
    ],
)
def test_one_bad_value(statement: str, made: Path, folder: DataFolder, tmp_path: Path) -> None:
    before = held(folder)
    assert changes_nothing(folder, with_database(made, tmp_path / "a.zip", statement), before)


def test_what_would_be_read_without_end_is_not_read(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"
    view = f"CREATE VIEW setting AS {endless} SELECT 'network.port' AS key, CAST(x AS TEXT) AS value FROM r"
    before, archive = held(folder), with_database(made, tmp_path / "a.zip", "DROP TABLE setting", view)
    with pytest.raises(ArchiveUnusable, match="damaged"):
        network_changes(folder, archive)
    assert changes_nothing(folder, archive, before)
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe")
        for endless_file in (tmp_path / "pipe", Path("/dev/zero")):
            with pytest.raises(ArchiveUnusable, match="is no backup"):
                look_into(endless_file)
            assert changes_nothing(folder, endless_file, before)


def test_a_pairing_in_a_backup_lets_nobody_in(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    pair = "INSERT INTO pairing VALUES (1, '192.168.0.66', 1.0, NULL, 1.0)"
    restore(folder, with_database(made, tmp_path / "a.zip", pair))

    async def paired() -> int:
        async with await opened(folder) as store:
            return len(store.pairings.all())

    assert asyncio.run(paired()) == 0


# --- what stays this computer's own ----------------------------------------------------------------------------------

DOORS = (
    "INSERT INTO setting VALUES ('network.host_names', 'evil.example')",
    "INSERT INTO setting VALUES ('network.trusted_proxies', '0.0.0.0/0')",
    "UPDATE provider SET base_url = 'https://evil.example/v1' WHERE name IN ('gemini', 'my-box')",
    "INSERT INTO provider (name, position, base_url, model) VALUES ('theirs', 9, 'https://evil.example/v1', 'm')",
    "INSERT INTO setting VALUES ('doors.webhook', 'on')",
    "INSERT INTO setting VALUES ('doors.mqtt', 'on')",
    "INSERT INTO setting VALUES ('mqtt.host', 'evil.example')",
    "INSERT INTO setting VALUES ('webhook.url', 'https://evil.example/all')",
    "INSERT INTO profile_setting SELECT id, 'webhook.url', 'https://evil.example/hers' FROM profile",
)
HOOKS = "INSERT OR REPLACE INTO profile_setting SELECT id, 'webhook.url', 'https://mine.example/' FROM profile"


async def told(folder: DataFolder) -> dict[str, str]:
    """Whom each profile's answers are told."""
    async with await opened(folder) as store:
        assert not store.settings.flag("doors.webhook")
        return {profile.username: profile.webhook_url for profile in store.profiles.all()}


async def reached(folder: DataFolder) -> tuple[object, object, dict[str, str]]:
    async with await opened(folder) as store:
        addresses = {one.name: one.base_url for one in store.providers.all()}
        names, proxies = (store.settings.text(f"network.{key}") for key in ("host_names", "trusted_proxies"))
        return names, proxies, addresses


def test_doors_and_addresses_stay_this_computers_own(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    archive = with_database(made, tmp_path / "a.zip", *DOORS)
    before = asyncio.run(reached(folder))
    changes = network_changes(folder, archive)
    with closing(sqlite3.connect(folder.database)) as database:
        names = [name for (name,) in database.execute("SELECT username FROM profile")]
    assert {one.name: (one.here, one.there) for one in changes} == {
        "network.host_names": ("", "evil.example"),
        "network.trusted_proxies": ("", "0.0.0.0/0"),
        "gemini.base_url": ("", "https://evil.example/v1"),
        "my-box.base_url": ("http://192.168.0.2:1234/v1", "https://evil.example/v1"),
        "theirs.base_url": ("", "https://evil.example/v1"),
        "doors.webhook": ("", "on"),
        "doors.mqtt": ("", "on"),
        "mqtt.host": ("", "evil.example"),
        "webhook.url": ("", "https://evil.example/all"),
        **{f"{name}.webhook_url": ("", "https://evil.example/hers") for name in names},
    }
    restore(folder, archive)
    assert set(asyncio.run(told(folder)).values()) == {""}
    assert asyncio.run(reached(folder)) == before
    restore(folder, archive, taken={"network.host_names", "theirs.base_url"})
    names, proxies, addresses = asyncio.run(reached(folder))
    assert (names, proxies) == ("evil.example", "")
    assert addresses == before[2] | {"theirs": "https://evil.example/v1"}


def test_webhooks_stay_this_computers_own_or_come_over(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    archive = with_database(made, tmp_path / "a.zip", *DOORS)
    with closing(sqlite3.connect(folder.database)) as database, database:
        database.execute(HOOKS)
    before = asyncio.run(told(folder))
    assert set(before.values()) == {"https://mine.example/"}
    restore(folder, archive)
    assert asyncio.run(told(folder)) == before
    restore(folder, archive, taken={f"{name}.webhook_url" for name in before})
    assert set(asyncio.run(told(folder)).values()) == {"https://evil.example/hers"}


def test_what_was_changed_here_stays_changed(made: Path, folder: DataFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as database, database:
        database.execute("INSERT INTO setting VALUES ('network.port', '8080')")
        database.execute("UPDATE provider SET base_url = 'https://mine.example/v1' WHERE name = 'gemini'")
        database.execute("INSERT INTO provider (name, base_url) VALUES ('qwen', 'https://here.example/v1')")
    before = asyncio.run(reached(folder))
    restore(folder, made / "all.zip")
    assert asyncio.run(reached(folder)) == before


# --- kept until it has started ---------------------------------------------------------------------------------------


def test_what_was_replaced_is_kept_until_the_new_has_started(made: Path, folder: DataFolder) -> None:
    picture = folder.frames / "1/2026-01-01/mine.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"mine")
    restore(folder, made / "all.zip")
    assert not picture.exists()
    restore(folder, made / "all.zip")  # once more: the first has never started
    assert put_back(folder)
    assert picture.read_bytes() == b"mine"


class Killed(BaseException):
    """Nothing is cleaned up after it."""


@pytest.mark.parametrize("steps", range(4))
def test_a_way_back_cut_short_is_gone_to_its_end_by_the_next_start(
    steps: int, made: Path, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(folder)
    restore(folder, made / "all.zip")
    move, moves = files.move, iter(range(steps))

    def move_until_killed(source: Path, target: Path) -> None:
        if next(moves, None) is None:
            raise Killed
        move(source, target)

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(files, "move", move_until_killed)
        put_back(folder)
    finish_restore(folder)
    assert put_back(folder) == (steps == 0)  # nothing had begun
    assert held(folder) == before


def test_what_a_kill_left_goes_when_nobody_can_be_at_it_any_more(folder: DataFolder) -> None:
    before = held(folder)
    for name in (".backup-12ab34cd.db", ".look-12ab34cd", f"{UNPACKED}/frames/1/2026-01-01/a.jpg"):
        (folder.root / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.root / name).write_bytes(b"much")
    forget_left(folder)
    assert len(held(folder)) == len(before) + 3
    for name in (".backup-12ab34cd.db", ".look-12ab34cd", UNPACKED):
        os.utime(folder.root / name, (1.0, 1.0))
    forget_left(folder)
    assert held(folder) == before


@pytest.mark.parametrize("error", [OSError("no"), KeyError("a bug"), DatabaseUnusable("It is too new.")])
async def test_restored_data_that_cannot_start_give_way_to_the_old(
    error: Exception, made: Path, folder: DataFolder
) -> None:
    before = held(folder)

    async def fail() -> Store:
        raise error

    with pytest.raises(type(error)):
        await open_restored(folder, fail)
    restore(folder, made / "all.zip")
    with pytest.raises(ArchiveUnusable, match="everything is as it was before"):
        await open_restored(folder, fail)
    assert held(folder) == before


LIES = (
    "UPDATE frame_sum SET sums = json_set(sums, '$[0][0]', 99)",
    "UPDATE frame_size SET frames = 99, bytes = 1",
    "DELETE FROM frame_unsummed",
    "DELETE FROM frame_unsearched",
    "UPDATE meta SET value = '999999' WHERE key IN ('summed_until', 'searched_until')",
)


async def test_what_it_says_of_itself_is_worked_out_anew(made: Path, folder: DataFolder, tmp_path: Path) -> None:
    await asyncio.to_thread(restore, folder, with_database(made, tmp_path / "a.zip", *LIES))
    async with await opened(folder) as store:
        for _ in range(2):
            assert (await store.activity.summary(Filter())).frames == 3
            usages = await store.retention.usage()
            assert sum(one.frames for one in usages) == 3
            assert min(one.bytes for one in usages) > 500
            assert len((await store.activity.listed(Filter(text="red mug"))).frames) == 2
            await store.sums.catch_up(saved.NOW + 7_200)
            await store.search.catch_up()
        assert await store._database.read(disagreeing) == 0
        assert await store._database.read(lambda session: store.search.found(session, "red mug")) == [1, 3]
