"""What is summed ahead is what the frames add up to, whatever came, went or changed since, and however far it is."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.events import Bus, HistoryBehind, Trouble
from app.core.local_day import day_of, day_start
from app.store import Filter, Store, Summary
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.history import search_index, sums
from app.store.history.summary import COARSE_MS, Tally, add_frames, summed_until
from app.store.history.sums import OVER_AFTER_S, disagreeing, forget_sums
from tests.store.conftest import Clock, OpenStore, count, eventually
from tests.store.history.test_queries import ending, fill
from tests.store.samples import ANSWER, frame

NAMES = ("alice", "bob")
HOUR = 3_600.0


@pytest.fixture
async def store(open_store: OpenStore, clock: Clock) -> Any:
    clock.now = 1_764_000_000.0
    async with open_store() as store:
        for name in NAMES:
            await store.profiles.add(name)
        yield store


async def counted(store: Store, which: Filter) -> Summary:
    """The summary of the frames themselves."""
    tally = Tally()
    await store._database.read(lambda session: add_frames(session, tally, which, store.activity._seen(which)))
    return tally.summary()


async def check(store: Store, clock: Clock, chance: random.Random) -> None:
    for _ in range(12):
        hours = sorted(chance.uniform(0, 80) for _ in range(2))
        until, since = (utc(clock.now - ago * HOUR) for ago in hours)
        which = Filter(
            chance.choice((None, *NAMES)), chance.choice((None, since, utc(since.timestamp() // 900 * 900))),
            chance.choice((None, until)),
        )  # fmt: skip
        found, wanted = await store.activity.summary(which), await counted(store, which)
        for field in fields(Summary):
            if field.name != "latency_ms":  # of halves and quarters of a dollar: exact
                assert getattr(found, field.name) == getattr(wanted, field.name), (field.name, which)
        if wanted.latency_ms is None:
            assert found.latency_ms is None
        else:
            assert found.latency_ms == pytest.approx(wanted.latency_ms, abs=COARSE_MS / 2)


async def test_a_summary_is_that_of_its_frames_however_far_the_sums_are(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "SLICE_S", 0.0)
    await fill(store, clock)
    chance = random.Random(5)
    for before in range(80, -2, -3):
        hour = int(clock.now - before * HOUR) // 3_600
        while await store._database.change(lambda session, hour=hour: sums.sum_some(session, hour)):
            pass
        await check(store, clock, chance)
    assert await count(store, "frame_sum", "hours = 24") >= 4
    assert await store._database.read(lambda session: disagreeing(session, 1_000)) == 0


async def test_what_comes_goes_or_changes_counts_at_once_and_is_summed_again(store: Store, clock: Clock) -> None:
    rows = await fill(store, clock)
    chance = random.Random(9)
    await store.sums.catch_up(clock.now + HOUR)
    for turn in range(6):
        for row in chance.sample(rows, 5):
            await store.activity.set_favourite(row.frame_id, not row.favourite)
        for number in range(5):
            at = clock.now - chance.uniform(0, 76) * HOUR
            mine = frame(store.profiles.get(chance.choice(NAMES)), at=at, frame_id=f"late-{turn}-{number}")
            await store.activity.record(mine, None, answer := ending(chance), 70)
            store.activity.complete(mine, answer)
        begins = clock.now - chance.uniform(2, 76) * HOUR
        await store.activity.delete(Filter(since=utc(begins), until=utc(begins) + timedelta(minutes=70)))
        rows = list(await store.activity.recent(None, 0))
        assert await count(store, "frame_unsummed") > 5
        await check(store, clock, chance)
        await store.sums.catch_up(clock.now + HOUR)
        assert await count(store, "frame_unsummed") == 0
        await check(store, clock, chance)
    await store.activity.delete(Filter("alice"))
    await store.sums.catch_up(clock.now + HOUR)
    assert await count(store, "frame_sum", "profile_id = 1") == 0


async def test_what_comes_after_the_words_counts(store: Store, clock: Clock) -> None:
    mine = frame(store.profiles.get("alice"), at=clock.now - 2 * HOUR)
    (first, *others) = ANSWER.attempts
    dear = replace(ANSWER, attempts=(replace(first, cost_usd=0.5), *others))
    await store.activity.record(mine, None, ANSWER, 70)
    await store.sums.catch_up(clock.now)
    store.activity.complete(mine, dear)
    await asyncio.sleep(0.4)
    for _ in range(2):
        assert (await store.activity.summary(Filter())).cost_usd == 0.5
        await store.sums.catch_up(clock.now)


async def test_an_older_version_s_history_is_summed_and_indexed_while_frames_are_answered(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, bus: Bus
) -> None:
    told: list[Any] = []
    for event in (Trouble, HistoryBehind):
        bus.subscribe(event, told.append)
    await store.set_setting("retention.days", 30)
    rows = await fill(store, clock)
    told.clear()
    monkeypatch.setattr(sums, "SLICE_S", 0.0)
    monkeypatch.setattr(sums, "REST_S", 0.002)
    monkeypatch.setattr(search_index, "AT_ONCE", 100)
    store.start_housekeeping()
    grown = list[int]()
    while not grown or grown[-1] < int(clock.now - OVER_AFTER_S) // 3_600:
        mine = frame(store.profiles.get("alice"), at=clock.now, frame_id=f"new-{len(grown)}")
        await store.activity.record(mine, None, ANSWER, 70)
        grown.append(await store._database.read(summed_until))
        assert (await store.activity.summary(Filter())).frames == len(rows) + len(grown)
    assert len(set(grown)) > 20  # in slices, and frames between them
    await eventually(lambda: store.activity._search._path.exists())
    while await count(store, "frame_unsearched") or await store._database.read(search_index._is_behind):
        await asyncio.sleep(0.02)
    found = await store.activity.listed(Filter(text=ANSWER.text), limit=1_000)
    assert len(found.frames) >= len(grown)
    assert told == []


async def test_the_hour_that_runs_is_not_summed(store: Store, clock: Clock) -> None:
    clock.now = clock.now // 3_600 * 3_600 + OVER_AFTER_S - 1
    await store.activity.record(frame(store.profiles.get("alice"), at=clock.now - 600), None, ANSWER, 5)
    await store.sums.catch_up(clock.now)
    assert await count(store, "frame_sum") == 0
    assert (await store.activity.summary(Filter())).frames == 1
    await store.sums.catch_up(clock.now + 1)
    assert await count(store, "frame_sum") == 1


def spoil_counts(session: Session) -> None:
    session.sql("UPDATE frame_sum SET sums = json_set(sums, '$[0][0]', 99) WHERE hours = 1")


def spoil_sizes(session: Session) -> None:
    session.sql("UPDATE frame_size SET favourite_bytes = favourite_bytes + 1")


def lose_an_hour(session: Session) -> None:
    session.sql("DELETE FROM frame_sum")


def lose_frames(session: Session) -> None:
    session.sql("DELETE FROM frame")


@pytest.mark.parametrize("harm", [spoil_counts, spoil_sizes, lose_an_hour, lose_frames])
async def test_sums_that_disagree_are_told_once_and_made_anew(store: Store, clock: Clock, bus: Bus, harm: Any) -> None:
    told: list[Trouble] = []
    bus.subscribe(Trouble, told.append)
    await fill(store, clock)
    await store.sums.catch_up(clock.now)
    told.clear()
    await store.sums.check()
    assert told == []
    await store._database.change(harm)
    store.sums.start()
    await eventually(lambda: told)
    await store.sums.catch_up(clock.now)
    await check(store, clock, random.Random(3))
    await store.sums.check()
    assert [trouble.sentence for trouble in told] == [sums._DISAGREE]


async def test_sums_made_anew_leave_nothing_of_the_old_ones(store: Store, clock: Clock) -> None:
    await fill(store, clock)
    await store.sums.catch_up(clock.now)
    before = await store._database.read(lambda session: session.sql("SELECT * FROM frame_sum ORDER BY 1, 2, 3"))
    await store._database.change(forget_sums)
    await store._database.change(lambda session: session.sql("DELETE FROM frame WHERE profile_id = 1"))
    await store.sums.catch_up(clock.now)
    after = await store._database.read(lambda session: session.sql("SELECT * FROM frame_sum ORDER BY 1, 2, 3"))
    assert after == [row for row in before if row[2] == 2]


async def test_what_was_paid_today_is_known_at_the_next_start(
    store: Store, clock: Clock, open_store: OpenStore
) -> None:
    rows = await fill(store, clock)
    today = day_start(day_of(clock.now))
    wanted = defaultdict[tuple[str, str], float](float)
    for row in rows:
        for provider, _, _, _, cost_usd in row.usage if row.received_at >= today else ():
            if cost_usd:
                wanted[row.username, provider] += cost_usd
    for _ in range(2):
        async with open_store(own_bus=True) as again:
            assert {name[:2]: name[2] for name in again.spend_today.today} == wanted
        await store.sums.catch_up(clock.now)
