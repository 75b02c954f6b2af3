"""The composition root: the only file that knows every part, and in which order they start and stop."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

from filelock import FileLock, Timeout

from app import __version__, images, providers
from app.core.comparison import Comparison
from app.core.cost.budget import Spending
from app.core.errors import ArchiveUnusable, DatabaseUnusable, DataFolderInUse, Unforeseen
from app.core.events import Bus, ServerStateChanged, Trouble
from app.core.frame import Picture, Profile
from app.core.provider import ON_DEVICE, Provider, ProviderConfig
from app.core.routing.audits import Audits
from app.core.routing.gate import Gate
from app.core.routing.health import Health
from app.core.routing.learning import Learning
from app.core.routing.pipeline import Pipeline
from app.core.routing.provider_calls import ProviderCalls
from app.core.routing.router import Router
from app.core.routing.trust import Trust
from app.core.routing.witness import Witness
from app.core.sentence import Sentence
from app.core.tasks import cancel_all, crash_of, is_reset_at_its_end, spawn
from app.log import FOR_THE_FILE
from app.outgoing.mqtt import Mqtt
from app.outgoing.releases import Releases, releases_address
from app.outgoing.webhook import Webhook
from app.owner_log import OwnerLog, log_troubles
from app.paths import DataFolder, resource
from app.providers import (
    PROVIDERS,
    Client,
    OnDeviceReader,
    default_configs,
    face_worker,
    key_variables,
    local_models,
    on_device,
    reader_worker,
)
from app.providers.faces import FaceBlur
from app.providers.lookups import Lookups
from app.providers.prices import price_list
from app.providers_in_use import ProvidersInUse
from app.server.network.server import FrameServer
from app.signals import asking_to_end
from app.store import Store
from app.store.database.restore import open_restored

log = logging.getLogger(__name__)

PICTURE_THREADS = 2


class Application:
    """Every part of a running program, opened in order and closed in the reverse one."""

    def __init__(self, folder: DataFolder, *, host: str | None = None, port: int | None = None) -> None:
        self.bus = Bus()
        log_troubles(self.bus)
        self.folder = folder
        self._host, self._port = host, port
        self._lock = FileLock(folder.lock, mode=0o600)
        self._threads = ThreadPoolExecutor(PICTURE_THREADS, thread_name_prefix="pictures")

    async def open(self) -> None:
        """Open the store and build the rest; the listener is not started yet. Raises ``FrameBackendError``."""
        self._take_folder()
        Lookups.install(asyncio.get_running_loop())
        self.store = await self._restored_or_own_store()
        self.client = await asyncio.to_thread(Client)
        self.reader = _reader(self._tell) if on_device.available() else None
        self.faces = FaceBlur(self._threads, self._tell, partial(face_worker.main, models=resource("models")))
        self.health = Health(self.store.health, self.bus)
        self.trust = Trust(self.store.labels, self.bus)
        self.learning = Learning(self.store.activity, self.store.labels, self.trust, self.store.settings, self.bus)
        self.spending = Spending(self.bus)
        for spent in self.store.spend_today.today:
            self.spending.add(*spent)
        self.providers = ProvidersInUse(
            self.store,
            self.health,
            self.bus,
            vendors=PROVIDERS,
            build=self._build,
            spending=self.spending,
            find_local=lambda: local_models.find(self.client, {self.server.port}),
        )
        self.pipeline = self._cascade()
        self.try_out = self._comparison()
        key_vendors = tuple(vendor.name for vendor in PROVIDERS if vendor.needs_key)
        self.server = FrameServer(
            self.store, self.pipeline, self.bus, host=self._host, port=self._port, key_vendors=key_vendors
        )
        self.webhook = Webhook(self.client, self.store, self.bus)
        self.mqtt = Mqtt(self.store, self.spending, self.health.lights, self.bus)
        self.releases = Releases(
            self.client,
            self.store,
            self.bus,
            address=releases_address(),
            memory=self.folder.newest_release,
            version=__version__,
        )
        self._begin()

    async def _restored_or_own_store(self) -> Store:
        try:
            return await open_restored(self.folder, self._open_store)
        except ArchiveUnusable as error:
            store = await self._open_store()
            self._tell(error.sentence)
            return store

    async def _open_store(self) -> Store:
        return await Store.open(
            self.folder,
            self.bus,
            default_providers=default_configs(),
            key_variables=key_variables,
            read_prices=price_list,
        )

    def _cascade(self) -> Pipeline:
        """From a frame to its answer."""
        calls = ProviderCalls(
            self.health,
            self.store.settings,
            self.bus,
            spending=self.spending,
            price_of=self.store.prices.get,
            trust_of=self.trust.of,
        )
        return Pipeline(
            picture_for=self._picture_for,
            seats_for=self.providers.seats_for,
            fetch_keys=self.store.secrets.fetch,
            gate=Gate(self.store.settings),
            witness=Witness(calls, self.store.settings, lambda: self.reader is not None and self.reader.is_idle),
            audits=Audits(calls, self.store.settings, self.store.labels),
            router=Router(calls, self.store.settings, habits=lambda: self.learning.habits),
            journal=self.store.activity,
            bus=self.bus,
        )

    def _comparison(self) -> Comparison:
        return Comparison(
            picture_for=self._picture_for,
            profile_of=self.store.profiles.get,
            seats_for=self.providers.seats_for,
            health=self.health,
            settings=self.store.settings,
            spending=self.spending,
            price_of=self.store.prices.get,
        )

    def _begin(self) -> None:
        """All that goes on by itself while the program runs."""
        self.bus.subscribe(ServerStateChanged, _spare_the_collector)
        OwnerLog(self.bus, self.store, __version__)
        self.trust.refit()
        self.store.start_housekeeping()
        self.mqtt.start()
        self.releases.start()
        spawn(self.store.secrets.keep_loaded(), name="keep the keys loaded")
        spawn(self.learning.keep_up(), name="learn whom to ask")
        if self.reader is None:
            self._tell(Sentence("The reader on this computer is not installed; frames need an AI with a key."))

    async def close(self) -> None:
        """Stop in the reverse order: listener, work under way, reader, connections, store."""
        if hasattr(self, "server"):
            await self.server.stop()
        if hasattr(self, "mqtt"):
            await self.mqtt.stop()
        if hasattr(self, "releases"):
            await self.releases.stop()
        await cancel_all()
        if hasattr(self, "reader") and self.reader is not None:
            await self.reader.close()
        if hasattr(self, "faces"):
            await self.faces.close()
        if hasattr(self, "client"):
            await self.client.aclose()
        if hasattr(self, "store"):
            await self.store.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._lock.release()
        log.info(Sentence("Frame Backend ended."), extra=FOR_THE_FILE)
        gc.unfreeze()  # what stood for as long as the server did may go now

    def _build(self, config: ProviderConfig) -> Provider | None:
        if config.name == ON_DEVICE and self.reader is None:
            return None
        return providers.build(config, self.client, self.reader)

    def _tell(self, sentence: Sentence) -> None:
        self.bus.publish(Trouble(sentence))

    async def _picture_for(self, upload: bytes, profile: Profile) -> Picture:
        picture = await asyncio.get_running_loop().run_in_executor(self._threads, images.normalise, upload)
        if profile.blur_faces:
            picture = await self.faces.blurred(picture)
        await self.store.prices.ready()  # a first frame must not go uncounted
        return picture

    def _take_folder(self) -> None:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise DataFolderInUse("Another Frame Backend already runs on this data folder.") from None
        except (OSError, NotImplementedError) as error:  # the latter: a disk that knows no locks
            raise DatabaseUnusable(
                "The data folder cannot be used: {reason}.", reason=getattr(error, "strerror", None) or error
            ) from None


def _reader(tell: Callable[[Sentence], None]) -> OnDeviceReader:
    return OnDeviceReader(tell, target=partial(reader_worker.main, models=resource("models")))


def _spare_the_collector(event: ServerStateChanged) -> None:
    """What stands when the server starts stays: a full collection that walks it all holds the loop for 45 ms."""
    if event.state == "running":
        gc.freeze()


class Companion(Protocol):
    """Something that rides along with the program and may end it: the demo's glasses, a bench's watch."""

    finished: asyncio.Event

    async def run(self, application: Application) -> None: ...


async def run_headless(application: Application, companion: Companion | None = None) -> None:
    """Serve until the system or the companion's end asks to end. Prints one line once the socket is bound.

    Raises ``FrameBackendError`` when the data folder or the port cannot be had.
    """
    stop = asyncio.Event()
    with asking_to_end(stop.set):
        await _serve_until(stop, application, companion)


async def _serve_until(stop: asyncio.Event, application: Application, companion: Companion | None) -> None:
    asyncio.get_running_loop().set_exception_handler(_log_bug)
    try:
        await application.open()
        await application.server.start()
        print(f"listening on {application.server.bound_url}", flush=True)
        if companion is not None:
            work = spawn(companion.run(application), name="companion")
            work.add_done_callback(lambda _: stop.set())
            await stop.wait()
            if error := crash_of(work):
                raise Unforeseen(error)
        await stop.wait()
    finally:
        await application.close()


def _log_bug(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    if is_reset_at_its_end(context):
        return
    error = context.get("exception")
    log.error("%s", context.get("message"), exc_info=error if isinstance(error, BaseException) else None)
