"""How many frames came since midnight: read from the database once, then counted in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from app.core.events import Bus
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session


class DayCounter(CachedTable[int]):
    """Midnight is local time's."""

    def __init__(self, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._clock = clock
        self._day = self._today()
        self._count = 0

    @property
    def count(self) -> int:
        self._turn()
        return self._count

    def add_one(self) -> None:
        self._turn()
        self._count += 1

    def _turn(self) -> None:
        today = self._today()
        if today != self._day:
            self._day, self._count = today, 0

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock()).astimezone().date()

    # --- the mirror ------------------------------------------------------------------------------------------------

    def load(self, session: Session) -> int:
        if self._snapshot is not None:
            return self._snapshot  # counted here since; rows deleted by another process did come today all the same
        midnight = datetime.combine(self._day, datetime.min.time()).astimezone()
        return session.number("SELECT count(*) FROM frame WHERE received_ms >= ?", (int(midnight.timestamp() * 1_000),))

    def take(self, snapshot: int, *, own: bool) -> None:
        if self._snapshot is None:
            super().take(snapshot, own=own)

    def _index(self, snapshot: int) -> None:
        self._count += snapshot

    def _announce(self, before: int, now: int) -> None:
        """Nobody waits for it: frames have events of their own."""
