from __future__ import annotations

import re
from typing import Any

import pytest

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import AppKeysChanged, Bus
from app.log import redact
from app.paths import DataFolder
from app.store import Store
from tests.store.conftest import Clock, OpenStore

DAY = 24 * 3_600.0


@pytest.fixture
async def store(open_store: OpenStore) -> Any:
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        yield store


async def test_a_key_is_one_profiles_and_one_apps_and_outlives_all_but_being_revoked(
    store: Store, clock: Clock, open_store: OpenStore
) -> None:
    key = await store.app_keys.add("alice", "Open WebUI")
    other = await store.app_keys.add("bob", "Open WebUI")
    assert re.fullmatch(r"fb-[\w-]{43}", key)
    assert key != other
    await store.profiles.new_key("alice")
    await store.profiles.rename("alice", "alicia")
    clock.now += 1_000 * DAY
    async with open_store() as again:
        found = again.app_keys.find(key)
        assert found is not None
        assert (found.username, found.app, found.last_used_at) == ("alicia", "Open WebUI", None)
    found = store.app_keys.find(key)
    assert found is not None
    assert found.username == "alicia"
    assert found in store.app_keys.all()
    await store.app_keys.revoke("alicia", "Open WebUI")
    assert store.app_keys.find(key) is None
    assert [(one.username, one.app) for one in store.app_keys.all()] == [("bob", "Open WebUI")]


@pytest.mark.parametrize("key", ["", "fb-", "alice", "fb-" + "x" * 43, "\udcff", "x" * 100_000])
async def test_what_is_no_key_is_nobodys(store: Store, key: str) -> None:
    await store.app_keys.add("alice", "llm")
    assert store.app_keys.find(key) is None


async def test_the_key_itself_is_kept_nowhere(store: Store, folder: DataFolder) -> None:
    key = await store.app_keys.add("alice", "llm")
    await store.app_keys.revoke("alice", "llm")
    key = await store.app_keys.add("alice", "llm")
    dump = b"".join(path.read_bytes() for path in folder.root.iterdir() if path.is_file())
    assert key.encode() not in dump
    assert redact(f"somebody pasted {key} here") == "somebody pasted *** here"


async def test_its_last_use_is_known_and_stored_once_a_minute(
    open_store: OpenStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        key = await store.app_keys.add("alice", "llm")
        later: list[Any] = []
        monkeypatch.setattr(store._database, "enqueue_later", later.append)
        for _ in range(150):
            clock.now += 1
            found = store.app_keys.find(key)
            assert found is not None
            store.app_keys.touch(found)
        assert 2 <= len(later) <= 3
        monkeypatch.undo()
    async with open_store() as store:  # the end stored the last one
        [one] = store.app_keys.all()
        assert one.last_used_at is not None
        assert one.last_used_at.timestamp() == pytest.approx(clock.now, abs=0.01)


async def test_a_profile_in_the_trash_takes_its_keys_along_and_brings_them_back(store: Store) -> None:
    key = await store.app_keys.add("alice", "llm")
    await store.trash.put("alice")
    assert (store.app_keys.find(key), store.app_keys.all()) == (None, ())
    await store.trash.restore("alice")
    assert store.app_keys.find(key) is not None
    await store.trash.delete("alice")
    await store.profiles.add("alice")
    assert store.app_keys.find(key) is None


async def test_what_cannot_be_is_refused(store: Store) -> None:
    with pytest.raises(UnknownName):
        await store.app_keys.add("nobody", "llm")
    for app in ("", "  ", "x" * 65, "two\nlines", "\x1b[31m"):
        with pytest.raises(InvalidValue):
            await store.app_keys.add("alice", app)
    await store.app_keys.add("alice", " llm ")
    with pytest.raises(NameTaken, match="'llm' has a key already"):
        await store.app_keys.add("alice", "llm")
    with pytest.raises(UnknownName, match="'curl' has no key for alice"):
        await store.app_keys.revoke("alice", "curl")


async def test_making_and_revoking_is_told(store: Store, bus: Bus) -> None:
    told: list[AppKeysChanged] = []
    bus.subscribe(AppKeysChanged, told.append)
    key = await store.app_keys.add("alice", "llm")
    found = store.app_keys.find(key)
    assert found is not None
    store.app_keys.touch(found)
    await store.app_keys.revoke("alice", "llm")
    assert len(told) == 2
