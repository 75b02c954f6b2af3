"""What a frame costs the server: ``python3 -m tests.bench.bench_server``.

Providers are fakes on loopback in a process of their own; every client opens a new connection per request, as the phone
app does, and has a profile of its own. Reuse is off. Absolute figures depend on the machine; ratios travel.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests import rig

WARM_UP_FRAMES = 30
CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the limit it must hold, and what was found."""

    what: str
    limit: str
    found: str
    holds: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames per measurement")
    parser.add_argument("--no-window", action="store_true", help="leave out what needs a display")
    args = parser.parse_args()
    rows = _one_client(args.frames) + _slow_providers(40) + _unsure(40)
    if not args.no_window:
        rows += _window(args.frames)
    width = max(len(row.what) for row in rows)
    print(
        f"| {'measured':<{width}} | limit     | found     | holds |\n|-{'-' * width}-|-----------|-----------|-------|"
    )
    for row in rows:
        print(f"| {row.what:<{width}} | {row.limit:<9} | {row.found:<9} | {'yes' if row.holds else 'NO':<5} |")
    return 0 if all(row.holds for row in rows) else 1


def _one_client(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers() as providers:
        data = Path(folder)
        rig.set_up(data, providers, 1)
        with rig.headless(data) as server:
            time.sleep(3)
            memory_mb, idle = server.rss_mb(), _idle_share(server)
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=WARM_UP_FRAMES, photo=photo)
            before_s = server.cpu_s()
            latencies_ms = rig.post_frames(server.url, 0, frames=frames, photo=photo)
            cpu_ms = (server.cpu_s() - before_s) * 1000 / frames
        calls = _calls_per_frame(data)
    median_ms = statistics.median(latencies_ms)
    return [
        _at_most("one client, median latency", median_ms, 10, "ms"),
        _at_most("one client, CPU per frame", cpu_ms, 10, "ms"),
        _at_most("confident frame, provider calls", calls, 1, ""),
        _at_most("idle, share of a core", idle * 100, 1, "%"),
        _at_most("headless memory before the reader", memory_mb, 110, "MB"),
    ]


def _slow_providers(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(latency_ms=300) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=5, photo=photo)
            median_ms = statistics.median(rig.post_frames(server.url, 0, frames=frames, photo=photo))
    return [_at_most("providers of 300 ms, median latency", median_ms, 315, "ms")]


def _unsure(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(answers=rig.UNSURE) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=frames, photo=photo)
        calls = _calls_per_frame(Path(folder))
    return [_at_most("all-unsure frame, provider calls", calls, 5, "")]


def _window(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers() as providers:
        data, gaps = Path(folder) / "data", Path(folder) / "gaps.json"
        rig.set_up(data, providers, CLIENTS)
        with rig.windowed(data, gaps) as server:
            for number in range(CLIENTS):
                rig.pair(server.url, number)
            with ProcessPoolExecutor(CLIENTS) as pool:
                _load(pool, server.url, photo, WARM_UP_FRAMES)
                started = time.perf_counter()
                _load(pool, server.url, photo, frames)
                took_s = time.perf_counter() - started
        worst_ms = json.loads(gaps.read_text())["worst_ms"]
    rate = CLIENTS * frames / took_s
    held = Row(f"window open, {CLIENTS} clients, frames a second", ">= 60", f"{rate:.0f}", rate >= 60)
    return [held, _at_most("window open, its worst gap", worst_ms, 20, "ms")]


def _load(pool: ProcessPoolExecutor, url: str, photo: bytes, frames: int) -> None:
    running = [pool.submit(rig.post_frames, url, number, frames=frames, photo=photo) for number in range(CLIENTS)]
    for one in running:
        one.result()


def _calls_per_frame(data: Path) -> float:
    """The most calls that any frame of the report made."""
    report = json.loads(rig.app("report", "bench0", "--format", "json", "--limit", "0", data=data))
    return max(sum(one["outcome"] != "skipped" for one in frame["attempts"]) for frame in report["frames"])


def _idle_share(server: rig.Server, seconds: float = 10) -> float:
    before_s = server.cpu_s()
    time.sleep(seconds)
    return (server.cpu_s() - before_s) / seconds


def _at_most(what: str, found: float, limit: float, unit: str) -> Row:
    return Row(what, f"<= {limit:g} {unit}".strip(), f"{found:.3g} {unit}".strip(), found <= limit)


if __name__ == "__main__":
    raise SystemExit(main())
