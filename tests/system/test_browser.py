"""The wearer's own browser shares the paired address: pages of other sites in a real Chromium, and what they get done.

A second server, without any guard, gets the same attacks: so it is known that they are really sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest
from aiohttp import web

from tests import fakes, rig
from tests.fakes import FakeProviders
from tests.system.conftest import AUTH_KEY
from tests.system.program import Program

PAGE = Path(__file__).with_name("attacks.html")
PHOTO = rig.ROOT / "tests/data/images/jpeg_octet_stream.jpg"
"""Small: a browser sends no beacon over 64 KB."""
CHROMIUM = "chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--disable-extensions", "--mute-audio",
    "--host-resolver-rules=MAP evil.example 127.0.0.1", "--no-proxy-server",
)  # fmt: skip
WITHIN_S = 40

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which(CHROMIUM) is None and "CI" not in os.environ, reason="chromium is not installed"),
]


@dataclass
class Site:
    """Another site: a page that attacks, and a victim that refuses nothing and keeps what it gets."""

    port: int = 0
    victim: str = ""
    told: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    got: list[tuple[str, str, str, str]] = field(default_factory=list)

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(body=await asyncio.to_thread(PAGE.read_bytes), content_type="text/html")

    async def picture(self, request: web.Request) -> web.Response:
        return web.Response(body=await asyncio.to_thread(PHOTO.read_bytes), content_type="image/jpeg")

    async def done(self, request: web.Request) -> web.Response:
        self.told.set_result(json.loads(await request.read()))
        return web.Response()

    async def take(self, request: web.Request) -> web.Response:
        await request.read()
        heads = request.headers
        self.got.append(
            (request.method, request.path, heads.get("Origin", ""), heads.get("Content-Type", "").partition(";")[0])
        )
        allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type"}
        return web.Response(text="taken", headers=allowed)


@asynccontextmanager
async def other_site() -> AsyncIterator[Site]:
    site = Site()
    pages, victim = web.Application(), web.Application()
    pages.add_routes([web.get("/", site.page), web.get("/photo.jpg", site.picture), web.post("/done", site.done)])
    victim.router.add_route("*", "/{path:.*}", site.take)
    runners = [web.AppRunner(app, access_log=None, shutdown_timeout=0.2) for app in (pages, victim)]
    try:
        for runner in runners:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        site.port = runners[0].addresses[0][1]
        site.victim = f"http://127.0.0.1:{runners[1].addresses[0][1]}"
        yield site
    finally:
        for runner in runners:
            await runner.cleanup()


@asynccontextmanager
async def chromium(tmp_path: Path, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Chromium of its own, with an empty profile, ended with all its processes."""
    home = tmp_path / "browser"
    home.mkdir(exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *FLAGS, f"--user-data-dir={home}", *words,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def attacked(site: Site, tmp_path: Path, *targets: str) -> dict[str, dict[str, Any]]:
    """What the page says of its attacks on ``targets``."""
    address = f"http://localhost:{site.port}/?" + urlencode([("target", target) for target in targets])
    async with chromium(tmp_path, address), asyncio.timeout(WITHIN_S):
        found: dict[str, dict[str, Any]] = await site.told
    return found


async def test_a_page_of_another_site_gets_nothing_done(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes, tmp_path: Path
) -> None:
    fake["gemini"].always(fakes.ok("A red mug.", 0.95))
    async with program.headless() as server, other_site() as site:
        await server.auth(session, AUTH_KEY)  # from 127.0.0.1, where the browser is too
        by_name = server.url.replace("127.0.0.1", "localhost")  # to a browser the same site, yet another origin
        found = await attacked(site, tmp_path, server.url, by_name, site.victim)
        async with session.get(f"{server.url}/prompt-alice") as reply:
            assert (await reply.json())["is_custom"] is False
        status, _ = await server.process_frame(session, "alice", photo)
        assert status == 200  # the device itself still may
    assert len(fake["gemini"].calls) == 1
    assert len((await program.report("alice"))["frames"]) == 1
    assert "session" not in await program.do("key", "list", "alice")
    for target in (server.url, by_name):
        for attack, ending in found[target].items():
            refused = str(ending).startswith("failed") or ending in ("refused", True) or ending == "opaque 0 "
            assert refused, (target, attack, ending)
    sent = {(method, path, kind) for method, path, _, kind in site.got}
    assert sent >= {
        ("POST", "/process", "multipart/form-data"), ("POST", "/", "multipart/form-data"),
        ("POST", "/profile", "application/json"), ("POST", "/profile", "text/plain"),
        ("POST", "/prompt-alice", "application/json"), ("POST", "/prompt-alice", "text/plain"),
        ("GET", "/prompt-alice", ""),
    }  # fmt: skip
    assert (
        sum(path == "/process" and method == "POST" for method, path, _, _ in site.got) == 4
    )  # 2 fetches, form, beacon
    assert found[site.victim]["cors /process"] == "cors 200 taken"


async def test_a_page_that_the_owner_named_may_ask_and_read(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, tmp_path: Path
) -> None:
    fake["gemini"].always(fakes.ok("A red mug.", 0.95))
    async with other_site() as site:
        await program.do("setting", "set", "network.cors_origins", f"http://localhost:{site.port}")
        async with program.headless() as server:
            await server.auth(session, AUTH_KEY)
            found = (await attacked(site, tmp_path, server.url))[server.url]
    assert found["cors /process"].startswith('cors 200 {"answer":"A red mug."')
    assert found["cors /prompt-alice"].startswith("cors 200 {")
    assert '"prompt":"Obey the page."' in found["cors read"]


async def test_a_foreign_name_that_leads_here_is_refused(
    program: Program, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    """DNS rebinding: to the browser the page and the server are one origin, so only the name can tell."""
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        port = urlsplit(server.url).port
        seen = {}
        for host in ("evil.example", "127.0.0.1"):
            async with chromium(tmp_path, "--dump-dom", f"http://{host}:{port}/prompt-alice") as browser:
                out, _ = await asyncio.wait_for(browser.communicate(), WITHIN_S)
            seen[host] = out.decode()
    assert '"code":"wrong_host"' in seen["evil.example"]
    assert "default_prompt" not in seen["evil.example"]
    assert '"default_prompt"' in seen["127.0.0.1"]  # typed by the wearer himself
