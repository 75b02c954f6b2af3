"""The rig of benches and whole-program tests: fake providers, the server and its clients, each a process of its own."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from app.core.events import Bus
from app.providers import default_configs, key_variables
from app.store import Store

ROOT = Path(__file__).parents[1]
PHOTO = ROOT / "tests/data/images/frame_pink_lines.jpg"
"""78 KB, 720 x 720."""
MOST_IN_FLIGHT = 4
"""Frames of one device that are under way: the waiting one makes way for the next."""

_TLS = ROOT / "tests/data/tls"
"""An authority made at home, and what it vouches for: a server on 127.0.0.1."""

UNSURE, SURE, LONG = "unsure", "sure", "long"
LONG_REPLY = {
    "kind": "text",
    "seen": "A bus stop sign with three lines, a timetable and a clock.",
    "answer": (
        "Bus stop Market Square: lines 4, 11 and 27; the next one is line 11 to Central Station at 14:32, in 6 minutes."
    ),
    "missing": "The small print of the note",
    "full_answer": (
        "The sign in front of you is the bus stop Market Square, on the side towards the centre. Three lines stop "
        "here. Line 4 goes to the University hospital every ten minutes, line 11 to Central Station every twelve, and "
        "line 27 to the Botanical Garden twice an hour. The timetable below the sign is valid on weekdays. The clock "
        "above it shows 14:26. By the timetable the next bus of line 11 leaves at 14:32, line 4 follows at 14:35 and "
        "line 27 at 14:51. A yellow note says that line 27 does not stop at Mill Lane until Friday because of "
        "road works; the replacement stop is on Bridge Street."
    ),
}
"""Of some 235 tokens, as many as a model writes about a frame."""
PATHS = {
    "gemini": "/gemini/v1beta",
    "deepseek": "/deepseek",
    "qwen": "/qwen/compatible-mode/v1",
    "chatgpt": "/openai/v1",
}
_KEYS = dict.fromkeys(("GEMINI_API_KEY", "DEEPSEEK_API_KEY", "DASHSCOPE_API_KEY", "OPENAI_API_KEY"), "bench-key")


@dataclass(frozen=True, slots=True)
class Server:
    """A running program under test."""

    url: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """Of it and all that it started."""
        times = [one.cpu_times() for one in (self.process, *self.process.children(recursive=True))]
        ended = times[0].children_user + times[0].children_system
        return float(ended + sum(one.user + one.system for one in times))

    def rss_mb(self) -> float:
        return float(self.process.memory_info().rss) / 1e6


def app(*words: str, data: Path) -> str:
    """Run one verb; its standard output."""
    command = [sys.executable, "-m", "app", "--data-dir", str(data), *words]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True)
    return done.stdout.strip()


def set_up(data: Path, providers_url: str, profiles: int) -> list[str]:
    """A data folder whose providers are the fakes, with no limits and no reuse; of each profile a key for programs."""

    async def fill() -> list[str]:
        store = await Store.open(data, Bus(), default_providers=default_configs(), key_variables=key_variables)
        async with store:
            for number in range(profiles):
                await store.profiles.add(f"bench{number}", f"bench-key-{number}")
            for name, path in PATHS.items():
                await store.providers.set(name, base_url=f"{providers_url}{path}")
            for key in ("gate.reuse_s", "gate.hints", "limits.auth_per_minute", "limits.process_per_hour"):
                await store.set_setting(key, 0)
            return [await store.app_keys.add(f"bench{number}", "bench") for number in range(profiles)]

    return asyncio.run(fill())


@contextmanager
def fake_providers(
    *, latency_ms: int = 0, answers: str = SURE, ttft_s: float = 0.0, tokens_per_s: float = 0.0,
    events: int | None = None, tls: bool = False,
) -> Iterator[str]:  # fmt: skip
    """The base URL of fake providers in a process of their own; unsure ones all say something else, long ones write as
    much as a model does. ``events``: of how many a stream is made, 0: they stream none; else one a token."""
    words = ["-m", "tests.fakes", "--port", "0", "--latency-ms", str(latency_ms)]
    words += ["--ttft", str(ttft_s), "--rate", str(tokens_per_s)]
    words += [] if events is None else ["--events", str(events)]
    words += ["--certificate", str(_TLS / "home_server.pem")] if tls else []
    with _listening([sys.executable, *words]) as (url, _):
        said: dict[str, Any] = {}
        if answers == UNSURE:
            said = {name: {"default": {"reply": "unsure", "answer": f"A {name} mug."}} for name in PATHS}
        if answers == LONG:
            said = {name: {"default": {"reply": "ok", "confidence": 0.93, **LONG_REPLY}} for name in PATHS}
        if said:
            request(url, "POST", "/_script", json.dumps(said).encode(), {"content-type": "application/json"})
        yield url


@contextmanager
def relay(providers_url: str) -> Iterator[Server]:
    """The least that may do a server's work, to compare with."""
    with _listening([sys.executable, "-m", "tests.bench.relay", providers_url]) as (url, process):
        yield Server(url, psutil.Process(process.pid))


@contextmanager
def headless(data: Path) -> Iterator[Server]:
    """The headless server on ``data``."""
    words = ["-m", "app", "--headless", "--data-dir", str(data), "--host", "127.0.0.1", "--port", "0"]
    with _listening([sys.executable, *words, "--log-level", "warning"]) as (url, process):
        yield Server(url, psutil.Process(process.pid))


