"""What the frames of a ``Filter`` add up to: summed ahead by the hour (``sums``), row by row where not."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.history.ended import SEVERAL, to_json
from app.store.history.filters import Ending, Filter, Summary
from app.store.history.queries import ENDINGS, QUARTER_S, end_at_border, ms_of, rows_of, where_of

HOUR_MS = 3_600_000
DAY_HOURS = 24
COARSE_FROM_MS, COARSE_MS = 1_000, 10
"""A latency of a second and more is summed ahead to ten milliseconds: people read it in tenths of a second."""

_ENDING_OF_CODE: Mapping[str, Ending] = {"ok": "answered", "degraded": "degraded", "bad_frame": "hint"}

_DEEP = (
    "WITH hit AS MATERIALIZED (SELECT profile_id, quarter, status, code, answered_by, paid_by, calls, reused,"
    " favourite, cost_usd, latency_ms, usage FROM {source} WHERE {where})"
)
_COUNTS = (
    "SELECT 'counts', quarter, status, code, answered_by, paid_by, sum(cost_usd), count(*), sum(calls > 1),"
    " sum(reused), sum(favourite), sum(cost_usd IS NULL) FROM {source} WHERE {where}"
    " GROUP BY profile_id, quarter, status, code, answered_by, paid_by"
)
_LATENCIES = (
    "SELECT 'latencies', latency_ms, count(*), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM {source} WHERE {where}"
    " GROUP BY latency_ms"
)
_DIVIDED = (
    "SELECT 'paid', quarter, json_extract(value, '$[0]'), sum(json_extract(value, '$[4]')), 0, 0, 0, 0, 0, 0, 0, 0"
    " FROM {source}, json_each(usage) WHERE {where} AND paid_by = '*' GROUP BY 2, 3"
)


def select_summary(
    session: Session, which: Filter, profile_ids: Sequence[int], found: Sequence[int] | None = None
) -> Summary:
    """All of it is of one moment."""
    tally, is_cut = Tally(), False
    session.sql("BEGIN")
    try:
        if which.is_plain:
            _add_by_hours(session, tally, which, profile_ids)
        else:
            is_cut = add_frames(session, tally, which, profile_ids, found)
    finally:
        session.sql("COMMIT")
    return replace(tally.summary(), is_cut=is_cut)


def cost_by_provider(session: Session, which: Filter, profile_id: int) -> dict[str, float]:
    """In US dollars, of all of a profile's frames in the time of ``which``."""
    tally = Tally()
    _add_by_hours(session, tally, which, (profile_id,))
    return dict(tally.cost_by_provider)


# --- row by row ------------------------------------------------------------------------------------------------------


def add_frames(
    session: Session, tally: Tally, which: Filter, profile_ids: Sequence[int], found: Sequence[int] | None = None
) -> bool:
    """Add up the frames themselves, which takes a microsecond for each; whether there are more than were looked at:
    those that must be read take four.
    """
    where, border = where_of(which, profile_ids, found), ""
    if where.is_deep:
        border = "" if found is not None else end_at_border(session, where, which, profile_ids)
        # Each row is read once, not once for each part.
        parts = [part.format(source="hit", where="true") for part in (_COUNTS, _LATENCIES, _DIVIDED)]
        with_hits, values = _DEEP.format(source=where.source, where=where.sql), where.values
    else:
        by_quarter, by_payers = "frame INDEXED BY frame_by_quarter", "frame INDEXED BY frame_by_payers"
        sources = ((_COUNTS, by_quarter), (_LATENCIES, by_quarter), (_DIVIDED, by_payers))
        parts = [part.format(source=source, where=where.sql) for part, source in sources]
        with_hits, values = "", where.values * len(parts)
    for kind, *row in rows_of(session, f"{with_hits} {' UNION ALL '.join(parts)}", values):
        _ADD[kind](tally, row)
    return bool(border)


def add_hour(session: Session, tally: Tally, hour: int, profile_ids: Sequence[int]) -> None:
    """Add up the frames of one hour, counted from 1970."""
    add_frames(session, tally, Filter(since=utc(hour * 3_600), until=utc((hour + 1) * 3_600)), profile_ids)


# --- by hours that are summed ----------------------------------------------------------------------------------------

