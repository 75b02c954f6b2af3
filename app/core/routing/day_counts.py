"""How often each provider was called today, with each key; its day ends at midnight in its own zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.core.local_day import day_of, day_start
from app.core.ports import HealthMemory
from app.core.provider import Provider
from app.core.routing.cooldown import End, Moment


@dataclass(slots=True)
class _Day:
    """``date``: ISO, in the provider's zone."""

    date: str
    end: End
    calls: int = 0


class DayCounts:
    """Counts by (provider, key id). A clock that is set back brings no day back that is over."""

    def __init__(self, memory: HealthMemory, now: Callable[[], Moment]) -> None:
        self._memory, self._now = memory, now
        self._saved: dict[tuple[str, str], tuple[str, int]] = {}
        for (name, key_id, date), calls in sorted(memory.day_counts().items()):
            self._saved[name, key_id] = date, calls  # the newest day's is the last
        self._days: dict[tuple[str, str], _Day] = {}

    def add(self, provider: Provider, key_id: str) -> None:
        day = self._day(provider, key_id)
        day.calls += 1
        self._memory.save_day_count(provider.config.name, key_id, day.date, day.calls)

    def calls(self, provider: Provider, key_id: str) -> int:
        return self._day(provider, key_id).calls

    def by_key(self, provider: Provider) -> list[int]:
        """Today's calls of each of its keys."""
        known = {key_id for name, key_id in (*self._saved, *self._days) if name == provider.config.name}
        return [self.calls(provider, key_id) for key_id in known]

    def _day(self, provider: Provider, key_id: str) -> _Day:
        now, known = self._now(), (provider.config.name, key_id)
        day = self._days.get(known)
        if day is None or not day.end.left_s(now):
            zone = provider.capabilities.reset_zone
            day = self._days[known] = _Day(day_of(now.wall, ZoneInfo(zone)).isoformat(), midnight(zone, now))
            date, calls = self._saved.pop(known, ("", 0))
            if date == day.date:
                day.calls = calls
        return day


def midnight(zone: str, now: Moment) -> End:
    """The end of the day that runs in ``zone`` (an IANA name)."""
    tomorrow = day_of(now.wall, ZoneInfo(zone)) + timedelta(days=1)
    return now.after(day_start(tomorrow, ZoneInfo(zone)).timestamp() - now.wall, by_date=True)
