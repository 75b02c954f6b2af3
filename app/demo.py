"""The demo: a throw-away profile and a simulated pair of glasses that posts real photographs through the real port."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.events import ServerStateChanged
from app.paths import resource

if TYPE_CHECKING:
    from app.application import Application

USERNAME = "demo"
FRAME_GAP_S = 1.0


class Demo:
    """Glasses that post ``frames`` photographs, one a second and one in flight; None: until the program ends."""

    def __init__(self, frames: int | None) -> None:
        self._frames = frames
        self.finished = asyncio.Event()

    async def run(self, application: Application) -> None:
        """Make the profile, wait for the server, pair and post. Sets ``finished`` after the last answer."""
        running = asyncio.Event()
        application.bus.subscribe(ServerStateChanged, lambda event: running.set() if event.state == "running" else None)
        profiles = application.store.profiles
        is_there = profiles.find(USERNAME) is not None  # a backup was restored meanwhile
        key = await (profiles.new_key(USERNAME) if is_there else profiles.add(USERNAME))
        if application.reader is not None:
            await application.reader.warm_up()
        if application.server.state != "running":
            await running.wait()
        await self._authenticate(application, key)
        await self._post_all(application)
        self.finished.set()

    async def _authenticate(self, application: Application, auth_key: str) -> None:
        reply = await application.client.post(f"{_url(application)}/auth-{auth_key}")
        reply.raise_for_status()

    async def _post_all(self, application: Application) -> None:
        photos = sorted(resource("demo").glob("*.jpg"))
        for number in itertools.count() if self._frames is None else range(self._frames):
            started = time.monotonic()
            photo = photos[number % len(photos)]
            said = await _post(application, photo)
            print(f"[{time.strftime('%H:%M:%S')}] {photo.name} -> {said}", flush=True)
            if number + 1 != self._frames:
                await asyncio.sleep(max(0.0, FRAME_GAP_S - (time.monotonic() - started)))


def _url(application: Application) -> str:
    return f"http://127.0.0.1:{application.server.port}"


async def _post(application: Application, photo: Path) -> str:
    """What the glasses would show. A new connection per request, as the phone app opens one."""
    jpeg = await asyncio.to_thread(photo.read_bytes)
    reply = await application.client.post(
        f"{_url(application)}/process",
        data={"username": USERNAME},
        files={"image": ("frame_image.jpg", jpeg, "application/octet-stream")},
        headers={"connection": "close"},
    )
    body = reply.json()
    said = str(body["answer"] if body["success"] else f"({body['error']})")
    return " ".join(said.split())
