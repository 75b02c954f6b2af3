"""Every endpoint, asked by everybody: unpaired, paired, paired as another, with tokens, revoked, blocked, too often."""

from __future__ import annotations

import base64
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.events import Bus, PairingWanted
from app.server import FrameServer
from app.server.access.pairing_requests import PairingRequests
from app.store import BlacklistEntry, Store
from app.store.profiles.pairings import PAIRED_FOR_S
from tests.server.devices import ALICE, BOB, Phone, Reply, StubPipeline

Asks = Callable[[Phone], Awaitable[Reply]]

ENDPOINTS: dict[str, Asks] = {
    "auth": lambda phone: phone.auth(),
    "process": lambda phone: phone.process(),
    "photo": lambda phone: phone.photo(),
    "profile": lambda phone: phone.post_keys({"gemini_api_key": ""}),
    "get_prompt": lambda phone: phone.get_prompt(),
    "set_prompt": lambda phone: phone.set_prompt("What is it?"),
    "health": lambda phone: phone.send("GET", "/health"),
}
CALLERS = (
    "unpaired", "paired", "another", "token", "foreign_token", "wrong_token", "revoked_token", "revoked", "blocked",
    "over_limit",
)  # fmt: skip
STATUS: dict[str, tuple[int, ...]] = {
    "auth": (200, 200, 200, 200, 200, 200, 200, 200, 403, 429),
    "process": (401, 200, 401, 200, 401, 401, 401, 401, 403, 429),
    # the newest profile that the caller may act as, whoever that is
    "photo": (401, 200, 200, 200, 200, 401, 401, 401, 403, 429),
    "profile": (401, 200, 401, 200, 401, 401, 401, 401, 403, 429),
    "get_prompt": (401, 200, 401, 200, 401, 401, 401, 401, 403, 429),
    # kept until paired: the reply tells nothing of the name
    "set_prompt": (200, 200, 200, 200, 401, 401, 401, 200, 403, 429),
    "health": (200, 200, 200, 200, 200, 200, 200, 200, 403, 200),
}
CODES = {401: "not_paired", 403: "blocked", 429: "rate_limited"}


def _wanted(heard: list[Any]) -> list[PairingWanted]:
    return [event for event in heard if isinstance(event, PairingWanted)]


