"""Reading a body: bounded in bytes, alone and together, in stalls and in all, with one timer for every upload.

A timer per frame would be wasted on the loop of the window: under qasync a cancelled timer stays until it would have
expired. So one clock ticks while somebody uploads, and looks at all of them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from app.server.wire.api_errors import Refused

STALL_S = 10.0
TOTAL_S = 60.0
HELD_MOST_BYTES = 64 * 1024 * 1024
"""Of all uploads under way together: some hundred frames, or five of the largest photos."""
STILL_S = 1.0
"""So long without a byte, and an upload makes room for one that moves."""
_TICK_S = 1.0


@dataclass(eq=False, slots=True)
class _Upload:
    started_at: float
    moved_at: float
    size: int = 0
    leash: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))


class Uploads:
    """Reads bodies, and ends those that stall for ``stall_s`` or take ``total_s`` in all (to the nearest tick).

    Together they hold ``held_most`` bytes: over it the one that has been still for longest is ended.
    """

    def __init__(self, *, stall_s: float = STALL_S, total_s: float = TOTAL_S, held_most: int = HELD_MOST_BYTES) -> None:
        self._stall_s, self._total_s, self._held_most = stall_s, total_s, held_most
        self._tick_s = min(_TICK_S, stall_s / 4)
        self._running: set[_Upload] = set()
        self._ticking: asyncio.TimerHandle | None = None

    async def read(self, request: web.Request, limit_bytes: int, *, too_large: str) -> bytes:
        """The whole body. Raises ``Refused``: ``too_large`` (a code), ``upload_timeout``, ``busy``, ``bad_request``."""
        if (request.content_length or 0) > limit_bytes:
            raise Refused(too_large)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Refused("bad_request", "Compressed uploads are not taken.")
        await _continue_if_expected(request)
        try:
            return await self._read_in_time(request, limit_bytes, too_large)
        except (HttpProcessingError, web.RequestPayloadError, ConnectionError):
            raise Refused("bad_request") from None

    async def _read_in_time(self, request: web.Request, limit_bytes: int, too_large: str) -> bytes:
        loop = asyncio.get_running_loop()
        upload = _Upload(loop.time(), loop.time())
        self._watch(upload, loop)
        chunks = []
        try:
            async with upload.leash:
                while chunk := await request.content.readany():
                    upload.moved_at = loop.time()
                    chunks.append(chunk)
                    upload.size += len(chunk)
                    if upload.size > limit_bytes:
                        raise Refused(too_large)
                    self._make_room(upload, max(self._held_most, limit_bytes))
        except TimeoutError:
            raise Refused("upload_timeout") from None
        finally:
            self._running.discard(upload)
        return b"".join(chunks)

    def _make_room(self, upload: _Upload, most: int) -> None:
        """Raises ``Refused`` (``busy``) for ``upload`` where nobody else stands still."""
        while sum(one.size for one in self._running) > most:
            longest = min(self._running, key=lambda one: one.moved_at)
            if upload.moved_at - longest.moved_at < STILL_S:
                raise Refused("busy", retry_after_s=1)
            self._end(longest, upload.moved_at)

    def _end(self, upload: _Upload, now: float) -> None:
        self._running.discard(upload)
        upload.leash.reschedule(now)

    def _watch(self, upload: _Upload, loop: asyncio.AbstractEventLoop) -> None:
        self._running.add(upload)
        if self._ticking is None:
            self._ticking = loop.call_later(self._tick_s, self._tick)

    def _tick(self) -> None:
        self._ticking = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for upload in tuple(self._running):
            if now - upload.moved_at >= self._stall_s or now - upload.started_at >= self._total_s:
                self._end(upload, now)
        if self._running:
            self._ticking = loop.call_later(self._tick_s, self._tick)


async def wait_with_continue(request: web.Request) -> None:
    """aiohttp's hook for ``Expect: 100-continue``: promise nothing before the request was let in."""


async def _continue_if_expected(request: web.Request) -> None:
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the reply itself has not begun (as aiohttp's own handler does)
