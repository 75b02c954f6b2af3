"""FrameServer: the listener as the window and the headless program see it."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import TYPE_CHECKING

from aiohttp import web

from app.core.errors import AddressForbidden, AddressInUse, AddressInvalid, ServerError
from app.core.events import Bus, ServerState, ServerStateChanged
from app.server.addresses import http_url, reachable_url
from app.server.app import make_app
from app.server.connection import Runner
from app.server.in_flight import InFlight
from app.server.keys import FramePipeline
from app.server.uploads import Uploads

if TYPE_CHECKING:
    from app.store import Store

PATIENCE_S = 10.0
"""How long a stop waits for the frames in flight."""

_IN_USE = {errno.EADDRINUSE, 10048}
_FORBIDDEN = {errno.EACCES, errno.EPERM, 10013}


class FrameServer:
    """Starts and stops the listener; fills ``core.control.ServerControl``.

    ``host`` and ``port`` override the settings (port 0 = any free one). May be started again after a stop.
    """

    def __init__(
        self,
        store: Store,
        pipeline: FramePipeline,
        bus: Bus,
        *,
        host: str | None = None,
        port: int | None = None,
        uploads: Uploads | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._store, self._pipeline, self._bus = store, pipeline, bus
        self._wanted_host, self._wanted_port = host, port
        self._uploads, self._patience_s = uploads, patience_s
        self._state: ServerState = "stopped"
        self._url, self._bound_url, self._sentence = "", "", ""
        self._port = 0
        self._in_flight = InFlight()
        self._runner: Runner | None = None
        self._changing = asyncio.Lock()

    @property
    def state(self) -> ServerState:
        return self._state

    @property
    def url(self) -> str:
        """Where a phone reaches it, empty unless running."""
        return self._url

    @property
    def port(self) -> int:
        """The port it listens on, 0 unless running."""
        return self._port

    @property
    def bound_url(self) -> str:
        """What it is bound to, as asked for; empty unless running."""
        return self._bound_url

    @property
    def sentence(self) -> str:
        return self._sentence

    async def start(self) -> None:
        """Bind and listen. Raises a ``ServerError``, which is also the state ``error`` and its sentence."""
        async with self._changing:
            if self._state != "running":
                self._become("starting")
                await self._listen()

    async def stop(self) -> None:
        """Refuse new frames, let those in flight finish, close the listener."""
        async with self._changing:
            runner, self._runner = self._runner, None
            if runner is not None:
                self._become("stopping")
                await self._in_flight.drain(self._patience_s)
                await runner.cleanup()
            self._become("stopped")

    async def _listen(self) -> None:
        host = self._wanted_host or self._store.settings.text("network.host")
        port = self._store.settings.integer("network.port") if self._wanted_port is None else self._wanted_port
        self._in_flight = InFlight()
        app = make_app(self._store, self._pipeline, self._bus, in_flight=self._in_flight, uploads=self._uploads)
        runner = Runner(app)
        await runner.setup()
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except (OSError, OverflowError, UnicodeError) as error:
            await runner.cleanup()
            failure = _server_error(error, host, port)
            self._become("error", sentence=str(failure))
            raise failure from error
        self._runner = runner
        self._become("running", host=host, port=site.port)

    def _become(self, state: ServerState, *, host: str = "", port: int = 0, sentence: str = "") -> None:
        self._state, self._port, self._sentence = state, port, sentence
        self._url = reachable_url(host, port) if port else ""
        self._bound_url = http_url(host, port) if port else ""
        self._bus.publish(ServerStateChanged(state, self._url, sentence))


def _server_error(error: Exception, host: str, port: int) -> ServerError:
    number = error.errno if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else None
    if number in _IN_USE:
        return AddressInUse(f"Port {port} is in use by another program.")
    if number in _FORBIDDEN:
        return AddressForbidden(f"This computer does not let the program use port {port}.")
    return AddressInvalid(f"'{host}', port {port} is not an address of this computer.")
