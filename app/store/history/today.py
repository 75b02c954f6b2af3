"""What came since midnight, local time: read from the database once, from then on counted in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.core.events import Bus
from app.core.local_day import day_of, day_start
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session

Spent = tuple[tuple[str, str, float], ...]

_SPENT = (
    "SELECT profile.username, json_extract(value, '$[0]'), sum(json_extract(value, '$[4]'))"
    " FROM frame JOIN profile ON profile.id = frame.profile_id, json_each(frame.usage)"
    " WHERE received_ms >= ? AND frame.usage != '[]' AND json_extract(value, '$[4]') > 0 GROUP BY 1, 2 ORDER BY 1, 2"
)


def _begins_ms(day: date) -> int:
    return int(day_start(day).timestamp() * 1_000)


class DayCounter(CachedTable[int]):
    """How many frames came."""

    def __init__(self, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._clock = clock
        self._day = day_of(clock())
        self._count = 0

    @property
    def count(self) -> int:
        self._turn()
        return self._count

    def add_one(self) -> None:
        self._turn()
        self._count += 1

    def _turn(self) -> None:
        today = day_of(self._clock())
        if today != self._day:
            self._day, self._count = today, 0

    def load(self, session: Session) -> int:
        if self._snapshot is not None:
            return self._snapshot  # counted here since; rows deleted by another process did come today all the same
        return session.number("SELECT count(*) FROM frame WHERE received_ms >= ?", (_begins_ms(self._day),))

    def take(self, snapshot: int, *, own: bool) -> None:
        if self._snapshot is None:
            super().take(snapshot, own=own)

    def _index(self, snapshot: int) -> None:
        self._count += snapshot

    def _announce(self, before: int, now: int) -> None:
        """Nobody waits for it: frames have events of their own."""


class SpendToday(CachedTable[Spent]):
    """``today``: (username, provider, US dollars) as the store opened; from then on ``core``'s ``Spending`` counts."""

    def __init__(self, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._clock = clock
        self.today: Spent = ()

    def load(self, session: Session) -> Spent:
        if self._snapshot is not None:
            return self._snapshot
        rows = session.sql(_SPENT, (_begins_ms(day_of(self._clock())),))
        return tuple((str(username), str(provider), float(cost)) for username, provider, cost in rows)

    def _index(self, snapshot: Spent) -> None:
        self.today = snapshot

    def _announce(self, before: Spent, now: Spent) -> None:
        """Read at start alone."""
