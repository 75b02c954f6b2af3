"""The history's questions in SQL: which frames match a ``Filter``, and a page of them.

Plain SQL like ``frame_rows``, on a reader's session. Who may be seen is the caller's: ``profile_ids``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.errors import InvalidValue
from app.store.database.connection import Session
from app.store.database.records import SHARED
from app.store.history.columns import LISTED, Listed, cells
from app.store.history.ended import to_json
from app.store.history.filters import Ending, Filter, Page
from app.store.history.said_text import SAID, is_said, term_of

QUARTER_S = 900
LOOKED_AT_ONCE = 10_000
"""Frames of a history in which nothing tells ahead which of them match: a tenth of a second."""
MORE_AT_ONCE = 10
"""Times as many where their texts need not be read."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

ENDINGS: Mapping[Ending, str] = {
    "answered": "status = 200 AND code = 'ok'",
    "degraded": "status = 200 AND code = 'degraded'",
    "hint": "status = 200 AND code = 'bad_frame'",
    "failed": "status != 200",
}

_ASKED = (
    "EXISTS (SELECT 1 FROM json_each(frame.attempts) WHERE json_extract(value, '$.outcome') != 'skipped'"
    " AND (? IS NULL OR json_extract(value, '$.provider') = ?) AND (? IS NULL OR json_extract(value, '$.outcome') = ?))"
)

_LISTED = ", ".join(column.sql for column in LISTED)
_TAKEN = "count(*), coalesce(sum(image_bytes + row_bytes), 0), coalesce(sum(favourite), 0)"
_BORDER = (
    "SELECT received_ms, id FROM frame INDEXED BY {index} WHERE {mine} AND received_ms >= ? AND received_ms < ?"
    " AND received_ms <= ? AND (received_ms, id) < (?, ?) ORDER BY received_ms DESC, id DESC LIMIT 2 OFFSET ?"
)
_ENDLESS = 2**62


@dataclass(slots=True)
class Where:
    """A ``Filter`` as SQL over the columns of ``frame``.

    ``is_deep``: it looks at more than ``frame_by_quarter`` holds. ``source``: what is looked through.
    """

    terms: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    is_deep: bool = False
    source: str = "frame"

    def add(self, term: str, *values: object) -> None:
        self.terms.append(term)
        self.values += values

    @property
    def sql(self) -> str:
        return " AND ".join(self.terms) or "true"


def where_of(which: Filter, profile_ids: Sequence[int], found: Sequence[int] | None = None) -> Where:
    """``profile_ids``: those whose frames may be seen. ``found``: the rows that may match; None for any."""
    where = Where()
    if found is not None:
        where.source = "(SELECT value AS found FROM json_each(?)) CROSS JOIN frame ON frame.id = found"
        where.values.append(to_json(found))
    ids = profile_ids or (SHARED,)  # no frame is the household's; no index is used for an empty list
    where.add(f"profile_id IN ({', '.join('?' * len(ids))})", *ids)
    _add_times(where, which)
    for column in ("answered_by", "kind", "thumb"):
        if (wanted := getattr(which, column)) is not None:
            where.add(f"{column} = ?", wanted)
    for column in ("reused", "favourite"):
        if (wanted := getattr(which, column)) is not None:
            where.add(f"{column} = ?", int(wanted))
    if which.escalated is not None:
        where.add("calls > 1" if which.escalated else "calls <= 1")
    if which.ending is not None:
        where.add(ENDINGS[which.ending])
    if which.code is not None:
        where.add("status != 200 AND code = ?", which.code)
    _add_deep(where, which)
    return where


