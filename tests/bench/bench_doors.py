"""What the doors cost: ``python3 -m tests.bench.bench_doors``.

A chat's picture beside the glasses' upload; the glasses' frames with a chat and second screens beside them and without;
and what idle listeners hold. Each pair is measured by turns on one server, with fakes on loopback.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from tests import rig
from tests.bench.bench_gateways import Request, chat, post
from tests.bench.machine import Machine
from tests.bench.table import Row, at_most, print_table
from tests.bench.turns import by_turns

ROUNDS = 10
WARM_UP_FRAMES, FRAMES = 30, 20
SLOW_MS, FRAMES_SLOW = 300, 12
SETTLED_S = 3
SCREENS, IDLE = 20, 200
MORE_MS, MORE, IDLE_MB = 2.0, 1.1, 20.0
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Doors:
    """A server, what the glasses and a chat send to it, and the key for its other doors."""

    server: rig.Server
    upload: Request
    chat: Request
    key: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args, machine = parser.parse_args(), Machine()
    with _doors() as doors:
        rows = [*_idle(doors), *_chats(doors, args.rounds)]
    with _doors(latency_ms=SLOW_MS) as doors:
        rows += _guests(doors, args.rounds)
    status = print_table(rows, "ratio")
    print(f"\n{machine.told()}")
    return status


@contextmanager
def _doors(latency_ms: int = 0) -> Iterator[Doors]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(latency_ms=latency_ms) as providers:
        (key,) = rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
            asked = Request(server.url, "/v1/chat/completions", chat(photo, "frame-backend"), headers)
            yield Doors(server, Request(server.url, "/process", *rig.multipart("bench0", photo)), asked, key)


# --- a chat's picture ------------------------------------------------------------------------------------------------


def _chats(doors: Doors, rounds: int) -> list[Row]:
    requests = {"upload": doors.upload, "chat": doors.chat}
    by_turns(requests, 1, partial(_taken, doors.server, WARM_UP_FRAMES))
    found = by_turns(requests, rounds, partial(_taken, doors.server, FRAMES))
    (upload_ms, upload_cpu_ms), (chat_ms, chat_cpu_ms) = (
        [statistics.median(one) for one in zip(*found[name], strict=True)] for name in requests
    )
    return [
        at_most("a chat's picture, median over an upload's", chat_ms - upload_ms, MORE_MS, "ms").beside(
            chat_ms / upload_ms
        ),
        at_most("a chat's picture, CPU over an upload's", chat_cpu_ms - upload_cpu_ms, MORE_MS, "ms").beside(
            chat_cpu_ms / upload_cpu_ms
        ),
    ]


def _taken(server: rig.Server, frames: int, request: Request) -> tuple[float, float]:
    """Median latency and CPU of a frame, in ms."""
    before_s = server.cpu_s()
    latencies_ms = post(request, frames)
    return statistics.median(latencies_ms), (server.cpu_s() - before_s) * 1_000 / frames


# --- listeners -------------------------------------------------------------------------------------------------------


def _idle(doors: Doors) -> list[Row]:
    """Of a server that nobody has asked anything yet."""
    time.sleep(SETTLED_S)
    before_mb = doors.server.rss_mb()
    with ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(_listening(doors.server.url, doors.key))
        return [at_most(f"{IDLE} idle listeners, memory", doors.server.rss_mb() - before_mb, IDLE_MB, "MB")]


def _guests(doors: Doors, rounds: int) -> list[Row]:
    """The wearer's frames, alone and with guests."""
    post(doors.upload, 5)
    found = by_turns({"alone": False, "guests": True}, rounds, partial(_worn, doors))
    (alone_ms, alone_p95_ms), (guests_ms, guests_p95_ms) = (
        (statistics.median(all_ms), statistics.quantiles(all_ms, n=20)[-1])
        for all_ms in ([one for turn in turns for one in turn] for turns in found.values())
    )
    what = f"with {SCREENS} listeners and a chat, a frame's"
    return [
        at_most(f"{what} median over alone", guests_ms - alone_ms, SLOW_MS * (MORE - 1), "ms").beside(
            guests_ms / alone_ms, most=MORE
        ),
        at_most(f"{what} p95 over alone", guests_p95_ms - alone_p95_ms, SLOW_MS * (MORE - 1), "ms").beside(
            guests_p95_ms / alone_p95_ms, most=MORE
        ),
    ]


def _worn(doors: Doors, has_guests: bool) -> list[float]:
    if not has_guests:
        return post(doors.upload, FRAMES_SLOW)
    ready = _SPAWN.Event()
    guests = _SPAWN.Process(target=_be_guests, args=(doors.chat, doors.key, ready))
    guests.start()
    try:
        if not ready.wait(timeout=30):
            raise SystemExit("the guests were not let in")
        return post(doors.upload, FRAMES_SLOW)
    finally:
        guests.terminate()
        guests.join()


def _be_guests(asked: Request, key: str, ready: Event) -> None:
    """In a process of its own, until it is ended: listeners that read, and a chat that asks again and again."""
    with ExitStack() as stack:
        for _ in range(SCREENS):
            screen = stack.enter_context(_listening(asked.url, key))
            Thread(target=_read, args=(screen,), daemon=True).start()
        post(asked, 1)
        ready.set()
        while True:
            post(asked, 1)


@contextmanager
def _listening(url: str, key: str) -> Iterator[socket.socket]:
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=10) as screen:
        screen.sendall(f"GET /events HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
        told = b""
        while b"retry: " not in told:
            told += _more(screen)
        yield screen


def _more(screen: socket.socket) -> bytes:
    if told := screen.recv(65_536):
        return told
    raise SystemExit("a listener was not let in")


def _read(screen: socket.socket) -> None:
    screen.settimeout(None)
    while True:
        _more(screen)


if __name__ == "__main__":
    raise SystemExit(main())
