"""How long the program stays up, and that nothing it answered is lost: ``python3 -m tests.endurance``.

    python3 -m tests.endurance                    all of it, some forty minutes
    python3 -m tests.endurance kills --times 200  kill -9 at random moments under load
    python3 -m tests.endurance soak --frames 20000 --rate 20
    python3 -m tests.endurance load --clients 50 --seconds 60
    python3 -m tests.endurance inputs --fuzz 10   generated pictures, forms, calls, replies and backups
    python3 -m tests.endurance faults             what fails around it: providers, network, disk, keyring, listener

Providers are fakes on loopback. Prints a table; ends with 1 when a limit is broken. ``.ci/run`` does a short one
of each.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import tests.bench  # noqa: F401  makes sure of the environment, before what only that has
from tests import rig
from tests.__main__ import PROGRAMS, own_screen
from tests.bench.machine import Machine
from tests.bench.table import Row, at_most, print_table

KILL_WITHIN_S = 1.2
PROFILES = 4
RELAY_S = 10
WHAT = ("kills", "soak", "load", "inputs", "faults")


# --- kill -9 ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Killed:
    """What was found after the kills. ``lost``: answered frames that the history has not, or with another answer."""

    times: int = 0
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.answered > 0 and not (self.lost or self.damaged or self.orphans)


def kills(folder: Path, times: int, seed: int) -> Killed:
    """Kill the headless server ``times`` times while four devices post; then let it start and sweep, and look."""
    moments, found, answers = random.Random(seed), Killed(times), dict[str, str]()
    data, photo = folder / "data", rig.PHOTO.read_bytes()
    with rig.fake_providers() as providers:
        rig.set_up(data, providers, PROFILES)
        for _ in range(times):
            answers |= _run_and_kill(data, photo, moments.uniform(0, KILL_WITHIN_S))
            found.damaged += _damage(data)
        with rig.headless(data):
            _wait_until(lambda: not _orphans(data))
    found.answered = len(answers)
    history = _history(data)
    found.lost = [frame_id for frame_id, answer in answers.items() if history.get(frame_id) != answer]
    found.orphans = _orphans(data)
    return found


def _run_and_kill(data: Path, photo: bytes, after_s: float) -> dict[str, str]:
    """The answers that devices got, by frame, until the server was killed ``after_s`` from the first one on."""
    answers: dict[str, str] = {}
    first, over = threading.Event(), threading.Event()
    with rig.headless(data) as server, ThreadPoolExecutor(PROFILES) as devices:
        for number in range(PROFILES):
            rig.pair(server.url, number)
            devices.submit(_post_until, server.url, number, photo, answers, first, over)
        first.wait(30)
        time.sleep(after_s)
        os.kill(server.process.pid, signal.SIGKILL)
        over.set()
    return answers


def _post_until(
    url: str, number: int, photo: bytes, answers: dict[str, str], first: threading.Event, over: threading.Event
) -> None:
    while not over.is_set():
        try:
            status, reply = rig.post_frame(url, number, photo)
        except OSError:  # it is dead
            return
        if status == 200:
            answers[reply["frame_id"]] = reply["answer"]
            first.set()


def _damage(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "frame-backend.db")) as database:
        [said] = database.execute("PRAGMA integrity_check(1)").fetchone()
    return [] if said == "ok" else [said]


def _history(data: Path) -> dict[str, str]:
    with closing(sqlite3.connect(data / "frame-backend.db")) as database:
        return dict(database.execute("SELECT frame_id, answer FROM frame"))


def _orphans(data: Path) -> list[str]:
    """Picture files that no row knows, and pictures that a row knows and that are not there."""
    with closing(sqlite3.connect(data / "frame-backend.db")) as database:
        known = {frame_id for (frame_id,) in database.execute("SELECT frame_id FROM frame WHERE image_bytes > 0")}
    # not rglob: it does not forgive a folder that the sweep takes away while it looks
    files = [name for _, _, names in os.walk(data / "frames") for name in names]
    return sorted(known ^ {name.removesuffix(".jpg") for name in files})


def _wait_until(condition: Callable[[], bool], within_s: float = 30) -> None:
    """Until ``condition`` holds, or for so long: what it then finds is told by whoever looks."""
    give_up_at = time.monotonic() + within_s
    while not condition() and time.monotonic() < give_up_at:
        time.sleep(0.2)


# --- soak ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Soaked:
    """Memory in MB and open descriptors after the warm-up and at the end; p99 in ms of the first and last frames."""

    frames: int = 0
    memory_mb: tuple[float, float] = (0.0, 0.0)
    descriptors: tuple[int, int] = (0, 0)
    p99_ms: tuple[float, float] = (0.0, 0.0)
    kept: int = 0


def soak(folder: Path, frames: int, rate: float, warm_up: int) -> Soaked:
    """Post ``frames`` at ``rate`` a second through the window while it goes from tab to tab."""
    data, photo, found = folder / "data", rig.PHOTO.read_bytes(), Soaked(frames)
    with rig.fake_providers() as providers:
        rig.set_up(data, providers, PROFILES)
        with rig.windowed(data, folder / "gaps.json", tour=True) as server:
            for number in range(PROFILES):
                rig.pair(server.url, number)
            latencies_ms = rig.paced(server.url, photo, warm_up, rate, PROFILES)
            memory_mb, descriptors = server.rss_mb(), server.process.num_fds()
            latencies_ms += rig.paced(server.url, photo, frames - warm_up, rate, PROFILES)
            found.memory_mb = (memory_mb, server.rss_mb())
            found.descriptors = (descriptors, server.process.num_fds())
    some = min(1_000, frames // 3)
    found.p99_ms = (_p99(latencies_ms[:some]), _p99(latencies_ms[-some:]))
    found.kept = len(_history(data))
    return found


def _p99(latencies_ms: list[float]) -> float:
    return sorted(latencies_ms)[int(len(latencies_ms) * 0.99)]


# --- load ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Loaded:
    """``answered``, ``superseded`` and ``other`` count replies; latencies in ms."""

    answered: int = 0
    superseded: int = 0
    other: list[str] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)


def load(folder: Path, clients: int, seconds: float) -> Loaded:
    """``clients`` pairs of glasses, each a frame a second, with providers of 300 ms and the window open."""
    data, photo, found = folder / "data", rig.PHOTO.read_bytes(), Loaded()
    over = threading.Event()
    with rig.fake_providers(latency_ms=300) as providers:
        rig.set_up(data, providers, clients)
        with rig.windowed(data, folder / "gaps.json") as server:
            for number in range(clients):
                rig.pair(server.url, number)
            with ThreadPoolExecutor(clients + 1) as devices:
                health = devices.submit(_watch_health, server.url, found, over)
                work = [
                    devices.submit(_wear, server.url, number, photo, seconds, number / clients, found)
                    for number in range(clients)
                ]
                for one in work:
                    one.result()
                over.set()
                health.result()
    return found


def _wear(url: str, number: int, photo: bytes, seconds: float, offset_s: float, found: Loaded) -> None:
    """A frame a second, beginning ``offset_s`` into the first one."""
    started = time.perf_counter() + offset_s
    for turn in range(int(seconds)):
        time.sleep(max(0.0, started + turn - time.perf_counter()))
        before = time.perf_counter()
        status, reply = rig.post_frame(url, number, photo)
        if status == 200:
            found.answered += 1
            found.latencies_ms.append((time.perf_counter() - before) * 1_000)
        elif status == 429 and reply.get("code") == "superseded":
            found.superseded += 1
        else:
            found.other.append(f"{status} {reply.get('code')}")


def _watch_health(url: str, found: Loaded, over: threading.Event) -> None:
    while not over.wait(0.05):
        before = time.perf_counter()
        if rig.request(url, "GET", "/health", b"", {})[0] != 200:
            found.other.append("/health failed")
        found.health_ms.append((time.perf_counter() - before) * 1_000)


# --- inputs and faults -----------------------------------------------------------------------------------------------

GENERATED = (
    "tests/images/test_generated.py", "tests/server/wire/test_generated_uploads.py",
    "tests/server/wire/test_schemathesis.py", "tests/hostile/provider", "tests/hostile/picture", "tests/hostile/backup",
)  # fmt: skip
FAULTS = (
    "tests/system/test_faults.py", "tests/system/test_disk_trouble.py", "tests/system/test_failing_providers.py",
    "tests/system/test_slow_uploads.py", "tests/store/database/test_corruption.py",
    "tests/store/database/test_clock.py",
    "tests/hostile/environment",
    "tests/server/access/test_proxies_and_origins.py::test_a_listener_that_closed_is_opened_again_on_its_port",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """How many tests passed and failed (or could not run), and how many inputs the generating ones tried."""

    passed: int
    failed: int
    inputs: int


def tried(tests: Sequence[str], fuzz: int) -> Tried:
    """Run ``tests`` with ``fuzz`` times as many generated inputs."""
    command = [sys.executable, "-m", "pytest", "-q", "-rPfE", "-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    environ = os.environ | {"FRAME_BACKEND_FUZZ": str(fuzz), "CI": "1"}  # then what cannot run fails
    done = subprocess.run([*command, *tests], cwd=rig.ROOT, env=environ, capture_output=True, text=True, check=False)
    counted = {what: int(number) for number, what in re.findall(r"(\d+) (passed|failed|errors?)\b", _last(done.stdout))}
    if done.returncode:
        print(done.stdout[-5_000:], done.stderr[-2_000:], file=sys.stderr)
    failed = sum(number for what, number in counted.items() if what != "passed")
    inputs = re.findall(r"(\d+) passing, \d+ failing|(\d+) inputs tried", done.stdout)
    return Tried(counted.get("passed", 0), max(failed, int(done.returncode != 0)), sum(int(a or b) for a, b in inputs))


def _last(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]


# --- the command -----------------------------------------------------------------------------------------------------


def _kill_rows(times: int, seed: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = kills(Path(folder), times, seed)
    told = f"{len(found.lost)} of {found.answered}"
    return [
        Row(f"killed {times} times: answered frames lost", "0", told, not found.lost and found.answered > 0),
        at_most("  databases damaged", len(found.damaged), 0, ""),
        at_most("  rows and pictures that disagree after the sweep", len(found.orphans), 0, ""),
    ]


def _soak_rows(frames: int, rate: float) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), frames, rate, min(2_000, frames // 3))
    before, after = found.descriptors
    return [
        Row(f"soak of {frames:,} frames, all tabs: kept", f"{frames:,}", f"{found.kept:,}", found.kept == frames),
        at_most("  memory, end / after warm-up", found.memory_mb[1] / found.memory_mb[0], 1.10, ""),
        at_most("  descriptors, end - after warm-up", after - before, 3, ""),
        at_most("  p99, last / first frames", found.p99_ms[1] / found.p99_ms[0], 1.5, ""),
    ]


def _load_rows(clients: int, seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        found = load(Path(folder), clients, seconds)
    told = f"{found.answered:,} + {found.superseded}"
    p95_ms = _p95(found.latencies_ms)
    return [
        Row(f"{clients} pairs of glasses: answered + superseded", "all", told, not found.other),
        at_most("  p95", p95_ms, 600, "ms").beside(p95_ms / _relay_p95_ms(clients)),
        at_most("  /health p99", _p99(found.health_ms), 50, "ms"),
    ]


def _relay_p95_ms(clients: int) -> float:
    """Of the least relay there is, with as many and the same providers."""
    photo = rig.PHOTO.read_bytes()
    with rig.fake_providers(latency_ms=300) as providers, rig.relay(providers) as relay:
        return _p95(rig.glasses(lambda number: rig.is_answered(relay.url, photo, number), clients, RELAY_S)[0])


def _p95(latencies_ms: list[float]) -> float:
    return statistics.quantiles(latencies_ms, n=20)[-1]


def _input_rows(fuzz: int) -> list[Row]:
    found = tried(GENERATED, fuzz)
    told = f"{found.inputs:,}"
    return [Row("generated pictures, forms, calls, backups: held", "all", told, not found.failed and found.inputs > 0)]


def _fault_rows() -> list[Row]:
    found = tried(FAULTS, 1)
    told = f"{found.passed} of {found.passed + found.failed}"
    return [Row("faults survived", "all", told, not found.failed and found.passed > 0)]


def _part(word: str) -> str:
    if word not in WHAT:
        raise argparse.ArgumentTypeError(f"{word} is none of {', '.join(WHAT)}")
    return word


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # no choices=: argparse would look for the empty list among them
    parser.add_argument("what", nargs="*", type=_part, metavar="|".join(WHAT))
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20_261_127)
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--fuzz", type=int, default=10)
    return parser


def main() -> int:
    args = parser().parse_args()
    machine = Machine()
    with own_screen(PROGRAMS):
        status = print_table(_rows(args), "to a relay's")
    print(f"\n{machine.told()}")
    return status


def _rows(args: argparse.Namespace) -> list[Row]:
    what, rows = args.what or WHAT, list[Row]()
    if "kills" in what:
        rows += _kill_rows(args.times, args.seed)
    if "load" in what:
        rows += _load_rows(args.clients, args.seconds)
    if "soak" in what:
        rows += _soak_rows(args.frames, args.rate)
    if "inputs" in what:
        rows += _input_rows(args.fuzz)
    if "faults" in what:
        rows += _fault_rows()
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
