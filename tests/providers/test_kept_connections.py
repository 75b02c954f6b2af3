"""Connections that are kept: how many, over TLS and through a tunnel too, and one that was given up meanwhile."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from app.core.errors import OverloadError
from app.core.provider import Learned, ProviderConfig
from app.core.routing.question import DECIDING
from app.providers import Client, build, http_client
from app.providers.transport import call, exchange
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import KEY, QUESTION, custom
from tests.providers.test_certificates import HOME_CA, HOME_SERVER
from tests.providers.test_proxies import loopback_proxy

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Speak = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


class Server:
    """``speak`` answers the requests, which it gets numbered, from 1 on each connection."""

    def __init__(self, speak: Speak) -> None:
        self.speak = speak
        self.connections = self.requests = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = 0
        try:
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0))
                self.requests += 1
                number += 1
                await self.speak(writer, number)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(speak: Speak, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    server = Server(speak)
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls) as listener:
        server.url = f"{'https' if tls else 'http'}://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
        yield server


async def answer(writer: asyncio.StreamWriter, number: int) -> None:
    writer.write(REPLY)


def giving_up(last: bytes, *, reset: bool = False) -> Speak:
    """Answers the first request of a connection; upon the second it says ``last`` and is gone."""

    async def speak(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(REPLY if number == 1 else last)
        if number == 1:
            return
        if reset:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        writer.close()

    return speak


@pytest.mark.parametrize("is_reset", [False, True])
@pytest.mark.parametrize("content", [b"{}", None])
async def test_one_that_was_given_up_costs_nobody_anything(content: bytes | None, is_reset: bool) -> None:
    async with serving(giving_up(b"", reset=is_reset)) as server, Client() as client:
        for _ in range(2):
            assert (await call(client, "mine", server.url, {}, content)).body == b"ok"
    assert (server.connections, server.requests) == (2, 3)


async def test_all_that_were_kept_may_be_given_up_at_once() -> None:
    async with serving(giving_up(b"")) as server, Client() as client:
        await asyncio.gather(*(call(client, "mine", server.url, {}, b"{}") for _ in range(5)))
        assert (await call(client, "mine", server.url, {}, b"{}")).body == b"ok"
    assert server.connections == 6


@pytest.mark.parametrize("last", [b"H", b"HTTP/1.1 200 OK\r\n", REPLY[:-1]])
async def test_once_it_began_to_answer_it_is_not_asked_again(last: bytes) -> None:
    async with serving(giving_up(last)) as server, Client() as client:
        await call(client, "mine", server.url, {}, b"{}")
        with pytest.raises(OverloadError, match=r"^The connection to mine broke\.$") as caught:
            await call(client, "mine", server.url, {}, b"{}")
    assert caught.value.__context__ is None
    assert server.requests == 2


async def test_a_new_one_that_breaks_is_not_repeated() -> None:
    async def leave(writer: asyncio.StreamWriter, number: int) -> None:
        writer.close()

    async with serving(leave) as server, Client() as client:
        with pytest.raises(OverloadError):
            await call(client, "mine", server.url, {}, b"{}")
    assert server.requests == 1


async def test_the_provider_sees_one_call_and_no_error(fake: FakeProviders, client: Client) -> None:
    asked = custom(fake, client)
    await asked.ask(QUESTION, KEY, Learned())
    assert client.session.connector is not None
    ((protocol, _),) = next(iter(client.session.connector._conns.values()))
    assert protocol.transport is not None
    protocol.transport.get_extra_info("socket").shutdown(socket.SHUT_WR)  # as if its end had come on the way
    assert (await asked.ask(QUESTION, KEY, Learned())).fields
    assert fake["custom"].count == 2


async def test_no_more_than_fifty_are_kept() -> None:
    there, all_there = 0, asyncio.Event()

    async def together(writer: asyncio.StreamWriter, number: int) -> None:
        nonlocal there
        there += 1
        if there == 60:
            all_there.set()
        await all_there.wait()
        writer.write(REPLY)

    async with serving(together) as server, Client() as client:
        await asyncio.gather(*(call(client, "mine", server.url, {}, b"{}") for _ in range(60)))
        assert client.session.connector is not None
        assert sum(map(len, client.session.connector._conns.values())) == http_client.MOST_KEPT == 50


async def test_two_hundred_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert http_client.MOST_CALLS == 200
    monkeypatch.setattr(http_client, "MOST_CALLS", 3)
    now = most = 0

    async def slow(writer: asyncio.StreamWriter, number: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        writer.write(REPLY)

    async with serving(slow) as server, Client() as client:
        replies = await asyncio.gather(*(call(client, "mine", server.url, {}, b"{}") for _ in range(9)))
    assert [reply.body for reply in replies] == [b"ok"] * 9
    assert (most, server.connections) == (3, 3)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server at home speaks TLS with; this computer trusts it."""
    ours, theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_verify_locations(HOME_CA)
    theirs.load_cert_chain(HOME_SERVER)
    theirs.set_alpn_protocols(["h2", "http/1.1"])
    monkeypatch.setattr(http_client, "system_trust", lambda: ours)
    return theirs


