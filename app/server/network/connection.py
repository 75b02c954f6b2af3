"""Under the application: aiohttp's connections, with their own replies and logs brought into our shape.

An auth key stands in the URL, so the URL is cleaned before anything else sees it, and what aiohttp would say by itself
of a request it cannot read (it quotes the bytes) is never said.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web
from aiohttp.http import RawRequestMessage
from yarl import URL

from app.server import context_keys
from app.server.network.addresses import client_ip, is_trusted
from app.server.network.open_connections import (
    PAIRED_MOST,
    UNKNOWN_MOST,
    OpenConnections,
    Share,
    most_connections,
)
from app.server.wire.responses import bare_failure
from app.store.setup.addresses import counted_as, is_loopback

if TYPE_CHECKING:
    from app.store import Store

log = logging.getLogger(__name__)

AUTH_PATH = "/auth-"
_SLASHES = re.compile("/{2,}")

KEEP_ALIVE_S = 30.0
"""aiohttp's own hour would leave a dead timer per connection on the window's loop, where a cancelled one stays."""
LINGER_S = 5.0
"""How long the rest of a refused upload is read and thrown away, so that the client sees the refusal, not a reset."""
FINISH_S = 2.0
"""How long a stop waits for replies that are ready but not yet sent."""


class Connection(web.RequestHandler):
    """Answers what is no HTTP in our own words, and logs no byte of it."""

    __slots__ = ("_open",)

    def __init__(self, manager: web.Server, opened: OpenConnections, **kwargs: Any) -> None:
        super().__init__(manager, **kwargs)
        self._open = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        if not self._open.admit(self, client_ip(str(peer[0])) if peer else ""):
            self.drop()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._open.leave(self)
        super().connection_lost(exc)

    @property
    def is_idle(self) -> bool:
        return not (self._request_in_progress or self._messages)

    def drop(self) -> None:
        log.debug("a connection was closed to make room for others")
        if self.transport is not None:
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status < 500:  # no HTTP, or too long a line
            log.debug("a request could not be read: %s", type(exc).__name__)
            reply = bare_failure("bad_request")
        else:
            if not isinstance(exc, ConnectionError):  # the client of a stream went away
                log.error("a bug outside of the handlers, or in a stream that had begun", exc_info=exc)
            reply = bare_failure("error")
        if request.writer.output_size > 0:
            raise ConnectionError("a reply was being sent already")
        reply.force_close()
        return reply

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.HTTPException):  # raised before our middlewares: an Expect that aiohttp does not know
            resp = bare_failure("bad_request")
        return await super().finish_response(request, resp, start_time)

    def log_exception(self, *args: Any, **kwargs: Any) -> None:
        """aiohttp's last word on a connection that broke, say while the rest of a bad upload was thrown away."""
        log.debug("a connection broke", exc_info=kwargs.get("exc_info"))


class Listener(web.Server):
    """Makes a ``Connection`` of each client that comes."""

    def __init__(self, handler: Any, opened: OpenConnections, **kwargs: Any) -> None:
        super().__init__(handler, **kwargs)
        self._open = opened

    def __call__(self) -> Connection:
        return Connection(self, self._open, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """An ``AppRunner`` with our connections: no access log, a hang-up cancels its handler, nothing is unpacked."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=FINISH_S)

    async def listen(self, sockets: Sequence[socket.socket]) -> None:
        """On all of them; the clean-up closes them. Raises ``OSError``: then those that do not listen are closed."""
        for at, one in enumerate(sockets):
            try:
                await web.SockSite(self, one).start()
            except OSError:
                for left in sockets[at:]:
                    left.close()
                raise

    async def _make_server(self) -> web.Server:
        usual = await super()._make_server()
        return Listener(
            usual.request_handler,
            OpenConnections(lambda ip: _share_of(self.app[context_keys.STORE], ip), most_connections()),
            request_factory=_with_clean_url(usual.request_factory),
            handler_cancellation=True,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=KEEP_ALIVE_S,
            lingering_time=LINGER_S,
        )


def _share_of(store: Store, ip: str) -> Share:
    """This computer and the owner's own proxies speak for many."""
    if is_loopback(ip) or is_trusted(ip, store.settings.text("network.trusted_proxies")):
        return Share(ip, None)
    if store.pairings.names_for(ip):
        return Share(ip, PAIRED_MOST)
    return Share(counted_as(ip), UNKNOWN_MOST, is_stranger=True)


def _with_clean_url(make: Callable[..., web.BaseRequest]) -> Callable[..., web.BaseRequest]:
    def make_request(message: RawRequestMessage, *args: Any) -> web.BaseRequest:
        url, auth_key = clean_url(message.url)
        if url is not message.url:
            message = message._replace(path=url.raw_path_qs, url=url)
        request = make(message, *args)
        if auth_key is not None:
            request[context_keys.AUTH_KEY] = auth_key
        return request

    return make_request


def clean_url(url: URL) -> tuple[URL, str | None]:
    """``url`` with single slashes and, if it is ``/auth-{key}``, without the key, which comes back beside it."""
    path = url.path_safe  # decoded, but for %25 and %2F
    if "//" not in path and not path.startswith(AUTH_PATH):
        return url, None
    path = _SLASHES.sub("/", path)
    if path.startswith(AUTH_PATH):
        return URL.build(path=AUTH_PATH, encoded=True), unquote(path.removeprefix(AUTH_PATH))
    raw_path = _SLASHES.sub("/", url.raw_path)
    return URL.build(path=raw_path, query_string=url.raw_query_string, encoded=True), None
