"""API keys: where they are looked for, what a keyring that refuses or hangs costs, and where they never are."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from keyring.errors import KeyringLocked

from app.core.errors import InvalidValue, KeyringUnavailable, UnknownName
from app.core.events import KeyringChecked, KeysChanged, ProvidersChanged
from app.core.provider import ProviderConfig
from app.paths import DataFolder
from app.store import Store, StoredKey
from app.store.keys import keyring_cache, keyring_worker
from app.store.keys.keyring_worker import KeyringTrouble
from app.store.profiles import trash
from tests.store.conftest import OpenStore, eventually

CANARY = "sk-canary-0123456789"


class FakeKeyring:
    """A keyring in memory that may refuse, forget or hang."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None
        self.forgets = False
        self.unlocked = threading.Event()
        self.unlocked.set()
        self.calls = 0

    def _enter(self) -> None:
        self.calls += 1
        self.unlocked.wait(10)
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._enter()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._enter()
        if not self.forgets:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._enter()
        self.entries.pop((service, username), None)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> FakeKeyring:
    fake = FakeKeyring()
    monkeypatch.setattr(keyring_worker, "_backend", lambda: fake)
    return fake


@pytest.fixture
async def store(open_store: OpenStore, keyring: FakeKeyring) -> Any:
    async with open_store(environ={"GOOGLE_API_KEY": " from-environment ", "GEMINI_API_KEY": " "}) as store:
        await store.profiles.add("alice")
        yield store


async def test_own_then_shared_then_environment(store: Store) -> None:
    alice = store.profiles.get("alice").profile_id
    seen = [(store.secrets.key_for(alice, "gemini"), store.secrets.listed("alice"))]
    for username, key, session_only in ((None, "shared", False), ("alice", "own", False), ("alice", "session", True)):
        await store.secrets.set(username, "gemini", f" {key}\n", session_only=session_only)
        seen.append((store.secrets.key_for(alice, "gemini"), store.secrets.listed("alice")))
    assert [key for key, _ in seen] == ["from-environment", "shared", "own", "session"]
    assert [keys[0].where for _, keys in seen] == ["environment", "shared", "keyring", "session"]
    assert store.secrets.listed(None) == (StoredKey("gemini", "keyring"),)
    assert store.secrets.key_for(0, "gemini") == "shared"
    assert store.secrets.key_for(alice, "qwen") == ""


async def test_keys_survive_a_restart_and_are_fetched_on_request(
    store: Store, open_store: OpenStore, keyring: FakeKeyring
) -> None:
    await store.secrets.set("alice", "gemini", "own")
    await store.secrets.set("alice", "qwen", "for-now", session_only=True)
    alice = store.profiles.get("alice").profile_id
    await store.close()
    calls = keyring.calls
    async with open_store() as again:
        assert again.secrets.listed("alice") == (StoredKey("gemini", "keyring"),)
        assert again.secrets.key_for(alice, "gemini") == ""
        assert keyring.calls == calls
        await again.secrets.load()
        assert again.secrets.key_for(alice, "gemini") == "own"
        assert again.secrets.key_for(alice, "qwen") == ""
        assert again.secrets.state.usable


async def test_without_stored_keys_the_keyring_is_left_alone(store: Store, keyring: FakeKeyring) -> None:
    assert (await store.secrets.load()).usable is None
    assert keyring.calls == 0


async def test_removing(store: Store, keyring: FakeKeyring, heard: list[Any]) -> None:
    await store.secrets.set("alice", "gemini", "own")
    await store.secrets.set("alice", "gemini", "session", session_only=True)
    heard.clear()
    assert await store.secrets.remove("alice", "gemini") is True
    assert heard == [KeysChanged()]
    assert keyring.entries == {}
    assert store.secrets.key_for(store.profiles.get("alice").profile_id, "gemini") == "from-environment"
    assert await store.secrets.remove("alice", "gemini") is False


async def test_a_new_key_is_said_and_makes_the_revision_grow(store: Store, heard: list[Any]) -> None:
    await store.secrets.set("alice", "gemini", "one")
    assert store.providers.get("gemini").revision == 1
    assert {type(event) for event in heard} == {KeyringChecked, KeysChanged, ProvidersChanged}
    await store.secrets.set("alice", "gemini", "two", session_only=True)
    assert store.providers.get("gemini").revision == 2


