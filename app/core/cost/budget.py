"""What was paid today, and whether a daily cap lets a provider be asked still."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from app.core.events import Bus, CapReached, Trouble
from app.core.local_day import day_of
from app.core.sentence import Sentence


class Spending:
    """Counts in memory what the frames of today (local time) cost; the store fills it in at start.

    ``wall``: Unix seconds.
    """

    def __init__(self, bus: Bus, *, wall: Callable[[], float] = time.time) -> None:
        self._bus, self._wall = bus, wall
        self._day = self._today()
        self._profiles: dict[str, float] = {}
        self._providers: dict[str, float] = {}
        self._told: set[tuple[str, str]] = set()

    def add(self, username: str, provider: str, cost_usd: float) -> None:
        """One call was paid; less than nothing puts right what was held for it, maybe before midnight."""
        self._turn()
        for known, name in ((self._profiles, username), (self._providers, provider)):
            known[name] = max(0.0, known.get(name, 0.0) + cost_usd)

    def profile_today_usd(self, username: str) -> float:
        self._turn()
        return self._profiles.get(username, 0.0)

    def rename_profile(self, before: str, now: str) -> None:
        """What was paid for it today goes along with its name."""
        self._profiles[now] = self._profiles.pop(before, 0.0)

    def today_usd(self) -> float:
        """All of it."""
        self._turn()
        return sum(self._providers.values(), 0.0)

    def provider_today_usd(self, name: str) -> float:
        self._turn()
        return self._providers.get(name, 0.0)

    def why_not(self, username: str, profile_cap_usd: float, provider: str, provider_cap_usd: float) -> str:
        """Why a provider that costs must not be asked for ``username`` now; empty when it may. A cap of 0 is none."""
        if 0 < profile_cap_usd <= self.profile_today_usd(username):
            self._tell(CapReached("profile", username, profile_cap_usd))
            return "the profile's daily cap is reached"
        if 0 < provider_cap_usd <= self.provider_today_usd(provider):
            self._tell(CapReached("provider", provider, provider_cap_usd))
            return "its daily cap is reached"
        return ""

    def tell_unpriced(self, provider: str, model: str) -> None:
        """A call under a cap was answered, and nobody knows what it cost. Told once a day for each model."""
        if (provider, model) not in self._told:
            self._told.add((provider, model))
            self._bus.publish(Trouble(Sentence(
                "No price of {model} is known: the daily limit of {provider} cannot be kept. Set its price.",
                model=model, provider=provider,
            )))  # fmt: skip

    def _tell(self, event: CapReached) -> None:
        if (event.scope, event.name) not in self._told:
            self._told.add((event.scope, event.name))
            self._bus.publish(event)

    def _turn(self) -> None:
        if (today := self._today()) != self._day:
            self._day = today
            for known in (self._profiles, self._providers, self._told):
                known.clear()

    def _today(self) -> date:
        return day_of(self._wall())
