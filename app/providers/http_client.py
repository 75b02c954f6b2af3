"""The one HTTP client: its connections, whom it trusts, and by which proxy a request goes."""

from __future__ import annotations

import functools
import io
import logging
import os
import socket
import ssl
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import certifi
import truststore
from yarl import URL

from app.core.errors import OverloadError
from app.providers import proxies
from app.providers.hosts import address_of
from app.providers.proxies import UnusableProxy, basic_auth

log = logging.getLogger(__name__)

MOST_CALLS = 200
"""At a time; a further one waits."""
MOST_KEPT, KEEP_ALIVE_S = 50, 120.0
"""How many idle connections are kept, and how long: frames come a second apart, a wearer pauses for a minute."""
HEADER_MAX_BYTES, MOST_HEADERS = 64 * 1024, 256
"""Of a reply, each: relays and what stands before vendors write policies and cookies of some KB."""
LARGE_BYTES = 2**20
"""Of a request: from there on aiohttp wants it in pieces, between which it lets others have their turn."""

_SYSTEM_JUDGES = sys.platform in ("win32", "darwin")
"""There the system itself is asked about each certificate; elsewhere OpenSSL compares it with those on the disk."""


class Client:
    """The client for the life of the application, of the loop that first asks with it. ``await aclose()`` ends it.

    To be made in a thread where there is a window: it takes some 30 ms, for the certificates that this computer trusts.
    It follows no redirect (a key would travel along), keeps no cookie (they would link the household's profiles) and
    takes the proxies that the environment or the system name.
    """

    def __init__(self) -> None:
        self._trust = system_trust()
        self._trust.set_alpn_protocols(["http/1.1"])
        self._proxies = proxies.read()
        self._way_to = functools.lru_cache(256)(self._find_way)

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self.session.close()

    @functools.cached_property
    def session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_Pool(
                ssl=self._trust,
                limit=MOST_CALLS,
                keepalive_timeout=KEEP_ALIVE_S,
                resolver=aiohttp.ThreadedResolver(),  # by the loop's own getaddrinfo: lookups.py
                use_dns_cache=False,  # it would make all wait for one that hangs
                socket_factory=_make_socket,
            ),
            timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            # identity: a reply has about 700 bytes, and a compressed one could unfold to a thousand times its size
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "frame-backend"},
            auto_decompress=False,
            max_line_size=HEADER_MAX_BYTES,
            max_field_size=HEADER_MAX_BYTES,
            max_headers=MOST_HEADERS,
        )

    async def send(self, url: str, headers: Mapping[str, str], content: bytes | None) -> aiohttp.ClientResponse:
        """A POST when there is ``content``. Raises ``ValueError`` for an address that is none, ``OverloadError`` when
        its proxy cannot be used, and what aiohttp raises.
        """
        way = self._way_to(url)
        while True:
            _is_new.set(False)
            try:
                return await self.session.request(
                    "GET" if content is None else "POST",
                    way.url,
                    headers={**headers, **way.headers},
                    data=content if content is None or len(content) < LARGE_BYTES else io.BytesIO(content),
                    allow_redirects=False,
                    proxy=way.proxy,
                    proxy_headers=way.proxy_headers,
                )
            except aiohttp.ClientConnectionError as error:
                # a kept connection that the other side had given up: nobody has read the request
                if _is_new.get() or _has_begun(error):
                    raise

    def _find_way(self, url: str) -> _Way:
        address = URL(url)
        if address.scheme not in ("http", "https") or not (host := address.raw_host):
            raise ValueError(url)
        known = None if ":" in host else address_of(host)
        address = address.with_host(str(known or host))  # aiohttp takes no 127.1, and yarl any sign until here
        headers: dict[str, str] = {}
        if address.user is not None:
            headers["Authorization"] = basic_auth(address.user, address.password or "")
            address = address.with_user(None)
        proxy = self._proxies.proxy_for(address)
        if isinstance(proxy, UnusableProxy):
            raise OverloadError(proxy.sentence)
        if proxy is None:
            return _Way(address, headers)
        if address.scheme == "http":
            return _Way(address, headers | proxy.headers, URL(proxy.url))
        return _Way(address, headers, URL(proxy.url), proxy.headers)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a request goes, with what in it, and by which proxy, with what before its tunnel."""

    url: URL
    headers: Mapping[str, str]
    proxy: URL | None = None
    proxy_headers: Mapping[str, str] | None = None


_is_new: ContextVar[bool] = ContextVar("_is_new")
"""Whether the connection of the request that was sent last was made for it."""


class _Pool(aiohttp.TCPConnector):
    """aiohttp bounds the connections in use, and not those that are kept; nor does it tell in a failure which it was (a
    trace would, at a tenth of a request's cost).
    """

    async def _create_connection(self, *request: Any) -> Any:
        _is_new.set(True)
        return await super()._create_connection(*request)

    def _release(self, key: Any, protocol: Any, *, should_close: bool = False) -> None:
        is_full = sum(map(len, self._conns.values())) >= MOST_KEPT
        super()._release(key, protocol, should_close=should_close or is_full)


def _has_begun(error: aiohttp.ClientConnectionError) -> bool:
    """Whether something of a reply had come."""
    return isinstance(error, aiohttp.ServerDisconnectedError) and not isinstance(error.message, str)


def system_trust() -> ssl.SSLContext:
    """What this computer trusts, with what an antivirus, a company or its owner added; read once."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if (path := os.environ.get(name)) and not Path(path).exists():
            del os.environ[name]  # OpenSSL reads it too, and would trust nobody
            log.warning("%s names %s, which is not there: it is left out.", name, path)
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if _SYSTEM_JUDGES:
        return trust
    # Here truststore would read all of them anew for each connection, on the loop: its first one's context has them.
    context = trust.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="localhost").context
    folder = ssl.get_default_verify_paths().capath
    if not (context.cert_store_stats()["x509_ca"] or (folder and any(Path(folder).iterdir()))):
        context.load_verify_locations(certifi.where())  # a bare container: better than trusting nobody
    return context


def _make_socket(info: aiohttp.AddrInfoType) -> socket.socket:
    made = socket.socket(*info[:3])
    for option in _socket_options():
        made.setsockopt(*option)
    return made


@functools.cache
def _socket_options() -> list[tuple[int, int, int]]:
    """Options that end a connection whose other side is gone, after about ten seconds instead of fifteen minutes.

    After a change of Wi-Fi a call on a kept connection would hang until the kernel gives up. Names differ between
    systems: what one lacks is left out.
    """
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    wanted = {
        "TCP_USER_TIMEOUT": 10_000,  # Linux, milliseconds without an acknowledgement
        "TCP_KEEPIDLE": 10,  # seconds of silence, then a probe
        "TCP_KEEPALIVE": 10,  # the same on macOS
        "TCP_KEEPINTVL": 3,
        "TCP_KEEPCNT": 3,
    }
    return options + [
        (socket.IPPROTO_TCP, getattr(socket, name), number) for name, number in wanted.items() if hasattr(socket, name)
    ]
