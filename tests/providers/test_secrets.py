"""A key never shows: not in logs, errors, addresses or representations, over either version of HTTP."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events
import httpx
import pytest

from app.core.errors import AuthError, ProviderError
from app.core.provider import Learned, Provider, Seat
from app.providers import build, make_client
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import CONFIGS, KEY, QUESTION, VENDORS, ask, custom, provider

LOUD = ("", "httpx", "httpcore", "httpcore.http11", "httpcore.http2", "hpack", "hpack.hpack", "hpack.table", "h2")
ENDINGS = (
    fakes.ok(), fakes.bad_key(), fakes.forbidden(), fakes.rate(), fakes.server_error(), fakes.html(502),
    fakes.garbage(), fakes.dropped(), fakes.dropped_mid_body(), fakes.redirect(), fakes.model_gone(), fakes.no_vision(),
    # a provider that echoes the key
    fakes.error(400, f"Incorrect key {KEY}"), fakes.error(401, KEY), fakes.error(429, KEY), fakes.raw(400, KEY),
    fakes.error(404, f"model {KEY} not found"), fakes.raw(200, {"error": KEY}),
    fakes.error(400, f"The supported API model names are {KEY}, but you passed x."),
    fakes.error(400, f"Unsupported parameter: 'x'. Use '{KEY}' instead.", param=KEY),
)  # fmt: skip


def _listen(caplog: pytest.LogCaptureFixture) -> None:
    for name in LOUD:
        caplog.set_level(logging.DEBUG, logger=name)


def _told(error: ProviderError) -> str:
    fields = {name: getattr(error, name) for name in ("repair", "successor", "retry_after_s") if hasattr(error, name)}
    return f"{error!r} {error} {fields} {''.join(traceback.format_exception(error))}"


@pytest.mark.parametrize("name", [*VENDORS, "custom", "g4f"])
async def test_nowhere(
    name: str, fake: FakeProviders, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    _listen(caplog)
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name, name)
    for ending in ENDINGS:
        fake[name].always(ending)
        result = await ask(asked)
        assert KEY not in (_told(result) if isinstance(result, ProviderError) else repr(result))
    await asked.list_models(KEY)
    assert any(record.name.startswith("httpcore") for record in caplog.records), "the test listens"
    assert KEY not in caplog.text
    assert all(KEY not in call.path for call in fake[name].calls)
    assert KEY not in f"{asked!r} {vars(asked)} {Seat(asked, KEY)!r}"


@pytest.mark.parametrize(
    "key", [f"{KEY}\nX: y", f"{KEY}\r\n", f"{KEY} two", f"{KEY}\u00e4", f"{KEY}\x00", f"\u200b{KEY}"]
)
@pytest.mark.parametrize("name", ["gemini", "chatgpt", "custom"])
async def test_a_key_that_no_header_carries(
    key: str, name: str, fake: FakeProviders, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    _listen(caplog)
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name)
    for call in (asked.ask(QUESTION, key, Learned()), asked.list_models(key)):
        if key.strip() == KEY:  # only blanks around it
            assert await call
            continue
        with pytest.raises(AuthError) as caught:
            await call
        assert KEY not in _told(caught.value)
    assert KEY not in caplog.text


async def test_over_http_2(caplog: pytest.LogCaptureFixture) -> None:
    """hpack writes the headers it packs to its debug log; see transport.py."""
    _listen(caplog)
    async with make_client() as made, _http_2_server() as url, httpx.AsyncClient(transport=_http_2()) as client:
        made.cookies.clear()  # made only for its effect on logging
        for name in ("gemini", "chatgpt"):
            asked = _at(client, name, url)
            for _ in range(3):
                reply = await asked.ask(QUESTION, KEY, Learned())
                assert reply.text == "A mug."
    assert any(record.name == "httpcore.http2" for record in caplog.records), "it was HTTP/2"
    assert KEY not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith("hpack")]


async def test_cancelling_over_http_2_leaves_the_connection_usable() -> None:
    async with _http_2_server() as url, httpx.AsyncClient(transport=_http_2(), timeout=None) as client:
        asked = _at(client, "gemini", url)
        slow = _at(client, "gemini", f"{url}/hang")
        await asked.ask(QUESTION, KEY, Learned())
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await slow.ask(QUESTION, KEY, Learned())
            assert (await asked.ask(QUESTION, KEY, Learned())).text == "A mug."


def _http_2() -> httpx.AsyncHTTPTransport:
    """HTTP/2 without TLS: what make_client does is the same but for the handshake."""
    return httpx.AsyncHTTPTransport(http1=False, http2=True)


def _at(client: httpx.AsyncClient, name: str, url: str) -> Provider:
    config = CONFIGS[name]
    return build(type(config)(name, config.vendor, url, config.model), client, None)


@asynccontextmanager
async def _http_2_server() -> AsyncIterator[str]:
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await _speak(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()


async def _speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request in both dialects at once, but for those under /hang."""
    bodies = {
        "choices": [{"message": {"content": "A mug."}}],
        "candidates": [{"content": {"parts": [{"text": "A mug."}]}}],
    }
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    hanging: set[int] = set()
    while True:
        writer.write(connection.data_to_send())
        data = await reader.read(65_536)
        if not data:
            return
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and dict(event.headers)[b":path"].startswith(b"/hang"):
                hanging.add(event.stream_id)
            elif isinstance(event, h2.events.DataReceived):
                connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded) and event.stream_id not in hanging:
                connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/json")])
                connection.send_data(event.stream_id, fakes._dump(bodies), end_stream=True)
