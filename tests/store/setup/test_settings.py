from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import InvalidValue, UnknownName
from app.core.events import ProfilesChanged, SettingsChanged
from app.core.settings import SETTINGS
from app.store import Store
from tests.store.conftest import OpenStore


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [("gate.hints", "0", 0), ("gate.hints", 5, 5), ("gate.reuse_s", "2.5", 2.5), ("cascade.judge", "off", False),
     ("cascade.judge", True, True), ("network.host", " 127.0.0.1 ", "127.0.0.1"), ("network.host_names", "", "")],
)  # fmt: skip
async def test_texts_and_values_are_kept(
    key: str, given: Any, value: Any, open_store: OpenStore, heard: list[Any]
) -> None:
    async with open_store() as store:
        live = store.settings
        await store.set_setting(key, given)
        assert live.value(key) == value
    assert set(heard) <= {SettingsChanged(key), SettingsChanged()}
    assert len(heard) == 1
    async with open_store() as store:
        assert store.settings.value(key) == value
        await store.set_setting(key, None)
        assert store.settings.value(key) == {setting.key: setting.default for setting in SETTINGS}[key]


async def test_a_per_profile_setting_tells_the_profiles(store: Store, heard: list[Any]) -> None:
    await store.set_setting("answer_chars", 60)
    assert heard == [SettingsChanged("answer_chars"), ProfilesChanged()]


@pytest.mark.parametrize(("key", "text"), [("gate.hints", "-1"), ("gate.hints", "x"), ("network.port", "99999")])
async def test_what_breaks_the_bounds_is_refused(key: str, text: str, store: Store, heard: list[Any]) -> None:
    with pytest.raises(InvalidValue, match=key):
        await store.set_setting(key, text)
    with pytest.raises(UnknownName):
        await store.set_setting("no.such", text)
    assert heard == []


async def test_a_stored_value_that_is_valid_no_more_falls_back(
    open_store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store() as store:
        await store._database.change(
            lambda session: session.sql("INSERT INTO setting VALUES ('network.port', '99999'), ('of.tomorrow', 'x')")
        )
    async with open_store() as store:
        assert store.settings.integer("network.port") == 7175
    assert "network.port" in caplog.text
    assert "of.tomorrow" not in caplog.text
