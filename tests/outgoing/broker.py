"""A real mosquitto on a free port of loopback, with a password file; and paho as whoever listens to it."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from app.store import Store
from tests.outgoing.conftest import SECRETS

PASSWORD = SECRETS["FRAME_BACKEND_MQTT_PASSWORD"]
MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Mosquitto:
    """It may be stopped and started again, on the same port; nothing outlives it."""

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        self.port = free_port()
        passwords, self._file = folder / "passwords", folder / "mosquitto.conf"
        for user in ("frames", "home"):
            make = ["-c"] if not passwords.exists() else []
            subprocess.run(["mosquitto_passwd", "-b", *make, passwords, user, PASSWORD], check=True)
        lines = [
            "user root", "persistence false", "allow_anonymous false", f"password_file {passwords}",
            f"listener {self.port} 127.0.0.1",
        ]  # fmt: skip
        if certificate is not None:
            lines += [f"certfile {certificate}", f"keyfile {certificate}"]
        self._file.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self._process = subprocess.Popen([MOSQUITTO, "-c", self._file], stderr=subprocess.DEVNULL)
        give_up_at = time.monotonic() + 5
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < give_up_at, "mosquitto did not start"
                time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Home:
    """Who subscribes to everything: ``retained`` stands at the broker, ``heard`` is every message in its order."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.now: dict[str, bytes] = {}

    def take(self, topic: str, payload: bytes) -> None:
        self.heard.append((topic, payload))
        if payload:
            self.now[topic] = payload
        else:
            self.now.pop(topic, None)

    def json(self, topic: str) -> Any:
        return json.loads(self.now[topic])

    def configs(self) -> dict[str, Any]:
        return {topic: json.loads(what) for topic, what in self.now.items() if topic.endswith("/config")}


@contextmanager
def home(mosquitto: Mosquitto, topic: str = "#") -> Iterator[Home]:
    seen = Home()
    client = Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("home", PASSWORD)
    client.on_connect = lambda *_: client.subscribe(topic)
    client.on_message = lambda _, __, message: seen.take(message.topic, message.payload)
    client.reconnect_delay_set(1, 1)
    client.connect("127.0.0.1", mosquitto.port)
    client.loop_start()
    try:
        yield seen
    finally:
        client.disconnect()
        client.loop_stop()


def retained(mosquitto: Mosquitto) -> dict[str, bytes]:
    """What stands at the broker now, as whoever comes late sees it. Waits half a second."""
    with home(mosquitto) as seen:
        time.sleep(0.5)
        return dict(seen.now)


async def set_up(store: Store, port: int, **more: object) -> None:
    values = {"mqtt.host": "127.0.0.1", "mqtt.port": port, "mqtt.user": "frames", "doors.mqtt": True}
    for key, value in (values | {f"mqtt.{name}": value for name, value in more.items()}).items():
        await store.set_setting(key, value)  # type: ignore[arg-type]


@asynccontextmanager
async def silent_port(*, says: bytes = b"") -> AsyncIterator[int]:
    """Somebody who takes every connection, ``says`` that, and then nothing for ever; nor does he read."""

    is_over = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        await is_over.wait()
        writer.transport.abort()

    server = await asyncio.start_server(hang, "127.0.0.1", 0, limit=1)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        is_over.set()
        server.close()
        await asyncio.sleep(0.05)
