"""``/auth-*``, ``/prompt-*`` and ``/profile``: what is kept, changed, refused and told."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import yarl

from app.core.errors import InvalidValue, KeyringUnavailable, UnknownName
from app.core.events import Bus, KeysPosted
from app.server import FrameServer, context_keys
from app.server.access.pending_prompts import PendingPrompts
from app.server.handlers import profiles
from app.store import Store
from app.store.keys.keyring_worker import KeyringTrouble
from tests.server.devices import ALICE, BOB, KEYS, Phone, StubPipeline, eventually

DEFAULT = "Describe this image in detail"


async def test_auth_gives_what_the_app_reads(phone: Phone, store: Store) -> None:
    reply = (await phone.auth()).json
    assert set(reply) == {"success", "message", "username", "token", "expires_in_s"}
    assert (reply["success"], reply["username"], reply["expires_in_s"]) == (True, ALICE, 30 * 24 * 3_600)
    assert store.pairings.is_paired(phone.ip, ALICE)
    assert store.pairings.profile_for_token(reply["token"]) == ALICE


@pytest.mark.parametrize("key", ["wrong", "%00", "a%2Fb", "a/b", "%C3%A9%FF", "{x}", "x" * 5_000, "", "..", "%2541"])
async def test_every_wrong_key_is_refused_alike(phone: Phone, key: str) -> None:
    reply = await phone.send("POST", f"/auth-{key}")
    assert (reply.status, reply.code, reply.json["message"]) == (401, "not_paired", "That key is not known.")
    assert len(key) < 5 or key.encode() not in reply.body


@pytest.mark.parametrize("path", ["/auth-{}", "//auth-{}", "/%61uth-{}", "///auth-{}?x=1"])
async def test_right_key_by_other_spellings_of_the_path(phone: Phone, path: str) -> None:
    percent = "".join(f"%{byte:02X}" for byte in KEYS[ALICE].encode())
    for key in (KEYS[ALICE], percent):
        assert (await phone.send("POST", yarl.URL(path.format(key), encoded=True))).status == 200


async def test_prompt_is_shown_changed_and_reset(paired: Phone) -> None:
    shown = (await paired.get_prompt()).json
    assert shown == {"username": ALICE, "prompt": DEFAULT, "is_custom": False, "default_prompt": DEFAULT}
    changed = (await paired.set_prompt(" Qu'est-ce que c'est ? ")).json
    assert changed == shown | {"prompt": "Qu'est-ce que c'est ?", "is_custom": True}
    assert (await paired.get_prompt()).json == changed
    for blank in ("", " \n\t"):
        await paired.set_prompt("x")
        assert (await paired.set_prompt(blank)).json == shown


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b'{"prompt": "%s"}' % (b"x" * 4_000), "application/json", 200, ""),
        (b'{"prompt": "%s"}' % (rb"\ud83d\ude00" * 4_000), "application/json; charset=utf-8", 200, ""),
        (b'{"prompt": "%s"}' % (b"x" * 4_001), "application/json", 413, "prompt_too_long"),
        (b'{"prompt": "%s"}' % (b"x" * 70_000), "application/json", 413, "prompt_too_long"),
        (b"{}", "application/json", 422, "invalid_field"),
        (b'{"prompt": null}', "application/json", 422, "invalid_field"),
        (b'{"prompt": 5}', "application/json", 422, "invalid_field"),
        (b'["prompt"]', "application/json", 422, "invalid_field"),
        (b"", "application/json", 400, "bad_request"),
        (b'{"prompt": ', "application/json", 400, "bad_request"),
        (b'{"prompt": "\xff"}', "application/json", 400, "bad_request"),
        (b'{"prompt": "\\ud800"}', "application/json", 400, "bad_request"),
        (b"[" * 5_000, "application/json", 400, "bad_request"),
        (b'{"prompt": "x"}', "text/plain", 415, "wrong_media_type"),
        (b"prompt=x", "application/x-www-form-urlencoded", 415, "wrong_media_type"),
    ],
)
@pytest.mark.parametrize("is_paired", [True, False])
async def test_prompt_bodies(
    phone: Phone, body: bytes, content_type: str, status: int, code: str, is_paired: bool
) -> None:
    if is_paired:
        await phone.auth()
    reply = await phone.send("POST", f"/prompt-{ALICE}", data=body, headers={"Content-Type": content_type})
    assert reply.status == status, reply.body
    if status != 200:
        assert reply.code == code
        assert reply.json["message"] == reply.json["error"]


async def test_prompt_of_a_stranger_is_kept_until_it_authenticates(phone: Phone, pipeline: StubPipeline) -> None:
    replies = [await phone.set_prompt("one", ALICE), await phone.set_prompt("Two", ALICE)]
    replies.append(await Phone(phone.server, ip="127.0.0.3").set_prompt("x", "nobody"))
    assert {reply.body for reply in replies} == {b'{"message":"kept until paired"}'}
    await phone.auth(BOB)
    assert (await phone.get_prompt(BOB)).json["is_custom"] is False
    await phone.auth(ALICE)
    assert (await phone.get_prompt()).json["prompt"] == "Two"
    await phone.set_prompt("later")
    await phone.auth(ALICE)
    assert (await phone.get_prompt()).json["prompt"] == "later"


async def test_kept_prompt_is_applied_when_the_owner_lets_the_device_in(phone: Phone, store: Store) -> None:
    await phone.set_prompt("by click")
    await store.pairings.pair("127.0.0.99", ALICE)
    assert store.profiles.get(ALICE).prompt == ""
    await store.pairings.pair(phone.ip, ALICE, until_revoked=True, by_auth=False)
    await eventually(lambda: store.profiles.get(ALICE).prompt == "by click")


@pytest.mark.parametrize(("error", "status"), [(UnknownName("gone"), 401), (InvalidValue("bounds"), 422)])
async def test_what_the_store_refuses_meanwhile(
    paired: Phone, store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    async def refuse(username: str, text: str) -> None:
        raise error

    monkeypatch.setattr(store.profiles, "set_prompt", refuse)
    assert (await paired.set_prompt("x")).status == status


async def test_paired_device_writes_no_other_profiles_prompt(paired: Phone, store: Store) -> None:
    assert (await paired.set_prompt("mine", BOB)).json == {"message": "kept until paired"}
    assert store.profiles.get(BOB).prompt == ""


def test_kept_prompts_are_few_and_fade() -> None:
    now = 0.0
    kept = PendingPrompts(lambda: now)
    for number in range(41):
        kept.keep(f"10.0.0.{number}", ALICE, str(number))
    assert len(kept.waiting()) == 20
    assert kept.take("10.0.0.0", ALICE) == "0"  # who came first
    assert kept.take("10.0.0.40", ALICE) == "40"  # and the newest
    now = 599.0
    assert kept.take("10.0.0.1", BOB) is None
    assert kept.take("10.0.0.1", ALICE) == "1"
    assert kept.take("10.0.0.1", ALICE) is None
    now = 601.0
    assert kept.waiting() == ()


async def test_a_crowd_pushes_out_no_kept_prompt(server: FrameServer, store: Store) -> None:
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    await store.pairings.pair("192.168.0.5", BOB)

    def device(ip: str) -> Phone:
        return Phone(server, headers={"X-Forwarded-For": ip})

    crowd = [f"10.{number}.0.1" for number in range(25)]
    for ip in (*crowd, "192.168.0.9", *crowd, *(f"2001:db8::{number:x}" for number in range(25))):
        assert (await device(ip).set_prompt(f"of {ip}")).json == {"message": "kept until paired"}
    for ip in ("192.168.0.9", "2001:db8::18"):  # a neighbour of a paired device, and the newest
        await store.pairings.pair(ip, ALICE)
        await eventually(lambda: store.profiles.get(ALICE).prompt == f"of {ip}")  # noqa: B023


async def end_pairing(store: Store, ip: str) -> None:
    await store.pairings.revoke(BOB, ip)


async def end_all(store: Store, ip: str) -> None:
    await store.pairings.revoke(BOB)


async def end_by_key(store: Store, ip: str) -> None:
    await store.profiles.new_key(ALICE)


async def end_profile(store: Store, ip: str) -> None:
    await store.trash.put(ALICE)
    await store.trash.restore(ALICE)


async def end_address(store: Store, ip: str) -> None:
    await store.blacklist.add("192.168.0.0/24")
    await store.blacklist.remove("192.168.0.0/24")


@pytest.mark.parametrize("end", [end_pairing, end_all, end_by_key, end_profile, end_address])
async def test_what_is_revoked_leaves_no_kept_prompt(end: Any, server: FrameServer, store: Store) -> None:
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    await store.pairings.pair("192.168.0.9", BOB)
    phone = Phone(server, headers={"X-Forwarded-For": "192.168.0.9"})
    await phone.set_prompt("of before", ALICE)
    await end(store, "192.168.0.9")
    assert server._runner is not None
    assert server._runner.app[context_keys.PENDING_PROMPTS].waiting() == ()
    await store.pairings.pair("192.168.0.9", ALICE)
    assert store.profiles.get(ALICE).prompt == ""


async def test_a_revoked_devices_token_ends_also_from_another_address(server: FrameServer, store: Store) -> None:
    phone, other = Phone(server), Phone(server, ip="127.0.0.3")
    for revoke in (store.pairings.revoke(ALICE, phone.ip), store.pairings.revoke(ALICE)):
        other.token = str((await phone.auth()).json["token"])
        assert (await other.process()).status == 200
        await revoke
        assert (await other.process()).status == 401


# --- API keys --------------------------------------------------------------------------------------------------


class Keyring:
    """Stands for ``store.secrets``: remembers who set what where."""

    def __init__(self, usable: bool) -> None:
        self.usable = usable
        self.is_locked = False
        self.asked = 0
        self.kept: dict[tuple[str, str], tuple[str, str]] = {}

    async def set(self, username: str, provider: str, key: str, *, session_only: bool = False) -> None:
        self.asked += not session_only
        if self.is_locked and not session_only:
            await asyncio.sleep(60)
        if not self.usable and not session_only:
            raise KeyringUnavailable("no keyring")
        self.kept[username, provider] = key, "session" if session_only else "keyring"

    async def remove(self, username: str, provider: str) -> None:
        if not self.usable:
            raise KeyringUnavailable("no keyring")
        self.kept.pop((username, provider), None)

    def listed(self, username: str) -> tuple[Any, ...]:
        return tuple(
            SimpleNamespace(provider=provider, where=where)
            for (name, provider), (_, where) in self.kept.items()
            if name == username
        )


@pytest.fixture
def keyring(store: Store, monkeypatch: pytest.MonkeyPatch) -> Keyring:
    keyring = Keyring(usable=True)
    for verb in ("set", "remove", "listed"):
        monkeypatch.setattr(store.secrets, verb, getattr(keyring, verb))
    return keyring


async def test_keys_are_set_removed_and_left_alone(paired: Phone, keyring: Keyring, heard: list[Any]) -> None:
    first = await paired.post_keys({"gemini_api_key": " g-1 ", "chatgpt_api_key": "c-1", "qwen_api_key": None})
    assert first.json == {"message": "The keys were saved.", "providers": ["gemini", "chatgpt"]}
    second = await paired.post_keys({"gemini_api_key": "", "deepseek_api_key": "d-1"})
    assert second.json["providers"] == ["chatgpt", "deepseek"]
    removed = await paired.post_keys({"chatgpt_api_key": "", "deepseek_api_key": " "})
    assert removed.json == {"message": "The keys were removed.", "providers": []}
    await paired.post_keys({"chatgpt_api_key": "c-1", "deepseek_api_key": "d-1"})
    assert keyring.kept == {(ALICE, "chatgpt"): ("c-1", "keyring"), (ALICE, "deepseek"): ("d-1", "keyring")}
    posted = [event for event in heard if isinstance(event, KeysPosted)]
    assert posted[:2] == [
        KeysPosted(ALICE, paired.ip, ("gemini", "chatgpt")),
        KeysPosted(ALICE, paired.ip, ("gemini", "deepseek")),
    ]


async def test_with_no_keyring_keys_are_kept_for_the_session_and_the_reply_says_so(
    paired: Phone, keyring: Keyring
) -> None:
    keyring.usable = False
    reply = (await paired.post_keys({"gemini_api_key": "g-1", "qwen_api_key": "q-1"})).json
    assert "this session" in reply["message"]
    assert reply["providers"] == ["gemini", "qwen"]
    assert keyring.kept == {(ALICE, "gemini"): ("g-1", "session"), (ALICE, "qwen"): ("q-1", "session")}
    assert keyring.asked == 1
    removed = await paired.post_keys({"gemini_api_key": ""})
    assert (removed.status, removed.code) == (500, "error")
    assert keyring.kept


async def test_locked_keyring_does_not_outlast_the_phone(
    paired: Phone, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "KEYRING_PATIENCE_S", 0.1)
    keyring.is_locked = True
    reply = (await paired.post_keys({"gemini_api_key": "g-1"})).json
    assert "this session" in reply["message"]
    assert keyring.kept == {(ALICE, "gemini"): ("g-1", "session")}


async def test_real_store_takes_what_a_phone_posts(paired: Phone, store: Store) -> None:
    async def no_keyring(place: object, key: str) -> str:
        raise KeyringTrouble("there is none")

    store.secrets.keyring_cache.put = no_keyring  # type: ignore[method-assign]
    reply = (await paired.post_keys({"gemini_api_key": "g-1", "deepseek_api_key": ""})).json
    assert reply["providers"] == ["gemini"]
    assert store.secrets.key_for(store.profiles.get(ALICE).profile_id, "gemini") == "g-1"
    assert (await paired.post_keys({"gemini_api_key": ""})).json["providers"] == []


async def test_keys_are_taken_for_the_vendors_that_there_are(
    store: Store, pipeline: StubPipeline, bus: Bus, keyring: Keyring
) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0, key_vendors=("gemini", "qwen"))
    await server.start()
    try:
        phone = Phone(server)
        assert (await phone.auth()).status == 200
        sent = await phone.send(
            "POST", "/profile", json={"api_keys": {"qwen_api_key": "q-1", "chatgpt_api_key": "c-1"}}
        )
        assert sent.json["providers"] == ["qwen"]
        document = (await phone.send("GET", "/openapi.json")).json
        assert list(document["components"]["schemas"]["ApiKeys"]["properties"]) == ["gemini_api_key", "qwen_api_key"]
    finally:
        await server.stop()


async def test_keys_are_cleaned_as_they_were_pasted(paired: Phone, keyring: Keyring) -> None:
    await paired.post_keys({"gemini_api_key": ' "g-1",\n', "qwen_api_key": "Bearer q-1"})
    assert {place: key for place, (key, _) in keyring.kept.items()} == {
        (ALICE, "gemini"): "g-1",
        (ALICE, "qwen"): "q-1",
    }


async def test_nothing_sent_changes_nothing(paired: Phone, keyring: Keyring, heard: list[Any]) -> None:
    reply = await paired.post_keys({"other_api_key": "x"})
    assert reply.json == {"message": "Nothing was changed.", "providers": []}
    assert not any(isinstance(event, KeysPosted) for event in heard)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": ALICE},
        {"username": ALICE, "api_keys": []},
        {"username": ALICE, "api_keys": {"gemini_api_key": 5}},
        {"username": ALICE, "api_keys": {"gemini_api_key": "schlüssel"}},
        {"username": ALICE, "api_keys": {"gemini_api_key": "two words"}},
        {"username": ALICE, "api_keys": {"gemini_api_key": '""'}},
        {"username": ALICE, "api_keys": {"gemini_api_key": "x" * 4_097}},
        {"username": 5, "api_keys": {}},
        {"username": "x" * 65, "api_keys": {}},
    ],
)
async def test_bad_fields_of_a_profile(paired: Phone, keyring: Keyring, body: dict[str, object]) -> None:
    reply = await paired.send("POST", "/profile", json=body)
    assert (reply.status, reply.code) == (422, "invalid_field")
    assert b"schl" not in reply.body
    assert keyring.kept == {}


async def test_keys_want_a_recent_auth_or_a_token(
    paired: Phone, keyring: Keyring, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await paired.auth()).json["token"]
    asked: list[tuple[str, str, float]] = []

    def not_lately(ip: str, username: str, seconds: float) -> bool:
        asked.append((ip, username, seconds))
        return False

    monkeypatch.setattr(store.pairings, "authenticated_within", not_lately)
    assert (await paired.post_keys({"gemini_api_key": "g"})).status == 401
    assert asked == [(paired.ip, ALICE, 600)]
    paired.token = token
    assert (await paired.post_keys({"gemini_api_key": "g"}, username=None)).status == 200
    assert (await paired.post_keys({"gemini_api_key": "g"}, username=BOB)).status == 401
    assert set(keyring.kept) == {(ALICE, "gemini")}


async def test_device_that_the_owner_let_in_sets_no_keys(phone: Phone, keyring: Keyring, store: Store) -> None:
    await store.pairings.pair(phone.ip, ALICE, until_revoked=True, by_auth=False)
    assert (await phone.process()).status == 200
    assert (await phone.post_keys({"gemini_api_key": "g"})).status == 401


async def test_requests_side_by_side(paired: Phone, pipeline: StubPipeline) -> None:
    asks = [paired.get_prompt(), paired.process(), paired.auth(), paired.send("GET", "/health"), paired.photo()]
    assert [reply.status for reply in await asyncio.gather(*asks)] == [200] * 5
