"""Proxies as curl takes them: who is asked through one, who is not, and what happens with one that cannot be used."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
import pytest
from yarl import URL

from app.core.errors import OverloadError, ProviderError
from app.core.provider import ProviderConfig
from app.providers import Client, build, http_client, proxies
from app.providers.proxies import Proxies, Proxy, UnusableProxy, read_exceptions, read_proxy
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import ask, provider
from tests.providers.test_certificates import server_at_home

SECRET = "pa#ss@w/o:r%d"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@dataclass
class LoopbackProxy:
    """A real proxy that is asked in both ways; an absolute address it answers itself, a tunnel leads to ``target``."""

    target: str = ""
    url: str = ""
    asked: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
        self.asked.append(" ".join(line.split()[:2]))
        self.authorizations.append(headers.get("proxy-authorization", ""))
        if line.startswith("CONNECT"):
            await self._tunnel(reader, writer)
            return
        await reader.readexactly(int(headers.get("content-length", "0")))
        body = orjson.dumps(fakes.openai_body("A mug.", "m"))
        writer.write(f"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = URL(self.target)
        far_reader, far_writer = await asyncio.open_connection(there.host, there.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def loopback_proxy(target: str = "", tls: ssl.SSLContext | None = None) -> AsyncIterator[LoopbackProxy]:
    proxy = LoopbackProxy(target)
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls) as server:
        proxy.url = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy


async def answer_of(url: str) -> object:
    async with Client() as client:
        return await ask(build(ProviderConfig("mine", "custom", url, "m"), client, None))


# --- through a real one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["http://{}", "{}", "HTTP://{}/", " http://{}/some?thing#x ", '"{}"'])
@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
async def test_an_address_is_asked_whole(monkeypatch: pytest.MonkeyPatch, variable: str, form: str) -> None:
    async with loopback_proxy() as proxy:
        monkeypatch.setenv(variable, form.format(proxy.url))
        reply = await answer_of("http://provider.test/v1")
    assert not isinstance(reply, ProviderError), reply
    assert proxy.asked == ["POST http://provider.test/v1/chat/completions"]
    assert proxy.authorizations == [""]


async def test_its_user_is_told_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with loopback_proxy() as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:{SECRET}@{proxy.url}")
        reply = await answer_of("http://provider.test/v1")
    assert not isinstance(reply, ProviderError), reply
    assert proxy.authorizations == ["Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()]


async def test_https_goes_through_a_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
    monkeypatch.setattr(http_client, "system_trust", lambda: blind)
    async with server_at_home() as home, loopback_proxy(home) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:{SECRET}@{proxy.url}")
        reply = await answer_of("https://provider.test/v1")
    assert not isinstance(reply, ProviderError), reply
    assert proxy.asked == ["CONNECT provider.test:443"]
    assert proxy.authorizations == ["Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()]


async def test_this_computer_itself_is_asked_directly(monkeypatch: pytest.MonkeyPatch, fake: FakeProviders) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with Client() as client:
        reply = await ask(provider(fake, client, "gemini"))
    assert not isinstance(reply, ProviderError), reply


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://me:secret@[nonsense", "http://127.0.0.1:99999"])
async def test_past_one_that_cannot_be_used_nothing_goes_out(
    monkeypatch: pytest.MonkeyPatch, fake: FakeProviders, caplog: pytest.LogCaptureFixture, proxy: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    monkeypatch.setenv("no_proxy", "192.0.2.7")
    with caplog.at_level(logging.WARNING):
        error = await answer_of("http://provider.test/v1")
    assert isinstance(error, OverloadError)
    assert error.__context__ is None
    assert "Nothing goes out past the proxy." in str(error)
    assert [record.message for record in caplog.records] == [str(error)]
    assert "secret" not in caplog.text
    async with Client() as client:
        assert not isinstance(await ask(provider(fake, client, "gemini")), ProviderError)


async def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
        error = await answer_of("https://provider.test/v1")
    assert isinstance(error, OverloadError)
    assert str(error) == "This computer's proxy does not let it through to mine."


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "url", "auth"),
    [
        ("proxy", "http://proxy", None),
        ("proxy:3128", "http://proxy:3128", None),
        ("https://proxy:3128/", "https://proxy:3128", None),
        ("http://[::1]:3128", "http://[::1]:3128", None),
        ("[2001:db8::1]", "http://[2001:db8::1]", None),
        ("http://m%C3%BCller%40home:a%23b@proxy:1", "http://proxy:1", ("müller@home", "a#b")),
        ("http://me:a#b@c/d?e:f@proxy:1/", "http://proxy:1", ("me", "a#b@c/d?e:f")),
        ("http://me:100%@proxy", "http://proxy", ("me", "100%")),
        ("http://me:@proxy", "http://proxy", ("me", "")),
        ("me@proxy", "http://proxy", ("me", "")),
        ("http://@proxy", "http://proxy", None),
        ("http://höhle:3128", "http://xn--hhle-5qa:3128", None),
    ],
)
def test_an_address_of_a_proxy(address: str, url: str, auth: tuple[str, str] | None) -> None:
    found = read_proxy(address)
    assert isinstance(found, Proxy)
    assert (URL(found.url), found.auth) == (URL(url), auth)


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///", "://", "http://[::1", "http://[zz]:1", "http://a b:1", "proxy:", "proxy:port", "proxy:0",
     "proxy:65536", "::1:3128", "http://\udcff:\udcfe@proxy", "http://pro\x00xy", "http://" + "a" * 300, "%", "?", "#",
     "socks5://proxy:1080", "socks4a://proxy", "SOCKS5H://proxy", "ftp://proxy", "quic+masque://x", "file:///etc/x"],
)  # fmt: skip
def test_an_address_that_is_none_or_none_for_us(address: str) -> None:
    assert isinstance(read_proxy(address), UnusableProxy)


@pytest.mark.parametrize(
    ("no_proxy", "direct", "through"),
    [
        ("", [], ["a.test", "10.1.2.3"]),
        ("*", ["a.test", "10.1.2.3", "[2001:db8::1]"], []),
        ("b.test, *", ["a.test"], []),
        ("a.test", ["a.test", "A.TEST", "a.test.", "x.a.test"], ["aa.test", "b.test", "a.test.evil"]),
        (".a.test", ["a.test", "x.a.test"], ["xa.test"]),
        ("a.test. b.test\tc.test", ["a.test", "b.test", "c.test"], ["d.test"]),
        ("a.test:8080", ["a.test:8080", "x.a.test:8080"], ["a.test", "a.test:80"]),
        ("a.test:443", ["https://a.test"], ["http://a.test"]),
        ("*.a.test", ["x.a.test", "x.y.a.test"], ["a.test", "xa.test"]),
        ("10.*,192.168.1?.1", ["10.1.2.3", "192.168.17.1"], ["192.168.1.1", "110.0.0.1"]),
        ("10.0.0.0/8", ["10.1.2.3", "[::ffff:10.1.2.3]"], ["11.0.0.1", "10.test"]),
        ("10.1.2.3/8", ["10.9.9.9"], ["11.0.0.1"]),
        ("10.1.2.3", ["10.1.2.3"], ["10.1.2.30", "x.10.1.2.3.test"]),
        ("10.1.2.3:81", ["10.1.2.3:81"], ["10.1.2.3"]),
        ("fd00::/8,2001:db8::1", ["[fd12::1]", "[2001:db8::1]", "[2001:db8:0::1]:8"], ["[2001:db8::2]"]),
        ("[2001:db8::1],[fd00::]/8", ["[2001:db8::1]", "[fd12::1]"], ["[2001:db8::2]"]),
        ("[2001:db8::1]:81", ["[2001:db8::1]:81"], ["[2001:db8::1]"]),
        ("http://a.test/,https://b.test:81", ["a.test", "b.test:81"], ["b.test"]),
        ("<local>;*.c.test", ["nas", "x.c.test"], ["a.test", "10.1.2.3"]),
        ("müller.test", ["müller.test", "x.xn--mller-kva.test"], ["muller.test"]),
        ("localhost,127.0.0.0/8,::1,10.0.0.0/99,[::1,a.test", ["a.test"], ["b.test", "10.0.0.1"]),
        ("", ["localhost", "LOCALHOST.", "x.localhost", "127.0.0.1", "127.1.2.3", "127.1", "2130706433", "0.0.0.0",
              "[::1]", "[::]", "[::ffff:127.0.0.1]"], ["localhost.test", "localhosts", "128.0.0.1"]),
    ],
)  # fmt: skip
def test_whom_no_proxy_spares(no_proxy: str, direct: list[str], through: list[str]) -> None:
    proxy = Proxy("http://proxy:1")
    known = Proxies({"http": proxy, "https": proxy}, read_exceptions(no_proxy))

    def url(host: str) -> URL:
        return URL(host if "://" in host else f"http://{host}")

    assert [host for host in direct if known.proxy_for(url(host)) is not None] == []
    assert [host for host in through if known.proxy_for(url(host)) is not proxy] == []


def test_each_scheme_has_its_own_and_an_empty_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "capital:1")
    monkeypatch.setenv("http_proxy", "small:1")
    monkeypatch.setenv("ALL_PROXY", "all:1")
    assert proxies.read().by_scheme == {"http": Proxy("http://small:1"), "https": Proxy("http://all:1")}
    monkeypatch.setenv("http_proxy", "")
    monkeypatch.setenv("ALL_PROXY", "  ")
    assert proxies.read().by_scheme == {}


def test_an_entry_that_cannot_be_read_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert read_exceptions("10.0.0.0/99") == ()
    assert [record.message for record in caplog.records] == [
        "NO_PROXY has an entry that cannot be read: it is left out."
    ]
