"""Looking for a newer release: only where the owner wants it, once a day, without a word about this household."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from app.core.events import Bus, ReleaseChecked
from app.outgoing.releases import DAY_S, SWITCH, Releases, releases_address
from app.providers import Client
from app.store import Store
from tests.store.conftest import eventually

PAGE = "https://example.org/releases/v0.3.0"
NEWER = {"tag_name": "v0.3.0", "html_url": PAGE, "assets": [{"name": "setup.exe"}] * 20}


class Teller:
    """Tells ``body`` of the newest release, with ``status``."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps(NEWER).encode()
        self.asked: list[web.Request] = []
        self.sent: list[bytes] = []

    async def tell(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        self.sent.append(await request.read())
        return web.Response(status=self.status, body=self.body)


class Scene:
    """One program after the other on the same data folder; ``told``: what the window heard."""

    def __init__(self, client: Client, store: Store, bus: Bus, address: str, memory: Path) -> None:
        self._parts, self._address, self.memory = (client, store, bus), address, memory
        self.told: list[ReleaseChecked] = []
        bus.subscribe(ReleaseChecked, self.told.append)

    @asynccontextmanager
    async def program(self, *, version: str = "0.2.0", address: str | None = None) -> AsyncIterator[Releases]:
        wanted = self._address if address is None else address
        releases = Releases(*self._parts, address=wanted, memory=self.memory, version=version)
        releases.start()
        try:
            yield releases
        finally:
            await releases.stop()

    def said(self) -> list[str]:
        return [str(one.sentence) for one in self.told]


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
async def scene(store: Store, bus: Bus, teller: Teller, tmp_path: Path) -> AsyncIterator[Scene]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", teller.tell)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with Client() as client:
        host, port = runner.addresses[0][:2]
        yield Scene(client, store, bus, f"http://{host}:{port}/releases/latest", tmp_path / "newest-release.json")
    await runner.cleanup()


async def test_nothing_is_asked_until_the_owner_wants_it(scene: Scene, teller: Teller, store: Store) -> None:
    async with scene.program() as releases:
        for _ in range(5):
            await asyncio.sleep(0)
        assert (teller.asked, str(releases.state.sentence)) == ([], "Nothing is looked up.")
        await store.set_setting(SWITCH, True)
        await eventually(lambda: releases.state.page)
        assert releases.state.page == PAGE
        await store.set_setting(SWITCH, False)
        await eventually(lambda: not releases.state.page)
    assert scene.said() == ["Version 0.3.0 is out.", "Nothing is looked up."]
    assert not scene.memory.with_suffix(".new").exists()


async def test_the_one_request_says_nothing_of_this_household(scene: Scene, teller: Teller, store: Store) -> None:
    await store.set_setting(SWITCH, True)
    async with scene.program() as releases:
        await eventually(lambda: releases.state.page)
    (request,) = teller.asked
    assert (request.method, request.path_qs, teller.sent) == ("GET", "/releases/latest", [b""])
    assert set(request.headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
    assert request.headers["User-Agent"] == "frame-backend"


async def test_it_looks_once_a_day_however_often_it_starts(scene: Scene, teller: Teller, store: Store) -> None:
    await store.set_setting(SWITCH, True)
    for _ in range(3):
        async with scene.program() as releases:
            await eventually(lambda: releases.state.page)
            await eventually(scene.memory.exists)
    assert len(teller.asked) == 1
    for at in (time.time() - DAY_S - 1, time.time() + 3_600):  # a day later; a clock that was put back
        scene.memory.write_text(json.dumps({"at": at, "version": "0.3.0", "page": PAGE}), "utf-8")
        teller.asked.clear()
        async with scene.program():
            await eventually(lambda: teller.asked)


@pytest.mark.parametrize("version", ["0.3.0", "0.10.0", "1.0.0"])
async def test_what_is_newest_hears_that_it_is(scene: Scene, store: Store, version: str) -> None:
    await store.set_setting(SWITCH, True)
    async with scene.program(version=version):
        await eventually(lambda: scene.told)
    assert (scene.said(), scene.told[0].page) == (["This is the newest version."], "")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"{}"),
        (302, b""),
        (200, b""),
        (200, b"<html>"),
        (200, b"[" * 100_000),
        (200, b"\xff\xfe" * 10),
        (200, b"[1, 2]"),
        (200, json.dumps(NEWER | {"tag_name": "v0.3.0-rc1"}).encode()),
        (200, json.dumps(NEWER | {"tag_name": "9" * 5_000 + ".0.0"}).encode()),
        (200, json.dumps(NEWER | {"tag_name": ["v0.3.0"]}).encode()),
        (200, json.dumps(NEWER | {"html_url": "file:///etc/passwd"}).encode()),
        (200, json.dumps(NEWER | {"html_url": "http://example.org"}).encode()),
        (200, json.dumps(NEWER | {"html_url": "https://[::1"}).encode()),
        (200, b"x" * (2**20 + 1)),
    ],
    ids=["none", "elsewhere", "empty", "page", "deep", "binary", "list", "trial", "long", "type", "file", "http",
         "address", "large"],
)  # fmt: skip
async def test_whatever_else_comes_back_is_no_release(
    scene: Scene, teller: Teller, store: Store, status: int, body: bytes
) -> None:
    teller.status, teller.body = status, body
    await store.set_setting(SWITCH, True)
    async with scene.program():
        await eventually(lambda: scene.told)
    assert scene.said()[0].startswith("It could not be looked up: ")
    assert not scene.memory.exists()


async def test_another_setting_is_no_reason_to_look_again(scene: Scene, teller: Teller, store: Store) -> None:
    teller.status = 500
    await store.set_setting(SWITCH, True)
    async with scene.program():
        await eventually(lambda: scene.told)
        for hints in (0, 1, 3):
            await store.set_setting("gate.hints", hints)
            await asyncio.sleep(0.02)
        assert len(teller.asked) == 1


@pytest.mark.parametrize(
    "kept", ["", "{}", "[]", '{"at": "x"}', '{"at": 1e999, "version": "0.3.0", "page": "https://example.org"}']
)
async def test_a_memory_that_says_nothing_is_none(scene: Scene, teller: Teller, store: Store, kept: str) -> None:
    scene.memory.write_text(kept, "utf-8")
    await store.set_setting(SWITCH, True)
    async with scene.program() as releases:
        await eventually(lambda: releases.state.page)
    assert len(teller.asked) == 1


async def test_a_disk_that_takes_nothing_is_told_to_the_log_alone(
    scene: Scene, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    scene.memory.with_suffix(".new").mkdir()
    await store.set_setting(SWITCH, True)
    async with scene.program() as releases:
        await eventually(lambda: "could not be kept" in caplog.text)
        assert releases.state.page == PAGE


async def test_a_copy_from_source_knows_no_releases(scene: Scene, store: Store) -> None:
    assert releases_address() == ""
    await store.set_setting(SWITCH, True)
    async with scene.program(address="") as releases:
        assert str(releases.state.sentence) == "This copy does not know where its releases are."


def test_a_build_for_a_release_knows_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases.txt").write_text("https://example.org/latest\n")
    found: dict[str, Any] = {"releases.txt": tmp_path / "releases.txt"}
    monkeypatch.setattr("app.outgoing.releases.resource", found.__getitem__)
    assert releases_address() == "https://example.org/latest"
