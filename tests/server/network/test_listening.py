"""The listening sockets: one port on all addresses, and nobody beside them."""

from __future__ import annotations

import socket
import sys

import pytest

from app.server.network import listening


async def test_every_address_of_a_name_has_the_same_port() -> None:
    sockets = await listening.bound("localhost", 0)
    try:
        assert sockets
        (port,) = {one.getsockname()[1] for one in sockets}
        assert port
    finally:
        for one in sockets:
            one.close()


async def test_those_that_were_open_are_closed_when_one_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []

    def open_socket(family: socket.AddressFamily, address: tuple[str, int]) -> socket.socket:
        if opened:
            raise OSError("the second one")
        opened.append(socket.create_server(address))
        return opened[0]

    async def two(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1", 0)), (socket.AF_INET6, 1, 6, "", ("::1", 0, 0, 0))]

    monkeypatch.setattr(listening, "open_socket", open_socket)
    monkeypatch.setattr(listening.asyncio.get_running_loop(), "getaddrinfo", two)
    with pytest.raises(OSError, match="the second one"):
        await listening.bound("somewhere", 0)
    assert opened[0].fileno() == -1


def test_windows_is_asked_for_a_port_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """By an option that the system of this test has too, in the place of Windows' one."""
    monkeypatch.setattr(listening.sys, "platform", "win32")
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)
    with listening.open_socket(socket.AF_INET, ("127.0.0.1", 0)) as ours:
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert not ours.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere no option lets another program in")
def test_no_program_binds_beside_ours_on_windows() -> None:
    with listening.open_socket(socket.AF_INET, ("127.0.0.1", 0)) as ours, socket.socket() as theirs:
        ours.listen()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match=r"WinError (10013|10048)"):
            theirs.bind(ours.getsockname())
