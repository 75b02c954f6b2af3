"""Host names that hang: they hold neither healthy ones nor the end, and never take all the threads."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.providers import lookups
from app.providers.lookups import Lookups

FOUND = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 443))]


class NameServer:
    """In place of the system's: what ends with ``.hung`` is answered once ``back`` is set."""

    def __init__(self) -> None:
        self.back = threading.Event()
        self.asked: list[str] = []

    def __call__(self, asked: str | bytes, port: int, *more: int, **named: int) -> Any:
        host = asked.decode() if isinstance(asked, bytes) else asked
        self.asked.append(host)
        if host.endswith(".hung"):
            self.back.wait(30)
        if host.startswith("no."):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return FOUND


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server)
    yield server
    server.back.set()


async def look_up(host: str) -> Any:
    return await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)


async def give_up_on(host: str, after_s: float = 0.02) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(look_up(host), after_s)


async def test_healthy_names_are_found_beside_as_many_that_hang_as_there_are_providers(names: NameServer) -> None:
    Lookups.install(asyncio.get_running_loop())
    await asyncio.gather(*(give_up_on(f"{number}.hung") for number in range(60)))
    begun = time.monotonic()
    assert await look_up("healthy") == FOUND
    assert time.monotonic() - begun < 0.5


async def test_one_name_is_looked_up_once_at_a_time_and_anew_after_a_while(
    names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Lookups.install(asyncio.get_running_loop())
    for _ in range(20):
        await give_up_on("one.hung", 0.001)
    assert names.asked == ["one.hung"]
    monkeypatch.setattr(lookups, "AGAIN_AFTER_S", 0.0)
    await asyncio.sleep(0.02)
    await give_up_on("one.hung")
    assert names.asked == ["one.hung"] * 2


async def test_names_that_hang_are_bounded_and_come_back(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MOST", 4)
    monkeypatch.setattr(lookups, "AGAIN_AFTER_S", 0.0)
    Lookups.install(asyncio.get_running_loop())
    for _ in range(9):
        await give_up_on("one.hung")  # over and over: half of the threads are left to others
    assert names.asked == ["one.hung"] * 2
    assert await look_up("healthy") == FOUND
    await give_up_on("two.hung")
    await give_up_on("three.hung")
    with pytest.raises(socket.gaierror, match="too many"):
        await look_up("healthy")
    names.back.set()
    assert await look_up("three.hung") == FOUND
    await asyncio.sleep(0.05)
    assert await look_up("healthy") == FOUND


async def test_an_unknown_name_is_an_error_for_all_who_asked(names: NameServer) -> None:
    Lookups.install(asyncio.get_running_loop())
    found = await asyncio.gather(look_up("no.such"), look_up("no.such"), return_exceptions=True)
    assert [type(one) for one in found] == [socket.gaierror, socket.gaierror]
    assert len(names.asked) == 1


def test_the_end_does_not_wait_for_a_name_that_hangs(names: NameServer) -> None:
    async def main() -> None:
        Lookups.install(asyncio.get_running_loop())
        await give_up_on("one.hung")

    begun = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - begun < 1
