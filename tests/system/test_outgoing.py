"""What the glasses saw goes out of the whole program: to a webhook and to a broker; one that hangs costs no frame."""

from __future__ import annotations

import asyncio
import hmac
import os
import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fakes import FakeProviders
from tests.outgoing.broker import MOSQUITTO, PASSWORD, Mosquitto, home, silent_port
from tests.outgoing.test_webhook import Receiver, listen
from tests.store.conftest import eventually
from tests.system.conftest import AUTH_KEY
from tests.system.program import Listening, Program

KEY = "hook-key"
ROUNDS, FRAMES = 2, 15

pytestmark = pytest.mark.skipif(MOSQUITTO is None and "CI" not in os.environ, reason="mosquitto is not installed")


@pytest.fixture
async def receiver(program: Program) -> AsyncIterator[Receiver]:
    """Alice's webhook, switched on."""
    program.variables = {
        **program.variables, "FRAME_BACKEND_WEBHOOK_KEY": KEY, "FRAME_BACKEND_MQTT_PASSWORD": PASSWORD,
    }  # fmt: skip
    made = Receiver()
    runner = await listen(made)
    await program.do("setting", "set", "webhook.url", made.url, "--profile", "alice")
    await program.do("setting", "set", "doors.webhook", "on")
    yield made
    await runner.cleanup()


async def broker_is_set(program: Program, port: int) -> None:
    for name, value in {"host": "127.0.0.1", "port": f"{port}", "user": "frames", "picture": "on"}.items():
        await program.do("setting", "set", f"mqtt.{name}", value)
    await program.do("setting", "set", "doors.mqtt", "on")


async def test_a_frames_answer_reaches_the_webhook_and_home_assistant(
    program: Program,
    session: aiohttp.ClientSession,
    fake: FakeProviders,
    photo: bytes,
    receiver: Receiver,
    tmp_path: Path,
) -> None:
    mosquitto = Mosquitto(tmp_path)
    mosquitto.start()
    await broker_is_set(program, mosquitto.port)
    assert await program.do("door", "test", "mqtt") == "127.0.0.1 took the test."
    assert await program.do("door", "test", "webhook", "alice") == "127.0.0.1 took the test, which was signed."
    with home(mosquitto) as seen:
        async with program.headless() as server:
            await eventually(lambda: seen.now.get("frame_backend/status") == b"online", within_s=10)
            await server.auth(session, AUTH_KEY)
            _, body = await server.process_frame(session, "alice", photo)
            await eventually(lambda: len(receiver.bodies) == 2, within_s=5)
            await eventually(lambda: "frame_backend/alice/answer" in seen.now, within_s=5)
            await eventually(lambda: "frame_backend/alice/picture" in seen.now, within_s=5)
        await eventually(lambda: seen.now["frame_backend/status"] == b"offline", within_s=5)
    mosquitto.stop()
    told, shown = receiver.taken[1], seen.json("frame_backend/alice/answer")
    assert told.keys() == {"frame_id", "profile", "answer", "code", "trust", "kind"}
    for one in (told, shown):
        assert (one["frame_id"], one["answer"], one["code"]) == (body["frame_id"], body["answer"], "ok")
    wanted = hmac.new(KEY.encode(), receiver.bodies[1], "sha256").hexdigest()
    assert receiver.headers[1]["X-Signature"] == f"sha256={wanted}"
    assert seen.now["frame_backend/alice/picture"].startswith(b"\xff\xd8\xff")


async def test_receivers_that_hang_cost_a_frame_nothing(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes, receiver: Receiver
) -> None:
    """By turns with and without, on one server. Quartiles: what else the machine does makes some frames slow."""
    receiver.statuses = [0]
    times: dict[bool, list[float]] = {True: [], False: []}
    await program.do("setting", "set", "gate.reuse_s", "0")
    async with silent_port(says=b"\x20\x02\x00\x00") as port:
        await broker_is_set(program, port)
        async with program.headless() as server:
            await server.auth(session, AUTH_KEY)
            await timed(server, session, photo)
            for turn in range(2 * ROUNDS):
                is_on = turn % 2 == 0
                for door in ("webhook", "mqtt"):
                    await program.do("setting", "set", f"doors.{door}", "on" if is_on else "off")
                await asyncio.sleep(1.5)
                times[is_on] += [await timed(server, session, photo) for _ in range(FRAMES)]
    with_them, without = (statistics.quantiles(times[is_on])[0] for is_on in (True, False))
    assert receiver.bodies
    assert with_them < 1.25 * without + 2, times


async def timed(server: Listening, session: aiohttp.ClientSession, photo: bytes) -> float:
    """Milliseconds to the reply."""
    begun = time.perf_counter()
    status, body = await server.process_frame(session, "alice", photo)
    assert (status, body["code"]) == (200, "ok")
    return (time.perf_counter() - begun) * 1_000