@contextmanager
def windowed(
    data: Path, gaps: Path, *, tour: bool = False, small: bool = False, stalls: bool = False
) -> Iterator[Server]:
    """The program with its window on ``data``, what it watched is written to ``gaps`` at its end.

    ``tour``: it goes from tab to tab. ``small``: as on a small screen. ``stalls``: with what held the loop.
    """
    options = [f"--{name}" for name, is_on in (("tour", tour), ("small", small), ("stalls", stalls)) if is_on]
    words = ["-m", "tests.bench.watched_window", str(data), str(gaps), *options]
    with _listening([sys.executable, *words]) as (url, process):
        yield Server(url, psutil.Process(process.pid))


@contextmanager
def _listening(command: list[str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start ``command``, wait for its ``listening on URL``, and end it by SIGTERM, unless it has ended already."""
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.match(r"listening on (https?://\S+)", line):
                yield found.group(1), process
                break
        else:
            raise SystemExit(f"{' '.join(command)} ended without listening")
    finally:
        process.terminate()
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def _environment() -> dict[str, str]:
    return {**os.environ, **_KEYS, "PYTHONUNBUFFERED": "1", "SSL_CERT_FILE": str(_TLS / "home_ca.pem")}


def pair(url: str, number: int) -> None:
    """Authenticate as the phone app does."""
    status, body = request(url, "POST", f"/auth-bench-key-{number}", b"", {})
    if status != 200:
        raise SystemExit(f"/auth answered {status}: {body[:200]!r}")


def multipart(username: str, photo: bytes) -> tuple[bytes, dict[str, str]]:
    """Body and headers as Dart's ``MultipartRequest`` writes them."""
    boundary = "dart-http-boundary-bench0000000000000000000000000000000000000000000"
    head = (
        f'--{boundary}\r\ncontent-disposition: form-data; name="username"\r\n\r\n{username}\r\n'
        f"--{boundary}\r\ncontent-type: application/octet-stream\r\n"
        'content-disposition: form-data; name="image"; filename="frame_image.jpg"\r\n\r\n'
    )
    body = head.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
    return body, {"content-type": f"multipart/form-data; boundary={boundary}", "content-length": str(len(body))}


def post_frames(url: str, number: int, *, frames: int, photo: bytes) -> list[float]:
    """Post ``frames`` one after the other, each on a new connection; the latency of each in ms."""
    body, headers = multipart(f"bench{number}", photo)
    latencies_ms = []
    for _ in range(frames):
        started = time.perf_counter()
        status, reply = request(url, "POST", "/process", body, headers)
        latencies_ms.append((time.perf_counter() - started) * 1000)
        if status != 200:
            raise SystemExit(f"/process answered {status}: {reply[:300]!r}")
    return latencies_ms


def post_frame(url: str, number: int, photo: bytes) -> tuple[int, dict[str, Any]]:
    """Post one frame; status and reply. Raises ``OSError`` when the server is gone."""
    body, headers = multipart(f"bench{number}", photo)
    try:
        status, reply = request(url, "POST", "/process", body, headers)
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from None
    return status, json.loads(reply)


def paced(url: str, photo: bytes, frames: int, rate: float, devices: int) -> list[float]:
    """Post ``frames`` at ``rate`` a second, each device one at a time; the latency of each in ms, as they were sent."""
    started, latencies_ms = time.perf_counter(), [0.0] * frames

    def post(number: int) -> None:
        for turn in range(number, frames, devices):
            time.sleep(max(0.0, started + turn / rate - time.perf_counter()))
            before = time.perf_counter()
            status, reply = post_frame(url, number, photo)
            if status != 200:
                raise SystemExit(f"/process answered {status}: {reply}")
            latencies_ms[turn] = (time.perf_counter() - before) * 1_000

    with ThreadPoolExecutor(devices) as pool:
        for one in [pool.submit(post, number) for number in range(devices)]:
            one.result()
    return latencies_ms


def glasses(ask: Callable[[int], bool], devices: int, seconds: int) -> tuple[list[float], int]:
    """Each of ``devices`` asks once a second, whatever became of the time before; the latency in ms of each that was
    answered, and how many were not."""
    started, latencies_ms = time.perf_counter() + 0.5, list[float]()

    def post(number: int, at_s: float) -> bool:
        time.sleep(max(0.0, started + at_s - time.perf_counter()))
        before = time.perf_counter()
        answered = ask(number)
        if answered:
            latencies_ms.append((time.perf_counter() - before) * 1_000)
        return answered

    turns = [(number, second + number / devices) for second in range(seconds) for number in range(devices)]
    with ThreadPoolExecutor(MOST_IN_FLIGHT * devices) as pool:
        answered = sum(pool.map(post, *zip(*turns, strict=True)))
    return latencies_ms, len(turns) - answered


def is_answered(url: str, photo: bytes, number: int) -> bool:
    """Post one frame: whether it was answered, not superseded."""
    status, reply = post_frame(url, number, photo)
    if status != 200 and reply.get("code") != "superseded":
        raise SystemExit(f"/process answered {status}: {reply}")
    return status == 200


def request(url: str, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()