async def test_over_tls_ten_calls_take_one_connection(home: ssl.SSLContext) -> None:
    async with serving(answer, home) as server, Client() as client:
        for _ in range(10):
            assert (await call(client, "mine", server.url, {}, b"{}")).body == b"ok"
    assert (server.connections, server.requests) == (1, 10)


async def test_one_that_was_given_up_over_tls(home: ssl.SSLContext) -> None:
    async with serving(giving_up(b""), home) as server, Client() as client:
        for _ in range(2):
            assert (await call(client, "mine", server.url, {}, b"{}")).body == b"ok"
    assert (server.connections, server.requests) == (2, 3)


async def test_leaving_a_stream_over_tls_ends_it_at_once(home: ssl.SSLContext) -> None:
    """A polite end of TLS waits for the other side, which goes on writing what is to be paid."""
    gone = asyncio.Event()

    async def stream(writer: asyncio.StreamWriter, number: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b"1\r\nx\r\n")
                await writer.drain()
                await asyncio.sleep(0.001)
        finally:
            gone.set()

    async with serving(stream, home) as server, Client() as client:
        async with exchange(client, "mine", server.url, {}, b"{}") as incoming:
            assert await incoming.chunk()
        await asyncio.wait_for(gone.wait(), 1)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_through_a_tunnel_ten_calls_take_one(
    scheme: str, home: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = home if scheme == "https" else None
    async with serving(answer, home) as server, loopback_proxy(server.url, tls) as proxy:
        monkeypatch.setenv("https_proxy", f"{scheme}://me:secret@{proxy.url}")
        monkeypatch.setattr("app.providers.proxies.is_this_computer", lambda host: False)
        async with Client() as client:
            for _ in range(10):
                assert (await call(client, "mine", server.url, {}, b"{}")).body == b"ok"
    assert len(proxy.asked) == 1
    assert proxy.authorizations == ["Basic bWU6c2VjcmV0"]
    assert server.connections == 1


async def test_a_name_that_hangs_holds_nobody_longer_than_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks later looks it up anew (lookups.py): the client keeps no look-up of its own."""
    hung = asyncio.Event()

    async def getaddrinfo(host: str, port: int, **how: int) -> list[object]:
        if not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async with serving(answer) as server, Client() as client:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
        url = server.url.replace("127.0.0.1", "provider.test")
        first = asyncio.ensure_future(call(client, "mine", url, {}, b"{}"))
        await hung.wait()
        assert (await asyncio.wait_for(call(client, "mine", url, {}, b"{}"), 1)).body == b"ok"
        first.cancel()


async def test_a_user_in_the_address_is_told_instead_of_the_key() -> None:
    heads = list[str]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(REPLY)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener, Client() as client:
        url = f"http://me:my%20word@127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1"
        await call(client, "mine", url, {"Authorization": f"Bearer {KEY}"}, b"{}")
    assert "Authorization: Basic bWU6bXkgd29yZA==\r\n" in heads[0]
    assert KEY not in heads[0]


MAPPED = pytest.param("[::ffff:127.0.0.1]", marks=pytest.mark.posix("a socket for IPv6 reaches no IPv4 there"))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", MAPPED, "LOCALHOST"])
async def test_an_address_in_any_form_that_connecting_understands(host: str) -> None:
    async with serving(answer) as server, Client() as client:
        assert (await call(client, "mine", server.url.replace("127.0.0.1", host), {}, b"{}")).body == b"ok"


async def test_a_large_picture_goes_out_in_one_piece() -> None:
    async with serving(answer) as server, Client() as client:
        assert (await call(client, "mine", server.url, {}, b"x" * 3_000_000)).body == b"ok"


async def test_a_stream_whose_body_ends_behind_its_last_event_keeps_its_connection(client: Client) -> None:
    """As vendors send it over TLS; who reads the rest closes it as soon as it is whole."""
    form = json.dumps(fakes.answer_fields("A mug.", 0.95))
    words, rest = form.partition('"full_answer"')[::2]

    def chunk(event: bytes) -> bytes:
        return b"%x\r\ndata: %b\n\n\r\n" % (len(event) + 8, event)

    def said(text: str, ending: str | None = None) -> bytes:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": ending}
        return chunk(json.dumps({"choices": [choice]}).encode())

    async def speak(writer: asyncio.StreamWriter, number: int) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head + said(words))
        await asyncio.sleep(0.02)
        writer.write(said(f'"full_answer"{rest}', "stop") + chunk(b"[DONE]"))
        await asyncio.sleep(0.02)
        writer.write(b"0\r\n\r\n")

    async with serving(speak) as server:
        asked = build(ProviderConfig("custom", "custom", server.url, "a-model"), client, None)
        for _ in range(3):
            reply = await asked.ask(replace(QUESTION, deciding=DECIDING), KEY, Learned())
            assert reply.rest is not None
            assert (await reply.rest.whole()).fields == json.loads(form)
            reply.rest.close()
            await asyncio.sleep(0.1)
        assert (server.requests, server.connections) == (3, 1)
