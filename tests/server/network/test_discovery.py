"""A phone finds the server by itself, on loopback alone here: while it runs, while the owner lets it, and no longer."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import pytest
import zeroconf
from filelock import FileLock
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from app import __version__
from app.core.control import LanAddress
from app.core.events import Bus
from app.server import FrameServer
from app.server.endpoint import Door
from app.server.network import discovery as discovery_module
from app.server.network.discovery import INSTANCE, SERVICE, WEB_SERVICE, Discovery
from app.store import Store
from tests.server.devices import eventually

LOOPBACK = ("127.0.0.1",)
LAN = (LanAddress("192.168.0.10", "http://192.168.0.10:7175", "wlan0", "lan", "192.168.0.0/24"),)
WITHIN_S = 15.0


@pytest.fixture(scope="module", autouse=True)
def _alone() -> Iterator[None]:
    """Whatever is announced on this machine is heard here: another run of these tests as well."""
    with FileLock(Path(tempfile.gettempdir(), "frame-backend-test-discovery.lock"), timeout=100):
        yield


class Browser:
    """A phone's view: the names that are there now."""

    def __init__(self, own: AsyncZeroconf, kind: str) -> None:
        self.own, self.kind, self.names = own, kind, set[str]()
        self._browser = AsyncServiceBrowser(own.zeroconf, kind, handlers=[self._changed])

    def _changed(self, *, name: str, state_change: zeroconf.ServiceStateChange, **_: object) -> None:
        if state_change is zeroconf.ServiceStateChange.Removed:
            self.names.discard(name)
        else:
            self.names.add(name)

    async def info(self) -> AsyncServiceInfo:
        info = AsyncServiceInfo(self.kind, f"{INSTANCE}.{self.kind}")
        assert await info.async_request(self.own.zeroconf, 3_000)
        return info

    async def sees(self, *instances: str) -> None:
        await eventually(lambda: self.names == {f"{name}.{self.kind}" for name in instances}, WITHIN_S)

    async def reads(self, **properties: str) -> None:
        """What stands beside the address, once it is told anew."""
        async with asyncio.timeout(WITHIN_S):
            while f"{INSTANCE}.{self.kind}" not in self.names or (await self.info()).decoded_properties != properties:
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        await self._browser.async_cancel()
        await self.own.async_close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with looking_for(SERVICE) as browser:
        yield browser


@asynccontextmanager
async def looking_for(kind: str) -> AsyncIterator[Browser]:
    browser = Browser(AsyncZeroconf(interfaces=list(LOOPBACK), ip_version=zeroconf.IPVersion.V4Only), kind)
    try:
        yield browser
    finally:
        await browser.close()


@pytest.fixture
async def discovery(store: Store, bus: Bus) -> AsyncIterator[Discovery]:
    await store.set_setting("network.discovery", True)
    discovery = Discovery(store.settings, bus, interfaces=LOOPBACK)
    yield discovery
    await discovery.withdraw()
    await eventually(lambda: not announcers(), WITHIN_S)


def announcers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "discovery"]


async def test_a_browser_finds_it_with_nothing_private_in_it(discovery: Discovery, browser: Browser) -> None:
    discovery.announce(LAN, 7_199)
    await browser.sees(INSTANCE)
    info = await browser.info()
    assert (info.port, info.parsed_addresses()) == (7_199, ["127.0.0.1"])
    assert info.decoded_properties == {"version": __version__, "path": "/"}
    assert info.server is not None
    assert info.server.startswith("frame-backend-"), "not this computer's name, which may hold its owner's"
    await discovery.withdraw()
    await browser.sees()


async def test_the_switch_counts_at_once(discovery: Discovery, browser: Browser, store: Store) -> None:
    await store.set_setting("network.discovery", False)
    discovery.announce(LAN, 7_199)
    assert announcers() == []
    await store.set_setting("network.discovery", True)
    await browser.sees(INSTANCE)
    await store.set_setting("gate.hints", 1)
    assert len(announcers()) == 1
    await store.set_setting("network.discovery", False)
    await browser.sees()


async def test_browsers_and_programs_find_what_is_open(discovery: Discovery, store: Store) -> None:
    discovery.announce(LAN, 7_199)
    async with looking_for(WEB_SERVICE) as web, looking_for(SERVICE) as phone:
        await web.reads(path="/", api="openai")
        assert ((await web.info()).port, (await web.info()).server) == (7_199, (await phone.info()).server)
        await store.set_setting("doors.ollama", True)
        await web.reads(path="/", api="openai,ollama")
        for door in ("openai", "ollama", "page"):
            await store.set_setting(f"doors.{door}", False)
        await web.sees()
        await phone.sees(INSTANCE)
        await discovery.withdraw()
        await phone.sees()


