"""The one HTTP client, and one way to call with it: the only place that sees an httpx exception.

No time-outs here: the router bounds a whole call by cancelling it, which also ends a reply that drips for ever, and a
timer per read costs more than the read under qasync (app/providers/README.md, What the run time costs).
"""

from __future__ import annotations

import functools
import logging
import os
import socket
import ssl
import sys
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import certifi
import httpx
import truststore

from app.core.errors import (
    AuthError,
    BadReplyError,
    BadRequestError,
    OverloadError,
    ProviderError,
    UntrustedError,
)
from app.providers import proxies
from app.providers.proxies import Proxy, ProxyTransport

log = logging.getLogger(__name__)

ANSWER_MAX_BYTES, LIST_MAX_BYTES = 256 * 1024, 2 * 1024 * 1024
"""The longest replies that are read, unpacked; an answer has about 2,000 bytes, the longest list of models 1 MB."""
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""``zlib``'s window bits by ``Content-Encoding``. None is asked for; some relays pack all the same."""

KEEP_ALIVE_S = 120.0
"""How long an idle connection is kept: frames come a second apart, a wearer pauses for a minute."""

_SYSTEM_JUDGES = sys.platform in ("win32", "darwin")
"""There the system itself is asked about each certificate; elsewhere OpenSSL compares it with those on the disk."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """What came back, whatever its status. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def make_client() -> httpx.AsyncClient:
    """The client for the life of the application. ``await aclose()`` ends it.

    For a thread where there is a window: it takes some 30 ms, for the certificates that this computer trusts.
    It follows no redirect (a key would travel along), keeps no cookie (they would link the household's profiles) and
    takes the proxies that the environment or the system name.
    """
    _silence_header_logs()
    context = system_trust()
    named = proxies.read()
    make = functools.partial(_transport, context)
    return httpx.AsyncClient(
        transport=ProxyTransport(named, make) if named.by_scheme else make(None),
        timeout=None,  # noqa: S113 - the router cancels
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        # identity: a reply has about 700 bytes, and a compressed one could unfold to a thousand times its size
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "frame-backend"},
        trust_env=False,
    )


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


def _transport(context: ssl.SSLContext, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=KEEP_ALIVE_S)
    by = None
    if proxy is not None:
        # a context of its own: what it is to speak behind TLS is set in it for each connection
        by = httpx.Proxy(proxy.url, auth=proxy.auth, ssl_context=system_trust() if proxy.is_tls else None)
    return httpx.AsyncHTTPTransport(
        verify=context, http2=True, limits=limits, proxy=by, socket_options=_socket_options()
    )


def _socket_options() -> list[tuple[int, int, int]]:
    """Options that end a connection whose other side is gone, after about ten seconds instead of fifteen minutes.

    A cancelled HTTP/2 call leaves its connection in the pool; after a change of Wi-Fi every later call would hang on
    it until the kernel gives up. Names differ between systems: what one lacks is left out.
    """
    options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    wanted = {
        "TCP_USER_TIMEOUT": 10_000,  # Linux, milliseconds without an acknowledgement
        "TCP_KEEPIDLE": 10,  # seconds of silence, then a probe
        "TCP_KEEPALIVE": 10,  # the same on macOS
        "TCP_KEEPINTVL": 3,
        "TCP_KEEPCNT": 3,
    }
    options += [(socket.IPPROTO_TCP, getattr(socket, name), n) for name, n in wanted.items() if hasattr(socket, name)]
    return options


def _silence_header_logs() -> None:
    """hpack writes every header it packs, the key among them, to its debug log: drop that, whatever the level."""
    for name in ("hpack.hpack", "hpack.table"):
        logger = logging.getLogger(name)
        if _warnings_only not in logger.filters:
            logger.addFilter(_warnings_only)


