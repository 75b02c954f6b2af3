"""Says on the local network where this computer is found, so that a phone need not be told: mDNS, no names, no keys.

zeroconf is imported with the first announcement (0.2 s) and lives in a thread of its own: registering takes seconds,
and neither a start nor a stop of the server waits for it longer than a moment.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app import __version__
from app.core.control import LanAddress
from app.core.events import Bus, SettingsChanged
from app.core.passed import passed_s
from app.core.sentence import Sentence
from app.core.settings import Settings
from app.store.setup.addresses import address_of

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

log = logging.getLogger(__name__)

SERVICE = "_frame-backend._tcp.local."
WEB_SERVICE = "_http._tcp.local."
"""For browsers, and for programs that look for an API that they know (``api``)."""
INSTANCE = "Frame Backend"
_APIS = ("openai", "ollama")
SWITCH = "network.discovery"
AGAIN_AFTER_S = 30.0
"""A network that is only half there refuses an announcement; the next one is made after so long."""
GOODBYE_S = 1.0
"""How long a stop waits until the network has been told."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is announced, and on the adapters of which addresses.

    ``apis``: those whose doors are open; None where there is no page either, and so nothing for a browser.
    """

    ips: tuple[str, ...]
    port: int
    interfaces: tuple[str, ...]
    apis: tuple[str, ...] | None = None


class Discovery:
    """Announces while there is something to announce and ``network.discovery`` is on.

    ``interfaces``: announce these addresses, on their adapters alone, instead of the server's own.
    """

    def __init__(self, settings: Settings, bus: Bus, *, interfaces: Sequence[str] = ()) -> None:
        self._settings, self._interfaces = settings, tuple(interfaces)
        self._place: Place | None = None
        self._announcer: Announcer | None = None
        bus.subscribe(SettingsChanged, lambda _: self._follow())

    def announce(self, addresses: Sequence[LanAddress], port: int) -> None:
        """The server listens there; of a server for this computer alone nothing is said."""
        ips = [address.ip for address in addresses if address.kind == "lan"]
        ips = ips or [address.ip for address in addresses if address.kind != "loopback"]
        ips = list(self._interfaces) or ips
        if ips:
            version = min(address.version for ip in ips if (address := address_of(ip)))
            self._place = Place(tuple(ips), port, tuple(ip for ip in ips if (":" in ip) == (version == 6)))
        else:
            self._place = None
        self._follow()

    async def withdraw(self) -> None:
        """The server stops."""
        announcer, self._announcer, self._place = self._announcer, None, None
        if announcer is not None:
            announcer.end()
            await asyncio.to_thread(announcer.join, GOODBYE_S)

    def _follow(self) -> None:
        place = self._place if self._settings.flag(SWITCH) else None
        if place is not None:
            self._announcer = self._announcer or Announcer()
            self._announcer.say(replace(place, apis=self._open_apis()))
        elif self._announcer is not None:
            self._announcer.end()
            self._announcer = None

    def _open_apis(self) -> tuple[str, ...] | None:
        apis = tuple(api for api in _APIS if self._settings.flag(f"doors.{api}"))
        return apis if apis or self._settings.flag("doors.page") else None


class Announcer(threading.Thread):
    """One thread, one ``Zeroconf`` at a time. A daemon: the program's end does not wait for the network."""

    def __init__(self) -> None:
        super().__init__(name="discovery", daemon=True)
        self._wanted: queue.SimpleQueue[Place | None] = queue.SimpleQueue()
        self._last: Place | None = None
        self._failed_at: float | None = None
        self.start()

    def say(self, place: Place) -> None:
        """Called every few seconds; what stands already is not said again."""
        failed_at = self._failed_at
        if place != self._last or (failed_at is not None and passed_s() - failed_at > AGAIN_AFTER_S):
            self._last, self._failed_at = place, None
            self._wanted.put(place)

    def end(self) -> None:
        """Say goodbye, and end the thread."""
        self._wanted.put(None)

    def run(self) -> None:
        zeroconf: Zeroconf | None = None
        place = self._newest()
        while place is not None:
            zeroconf = self._replaced(zeroconf, place)
            place = self._newest()
        self._close(zeroconf)

    def _newest(self) -> Place | None:
        place = self._wanted.get()
        while not self._wanted.empty():
            place = self._wanted.get()
        return place

    def _replaced(self, before: Zeroconf | None, place: Place) -> Zeroconf | None:
        self._close(before)
        zeroconf: Zeroconf | None = None
        try:
            zeroconf = _open(place)
            for service in _services(place):
                zeroconf.register_service(service, allow_name_change=True)
        except Exception as error:  # whatever it is, the server goes on without being found
            log.warning(
                "this computer cannot be announced on the local network: %s", str(error) or type(error).__name__
            )
            self._close(zeroconf)
            self._failed_at = passed_s()
            return None
        log.info(Sentence("Phones find this computer on the local network, port {port}.", port=place.port))
        return zeroconf

    @staticmethod
    def _close(zeroconf: Zeroconf | None) -> None:
        if zeroconf is None:
            return
        try:
            zeroconf.unregister_all_services()
            zeroconf.close()
        except Exception as error:  # the network went first
            log.warning("the announcement could not be taken back: %s", str(error) or type(error).__name__)


def _open(place: Place) -> Zeroconf:
    from zeroconf import IPVersion, Zeroconf

    version = IPVersion.V6Only if ":" in place.interfaces[0] else IPVersion.V4Only
    return Zeroconf(interfaces=list(place.interfaces), ip_version=version)


def _services(place: Place) -> list[ServiceInfo]:
    """The host name is a random one: this computer's own may hold its owner's name."""
    from zeroconf import ServiceInfo

    told = {SERVICE: {"version": __version__, "path": "/"}}
    if place.apis is not None:
        told[WEB_SERVICE] = {"path": "/"} | ({"api": ",".join(place.apis)} if place.apis else {})
    host = f"frame-backend-{secrets.token_hex(4)}.local."
    return [
        ServiceInfo(
            kind,
            f"{INSTANCE}.{kind}",
            port=place.port,
            parsed_addresses=list(place.ips),
            properties=properties,
            server=host,
        )
        for kind, properties in told.items()
    ]
