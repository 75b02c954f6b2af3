"""FrameServer: starting, failing to start, stopping with frames in flight, starting again."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Sequence
from typing import Any

import pytest

from app.core.control import LanAddress, ServerControl
from app.core.errors import AddressInvalid
from app.core.events import Bus, ServerStateChanged
from app.server import FrameServer
from app.server.network import adapters, listening
from app.server.network import connection as connection_module
from app.server.network import server as server_module
from app.server.network.adapters import AdapterAddress
from app.server.network.discovery import Discovery
from app.store import Store
from tests.server.devices import ALICE, Phone, RawConnection, StubPipeline, eventually, form, head


def _states(heard: list[Any]) -> list[str]:
    return [event.state for event in heard if isinstance(event, ServerStateChanged)]


async def test_life(server: FrameServer, heard: list[Any]) -> None:
    control: ServerControl = server
    assert (control.state, control.sentence) == ("running", "")
    assert control.url == server.bound_url == f"http://127.0.0.1:{server.port}"
    await server.start()  # is no second listener
    await server.stop()
    assert (control.state, control.url, server.port) == ("stopped", "", 0)
    await server.start()
    assert (await Phone(server).send("GET", "/health")).status == 200
    await server.stop()
    await server.stop()
    assert _states(heard) == ["starting", "running", "stopping", "stopped"] * 2 + ["stopped"]
    assert [event.url != "" for event in heard[:4]] == [False, True, False, False]


async def test_host_and_port_come_from_the_settings(store: Store, pipeline: StubPipeline, bus: Bus) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    await store.set_setting("network.host", "0.0.0.0")
    await store.set_setting("network.port", port)
    server = FrameServer(store, pipeline, bus)
    await server.start()
    assert (server.port, server.bound_url) == (port, f"http://0.0.0.0:{port}")
    assert "0.0.0.0" not in server.url
    assert (await Phone(server).send("GET", "/health")).status == 200
    await server.stop()


async def test_stop_lets_the_frame_in_flight_finish_and_refuses_new_ones(
    server: FrameServer, paired: Phone, pipeline: StubPipeline
) -> None:
    pipeline.gate.clear()
    first = asyncio.ensure_future(paired.process())
    await pipeline.entered.wait()
    stopping = asyncio.ensure_future(server.stop())
    await eventually(lambda: server.state == "stopping")
    for reply in (await paired.process(), await paired.send("GET", "/health")):
        assert (reply.status, reply.code) == (503, "stopping")
    photo = await paired.photo()
    assert (photo.status, photo.text) == (503, "The server is shutting down.")
    pipeline.gate.set()
    assert (await first).status == 200
    await stopping
    with pytest.raises(ConnectionRefusedError):
        await RawConnection.open(server)


async def test_stop_loses_its_patience(server: FrameServer, paired: Phone, pipeline: StubPipeline) -> None:
    pipeline.gate.clear()
    first = asyncio.ensure_future(paired.process())
    await pipeline.entered.wait()
    started = time.monotonic()
    await server.stop()
    assert 0.3 < time.monotonic() - started < 3
    reply = await first
    assert (reply.status, reply.code) == (503, "stopping")
    assert pipeline.cancelled == pipeline.frames


async def test_upload_under_way_is_in_flight_too(server: FrameServer, paired: Phone) -> None:
    body = form({"username": ALICE})
    connection = await RawConnection.open(server)
    fields = {"content-type": "multipart/form-data; boundary=bnd", "content-length": str(len(body))}
    await connection.send(head(server, "POST", "/process", fields) + body[:500])
    await asyncio.sleep(0.02)
    stopping = asyncio.ensure_future(server.stop())
    await asyncio.sleep(0.05)
    assert server.state == "stopping"
    await connection.send(body[500:])
    assert (await connection.reply()).status == 200
    await stopping


async def test_connection_that_says_nothing_is_closed(
    store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "KEEP_ALIVE_S", 0.1)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0)
    await server.start()
    for said in (b"", b"POST /process HTTP/1.1\r\nhost: 127"):
        connection = await RawConnection.open(server)
        await connection.send(said)
        async with asyncio.timeout(5):
            assert await connection.reader.read() == b""
        await connection.close()
    await server.stop()


async def test_stop_is_quick_with_idle_connections(server: FrameServer) -> None:
    idle, used = await RawConnection.open(server), await RawConnection.open(server)
    await used.send(head(server, "GET", "/health"))
    await used.reply()
    started = time.monotonic()
    await server.stop()
    assert time.monotonic() - started < 1
    assert await idle.reader.read() == b""
    assert await used.reader.read() == b""
    await idle.close()
    await used.close()


async def test_several_requests_on_one_connection(server: FrameServer) -> None:
    connection = await RawConnection.open(server)
    for path in ("/health", "/nothing", "/health"):
        await connection.send(head(server, "GET", path))
        assert (await connection.reply()).status == (404 if path == "/nothing" else 200)


async def test_a_host_name_that_hangs_holds_neither_the_start_nor_the_stop(
    store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "LOOK_UP_LIMIT_S", 0.2)
    loop, waits = asyncio.get_running_loop(), asyncio.Event()

    async def hang(*_: object, **__: object) -> None:
        await waits.wait()

    monkeypatch.setattr(loop, "getaddrinfo", hang)
    server = FrameServer(store, pipeline, bus, host="one.hung", port=0)
    assert await server.addresses() == ()
    with pytest.raises(AddressInvalid, match=r"one\.hung"):
        await asyncio.wait_for(server.start(), 2)
    await asyncio.wait_for(server.stop(), 2)


# --- the network comes, changes and goes ------------------------------------------------------------------------------


class Network:
    """What this computer's adapters have, and what was announced of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ips: tuple[str, ...] = ()
        self.announced: list[tuple[str, ...]] = []
        monkeypatch.setattr(adapters, "adapter_addresses", self._addresses)
        monkeypatch.setattr(adapters, "ways_out", lambda: frozenset(self.ips[:1]))
        monkeypatch.setattr(server_module, "LOOK_EVERY_S", 0.02)
        monkeypatch.setattr(Discovery, "announce", self._announce)

    def _addresses(self) -> tuple[AdapterAddress, ...]:
        return tuple(AdapterAddress(ip, f"{ip}/32", "eth0", "lan") for ip in self.ips)

    def _announce(self, addresses: Sequence[LanAddress], port: int) -> None:
        ips = tuple(address.ip for address in addresses)
        if self.announced[-1:] != [ips]:
            self.announced.append(ips)


