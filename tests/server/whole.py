"""The whole program as a process of its own, its providers fakes: what is thrown at it is measured from outside."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from app.core.events import Bus
from app.providers import default_configs, key_variables
from app.server.endpoint import Door
from app.store import Store
from tests import rig
from tests.server.devices import ALICE, BOB, KEYS

ENOUGH_MB = 300
LIMITS = ("limits.auth_per_minute", "limits.profile_per_minute", "limits.process_per_hour")


@dataclass(frozen=True, slots=True)
class Whole:
    """A running server and its data folder. Alice's token lets anybody act as her."""

    url: str
    data: Path
    process: rig.Server
    token: str

    def pictures(self) -> list[Path]:
        """What stands in the folder of pictures, half-written files included."""
        return sorted(path for path in (self.data / "frames").rglob("*") if path.is_file())

    def peak_mb(self) -> float:
        """The most memory that it ever held."""
        return self._status_mb("VmHWM:")

    def memory_mb(self) -> float:
        """What it holds now."""
        return self._status_mb("VmRSS:")

    def _status_mb(self, name: str) -> float:
        if sys.platform == "win32":
            memory = self.process.process.memory_info()
            return float(memory.peak_wset if name == "VmHWM:" else memory.rss) / 1e6
        for line in Path(f"/proc/{self.process.process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        raise AssertionError(f"no {name}")


@contextmanager
def whole(data: Path, **of_fakes: Any) -> Iterator[Whole]:
    """The headless server on ``data``, all its doors open: alice and bob, four fake providers, no limits, no reuse.

    ``of_fakes``: see ``rig.fake_providers``.
    """
    with rig.fake_providers(**of_fakes) as providers_url:
        with ThreadPoolExecutor(1) as thread:  # a loop of its own, away from the tests' loops
            token = thread.submit(asyncio.run, _set_up(data, providers_url)).result()
        with rig.headless(data) as server:
            yield Whole(server.url, data, server, token)


async def _set_up(data: Path, providers_url: str) -> str:
    async with await Store.open(data, Bus(), default_providers=default_configs(), key_variables=key_variables) as store:
        for username in (ALICE, BOB):
            await store.profiles.add(username, KEYS[username])
        for name, path in rig.PATHS.items():
            await store.providers.set(name, base_url=providers_url + path)
        for key in (*LIMITS, "gate.reuse_s", "gate.hints"):
            await store.set_setting(key, 0)
        await store.set_setting("network.discovery", False)
        for door in get_args(Door):
            await store.set_setting(f"doors.{door}", True)
        return await store.pairings.issue_token(ALICE)
