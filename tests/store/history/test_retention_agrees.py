"""Whatever the history: what is said to go is what goes, and what stays breaks no promise."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.events import Bus
from app.store import Store
from app.store.database.connection import Session
from app.store.history.sums import forget_sums
from tests.store.conftest import variables

DAY_MS = 86_400_000
NOW_S = 1_790_000_000.0
PROFILES = {1: "alice", 2: "bob", 3: "carol"}
IDS = {name: profile_id for profile_id, name in PROFILES.items()}
NOBODY = 77
MB = 2**20
COLUMNS = (
    "status", "code", "answer", "full_answer", "error", "answered_by", "kind", "latency_ms", "reused", "prompt",
    "judge_why", "client_ip", "attempts", "ai_responses", "usage",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    profile_id: int
    age_ms: int
    bytes: int
    favourite: bool


ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from([1, 1, 1, 2, 3, NOBODY]),
        # around the border to the millisecond, and moments that several frames share
        st.one_of(st.integers(0, 8 * DAY_MS), st.sampled_from([0, 5, 3 * DAY_MS - 1, 3 * DAY_MS, 3 * DAY_MS + 1])),
        st.one_of(st.integers(250, 300_000), st.sampled_from([250, 100_000, MB // 2, MB])),
        st.booleans(),
    ),
    max_size=45,
)


class Shelf:
    """One store for all examples: opening one takes longer than an example."""

    def __init__(self, runner: asyncio.Runner, root: Path) -> None:
        self.runner = runner
        self.store: Store = runner.run(
            Store.open(root, Bus(), default_providers=(), key_variables=variables, environ={}, clock=lambda: NOW_S)
        )
        for name in PROFILES.values():
            runner.run(self.store.profiles.add(name))

    def fill(self, rows: list[Row], trashed: bool) -> None:
        def work(session: Session) -> None:
            forget_sums(session)
            session.sql("DELETE FROM frame")
            session.sql("UPDATE profile SET deleted_at = ? WHERE id = 3", (NOW_S if trashed else None,))
            marks = ", ".join("?" * (7 + len(COLUMNS)))
            for number, row in enumerate(rows):
                session.sql(
                    "INSERT INTO frame (frame_id, profile_id, received_ms, image_bytes, row_bytes, favourite, calls,"
                    f" {', '.join(COLUMNS)}) VALUES ({marks})",
                    (f"f{number}", row.profile_id, int(NOW_S * 1_000) - row.age_ms, row.bytes - 250, 250, row.favourite,
                     1, *(0 for _ in COLUMNS)),
                )  # fmt: skip

        self.runner.run(self.store._database.change(work, self.store.profiles))

    def kept(self) -> set[int]:
        """Places in the list of those that are still there."""
        rows = self.runner.run(self.store._database.read(lambda session: session.sql("SELECT frame_id FROM frame")))
        return {int(frame_id[1:]) for (frame_id,) in rows}


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelf]:
    root = Path(tempfile.mkdtemp())
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.store.history.pictures.GATHER_S", 0.0)  # twice an example it would be waited for
        shelf = Shelf(runner, root)
        yield shelf
        runner.run(shelf.store.close())
    shutil.rmtree(root)


def sums(rows: list[Row], profile_id: int) -> tuple[int, int]:
    mine = [row.bytes for row in rows if row.profile_id == profile_id]
    return len(mine), sum(mine)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(rows=ROWS, days=st.integers(1, 5), trashed=st.booleans(), summed_before_h=st.integers(-1, 9 * 24))
def test_what_would_go_is_what_goes(
    shelf: Shelf, rows: list[Row], days: int, trashed: bool, summed_before_h: int
) -> None:
    store, run = shelf.store, shelf.runner.run
    shelf.fill(rows, trashed)
    run(store.sums.catch_up(NOW_S - summed_before_h * 3_600))
    run(store.set_setting("retention.days", days))
    run(store.set_setting("retention.mb_per_profile", 1))
    would = {one.username: (one.frames, one.bytes) for one in run(store.retention.would_clean())}
    for usage in run(store.retention.usage()):
        assert (usage.frames, usage.bytes) == sums(rows, IDS[usage.username])
    gone = run(store.retention.clean())
    left = shelf.kept()
    kept, went = [row for at, row in enumerate(rows) if at in left], dict(enumerate(rows))
    for at in left:
        del went[at]
    for profile_id, name in (*PROFILES.items(), (NOBODY, "")):
        before, after = sums(rows, profile_id), sums(kept, profile_id)
        assert would.get(name, (0, 0)) == (before[0] - after[0], before[1] - after[1]), name
    assert (gone.frames, gone.bytes) == (sum(one[0] for one in would.values()), sum(one[1] for one in would.values()))
    check_promises(kept, went, days)
    assert all(not one.frames for one in run(store.retention.would_clean()))
    assert run(store.retention.clean()).frames == 0


def check_promises(kept: list[Row], went: dict[int, Row], days: int) -> None:
    """Favourites all stay; others are young enough, fit their room, and are the newest; nobody's are gone."""
    assert not [row for row in kept if row.profile_id == NOBODY]
    assert not [row for row in went.values() if row.favourite and row.profile_id != NOBODY]
    for profile_id in PROFILES:
        mine = [row for row in kept if row.profile_id == profile_id]
        room = max(MB - sum(row.bytes for row in mine if row.favourite), MB // 2)
        others = [row for row in mine if not row.favourite]
        assert all(row.age_ms <= days * DAY_MS for row in others)
        assert sum(row.bytes for row in others) <= room
        too_much = [(-row.age_ms, at, row.bytes) for at, row in went.items()
                    if row.profile_id == profile_id and row.age_ms <= days * DAY_MS]  # fmt: skip
        if too_much:  # the oldest, and no more than must: the newest of them would not have fitted
            age, _, size = max(too_much)
            assert all(row.age_ms <= -age for row in others)
            assert sum(row.bytes for row in others) + size > room


@pytest.mark.posix("no st_blocks")
def test_the_disk_gets_the_room_of_a_day_back(tmp_path: Path) -> None:
    """Pictures, rows and free pages: what the folder takes on the disk, log and all."""
    from tests.store.samples import ANSWER, frame, picture

    root, clock = tmp_path / "data", [NOW_S]

    async def fill_and_clean() -> tuple[int, int, int]:
        store = await Store.open(
            root, Bus(), default_providers=(), key_variables=variables, environ={}, clock=lambda: clock[0]
        )
        async with store:
            await store.profiles.add("alice")
            store.activity.pictures._items = 10_000
            empty = taken(root)
            alice = store.profiles.get("alice")
            for first in range(0, 2_000, 100):
                await asyncio.gather(*(
                    store.activity.record(frame(alice, at=NOW_S + number), picture(10_000), ANSWER, 5)
                    for number in range(first, first + 100)
                ))  # fmt: skip
                await store.activity.pictures.settled()
            full = taken(root)
            clock[0] += 3 * 86_400 + 2_000
            assert (await store.retention.clean()).frames == 2_000
            await store.activity.pictures.settled()
            return empty, full, taken(root)

    empty, full, after = asyncio.run(fill_and_clean())
    assert full - empty > 2_000 * 10_000
    assert after - empty < (full - empty) * 0.25  # a log of 16 MB at most may stay until the end
    assert taken(root) - empty < 300_000
    assert not list((root / "frames").rglob("*.jpg"))


def taken(folder: Path) -> int:
    return sum(blocks(path) for path in folder.rglob("*"))


def blocks(path: Path) -> Any:
    try:
        return path.stat().st_blocks * 512
    except FileNotFoundError:
        return 0
