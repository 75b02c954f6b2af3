"""A deleted profile: gone at once, back within a minute, then gone for good with all that was its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.errors import DatabaseUnusable, NameTaken, UnknownName
from app.core.events import HistoryChanged, PairingsChanged, ProfilesChanged
from app.paths import DataFolder
from app.store import Store, Trashed
from app.store.profiles import trash
from app.store.profiles.profile_rows import UNDO_S
from tests.store.conftest import Clock, OpenStore, count, eventually, eventually_is, files_in
from tests.store.samples import ANSWER, frame, picture


async def furnish(store: Store, name: str = "alice") -> tuple[str, str]:
    """A profile with a picture, a pairing, a token and a key of its own; its auth key and its token."""
    key = await store.profiles.add(name)
    await store.profiles.set_value(name, "answer_chars", 60)
    await store.activity.record(frame(store.profiles.get(name)), picture(), ANSWER, 9)
    await store.pairings.pair("10.0.0.1", name, until_revoked=True)
    await store.secrets.set(name, "gemini", "an-api-key", session_only=True)
    await store.activity.pictures.settled()
    return key, await store.pairings.issue_token(name)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute is over at once."""
    monkeypatch.setattr(trash, "UNDO_S", 0.0)
    monkeypatch.setattr(trash, "GRACE_S", 0.05)


async def test_it_is_gone_at_once_and_says_what_goes(store: Store, bus: Any, heard: list[Any]) -> None:
    key, token = await furnish(store)
    await store.profiles.add("bob")
    (usage, _) = await store.retention.usage()
    heard.clear()
    bus.subscribe(HistoryChanged, heard.append)
    assert await store.trash.put("alice") == Trashed("alice", 1, usage.bytes, 1, 1)
    assert heard == [ProfilesChanged(), PairingsChanged(), HistoryChanged()]
    assert [profile.username for profile in store.profiles.all()] == ["bob"]
    assert store.profiles.find("alice") is None
    assert store.profiles.match_key(key) is None
    assert store.pairings.all() == ()
    assert store.pairings.names_for("10.0.0.1") == ()
    assert store.pairings.profile_for_token(token) is None
    assert [usage.username for usage in await store.retention.usage()] == ["bob"]
    assert await store.activity.recent() == ()
    for attempt in (
        store.trash.put("alice"), store.trash.delete("alice"), store.profiles.rename("alice", "carol"),
        store.pairings.pair("10.0.0.1", "alice"), store.pairings.issue_token("alice"),
    ):  # fmt: skip
        with pytest.raises(UnknownName):
            await attempt


async def test_it_comes_back_whole(store: Store, folder: DataFolder) -> None:
    key, token = await furnish(store)
    before = (store.profiles.all(), store.pairings.all(), await store.activity.recent(), await store.retention.usage())
    await store.trash.put("alice")
    await store.retention.clean()  # what is hidden is no rubbish
    await store.trash.restore("alice")
    after = (store.profiles.all(), store.pairings.all(), await store.activity.recent(), await store.retention.usage())
    assert after == before
    assert store.profiles.match_key(key) == before[0][0]
    assert store.pairings.profile_for_token(token) == "alice"
    assert store.secrets.key_for(before[0][0].profile_id, "gemini") == "an-api-key"
    assert await store.activity.picture(before[2][0].frame_id) == picture().jpeg
    assert len(files_in(folder.frames)) == 1


async def test_its_name_and_key_stay_taken_meanwhile(store: Store, clock: Clock) -> None:
    key, _ = await furnish(store)
    await store.profiles.add("bob")
    await store.trash.put("alice")
    for attempt in (store.profiles.add("alice"), store.profiles.rename("bob", "alice")):
        with pytest.raises(NameTaken, match="just deleted"):
            await attempt
    with pytest.raises(NameTaken):
        await store.profiles.add("carol", key)
    clock.now += UNDO_S + 1
    with pytest.raises(NameTaken, match="runs next"):
        await store.profiles.add("alice")


@pytest.mark.usefixtures("soon")
async def test_then_it_is_gone_for_good(store: Store, folder: DataFolder, heard: list[Any]) -> None:
    await furnish(store)
    alice = store.profiles.get("alice")
    await store.trash.put("alice")
    await eventually_is(lambda: count(store, "profile"), 0)
    await eventually_is(lambda: count(store, "frame"), 0)
    for table in ("pairing", "token", "profile_setting", "stored_key"):
        assert await count(store, table) == 0
    await eventually(lambda: files_in(folder.frames) == [])
    assert store.secrets.key_for(alice.profile_id, "gemini") == ""
    await eventually(lambda: heard[-1] == ProfilesChanged())
    with pytest.raises(UnknownName, match="gone for good"):
        await store.trash.restore("alice")
    await store.profiles.add("alice")  # the name is free


