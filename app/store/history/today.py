"""What came since midnight, local time: read from the database once, from then on counted in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.core.events import Bus
from app.core.local_day import day_of, day_start
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session
from app.store.history.filters import Filter
from app.store.history.summary import cost_by_provider

Spent = tuple[tuple[str, str, float], ...]


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
        today = Filter(since=day_start(day_of(self._clock())))
        return tuple(
            (username, provider, cost_usd)
            for profile_id, username in session.sql("SELECT id, username FROM profile ORDER BY username")
            for provider, cost_usd in sorted(cost_by_provider(session, today, profile_id).items())
        )

    def _index(self, snapshot: Spent) -> None:
        self.today = snapshot

    def _announce(self, before: Spent, now: Spent) -> None:
        """Read at start alone."""
