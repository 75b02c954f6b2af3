"""What a frame costs here and in other gateways, in one run: ``python3 -m tests.bench.bench_gateways``.

Portkey (from npm, where node is) and LiteLLM (from PyPI) are installed in the versions that ``tests/data/gateways``
pins. By turns with them: the least relay there is (relay.py), and ours without a window, once by the glasses' upload,
once by its door for programs, with the body that the gateways get, but for the model's name. Their clients send a chat
completion with ready base64, and they keep nothing of it; ours proves the picture whole and keeps it with the answer.
All have the same fakes, and a new connection per frame.
"""

from __future__ import annotations

import argparse
import base64
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests import rig
from tests.bench.gateways import MODEL, LeftOut, litellm, portkey
from tests.bench.machine import Machine
from tests.bench.table import at_least, at_most, print_cells, print_table
from tests.bench.turns import by_turns, latency_and_cpu

ROUNDS = 5
WARM_UP_FRAMES, FRAMES, FRAMES_TOGETHER, FRAMES_SLOW = 30, 40, 20, 5
CLIENTS, DEVICES, GLASSES_S = 8, 50, 4
SLOW_MS = 300
RELAY, OURS, BY_DOOR = "smallest relay", "ours, /process", "ours, /v1/chat/completions"
PORTKEY, LITELLM = "Portkey", "LiteLLM"
MORE_MS = 2.0
"""Than Portkey's: what the proof and the history may take."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one client sends, again and again."""

    url: str
    path: str
    body: bytes
    headers: dict[str, str]

    def send(self) -> tuple[int, bytes]:
        return rig.request(self.url, "POST", self.path, self.body, self.headers)


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, and what each of its clients sends."""

    server: rig.Server
    requests: list[Request]


@dataclass(frozen=True, slots=True)
class Figures:
    """One contender's: medians of the rounds, with providers at 0 ms and then, as ``slow`` and ``glasses``, at 300."""

    median_ms: float
    cpu_ms: float
    rate: float
    slow_ms: float
    glasses_ms: float
    glasses_p95_ms: float
    unanswered: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args, machine = parser.parse_args(), Machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        rig.fake_providers() as providers,
        _contenders(Path(folder), providers) as contenders,
    ):
        found = _measure(contenders, providers, args.rounds)
    _print_found(found)
    status = _judge(found[OURS], found[PORTKEY]) if PORTKEY in found else 0
    print(f"\n{machine.told()}")
    return status


@contextmanager
def _contenders(data: Path, providers: str) -> Iterator[dict[str, Contender]]:
    photo = rig.PHOTO.read_bytes()
    uploads = [rig.multipart(f"bench{number}", photo) for number in range(DEVICES)]
    keys = rig.set_up(data, providers, DEVICES)
    with ExitStack() as stack:
        ours, relay = stack.enter_context(rig.headless(data)), stack.enter_context(rig.relay(providers))
        for number in range(DEVICES):
            rig.pair(ours.url, number)
        found = {
            name: Contender(server, [Request(server.url, "/process", *upload) for upload in uploads])
            for name, server in ((RELAY, relay), (OURS, ours))
        }
        found[BY_DOOR] = _chatting(
            ours, chat(photo, "frame-backend"), [{"authorization": f"Bearer {key}"} for key in keys]
        )
        for name, start in ((PORTKEY, portkey), (LITELLM, litellm)):
            try:
                gateway = stack.enter_context(start(providers))
            except LeftOut as why:
                print(why, file=sys.stderr)
            else:
                found[name] = _chatting(gateway.server, chat(photo, MODEL), [gateway.headers] * DEVICES)
        yield found


def chat(photo: bytes, model: str) -> bytes:
    url = f"data:image/jpeg;base64,{base64.b64encode(photo).decode()}"
    content = [{"type": "text", "text": "Describe this image."}, {"type": "image_url", "image_url": {"url": url}}]
    return json.dumps({"model": model, "messages": [{"role": "user", "content": content}]}).encode()


def _chatting(server: rig.Server, chat: bytes, headers: Sequence[Mapping[str, str]]) -> Contender:
    form = {"content-type": "application/json"}
    return Contender(server, [Request(server.url, "/v1/chat/completions", chat, {**form, **one}) for one in headers])