@pytest.mark.usefixtures("soon")
async def test_what_came_back_is_not_purged(store: Store) -> None:
    await furnish(store)
    await store.trash.put("alice")
    await store.trash.restore("alice")
    assert store.trash._waiting == {}
    await asyncio.sleep(0.1)
    assert await count(store, "profile") == await count(store, "frame") == await count(store, "pairing") == 1


async def test_a_frame_in_flight_is_kept_with_it_and_goes_with_it(
    store: Store, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnish(store)
    alice = store.profiles.get("alice")
    await store.trash.put("alice")
    await store.activity.record(frame(alice), picture(), ANSWER, 9)
    assert await count(store, "frame") == 2
    await store.trash.restore("alice")
    assert len(await store.activity.recent("alice")) == 2
    monkeypatch.setattr(trash, "UNDO_S", 0.0)
    monkeypatch.setattr(trash, "GRACE_S", 0.0)
    await store.trash.put("alice")
    await eventually_is(lambda: count(store, "profile"), 0)
    await store.activity.record(frame(alice), picture(), ANSWER, 9)  # too late: its history is not begun again
    await eventually_is(lambda: count(store, "frame"), 0)
    await eventually(lambda: files_in(folder.frames) == [])


async def test_a_purge_that_was_not_lived_to_happens_at_the_servers_next_start(
    open_store: OpenStore, folder: DataFolder
) -> None:
    async with open_store() as store:
        await furnish(store)
        await store.profiles.add("bob")
        await store.trash.put("alice")
    async with open_store() as verb:
        assert [profile.username for profile in verb.profiles.all()] == ["bob"]
        assert await count(verb, "frame") == 1, "a verb purges nothing"
    async with open_store() as store:
        store.start_housekeeping()
        await eventually_is(lambda: count(store, "profile"), 1)
        await eventually_is(lambda: count(store, "frame"), 0)
        await eventually(lambda: files_in(folder.frames) == [])


@pytest.mark.usefixtures("soon")
async def test_a_disk_that_is_away_puts_the_purge_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await furnish(store)
    purge, failed = store.retention.delete_profile, list[int]()

    async def fail_once(profile_id: int) -> Any:
        if not failed:
            failed.append(profile_id)
            raise DatabaseUnusable("The database cannot be written: the disk is full.")
        return await purge(profile_id)

    monkeypatch.setattr(store.retention, "delete_profile", fail_once)
    monkeypatch.setattr(trash, "RETRY_S", 0.01)
    await store.trash.put("alice")
    await eventually_is(lambda: count(store, "profile"), 0)
    assert failed


async def test_another_process_sees_it_go_and_come_back(store: Store, open_store: OpenStore) -> None:
    key, _ = await furnish(store)
    async with open_store(own_bus=True) as other:
        await store.trash.put("alice")
        await eventually(lambda: other.profiles.match_key(key) is None)
        assert other.pairings.all() == ()
        await store.trash.restore("alice")
        await eventually(lambda: other.profiles.match_key(key) is not None)


async def test_renaming_keeps_all_that_is_its_own(store: Store, heard: list[Any]) -> None:
    key, token = await furnish(store)
    heard.clear()
    await store.profiles.rename("alice", "Zoe\u0308 2")
    assert heard == [ProfilesChanged(), PairingsChanged()]
    match = store.profiles.match_key(key)
    assert match is not None
    assert (match.username, match.answer_chars) == ("Zo\u00eb 2", 60)
    assert store.pairings.names_for("10.0.0.1") == ("Zo\u00eb 2",)
    assert store.pairings.profile_for_token(token) == "Zo\u00eb 2"
    assert [row.username for row in await store.activity.recent("Zo\u00eb 2")] == ["Zo\u00eb 2"]
    await store.profiles.rename("Zo\u00eb 2", "Zo\u00eb 2")  # its own name is no other's


async def test_own_values_are_told_from_the_households(store: Store) -> None:
    await store.profiles.add("alice")
    await store.set_setting("answer_chars", 60)
    assert store.profiles.own_value("alice", "answer_chars") is None
    await store.profiles.set_value("alice", "answer_chars", 60)
    assert store.profiles.own_value("alice", "answer_chars") == 60
    assert store.profiles.own_value("alice", "risk.scene") is None
