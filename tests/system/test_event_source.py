"""A second screen: a page in a real Chromium that listens to ``GET /events``, by the browser's own EventSource."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from tests import fakes
from tests.fakes import FakeProviders
from tests.system.conftest import AUTH_KEY
from tests.system.program import Program
from tests.system.test_browser import WITHIN_S, chromium, pytestmark

__all__ = ["pytestmark"]

PAGE = Path(__file__).with_name("listens.html")


class Screen:
    """The site that the page is from; it is told what the page hears."""

    def __init__(self) -> None:
        self.port = 0
        self._told = asyncio.Queue[dict[str, Any]]()

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(body=await asyncio.to_thread(PAGE.read_bytes), content_type="text/html")

    async def take(self, request: web.Request) -> web.Response:
        self._told.put_nowait(json.loads(await request.read()))
        return web.Response()

    async def hears(self, kind: str, frame_id: str = "") -> dict[str, Any]:
        """What comes of that kind, about that frame; what comes before it does not matter."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                told = await self._told.get()
                if told["kind"] == kind and told.get("id", "") == frame_id:
                    return told


@pytest.fixture
async def screen() -> AsyncIterator[Screen]:
    screen = Screen()
    site = web.Application()
    site.add_routes([web.get("/", screen.page), web.post("/told", screen.take)])
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    screen.port = runner.addresses[0][1]
    yield screen
    await runner.cleanup()


@asynccontextmanager
async def shown(screen: Screen, target: str, tmp_path: Path) -> AsyncIterator[None]:
    async with chromium(tmp_path, f"http://localhost:{screen.port}/?target={target}"):
        yield


async def test_a_page_hears_answers_and_after_a_restart_what_it_missed(
    program: Program,
    session: aiohttp.ClientSession,
    fake: FakeProviders,
    photo: bytes,
    screen: Screen,
    tmp_path: Path,
) -> None:
    fake["gemini"].always(fakes.ok("A red mug.", 0.95))
    await program.do("setting", "set", "network.cors_origins", f"http://localhost:{screen.port}")
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)  # from 127.0.0.1, where the browser is too
        async with shown(screen, server.url, tmp_path):
            await screen.hears("open")
            _, first = await server.process_frame(session, "alice", photo)
            for kind in ("frame", "attempt"):
                await screen.hears(kind, first["frame_id"])
            told = await screen.hears("answer", first["frame_id"])
            assert (told["data"]["answer"], told["data"]["full_answer"]) == (first["answer"], first["full_answer"])
            server.process.terminate()
            await server.process.wait()
            await screen.hears("lost")
            async with program.headless("--port", str(urlsplit(server.url).port)) as again:
                _, second = await again.process_frame(session, "alice", photo)  # before the page tries again, or after
                await screen.hears("answer", second["frame_id"])


async def test_a_page_that_nobody_named_hears_nothing(
    program: Program, session: aiohttp.ClientSession, screen: Screen, tmp_path: Path
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        async with shown(screen, server.url, tmp_path):
            await screen.hears("refused")