def _measure(contenders: dict[str, Contender], providers: str, rounds: int) -> dict[str, Figures]:
    with ProcessPoolExecutor(CLIENTS) as pool:
        by_turns(contenders, 1, partial(_alone, WARM_UP_FRAMES))
        by_turns(contenders, 1, partial(_together, pool))
        alone = by_turns(contenders, rounds, partial(_alone, FRAMES))
        rates = by_turns(contenders, rounds, partial(_together, pool))
    slowly = {name: {"latency_ms": SLOW_MS} for name in rig.PATHS}
    rig.request(providers, "POST", "/_script", json.dumps(slowly).encode(), {"content-type": "application/json"})
    slow = by_turns(contenders, rounds, partial(_alone, FRAMES_SLOW))
    glasses = by_turns(contenders, rounds, _glasses)
    return {name: _figures(alone[name], rates[name], slow[name], glasses[name]) for name in contenders}


def _figures(
    alone: list[tuple[float, float]],
    rates: list[float],
    slow: list[tuple[float, float]],
    glasses: list[tuple[list[float], int]],
) -> Figures:
    median_ms, cpu_ms = latency_and_cpu(alone)
    slow_ms = statistics.median(took_ms for took_ms, _ in slow)
    each_ms = [took_ms for latencies_ms, _ in glasses for took_ms in latencies_ms]
    late_ms, unanswered = statistics.quantiles(each_ms, n=20)[-1], sum(number for _, number in glasses)
    rate = statistics.median(rates)
    return Figures(median_ms, cpu_ms, rate, slow_ms, statistics.median(each_ms), late_ms, unanswered)


def _alone(frames: int, contender: Contender) -> tuple[float, float]:
    """Of one client: the median latency, and the CPU of a frame, in ms."""
    before_s = contender.server.cpu_s()
    latencies_ms = post(contender.requests[0], frames)
    return statistics.median(latencies_ms), (contender.server.cpu_s() - before_s) * 1_000 / frames


def _together(pool: ProcessPoolExecutor, contender: Contender) -> float:
    """Frames a second of eight clients."""
    started = time.perf_counter()
    for one in [pool.submit(post, request, FRAMES_TOGETHER) for request in contender.requests[:CLIENTS]]:
        one.result()
    return CLIENTS * FRAMES_TOGETHER / (time.perf_counter() - started)


def _glasses(contender: Contender) -> tuple[list[float], int]:
    """Of fifty at a frame a second: each latency in ms, and how many got no answer."""
    return rig.glasses(lambda number: contender.requests[number].send()[0] == 200, DEVICES, GLASSES_S)


def post(request: Request, frames: int) -> list[float]:
    latencies_ms = []
    for _ in range(frames):
        started = time.perf_counter()
        status, reply = request.send()
        if status != 200:
            raise SystemExit(f"{request.url}{request.path} answered {status}: {reply[:300]!r}")
        latencies_ms.append((time.perf_counter() - started) * 1_000)
    return latencies_ms


def _print_found(found: Mapping[str, Figures]) -> None:
    """Each figure with its ratio to ours."""
    ours, at = found[OURS], f"{SLOW_MS} ms"
    heads = ("median ms", "CPU ms", f"{CLIENTS} clients /s", f"{at}: median", f"{at}, {DEVICES} at 1/s: median", "95 %")
    lines = [("", *heads, "no answer")]
    for name, one in found.items():
        timed = ("median_ms", "cpu_ms", "rate", "slow_ms", "glasses_ms", "glasses_p95_ms")
        cells = [_cell(getattr(one, what), getattr(ours, what)) for what in timed]
        lines.append((name, *cells, str(one.unanswered)))
    print_cells(lines)


def _cell(figure: float, ours: float) -> str:
    return f"{figure:{',.0f' if figure >= 100 else '.3g'}} x{figure / ours:.2f}"


def _judge(ours: Figures, portkey: Figures) -> int:
    print()
    together = f"{CLIENTS} clients, frames a second to {PORTKEY}'s"
    return print_table(
        [
            at_least(together, ours.rate / portkey.rate, 1, ""),
            at_most(f"one client, median over {PORTKEY}'s", ours.median_ms - portkey.median_ms, MORE_MS, "ms"),
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
