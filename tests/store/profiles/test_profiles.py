from __future__ import annotations

import os
import re
import unicodedata
from typing import Any

import pytest

from app.core.errors import InvalidValue, NameTaken, UnknownName
from app.core.events import ProfilesChanged, Trouble
from app.paths import DataFolder
from app.store import Store
from app.store.profiles import pepper
from tests.store.conftest import OpenStore
from tests.store.samples import ANSWER, frame

CANARY = "canary-Key_1234~x"


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "alice",
        "Alice B. C-d_e 2",
        "Zoë",
        "Ζωή",
        "Юля",
        "美咲",
        "हिन्दी",
        "ไทย",
        "مريم",
        "x" * 64,
        "...",
        "-",
        "é" * 64,
    ],
)
async def test_names_of_any_script_are_taken(name: str, store: Store) -> None:
    await store.profiles.add(name)
    assert store.profiles.get(name).username == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "name",
    ["", " ", " a", "a ", ".", "..", "x" * 65, "a/b", "a\\b", "a\nb", "a\tb", "a:b", "a@b", "☺", "a\u200bb", "a\0",
     "a\u202eb", "\u0301a", "½"],
)  # fmt: skip
async def test_other_names_are_refused(name: str, store: Store) -> None:
    with pytest.raises(InvalidValue):
        await store.profiles.add(name)
    assert store.profiles.all() == ()


async def test_two_spellings_are_one_name(store: Store) -> None:
    await store.profiles.add("Zoe\u0308")
    assert store.profiles.get("Zo\u00eb") == store.profiles.get("Zoe\u0308")
    with pytest.raises(NameTaken):
        await store.profiles.add("Zo\u00eb")


@pytest.mark.parametrize("key", ["12345678", "x" * 128, "A-Z_a.z~0-9"])
async def test_auth_keys_are_taken(key: str, store: Store) -> None:
    assert await store.profiles.add("alice", key) == key
    assert store.profiles.match_key(key) == store.profiles.get("alice")


@pytest.mark.parametrize("key", ["", "1234567", "x" * 129, "with space", "sla/sh", "ümlaut", "12345678\n", "a%20b"])
async def test_other_auth_keys_are_refused_without_being_repeated(key: str, store: Store) -> None:
    with pytest.raises(InvalidValue) as caught:
        await store.profiles.add("alice", key)
    assert not key.strip() or key not in str(caught.value)
    assert store.profiles.match_key(key) is None


async def test_a_short_key_of_before_goes_on_and_is_told(open_store: OpenStore) -> None:
    async with open_store() as store:
        await store.profiles.add("alice", "1234", is_old=True)
        await store.profiles.add("bob", "12345678", is_old=True)
        await store.profiles.add("carol")
        with pytest.raises(InvalidValue):
            await store.profiles.add("dave", "123", is_old=True)
    async with open_store() as store:
        assert {profile.username: profile.has_short_key for profile in store.profiles.all()} == {
            "alice": True, "bob": False, "carol": False,
        }  # fmt: skip
        assert store.profiles.match_key("1234") == store.profiles.get("alice")
        await store.profiles.new_key("alice")
        assert not store.profiles.get("alice").has_short_key


