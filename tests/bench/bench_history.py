"""What the history costs its reader: ``python3 -m tests.bench.bench_history``.

1,000 frames of three days in a temporary folder, then 100,000, nine in ten of one profile; each figure is the median of
some goes, and beside it stands what it is to the first number's. ``--frames 1000 100000 1000000`` measures a million
too: it takes ten minutes and 3 GB.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from app.core.errors import FrameError, NoAnswer
from app.core.events import Bus
from app.core.frame import Answer, Attempt, Frame, Profile, Usage
from app.store import Filter, Store
from app.store.database.connection import Session
from app.store.history.frame_rows import Values, insert_frame, values_of
from tests import rig
from tests.bench.machine import Machine
from tests.bench.table import Row, at_most, grown, print_table

T = TypeVar("T")

DAYS = 3
FIRST, SECOND = "alice", "bob"
MADE = 100_000
GOES = 7
PAID_PROVIDERS = ("gemini", "deepseek", "qwen", "chatgpt")
RARE, COMMON, RARE_ABROAD = "zebra", "table", "ZÜRICH"
WORDS = (
    "the", "a", "red", "blue", "large", "small", "table", "chair", "window", "street", "sign", "bottle", "label",
    "reads", "door", "cup", "with", "and", "on", "left", "right", "of", "near", "person", "holding", "paper", "text",
    "price", "euro", "milk", "bread", "bus", "stop", "number", "clock", "green", "exit", "stairs", "hand", "screen",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, nargs="+", default=[1_000, 100_000])
    args = parser.parse_args()
    machine, status, first = Machine(), 0, list[Row]()
    for frames in args.frames:
        with tempfile.TemporaryDirectory() as folder:
            rows = asyncio.run(_measure(Path(folder) / "data", frames))
        print(f"\n{frames:,} frames")
        status |= print_table(grown(rows, first) if first else rows, f"to {args.frames[0]:,}")
        first = first or rows
    print(f"\n{machine.told()}")
    return status


def _open(data: Path, clock: Callable[[], float] = time.time) -> Awaitable[Store]:
    return Store.open(data, Bus(), default_providers=(), key_variables=lambda name: (), environ={}, clock=clock)


async def _measure(data: Path, frames: int) -> list[Row]:
    async with await _open(data) as store:
        for name in (FIRST, SECOND):
            await store.profiles.add(name)
        begins = datetime.now(UTC) - timedelta(days=DAYS)
        await fill(store, begins, frames)
        rows = [*await _grow(store), *await _insert(data, store), *await _reads(store, begins)]
    rows += await asyncio.to_thread(_start, data)
    async with await _open(data) as store:
        rows.append(await _delete_a_day(store, begins))
    async with await _open(data, lambda: time.time() + 9 * 86_400) as store:
        return [*rows, *await _clean(store)]


async def _grow(store: Store) -> list[Row]:
    """As at the first start with an older version's history."""

    async def grow() -> None:
        await store.sums.catch_up(time.time())
        await store.search.catch_up()

    _, took_s, waits = await _meanwhile(store, grow())
    return [at_most("sums and search index of an older version's", took_s, 300, "s"), *waits]


def _start(data: Path) -> list[Row]:
    """A process on it, with all that it looks through at its start; its pictures are lost, too."""
    photo = rig.PHOTO.read_bytes()
    with rig.fake_providers() as providers:
        rig.set_up(data, providers, 1)
        started = time.perf_counter()
        with rig.headless(data) as server:
            rig.request(server.url, "GET", "/health", b"", {})
            took_s = time.perf_counter() - started
            rig.pair(server.url, 0)
            latencies_ms = rig.post_frames(server.url, 0, frames=200, photo=photo)
    let_go = (data / "logs/frame-backend.log").read_text(encoding="utf-8").count("a reply was let go")
    return [
        at_most("from the start of the process to /health", took_s, 1.3, "s"),
        at_most("  its first 200 frames, p95", _p95(latencies_ms), 50, "ms"),
        at_most("  replies let go before their commit", let_go, 0, ""),
    ]


