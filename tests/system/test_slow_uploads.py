"""Two hundred uploads at a byte a second: whoever uploads well is served as if they were not there."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

import aiohttp

from tests import fakes, rig
from tests.fakes import FakeProviders
from tests.system.conftest import AUTH_KEY
from tests.system.program import Listening, Program

SLOW, BYTE_EVERY_S = 200, 1.0
GOOD_FRAMES, AT_MOST_S = 10, 1.0


async def _dawdle(server: Listening, photo: bytes) -> None:
    """Upload one byte a second until the server has had enough or the test has."""
    body, headers = rig.multipart("alice", photo)
    host, port = re.fullmatch(r"http://(.+):(\d+)", server.url).groups()  # type: ignore[union-attr]
    _, writer = await asyncio.open_connection(host, int(port))
    try:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"POST /process HTTP/1.1\r\nhost: {host}:{port}\r\n{head}\r\n".encode())
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(BYTE_EVERY_S)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_good_client_does_not_wait_for_two_hundred_slow_ones(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    fake["gemini"].always(fakes.ok("A red mug.", 0.95))
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        slow = [asyncio.create_task(_dawdle(server, photo)) for _ in range(SLOW)]
        await asyncio.sleep(1.5 * BYTE_EVERY_S)
        assert not any(task.done() for task in slow)  # all of them are at it
        waited = []
        for _ in range(GOOD_FRAMES):
            began = time.monotonic()
            status, body = await server.process_frame(session, "alice", photo)
            waited.append(time.monotonic() - began)
            assert (status, body["answer"]) == (200, "A red mug."), body
            async with session.get(f"{server.url}/health") as reply:
                assert reply.status == 200
            waited.append(time.monotonic() - began)
            await asyncio.sleep(0.1)
        assert max(waited) < AT_MOST_S, waited
        assert not any(task.done() for task in slow)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
    assert server.process.returncode == 0
