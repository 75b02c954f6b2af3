"""The whole program in the test's own process: what it holds can be counted, tasks, sockets, files, children."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from app.application import Application
from app.core.provider import Seat
from app.paths import DataFolder
from app.providers import child_life, reader_worker
from app.providers.reader_worker import Reading

AUTH_KEY = "canary-auth-0123456789"
PROVIDERS = ("gemini", "deepseek")
CALL_LIMIT_S = 0.5
SETTLE_S = 8.0
SAME_RUNNING = 6
CAP_SYS_ADMIN = 21


def may_mount() -> bool:
    """Root alone is not enough: in most containers it may not."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return False
    [held] = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff:")]
    return bool(held >> CAP_SYS_ADMIN & 1) and shutil.which("mount") is not None


@dataclass(frozen=True, slots=True)
class Counted:
    """What this process holds."""

    tasks: int
    sockets: int
    descriptors: int
    children: int


def counted() -> Counted:
    me = psutil.Process()
    descriptors = me.num_fds() if hasattr(me, "num_fds") else 0
    return Counted(
        len(asyncio.all_tasks()), len(me.net_connections(kind="all")), descriptors, len(me.children(recursive=True))
    )


async def steady() -> Counted:
    """What it holds once nothing comes or goes: the phone's last connection is closed a moment after its reply.

    Learning from labels ends by itself, but rests for some seconds before.
    """
    if learning := [task for task in asyncio.all_tasks() if task.get_name() == "learn from labels"]:
        await asyncio.wait(learning)
    before = counted()
    quiet = 0
    while quiet < SAME_RUNNING:
        await asyncio.sleep(0.05)
        quiet, before = (quiet + 1, before) if (now := counted()) == before else (0, now)
    return before


async def settled(before: Counted) -> None:
    """Everything is as it was before, now or in a moment."""
    give_up_at = time.monotonic() + SETTLE_S
    while (now := counted()) != before:
        if time.monotonic() > give_up_at:
            tasks = sorted(task.get_name() for task in asyncio.all_tasks())
            raise AssertionError(f"{before} became {now}: {tasks}, {psutil.Process().net_connections(kind='all')}")
        await asyncio.sleep(0.05)


@dataclass(slots=True)
class House:
    """A running program, and a phone that is paired with it."""

    application: Application
    session: aiohttp.ClientSession
    photo: bytes
    bugs: list[dict[str, Any]] = field(default_factory=list)

    async def post(self) -> tuple[int, dict[str, Any]]:
        form = aiohttp.FormData({"username": "alice"})
        form.add_field("image", self.photo, filename="frame_image.jpg", content_type="application/octet-stream")
        async with self.session.post(f"{self.application.server.bound_url}/process", data=form) as reply:
            return reply.status, await reply.json()

    async def answered_by(self, provider: str) -> list[dict[str, Any]]:
        """Post a frame that ``provider`` must answer; its trace."""
        status, body = await self.post()
        assert (status, body["answered_by"]) == (200, provider), body
        trace: list[dict[str, Any]] = body["trace"]
        return trace

    def forgive(self, name: str) -> None:
        """End the cooldowns of ``name``: what caused them is put right."""
        store, health = self.application.store, self.application.health
        provider = self.application.providers.get(name)
        for key in {store.secrets.key_for(store.profiles.get("alice").profile_id, name), ""}:
            health._record(Seat(provider, key)).cooldown.renew()


@asynccontextmanager
async def opened(data: Path, base_url: Callable[[str], str], photo: bytes) -> AsyncIterator[House]:
    """The program with profile alice and the providers at ``base_url``; afterwards nothing of it is left."""
    loop, before = asyncio.get_running_loop(), await steady()
    application = Application(DataFolder(data), host="127.0.0.1", port=0)
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
    house = House(application, session, photo)
    handler = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: house.bugs.append(context))
    try:
        await application.open()
        await _furnish(application, base_url)
        await application.server.start()
        async with session.post(f"{application.server.bound_url}/auth-{AUTH_KEY}") as reply:
            assert reply.status == 200
        yield house
    finally:
        await application.close()
        await session.close()
        loop.set_exception_handler(handler)
    # what multiprocessing keeps for the next child of any kind is no leak: one process, and the pipe to it
    tracked = await steady()
    await settled(Counted(before.tasks, before.sockets, tracked.descriptors, tracked.children))
    assert tracked.descriptors <= before.descriptors + 1, (before, tracked)
    assert tracked.children <= before.children + 1, (before, tracked)


async def _furnish(application: Application, base_url: Callable[[str], str]) -> None:
    store = application.store
    await store.profiles.add("alice", AUTH_KEY)
    await store.profiles.set_chain("alice", PROVIDERS)
    for name in PROVIDERS:
        await store.providers.set(name, base_url=base_url(name))
    for key in ("gate.reuse_s", "gate.hints", "limits.auth_per_minute", "limits.process_per_hour"):
        await store.set_setting(key, 0)
    await store.set_setting("cascade.call_limit_s", CALL_LIMIT_S)
    await store.set_setting("network.discovery", False)


# --- the reader's child, by script: spawn finds it by name -----------------------------------------------------------


class SlowWhileTold:
    """Reads the same in every picture; while the file ``slow`` lies beside ``reading`` it does not finish."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, jpeg: bytes, *, looks: bool) -> Reading:
        if (self._folder / "slow").exists():
            (self._folder / "reading").touch()
            time.sleep(60)
        return Reading(("EXIT 12",))

    def warm_up(self) -> None: ...


class ReaderIn:
    """The child's main function, with the folder that tells it what to do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, connection: Connection) -> None:
        child_life.serve(connection, partial(reader_worker.answer, SlowWhileTold(self._folder)))
