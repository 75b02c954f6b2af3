from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import Bus, ProvidersChanged, SettingsChanged
from app.core.provider import ProviderConfig
from app.paths import DataFolder
from app.store import Store
from tests.store.conftest import PROVIDERS, OpenStore, variables

OLLAMA = ProviderConfig("ollama", "custom", "http://192.168.1.20:11434/v1/", "llava", preset="ollama")


async def test_order_is_built_in_custom_on_device(store: Store) -> None:
    await store.providers.add(OLLAMA)
    await store.providers.add(replace(OLLAMA, name="another"))
    assert [config.name for config in store.providers.all()] == ["gemini", "qwen", "ollama", "another", "on_device"]


async def test_only_what_was_changed_is_stored(open_store: OpenStore, folder: DataFolder) -> None:
    async with open_store() as store:
        await store.providers.set("gemini", model="g-9", requests_per_day=100, enabled=False)
    newer = tuple(replace(config, base_url="https://new.test/v1") for config in PROVIDERS)
    async with await Store.open(folder.root, Bus(), default_providers=newer, key_variables=variables) as store:
        gemini = store.providers.get("gemini")
        assert (gemini.base_url, gemini.model, gemini.requests_per_day) == ("https://new.test/v1", "g-9", 100)
        assert not gemini.enabled
        await store.providers.set("gemini", model="")  # back to the default
        assert store.providers.get("gemini").model == "g-1"


async def test_every_change_makes_the_revision_grow(store: Store, heard: list[Any]) -> None:
    revisions = [store.providers.get("gemini").revision]
    for change in ({"model": "x"}, {"model": "x"}, {}):
        await store.providers.set("gemini", **change)
        revisions.append(store.providers.get("gemini").revision)
    await store.providers.touch("gemini")
    revisions.append(store.providers.get("gemini").revision)
    assert revisions == [0, 1, 2, 3, 4]
    assert heard == [ProvidersChanged()] * 4
    assert store.providers.get("qwen").revision == 0


async def test_a_custom_provider_lives_and_goes(open_store: OpenStore) -> None:
    async with open_store() as store:
        added = await store.providers.add(OLLAMA)
        assert added == replace(OLLAMA, base_url="http://192.168.1.20:11434/v1", revision=added.revision)
        assert added.revision > 0
        await store.profiles.add("alice")
        await store.profiles.set_chain("alice", ["ollama"])
    async with open_store() as store:
        assert store.providers.get("ollama") == added
        await store.secrets.remove_provider("ollama")
        with pytest.raises(UnknownName):
            store.providers.get("ollama")
        # Never the default chain in its place: that would send pictures to others unasked.
        assert store.profiles.get("alice").chain == ("ollama",)
        again = await store.providers.add(OLLAMA)
        assert again.revision >= added.revision


@pytest.mark.parametrize(
    "changes",
    [{"base_url": "ftp://x/v1"}, {"base_url": "x"}, {"base_url": "http://"}, {"base_url": "https://u:p@x/v1"},
     {"base_url": "https://x/v1?key=1"}, {"base_url": "https://x/a b"}, {"base_url": "https://x:99999/"},
     {"model": "x" * 201}, {"model": "a\nb"}, {"requests_per_minute": -1}, {"requests_per_day": "5"},
     {"enabled": "off"},
     {"daily_cap_usd": -1}, {"daily_cap_usd": float("nan")}, {"daily_cap_usd": 1e9}, {"vendor": "x"}, {"revision": 9}],
)  # fmt: skip
async def test_refused_changes(changes: dict[str, Any], store: Store, heard: list[Any]) -> None:
    with pytest.raises(InvalidValue):
        await store.providers.set("gemini", **changes)
    assert heard == []


@pytest.mark.parametrize("name", ["", "UPPER", "with space", "judge", "custom", "shared", "x" * 33, "-x", "ä", "../x"])
async def test_refused_names(name: str, store: Store) -> None:
    with pytest.raises(InvalidValue):
        await store.providers.add(replace(OLLAMA, name=name))


async def test_refused_additions_and_removals(store: Store) -> None:
    await store.providers.add(OLLAMA)
    for config in (OLLAMA, replace(OLLAMA, name="gemini")):
        with pytest.raises(NameTaken):
            await store.providers.add(config)
    for config in (replace(OLLAMA, name="x", vendor="gemini"), replace(OLLAMA, name="x", base_url="")):
        with pytest.raises(InvalidValue):
            await store.providers.add(config)
    with pytest.raises(InvalidValue, match="disabled"):
        await store.secrets.remove_provider("gemini")
    for attempt in (
        store.providers.set("x", model="y"),
        store.secrets.remove_provider("x"),
        store.providers.touch("x"),
    ):
        with pytest.raises(UnknownName):
            await attempt


async def test_a_daily_cap_is_kept(open_store: OpenStore) -> None:
    async with open_store() as store:
        assert store.providers.get("gemini").daily_cap_usd == 0.0
        await store.providers.set("gemini", daily_cap_usd=1.25)
    async with open_store() as store:
        assert store.providers.get("gemini").daily_cap_usd == 1.25
        await store.providers.set("gemini", daily_cap_usd=0)
        assert store.providers.get("gemini").daily_cap_usd == 0.0


def names(store: Store) -> list[str]:
    return [config.name for config in store.providers.all()]


async def test_the_default_chain_is_put_in_order(open_store: OpenStore, bus: Bus, heard: list[Any]) -> None:
    async with open_store() as store:
        await store.providers.add(OLLAMA)
        heard.clear()
        await store.providers.set_order(["ollama", "qwen", "on_device"])
        assert names(store) == ["ollama", "qwen", "gemini", "on_device"], "those not named follow, the reader ends it"
        assert set(heard) == {ProvidersChanged(), SettingsChanged("order.chain")}
        assert store.providers.get("qwen").revision == 0, "what health knows still counts"
        assert store.settings.text("order.chain") == "ollama, qwen, on_device"
    async with open_store() as store:
        assert names(store) == ["ollama", "qwen", "gemini", "on_device"]
        with pytest.raises(UnknownName):
            await store.providers.set_order(["nobody"])
        await store.providers.set_order(None)
        assert names(store) == ["gemini", "qwen", "ollama", "on_device"]


async def test_a_server_of_ones_own_may_stand_behind_the_reader(store: Store) -> None:
    await store.providers.add(OLLAMA)
    await store.providers.set_order(["qwen", "on_device", "ollama", "gemini"])
    assert names(store) == ["qwen", "gemini", "on_device", "ollama"], "an AI of the program's own does not"
    await store.providers.add(replace(OLLAMA, name="another"))
    assert names(store) == ["qwen", "gemini", "another", "on_device", "ollama"], "who is not named stands before it"
    await store.providers.set_order(None)
    assert names(store) == ["gemini", "qwen", "ollama", "another", "on_device"]


async def test_the_order_as_a_setting_is_the_same_order(store: Store, heard: list[Any]) -> None:
    await store.set_setting("order.chain", "nobody, qwen")
    assert names(store) == ["qwen", "gemini", "on_device"]
    assert ProvidersChanged() in heard
    await store.set_setting("order.chain", None)
    assert names(store) == ["gemini", "qwen", "on_device"]