async def test_a_made_key_can_be_read_out(store: Store) -> None:
    keys = {await store.profiles.add(f"p{number}") for number in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", key) for key in keys)


async def test_an_auth_key_belongs_to_one_profile(store: Store) -> None:
    await store.profiles.add("alice", CANARY)
    await store.profiles.add("bob")
    for attempt in (store.profiles.add("carol", CANARY), store.profiles.new_key("bob", CANARY)):
        with pytest.raises(NameTaken) as caught:
            await attempt
        assert CANARY not in str(caught.value)
    await store.profiles.new_key("alice", CANARY)  # its own again


async def test_a_new_key_ends_the_old_one_pairings_and_tokens(store: Store) -> None:
    old = await store.profiles.add("alice")
    await store.pairings.pair("10.0.0.1", "alice", until_revoked=True)
    token = await store.pairings.issue_token("alice")
    new = await store.profiles.new_key("alice")
    assert store.profiles.match_key(old) is None
    assert store.profiles.match_key(new) == store.profiles.get("alice")
    assert store.pairings.all() == ()
    assert store.pairings.profile_for_token(token) is None


async def test_keys_are_kept_as_hashes_alone(store: Store, folder: DataFolder) -> None:
    await store.profiles.add("alice", CANARY)
    token = await store.pairings.issue_token("alice")
    files = [path for path in folder.root.rglob("*") if path.is_file()]
    assert folder.database.with_name(folder.database.name + "-wal") in files
    kept = b"".join(path.read_bytes() for path in files)
    assert b"alice" in kept
    assert CANARY.encode() not in kept
    assert token.encode() not in kept
    secret = folder.pepper.read_bytes()
    assert secret not in folder.database.read_bytes()
    assert repr(secret) not in repr(pepper.read_or_make(folder.pepper))


async def test_everything_survives_a_restart(open_store: OpenStore) -> None:
    async with open_store() as store:
        key = await store.profiles.add("alice")
        await store.profiles.set_prompt("alice", "Read the signs")
        await store.profiles.set_chain("alice", ["qwen", "on_device"])
        await store.profiles.set_value("alice", "answer_chars", "60")
        before = store.profiles.all()
    async with open_store() as store:
        assert store.profiles.all() == before
        assert store.profiles.match_key(key) == before[0]
    (alice,) = before
    assert (alice.prompt, alice.chain, alice.answer_chars) == ("Read the signs", ("qwen", "on_device"), 60)


async def test_prompts(store: Store) -> None:
    await store.profiles.add("alice")
    await store.profiles.set_prompt("alice", "x" * 4_000)
    with pytest.raises(InvalidValue, match="4,000"):
        await store.profiles.set_prompt("alice", "x" * 4_001)
    assert store.profiles.get("alice").prompt == "x" * 4_000
    await store.profiles.set_prompt("alice", " \n")
    assert store.profiles.get("alice").prompt == ""


async def test_chains(store: Store) -> None:
    await store.profiles.add("alice")
    await store.profiles.set_chain("alice", ())
    assert store.profiles.get("alice").chain == ()
    with pytest.raises(UnknownName):
        await store.profiles.set_chain("alice", ["gemini", "nobody"])
    with pytest.raises(InvalidValue):
        await store.profiles.set_chain("alice", ["gemini", "gemini"])
    await store.profiles.set_chain("alice", None)
    assert store.profiles.get("alice").chain is None


async def test_values_are_its_own_the_households_or_the_default(store: Store) -> None:
    await store.profiles.add("alice")
    await store.profiles.add("bob")
    await store.set_setting("answer_chars", 200)
    await store.profiles.set_value("alice", "answer_chars", 60)
    await store.profiles.set_value("alice", "risk.scene", "0.5")
    assert [profile.answer_chars for profile in store.profiles.all()] == [60, 200]
    assert store.profiles.value("alice", "risk.scene") == 0.5
    await store.profiles.set_value("alice", "answer_chars", None)
    await store.set_setting("answer_chars", None)
    assert [profile.answer_chars for profile in store.profiles.all()] == [120, 120]
    for key, value in (("risk.scene", "2"), ("answer_chars", "many"), ("gate.hints", 1)):
        with pytest.raises(InvalidValue):
            await store.profiles.set_value("alice", key, value)
    with pytest.raises(UnknownName):
        await store.profiles.set_value("alice", "no.such", 1)


async def test_every_change_is_said(store: Store, heard: list[Any]) -> None:
    await store.profiles.add("alice")
    await store.profiles.set_prompt("alice", "x")
    await store.profiles.set_chain("alice", None)
    await store.profiles.set_value("alice", "answer_chars", 60)
    assert heard == [ProfilesChanged()] * 4


@pytest.mark.parametrize("name", ["../../x", "\U0001f600", "", "a/b"])
async def test_renaming_takes_the_same_names_as_adding(name: str, store: Store) -> None:
    await store.profiles.add("alice")
    await store.profiles.add("bob")
    with pytest.raises(InvalidValue):
        await store.profiles.rename("alice", name)
    with pytest.raises(NameTaken):
        await store.profiles.rename("alice", "bob")
    assert [profile.username for profile in store.profiles.all()] == ["alice", "bob"]


async def test_a_line_break_in_a_key_is_named(store: Store) -> None:
    with pytest.raises(InvalidValue, match="no line breaks"):
        await store.profiles.add("alice", "my-own\nkey")


async def test_unknown_profiles(store: Store) -> None:
    assert store.profiles.find("nobody") is None
    for attempt in (
        store.profiles.new_key("nobody"), store.profiles.set_prompt("nobody", "x"), store.trash.delete("nobody"),
        store.profiles.set_chain("nobody", None), store.profiles.set_value("nobody", "answer_chars", 1),
        store.activity.report("nobody"), store.pairings.pair("10.0.0.1", "nobody"),
        store.pairings.issue_token("nobody"), store.pairings.revoke("nobody"),
    ):  # fmt: skip
        with pytest.raises(UnknownName, match="nobody"):
            await attempt


async def test_last_seen_follows_the_frames(open_store: OpenStore, heard: list[Any], clock: Any) -> None:
    async with open_store() as store:
        await store.profiles.add("alice")
        alice = store.profiles.get("alice")
        assert alice.last_seen_at is None
        heard.clear()
        for seconds in (0, 1, 90):
            await store.activity.record(frame(alice, at=clock.now + seconds), None, ANSWER, 5)
        seen = store.profiles.get("alice").last_seen_at
        assert seen is not None
        assert seen.timestamp() == pytest.approx(clock.now + 90, abs=0.01)
        assert heard == []
    async with open_store() as store:
        assert store.profiles.get("alice").last_seen_at == seen


async def test_a_lost_pepper_is_said_and_new_keys_work(
    open_store: OpenStore, folder: DataFolder, heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store() as store:
        old = await store.profiles.add("alice")
    folder.pepper.unlink()
    async with open_store() as store:
        assert store.profiles.needing_new_key() == ("alice",)
        assert store.profiles.match_key(old) is None
        assert any(isinstance(event, Trouble) and "alice" in event.sentence for event in heard)
        assert "pepper" in caplog.text
        new = await store.profiles.new_key("alice")
        assert store.profiles.match_key(new) == store.profiles.get("alice")
    async with open_store() as store:
        assert store.profiles.needing_new_key() == ()
        assert store.profiles.match_key(new) is not None


@pytest.mark.parametrize("content", [b"", b"half of it", os.urandom(64)])
async def test_a_damaged_pepper_is_as_good_as_lost(
    open_store: OpenStore, folder: DataFolder, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pepper, "_PATIENCE_S", 0.05)
    async with open_store() as store:
        await store.profiles.add("alice")
    folder.pepper.write_bytes(content)
    async with open_store() as store:
        assert store.profiles.needing_new_key() == ("alice",)
    assert len(folder.pepper.read_bytes()) == 32
