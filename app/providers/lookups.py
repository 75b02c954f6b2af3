"""Looking up host names in threads of its own: one name that hangs holds neither the others nor the program's end.

asyncio looks them up in the threads that everything else shares, and its end waits for each: 54 s for a name server
that is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

MOST = 64
"""Look-ups under way. Half of them are for names that nobody is looking up yet."""
AGAIN_AFTER_S = 5.0
"""Whoever needs a name then looks it up anew: the network may have come back."""


@dataclass(frozen=True, slots=True)
class _LookUp:
    found: asyncio.Future[Any]
    begun: float = field(default_factory=time.monotonic)


class Lookups:
    """``install`` makes it the way in which ``loop`` looks up names."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._newest: dict[tuple[Any, ...], _LookUp] = {}
        self._under_way = 0

    @classmethod
    def install(cls, loop: asyncio.AbstractEventLoop) -> None:
        loop.getaddrinfo = cls(loop).getaddrinfo  # type: ignore[method-assign, assignment]

    async def getaddrinfo(self, host: str | bytes | None, port: str | int | None, **how: int) -> Any:
        """As ``socket.getaddrinfo``. Who asks for what is being looked up waits for the same answer."""
        asked = (host, port, tuple(sorted(how.items())))
        lookup = self._newest.get(asked)
        is_old = lookup is not None and time.monotonic() - lookup.begun > AGAIN_AFTER_S
        if lookup is None or (is_old and self._under_way < MOST // 2):
            lookup = self._begin(asked)
        return await asyncio.shield(lookup.found)

    def _begin(self, asked: tuple[Any, ...]) -> _LookUp:
        if self._under_way >= MOST:
            raise socket.gaierror(socket.EAI_AGAIN, "too many host names are being looked up")
        self._under_way += 1
        lookup = self._newest[asked] = _LookUp(self._loop.create_future())
        threading.Thread(target=self._look_up, args=(asked, lookup), name="look up a host name", daemon=True).start()
        return lookup

    def _look_up(self, asked: tuple[Any, ...], lookup: _LookUp) -> None:
        """In its thread."""
        found: Any = None
        error: Exception | None = None
        try:
            host, port, how = asked
            found = socket.getaddrinfo(host, port, **dict(how))
        except Exception as raised:  # whatever it is, who asked shall hear of it
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._end, asked, lookup, found, error)

    def _end(self, asked: tuple[Any, ...], lookup: _LookUp, found: Any, error: Exception | None) -> None:
        self._under_way -= 1
        if self._newest.get(asked) is lookup:
            del self._newest[asked]
        if error is None:
            lookup.found.set_result(found)
        else:
            lookup.found.set_exception(error)
            lookup.found.exception()  # whoever asked may have gone
