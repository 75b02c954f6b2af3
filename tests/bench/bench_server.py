"""What a frame costs the server: ``python3 -m tests.bench.bench_server``.

Providers are fakes on loopback in a process of their own; every client opens a new connection per request, as the phone
app does, and has a profile of its own. Reuse is off. Absolute figures depend on the machine and its day; ratios to the
least relay that there is (relay.py), measured by turns with it, travel.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from tests import rig
from tests.bench.table import Row, at_least, at_most, print_table

WARM_UP_FRAMES = 30
CLIENTS = 8
TOUR_DEVICES, TOUR_RATE = 4, 20.0
TOUR_FRAMES = 800
"""Two rounds of the tabs."""
TTFT_S = 0.45
TURNS = 10
"""Of a server and the relay: a machine's moods last longer than one."""
GLASSES, GLASSES_S = 50, 10
MOST_LATENCY, MOST_CPU, LEAST_RATE = 5.0, 6.0, 0.2
HANDLER_MS = 5.0
FIRST_MS, TAB_MS, OTHER_MS = 20.0, 50.0, 20.0
MOST_TOLD = 6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames per measurement")
    parser.add_argument("--no-window", action="store_true", help="leave out what needs a display")
    parser.add_argument("--words", action="store_true", help="only how long the words take to the phone")
    parser.add_argument("--glasses", action="store_true", help="only fifty glasses, without a window and before one")
    parser.add_argument("--ratios", action="store_true", help="only what is compared with a relay")
    parser.add_argument("--tour", action="store_true", help="only the window that goes from tab to tab")
    parser.add_argument("--stalls", action="store_true", help="only that, and what held its loop")
    args = parser.parse_args()
    if args.words:
        return print_table(_words(10))
    if args.glasses:
        return print_table(_glasses())
    if args.ratios:
        return print_table(_compared(args.frames))
    if args.tour or args.stalls:
        return print_table(_tour(TOUR_FRAMES, stalls=args.stalls))
    rows = _one_client(args.frames) + _compared(args.frames) + _slow_providers(40) + _words(10) + _unsure(40)
    if not args.no_window:
        rows += _window(args.frames) + _glasses() + _tour(TOUR_FRAMES)
    return print_table(rows)


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
        at_most("one client, median latency", median_ms, 10, "ms"),
        at_most("one client, CPU per frame", cpu_ms, 10, "ms"),
        at_most("confident frame, provider calls", calls, 1, ""),
        at_most("idle, share of a core", idle * 100, 1, "%"),
        at_most("headless memory before the reader", memory_mb, 110, "MB"),
    ]


def _compared(frames: int) -> list[Row]:
    return _beside_relay(frames) + _beside_relay(frames, tls=True) + _together(frames)


