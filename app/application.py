"""The composition root: the only file that knows every part, and in which order they start and stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
from filelock import FileLock, Timeout

from app import images
from app.core.comparison import Comparison
from app.core.cost.budget import Spending
from app.core.cost.pricing import is_free
from app.core.errors import DatabaseUnusable, DataFolderInUse
from app.core.events import Bus, ProvidersChanged, ServerStateChanged, Trouble
from app.core.frame import Picture, Profile
from app.core.provider import ON_DEVICE, Learned, Provider, Seat
from app.core.provider_check import ProviderCheck, examine
from app.core.routing.gate import Gate
from app.core.routing.health import Health, Standing
from app.core.routing.pipeline import Pipeline
from app.core.routing.provider_calls import model_of
from app.core.routing.router import Router
from app.core.sentence import Sentence
from app.core.tasks import cancel_all, spawn
from app.demo import Demo
from app.paths import DataFolder
from app.providers import OnDeviceReader, build, default_configs, key_variables, make_client, on_device
from app.providers.prices import price_list
from app.server.network.server import FrameServer
from app.store import Store

log = logging.getLogger(__name__)

PICTURE_THREADS = 2


class Directory:
    """The configured providers as objects, and each profile's chain of them."""

    def __init__(self, store: Store, client: httpx.AsyncClient, reader: OnDeviceReader | None) -> None:
        self._store, self._client, self._reader = store, client, reader
        self._providers: dict[str, Provider] = {}
        self.refresh()

    def refresh(self, _: ProvidersChanged | None = None) -> None:
        """Build anew what was changed; what was not keeps its object."""
        known = self._providers
        self._providers = {
            config.name: known[config.name]
            if config.name in known and known[config.name].config == config
            else build(config, self._client, self._reader)
            for config in self._store.providers.all()
            if config.name != ON_DEVICE or self._reader is not None
        }

    def get(self, name: str) -> Provider:
        """Raises ``UnknownName``."""
        self._store.providers.get(name)
        return self._providers[name]

    def find(self, name: str) -> Provider | None:
        """None for the reader where it is not installed. Raises ``UnknownName``."""
        self._store.providers.get(name)
        return self._providers.get(name)

    def seats_for(self, profile: Profile) -> tuple[Seat, ...]:
        """The profile's chain with its keys; a chain that is set is exact."""
        names = self._providers if profile.chain is None else profile.chain
        return tuple(self._seat(name, profile.profile_id) for name in names if name in self._providers)

    def _seat(self, name: str, profile_id: int) -> Seat:
        return Seat(self._providers[name], self._store.secrets.key_for(profile_id, name))


