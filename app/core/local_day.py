"""Where a day begins: not always at midnight, which some zones skip once a year and others have twice.

``zone`` None stands for this computer's own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

_DAY_S = 24 * 3_600
_EPOCH = date(1970, 1, 1)


def day_of(unix_s: float, zone: tzinfo | None = None) -> date:
    """The date in ``zone`` at a Unix time in seconds."""
    return datetime.fromtimestamp(unix_s, UTC).astimezone(zone).date()


def day_start(day: date, zone: tzinfo | None = None) -> datetime:
    """The first moment, aware, at which it is ``day`` in ``zone``; of a day that was skipped, that of the next one.

    Searched for, since a time of day that is not there is taken for another one: ``astimezone`` makes the midnight that
    Chile skips 11 in the evening before.
    """
    before = ((day - _EPOCH).days - 2) * _DAY_S
    since = before + 4 * _DAY_S
    while since - before > 1:
        between = (before + since) // 2
        if day_of(between, zone) < day:
            before = between
        else:
            since = between
    return datetime.fromtimestamp(since, UTC).astimezone(zone)
