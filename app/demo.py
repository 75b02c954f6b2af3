"""The demo: a throw-away profile and a simulated pair of glasses that posts real photographs through the real port."""

from __future__ import annotations

import asyncio
import itertools
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

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
        async with _phone(f"http://127.0.0.1:{application.server.port}") as phone:
            (await phone.post(f"/auth-{key}")).raise_for_status()
            await self._post_all(phone)
        self.finished.set()

    async def _post_all(self, phone: httpx.AsyncClient) -> None:
        photos = sorted(resource("demo").glob("*.jpg"))
        for number in itertools.count() if self._frames is None else range(self._frames):
            started = time.monotonic()
            photo = photos[number % len(photos)]
            said = await _post(phone, photo)
            print(f"[{time.strftime('%H:%M:%S')}] {photo.name} -> {said}", flush=True)
            if number + 1 != self._frames:
                await asyncio.sleep(max(0.0, FRAME_GAP_S - (time.monotonic() - started)))


def _phone(url: str) -> httpx.AsyncClient:
    """A new connection per request, as the phone app opens one; in plain HTTP, so that no certificates are read."""
    return httpx.AsyncClient(
        base_url=url,
        headers={"connection": "close"},
        timeout=None,  # noqa: S113 - the server has a deadline for each frame
        trust_env=False,
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )


async def _post(phone: httpx.AsyncClient, photo: Path) -> str:
    """What the glasses would show."""
    jpeg = await asyncio.to_thread(photo.read_bytes)
    reply = await phone.post(
        "/process",
        data={"username": USERNAME},
        files={"image": ("frame_image.jpg", jpeg, "application/octet-stream")},
    )
    body = reply.json()
    said = str(body["answer"] if body["success"] else f"({body['error']})")
    return " ".join(said.split())
