"""What the frames of today have cost, read once at start: from then on ``core``'s ``Spending`` counts in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.core.events import Bus
from app.store.database.cached_table import CachedTable
from app.store.database.connection import Session

Rows = tuple[tuple[str, str, float], ...]

_SPENT = (
    "SELECT profile.username, json_extract(value, '$[0]'), sum(json_extract(value, '$[4]'))"
    " FROM frame JOIN profile ON profile.id = frame.profile_id, json_each(frame.usage)"
    " WHERE received_ms >= ? AND frame.usage != '[]' AND json_extract(value, '$[4]') > 0 GROUP BY 1, 2 ORDER BY 1, 2"
)


class SpendToday(CachedTable[Rows]):
    """``today``: (username, provider, US dollars) of the frames since midnight, local time, when the store opened."""

    def __init__(self, bus: Bus, clock: Callable[[], float]) -> None:
        super().__init__(bus)
        self._clock = clock
        self.today: Rows = ()

    def load(self, session: Session) -> Rows:
        if self._snapshot is not None:
            return self._snapshot
        midnight = datetime.combine(
            datetime.fromtimestamp(self._clock()).astimezone().date(), datetime.min.time()
        ).astimezone()
        rows = session.sql(_SPENT, (int(midnight.timestamp() * 1_000),))
        return tuple((str(username), str(provider), float(cost)) for username, provider, cost in rows)

    def _index(self, snapshot: Rows) -> None:
        self.today = snapshot

    def _announce(self, before: Rows, now: Rows) -> None:
        """Read at start alone."""