async def test_keys_are_cleaned_where_they_enter(open_store: OpenStore, keyring: FakeKeyring) -> None:
    async with open_store(environ={"GOOGLE_API_KEY": '"from-environment",'}) as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice").profile_id
        assert store.secrets.key_for(alice, "gemini") == "from-environment"
        await store.secrets.set("alice", "gemini", "export GEMINI_API_KEY='own'\n")
        assert store.secrets.key_for(alice, "gemini") == "own"


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "a\tb", "schlüssel", "x" * 4_097, "a\0b", "\x7f"])
async def test_what_is_no_key_is_refused_without_being_repeated(key: str, store: Store) -> None:
    with pytest.raises(InvalidValue) as caught:
        await store.secrets.set("alice", "gemini", key)
    assert not key.strip() or key not in str(caught.value)
    with pytest.raises(UnknownName):
        await store.secrets.set("nobody", "gemini", "x")
    with pytest.raises(UnknownName):
        await store.secrets.set("alice", "nothing", "x")


async def test_keys_are_in_no_file_log_or_repr(
    store: Store, folder: DataFolder, keyring: FakeKeyring, caplog: pytest.LogCaptureFixture, heard: list[Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    await store.secrets.set("alice", "gemini", CANARY)
    await store.secrets.set(None, "qwen", CANARY, session_only=True)
    await store.secrets.load()
    keyring.error = RuntimeError(f"could not store {CANARY}")
    with pytest.raises(KeyringUnavailable) as caught:
        await store.secrets.set("alice", "qwen", CANARY)
    said = [repr(heard), str(caught.value), repr(store.secrets.state), repr(store.secrets.listed("alice")), caplog.text]
    assert CANARY not in "".join(said)
    assert caught.value.__cause__ is None
    files = [path for path in folder.root.rglob("*") if path.is_file()]
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in files)


async def test_a_keyring_that_refuses_names_the_variable(store: Store, keyring: FakeKeyring, heard: list[Any]) -> None:
    keyring.error = RuntimeError("no")
    with pytest.raises(KeyringUnavailable, match="GEMINI_API_KEY"):
        await store.secrets.set("alice", "gemini", "own")
    assert store.secrets.listed("alice") == (StoredKey("gemini", "environment"),)
    assert isinstance(heard[-1], KeyringChecked)
    assert not heard[-1].usable
    await store.secrets.set("alice", "gemini", "own", session_only=True)
    assert store.secrets.listed("alice") == (StoredKey("gemini", "session"),)


async def test_a_key_that_cannot_be_removed_stays(store: Store, keyring: FakeKeyring) -> None:
    await store.secrets.set("alice", "gemini", "own")
    keyring.error = RuntimeError("locked")
    with pytest.raises(KeyringUnavailable):
        await store.secrets.remove("alice", "gemini")
    assert store.secrets.listed("alice") == (StoredKey("gemini", "keyring"),)
    assert (await store.trash.delete("alice")).keys == 0  # the profile goes all the same
    assert store.secrets.keyring_cache.tags == {}


async def test_keys_of_a_deleted_profile_come_back_or_go_with_it(
    store: Store, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.secrets.set("alice", "gemini", "own")
    await store.secrets.set(None, "qwen", "shared")
    assert (await store.trash.put("alice")).keys == 1
    await store.trash.restore("alice")
    assert store.secrets.listed("alice")[0] == StoredKey("gemini", "keyring")
    monkeypatch.setattr(trash, "UNDO_S", 0.0)
    monkeypatch.setattr(trash, "GRACE_S", 0.0)
    await store.trash.put("alice")
    await eventually(lambda: list(keyring.entries.values()) == ["shared"])
    await eventually(lambda: list(store.secrets.keyring_cache.tags) == [(0, "qwen")])


async def test_the_probe_writes_reads_and_removes(store: Store, keyring: FakeKeyring, heard: list[Any]) -> None:
    assert (await store.secrets.unlock()).usable is True
    assert (keyring.calls, keyring.entries) == (3, {})
    keyring.forgets = True
    assert (await store.secrets.unlock()).usable is False
    assert [event.usable for event in heard if isinstance(event, KeyringChecked)] == [True, False]


async def test_a_slow_keyring_holds_up_nobody_and_is_noticed_when_it_answers(
    store: Store, keyring: FakeKeyring, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_cache, "SLOW_AFTER_S", 0.1)
    keyring.unlocked.clear()
    begun = time.monotonic()
    question = asyncio.create_task(store.secrets.unlock())
    await store.profiles.set_prompt("alice", "x")
    await eventually(lambda: store.secrets.state.usable is False)
    assert time.monotonic() - begun < 0.5
    assert "locked" in store.secrets.state.sentence
    keyring.unlocked.set()
    assert (await question).usable
    assert [event.usable for event in heard if isinstance(event, KeyringChecked)] == [False, True]


# --- keys that are missing for now ----------------------------------------------------------------------------------


@pytest.fixture
async def missing(store: Store, open_store: OpenStore, keyring: FakeKeyring) -> AsyncIterator[Store]:
    """The store after a restart: the keyring has alice's key for qwen, and is locked."""
    await store.secrets.set("alice", "qwen", "own")
    await store.close()
    keyring.error, keyring.calls = KeyringLocked(), 0
    async with open_store() as again:
        yield again


def qwen(store: Store) -> tuple[str, bool]:
    alice = store.profiles.get("alice").profile_id
    return store.secrets.key_for(alice, "qwen"), store.secrets.is_key_locked(alice, "qwen")


@asynccontextmanager
async def kept_loaded(store: Store) -> AsyncIterator[None]:
    keeping = asyncio.create_task(store.secrets.keep_loaded())
    yield
    keeping.cancel()
    await asyncio.wait((keeping,))


async def test_a_locked_keyring_is_asked_again_each_minute(
    missing: Store, keyring: FakeKeyring, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_cache, "ASK_EVERY_S", 0.1)
    async with kept_loaded(missing):
        await eventually(lambda: keyring.calls >= 4)
        assert qwen(missing) == ("", True)
        assert missing.secrets.state.is_locked
        assert "The keyring is locked" in missing.secrets.state.sentence
        keyring.error = None
        await eventually(lambda: qwen(missing) == ("own", False))
        calls = keyring.calls
        await asyncio.sleep(0.25)
        assert keyring.calls == calls  # nothing is missing any more
    checked = [event for event in heard if isinstance(event, KeyringChecked)]
    assert [(event.usable, event.is_locked) for event in checked[-2:]] == [(False, True), (True, False)]
    assert heard.count(checked[-2]) == 1  # told once, not each minute


async def test_a_frame_waits_for_a_slow_keyring_and_asks_a_locked_one_again(
    missing: Store, keyring: FakeKeyring
) -> None:
    async with kept_loaded(missing):
        await eventually(lambda: missing.secrets.state.is_locked)
        await asyncio.sleep(keyring_cache.PAUSE_LEAST_S * 2)
        keyring.error = None
        keyring.unlocked.clear()
        asyncio.get_running_loop().call_later(0.3, keyring.unlocked.set)
        await missing.secrets.fetch(0.1)
        assert qwen(missing) == ("", True)
        await missing.secrets.fetch(5.0)
        assert qwen(missing) == ("own", False)


async def test_many_frames_put_one_question_at_a_time(missing: Store, keyring: FakeKeyring) -> None:
    keyring.unlocked.clear()
    await asyncio.gather(*(missing.secrets.fetch(0.1) for _ in range(50)))
    assert keyring.calls == 1
    keyring.error = None
    keyring.unlocked.set()
    await eventually(lambda: qwen(missing) == ("own", False))
    assert keyring.calls == 1


async def test_who_closed_the_dialog_does_not_see_it_again_at_once(
    missing: Store, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_cache, "DIALOG_S", 0.1)
    monkeypatch.setattr(keyring_cache, "ASK_EVERY_S", 0.1)
    keyring.unlocked.clear()
    async with kept_loaded(missing):
        await asyncio.sleep(0.2)  # a person looks at it, and says no
        keyring.unlocked.set()
        await eventually(lambda: missing.secrets.state.is_locked)
        await asyncio.gather(*(missing.secrets.fetch(1.0) for _ in range(50)))
        await asyncio.sleep(0.5)
        assert keyring.calls == 1
        await missing.secrets.unlock()  # the button, though
        assert keyring.calls == 2


async def test_a_keyring_that_starts_after_the_program_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backend import KeyringBackend
    from keyring.backends import fail

    monkeypatch.setattr(KeyringBackend, "_classes", set())  # where each new class enters itself

    class Late(KeyringBackend):
        priority = 5.0  # type: ignore[assignment]
        viable = True  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return None

        def set_password(self, service: str, username: str, password: str) -> None: ...

        def delete_password(self, service: str, username: str) -> None: ...

    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")  # whose owner wants none gets none
    monkeypatch.setattr(KeyringBackend, "_classes", {fail.Keyring})
    with pytest.raises(KeyringTrouble, match="none"):
        keyring_worker._backend()
    monkeypatch.setattr(KeyringBackend, "_classes", {fail.Keyring, Late})
    assert isinstance(keyring_worker._backend(), Late)


async def test_a_write_that_comes_too_late_is_taken_back(
    store: Store, keyring: FakeKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring_cache, "CALL_LIMIT_S", 0.1)
    keyring.unlocked.clear()
    with pytest.raises(KeyringUnavailable):
        await store.secrets.set("alice", "gemini", CANARY)
    monkeypatch.setattr(keyring_cache, "CALL_LIMIT_S", 5.0)
    keyring.unlocked.set()
    await eventually(lambda: keyring.calls >= 3)
    await eventually(lambda: keyring.entries == {})


async def test_the_end_does_not_wait_for_a_keyring_that_hangs(open_store: OpenStore, keyring: FakeKeyring) -> None:
    keyring.unlocked.clear()
    async with open_store() as store:
        probing = asyncio.gather(store.secrets.unlock(), return_exceptions=True)
        await asyncio.sleep(0.05)
        begun = time.monotonic()
    assert time.monotonic() - begun < 0.5
    probing.cancel()
    await asyncio.gather(probing, return_exceptions=True)
    keyring.unlocked.set()


async def test_a_verbs_key_reaches_the_server(store: Store, open_store: OpenStore, heard: list[Any]) -> None:
    alice = store.profiles.get("alice").profile_id
    await store.secrets.load()
    async with open_store(own_bus=True) as verb:
        await verb.secrets.set("alice", "qwen", "one")
        await eventually(lambda: store.secrets.key_for(alice, "qwen") == "one")
        assert KeysChanged() in heard
        heard.clear()
        await verb.secrets.set("alice", "qwen", "two")  # the same place, another key
        await eventually(lambda: store.secrets.key_for(alice, "qwen") == "two")
        await eventually(lambda: KeysChanged() in heard)
        await verb.secrets.remove("alice", "qwen")
        await eventually(lambda: store.secrets.key_for(alice, "qwen") == "")


async def test_a_custom_provider_goes_with_its_keys(store: Store, keyring: FakeKeyring) -> None:
    await store.providers.add(ProviderConfig("ollama", "custom", "http://10.0.0.2/v1"))
    await store.secrets.set("alice", "ollama", "one")
    await store.secrets.set(None, "ollama", "two")
    await store.secrets.set(None, "gemini", "stays")
    await store.secrets.remove_provider("ollama")
    assert list(keyring.entries.values()) == ["stays"]
    assert set(store.secrets.keyring_cache.tags) == {(0, "gemini")}


async def test_entries_are_named_by_installation_owner_and_provider(store: Store, keyring: FakeKeyring) -> None:
    await store.secrets.set("alice", "gemini", "own")
    await store.secrets.set(None, "gemini", "shared")
    names = {account.partition("/")[2] for service, account in keyring.entries if service == "frame-backend"}
    assert names == {f"{store.profiles.get('alice').profile_id}/gemini", "shared/gemini"}
    assert all(account.startswith(store.secrets.keyring_cache.installation_id + "/") for _, account in keyring.entries)
    assert len(store.secrets.keyring_cache.installation_id) == 16


@pytest.mark.parametrize(
    ("module", "sentence"),
    [("keyrings.alt.file", "plain text"), ("keyring.backends.fail", "none"), ("keyring.backends.null", "none")],
)
def test_backends_that_keep_nothing_safe_are_refused(
    module: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Chain:
        backends = (type("Backend", (), {"__module__": module})(),)

    monkeypatch.setattr("keyring.get_keyring", Chain)
    with pytest.raises(KeyringTrouble, match=sentence):
        keyring_worker._backend()
