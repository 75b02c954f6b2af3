"""What a frame costs the server: ``python3 -m tests.bench.bench_server``.

Providers are fakes on loopback in a process of their own; every client opens a new connection per request, as the phone
app does, and has a profile of its own. Reuse is off. Absolute figures depend on the machine and its day; ratios to the
least relay that there is (relay.py), measured by turns with it, travel.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from tests import rig
from tests.__main__ import own_screen
from tests.bench.machine import Machine
from tests.bench.table import Row, at_least, at_most, print_table
from tests.bench.turns import by_turns, latency_and_cpu

PHOTO = rig.PHOTO.read_bytes()
WARM_UP_FRAMES = 30
CLIENTS, PROFILES = 8, 64
TOUR_DEVICES, TOUR_RATE = 4, 20.0
TOUR_FRAMES = 800
"""Two rounds of the tabs."""
TTFT_S = 0.45
TURNS = 10
GLASSES, GLASSES_S, GLASSES_TURNS = 50, 4, 5
MOST_LATENCY, MOST_CPU, LEAST_RATE = 5.0, 6.0, 0.2
HANDLER_MS = 5.0
FIRST_MS, TAB_MS, OTHER_MS = 20.0, 50.0, 20.0
MOST_TOLD = 6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="frames per measurement")
    parser.add_argument("--no-window", action="store_true", help="leave out what needs a display")
    parser.add_argument("--words", action="store_true", help="only how long the words take to the phone")
    parser.add_argument("--glasses", action="store_true", help="only fifty glasses, without a window and with one")
    parser.add_argument("--ratios", action="store_true", help="only one client, the same over TLS, and eight")
    parser.add_argument("--tour", action="store_true", help="only the window that goes from tab to tab")
    parser.add_argument("--stalls", action="store_true", help="only that, and what held its loop")
    args, machine = parser.parse_args(), Machine()
    with nullcontext() if args.no_window or args.words else own_screen():
        status = print_table(_rows(args), "to a relay's")
    print(f"\n{machine.told()}")
    return status


def _rows(args: argparse.Namespace) -> list[Row]:
    has_window = not args.no_window
    if args.words:
        return _words(10)
    if args.glasses:
        return _glasses(has_window)
    if args.tour or args.stalls:
        return _tour(TOUR_FRAMES, stalls=args.stalls)
    rows = _alone(args.frames) + _alone(args.frames, tls=True) + _together(args.frames, has_window)
    if args.ratios:
        return rows
    rows += _slow_providers(40) + _words(10) + _unsure(40) + _at_rest() + _glasses(has_window)
    return rows + _tour(TOUR_FRAMES) if has_window else rows


@contextmanager
def _servers(
    folder: str, providers: str, profiles: int, window: Literal["", "small", "large"] = ""
) -> Iterator[dict[str, rig.Server]]:
    """The relay, ours, and ours with its window where one is named, each with data of its own and everybody paired.

    What the window's watch found is in ``gaps.json`` at the end."""
    with ExitStack() as stack:
        servers = {"relay": stack.enter_context(rig.relay(providers))}
        for name in ("headless", "window") if window else ("headless",):
            data = Path(folder, name)
            rig.set_up(data, providers, profiles)
            watched = partial(rig.windowed, gaps=Path(folder, "gaps.json"), small=window == "small")
            servers[name] = stack.enter_context(rig.headless(data) if name == "headless" else watched(data))
            for number in range(profiles):
                rig.pair(servers[name].url, number)
        yield servers


