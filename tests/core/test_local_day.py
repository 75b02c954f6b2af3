"""A day begins when its date does, in every zone, also where midnight is skipped or comes twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.core.local_day import day_of, day_start

FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2020, 2031))
WEEK_S, NEAR_S = 7 * 86_400, 3 * 3_600


def offset_at(unix_s: int, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(unix_s, UTC).astimezone(zone).utcoffset()


def turns(zone: ZoneInfo) -> Iterator[int]:
    """The Unix times at which the clocks are put."""
    for week in range(FIRST, LAST, WEEK_S):
        before, since = week, week + WEEK_S
        if offset_at(before, zone) == (offset := offset_at(since, zone)):
            continue
        while since - before > 1:
            between = (before + since) // 2
            before, since = (before, between) if offset_at(between, zone) == offset else (between, since)
        yield since


def near_midnight() -> list[tuple[str, date]]:
    """Every zone's days from 2020 to 2030 whose beginning is near a turn of the clocks."""
    found = set()
    for name in available_timezones():
        zone = ZoneInfo(name)
        for turn in turns(zone):
            for at in (turn - NEAR_S, turn, turn + NEAR_S):
                if day_of(at, zone) != day_of(turn - NEAR_S, zone):
                    found.add((name, day_of(at, zone)))
    return sorted(found)


def test_every_zones_odd_midnights() -> None:
    days = near_midnight()
    assert {"America/Santiago", "Africa/Cairo", "Asia/Beirut", "America/Havana"} <= {name for name, _ in days}
    assert len(days) > 500
    for name, day in days:
        zone = ZoneInfo(name)
        for one in (day - timedelta(days=1), day, day + timedelta(days=1)):
            begins = int(day_start(one, zone).timestamp())
            ends = int(day_start(one + timedelta(days=1), zone).timestamp())
            assert day_of(begins, zone) == one, (name, one)
            assert day_of(begins - 1, zone) < one, (name, one)
            assert {day_of(at, zone) for at in range(begins, ends, 900)} == {one}, (name, one)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="only there can a process change its zone")
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/Santiago", date(2026, 9, 6), 23), ("America/Santiago", date(2026, 4, 4), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23), ("Asia/Beirut", date(2026, 3, 29), 23),
        ("America/Havana", date(2026, 3, 8), 23), ("America/Havana", date(2026, 11, 1), 25),
        ("Europe/Berlin", date(2026, 6, 1), 24),
    ],
)  # fmt: skip
def test_this_computers_own_zone(zone: str, day: date, hours: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        begins, ends = day_start(day), day_start(day + timedelta(days=1))
        assert begins.timestamp() == day_start(day, ZoneInfo(zone)).timestamp()
        assert (ends - begins) / timedelta(hours=1) == hours
        assert day_of(begins.timestamp()) == day
        assert day_of(begins.timestamp() - 1) == day - timedelta(days=1)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_day_that_was_skipped_begins_with_the_next() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert day_start(date(2011, 12, 30), apia) == day_start(date(2011, 12, 31), apia)
