"""The history as it is asked for: each answer is checked against the same frames sorted out in Python."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.errors import FrameError, InvalidValue, NoAnswer, NoProvider, Superseded, UnknownName
from app.core.events import Bus, HistoryChanged
from app.core.frame import Answer, Attempt, Usage
from app.paths import DataFolder
from app.store import Filter, Listed, ReportRow, Store
from app.store.database.clock import utc
from app.store.history import queries
from app.store.history.frame_rows import SLICE_ROWS
from tests.store.conftest import Clock, OpenStore, count, eventually, files_in
from tests.store.samples import ANSWER, frame, picture

DAY = 24 * 3_600.0
FRAMES = 300


@pytest.fixture
async def store(open_store: OpenStore, clock: Clock) -> Any:
    clock.now = 1_764_000_000.0  # the same frames each time
    async with open_store() as store:
        for name in ("alice", "bob"):
            await store.profiles.add(name)
        yield store


@pytest.fixture
def told(bus: Bus) -> list[HistoryChanged]:
    found: list[HistoryChanged] = []
    bus.subscribe(HistoryChanged, found.append)
    return found


@pytest.fixture(params=["UTC", "America/St_Johns", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time, also with half and quarter hours."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be set by a program")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# --- a history of all sorts ------------------------------------------------------------------------------------------


def ending(chance: random.Random) -> Answer | FrameError:
    attempts = tuple(attempt(chance) for _ in range(chance.randrange(4)))
    if chance.random() < 0.2:
        return chance.choice((NoAnswer, NoProvider, Superseded))(attempts=attempts)
    return Answer(
        "A mug.",
        "A mug on a desk.",
        chance.choice(("ok", "ok", "degraded", "bad_frame")),
        chance.choice(("gemini", "qwen", "judge", "")),
        0.9,
        chance.choice(("scene", "text", "translate", "maths")),
        reused=chance.random() < 0.2,
        attempts=attempts,
    )


def attempt(chance: random.Random) -> Attempt:
    provider = chance.choice(("gemini", "qwen", "deepseek"))
    outcome = chance.choice(("sure", "unsure", "skipped", "overload", "judged"))
    is_paid = outcome in ("sure", "unsure", "judged")
    cost_usd = chance.choice((None, 0.0, 0.25, 0.5)) if is_paid else None
    return Attempt(provider, "m-1", outcome, 50, usage=Usage(9, 9) if is_paid else Usage(), cost_usd=cost_usd)


async def fill(store: Store, clock: Clock) -> list[ReportRow]:
    """Frames of both profiles over three days, some at the same moment, some marked; newest first."""
    chance = random.Random(7)
    for number in range(FRAMES):
        at = clock.now - chance.randrange(3 * 24 * 4) * 900 - chance.choice((0, 0.001, 450, 899.999))
        sent = frame(store.profiles.get(chance.choice(("alice", "bob"))), at=at, frame_id=f"f{number}")
        await store.activity.record(sent, None, ending(chance), chance.randrange(5_000))
        if chance.random() < 0.2:
            await store.activity.set_favourite(sent.frame_id, True)
        if chance.random() < 0.4:
            await store.activity.set_thumb(sent.frame_id, chance.choice((-1, 1)))
    return list(await store.activity.recent(None, 0))


def local(row: ReportRow) -> datetime:
    return row.received_at.astimezone()


def called(row: ReportRow, provider: str | None, outcome: str | None) -> bool:
    return any(
        one["outcome"] != "skipped" and provider in (None, one["provider"]) and outcome in (None, one["outcome"])
        for one in row.attempts
    )


CASES: list[tuple[Filter, Callable[[ReportRow], bool]]] = [
    (Filter(), lambda row: True),
    (Filter("alice"), lambda row: row.username == "alice"),
    (Filter(answered_by="judge"), lambda row: row.answered_by == "judge"),
    (Filter(answered_by=""), lambda row: not row.answered_by),
    (Filter(ending="answered"), lambda row: (row.status, row.code) == (200, "ok")),
    (Filter(ending="degraded"), lambda row: row.code == "degraded"),
    (Filter(ending="hint"), lambda row: row.code == "bad_frame"),
    (Filter("bob", ending="failed"), lambda row: row.username == "bob" and row.status != 200),
    (Filter(code="superseded"), lambda row: row.code == "superseded"),
    (Filter(code="ok"), lambda row: False),
    (Filter(kind="maths"), lambda row: row.kind == "maths"),
    (Filter(escalated=True), lambda row: row.calls > 1),
    (Filter("alice", escalated=False), lambda row: row.username == "alice" and row.calls <= 1),
    (Filter(reused=True), lambda row: row.reused),
    (Filter(reused=False), lambda row: not row.reused),
    (Filter("alice", favourite=True), lambda row: row.username == "alice" and row.favourite),
    (Filter(favourite=False), lambda row: not row.favourite),
    (Filter(thumb=-1), lambda row: row.thumb == -1),
    (Filter(thumb=0), lambda row: row.thumb == 0),
    (Filter(hour=7), lambda row: local(row).hour == 7),
    (Filter("bob", hour=0), lambda row: row.username == "bob" and local(row).hour == 0),
    (Filter(asked="qwen"), lambda row: called(row, "qwen", None)),
    (Filter(asked="qwen", outcome="overload"), lambda row: called(row, "qwen", "overload")),
    (Filter(outcome="judged"), lambda row: called(row, None, "judged")),
    (Filter(outcome="skipped"), lambda row: False),
    (Filter(text="mug", thumb=1), lambda row: row.status == 200 and row.thumb == 1),
    (
        Filter("alice", ending="answered", escalated=True, favourite=False, asked="gemini"),
        lambda row: (
            (row.username, row.status, row.code, row.calls > 1, row.favourite) == ("alice", 200, "ok", True, False)
            and called(row, "gemini", None)
        ),
    ),
]


async def all_pages(store: Store, which: Filter, limit: int) -> list[Listed]:
    found: list[Listed] = []
    after = ""
    while True:
        page = await store.activity.listed(which, after, limit)
        assert len(page.frames) == limit or not page.after
        found += page.frames
        after = page.after
        if not after:
            return found


def check_summary(found: Any, rows: list[ReportRow]) -> None:
    days = sorted({local(row).date().isoformat() for row in rows})
    assert found.frames == len(rows)
    assert found.escalated == sum(row.calls > 1 for row in rows)
    assert found.reused == sum(row.reused for row in rows)
    assert found.favourites == sum(row.favourite for row in rows)
    assert found.latency_ms == (statistics.median_low(row.latency_ms for row in rows) if rows else None)
    assert found.by_answerer == Counter(row.answered_by for row in rows)
    assert found.by_code == Counter(row.code for row in rows if row.status != 200)
    assert found.by_ending == {
        "answered": sum(row.code == "ok" for row in rows), "degraded": sum(row.code == "degraded" for row in rows),
        "hint": sum(row.code == "bad_frame" for row in rows), "failed": sum(row.status != 200 for row in rows),
    }  # fmt: skip
    assert found.by_hour == tuple(sum(local(row).hour == hour for row in rows) for hour in range(24))
    assert list(found.by_day.items()) == [
        (day, sum(local(row).date().isoformat() == day for row in rows)) for day in days
    ]
    # the amounts are sums of halves and quarters: exact
    paid = [(row, call[0], call[4]) for row in rows for call in row.usage if call[4]]
    assert found.unpriced == sum(row.cost_usd is None for row in rows)
    assert found.cost_usd == sum(cost for _, _, cost in paid)
    by_provider: Counter[str] = Counter()
    by_day: Counter[str] = Counter(dict.fromkeys(days, 0))
    for row, provider, cost in paid:
        by_provider[provider] += cost
        by_day[local(row).date().isoformat()] += cost
    assert found.cost_by_provider == dict(by_provider)
    assert found.cost_by_day == dict(by_day)


@pytest.mark.usefixtures("zone")
async def test_every_question_finds_what_it_asks_for(store: Store, clock: Clock) -> None:
    rows = await fill(store, clock)
    assert len(rows) == FRAMES
    matched = Counter[int]()
    for number, (which, matches) in enumerate(CASES):
        wanted = [row for row in rows if matches(row)]
        matched[number] = len(wanted)
        for limit in (7, 200):
            found = await all_pages(store, which, limit)
            assert [one.frame_id for one in found] == [row.frame_id for row in wanted], which
        check_summary(await store.activity.summary(which), wanted)
        assert (await store.activity.would_delete(which))[0] == len(wanted)
    assert sum(matches > 0 for matches in matched.values()) == len(CASES) - 2  # all but the two that find nothing


async def test_a_long_history_is_looked_through_in_several_goes(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await fill(store, clock)
    reads, read = list[Any](), store._database.read

    async def counted(work: Any) -> Any:
        reads.append(work)
        return await read(work)

    monkeypatch.setattr(store._database, "read", counted)
    cut = 0
    for at_once in (1, 23, FRAMES - 1, FRAMES):
        monkeypatch.setattr(queries, "LOOKED_AT_ONCE", at_once)
        monkeypatch.setattr(queries, "MORE_AT_ONCE", 2)
        for which, matches in CASES:
            in_range = [row for row in rows if is_in_range(which, row)]
            wanted = [row for row in rows if matches(row)]
            reads.clear()
            found = await all_pages(store, which, 200)
            assert [one.frame_id for one in found] == [row.frame_id for row in wanted], which
            if not which.is_plain and len(wanted) < 200:
                assert len(reads) >= len(in_range) // (2 * at_once), which
            found = await store.activity.summary(which)
            if found.is_cut:
                assert len(in_range) > at_once
                wanted = [row for row in in_range[:at_once] if matches(row)]
                cut += 1
            check_summary(found, wanted)
    assert cut > 20


def is_in_range(which: Filter, row: ReportRow) -> bool:
    return (
        which.username in (None, row.username)
        and (which.since is None or row.received_at >= which.since)
        and (which.until is None or row.received_at < which.until)
    )


@pytest.mark.usefixtures("zone")
async def test_times_are_bounds_to_the_millisecond(store: Store, clock: Clock) -> None:
    rows = await fill(store, clock)
    chance = random.Random(3)
    for _ in range(12):
        early, late = sorted(chance.sample(rows, 2), key=lambda row: row.received_at)
        for since, until in (
            (early.received_at, late.received_at),
            (early.received_at, None),
            (None, late.received_at),
        ):
            which = Filter(chance.choice((None, "alice")), since=since, until=until)
            wanted = [row for row in rows if is_in_range(which, row)]
            assert [one.frame_id for one in await all_pages(store, which, 50)] == [row.frame_id for row in wanted]
            check_summary(await store.activity.summary(which), wanted)


async def test_a_line_of_the_list_is_its_frame(store: Store, clock: Clock) -> None:
    alice = store.profiles.get("alice")
    await store.activity.record(frame(alice, at=clock.now), picture(), ANSWER, 812)
    await store.activity.record(frame(alice, at=clock.now + 1), None, NoAnswer(), 9)
    rows = await store.activity.recent()
    found = (await store.activity.listed(Filter())).frames
    for row, line in zip(rows, found, strict=True):
        for field in fields(Listed):
            assert getattr(line, field.name) == getattr(row, field.name), field.name
    assert [line.has_picture for line in found] == [False, True]
    assert [type(line.favourite) for line in found] == [bool, bool]


async def test_frames_that_come_meanwhile_move_no_page(store: Store, clock: Clock) -> None:
    alice = store.profiles.get("alice")
    for number in range(6):  # in pairs of one millisecond
        await store.activity.record(frame(alice, at=clock.now + number // 2, frame_id=f"f{number}"), None, ANSWER, 5)
    first = await store.activity.listed(Filter(), limit=3)
    await store.activity.record(frame(alice, at=clock.now + 9, frame_id="newer"), None, ANSWER, 5)
    await store.activity.delete(Filter(until=utc(clock.now + 0.5)))
    second = await store.activity.listed(Filter(), first.after, limit=3)
    assert [line.frame_id for line in (*first.frames, *second.frames)] == ["f5", "f4", "f3", "f2"]
    assert second.after == ""


@pytest.mark.parametrize("after", ["x", "1", "1.", ".1", "1.x", "-1.1", "1 OR 1.1", "²." + "1"])
async def test_a_place_that_is_not_ours_is_refused(after: str, store: Store) -> None:
    with pytest.raises(InvalidValue):
        await store.activity.listed(Filter(), after)


async def test_nobody_and_nothing(open_store: OpenStore) -> None:
    async with open_store() as store:
        for which in (Filter(), Filter(text="x"), Filter(hour=3)):
            check_summary(await store.activity.summary(which), [])
            assert (await store.activity.listed(which)).frames == ()
            assert await store.activity.would_delete(which) == (0, 0, 0)
            assert (await store.activity.delete(which)).frames == 0
        for ask in (store.activity.summary, store.activity.listed, store.activity.would_delete, store.activity.delete):
            with pytest.raises(UnknownName):
                await ask(Filter("nobody"))


async def test_a_profile_in_the_trash_is_not_seen(store: Store, clock: Clock) -> None:
    for name in ("alice", "bob"):
        await store.activity.record(frame(store.profiles.get(name), frame_id=name), None, ANSWER, 5)
    await store.trash.put("alice")
    assert [line.frame_id for line in (await store.activity.listed(Filter())).frames] == ["bob"]
    assert (await store.activity.summary(Filter())).frames == 1
    assert [row.frame_id for row in await store.activity.recent()] == ["bob"]
    assert await store.activity.frame("alice") is None
    assert [usage.username for usage in await store.retention.usage()] == ["bob"]
    assert (await store.activity.delete(Filter())).frames == 1
    await store.trash.restore("alice")
    assert [line.frame_id for line in (await store.activity.listed(Filter())).frames] == ["alice"]


# --- text ------------------------------------------------------------------------------------------------------------

SAID = {
    "plain": Answer("A Red Mug.", "", "ok"),
    "full": Answer("", "It stands on a Desk.", "ok"),
    "umlaut": Answer("Zürich, Straße", "", "ok"),
    "greek": Answer("ΟΔΟΣ", "", "ok"),
    "russian": Answer("Выход Налево", "", "ok"),
    "japanese": Answer("出口", "", "ok"),
    "percent": Answer("100% wool", "", "ok"),
    "hundred": Answer("100 sheep", "", "ok"),
    "under_score": Answer("file_name", "", "ok"),
    "other": Answer("fileXname", "", "ok"),
    "backslash": Answer("C:\\temp", "", "ok"),
    "provider": Answer(
        "x", "x", "ok", attempts=(Attempt("gemini", "g", "unsure", answer='He said "Übung"\nand left.'),)
    ),
}
FOUND: list[tuple[str, set[str]]] = [
    ("red mug", {"plain"}),
    ("RED", {"plain"}),
    ("desk", {"full"}),
    ("zürich", {"umlaut"}),
    ("ZÜRICH", {"umlaut"}),
    ("zurich", {"umlaut"}),
    ("Übúng", {"provider"}),
    ("STRASSE, ß", set()),
    ("straße", {"umlaut"}),
    ("STRAẞE", {"umlaut"}),
    ("οδος", {"greek"}),
    ("выход", {"russian"}),
    ("出口", {"japanese"}),
    ("100%", {"percent"}),
    ("100", {"percent", "hundred"}),
    ("%", {"percent"}),
    ("_", {"under_score"}),
    ("e_N", {"under_score"}),
    ("e\\_n", set()),
    ("C:\\TEMP", {"backslash"}),
    ("\\", {"backslash"}),
    ('said "', {"provider"}),
    ('"Übung"', {"provider"}),
    ('"übung"\nand', {"provider"}),
    ("left.", {"provider"}),
    ("gemini", set()),  # who said it is another question
    ('"', {"provider"}),
    ("no answer", {"failed"}),
    ("x" * 1_100, {"long"}),
    ("x" * 60_000, set()),
    ("ä" * 60_000, set()),
    ("\0", set()),
    ("' OR 1=1 --", set()),
]


async def test_text_is_found_whatever_its_case_and_taken_as_it_is(store: Store) -> None:
    alice = store.profiles.get("alice")
    for name, answer in SAID.items():
        await store.activity.record(frame(alice, frame_id=name), None, answer, 5)
    await store.activity.record(frame(alice, frame_id="failed"), None, NoAnswer("There was No Answer."), 5)
    await store.activity.record(frame(alice, frame_id="long"), None, Answer("X" * 2_000, "", "ok"), 5)
    await check_found(store)
    await store.search.catch_up()
    await check_found(store)


async def check_found(store: Store) -> None:
    for text, names in FOUND:
        found = (await store.activity.listed(Filter(text=text))).frames
        assert {line.frame_id for line in found} == names, text[:40]
        assert (await store.activity.summary(Filter(text=text))).frames == len(names), text[:40]
        assert (await store.activity.would_delete(Filter(text=text)))[0] == len(names), text[:40]


# --- marks -----------------------------------------------------------------------------------------------------------


async def test_marks_are_kept_and_told(store: Store, told: list[HistoryChanged], open_store: OpenStore) -> None:
    await store.activity.record(sent := frame(store.profiles.get("alice")), None, ANSWER, 5)
    await store.activity.set_favourite(sent.frame_id, True)
    await store.activity.set_thumb(sent.frame_id, -1)
    assert told == [HistoryChanged()] * 2
    await store.close()
    async with open_store() as again:
        row = await again.activity.frame(sent.frame_id)
        assert row is not None
        assert (row.favourite, row.thumb) == (True, -1)
        await again.activity.set_favourite(sent.frame_id, False)
        await again.activity.set_thumb(sent.frame_id, 0)
        assert replace(row, favourite=False, thumb=0) == await again.activity.frame(sent.frame_id)


async def test_what_cannot_be_marked_is_said(store: Store, told: list[HistoryChanged]) -> None:
    await store.activity.record(sent := frame(store.profiles.get("alice")), None, ANSWER, 5)
    with pytest.raises(UnknownName, match="not in the history"):
        await store.activity.set_favourite("gone", True)
    with pytest.raises(UnknownName):
        await store.activity.set_thumb("gone", 1)
    with pytest.raises(InvalidValue):
        await store.activity.set_thumb(sent.frame_id, 2)  # type: ignore[arg-type]
    assert told == []


# --- deleting --------------------------------------------------------------------------------------------------------


async def test_what_would_be_deleted_is_what_goes(store: Store, clock: Clock, told: list[HistoryChanged]) -> None:
    rows = await fill(store, clock)
    for which, matches in CASES[::-1]:  # all of them last
        before = await count(store, "frame")
        going = [row for row in rows if matches(row)]
        would = await store.activity.would_delete(which)
        told.clear()
        gone = await store.activity.delete(which)
        rows = [row for row in rows if not matches(row)]
        assert (gone.frames, gone.bytes, sum(row.favourite for row in going)) == would
        assert gone.frames == len(going) == before - await count(store, "frame")
        assert told == [HistoryChanged()] * bool(going)
        assert [row.frame_id for row in await store.activity.recent(None, 0)] == [row.frame_id for row in rows]
    assert rows == []


async def test_a_day_goes_with_its_pictures_and_favourites_in_slices(
    store: Store, clock: Clock, folder: DataFolder
) -> None:
    alice = store.profiles.get("alice")
    store.activity.pictures._items = 10_000
    await asyncio.gather(
        *(
            store.activity.record(frame(alice, at=clock.now - DAY + n / 10), picture(300), ANSWER, 5)
            for n in range(2 * SLICE_ROWS + 5)
        )
    )
    await store.activity.record(kept := frame(alice, at=clock.now), picture(300), ANSWER, 5)
    await store.activity.set_favourite((await store.activity.recent(None, 2))[1].frame_id, True)
    slices: list[int] = []
    change = store._database.change

    async def counted(work: Any, *cached_tables: Any) -> Any:
        done = await change(work, *cached_tables)
        slices.append(getattr(done, "frames", 0))
        return done

    store._database.change = counted  # type: ignore[method-assign]
    gone = await store.activity.delete(Filter("alice", until=utc(clock.now) - timedelta(hours=1)))
    assert gone.frames == 2 * SLICE_ROWS + 5
    assert gone.bytes > gone.frames * 300
    assert max(slices) == SLICE_ROWS
    await eventually(lambda: files_in(folder.frames) == [f"{kept.frame_id}.jpg"])
    assert await store._database.read(lambda session: session.number("PRAGMA freelist_count")) == 0
    assert (await store.activity.listed(Filter())).frames[0].frame_id == kept.frame_id


async def test_a_frame_that_comes_while_others_are_deleted_stays(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = store.profiles.get("alice")
    for number in range(5):
        await store.activity.record(frame(alice, at=clock.now + number), None, ANSWER, 5)
    delete_frames = store.retention.delete_frames

    async def one_more_came(frame_ids: Any, told: Any) -> Any:
        await delete_frames(frame_ids[-1:], told)  # the newest row's number is free again
        await store.activity.record(frame(alice, at=clock.now, frame_id="new"), None, ANSWER, 5)
        return await delete_frames(frame_ids, told)

    monkeypatch.setattr(store.retention, "delete_frames", one_more_came)
    assert (await store.activity.delete(Filter())).frames == 4
    assert [row.frame_id for row in await store.activity.recent()] == ["new"]
