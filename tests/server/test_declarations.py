"""What an endpoint declares holds wherever it is read: endpoints made here, served by the real server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from app.core.errors import DatabaseUnusable, DeadlinePassed, FrameError
from app.server import FrameServer, context_keys
from app.server import app as app_module
from app.server.endpoint import Endpoint
from app.server.handlers import ENDPOINTS
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.openapi import describe
from app.server.wire.responses import Dialect
from app.store import Store
from tests.server.devices import ALICE, RawConnection, Reply, head

IP = "127.0.0.2"
BODY = JsonBody(schemas.PromptBody)
OUTCOMES: dict[str, Exception] = {
    "bug": RuntimeError("oh"),
    "late": DeadlinePassed(),
    "refused": Refused("bad_request"),
    "locked": DatabaseUnusable("locked"),
}


def write(request: web.Request, error: Refused | FrameError) -> web.Response:
    return web.json_response({"error": {"message": str(error), "code": error.code}}, status=error.status)


async def chat(request: web.Request) -> web.Response:
    raise OUTCOMES[(await BODY.read(request)).prompt]


async def stream(request: web.Request) -> web.StreamResponse:
    """Says "one", then waits; ``?then`` breaks it off."""
    reply = web.StreamResponse()
    await reply.prepare(request)
    await reply.write(b"one")
    if "then" in request.query:
        raise OUTCOMES[request.query["then"]]
    await request.app[context_keys.IN_FLIGHT].stopping.wait()
    await reply.write(b"last")
    return reply


MADE = (
    Endpoint(
        "POST", "/made/chat", chat, "Chat.",
        who="paired", limit="process", finishes=True, body=BODY, dialect=Dialect(write, schemas.MessageReply),
    ),
    Endpoint("GET", "/made/stream", stream, "Stream.", who="anyone", limit="profile", media="text/event-stream"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "ENDPOINTS", (*ENDPOINTS, *MADE))


# --- the dialect -----------------------------------------------------------------------------------------------


async def ask(
    server: FrameServer, what: str = "bug", method: str = "POST", host: str = "127.0.0.1", **fields: str
) -> Reply:
    body = json.dumps({"prompt": what}).encode()
    usual = {"content-type": "application/json", "content-length": str(len(body))}
    connection = await RawConnection.open(server, IP)
    beginning = head(server, method, "/made/chat", usual | fields).replace(b"127.0.0.1", host.encode())
    await connection.send(beginning + body)
    return await connection.reply()


async def nobody(store: Store) -> None:
    await store.pairings.revoke(ALICE)


async def limited(store: Store) -> None:
    await store.set_setting("limits.process_per_hour", 1)


async def as_it_is(store: Store) -> None: ...


CASES: dict[str, tuple[Callable[[Store], Awaitable[None]], str, dict[str, str]]] = {
    "not_paired": (nobody, "bug", {}),
    "rate_limited": (limited, "bug", {}),
    "error": (as_it_is, "bug", {}),
    "deadline": (as_it_is, "late", {}),
    "busy": (as_it_is, "locked", {}),
    "bad_request": (as_it_is, "refused", {}),
    "blocked": (as_it_is, "bug", {"origin": "http://evil.example"}),
    "wrong_host": (as_it_is, "bug", {"host": "evil.example"}),
}


@pytest.mark.parametrize("code", CASES)
async def test_every_failure_is_told_in_the_endpoints_dialect(code: str, server: FrameServer, store: Store) -> None:
    become, what, fields = CASES[code]
    await store.pairings.pair(IP, ALICE)
    await become(store)
    if code == "rate_limited":
        await ask(server)
    reply = await ask(server, what, **fields)
    assert (set(reply.json), reply.json["error"]["code"]) == ({"error"}, code)
    assert ("Retry-After" in reply.headers) == (code in ("rate_limited", "busy"))
    assert (reply.headers.get("WWW-Authenticate") == "Bearer") == (reply.status == 401)


async def test_also_what_its_method_or_its_body_is_refused_with(server: FrameServer, store: Store) -> None:
    await store.pairings.pair(IP, ALICE)
    reply = await ask(server, method="PUT")
    assert (reply.json["error"]["code"], reply.headers["Allow"]) == ("method_not_allowed", "POST")
    assert (await ask(server, **{"content-type": "text/plain"})).json["error"]["code"] == "wrong_media_type"


async def test_while_it_stops_none_begins(server: FrameServer, store: Store) -> None:
    await store.pairings.pair(IP, ALICE)
    server._in_flight.stopping.set()
    assert (await ask(server)).json["error"]["code"] == "stopping"


def test_it_is_described_as_declared() -> None:
    paths = describe((*ENDPOINTS, *MADE), schemas.ProfileBody)["paths"]
    responses = paths["/made/chat"]["post"]["responses"]
    assert {"401", "429", "503", "408"} <= set(responses)
    assert responses["401"]["content"]["application/json"]["schema"] == schemas.ref(schemas.MessageReply)
    assert paths["/made/stream"]["get"]["responses"]["200"]["content"] == {
        "text/event-stream": {"schema": {"type": "string"}}
    }


# --- streams ---------------------------------------------------------------------------------------------------


async def begin(server: FrameServer, query: str = "") -> tuple[RawConnection, str]:
    connection = await RawConnection.open(server, IP)
    await connection.send(head(server, "GET", f"/made/stream{query}", {"origin": "http://page.example"}))
    fields = (await connection.reader.readuntil(b"\r\n\r\n")).decode()
    assert await connection.reader.readuntil(b"one\r\n")
    return connection, fields


@pytest.fixture
async def page_may_ask(store: Store) -> None:
    await store.set_setting("network.cors_origins", "http://page.example")
    await store.set_setting("limits.profile_per_minute", 10)


@pytest.mark.usefixtures("page_may_ask")
async def test_stream_says_at_its_beginning_what_every_reply_says(server: FrameServer) -> None:
    _, fields = await begin(server)
    assert "Access-Control-Allow-Origin: http://page.example" in fields
    assert 'RateLimit: "profile";r=9' in fields
    assert "Server: frame-backend" in fields
    assert "X-Content-Type-Options: nosniff" in fields
    assert "aiohttp" not in fields


@pytest.mark.usefixtures("page_may_ask")
async def test_stream_ends_at_once_and_whole_when_the_server_stops(server: FrameServer) -> None:
    connections = [(await begin(server))[0] for _ in range(3)]
    began = time.monotonic()
    await server.stop()
    assert time.monotonic() - began < 1
    for connection in connections:
        assert (await connection.reader.read()).endswith(b"last\r\n0\r\n\r\n")


@pytest.mark.usefixtures("page_may_ask")
@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_stream_that_fails_breaks_off(
    outcome: str, server: FrameServer, caplog: pytest.LogCaptureFixture
) -> None:
    """No second reply stands in the middle of it, and its end does not look like a good one."""
    connection, _ = await begin(server, f"?then={outcome}")
    async with asyncio.timeout(1):
        assert await connection.reader.read() == b""
    assert [record.levelname for record in caplog.records if record.name.startswith("app")] == ["ERROR"]


@pytest.mark.usefixtures("page_may_ask")
async def test_client_that_leaves_a_stream_is_no_bug(
    server: FrameServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OUTCOMES, "gone", ConnectionResetError())
    connection, _ = await begin(server, "?then=gone")
    assert await connection.reader.read() == b""
    assert not [record for record in caplog.records if record.name.startswith("app")]
