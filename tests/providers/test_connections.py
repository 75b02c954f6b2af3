"""The shared client: one connection, nothing of aiohttp outside, nothing left behind."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp
import orjson
import pytest

from app.core.errors import BadReplyError, BadRequestError, OverloadError
from app.core.provider import Learned, ProviderConfig
from app.providers import Client, build, transport
from tests import fakes
from tests.fakes import FakeProviders, Script
from tests.providers.asking import KEY, PICTURE, QUESTION, VENDORS, ask, custom, provider, refused

if sys.platform == "win32":  # its loop leaves a call that is cancelled while it connects to the collector
    pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


def _kept(client: Client) -> int:
    """Connections that wait for the next call."""
    return sum(map(len, _connector(client)._conns.values()))


def _used(client: Client) -> int:
    return len(_connector(client)._acquired)


def _connector(client: Client) -> aiohttp.BaseConnector:
    connector = client.session.connector
    assert connector is not None
    return connector


def exchange(fake: FakeProviders, client: Client) -> AbstractAsyncContextManager[transport.Incoming]:
    picture = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{PICTURE.jpeg_base64}"}}
    content = [{"type": "text", "text": "What is this?"}, picture]
    body = {"model": "a-model", "messages": [{"role": "user", "content": content}]}
    return transport.exchange(client, "mine", f"{fake.base_url('custom')}/chat/completions", {}, orjson.dumps(body))


async def test_ten_calls_one_connection(fake: FakeProviders, client: Client) -> None:
    asked = provider(fake, client, "gemini")
    for _ in range(10):
        await asked.ask(QUESTION, KEY, Learned())
    assert fake["gemini"].count == 10
    assert len(fake["gemini"].connections) == 1
    assert _kept(client) == 1


async def test_a_refusal_keeps_the_connection(fake: FakeProviders, client: Client) -> None:
    fake["chatgpt"].always(fakes.rate())
    asked = provider(fake, client, "chatgpt")
    for _ in range(5):
        await refused(asked)
    assert len(fake["chatgpt"].connections) == 1


@pytest.mark.parametrize("script", [fakes.hang(), fakes.drip(0.01), fakes.slow_headers(60)])
@pytest.mark.parametrize("name", ["gemini", "deepseek"])
async def test_cancelling_ends_a_call_and_frees_its_connection(
    script: Script, name: str, fake: FakeProviders, client: Client
) -> None:
    fake[name].queue(script)
    asked = provider(fake, client, name)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await asked.ask(QUESTION, KEY, Learned())
    await fake[name].until_idle()
    assert not _kept(client) + _used(client)
    assert (await asked.ask(QUESTION, KEY, Learned())).fields


async def test_a_hundred_cancelled_at_once(fake: FakeProviders, client: Client) -> None:
    fake["gemini"].always(fakes.hang())
    asked = provider(fake, client, "gemini")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asyncio.gather(*(asked.ask(QUESTION, KEY, Learned()) for _ in range(100)))
    await fake["gemini"].until_idle()
    assert not _kept(client) + _used(client)


@pytest.mark.parametrize("script", [fakes.dropped(), fakes.dropped_mid_body()])
@pytest.mark.parametrize("name", VENDORS)
async def test_a_broken_connection_is_overload(script: Script, name: str, fake: FakeProviders, client: Client) -> None:
    fake[name].queue(script)
    asked = provider(fake, client, name)
    error = await refused(asked)
    assert isinstance(error, OverloadError)
    assert error.__context__ is None
    assert error.__cause__ is None
    assert fake[name].count == 1, "the router decides about another call"
    assert (await asked.ask(QUESTION, KEY, Learned())).fields


async def test_nobody_listens(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        error = await refused(build(ProviderConfig("mine", "custom", url, "m"), client, None))
    assert isinstance(error, OverloadError)
    assert str(error) == "mine cannot be reached."


@pytest.mark.parametrize(
    "url", ["", "localhost:11434/v1", "ftp://x/v1", "http://[::1/v1", "http://127.0.0.1:70000/v1", "http://"]
)
async def test_an_address_that_is_none(url: str, client: Client) -> None:
    asked = build(ProviderConfig("mine", "custom", url, "m"), client, None)
    assert isinstance(await refused(asked), BadRequestError)


@pytest.mark.parametrize("host", ["nowhere.invalid", "\u00e4\u00f6.invalid"])
async def test_a_name_that_leads_nowhere(host: str, client: Client) -> None:
    asked = build(ProviderConfig("mine", "custom", f"http://{host}/v1", "m"), client, None)
    assert isinstance(await refused(asked), OverloadError)


async def test_a_hundred_megabytes_are_not_read(fake: FakeProviders, client: Client) -> None:
    fake["chatgpt"].always(fakes.huge(100))
    error = await refused(provider(fake, client, "chatgpt"))
    assert isinstance(error, BadReplyError)
    await fake["chatgpt"].until_idle()


async def test_a_redirect_is_not_followed(fake: FakeProviders, client: Client) -> None:
    fake["gemini"].always(fakes.redirect(fake.base_url("custom") + "/chat/completions"))
    assert (await refused(provider(fake, client, "gemini"))).word == "bad_reply"
    assert not fake["custom"].calls


async def test_cookies_are_not_kept(fake: FakeProviders, client: Client) -> None:
    headers = {"Content-Type": "application/json", "Set-Cookie": "who=you; Path=/"}
    fake["chatgpt"].always(fakes.raw(200, fakes.openai_body("A mug.", "m"), headers))
    asked = provider(fake, client, "chatgpt")
    for _ in range(2):
        await ask(asked)
    assert "cookie" not in fake["chatgpt"].calls[-1].headers


async def test_dead_connections_are_noticed_by_the_kernel(fake: FakeProviders, client: Client) -> None:
    await ask(custom(fake, client))
    ((protocol, _),) = next(iter(_connector(client)._conns.values()))
    sock = protocol.transport.get_extra_info("socket")
    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000


async def test_no_timer_is_left_per_call(fake: FakeProviders, client: Client) -> None:
    """Under qasync a cancelled timer stays until it would have gone off.

    Figures: app/providers/README.md, What the run time costs.
    """
    asked = provider(fake, client, "gemini")
    await ask(asked)
    loop = asyncio.get_running_loop()
    delays: list[float] = []
    call_at = loop.call_at

    def watched(when: float, *args: Any, **kwargs: Any) -> asyncio.TimerHandle:
        delays.append(when - loop.time())
        return call_at(when, *args, **kwargs)

    loop.call_at = watched  # type: ignore[method-assign, assignment]
    try:
        for _ in range(5):
            await ask(asked)
    finally:
        loop.call_at = call_at  # type: ignore[method-assign]
    client_timers = [delay for delay in delays if delay < 100]  # the fake server keeps connections for 600 s
    assert not client_timers


async def test_a_reply_is_read_as_it_comes(fake: FakeProviders, client: Client) -> None:
    fake["custom"].queue(fakes.drip(0.01))
    async with exchange(fake, client) as came:
        assert came.status == 200
        assert came.headers["content-type"].startswith("application/json")
        first = await came.chunk()
        assert len(first) < 100, "not the whole of it"
    await fake["custom"].until_idle()
    assert not _kept(client) + _used(client), "what is left of it is not waited for"


async def test_a_reply_that_breaks_while_it_is_read(fake: FakeProviders, client: Client) -> None:
    fake["custom"].queue(fakes.dropped_mid_body())
    async with exchange(fake, client) as came:
        with pytest.raises(OverloadError) as caught:
            await transport.read_whole(came, "mine")
    assert str(caught.value) == "The connection to mine broke."
    assert caught.value.__context__ is None
