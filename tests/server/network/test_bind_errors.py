"""A listener that cannot be opened: three causes apart, each with the way out, and the way out works."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.errors import AddressForbidden, AddressInUse, AddressInvalid, ServerError
from app.core.events import Bus, ServerStateChanged
from app.server import FrameServer
from app.server.network import bind_errors
from app.server.network.bind_errors import explain, next_free_port
from app.store import Store
from tests.server.devices import Phone, StubPipeline


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def bind(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.bind((host, port))


async def test_port_in_use_names_a_free_one_which_then_works(
    store: Store, pipeline: StubPipeline, heard: list[Any], bus: Bus, taken: int
) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=taken)
    with pytest.raises(AddressInUse) as raised:
        await server.start()
    free = raised.value.free_port
    assert taken < free <= taken + bind_errors.PORTS_TRIED
    assert str(raised.value) == f"Port {taken} is in use by another program. Port {free} is free."
    assert (server.state, server.url, server.sentence) == ("error", "", str(raised.value))
    assert server.failure is raised.value
    assert heard[-1] == ServerStateChanged("error", "", server.sentence)
    await store.set_setting("network.port", free)
    await server.start()
    assert (server.state, server.port, server.sentence, server.failure) == ("running", free, "", None)
    assert (await Phone(server).send("GET", "/health")).status == 200
    await server.stop()


async def test_a_second_server_starts_when_the_first_has_ended(
    server: FrameServer, store: Store, pipeline: StubPipeline
) -> None:
    second = FrameServer(store, pipeline, Bus(), host="127.0.0.1", port=server.port)
    with pytest.raises(AddressInUse):
        await second.start()
    port = server.port
    await server.stop()
    await second.start()
    assert (second.state, second.port) == ("running", port)
    await second.stop()


@pytest.mark.parametrize("host", ["203.0.113.1", "no such host", "a..b"])
async def test_an_address_that_is_none_of_ours_offers_all_of_ours(
    store: Store, pipeline: StubPipeline, bus: Bus, heard: list[Any], host: str, taken: int
) -> None:
    server = FrameServer(store, pipeline, bus, host=host, port=taken)
    with pytest.raises(AddressInvalid) as raised:
        await server.start()
    error = raised.value
    assert (error.free_host, error.free_port > taken) == ("0.0.0.0", True)
    assert str(error) == (
        f"'{host}' is not an address of this computer. Port {error.free_port} is free on all its addresses (0.0.0.0)."
    )
    assert heard[-1] == ServerStateChanged("error", "", server.sentence)
    await server.stop()


def test_who_meant_this_computer_alone_is_not_offered_the_network() -> None:
    error = explain(OSError(errno.EADDRNOTAVAIL, "no IPv6"), "::1", 0)
    assert (error.free_host, error.free_port > 0) == ("127.0.0.1", True)
    assert "on this computer alone (127.0.0.1)" in str(error)


def test_a_port_beyond_all_ports(taken: int) -> None:
    with pytest.raises(OverflowError) as raised:
        bind("127.0.0.1", 70_000)
    error = explain(raised.value, "127.0.0.1", 70_000)
    assert type(error) is AddressInvalid
    assert str(error) == f"70000 is not a port: they go from 1 to 65535. Port {error.free_port} is free."
    bind("127.0.0.1", error.free_port)


@pytest.mark.parametrize(
    ("error", "system", "kind", "sentence"),
    [
        (OSError(errno.EADDRINUSE, ""), "linux", AddressInUse, "Port 80 is in use by another program."),
        (OSError(10048, ""), "win32", AddressInUse, "Port 80 is in use by another program."),
        (PermissionError(errno.EACCES, ""), "linux", AddressForbidden, "Port 80 needs administrator rights."),
        (OSError(10013, ""), "win32", AddressForbidden, "Port 80 is reserved by Windows, or "),
        (PermissionError(errno.EACCES, ""), "win32", AddressForbidden, "Port 80 is reserved by Windows, or "),
        (OSError(errno.EADDRNOTAVAIL, ""), "linux", AddressInvalid, "'127.0.0.1' is not an address of this computer."),
        (socket.gaierror(socket.EAI_NONAME, ""), "linux", AddressInvalid, "'127.0.0.1' is not an address of this "),
    ],
)
def test_what_the_system_says(error: Exception, system: str, kind: type[ServerError], sentence: str) -> None:
    failure = explain(error, "127.0.0.1", 80, system)
    assert type(failure) is kind
    assert str(failure).startswith(sentence)
    assert f"Port {failure.free_port} is free" in str(failure)
    bind("127.0.0.1", failure.free_port)


def test_a_high_port_that_is_refused_is_no_matter_of_rights() -> None:
    failure = explain(PermissionError(errno.EACCES, ""), "127.0.0.1", 7175, "linux")
    assert str(failure).startswith("This computer does not let the program use port 7175. Port ")


def test_the_next_free_port_is_searched_upwards_then_near_the_usual_one(taken: int) -> None:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", taken + 1))
            other.listen()
        except OSError:
            pytest.skip("somebody has that port")
        assert next_free_port("127.0.0.1", taken) > taken + 1
    assert 7_175 <= next_free_port("127.0.0.1", 65_535) <= 7_175 + bind_errors.PORTS_TRIED
    assert next_free_port("203.0.113.1", taken) == 0
    assert next_free_port("no such host", taken) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs 127.0.0.2")
def test_a_port_of_another_address_is_free_here(taken: int) -> None:
    assert next_free_port("127.0.0.2", taken - 1) == taken


def test_no_free_port_is_not_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bind_errors, "_can_bind", lambda place, port: False)
    failure = explain(OSError(errno.EADDRINUSE, ""), "127.0.0.1", 7_175)
    assert (str(failure), failure.free_port) == ("Port 7175 is in use by another program.", 0)
    failure = explain(OSError(errno.EADDRNOTAVAIL, ""), "203.0.113.1", 7_175)
    assert (str(failure), failure.free_port) == ("'203.0.113.1' is not an address of this computer.", 0)


async def test_a_taken_port_is_told_before_the_start(
    store: Store, pipeline: StubPipeline, bus: Bus, taken: int
) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=taken)
    assert f"Port {taken} is in use" in await server.trouble_ahead()
    assert server.state == "stopped"
    free = FrameServer(store, pipeline, bus, host="127.0.0.1", port=next_free_port("127.0.0.1", taken))
    assert await free.trouble_ahead() == ""
    await free.start()  # it keeps nothing open
    await free.stop()


# --- what the program was started with -------------------------------------------------------------------------------


async def test_a_changed_setting_outlives_what_was_given_at_the_start(
    store: Store, pipeline: StubPipeline, bus: Bus, taken: int
) -> None:
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=taken)
    await store.set_setting("limits.upload_mb", 3)
    with pytest.raises(AddressInUse):
        await server.start()
    free = await server.next_free_port()
    await store.set_setting("network.port", free)
    await server.start()
    assert server.bound_url == f"http://127.0.0.1:{free}", "the address that was given still counts"
    await server.stop()


async def test_a_setting_that_stays_the_same_can_be_chosen_too(
    store: Store, pipeline: StubPipeline, bus: Bus, taken: int
) -> None:
    free = next_free_port("127.0.0.1", taken)
    await store.set_setting("network.port", free)
    server = FrameServer(store, pipeline, bus, host="127.0.0.1", port=taken)
    await store.set_setting("network.port", free)
    with pytest.raises(AddressInUse):
        await server.start()
    server.follow("network.port")
    await server.start()
    assert server.port == free
    await server.stop()
