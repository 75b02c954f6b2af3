"""A real server on a free port, over a real store in a folder of its own, with a stub for the pipeline."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.core import events
from app.core.events import Bus
from app.core.provider import ProviderConfig
from app.server import FrameServer
from app.server.wire.uploads import Uploads
from app.store import Store
from tests.server.described import KEY_VENDORS
from tests.server.devices import KEYS, Phone, RawConnection, StubPipeline
from tests.server.whole import Whole, whole

PROVIDERS = tuple(ProviderConfig(name, name) for name in ("gemini", "deepseek", "qwen", "chatgpt"))
LIMITS = ("limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour")
LAST_SEEN = (events.PairingWanted, events.KeysPosted, events.ServerStateChanged)


@pytest.fixture(autouse=True)
async def raw_connections_are_closed() -> AsyncIterator[None]:
    yield
    while RawConnection.opened:
        await RawConnection.opened.pop().close()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def heard(bus: Bus) -> list[Any]:
    """What was published that the server may publish."""
    found: list[Any] = []
    for kind in LAST_SEEN:
        bus.subscribe(kind, found.append)
    return found


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two profiles and no limits, made once and copied per test: ten times faster than anew."""
    folder = tmp_path_factory.mktemp("template") / "data"

    async def make() -> None:
        async with await _open(folder, Bus()) as store:
            for username, auth_key in KEYS.items():
                await store.profiles.add(username, auth_key)
            for limit in LIMITS:
                await store.set_setting(limit, 0)
            await store.set_setting("network.discovery", False)  # no test speaks to the network

    with ThreadPoolExecutor(1) as thread:  # a loop of its own, away from the tests' loops
        thread.submit(asyncio.run, make()).result()
    return folder


async def _open(folder: Path, bus: Bus) -> Store:
    return await Store.open(folder, bus, default_providers=PROVIDERS, key_variables=lambda name: (), environ={})


@pytest.fixture
async def store(data_folder: Path, tmp_path: Path, bus: Bus) -> AsyncIterator[Store]:
    async with await _open(shutil.copytree(data_folder, tmp_path / "data"), bus) as store:
        yield store


@pytest.fixture
async def pipeline() -> StubPipeline:
    return StubPipeline()


@pytest.fixture
async def uploads() -> Uploads:
    """Impatient, so that a test of patience is short."""
    return Uploads(stall_s=0.4, total_s=1.0)


@pytest.fixture
async def server(
    store: Store, pipeline: StubPipeline, bus: Bus, heard: list[Any], uploads: Uploads
) -> AsyncIterator[FrameServer]:
    server = FrameServer(
        store, pipeline, bus, host="127.0.0.1", port=0, key_vendors=KEY_VENDORS, uploads=uploads, patience_s=0.4
    )
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def phone(server: FrameServer) -> Phone:
    """A phone that nobody knows yet."""
    return Phone(server)


@pytest.fixture
async def paired(phone: Phone) -> Phone:
    """A phone that authenticated as alice."""
    assert (await phone.auth()).status == 200
    return phone


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The whole program, for all tests that throw things at it."""
    with whole(tmp_path_factory.mktemp("whole") / "data") as server:
        yield server