async def _insert(data: Path, store: Store) -> list[Row]:
    """Beside the least that SQLite takes for a row, by turns."""
    with closing(sqlite3.connect(data / "bare.db", isolation_level=None)) as bare:
        bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE frame (words TEXT)")
        took_ms = [(await _record(store), _commit_bare(bare)) for _ in range(200)]
    ours_ms, bare_ms = map(statistics.median, zip(*took_ms, strict=True))
    return [
        at_most("a frame's row committed", ours_ms, 2, "ms"),
        at_most("  times a bare row of SQLite's", ours_ms / bare_ms, 30, ""),
    ]


def _commit_bare(database: sqlite3.Connection) -> float:
    started = time.perf_counter()
    database.execute("INSERT INTO frame VALUES (?)", ("A mug on a table" * 50,))
    return (time.perf_counter() - started) * 1_000


async def _record(store: Store) -> float:
    started = time.perf_counter()
    frame = Frame(secrets.token_hex(8), store.profiles.get(FIRST), "", b"", "", datetime.now(UTC))
    await store.activity.record(frame, None, Answer("A mug", "A mug on a table", "ok", "gemini"), 5)
    return (time.perf_counter() - started) * 1_000


async def _clean(store: Store) -> list[Row]:
    """Everything is too old."""
    gone, took_s, waits = await _meanwhile(store, store.retention.clean())
    what = f"everything cleaned away, a thousand of {gone.frames:,}"
    return [at_most(what, took_s * 1_000 / max(gone.frames, 1), 1, "s"), *waits]


async def _meanwhile(store: Store, work: Coroutine[Any, Any, T]) -> tuple[T, float, list[Row]]:
    """What came of ``work``, how long it took in s, and what commits waited for meanwhile."""
    working, took_ms, started = asyncio.ensure_future(work), list[float](), time.perf_counter()
    while not working.done():
        took_ms.append(await _record(store))
        await asyncio.sleep(0.05)
    waits = [
        at_most("  commits meanwhile, p95", _p95(took_ms), 20, "ms"),
        at_most("  commits meanwhile, the longest", max(took_ms), 500, "ms"),
    ]
    return await working, time.perf_counter() - started, waits


def _p95(took_ms: list[float]) -> float:
    return sorted(took_ms)[int(len(took_ms) * 0.95)]


async def _reads(store: Store, begins: datetime) -> list[Row]:
    read = store.activity
    since = Filter(FIRST, since=begins + timedelta(hours=1, minutes=7))
    page_100 = await _page(store, 100)
    return [
        await _row("summary, one profile", 30, lambda: read.summary(Filter(FIRST))),
        await _row("summary, one profile from a moment on", 30, lambda: read.summary(since)),
        await _row("summary, all", 30, lambda: read.summary(Filter())),
        await _row("first page, one profile", 150, lambda: read.listed(Filter(FIRST))),
        await _row("first page, all", 150, lambda: read.listed(Filter())),
        await _row("first page, failures alone", 150, lambda: read.listed(Filter(ending="failed"))),
        await _row("page 100, all", 150, lambda: read.listed(Filter(), page_100)),
        await _row("search for a rare word, all", 150, lambda: read.listed(Filter(text=RARE))),
        await _row("search for a rare word with an umlaut, all", 150, lambda: read.listed(Filter(text=RARE_ABROAD))),
        await _row("search for a common word, first page", 150, lambda: read.listed(Filter(text=COMMON))),
        await _row("summary of a search for a common word", 150, lambda: read.summary(Filter(text=COMMON))),
        await _row("search for two letters that nobody said", 150, lambda: read.listed(Filter(text="xq"))),
        await _row("what cleaning would take", 100, store.retention.would_clean),
    ]


async def _row(what: str, limit_ms: float, work: Callable[[], Awaitable[object]]) -> Row:
    took_ms = []
    for _ in range(GOES):
        started = time.perf_counter()
        await work()
        took_ms.append((time.perf_counter() - started) * 1_000)
    return at_most(what, statistics.median(took_ms), limit_ms, "ms")


