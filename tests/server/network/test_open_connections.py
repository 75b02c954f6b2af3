"""Who holds connections open and says nothing keeps nobody out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from app.core.events import Bus
from app.server import FrameServer
from app.server.network import connection
from app.server.network.connection import _share_of
from app.server.network.open_connections import (
    MOST,
    PAIRED_MOST,
    UNKNOWN_MOST,
    OpenConnections,
    Share,
    most_connections,
)
from app.store import Store
from app.store.setup.addresses import counted_as
from tests.server.devices import ALICE, Phone, RawConnection, StubPipeline, form, head

PAIRED, PROXY, STRANGER = "192.168.0.9", "10.0.0.1", "192.168.0.66"


class Line:
    def __init__(self, *, is_idle: bool = True) -> None:
        self.is_idle, self.dropped = is_idle, False

    def drop(self) -> None:
        self.dropped = True


def share_of(ip: str) -> Share:
    return {"here": Share(ip, None), PAIRED: Share(ip, PAIRED_MOST)}.get(
        ip, Share(counted_as(ip), UNKNOWN_MOST, is_stranger=True)
    )


@pytest.fixture
def opened() -> OpenConnections:
    return OpenConnections(share_of, 100)


def held(lines: list[Line]) -> int:
    return sum(not line.dropped for line in lines)


def admit(opened: OpenConnections, ips: Iterator[str], *, is_idle: bool = True) -> tuple[list[Line], list[bool]]:
    lines, let_in = [], []
    for ip in ips:
        lines.append(Line(is_idle=is_idle))
        let_in.append(opened.admit(lines[-1], ip))
    return lines, let_in


@pytest.mark.parametrize(("ip", "most"), [(STRANGER, UNKNOWN_MOST), (PAIRED, PAIRED_MOST), ("here", 100)])
def test_an_address_holds_no_more_than_its_share(ip: str, most: int, opened: OpenConnections) -> None:
    lines, let_in = admit(opened, iter([ip] * 150), is_idle=True)
    assert all(let_in)
    assert [line.dropped for line in lines] == [True] * (150 - most) + [False] * most  # the silent ones made room


def test_one_whose_connections_are_all_busy_gets_no_more(opened: OpenConnections) -> None:
    _, let_in = admit(opened, iter([STRANGER] * 20), is_idle=False)
    assert let_in == [True] * UNKNOWN_MOST + [False] * 4


def test_a_hosts_whole_ipv6_network_is_one_address(opened: OpenConnections) -> None:
    lines, _ = admit(opened, (f"2001:db8::{number:x}" for number in range(40)))
    assert held(lines) == UNKNOWN_MOST
    others, _ = admit(opened, (f"2001:db8:0:{number:x}::1" for number in range(1, 11)))
    assert held(others) == 10


def test_all_strangers_together_leave_half_to_those_who_are_paired(opened: OpenConnections) -> None:
    _, let_in = admit(opened, (f"10.1.{number}.1" for number in range(99)), is_idle=False)
    assert sum(let_in) == 50
    _, let_in = admit(opened, iter([PAIRED] * 50), is_idle=False)
    assert all(let_in)
    assert opened.admit(Line(), "here") is False  # all are busy: there is no room for anybody


def test_strangers_go_before_others(opened: OpenConnections) -> None:
    paired, _ = admit(opened, iter([PAIRED] * 50))
    strangers, _ = admit(opened, (f"10.1.{number}.1" for number in range(50)))
    newcomers, let_in = admit(opened, iter(["here"] * 50))
    assert all(let_in)
    assert (held(paired), held(strangers), held(newcomers)) == (50, 0, 50)


def test_what_was_closed_no_longer_counts(opened: OpenConnections) -> None:
    for _ in range(3):
        lines, let_in = admit(opened, iter([STRANGER] * UNKNOWN_MOST), is_idle=False)
        assert all(let_in)
        for line in lines:
            opened.leave(line)
            opened.leave(line)
    assert (opened._all, opened._strangers, opened._by_key) == ({}, {}, {})


async def test_whose_share_it_is(store: Store) -> None:
    await store.set_setting("network.trusted_proxies", f"{PROXY}, fd00::/8")
    await store.pairings.pair(PAIRED, ALICE)
    for ip in ("127.0.0.1", "::1", PROXY, "fd00::7"):
        assert _share_of(store, ip).most is None
    assert _share_of(store, PAIRED) == Share(PAIRED, 64)
    assert _share_of(store, "2001:db8::7") == Share("2001:db8::/64", 16, is_stranger=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(("soft", "most"), [(256, 128), (1_024, 512), (1 << 20, MOST), (-1, MOST), (20, 16)])
def test_descriptors_are_left_for_the_rest(soft: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, soft))
    assert most_connections() == most


async def test_250_silent_connections_deafen_nobody(
    store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "most_connections", lambda: 100)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0)
    await server.start()
    silent = [await RawConnection.open(server) for _ in range(250)]
    for one in silent[::2]:
        await one.send(b"POST /process HTTP/1.1\r\nhost: 127")  # half a head is as silent as none
    async with asyncio.timeout(5):
        assert (await Phone(server).send("GET", "/health")).status == 200
        assert await silent[0].reader.read() == b""
    assert server._runner is not None
    await server.stop()


async def test_a_request_under_way_is_not_given_up_for_a_newcomer(
    store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "most_connections", lambda: 20)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0)
    await server.start()
    await store.pairings.pair("127.0.0.2", ALICE)
    pipeline.gate.clear()
    body = form({"username": ALICE})
    frame = await RawConnection.open(server)
    fields = {"content-type": "multipart/form-data; boundary=bnd", "content-length": str(len(body))}
    await frame.send(head(server, "POST", "/process", fields) + body)
    await pipeline.entered.wait()
    for _ in range(60):
        await RawConnection.open(server)
    assert (await Phone(server).send("GET", "/health")).status == 200
    pipeline.gate.set()
    assert (await frame.reply()).status == 200
    await server.stop()


@pytest.mark.parametrize("ip", [STRANGER, PAIRED])
async def test_a_device_on_the_network_has_its_share(
    ip: str, store: Store, pipeline: StubPipeline, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests have only loopback's addresses: they are taken for ``ip`` here."""
    await store.pairings.pair(PAIRED, ALICE)
    monkeypatch.setattr(connection, "client_ip", lambda peer: ip)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=0)
    await server.start()
    most = PAIRED_MOST if ip == PAIRED else UNKNOWN_MOST
    lines = [await RawConnection.open(server) for _ in range(most + 3)]
    assert (await Phone(server).send("GET", "/health")).status == 200
    for line in lines[:3]:
        async with asyncio.timeout(2):
            assert await line.reader.read() == b""
    assert server._runner is not None
    assert server._runner.server is not None
    assert len(server._runner.server.connections) <= most
    await server.stop()