def _beside_relay(frames: int, *, tls: bool = False) -> list[Row]:
    """What one client's frame takes and costs, and how many times that of a relay."""
    photo = rig.PHOTO.read_bytes()
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "relay": []}
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(tls=tls) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as ours, rig.relay(providers) as relay:
            rig.pair(ours.url, 0)
            for server in (ours, relay):
                rig.post_frames(server.url, 0, frames=WARM_UP_FRAMES, photo=photo)
            for _ in range(TURNS):
                for name, server in (("ours", ours), ("relay", relay)):
                    found[name].append(_taken(server, frames // TURNS, photo))
    ours_ms, relay_ms = ([statistics.median(one) for one in zip(*found[name], strict=True)] for name in found)
    over = " over TLS" if tls else ""
    print(f"one client{over}: median {ours_ms[0]:.2f} ms, CPU {ours_ms[1]:.2f} ms")
    print(f"  the relay's: median {relay_ms[0]:.2f} ms, CPU {relay_ms[1]:.2f} ms")
    return [
        at_most(f"one client{over}, median latency to a relay's", ours_ms[0] / relay_ms[0], MOST_LATENCY, ""),
        at_most(f"one client{over}, CPU per frame to a relay's", ours_ms[1] / relay_ms[1], MOST_CPU, ""),
    ]


def _taken(server: rig.Server, frames: int, photo: bytes) -> tuple[float, float]:
    """Median latency and CPU of a frame, in ms."""
    before_s = server.cpu_s()
    latencies_ms = rig.post_frames(server.url, 0, frames=frames, photo=photo)
    return statistics.median(latencies_ms), (server.cpu_s() - before_s) * 1000 / frames


def _together(frames: int) -> list[Row]:
    """Frames a second of many clients at once, and the share of a relay's."""
    photo = rig.PHOTO.read_bytes()
    rates: dict[str, list[float]] = {"ours": [], "relay": []}
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers() as providers:
        rig.set_up(Path(folder), providers, CLIENTS)
        with rig.headless(Path(folder)) as ours, rig.relay(providers) as relay, ProcessPoolExecutor(CLIENTS) as pool:
            for number in range(CLIENTS):
                rig.pair(ours.url, number)
            for turn in range(1 + TURNS // 2):
                for name, server in (("ours", ours), ("relay", relay)):
                    started = time.perf_counter()
                    _load(pool, server.url, photo, frames // TURNS)
                    if turn:
                        rates[name].append(CLIENTS * (frames // TURNS) / (time.perf_counter() - started))
    ours_rate, relay_rate = (statistics.median(rates[name]) for name in rates)
    print(f"{CLIENTS} clients: {ours_rate:.0f} frames a second; relay {relay_rate:.0f}")
    return [at_least(f"{CLIENTS} clients, frames a second to a relay's", ours_rate / relay_rate, LEAST_RATE, "")]


def _slow_providers(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(latency_ms=300) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=5, photo=photo)
            median_ms = statistics.median(rig.post_frames(server.url, 0, frames=frames, photo=photo))
    return [at_most("providers of 300 ms, median latency", median_ms, 315, "ms")]


def _words(frames: int) -> list[Row]:
    """Until the words are on the phone, of providers that write at a model's pace."""
    photo = rig.PHOTO.read_bytes()
    rows = []
    for tokens_per_s, most_s in ((160, 1.02), (60, 1.9)):
        paced = rig.fake_providers(answers=rig.LONG, ttft_s=TTFT_S, tokens_per_s=tokens_per_s)
        with tempfile.TemporaryDirectory() as folder, paced as providers:
            rig.set_up(Path(folder), providers, 1)
            with rig.headless(Path(folder)) as server:
                rig.pair(server.url, 0)
                rig.post_frames(server.url, 0, frames=2, photo=photo)
                words_s = statistics.median(rig.post_frames(server.url, 0, frames=frames, photo=photo)) / 1_000
        rows.append(
            at_most(f"words on the phone, {tokens_per_s} tokens a second after {TTFT_S} s", words_s, most_s, "s")
        )
    return rows


def _unsure(frames: int) -> list[Row]:
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers(answers=rig.UNSURE) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=frames, photo=photo)
        calls = _calls_per_frame(Path(folder))
    return [at_most("all-unsure frame, provider calls", calls, 5, "")]


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
    return [held, at_most("window open, its worst gap", worst_ms, 20, "ms")]


def _glasses() -> list[Row]:
    """Fifty glasses at a frame a second, providers of 300 ms: without a window, then with one that is small."""
    rows, cpu_ms = list[Row](), list[float]()
    for what, is_open in (("no window", False), ("a small window", True)):
        with tempfile.TemporaryDirectory() as folder, rig.fake_providers(latency_ms=300) as providers:
            data = Path(folder) / "data"
            rig.set_up(data, providers, GLASSES)
            with rig.windowed(data, Path(folder) / "gaps", small=True) if is_open else rig.headless(data) as server:
                for number in range(GLASSES):
                    rig.pair(server.url, number)
                ask = partial(rig.is_answered, server.url, rig.PHOTO.read_bytes())
                rig.glasses(ask, GLASSES, 3)
                before_s = server.cpu_s()
                latencies_ms, superseded = rig.glasses(ask, GLASSES, GLASSES_S)
                cpu_ms.append((server.cpu_s() - before_s) * 1_000 / (GLASSES * GLASSES_S))
        late_ms = statistics.quantiles(latencies_ms, n=20)[-1]
        print(f"{GLASSES} glasses, {what}: half within {statistics.median(latencies_ms):.0f} ms")
        rows += [
            at_most(f"{GLASSES} glasses, {what}, 95 % within", late_ms, 350, "ms"),
            at_most(f"{GLASSES} glasses, {what}, superseded", superseded, 0, ""),
            at_most(f"{GLASSES} glasses, {what}, CPU per frame", cpu_ms[-1], 16, "ms"),
        ]
    return [
        *rows,
        at_most(f"{GLASSES} glasses, CPU per frame with the window to without", cpu_ms[1] / cpu_ms[0], 2, ""),
    ]


def _tour(frames: int, *, stalls: bool = False) -> list[Row]:
    """The window goes from tab to tab while frames come at 20 a second."""
    photo = rig.PHOTO.read_bytes()
    with tempfile.TemporaryDirectory() as folder, rig.fake_providers() as providers:
        data, found = Path(folder) / "data", Path(folder) / "found.json"
        rig.set_up(data, providers, TOUR_DEVICES)
        with rig.windowed(data, found, tour=True, stalls=stalls) as server:
            for number in range(TOUR_DEVICES):
                rig.pair(server.url, number)
            rig.paced(server.url, photo, frames, TOUR_RATE, TOUR_DEVICES)
        watched = json.loads(found.read_text())
    _tell_of(watched)
    longest_ms, first_ms = (_longest(watched[kind]) for kind in ("handlers", "first_handlers"))
    coming = [(max(gaps_ms[::2]), max(gaps_ms[1::2])) for gaps_ms in watched["gaps_ms"].values()]
    return [
        at_most("all tabs live at 20 frames a second, longest handler", longest_ms, HANDLER_MS, "ms"),
        at_most("each tab's first showing meanwhile, longest handler", first_ms, FIRST_MS, "ms"),
        at_most("99 % of the window's gaps, painting included", watched["p99_ms"], HANDLER_MS, "ms"),
        at_most("its worst gap while a tab comes", max(one for one, _ in coming), TAB_MS, "ms"),
        at_most("its worst gap otherwise", max(other for _, other in coming), OTHER_MS, "ms"),
    ]


def _longest(handlers: list[list[Any]]) -> float:
    return max((float(handler[0]) for handler in handlers), default=0.0)


def _tell_of(watched: dict[str, Any]) -> None:
    """Where the time went."""
    print(f"ticks over {HANDLER_MS:g} ms late: {watched['late']} of {watched['ticks']}; without other programs' time")
    print(f"  worst gap {watched['worst_ms']:.1f} ms, on the wall {watched['wall_ms']:.1f} ms")
    print(f"  {'worst gaps (ms)':<18}{'first coming':>14}{'later':>8}{'coming again':>14}{'later':>8}")
    for tab, gaps_ms in watched["gaps_ms"].items():
        print("  {:<18}{:>14.1f}{:>8.1f}{:>14.1f}{:>8.1f}".format(tab or "before", *gaps_ms))
    for kind in ("first_handlers", "handlers"):
        for took_ms, wall_ms, computed_ms, tab, what in watched[kind][:MOST_TOLD]:
            times = f"{took_ms:5.1f} ms ({wall_ms:.1f} on the wall, {computed_ms:.1f} of computing)"
            print(f"  {kind.replace('_', ' ')[:-1]} {times} in {tab}: {what[:110]}")
    for late_ms, tab, samples in watched.get("stalls", ()):
        print(f"  {late_ms:5.1f} ms in {tab}")
        for what, number in samples.items():
            print(f"      {number:3}x {what}")


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


if __name__ == "__main__":
    raise SystemExit(main())