async def _page(store: Store, number: int) -> str:
    after = ""
    for _ in range(number - 1):
        after = (await store.activity.listed(Filter(), after)).after
    return after


async def _delete_a_day(store: Store, begins: datetime) -> Row:
    day = Filter(since=begins + timedelta(days=1), until=begins + timedelta(days=2))
    started = time.perf_counter()
    gone = await store.activity.delete(day)
    took_s = time.perf_counter() - started
    return at_most(f"delete a day ({gone.frames:,} frames)", took_s, 10, "s")


# --- the frames ------------------------------------------------------------------------------------------------------


async def fill(store: Store, begins: datetime, frames: int) -> None:
    """Of more than ``MADE`` the rest are copies, with moments and ids of their own."""
    chance = random.Random(1)
    profiles = [store.profiles.get(name) for name in (FIRST, SECOND)]
    made = min(frames, MADE)
    step = timedelta(days=DAYS) / made
    for first in range(0, made, 1_000):
        numbers = range(first, min(first + 1_000, made))
        rows = [_values(profiles[number % 10 == 0], number, begins + number * step, chance) for number in numbers]
        await store._database.change(lambda session, rows=rows: [insert_frame(session, row) for row in rows])
    for copy in range(1, frames // made):
        later_ms = int(step.total_seconds() * 1_000 * copy * made / frames)
        for first in range(1, made + 1, 5_000):
            await store._database.change(partial(_copy, first=first, later_ms=later_ms, number=copy))
        print(f"\r{copy * made:,} frames", end="", file=sys.stderr)


def _copy(session: Session, first: int, later_ms: int, number: int) -> None:
    names = ", ".join(row[1] for row in session.sql("PRAGMA table_info(frame)") if row[1] != "id")
    made = {"frame_id": f"'{number}-' || frame_id", "received_ms": f"received_ms + {later_ms}"}
    values = ", ".join(made.get(name, name) for name in names.split(", "))
    rows = session.sql(f"SELECT {values} FROM frame WHERE id >= ? AND id < ?", (first, min(first + 5_000, MADE + 1)))
    session.raw.executemany(
        f"INSERT INTO frame ({names}) VALUES ({', '.join('?' * len(rows[0]))})",
        rows,
    )


def _values(profile: Profile, number: int, at: datetime, chance: random.Random) -> Values:
    frame = Frame(f"{number:08x}-{chance.getrandbits(64):016x}", profile, "Describe this image in detail", b"", "", at)
    latency_ms = int(chance.lognormvariate(7, 0.5))
    return values_of(frame, _ending(number, chance), latency_ms, 60_000)


def _ending(number: int, chance: random.Random) -> Answer | FrameError:
    """Mostly one sure provider; one in seven is escalated, some are reused, hints or failures."""
    word = {7: RARE, 8: RARE_ABROAD.capitalize()}.get(number % 25_000, "")
    said = " ".join((*chance.choices(WORDS, k=60), word))
    first = _attempt(chance.choice(PAID_PROVIDERS), "sure", said)
    answer = Answer(said[:120], said, "ok", first.provider, 0.93, attempts=(first,))
    roll = chance.random()
    if roll < 0.15:
        return replace(answer, attempts=(_attempt(chance.choice(PAID_PROVIDERS), "unsure", said), first))
    if roll < 0.25:
        return replace(answer, reused=True, attempts=())
    if roll < 0.30:
        return Answer("Too dark", "Too dark", "bad_frame")
    if roll < 0.35:
        return NoAnswer(attempts=(Attempt("gemini", "gemini-2.5-flash", "overload", 900, why="503"),))
    return answer


def _attempt(provider: str, outcome: str, said: str) -> Attempt:
    return Attempt(
        provider, f"{provider}-2.5-flash", outcome, 812, 0.93, answer=said[:120], full_answer=said,
        usage=Usage(1_250, 90), cost_usd=0.000_6,
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
