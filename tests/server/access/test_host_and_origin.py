"""A web page must not reach the server, neither by DNS rebinding nor from the wearer's own browser."""

from __future__ import annotations

import socket

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from app.server import FrameServer, middlewares
from app.server.network.addresses import client_ip, http_url, is_foreign_origin, is_our_host, is_tailnet_host
from app.server.wire.api_errors import Refused
from app.store import Store
from tests.server.devices import ALICE, Phone, RawConnection

OWN = socket.gethostname().lower().partition(".")[0]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:7175", "192.168.0.5", "[::1]:7175", "[fe80::1%25eth0]", "[fe80::1]", "203.0.113.7:1", "localhost",
        "LOCALHOST:7175", "localhost.", OWN, OWN.upper() + ":7175", *(OWN + suffix for suffix in
        (".local", ".lan", ".home", ".home.arpa", ".fritz.box", ".local.")), "glasses.example", "other.example:7175",
    ],
)  # fmt: skip
def test_our_names(host: str) -> None:
    assert is_our_host(host, " glasses.example, Other.Example,,")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:7175", "127.0.0.1.evil.example", "localhost.evil.example", "", "2130706433",
        "127.1", "0x7f.0.0.1", OWN + ".evil", OWN + ".local.evil.example", "[evil]", "local", ".local", "evil.local",
    ],
)  # fmt: skip
def test_other_names(host: str) -> None:
    assert not is_our_host(host, "")


@pytest.mark.parametrize(
    ("host", "peer", "is_ours"),
    [
        ("box.tail1234.ts.net:7175", "100.64.0.1", True),
        ("BOX.tail1234.ts.net.", "::ffff:100.127.255.254", True),
        ("box.tail1234.ts.net", "fd7a:115c:a1e0::53", True),
        ("box.tail1234.ts.net", "192.168.0.5", False),
        ("box.tail1234.ts.net", "", False),
        ("box.ts.net.evil.example", "100.64.0.1", False),
        ("evil.example", "100.64.0.1", False),
        (".ts.net.evil", "100.64.0.1", False),
    ],
)
def test_a_name_in_a_tailnet_is_ours_for_who_comes_through_it(host: str, peer: str, is_ours: bool) -> None:
    assert is_tailnet_host(host, peer) == is_ours


@pytest.mark.parametrize(
    ("peer", "origin", "status"),
    [
        ("100.101.102.103", None, 200),
        ("fd7a:115c:a1e0::53", "http://box.tail1234.ts.net:7175", 200),
        ("100.101.102.103", "http://evil.tail1234.ts.net:7175", 403),
        ("192.168.0.5", None, 421),
    ],
)
async def test_who_comes_through_a_tailnet_may_use_its_name(
    peer: str, origin: str | None, status: int, phone: Phone, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.BaseRequest, "remote", peer)  # no test has such an address
    await store.pairings.pair(peer, ALICE)
    phone.headers = {"Host": "box.tail1234.ts.net:7175"} | ({"Origin": origin} if origin else {})
    assert (await phone.process()).status == status


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"Host": "evil.example"}, 421, "wrong_host"),
        ({"Host": "localhost:7175"}, 200, ""),
        ({"Origin": "http://evil.example"}, 403, "blocked"),
        ({"Origin": "null"}, 403, "blocked"),
        ({"Host": "192.168.0.5:7175", "Origin": "http://192.168.0.5:8080"}, 403, "blocked"),
        ({"Host": "192.168.0.5:7175", "Origin": "https://192.168.0.5:7175"}, 403, "blocked"),
        ({"Host": "192.168.0.5:7175", "Origin": "http://192.168.0.5:7175"}, 200, ""),
        ({"Sec-Fetch-Site": "cross-site"}, 403, "blocked"),
        ({"Sec-Fetch-Site": "same-origin"}, 200, ""),
        ({"Sec-Fetch-Site": "none"}, 200, ""),
    ],
)
async def test_requests(paired: Phone, fields: dict[str, str], status: int, code: str) -> None:
    paired.headers = fields
    for reply in (await paired.send("GET", "/health"), await paired.process(), await paired.get_prompt()):
        assert reply.status == status
        assert status == 200 or reply.code == code
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


async def test_names_from_the_settings_apply_at_once(phone: Phone, store: Store) -> None:
    phone.headers = {"Host": "glasses.example"}
    assert (await phone.send("GET", "/health")).status == 421
    await store.set_setting("network.host_names", "glasses.example")
    assert (await phone.send("GET", "/health")).status == 200


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/1.0\r\n\r\n", 200),
        (b"GET http://127.0.0.1/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", 200),
        (b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.example\r\n\r\n", 400),
    ],
)
async def test_host_header_stands_once(server: FrameServer, request_head: bytes, status: int) -> None:
    connection = await RawConnection.open(server)
    await connection.send(request_head)
    assert (await connection.reply()).status == status


@pytest.mark.parametrize("hosts", [(), ("127.0.0.1", "evil.example"), ("evil.example", "127.0.0.1")])
def test_host_header_stands_once_also_where_the_parser_lets_more_through(hosts: tuple[str, ...]) -> None:
    """aiohttp's own parsers refuse these today, so that no real request gets so far."""
    request = make_mocked_request("GET", "/health", CIMultiDict([("Host", host) for host in hosts]))
    with pytest.raises(Refused, match="needs one Host header"):
        middlewares._host(request)


def test_addresses_have_one_spelling() -> None:
    assert client_ip("::ffff:192.168.0.5") == "192.168.0.5"
    assert client_ip("FE80:0::1%eth0") == "fe80::1"
    assert client_ip("192.168.0.5") == "192.168.0.5"
    assert client_ip("") == ""


def test_origins() -> None:
    assert not is_foreign_origin("http://Frame.local:7175", "frame.local:7175")
    assert is_foreign_origin("http://frame.local", "frame.local:7175")


def test_urls() -> None:
    assert http_url("192.168.0.5", 1) == "http://192.168.0.5:1"
    assert http_url("fe80::1", 1) == "http://[fe80::1]:1"
