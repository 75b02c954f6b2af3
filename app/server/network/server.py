"""FrameServer: the listener as the window and the headless program see it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.core.control import LanAddress
from app.core.errors import AddressInvalid, ServerError
from app.core.events import Bus, ServerState, ServerStateChanged, SettingsChanged, Trouble
from app.core.newest import NewestFrames
from app.core.sentence import Sentence
from app.core.tasks import spawn
from app.server.access.invitations import Invitations
from app.server.access.last_seen import LastSeen
from app.server.app import make_app
from app.server.context_keys import FramePipeline
from app.server.doors.tally import Tally
from app.server.network import adapters, bind_errors, listening, self_check
from app.server.network.addresses import http_url
from app.server.network.connection import Runner
from app.server.network.discovery import Discovery
from app.server.wire.in_flight import InFlight
from app.server.wire.uploads import Uploads

if TYPE_CHECKING:
    from app.store import Store

log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""How long a stop waits for the frames in flight."""

LOOK_EVERY_S = 3.0
"""How often this computer's addresses are looked at; it takes half a millisecond, in a thread."""

_HOST, _PORT = "network.host", "network.port"


class FrameServer:
    """Starts and stops the listener; fills ``core.control.ServerControl``.

    ``host`` and ``port`` override the settings (port 0 = any free one) until the setting itself is changed: who changes
    it says so later. ``key_vendors``: those whose keys a phone may send. May be started again after a stop.
    """

    def __init__(
        self,
        store: Store,
        pipeline: FramePipeline,
        bus: Bus,
        *,
        host: str | None = None,
        port: int | None = None,
        key_vendors: tuple[str, ...] = (),
        uploads: Uploads | None = None,
        patience_s: float = PATIENCE_S,
        watch_every_s: float = self_check.EVERY_S,
    ) -> None:
        self._store, self._pipeline, self._bus = store, pipeline, bus
        self._given: dict[str, str | int | None] = {_HOST: host or None, _PORT: port}
        self._set = self._as_set()
        self._key_vendors, self._uploads, self._patience_s = key_vendors, uploads, patience_s
        self._state: ServerState = "stopped"
        self._url = self._bound_url = ""
        self._addresses: tuple[LanAddress, ...] = ()
        self._port = 0
        self._failure: ServerError | None = None
        self._heard = LastSeen(store, bus)
        self._newest, self._tally = NewestFrames(bus), Tally(bus)
        self._invitations = Invitations()
        self._discovery = Discovery(store.settings, bus)
        self._in_flight = InFlight()
        self._runner: Runner | None = None
        self._changing = asyncio.Lock()
        self._watch_word = secrets.token_hex(16)
        self._watch_every_s = watch_every_s
        self._watching: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None
        bus.subscribe(SettingsChanged, self._follow_changed)

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
    def sentence(self) -> Sentence:
        return self._failure.sentence if self._failure else Sentence()

    @property
    def failure(self) -> ServerError | None:
        return self._failure

    # --- where ---------------------------------------------------------------------------------------------------

    def follow(self, *keys: str) -> None:
        """Go by these settings from the next start on, whatever was given."""
        for key in keys:
            self._given[key] = None

    async def addresses(self) -> tuple[LanAddress, ...]:
        """Those of the listener, else those that it would have. When the network has changed, ``url`` follows."""
        if self._runner is None or self._state != "running":
            host, port = self._wanted()
            return await asyncio.to_thread(adapters.reachable, await adapters.resolved(host), port)
        runner, port = self._runner, self._port
        found = await asyncio.to_thread(adapters.reachable, _bound(runner), port)
        if runner is self._runner and self._state == "running":
            self._reached_at(found)
        return found

    def last_heard(self) -> Mapping[str, datetime]:
        return self._heard.moments

    async def trouble_ahead(self) -> Sentence:
        host, port = self._wanted()
        try:
            for opened in await listening.bound(host, port):
                opened.close()
        except (OSError, OverflowError, UnicodeError) as error:
            return (await asyncio.to_thread(bind_errors.explain, error, host, port)).sentence
        return Sentence()

    async def next_free_port(self) -> int:
        return await asyncio.to_thread(bind_errors.next_free_port, *self._wanted())

    # --- whom the window lets in ---------------------------------------------------------------------------------

    def invite(self, username: str) -> str:
        return self._invitations.code_for(username)

    def end_invitations(self) -> None:
        self._invitations.withdraw()

    # --- life ----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Bind and listen. Raises a ``ServerError``, which is also the state ``error`` and its sentence."""
        async with self._changing:
            self._following = self._following or spawn(self._follow_network(), name="follow the network")
            if self._state != "running":
                self._become("starting")
                await self._listen()

    async def stop(self) -> None:
        """Refuse new frames, let those in flight finish, close the listener."""
        async with self._changing:
            runner, self._runner = self._runner, None
            await self._end_watches()
            if runner is not None:
                self._become("stopping")
                await asyncio.gather(self._discovery.withdraw(), self._finish(runner, patience_s=self._patience_s))
            self._become("stopped")

    async def _listen(self, again_at: int = 0) -> None:
        """``again_at``: the port it had, which a wanted port of 0 would change."""
        host, wanted = self._wanted()
        port = again_at or wanted
        self._in_flight = InFlight()
        app = make_app(
            self._store,
            self._pipeline,
            self._bus,
            key_vendors=self._key_vendors,
            in_flight=self._in_flight,
            uploads=self._uploads,
            heard=self._heard,
            newest=self._newest,
            invitations=self._invitations,
            tally=self._tally,
            watch_word=self._watch_word,
        )
        runner = Runner(app)
        await runner.setup()
        try:
            async with asyncio.timeout(adapters.LOOK_UP_LIMIT_S):
                sockets = await listening.bound(host, port)
            await runner.listen(sockets)
        except (OSError, OverflowError, UnicodeError) as error:
            await runner.cleanup()
            failure = await asyncio.to_thread(bind_errors.explain, error, host, port)
            self._become("error", failure=failure)
            raise failure from error
        self._runner = runner  # bound: whatever comes now, a stop closes it
        port = runner.addresses[0][1]
        addresses = await asyncio.to_thread(adapters.reachable, _bound(runner), port)
        self._become("running", host=host, port=port, addresses=addresses)
        self._discovery.announce(addresses, port)
        self._watching = spawn(self._watch(runner.addresses[0], port), name="watch the listener")

    async def _watch(self, bound: Sequence[str | int], port: int) -> None:
        host = str(bound[0])
        asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - told apart, not bound
        await self_check.until_deaf(asked, port, self._watch_word, every_s=self._watch_every_s)
        self._watching = None  # it ends itself by what it does now
        await self._reopen(port)

    async def _reopen(self, port: int) -> None:
        """Open the same port again; when that fails the state is ``error``, and says why."""
        async with self._changing:
            runner, self._runner = self._runner, None
            if runner is None:
                return
            log.error("the listener no longer answered: it is opened again")
            await asyncio.gather(self._discovery.withdraw(), self._finish(runner, patience_s=0.0))
            self._become("starting")
            with contextlib.suppress(ServerError):
                await self._listen(port)
        if self._state == "running":
            self._bus.publish(Trouble(Sentence("The server no longer answered on its port and was opened again.")))

    async def _follow_network(self) -> None:
        """Announce the addresses of another network, or of one that comes late; listen again where it may again."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._state == "running":
                await self.addresses()
            elif isinstance(self._failure, AddressInvalid) and await asyncio.to_thread(
                adapters.is_ours, self._wanted()[0]
            ):
                with contextlib.suppress(ServerError):
                    await self.start()

    async def _end_watches(self) -> None:
        tasks = [task for task in (self._watching, self._following) if task is not None]
        self._watching = self._following = None
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _finish(self, runner: Runner, *, patience_s: float) -> None:
        await self._in_flight.drain(patience_s)
        await runner.cleanup()

    def _become(
        self,
        state: ServerState,
        *,
        host: str = "",
        port: int = 0,
        addresses: Sequence[LanAddress] = (),
        failure: ServerError | None = None,
    ) -> None:
        self._state, self._port, self._failure = state, port, failure
        self._bound_url = http_url(host, port) if port else ""
        self._url = addresses[0].url if addresses else self._bound_url
        self._addresses = tuple(addresses)
        self._bus.publish(ServerStateChanged(state, self._url, self.sentence))

    def _reached_at(self, addresses: tuple[LanAddress, ...]) -> None:
        """This computer may have joined another network since the start."""
        if addresses != self._addresses:
            self._addresses = addresses
            self._url = addresses[0].url if addresses else self._bound_url
            self._bus.publish(ServerStateChanged("running", self._url))
        self._discovery.announce(addresses, self._port)

    # --- what is wanted ------------------------------------------------------------------------------------------

    def _wanted(self) -> tuple[str, int]:
        wanted = {key: self._set[key] if given is None else given for key, given in self._given.items()}
        return str(wanted[_HOST]), int(wanted[_PORT])

    def _as_set(self) -> dict[str, str | int]:
        settings = self._store.settings
        return {_HOST: settings.text(_HOST), _PORT: settings.integer(_PORT)}

    def _follow_changed(self, _: SettingsChanged) -> None:
        before, self._set = self._set, self._as_set()
        self.follow(*(key for key, value in self._set.items() if value != before[key]))


def _bound(runner: Runner) -> tuple[str, ...]:
    """The addresses of the listening sockets."""
    return tuple(str(name[0]) for name in runner.addresses)