def _alone(frames: int, *, tls: bool = False) -> list[Row]:
    """What one client's frame takes and costs."""
    with (
        TemporaryDirectory() as folder,
        rig.fake_providers(tls=tls) as providers,
        _servers(folder, providers, 1) as servers,
    ):
        by_turns(servers, 1, partial(_taken, WARM_UP_FRAMES))
        found = by_turns(servers, TURNS, partial(_taken, frames // TURNS))
    (relay_ms, relay_cpu_ms), (ours_ms, ours_cpu_ms) = map(latency_and_cpu, found.values())
    over = ", over TLS" if tls else ""
    return [
        at_most(f"one client{over}, median latency", ours_ms, 10, "ms").beside(ours_ms / relay_ms, most=MOST_LATENCY),
        at_most(f"one client{over}, CPU per frame", ours_cpu_ms, 10, "ms").beside(
            ours_cpu_ms / relay_cpu_ms, most=MOST_CPU
        ),
    ]


def _taken(frames: int, server: rig.Server) -> tuple[float, float]:
    """Median latency and CPU of a frame, in ms."""
    before_s = server.cpu_s()
    latencies_ms = rig.post_frames(server.url, 0, frames=frames, photo=PHOTO)
    return statistics.median(latencies_ms), (server.cpu_s() - before_s) * 1000 / frames


def _together(frames: int, has_window: bool) -> list[Row]:
    """Frames a second of many clients at once; the window shows many more."""
    with TemporaryDirectory() as folder, rig.fake_providers() as providers, ProcessPoolExecutor(CLIENTS) as pool:
        with _servers(folder, providers, PROFILES, "large" if has_window else "") as servers:
            by_turns(servers, 1, _show_all)
            by_turns(servers, 1, partial(_rate, pool, WARM_UP_FRAMES))
            found = by_turns(servers, TURNS // 2, partial(_rate, pool, frames // TURNS))
        worst_ms = json.loads(Path(folder, "gaps.json").read_text())["worst_ms"] if has_window else 0.0
    relay, *ours = (statistics.median(rates) for rates in found.values())
    rows = [at_least(f"{CLIENTS} clients, frames a second", ours[0], 100, "").beside(ours[0] / relay, least=LEAST_RATE)]
    if has_window:
        what = f"{CLIENTS} clients, window open with {PROFILES} profiles, frames a second"
        rows.append(at_least(what, ours[1], 60, "").beside(ours[1] / relay))
        rows.append(at_most("  its worst gap meanwhile", worst_ms, 20, "ms"))
    return rows


def _show_all(server: rig.Server) -> None:
    """A frame of every profile."""
    for number in range(PROFILES):
        rig.post_frames(server.url, number, frames=1, photo=PHOTO)


def _rate(pool: ProcessPoolExecutor, frames: int, server: rig.Server) -> float:
    started = time.perf_counter()
    post = partial(rig.post_frames, server.url, frames=frames, photo=PHOTO)
    for _ in pool.map(post, range(CLIENTS)):
        pass
    return CLIENTS * frames / (time.perf_counter() - started)


def _slow_providers(frames: int) -> list[Row]:
    with (
        TemporaryDirectory() as folder,
        rig.fake_providers(latency_ms=300) as providers,
        _servers(folder, providers, 1) as servers,
    ):
        by_turns(servers, 1, partial(_taken, 5))
        found = by_turns(servers, TURNS, partial(_taken, frames // TURNS))
    relay_ms, ours_ms = (statistics.median(median_ms for median_ms, _ in one) for one in found.values())
    return [at_most("providers of 300 ms, median latency", ours_ms, 315, "ms").beside(ours_ms / relay_ms, most=1.05)]


def _words(frames: int) -> list[Row]:
    """Until the words are on the phone, of providers that write at a model's pace; a relay waits for the whole."""
    rows = []
    for tokens_per_s, most_s in ((160, 1.02), (60, 1.9)):
        paced = rig.fake_providers(answers=rig.LONG, ttft_s=TTFT_S, tokens_per_s=tokens_per_s)
        with TemporaryDirectory() as folder, paced as providers, _servers(folder, providers, 1) as servers:
            by_turns(servers, 1, partial(_taken, 2))
            found = by_turns(servers, frames, partial(_taken, 1))
        relay_s, ours_s = (statistics.median(took_ms for took_ms, _ in one) / 1_000 for one in found.values())
        what = f"words on the phone, {tokens_per_s} tokens a second after {TTFT_S} s"
        rows.append(at_most(what, ours_s, most_s, "s").beside(ours_s / relay_s))
    return rows


def _unsure(frames: int) -> list[Row]:
    with TemporaryDirectory() as folder, rig.fake_providers(answers=rig.UNSURE) as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=frames, photo=PHOTO)
        calls = _calls_per_frame(Path(folder))
    return [at_most("all-unsure frame, provider calls", calls, 5, "")]


def _at_rest() -> list[Row]:
    with TemporaryDirectory() as folder, rig.fake_providers() as providers:
        rig.set_up(Path(folder), providers, 1)
        with rig.headless(Path(folder)) as server:
            time.sleep(3)
            memory_mb, idle = server.rss_mb(), _idle_share(server)
            rig.pair(server.url, 0)
            rig.post_frames(server.url, 0, frames=WARM_UP_FRAMES, photo=PHOTO)
        calls = _calls_per_frame(Path(folder))
    return [
        at_most("confident frame, provider calls", calls, 1, ""),
        at_most("idle, share of a core", idle * 100, 1, "%"),
        at_most("headless memory before the reader", memory_mb, 110, "MB"),
    ]


def _glasses(has_window: bool) -> list[Row]:
    """Fifty glasses at a frame a second, providers of 300 ms: without a window, and with one that is small."""
    with (
        TemporaryDirectory() as folder,
        rig.fake_providers(latency_ms=300) as providers,
        _servers(folder, providers, GLASSES, "small" if has_window else "") as servers,
    ):
        by_turns(servers, 1, _worn)
        found = by_turns(servers, GLASSES_TURNS, _worn)
    late_ms, cpu_ms, rows = dict[str, float](), dict[str, float](), list[Row]()
    for name, turns in found.items():
        late_ms[name] = statistics.quantiles([one_ms for latencies_ms, _, _ in turns for one_ms in latencies_ms], n=20)[
            -1
        ]
        cpu_ms[name] = statistics.fmean(spent_ms for _, _, spent_ms in turns)
        if name == "relay":
            continue
        what = f"{GLASSES} glasses, {'a small window' if name == 'window' else 'no window'}"
        superseded = sum(number for _, number, _ in turns)
        rows += [
            at_most(f"{what}, 95 % within", late_ms[name], 350, "ms").beside(late_ms[name] / late_ms["relay"]),
            at_most(f"{what}, superseded", superseded, 0, ""),
            at_most(f"{what}, CPU per frame", cpu_ms[name], 16, "ms").beside(cpu_ms[name] / cpu_ms["relay"]),
        ]
    return rows


def _worn(server: rig.Server) -> tuple[list[float], int, float]:
    """The latencies in ms, how many were superseded, and the CPU of a frame in ms."""
    before_s = server.cpu_s()
    latencies_ms, superseded = rig.glasses(partial(rig.is_answered, server.url, PHOTO), GLASSES, GLASSES_S)
    return latencies_ms, superseded, (server.cpu_s() - before_s) * 1_000 / (GLASSES * GLASSES_S)


def _tour(frames: int, *, stalls: bool = False) -> list[Row]:
    """The window goes from tab to tab while frames come at 20 a second."""
    with TemporaryDirectory() as folder, rig.fake_providers() as providers:
        data, found = Path(folder) / "data", Path(folder) / "found.json"
        rig.set_up(data, providers, TOUR_DEVICES)
        with rig.windowed(data, found, tour=True, stalls=stalls) as server:
            for number in range(TOUR_DEVICES):
                rig.pair(server.url, number)
            rig.paced(server.url, PHOTO, frames, TOUR_RATE, TOUR_DEVICES)
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
