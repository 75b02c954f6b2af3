"""What a profile's frames take, hour by hour: cleaning is foretold by it without walking through a million of them.

``frame_size`` holds the hours that are summed (``sums``); those that are not are looked at frame by frame, as there.
"""

from __future__ import annotations

from typing import NamedTuple

from app.store.database.connection import Session
from app.store.history.filters import Cleaned
from app.store.history.summary import HOUR_MS, summed_until

_SIZE = "image_bytes + row_bytes"
_TAKEN = f"count(*), sum({_SIZE}), sum(favourite), sum(({_SIZE}) * favourite)"
_IN_HOUR = f"received_ms >= hour * {HOUR_MS} AND received_ms < (hour + 1) * {HOUR_MS}"
_HOURS = (
    "SELECT hour, frames, bytes, favourites, favourite_bytes FROM frame_size WHERE profile_id = ?1 AND hour < ?2"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM frame_unsummed WHERE hour = frame_size.hour AND profile_id = ?1)"
    f" UNION ALL SELECT hour, {_TAKEN} FROM frame_unsummed CROSS JOIN frame ON frame.profile_id = ?1 AND {_IN_HOUR}"
    " WHERE frame_unsummed.profile_id = ?1 AND hour < ?2 GROUP BY hour"
    f" UNION ALL SELECT received_ms / {HOUR_MS}, {_TAKEN} FROM frame"
    f" WHERE profile_id = ?1 AND received_ms >= ?2 * {HOUR_MS} GROUP BY 1 ORDER BY 1"
)
_FORGET = "DELETE FROM frame_size WHERE profile_id = ?1 AND hour = ?2"
_COUNTED = (
    f"SELECT hour, ?1, {_TAKEN} FROM (SELECT ?2 AS hour) CROSS JOIN frame WHERE profile_id = ?1 AND {_IN_HOUR}"  # noqa: S608
    " GROUP BY hour"
)
_KEPT = "SELECT * FROM frame_size WHERE profile_id = ?1 AND hour = ?2"
_OLDEST = (
    "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT size, sum(size) OVER (ORDER BY received_ms, id) AS so_far"  # noqa: S608
    f" FROM (SELECT received_ms, id, {_SIZE} AS size FROM (SELECT ?2 AS hour) CROSS JOIN frame"
    f" WHERE profile_id = ?1 AND {_IN_HOUR} AND received_ms >= ?3 AND received_ms < ?4 AND favourite = 0))"
    " WHERE so_far - size < ?5"
)
_ENDLESS = 2**62


class HourSize(NamedTuple):
    """``hour``: counted from 1970. ``frames`` and ``bytes`` are of all, favourites too."""

    hour: int
    frames: int
    bytes: int
    favourites: int
    favourite_bytes: int

    @property
    def others(self) -> Cleaned:
        """All but favourites."""
        return Cleaned(self.frames - self.favourites, self.bytes - self.favourite_bytes)


def keep_size(session: Session, hour: int, profile_id: int) -> None:
    """Sum the hour anew."""
    session.sql(_FORGET, (profile_id, hour))
    session.sql(f"INSERT INTO frame_size {_COUNTED}", (profile_id, hour))


def size_agrees(session: Session, hour: int, profile_id: int) -> bool:
    """Whether what is summed is what its frames take."""
    return session.sql(_KEPT, (profile_id, hour)) == session.sql(_COUNTED, (profile_id, hour))


def hours_of(session: Session, profile_id: int) -> list[HourSize]:
    """Those in which the profile has frames, oldest first."""
    return [HourSize(*row) for row in session.sql(_HOURS, (profile_id, summed_until(session)))]


def excess_of_profile(session: Session, profile_id: int, max_bytes: int) -> int:
    """Bytes by which the frames of a profile that are no favourites are too many."""
    return _excess(hours_of(session, profile_id), max_bytes)


def would_go(session: Session, profile_id: int, oldest_ms: int, max_bytes: int) -> Cleaned:
    """What would go of a profile: all received before ``oldest_ms``, then the oldest of what is too much.

    Frames themselves are looked at only in the hours in which the one and the other end.
    """
    hours, border = hours_of(session, profile_id), oldest_ms // HOUR_MS
    gone = _oldest(session, profile_id, border, 0, oldest_ms, _ENDLESS)
    gone += sum((one.others for one in hours if one.hour < border), Cleaned(0, 0))
    left = _excess(hours, max_bytes) - gone.bytes
    for one in hours:
        if one.hour >= border and left > 0:
            piece = one.others
            if one.hour == border or piece.bytes > left:
                piece = _oldest(session, profile_id, one.hour, oldest_ms, _ENDLESS, left)
            gone, left = gone + piece, left - piece.bytes
    return gone


def _excess(hours: list[HourSize], max_bytes: int) -> int:
    """Favourites take up room, but at most half of it: they never go, and if they could fill it all, every other frame
    would be deleted the hour it came, and the profile would still be over its size.
    """
    favourites = sum(one.favourite_bytes for one in hours)
    return sum(one.others.bytes for one in hours) - max(max_bytes - favourites, max_bytes // 2)


def _oldest(session: Session, profile_id: int, hour: int, since_ms: int, until_ms: int, size: int) -> Cleaned:
    """The oldest frames of that part of an hour that are no favourites, as many as ``size`` bytes are in."""
    ((frames, taken),) = session.sql(_OLDEST, (profile_id, hour, since_ms, until_ms, size))
    return Cleaned(frames, taken)