class Application:
    """Every part of a running program, opened in order and closed in the reverse one."""

    def __init__(self, folder: DataFolder, *, host: str | None = None, port: int | None = None) -> None:
        self.bus = Bus()
        self.folder = folder
        self._host, self._port = host, port
        self._lock = FileLock(folder.lock, mode=0o600)
        self._threads = ThreadPoolExecutor(PICTURE_THREADS, thread_name_prefix="pictures")

    async def open(self) -> None:
        """Open the store and build the rest; the listener is not started yet. Raises ``FrameBackendError``."""
        self._take_folder()
        self.store = await Store.open(
            self.folder,
            self.bus,
            default_providers=default_configs(),
            key_variables=key_variables,
            read_prices=price_list,
        )
        self.client = make_client()
        self.reader = OnDeviceReader() if on_device.available() else None
        self.health = Health(self.store.health, self.bus)
        self.spending = Spending(self.bus)
        for spent in self.store.spend_today.today:
            self.spending.add(*spent)
        self.directory = Directory(self.store, self.client, self.reader)
        self.bus.subscribe(ProvidersChanged, self.directory.refresh)
        self.bus.subscribe(ServerStateChanged, _spare_the_collector)
        self.pipeline = Pipeline(
            normalise=self._normalise,
            seats_for=self.directory.seats_for,
            gate=Gate(self.store.settings),
            router=Router(
                self.health, self.store.settings, self.bus, spending=self.spending, price_of=self.store.prices.get
            ),
            journal=self.store.activity,
            bus=self.bus,
        )
        self.try_out = Comparison(
            normalise=self._normalise,
            profile_of=self.store.profiles.get,
            seats_for=self.directory.seats_for,
            health=self.health,
            settings=self.store.settings,
            spending=self.spending,
            price_of=self.store.prices.get,
        )
        self.server = FrameServer(self.store, self.pipeline, self.bus, host=self._host, port=self._port)
        await self.store.secrets.load()
        self.store.start_housekeeping()
        spawn(self.store.secrets.probe(), name="probe the keyring")
        if self.reader is None:
            missing = Sentence("The reader on this computer is not installed; frames need an AI with a key.")
            self.bus.publish(Trouble(missing))

    async def close(self) -> None:
        """Stop in the reverse order: listener, work under way, reader, connections, store."""
        if hasattr(self, "server"):
            await self.server.stop()
        await cancel_all()
        if hasattr(self, "reader") and self.reader is not None:
            await self.reader.close()
        if hasattr(self, "client"):
            await self.client.aclose()
        if hasattr(self, "store"):
            await self.store.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._lock.release()
        gc.unfreeze()  # what stood for as long as the server did may go now

    async def examine(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
        """Test provider ``name`` with ``key``, else with the one that ``username`` (None: the household) would use."""
        await self.store.providers.touch(name)
        provider = self.directory.get(name)
        profile_id = self.store.profiles.get(username).profile_id if username else 0
        used = key if key is not None else self.store.secrets.key_for(profile_id, name)
        return await examine(provider, used, Learned(), images.number_card)

    def calls_today(self, name: str) -> int:
        """Calls to provider ``name`` since its own midnight. Raises ``UnknownName``."""
        provider = self.directory.find(name)
        return self.health.calls_today(provider) if provider else 0

    def standing(self, name: str) -> Standing:
        """What is known of provider ``name`` today beside its light. Raises ``UnknownName``."""
        provider = self.directory.find(name)
        if provider is None:
            return Standing(is_free=True, needs_key=False)
        model = model_of(provider.config, self.health.learned(Seat(provider)))
        free = is_free(provider, model, self.store.prices.get)
        return Standing(free, provider.capabilities.needs_key, self.health.quota_left(provider))

    async def _normalise(self, upload: bytes) -> Picture:
        picture = await asyncio.get_running_loop().run_in_executor(self._threads, images.normalise, upload)
        await self.store.prices.ready()  # a first frame must not go uncounted
        return picture

    def _take_folder(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise DataFolderInUse("Another Frame Backend already runs on this data folder.") from None
        except OSError as error:
            raise DatabaseUnusable(
                "The data folder cannot be used: {reason}.", reason=error.strerror or error
            ) from None


def _spare_the_collector(event: ServerStateChanged) -> None:
    """What stands when the server starts stays: a full collection that walks it all holds the loop for 45 ms."""
    if event.state == "running":
        gc.freeze()


async def run_headless(application: Application, demo: Demo | None = None) -> None:
    """Serve until SIGTERM, SIGINT or the demo's end. Prints one line once the socket is bound.

    Raises ``FrameBackendError`` when the data folder or the port cannot be had.
    """
    stop = asyncio.Event()
    _on_signals(stop.set)
    application.bus.subscribe(Trouble, lambda trouble: log.warning("%s", trouble.sentence))
    asyncio.get_running_loop().set_exception_handler(_log_bug)
    try:
        await application.open()
        await application.server.start()
        print(f"listening on {application.server.bound_url}", flush=True)
        if demo is not None:
            work = spawn(demo.run(application), name="demo")
            work.add_done_callback(lambda _: stop.set())
        await stop.wait()
    finally:
        await application.close()


def _on_signals(callback: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":  # loops there know no signal handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))
        else:
            loop.add_signal_handler(number, callback)


def _log_bug(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