async def test_what_is_announced_follows_the_network_without_a_window(
    store: Store, pipeline: StubPipeline, bus: Bus, heard: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, server = Network(monkeypatch), FrameServer(store, pipeline, bus, host="0.0.0.0", port=0)
    await server.start()
    for ips in ((), ("192.0.2.1",), ("192.0.2.7",), ("192.0.2.7", "198.51.100.3"), ("192.0.2.7",), ()):
        network.ips = ips
        heard.clear()
        await eventually(lambda ips=ips: network.announced[-1] == ips)  # type: ignore[misc]
        assert server.url == f"http://{ips[0] if ips else '0.0.0.0'}:{server.port}"
        assert not ips or heard == [ServerStateChanged("running", server.url)]  # the window's list follows
    await server.stop()
    network.ips = ("192.0.2.9",)
    await asyncio.sleep(0.1)
    assert server.state == "stopped"
    assert network.announced[-1] == ()


async def test_an_address_that_comes_back_is_listened_on_again(
    store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network(monkeypatch)
    monkeypatch.setattr(listening, "open_socket", refuse := Refusal())
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0)
    with pytest.raises(AddressInvalid):
        await server.start()
    await asyncio.sleep(0.1)
    assert server.state == "error"
    refuse.over, network.ips = True, ("127.0.0.1",)
    await eventually(lambda: server.state == "running")
    await server.stop()


class Refusal:
    """As the system answers for an address that no adapter has, until it is ``over``."""

    def __init__(self) -> None:
        self.over, self._open = False, listening.open_socket

    def __call__(self, *place: Any) -> socket.socket:
        if not self.over:
            raise OSError(errno.EADDRNOTAVAIL, "not one of ours")
        return self._open(*place)