def _warnings_only(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def checked_key(key: str, label: str) -> str:
    """``key`` without blanks around it.

    Raises ``AuthError`` for one that no header can carry: the HTTP library's own error would quote it.
    """
    key = key.strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise AuthError("The key for {label} has characters that no key has. Copy it again.", label=label)
    return key


class Incoming:
    """A reply whose head is here and whose body is still to be read. Header names are lower case."""

    def __init__(self, label: str, response: httpx.Response) -> None:
        self._label = label
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The body as it comes, packed if it was; of any length. Raises ``OverloadError`` when it breaks."""
        broken = False
        try:
            async for chunk in self._response.aiter_raw():
                yield chunk
        except (httpx.HTTPError, httpx.StreamError, OSError):
            broken = True
        if broken:
            raise OverloadError("The connection to {label} broke.", label=self._label)


@asynccontextmanager
async def exchange(
    client: httpx.AsyncClient, label: str, url: str, headers: Mapping[str, str], content: bytes | None = None
) -> AsyncIterator[Incoming]:
    """One exchange, a POST when there is ``content``. Leaving before the reply's end closes its connection.

    Raises ``OverloadError`` when it breaks (``UntrustedError``: over its certificate), ``BadRequestError`` for an
    address that is none.
    """
    response = await _sent(client, label, url, headers, content)
    try:
        yield Incoming(label, response)
    finally:
        await response.aclose()


async def call(
    client: httpx.AsyncClient,
    label: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    *,
    most_bytes: int = ANSWER_MAX_BYTES,
) -> RawReply:
    """``exchange``, its reply read whole. Raises ``BadReplyError`` besides when the reply is too long."""
    async with exchange(client, label, url, headers, content) as incoming:
        return await read_whole(incoming, label, most_bytes)


async def read_whole(incoming: Incoming, label: str, most_bytes: int = ANSWER_MAX_BYTES) -> RawReply:
    """All of a reply, unpacked. Raises ``BadReplyError`` when it is too long."""
    body = bytearray()
    async with aclosing(incoming.chunks()) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) > most_bytes:
                if incoming.status < 300:
                    raise BadReplyError("{label}'s reply is too long.", label=label)
                del body[most_bytes:]  # a refusal says enough by its status
                break
    coding = coding_of(incoming)
    return RawReply(
        incoming.status, incoming.headers, _unpacked(bytes(body), coding, most_bytes, label) if coding else bytes(body)
    )


def coding_of(incoming: Incoming) -> str:
    """How a reply is packed, empty when it is not."""
    coding = incoming.headers.get("content-encoding", "").strip().lower()
    return "" if coding == "identity" else coding


async def _sent(
    client: httpx.AsyncClient, label: str, url: str, headers: Mapping[str, str], content: bytes | None
) -> httpx.Response:
    """The reply's head."""
    failure: ProviderError
    try:
        request = client.build_request("GET" if content is None else "POST", url, headers=headers, content=content)
        return await client.send(request, stream=True)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, ValueError, ExceptionGroup):
        # ValueError: a name that IDNA cannot write; ExceptionGroup: a port beyond 65535, from anyio
        failure = BadRequestError("The address of {label} is not a web address.", label=label)
    except httpx.ConnectError as error:
        if _is_untrusted(error):
            failure = UntrustedError("This computer does not trust the certificate of {label}.", label=label)
        else:
            failure = OverloadError("{label} cannot be reached.", label=label)
    except httpx.ProxyError:
        failure = OverloadError("This computer's proxy does not let it through to {label}.", label=label)
    except (httpx.HTTPError, httpx.StreamError, OSError):
        failure = OverloadError("The connection to {label} broke.", label=label)
    raise failure  # outside the except: an error of httpx must not travel along as its context


def _is_untrusted(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _unpacked(body: bytes, coding: str, most_bytes: int, label: str) -> bytes:
    """One layer, and no more than ``most_bytes`` of it: a kilobyte may unfold to a gigabyte. Raises
    ``BadReplyError``.
    """
    if coding not in _PACKED:
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    unpacker = zlib.decompressobj(_PACKED[coding])
    try:
        plain = unpacker.decompress(body, most_bytes + 1)
    except zlib.error:
        raise BadReplyError("{label} sent something that is not a reply.", label=label) from None
    if len(plain) > most_bytes:
        raise BadReplyError("{label}'s reply is too long.", label=label)
    return plain
