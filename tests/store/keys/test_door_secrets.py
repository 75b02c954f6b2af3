"""The secrets of doors that go out: kept as providers' keys are, and found nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import KeyringLocked

from app.core.errors import InvalidValue, KeyringUnavailable
from app.core.events import KeysChanged
from app.paths import DataFolder
from app.store import Store
from app.store.database.backup import back_up
from app.store.keys import keyring_worker
from tests.store.conftest import OpenStore
from tests.store.keys.test_secrets import FakeKeyring

CANARY = "Zq7 schöner Tag 4471"


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    fake = FakeKeyring()
    monkeypatch.setattr(keyring_worker, "_backend", lambda: fake)
    return fake


@pytest.fixture
async def store(open_store: OpenStore, keyring: FakeKeyring) -> AsyncIterator[Store]:
    async with open_store(environ={"FRAME_BACKEND_MQTT_PASSWORD": " from-environment\n"}) as store:
        yield store


async def test_set_replaced_removed(store: Store, keyring: FakeKeyring, heard: list[Any]) -> None:
    secrets = store.door_secrets
    seen = [(secrets.get("mqtt"), secrets.is_kept("mqtt"))]
    for secret in (f" {CANARY}\n", "second"):
        await secrets.set("mqtt", secret)
        seen.append((secrets.get("mqtt"), secrets.is_kept("mqtt")))
    heard.clear()
    await secrets.remove("mqtt")
    assert heard == [KeysChanged()]
    seen.append((secrets.get("mqtt"), secrets.is_kept("mqtt")))
    assert seen == [
        ("from-environment", False), (CANARY, True), ("second", True), ("from-environment", False),
    ]  # fmt: skip
    assert keyring.entries == {}
    assert (secrets.get("webhook"), secrets.is_locked("webhook")) == ("", False)
    await secrets.remove("webhook")


async def test_it_is_fetched_with_the_keys_and_no_provider_has_it(
    store: Store, open_store: OpenStore, keyring: FakeKeyring
) -> None:
    await store.door_secrets.set("webhook", CANARY)
    await store.close()
    async with open_store() as again:
        assert (again.door_secrets.get("webhook"), again.door_secrets.is_locked("webhook")) == ("", True)
        await again.secrets.load()
        assert (again.door_secrets.get("webhook"), again.door_secrets.is_locked("webhook")) == (CANARY, False)
        assert again.secrets.listed(None) == ()
        assert {again.secrets.key_for(0, name) for name in ("webhook", "gemini")} == {""}


async def test_it_stands_in_no_file_and_no_backup(
    store: Store, folder: DataFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await store.door_secrets.set("webhook", CANARY)
    files = {path: path.read_bytes() for path in folder.root.rglob("*") if path.is_file()}
    back_up(folder, tmp_path / "all.zip", "1")
    files[tmp_path / "all.zip"] = (tmp_path / "all.zip").read_bytes()
    assert not [path for path, content in files.items() if CANARY.encode() in content]
    assert CANARY not in caplog.text + repr(vars(store.door_secrets))


@pytest.mark.parametrize("secret", ["", "  ", "a\nb", "a\0b", "\x7f", "x" * 4_097])
async def test_what_is_none_is_refused_without_being_repeated(secret: str, store: Store) -> None:
    with pytest.raises(InvalidValue) as caught:
        await store.door_secrets.set("webhook", secret)
    assert str(caught.value) == "It has 1 to 4,096 printable characters."


async def test_a_keyring_that_refuses(store: Store, keyring: FakeKeyring) -> None:
    await store.door_secrets.set("webhook", CANARY)
    keyring.error = KeyringLocked()
    with pytest.raises(KeyringUnavailable, match="set the environment variable FRAME_BACKEND_MQTT_PASSWORD instead"):
        await store.door_secrets.set("mqtt", CANARY)
    with pytest.raises(KeyringUnavailable, match="It stays where it is"):
        await store.door_secrets.remove("webhook")
    assert store.door_secrets.get("webhook") == CANARY
