"""Proxies and pages of other sites: what a stranger says of himself changes nothing, what the owner named does."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from yarl import URL

from app.core.errors import InvalidValue
from app.core.events import Trouble
from app.server import FrameServer
from app.server.middlewares import WATCH_HEADER
from app.server.network import self_check
from app.server.network.addresses import client_of
from app.server.network.connection import clean_url
from app.store import Store
from tests.server.devices import ALICE, Phone
from tests.store.conftest import eventually

PROXIES = "10.0.0.1, 10.0.1.0/24, fd00::/8"
NOBODY = (
    "unknown", "_hidden", "_hidden:80", "", " ", "-", "localhost", "192.168.0", "192.168.0.9:http",
    "192.168.0.9:1:2", "192.168.0.9/24", "[2001:db8::9", "2001:db8::9]", "[]", "[]:80", "[192.168.0.9",
    "for=192.168.0.9", "192.168.0.9;192.168.0.8", "192.168.0.09", "0x7f.1", "[2001:db8::9]80", "http://192.168.0.9",
)  # fmt: skip
PAGE = "http://192.168.0.5:8123"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.168.0.9", ["1.2.3.4"], "192.168.0.9"),  # a stranger may say what he likes
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["192.168.0.9"], "192.168.0.9"),
        ("10.0.0.1", ["6.6.6.6, 192.168.0.9"], "192.168.0.9"),  # what the client itself claimed before
        ("10.0.0.1", ["192.168.0.9, 10.0.1.7"], "192.168.0.9"),
        ("10.0.0.1", ["192.168.0.9", "10.0.1.7"], "192.168.0.9"),
        ("10.0.0.1", ["10.0.1.8, 10.0.1.7"], "10.0.1.8"),  # all of them are proxies
        ("10.0.0.1", ["192.168.0.9:41000"], "192.168.0.9"),
        ("10.0.0.1", ["192.168.0.9:"], "192.168.0.9"),
        ("10.0.0.1", ["[2001:db8::9]:41000"], "2001:db8::9"),
        ("10.0.0.1", ["[2001:db8::9]"], "2001:db8::9"),
        ("10.0.0.1", ['"[2001:db8::9]:41000"'], "2001:db8::9"),
        ("10.0.0.1", ["2001:db8::9"], "2001:db8::9"),
        ("10.0.0.1", ["192.168.0.9, 10.0.1.7:80"], "192.168.0.9"),
        ("10.0.0.1", ["[::ffff:192.168.0.9]:80"], "192.168.0.9"),
        ("10.0.0.1", ["6.6.6.6, " * 500 + "192.168.0.9"], "192.168.0.9"),
        ("10.0.0.1", ["10.0.1.7, " * 500 + "10.0.1.7"], "10.0.1.7"),
        *((("10.0.0.1", [f"192.168.0.9, {nobody}"], "")) for nobody in NOBODY),
        *((("10.0.0.1", [nobody], "")) for nobody in NOBODY),
        ("10.0.0.1", ["192.168.0.9", ""], ""),
        ("192.168.0.9", ["unknown"], "192.168.0.9"),  # whoever is no proxy
        ("10.0.0.1", ["::ffff:192.168.0.9"], "192.168.0.9"),
        ("::ffff:10.0.0.1", ["192.168.0.9"], "192.168.0.9"),
        ("fd00::1", ["fe80::9%eth0"], "fe80::9"),
        ("", ["192.168.0.9"], ""),
    ],
)
def test_who_a_proxy_asks_for(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_without_named_proxies_nobody_is_believed() -> None:
    assert client_of("10.0.0.1", ["192.168.0.9"], "") == "10.0.0.1"


@pytest.mark.parametrize("nobody", ["unknown", "_hidden", "", "192.168.0.9:http", "6.6.6.6, unknown"])
async def test_a_proxy_that_tells_nobody_has_no_pairing_of_its_own(nobody: str, phone: Phone, store: Store) -> None:
    await store.set_setting("network.trusted_proxies", phone.ip)
    await store.pairings.pair(phone.ip, ALICE)
    assert (await phone.process()).status == 200
    phone.headers = {"X-Forwarded-For": nobody}
    for ask in (phone.process, phone.auth, phone.get_prompt):
        reply = await ask()
        assert (reply.status, reply.code) == (400, "bad_request")
    assert nobody not in phone.server.last_heard()


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP", "x-real-ip"])
async def test_what_a_proxy_says_otherwise_is_nobodys_word(header: str, phone: Phone, store: Store) -> None:
    await store.set_setting("network.trusted_proxies", phone.ip)
    for paired in ("192.168.0.9", phone.ip):
        await store.pairings.pair(paired, ALICE)
    phone.headers = {header: "192.168.0.9" if "IP" in header.upper() else "for=192.168.0.9"}
    assert (await phone.process()).status == 400
    await store.set_setting("network.trusted_proxies", "")
    assert (await phone.process()).status == 200


async def test_a_strangers_forwarded_for_neither_pairs_nor_blocks(phone: Phone, store: Store) -> None:
    await store.pairings.pair("192.168.0.9", ALICE)
    await store.blacklist.add("192.168.0.8")
    phone.headers["X-Forwarded-For"] = "192.168.0.9"
    assert (await phone.process()).status == 401
    phone.headers["X-Forwarded-For"] = "192.168.0.8"
    assert (await phone.auth()).status == 200


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("network.trusted_proxies", "192.168.0.1/24"), ("network.trusted_proxies", "router"),
        ("network.cors_origins", "192.168.0.5:8123"), ("network.cors_origins", "http://x.test/"),
        ("network.cors_origins", "*"), ("network.cors_origins", "capacitor://evil"),
    ],
)  # fmt: skip
async def test_what_is_no_proxy_or_origin_is_refused_with_the_part(key: str, value: str, store: Store) -> None:
    with pytest.raises(InvalidValue, match="is not right"):
        await store.set_setting(key, f"10.0.0.1, {value}" if "proxies" in key else value)
    assert store.settings.text(key) == ""


# --- pages of other sites ------------------------------------------------------------------------------------------


async def test_a_named_page_may_ask_and_read(paired: Phone, store: Store) -> None:
    await store.set_setting("network.cors_origins", f"http://other.test, {PAGE}")
    paired.headers |= {"Origin": PAGE, "Sec-Fetch-Site": "cross-site"}
    reply = await paired.process()
    assert reply.status == 200
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE
    assert reply.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in reply.headers
    assert (await paired.process("nobody")).headers["Access-Control-Allow-Origin"] == PAGE  # refusals can be read


async def test_a_page_that_is_not_named_stays_refused(paired: Phone, store: Store) -> None:
    await store.set_setting("network.cors_origins", PAGE)
    for origin in ("http://192.168.0.5", "http://192.168.0.5:81234", f"{PAGE}.evil.test", "null"):
        paired.headers["Origin"] = origin
        reply = await paired.process()
        assert reply.code == "blocked"
        assert "Access-Control-Allow-Origin" not in reply.headers


async def test_a_browsers_question_before_is_answered_only_for_a_named_page(phone: Phone, store: Store) -> None:
    asked = {
        "Origin": PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type",
        "Access-Control-Request-Private-Network": "true",
    }  # fmt: skip
    assert (await phone.send("OPTIONS", "/process", headers=asked)).code == "blocked"
    await store.set_setting("network.cors_origins", PAGE)
    reply = await phone.send("OPTIONS", "/process", headers=asked)
    assert reply.status == 204
    assert reply.headers["Access-Control-Allow-Origin"] == PAGE
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]
    assert reply.headers["Access-Control-Allow-Private-Network"] == "true"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers.getall("Server") == ["frame-backend"]  # type: ignore[attr-defined]


KEYED = {
    "Origin": "https://app.example", "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang",
    "Access-Control-Request-Private-Network": "true",
}  # fmt: skip


async def test_a_page_that_has_a_key_needs_not_be_named(paired: Phone, store: Store) -> None:
    asked = await paired.send("OPTIONS", "/v1/chat/completions", headers=KEYED)
    assert (asked.status, asked.headers["Access-Control-Allow-Origin"]) == (204, "https://app.example")
    assert asked.headers["Access-Control-Allow-Headers"].endswith("Api-Key, Content-Type, x-stainless-lang")
    paired.headers |= {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    for name, value in (("Authorization", "Bearer {key}"), ("x-api-key", "{key}"), ("api-key", "{key}")):
        key = await store.app_keys.add(ALICE, name)
        keyed = await paired.send("GET", "/v1/models", headers={name: value.format(key=key)})
        assert (keyed.status, keyed.headers["Access-Control-Allow-Origin"]) == (200, "https://app.example")
        assert keyed.headers["Vary"] == "Origin"
        wrong = await paired.send("GET", "/v1/models", headers={name: value.format(key="wrong")})
        assert (wrong.status, wrong.headers["Access-Control-Allow-Origin"]) == (401, "https://app.example")


async def test_a_page_without_one_or_with_what_a_browser_sends_by_itself_stays_refused(
    paired: Phone, store: Store
) -> None:
    key = await store.app_keys.add(ALICE, "llm")
    paired.headers |= {"Origin": "https://app.example"}
    basic = "Basic " + base64.b64encode(f"alice:{key}".encode()).decode()
    empty = {"Authorization": ""}  # a page may send it, and it shows nothing
    for sent in ({}, {"Authorization": basic}, {"Authorization": basic, "x-api-key": key}, empty):
        refused = await paired.send("GET", "/v1/models", headers=sent)
        assert refused.status == 403
        assert "Access-Control-Allow-Origin" not in refused.headers
    for path in ("/auth-alice-key-1234", "/process", "/v1/models"):
        plain = KEYED | {"Access-Control-Request-Headers": "content-type,x-authorization"}
        assert (await paired.send("OPTIONS", path, headers=plain)).status == 403
    assert (await paired.send("POST", "/auth-alice-key-1234", headers={"Authorization": f"Bearer {key}"})).status == 403


async def test_a_phones_token_counts_as_a_key_does_and_ends_with_it(paired: Phone, store: Store) -> None:
    token = await store.pairings.issue_token(ALICE)
    paired.headers |= {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    assert (await paired.process()).status == 403, "its address is paired, and that is no help to a page"
    paired.token = token
    assert (await paired.process()).headers["Access-Control-Allow-Origin"] == "https://app.example"
    await store.pairings.revoke(ALICE)
    assert (await paired.process()).status == 401


@pytest.mark.parametrize("origin", ["capacitor://localhost", "ionic://localhost", "null"])
async def test_apps_made_of_pages_can_be_named(origin: str, paired: Phone, store: Store) -> None:
    paired.headers["Origin"] = origin
    asked = KEYED | {"Origin": origin, "Access-Control-Request-Headers": "content-type"}
    assert [(await one).status for one in (paired.process(), paired.send("OPTIONS", "/process", headers=asked))] == [
        403, 403,
    ]  # fmt: skip
    await store.set_setting("network.cors_origins", f"{PAGE}, {origin}")
    assert (await paired.process()).headers["Access-Control-Allow-Origin"] == origin
    before = await paired.send("OPTIONS", "/process", headers=asked)
    assert (before.status, before.headers["Access-Control-Allow-Origin"]) == (204, origin)


async def test_without_a_named_page_no_reply_speaks_of_it(paired: Phone) -> None:
    reply = await paired.process()
    assert not [name for name in reply.headers if name.startswith("Access-Control") or name == "Vary"]
    assert (await paired.send("OPTIONS", "/process")).code == "method_not_allowed"


async def test_a_question_before_that_no_page_asks_is_not_answered(phone: Phone, store: Store) -> None:
    await store.set_setting("network.cors_origins", PAGE)
    reply = await phone.send("OPTIONS", "/process", headers={"Access-Control-Request-Method": "POST"})
    assert reply.code == "method_not_allowed"


# --- odd paths -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/pepper", "/prompt-..%2f..%2fpepper", "/prompt-%2e%2e",
        "/prompt-alice%2f..%2fbob", "/process%2f..%2fhealth", "/frames/1/", "/.git/config", "/prompt-%00",
        "/prompt-%ff%fe", "/docs/../../pepper", "/docs%2f", "/health%00",
    ],
)  # fmt: skip
async def test_a_path_leads_nowhere_but_to_an_endpoint(path: str, paired: Phone, store: Store) -> None:
    for method in ("GET", "POST"):
        reply = await paired.send(method, path)
        assert reply.status in (401, 404, 405, 400, 415), reply.body
        assert reply.json["success"] is False


@pytest.mark.parametrize(
    ("path", "query", "cleaned", "auth_key"),
    [
        ("/process", "", "/process", None),
        ("//process", "x=//", "/process?x=//", None),
        ("///prompt-a%2F%2Fb", "", "/prompt-a%2F%2Fb", None),  # what is encoded stays, and is part of the name
        ("/prompt-a%2F..%2Fb", "", "/prompt-a%2F..%2Fb", None),
        ("/prompt-%2561", "", "/prompt-%2561", None),
        ("/%2Fauth-x", "", "/%2Fauth-x", None),
        ("/auth-a%2Fb", "x=1", "/auth-", "a/b"),
        ("//auth-a/../b", "", "/auth-", "a/../b"),
        ("/%61uth-%2541", "", "/auth-", "%41"),  # decoded once
    ],
)
def test_a_path_is_made_single_and_no_more(path: str, query: str, cleaned: str, auth_key: str | None) -> None:
    url = URL.build(path=path, query_string=query, encoded=True)
    assert clean_url(url) == (URL(cleaned, encoded=True), auth_key)


# --- the watch -----------------------------------------------------------------------------------------------------


async def test_a_listener_that_closed_is_opened_again_on_its_port(
    store: Store, pipeline: Any, bus: Any, heard: list[Any]
) -> None:
    troubles: list[Trouble] = []
    bus.subscribe(Trouble, troubles.append)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0, watch_every_s=0.05)
    await server.start()
    port = server.port
    assert server._runner is not None
    for site in server._runner.sites:
        site._server.close()  # type: ignore[attr-defined]  # as a reset while accepting does on Windows
    with pytest.raises(OSError, match=r"Connect|refused"):
        await asyncio.open_connection("127.0.0.1", port)
    await eventually(lambda: troubles, within_s=10)
    assert (server.state, server.port) == ("running", port)
    assert (await Phone(server).send("GET", "/health")).status == 200
    await server.stop()


async def test_the_watch_is_not_heard_as_a_device_and_ends_with_the_server(
    store: Store, pipeline: Any, bus: Any
) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0, watch_every_s=0.01)
    await server.start()
    await asyncio.sleep(0.2)
    assert server.state == "running"
    assert server.last_heard() == {}
    watching = server._watching
    await server.stop()
    assert server._watching is None
    assert watching is not None
    assert watching.cancelled()


async def test_who_only_claims_to_be_the_watch_is_heard(phone: Phone) -> None:
    await phone.send("GET", "/health", headers={WATCH_HEADER: "a guess"})
    assert phone.ip in phone.server.last_heard()


async def test_only_two_silences_running_are_deafness(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [False, True, False, True, True, False, False]

    async def answers(*_: object) -> bool:
        return said.pop(0)

    monkeypatch.setattr(self_check, "_answers", answers)
    await self_check.until_deaf("127.0.0.1", 1, "word", every_s=0)
    assert said == []


@pytest.mark.parametrize("said", [None, b"", b"SSH-2.0-x\r\n"])
async def test_who_takes_the_connection_and_speaks_no_http_is_deaf(said: bytes | None) -> None:
    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if said is None:
            await reader.read()  # until the watch has lost its patience
        else:
            writer.write(said)
        writer.close()

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as listener, asyncio.timeout(5):
        assert not await self_check._answers("127.0.0.1", listener.sockets[0].getsockname()[1], "word", 0.2)
