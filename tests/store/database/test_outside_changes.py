"""What another process (a verb) commits is noticed within a second, with the server idle and under load."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.core import events
from app.core.provider import ProviderConfig
from app.paths import DataFolder
from app.store import Store
from tests.store.conftest import OpenStore, eventually
from tests.store.samples import ANSWER, frame

ROOT = Path(__file__).parents[3]

Verb = Callable[[Store], Awaitable[Any]]

VERBS: dict[str, tuple[Verb, type[Any]]] = {
    "profile": (lambda verb: verb.profiles.set_prompt("alice", "Read the signs"), events.ProfilesChanged),
    "value": (lambda verb: verb.profiles.set_value("alice", "answer_chars", "60"), events.ProfilesChanged),
    "pairing": (lambda verb: verb.pairings.pair("10.0.0.7", "alice", until_revoked=True), events.PairingsChanged),
    "revoked": (lambda verb: verb.pairings.revoke("alice"), events.PairingsChanged),
    "blacklist": (lambda verb: verb.blacklist.add("10.9.0.0/16"), events.BlacklistChanged),
    "setting": (lambda verb: verb.set_setting("gate.hints", 0), events.SettingsChanged),
    "provider": (lambda verb: verb.providers.set("gemini", enabled=False), events.ProvidersChanged),
    "custom": (
        lambda verb: verb.providers.add(ProviderConfig("ollama", "custom", "http://10.0.0.2/v1")),
        events.ProvidersChanged,
    ),
}


@pytest.mark.parametrize("name", VERBS)
async def test_a_verb_is_seen_and_said_once(name: str, store: Store, open_store: OpenStore, heard: list[Any]) -> None:
    verb, event = VERBS[name]
    await store.profiles.add("alice")
    await store.pairings.pair("10.0.0.6", "alice")
    async with open_store(own_bus=True) as other:
        heard.clear()
        await verb(other)
        await eventually(lambda: heard)
        await asyncio.sleep(0.3)
        assert [type(one) for one in heard] == [event]
        assert store.profiles.all() == other.profiles.all()
        assert store.pairings.all() == other.pairings.all()
        assert store.blacklist.all() == other.blacklist.all()
        assert store.providers.all() == other.providers.all()
        assert store.settings.value("gate.hints") == other.settings.value("gate.hints")


async def test_a_changed_setting_is_named(store: Store, open_store: OpenStore, heard: list[Any]) -> None:
    async with open_store(own_bus=True) as other:
        await other.set_setting("gate.hints", "7")
    await eventually(lambda: heard)
    assert heard == [events.SettingsChanged("gate.hints")]
    assert store.settings.integer("gate.hints") == 7


async def test_a_verb_is_seen_under_load(store: Store, open_store: OpenStore, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    alice = store.profiles.get("alice")
    stop = asyncio.Event()

    async def glasses() -> int:
        frames = 0
        while not stop.is_set():
            await store.activity.record(frame(alice), None, ANSWER, 5)
            frames += 1
        return frames

    load = asyncio.gather(*(glasses() for _ in range(8)))
    try:
        async with open_store(own_bus=True) as other:
            heard.clear()
            await other.profiles.add("bob")
            begun = time.monotonic()
            await eventually(lambda: store.profiles.find("bob"))
            assert time.monotonic() - begun < 1.0
            assert events.ProfilesChanged() in heard
    finally:
        stop.set()
    assert sum(await load) > 100


async def test_frames_alone_change_nothing_for_others(store: Store, open_store: OpenStore, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    async with open_store(own_bus=True) as other:
        await other.activity.record(frame(other.profiles.get("alice")), None, ANSWER, 5)
        other.pairings.touch("10.0.0.1", "alice")
        heard.clear()
        await asyncio.sleep(0.6)
    assert heard == []


async def test_what_was_touched_here_survives_a_change_there(
    store: Store, open_store: OpenStore, clock: Any, heard: list[Any]
) -> None:
    await store.profiles.add("alice")
    await store.pairings.pair("10.0.0.7", "alice")
    clock.now += 30
    store.pairings.touch("10.0.0.7", "alice")
    slid = store.pairings.all()
    async with open_store(own_bus=True) as other:
        await other.profiles.add("bob")
        await eventually(lambda: store.profiles.find("bob"))
    assert store.pairings.all()[0].expires_at == slid[0].expires_at


@pytest.mark.skipif(os.name != "posix", reason="one system is enough for a real second process")
async def test_two_processes_make_one_data_folder(folder: DataFolder, open_store: OpenStore) -> None:
    code = (
        "import asyncio, pathlib, sys\nfrom app.core.events import Bus\nfrom app.store import Store\n"
        "async def main():\n"
        "    async with await Store.open(pathlib.Path(sys.argv[1]), Bus(), default_providers=(),"
        " key_variables=lambda _: ()) as store:\n"
        "        await store.profiles.add(sys.argv[2], 'key-of-' + sys.argv[2])\n"
        "asyncio.run(main())\n"
    )
    commands = [[sys.executable, "-c", code, str(folder.root), name] for name in "abc"]
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for command in commands]
    assert [await process.wait() for process in started] == [0, 0, 0]
    async with open_store() as store:
        names = [profile.username for key in "abc" if (profile := store.profiles.match_key(f"key-of-{key}"))]
    assert names == ["a", "b", "c"]