def _add_times(where: Where, which: Filter) -> None:
    # The quarter says nothing that the milliseconds do not: it is what frame_by_quarter is searched by.
    if which.since is not None:
        since_ms = ms_of(which.since)
        where.add("quarter >= ? AND received_ms >= ?", since_ms // (QUARTER_S * 1_000), since_ms)
    if which.until is not None:
        until_ms = ms_of(which.until)
        where.add("quarter <= ? AND received_ms < ?", until_ms // (QUARTER_S * 1_000), until_ms)


def ms_of(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _add_deep(where: Where, which: Filter) -> None:
    """What must be read in the rows themselves or worked out for each."""
    if which.hour is not None:
        where.add("CAST(strftime('%H', received_ms / 1000, 'unixepoch', 'localtime') AS INTEGER) = ?", which.hour)
        where.is_deep = True
    if which.asked is not None or which.outcome is not None:
        where.add(_ASKED, which.asked, which.asked, which.outcome, which.outcome)
        where.is_deep = True
    if which.text:
        term, values = term_of(which.text)
        where.add(term, *values)
        where.is_deep = True


def rows_of(session: Session, statement: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
    """What ``statement`` gives, which may hold a ``Where``."""
    if f"{SAID}(" in statement:
        session.raw.create_function(SAID, 5, is_said, deterministic=True)
    return session.sql(statement, tuple(values))


# --- a page ----------------------------------------------------------------------------------------------------------


def select_page(
    session: Session,
    which: Filter,
    profile_ids: Sequence[int],
    after: str,
    limit: int,
    found: Sequence[int] | None = None,
) -> Page:
    """The newest frames that match, behind ``after``: of those that can be looked at in one go, so that there may be
    more behind a page that is not full. Raises ``InvalidValue`` for an ``after`` that is not ours.
    """
    where, border = where_of(which, profile_ids, found), ""
    if found is None:
        # Newest first, one way or the other, so that a full page ends the search: by time over several profiles.
        where.source = f"frame INDEXED BY {_in_order(profile_ids)}"
        border = "" if which.is_plain else end_at_border(session, where, which, profile_ids, after)
    if after:
        received_ms, row_id = _position(after)
        where.add(
            "frame.received_ms <= ? AND (frame.received_ms < ? OR frame.id < ?)", received_ms, received_ms, row_id
        )
    rows = rows_of(
        session,
        f"SELECT {_LISTED}, frame.received_ms, frame.id FROM (SELECT id FROM {where.source} WHERE {where.sql}"  # noqa: S608
        " ORDER BY received_ms DESC, id DESC LIMIT ?) AS page"
        " CROSS JOIN frame ON frame.id = page.id CROSS JOIN profile ON profile.id = frame.profile_id"
        " ORDER BY frame.received_ms DESC, frame.id DESC",
        (*where.values, limit + 1),
    )
    shown = rows[:limit]
    frames = tuple(Listed(*cells(LISTED, row[:-2])) for row in shown)
    return Page(frames, f"{shown[-1][-2]}.{shown[-1][-1]}" if len(rows) > limit else border)


def end_at_border(session: Session, where: Where, which: Filter, profile_ids: Sequence[int], after: str = "") -> str:
    """Let ``where`` look at the next frames alone, as many as at once: where that ends, empty when it is at the end."""
    since_ms = ms_of(which.since) if which.since else 0
    until_ms = ms_of(which.until) if which.until else _ENDLESS
    mine = ("profile_id = ?", *profile_ids) if len(profile_ids) == 1 else ("true",)
    place = _position(after) if after else (_ENDLESS, 0)
    most = LOOKED_AT_ONCE * (1 if where.is_deep else MORE_AT_ONCE)
    found = session.sql(
        _BORDER.format(index=_in_order(profile_ids), mine=mine[0]),
        (*mine[1:], since_ms, until_ms, place[0], *place, most - 1),
    )
    if len(found) < 2:
        return ""
    received_ms, row_id = found[0]
    where.add("frame.received_ms >= ? AND (frame.received_ms > ? OR frame.id >= ?)", received_ms, received_ms, row_id)
    return f"{received_ms}.{row_id}"


def _in_order(profile_ids: Sequence[int]) -> str:
    return "frame_by_profile" if len(profile_ids) == 1 else "frame_by_time"


def _position(after: str) -> tuple[int, int]:
    received_ms, _, row_id = after.partition(".")
    if not (received_ms.isdecimal() and row_id.isdecimal()):
        raise InvalidValue("This is no place in the list of frames.")
    return int(received_ms), int(row_id)


# --- what is to be deleted -------------------------------------------------------------------------------------------


def count_matching(
    session: Session, which: Filter, profile_ids: Sequence[int], found: Sequence[int] | None = None
) -> tuple[int, int, int]:
    """How many frames match, the bytes of their rows and pictures, and how many of them are favourites."""
    where = where_of(which, profile_ids, found)
    ((frames, size, favourites),) = rows_of(
        session,
        f"SELECT {_TAKEN} FROM {where.source} WHERE {where.sql}",  # noqa: S608
        where.values,
    )
    return frames, size, favourites


def matching_ids(
    session: Session, which: Filter, profile_ids: Sequence[int], found: Sequence[int] | None = None
) -> tuple[str, ...]:
    """The ids of the frames that match, oldest first."""
    where = where_of(which, profile_ids, found)
    statement = f"SELECT frame_id FROM {where.source} WHERE {where.sql} ORDER BY received_ms"  # noqa: S608
    return tuple(row[0] for row in rows_of(session, statement, where.values))
