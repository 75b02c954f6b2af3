"""The listening sockets, opened so that no other program can take what is meant for ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from typing import Any

Place = tuple[socket.AddressFamily, tuple[Any, ...]]
"""A family and an address as ``socket.bind`` takes it."""


async def bound(host: str, port: int) -> tuple[socket.socket, ...]:
    """A socket for each address of ``host``, all on one port; 0: any free one.

    Raises ``OSError`` (``socket.gaierror``: ``host`` has no address), ``OverflowError`` (no port) and ``UnicodeError``.
    """
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )  # fmt: skip
    places: dict[Place, None] = dict.fromkeys((family, address) for family, _, _, _, address in found)
    with contextlib.ExitStack() as opened:
        sockets: list[socket.socket] = []
        for family, (ip, number, *rest) in places:
            if not number and sockets:
                number = sockets[0].getsockname()[1]
            sockets.append(opened.enter_context(open_socket(family, (ip, number, *rest))))
        opened.pop_all()
    return tuple(sockets)


def open_socket(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
    """Bound, and not listening yet. Raises ``OSError`` and ``OverflowError``.

    Windows lets any program bind beside one that did not ask to be alone, and frames would go to either
    (https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse). Elsewhere
    ``SO_REUSEADDR`` only means that a port can be had again at once.
    """
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(address)
    except BaseException:
        opened.close()
        raise
    return opened