_SUMMED = (
    "SELECT profile_id, start, sums FROM frame_sum WHERE hours = ? AND start >= ? AND start < ?"
    " AND profile_id IN (SELECT value FROM json_each(?))"
)


_UNSUMMED = "SELECT hour, profile_id FROM frame_unsummed WHERE hour >= ? AND hour < ?"


def each_sum(
    session: Session, hours: int, first: int, end: int, profile_ids: Sequence[int]
) -> Iterable[tuple[int, int, str]]:
    """(profile id, start, sums) of what is summed over ``hours`` and begins in the hours from ``first`` to ``end``."""
    return session.raw.execute(_SUMMED, (hours, first, end, to_json(profile_ids)))


def summed_until(session: Session) -> int:
    """The hour, counted from 1970, before which all are summed but those of ``unsummed``."""
    return session.number("SELECT value FROM meta WHERE key = 'summed_until'")


def _add_by_hours(session: Session, tally: Tally, which: Filter, profile_ids: Sequence[int]) -> None:
    first, end = 0, summed_until(session)
    if which.since is not None:
        first = -(-ms_of(which.since) // HOUR_MS)
    if which.until is not None:
        end = min(end, ms_of(which.until) // HOUR_MS)
    if first >= end:
        add_frames(session, tally, which, profile_ids)
        return
    if which.since is not None and ms_of(which.since) % HOUR_MS:
        add_frames(session, tally, replace(which, until=utc(first * 3_600)), profile_ids)
    mine = frozenset(profile_ids)
    unsummed: defaultdict[int, set[int]] = defaultdict(set)
    for hour, profile_id in session.sql(_UNSUMMED, (first, end)):
        if profile_id in mine:
            unsummed[hour].add(profile_id)
    for hour, profiles in unsummed.items():
        add_hour(session, tally, hour, tuple(profiles))
    _add_sums(session, tally, (first, end), profile_ids, unsummed)
    if which.until is None or ms_of(which.until) > end * HOUR_MS:
        add_frames(session, tally, replace(which, since=utc(end * 3_600)), profile_ids)


def _add_sums(
    session: Session, tally: Tally, span: tuple[int, int], profile_ids: Sequence[int], unsummed: Mapping[int, set[int]]
) -> None:
    """Whole days (UTC) as such, but those of which an hour is not summed."""
    first, end = span
    first_day = min(-(-first // DAY_HOURS) * DAY_HOURS, end)
    end_day = max(end // DAY_HOURS * DAY_HOURS, first_day)
    broken = {(profile_id, hour // DAY_HOURS) for hour, profiles in unsummed.items() for profile_id in profiles}
    for profile_id, start, sums in each_sum(session, DAY_HOURS, first_day, end_day, profile_ids):
        if (profile_id, start // DAY_HOURS) not in broken:
            tally.add_sums(sums)
    by_hours = {(first, first_day, tuple(profile_ids)), (end_day, end, tuple(profile_ids))}
    for profile_id, day in broken:
        begins, ends = day * DAY_HOURS, (day + 1) * DAY_HOURS
        by_hours.add((max(begins, first_day), min(ends, end_day), (profile_id,)))
    for since, until, profiles in by_hours:
        for profile_id, start, sums in each_sum(session, 1, since, until, profiles):
            if profile_id not in unsummed.get(start, ()):
                tally.add_sums(sums)


# --- adding up -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """Adds up groups of frames: some thousand, whatever the number of frames."""

    totals: list[int] = field(default_factory=lambda: [0] * 5)
    by_answerer: Counter[str] = field(default_factory=Counter)
    by_ending: Counter[Ending] = field(default_factory=Counter)
    by_code: Counter[str] = field(default_factory=Counter)
    cost_by_provider: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_quarter: Counter[int] = field(default_factory=Counter)
    cost_by_quarter: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    latencies: Counter[int] = field(default_factory=Counter)

    def add_counts(self, row: Sequence[Any]) -> None:
        quarter, status, code, answered_by, paid_by, cost_usd, frames, *rest = row
        self._add_totals((frames, *rest))
        self.by_answerer[answered_by] += frames
        self.by_ending[_ENDING_OF_CODE[code] if status == 200 else "failed"] += frames
        self.by_quarter[quarter] += frames
        if status != 200:
            self.by_code[code] += frames
        if paid_by not in ("", SEVERAL):
            self._add_cost(quarter, paid_by, cost_usd)

    def _add_totals(self, more: Iterable[int]) -> None:
        self.totals = [total + one for total, one in zip(self.totals, more, strict=True)]

    def add_paid(self, row: Sequence[Any]) -> None:
        quarter, provider, cost_usd = row[:3]
        if cost_usd:
            self._add_cost(quarter, provider, cost_usd)

    def _add_cost(self, quarter: int, provider: str, cost_usd: float) -> None:
        self.cost_by_quarter[quarter] += cost_usd
        self.cost_by_provider[provider] += cost_usd

    def add_latency(self, row: Sequence[Any]) -> None:
        self.latencies[row[0]] += row[1]

    # --- as it is stored -----------------------------------------------------------------------------------------

    def sums(self) -> str:
        """All of it as JSON: five totals, four tables by name, three by number, as keys and values."""
        coarse = Counter[int]()
        for latency_ms, frames in self.latencies.items():
            coarse[_coarse(latency_ms)] += frames
        by_name = (self.by_answerer, self.by_ending, self.by_code, self.cost_by_provider)
        by_number: tuple[Mapping[int, float], ...] = (self.by_quarter, self.cost_by_quarter, coarse)
        return to_json((self.totals, *by_name, *((tuple(one), tuple(one.values())) for one in by_number)))

    def add_sums(self, stored: str) -> None:
        """What ``sums`` gave."""
        totals, answerers, endings, codes, paid, quarters, costs, latencies = json.loads(stored)
        self._add_totals(totals)
        for counted, more in ((self.by_answerer, answerers), (self.by_ending, endings), (self.by_code, codes)):
            counted.update(more)
        self.by_quarter.update(_pairs(quarters))
        self.latencies.update(_pairs(latencies))
        for provider, cost_usd in paid.items():
            self.cost_by_provider[provider] += cost_usd
        for quarter, cost_usd in zip(*costs, strict=True):
            self.cost_by_quarter[quarter] += cost_usd

    # --- as it is told -------------------------------------------------------------------------------------------

    def summary(self) -> Summary:
        frames, escalated, reused, favourites, unpriced = self.totals
        by_hour, by_day, cost_by_day = [0] * 24, Counter[str](), defaultdict[str, float](float)
        for quarter in sorted(self.by_quarter):
            begins = utc(quarter * QUARTER_S).astimezone()
            day = begins.date().isoformat()
            by_hour[begins.hour] += self.by_quarter[quarter]
            by_day[day] += self.by_quarter[quarter]
            cost_by_day[day] += self.cost_by_quarter.get(quarter, 0.0)
        return Summary(
            frames=frames,
            escalated=escalated,
            reused=reused,
            favourites=favourites,
            latency_ms=_median(self.latencies),
            cost_usd=sum(self.cost_by_provider.values(), 0.0),
            unpriced=unpriced,
            by_answerer=dict(self.by_answerer),
            by_ending={ending: self.by_ending[ending] for ending in ENDINGS},
            by_code=dict(self.by_code),
            by_hour=tuple(by_hour),
            by_day=dict(by_day),
            cost_by_day=dict(cost_by_day),
            cost_by_provider=dict(self.cost_by_provider),
        )


_ADD: Mapping[str, Callable[[Tally, Sequence[Any]], None]] = {
    "counts": Tally.add_counts, "latencies": Tally.add_latency, "paid": Tally.add_paid,
}  # fmt: skip


def _pairs(columns: tuple[list[int], list[int]]) -> dict[int, int]:
    return dict(zip(*columns, strict=True))


def _coarse(latency_ms: int) -> int:
    """The middle of its ten milliseconds."""
    return latency_ms if latency_ms < COARSE_FROM_MS else latency_ms // COARSE_MS * COARSE_MS + COARSE_MS // 2


def _median(latencies: Mapping[int, int]) -> int | None:
    """The lower of the two in the middle."""
    so_far, frames = 0, sum(latencies.values())
    for latency_ms in sorted(latencies):
        so_far += latencies[latency_ms]
        if so_far * 2 >= frames:
            return latency_ms
    return None
