"""A real store in a folder of its own, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.core import events
from app.core.events import Bus
from app.core.provider import ProviderConfig
from app.paths import DataFolder
from app.store import Store

PROVIDERS = (
    ProviderConfig("on_device", "on_device"),
    ProviderConfig("gemini", "gemini", "https://g.test/v1beta", "g-1"),
    ProviderConfig("qwen", "qwen", "https://q.test/v1", "q-1"),
)
VARIABLES = {"gemini": ("GEMINI_API_KEY", "GOOGLE_API_KEY"), "qwen": ("DASHSCOPE_API_KEY",)}
LAST_SEEN = (
    events.ProfilesChanged, events.ProvidersChanged, events.KeysChanged, events.PairingsChanged,
    events.BlacklistChanged, events.SettingsChanged, events.KeyringChecked, events.HistoryBehind, events.Trouble,
)  # fmt: skip

OpenStore = Callable[..., AbstractAsyncContextManager[Store]]


def variables(provider: str) -> tuple[str, ...]:
    return VARIABLES.get(provider, ())


class Clock:
    """Unix time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard(bus: Bus) -> list[Any]:
    """Everything that the store publishes."""
    found: list[Any] = []
    for kind in LAST_SEEN:
        bus.subscribe(kind, found.append)
    return found


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder just made: copying it is quicker than making one, which waits for the disk several times."""
    root = tmp_path_factory.mktemp("store") / "new"

    async def make() -> None:
        await (await Store.open(root, Bus(), default_providers=(), key_variables=variables)).close()

    asyncio.run(make())
    return root


@pytest.fixture
def open_store(folder: DataFolder, new_folder: Path, bus: Bus, clock: Clock) -> OpenStore:
    """Opens the test's data folder, as often as wanted; ``own_bus``: as another process would."""

    @asynccontextmanager
    async def opened(*, own_bus: bool = False, environ: dict[str, str] | None = None) -> AsyncIterator[Store]:
        if not folder.root.exists():
            shutil.copytree(new_folder, folder.root)
        store = await Store.open(
            folder.root,
            Bus() if own_bus else bus,
            default_providers=PROVIDERS,
            key_variables=variables,
            environ=environ or {},
            clock=clock,
        )
        async with store:
            yield store

    return opened


@pytest.fixture
async def store(open_store: OpenStore) -> AsyncIterator[Store]:
    async with open_store() as store:
        yield store


async def eventually(condition: Callable[[], object], *, within_s: float = 5.0) -> None:
    """Wait until ``condition`` holds."""
    give_up_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen in time"
        await asyncio.sleep(0.01)


async def count(store: Store, table: str, where: str = "true") -> int:
    """Rows of ``table`` in the database itself."""
    return await store._database.read(lambda session: session.number(f"SELECT count(*) FROM {table} WHERE {where}"))


def files_in(folder: Path) -> list[str]:
    """Names of the files under ``folder``. Not rglob: it does not forgive a folder that goes while it looks."""
    return [name for _, _, names in os.walk(folder) for name in names]


async def eventually_is(awaitable: Callable[[], Awaitable[Any]], wanted: object, *, within_s: float = 5.0) -> None:
    """Wait until what ``awaitable`` gives is ``wanted``."""
    give_up_at = time.monotonic() + within_s
    while (found := await awaitable()) != wanted:
        assert time.monotonic() < give_up_at, f"still {found!r}"
        await asyncio.sleep(0.01)
