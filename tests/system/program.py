"""Runs ``python -m app`` as a script would: verbs, and the headless server, on one data folder."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from tests import rig

START_S, END_S = 30, 20


@dataclass(frozen=True, slots=True)
class Done:
    """How a verb ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(slots=True)
class Listening:
    """A running server."""

    url: str
    process: asyncio.subprocess.Process
    printed: bytes = b""

    async def auth(self, session: aiohttp.ClientSession, key: str) -> None:
        async with session.post(f"{self.url}/auth-{key}") as reply:
            assert reply.status == 200, await reply.text()

    async def process_frame(
        self, session: aiohttp.ClientSession, username: str, photo: bytes, **fields: str
    ) -> tuple[int, dict[str, Any]]:
        form = aiohttp.FormData({"username": username, **fields})
        form.add_field("image", photo, filename="frame_image.jpg", content_type="application/octet-stream")
        async with session.post(f"{self.url}/process", data=form) as reply:
            return reply.status, await reply.json()


@dataclass(slots=True)
class Program:
    """The program on one data folder, with an environment of its own."""

    data: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    async def verb(self, *words: str, stdin: str = "") -> Done:
        process = await self._start(*words)
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), START_S)
        return Done(process.returncode or 0, out.decode().rstrip("\n"), err.decode().rstrip("\n"))

    async def do(self, *words: str, stdin: str = "") -> str:
        """A verb that must succeed; its output."""
        done = await self.verb(*words, stdin=stdin)
        assert done.status == 0, (words, done)
        return done.out

    @asynccontextmanager
    async def headless(self, *words: str) -> AsyncIterator[Listening]:
        """The headless server; asked to end, which it must do with 0."""
        process = await self._start("--headless", "--host", "127.0.0.1", "--port", "0", *words)
        try:
            yield Listening(await listening_url(process), process)
        finally:
            if process.returncode is None:
                ask_to_end(process)
                await asyncio.wait_for(process.communicate(), END_S)
                assert process.returncode == 0

    async def report(self, username: str) -> dict[str, Any]:
        done = await self.verb("report", username, "--format", "json", "--limit", "0")
        assert done.status == 0, done
        report: dict[str, Any] = done.data
        return report

    async def _start(self, *words: str) -> asyncio.subprocess.Process:
        return await start_app("--data-dir", str(self.data), *words, variables=self.variables)


async def start_app(
    *words: str, variables: Mapping[str, str] | None = None, module: str = "app"
) -> asyncio.subprocess.Process:
    """``python -m MODULE WORDS`` with no keys, no keyring and no display but what ``variables`` give it."""
    kept = ("PATH", "LANG", "SYSTEMROOT", "TEMP", "TMP", "FRAME_BACKEND_NO_BOOTSTRAP")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {
        "PYTHONUNBUFFERED": "1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **(variables or {}),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        cwd=rig.ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        creationflags=subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0,
    )


def ask_to_end(process: asyncio.subprocess.Process) -> None:
    """On Windows a signal ends a process hard; Ctrl+Break can be sent to a group of processes, and to no less."""
    process.send_signal(signal.CTRL_BREAK_EVENT if sys.platform == "win32" else signal.SIGTERM)


async def listening_url(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(START_S):
        while line := (await process.stdout.readline()).decode():
            if found := re.match(r"listening on (http://\S+)", line):
                return found.group(1)
    _, err = await process.communicate()
    raise AssertionError(f"ended without listening: {err.decode()}")