@pytest.fixture
async def caller(
    request: pytest.FixtureRequest, server: FrameServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Phone:
    kind: str = request.param
    phone, elsewhere = Phone(server), Phone(server, ip="127.0.0.3")
    if kind in {"paired", "revoked", "blocked"}:
        await phone.auth()
    if kind in {"another", "foreign_token"}:
        issued = (await (phone if kind == "another" else elsewhere).auth(BOB)).json["token"]
        phone.token = issued if kind == "foreign_token" else ""
    if kind in {"token", "revoked_token"}:
        phone.token = (await elsewhere.auth()).json["token"]
    if kind == "wrong_token":
        await phone.auth()  # a wrong token outweighs the address
        phone.token = "no-such-token"
    if kind in {"revoked", "revoked_token"}:
        await store.pairings.revoke(ALICE)
    if kind == "blocked":
        # the store never blocks loopback, so a loopback device is blocked by hand
        entry = BlacklistEntry(phone.ip, "", automatic=False, created_at=datetime.now(UTC))
        monkeypatch.setattr(store.blacklist, "match", lambda ip: entry if ip == phone.ip else None)
    if kind == "over_limit":
        for limit in ("limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour"):
            await store.set_setting(limit, 1)
        for path in ("/auth-wrong", "/profile", "/process"):
            await phone.send("POST", path)
    return phone


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("caller", CALLERS, indirect=True, ids=str)
async def test_everybody_at_every_endpoint(
    endpoint: str, caller: Phone, request: pytest.FixtureRequest, pipeline: StubPipeline
) -> None:
    kind = request.node.callspec.params["caller"]
    reply = await ENDPOINTS[endpoint](caller)
    assert reply.status == STATUS[endpoint][CALLERS.index(kind)], reply.body
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    if reply.status in CODES and endpoint == "photo":
        assert reply.text
        assert reply.text.isascii()
    elif reply.status in CODES:
        assert reply.code == CODES[reply.status]
    if reply.status == 429:
        assert 1 <= int(reply.headers["Retry-After"]) <= 3_600
    answered = endpoint in {"process", "photo"} and reply.status == 200
    assert len(pipeline.frames) == answered


async def test_a_name_that_is_unknown_and_one_that_is_anothers_are_refused_alike(paired: Phone) -> None:
    for ask in (paired.process, paired.get_prompt):
        unknown, anothers = await ask("nobody"), await ask(BOB)
        assert unknown.status == anothers.status == 401
        assert unknown.body == anothers.body
    assert (await paired.post_keys({}, "nobody")).body == (await paired.post_keys({}, BOB)).body


async def test_name_is_optional_with_one_pairing_and_missing_with_two(paired: Phone, pipeline: StubPipeline) -> None:
    assert (await paired.process(None)).status == 200
    await paired.auth(BOB)
    reply = await paired.process(None)
    assert (reply.status, reply.code) == (422, "invalid_field")
    assert (await paired.process(ALICE)).status == 200
    assert (await paired.photo()).status == 200
    assert [frame.profile.username for frame in pipeline.frames] == [ALICE, ALICE, BOB]  # the photo: the newest


async def test_token_needs_no_name_and_outweighs_the_address(paired: Phone, pipeline: StubPipeline) -> None:
    paired.token = (await Phone(paired.server, ip="127.0.0.3").auth(BOB)).json["token"]
    assert (await paired.process(None)).status == 200
    assert (await paired.photo()).status == 200
    assert {frame.profile.username for frame in pipeline.frames} == {BOB}
    assert (await paired.process(ALICE)).status == 401


async def test_other_authorization_schemes_are_nobodys_business(paired: Phone) -> None:
    paired.headers = {"Authorization": "Digest username=a"}
    assert (await paired.process()).status == 200


async def test_decomposed_name_is_the_composed_one(phone: Phone, store: Store) -> None:
    await store.profiles.add("José", "jose-key-1234")
    await phone.send("POST", "/auth-jose-key-1234")
    assert (await phone.process("Jose\u0301")).status == 200
    for path in ("/prompt-Jos%C3%A9", "/prompt-Jose%CC%81"):
        assert (await phone.send("GET", path)).json["username"] == "José"


async def test_stranger_is_announced_with_the_name_at_the_beginning_of_the_upload(
    phone: Phone, heard: list[Any]
) -> None:
    for _ in range(3):
        assert (await phone.process()).status == 401
    assert _wanted(heard) == [PairingWanted(phone.ip, ALICE)]


async def test_what_is_no_profiles_name_is_not_passed_on(phone: Phone, heard: list[Any]) -> None:
    assert (await phone.process("Click here!")).status == 401
    assert _wanted(heard) == [PairingWanted(phone.ip, "")]


async def test_paired_device_that_wants_another_profile_is_announced_once(paired: Phone, heard: list[Any]) -> None:
    for _ in range(2):
        await paired.process(BOB)
        await paired.get_prompt(BOB)
    assert _wanted(heard) == [PairingWanted(paired.ip, BOB)]


async def test_photo_of_a_stranger_asks_which_profile(phone: Phone, heard: list[Any]) -> None:
    reply = await phone.photo()
    assert (reply.status, reply.text) == (401, "This device is not paired with that profile.")
    assert _wanted(heard) == [PairingWanted(phone.ip, "")]


async def test_device_with_a_token_that_is_over_is_not_announced(phone: Phone, heard: list[Any]) -> None:
    phone.token = "over"
    for ask in (phone.process, phone.photo, phone.get_prompt):
        assert (await ask()).status == 401
    assert _wanted(heard) == []


def test_bell_remembers_little_and_rings_again(store: Store, bus: Bus, heard: list[Any]) -> None:
    now = 100.0
    bell = PairingRequests(store, bus, monotonic=lambda: now)
    for number in range(300):
        bell.ring(f"10.0.{number // 256}.{number % 256}", ALICE)
    assert len(_wanted(heard)) == 300
    assert len(bell._rung) == 256
    bell.ring("10.0.1.43", ALICE)
    assert len(_wanted(heard)) == 300
    now += 10
    bell.ring("10.0.1.43", ALICE)
    assert len(_wanted(heard)) == 301


async def test_new_key_ends_pairings_and_tokens(paired: Phone, store: Store) -> None:
    await store.profiles.new_key(ALICE)
    assert (await paired.process()).status == 401
    assert (await paired.auth()).status == 401


async def test_deleted_profile_is_gone(paired: Phone, store: Store) -> None:
    await store.trash.delete(ALICE)
    assert (await paired.process()).status == 401


async def test_what_the_blacklist_refuses_is_counted(
    phone: Phone, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await store.blacklist.add("10.0.0.9")
    monkeypatch.setattr(store.blacklist, "match", lambda _: entry)
    assert (await phone.send("GET", "/health")).status == 403
    assert (await phone.send("POST", "/process")).status == 403
    monkeypatch.undo()
    assert [one.hits for one in store.blacklist.all()] == [2]


async def test_a_short_key_of_before_is_told_when_it_is_shown(server: FrameServer, store: Store) -> None:
    """A hash does not tell how long its key is."""
    await store.profiles.add("carol", "1234", is_old=True)
    await store._database.change(
        lambda session: session.sql("UPDATE profile SET has_short_key = 0"), store.profiles
    )  # as a database of before says
    assert (await Phone(server).send("POST", "/auth-1234")).status == 200
    assert [profile.username for profile in store.profiles.all() if profile.has_short_key] == ["carol"]


@pytest.mark.parametrize("name", ["Authorization", "x-api-key", "api-key", "basic"])
async def test_an_apps_key_may_stand_where_its_client_puts_it(
    name: str, phone: Phone, store: Store, pipeline: StubPipeline
) -> None:
    await store.pairings.pair(phone.ip, BOB)
    key = await store.app_keys.add(ALICE, "llm")
    for sent, status in ((key, 200), ("wrong", 401), ("", 401)):
        basic = "Basic " + base64.b64encode(f"anybody:{sent}".encode()).decode()
        fields = {"Authorization": f"Bearer {sent}"} if name == "Authorization" else {name: sent}
        phone.headers = {"Authorization": basic} if name == "basic" else fields
        reply = await phone.photo()
        assert reply.status == status, "a key that is sent must be right, also from a paired address"
    assert [frame.profile.username for frame in pipeline.frames] == [ALICE]
    assert store.app_keys.all()[0].last_used_at is not None


@pytest.mark.parametrize("told", ["", "!", "YTpi", "/////w==", "YQ=="])
async def test_basic_that_cannot_be_read_is_wrong(told: str, paired: Phone) -> None:
    paired.headers = {"Authorization": f"Basic {told}"}
    assert (await paired.process()).status == 401


async def test_each_app_is_a_client_of_its_own(phone: Phone, store: Store, pipeline: StubPipeline) -> None:
    chat = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "data:;base64,/9j/"}]}]}
    for app in ("llm", "webui"):
        phone.token = await store.app_keys.add(ALICE, app)
        assert (await phone.send("POST", "/v1/chat/completions", json=chat)).status == 200
    phone.token = ""
    await phone.auth()
    await phone.send("POST", "/v1/chat/completions", json=chat)
    await phone.process()
    assert [frame.lane for frame in pipeline.frames] == ["app key 1", "app key 2", phone.ip, ""]


async def test_a_phones_token_ends_when_its_pairing_is_revoked_not_when_that_lapses(
    paired: Phone, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    paired.token = (await paired.auth()).json["token"]
    monkeypatch.setattr(store.pairings, "_clock", lambda: time.time() + 2 * PAIRED_FOR_S)
    assert store.pairings.names_for(paired.ip) == ()
    assert (await paired.photo()).status == 200
    await store.pairings.revoke(ALICE, paired.ip)
    assert (await paired.photo()).status == 401
