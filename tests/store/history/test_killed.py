"""A kill at any moment: what is summed ahead and what is indexed never says less than what is in the history."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.events import Bus, Trouble
from app.paths import DataFolder
from app.store import Filter
from app.store.history.sums import disagreeing
from tests.store.conftest import Clock, OpenStore
from tests.store.history.test_search_index import check as check_search
from tests.store.history.test_search_index import is_used
from tests.store.history.test_sums import check as check_sums

ROOT = Path(__file__).parents[3]
KILLS = 6


async def busy(root: Path, seed: int) -> None:
    """Record, mark, complete, delete, sum and index, all at once, until somebody ends it."""
    from app.store import Store
    from app.store.history import search_index, sums
    from tests.store.history.test_search_index import answer
    from tests.store.samples import frame

    sums.SLICE_S, sums.REST_S, search_index.REST_S, search_index.AT_ONCE = 0.0, 0.0, 0.0, 7
    now, chance = 1_764_000_000.0, random.Random(seed)
    async with await Store.open(
        root, Bus(), default_providers=(), key_variables=lambda _: (), environ={}, clock=lambda: now
    ) as store:
        alice, number = store.profiles.get("alice"), 0
        print("begun", flush=True)
        while True:
            number += 1
            mine = frame(alice, at=now - chance.uniform(0, 60) * 3_600, frame_id=f"{seed}-{number}")
            await asyncio.gather(
                store.activity.record(mine, None, said := answer(chance), 5),
                store.sums.catch_up(now - chance.uniform(0, 50) * 3_600),
                store.search.catch_up(),
            )
            store.activity.complete(mine, answer(chance) if number % 3 else said)
            await store.activity.set_favourite(mine.frame_id, number % 2 == 0)
            if number % 9 == 0:
                await store.activity.delete(Filter(text="haus", favourite=False))


@pytest.mark.skipif(os.name != "posix", reason="a kill that nothing can catch")
async def test_whatever_is_killed_sums_and_search_agree_with_the_frames(
    open_store: OpenStore, folder: DataFolder, clock: Clock, bus: Bus
) -> None:
    told: list[Trouble] = []
    bus.subscribe(Trouble, told.append)
    clock.now, moments = 1_764_000_000.0, random.Random(2)
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
    for seed in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.store.history.test_killed", str(folder.root), str(seed)],
            cwd=ROOT, stdout=subprocess.PIPE,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            assert await asyncio.to_thread(child.stdout.readline) == b"begun\n"
            await asyncio.sleep(moments.uniform(0.1, 0.8))
            child.send_signal(signal.SIGKILL)
        async with open_store() as store:
            assert await store._database.read(lambda session: disagreeing(session, 1_000)) == 0
            for _ in range(2):
                await check_sums(store, clock, moments)
                await check_search(store, "haus", "zurich", "near", "éclair")
                await store.sums.catch_up(clock.now)
                await store.search.catch_up()
            assert await is_used(store)
            assert (await store.activity.summary(Filter())).frames > seed
    assert told == []


if __name__ == "__main__":
    asyncio.run(busy(Path(sys.argv[1]), int(sys.argv[2])))