async def test_a_second_computer_gets_a_name_of_its_own(
    discovery: Discovery, browser: Browser, store: Store, bus: Bus
) -> None:
    discovery.announce(LAN, 7_199)
    await browser.sees(INSTANCE)
    other = Discovery(store.settings, bus, interfaces=LOOPBACK)
    other.announce(LAN, 7_200)
    await browser.sees(INSTANCE, f"{INSTANCE}-2")
    await other.withdraw()
    await browser.sees(INSTANCE)


async def test_another_port_is_announced_anew_and_the_same_is_not(discovery: Discovery, browser: Browser) -> None:
    discovery.announce(LAN, 7_199)
    await browser.sees(INSTANCE)
    discovery.announce(LAN, 7_199)
    discovery.announce(LAN, 7_201)

    async def port() -> int | None:
        info = AsyncServiceInfo(SERVICE, f"{INSTANCE}.{SERVICE}")
        return info.port if await info.async_request(browser.own.zeroconf, 1_000) else None

    async with asyncio.timeout(WITHIN_S):
        while await port() != 7_201:
            await asyncio.sleep(0.05)
    assert len(announcers()) == 1


async def test_of_this_computer_alone_nothing_is_said(store: Store, bus: Bus, server: FrameServer) -> None:
    """The fixture's server listens on 127.0.0.1, now with discovery on."""
    await store.set_setting("network.discovery", True)
    await server.stop()
    await server.start()
    assert announcers() == []


@pytest.mark.parametrize(
    ("opened", "apis"),
    [({"page", "openai"}, ("openai",)), ({"ollama"}, ("ollama",)), ({"page"}, ()), ({"mcp", "events"}, None)],
)
async def test_a_page_or_an_api_is_worth_opening(
    opened: set[str], apis: tuple[str, ...] | None, discovery: Discovery, store: Store
) -> None:
    for door in get_args(Door):
        await store.set_setting(f"doors.{door}", door in opened)
    assert discovery._open_apis() == apis


def place_of(discovery: Discovery, monkeypatch: pytest.MonkeyPatch, *addresses: LanAddress) -> discovery_module.Place:
    monkeypatch.setattr(discovery, "_follow", lambda: None)
    discovery.announce(addresses, 7_175)
    assert discovery._place is not None
    return discovery._place


async def test_vpns_and_containers_are_left_alone(store: Store, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    vpn = LanAddress("10.8.0.2", "", "tun0", "vpn")
    six = LanAddress("2001:db8::1", "", "wlan0", "lan")
    place = place_of(Discovery(store.settings, bus), monkeypatch, *LAN, six, vpn)
    assert place.ips == ("192.168.0.10", "2001:db8::1")
    assert place.interfaces == ("192.168.0.10",)
    assert place_of(Discovery(store.settings, bus), monkeypatch, six).interfaces == ("2001:db8::1",)
    assert place_of(Discovery(store.settings, bus), monkeypatch, vpn).ips == ("10.8.0.2",), "all that there is"


async def test_a_failure_is_a_line_in_the_log_and_nothing_more(
    discovery: Discovery,
    browser: Browser,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def no_network(**_: object) -> None:
        raise OSError("network is down")

    with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
        broken.setattr(zeroconf, "Zeroconf", no_network)
        discovery.announce(LAN, 7_199)
        await eventually(lambda: "cannot be announced on the local network: network is down" in caplog.text, WITHIN_S)
    discovery.announce(LAN, 7_199)
    await asyncio.sleep(0.5)
    assert browser.names == set(), "not tried again at once"
    monkeypatch.setattr(discovery_module, "AGAIN_AFTER_S", 0.0)
    discovery.announce(LAN, 7_199)
    await browser.sees(INSTANCE)


async def test_a_stop_does_not_wait_for_a_network_that_hangs(
    discovery: Discovery, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def hangs(**_: object) -> None:
        entered.set()
        go_on.wait(WITHIN_S)
        raise OSError("too late")

    monkeypatch.setattr(zeroconf, "Zeroconf", hangs)
    monkeypatch.setattr(discovery_module, "GOODBYE_S", 0.05)
    discovery.announce(LAN, 7_199)
    await eventually(entered.is_set, WITHIN_S)
    (announcer,) = announcers()
    await discovery.withdraw()
    assert announcer.is_alive(), "it was not waited for"
    assert announcer.daemon, "nor will the program's end"
    go_on.set()
