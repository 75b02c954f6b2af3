"""May this provider be asked now? Cooldowns, pacing and quota, per (provider, key).

A cooled provider costs a frame nothing: it is skipped. When a cooldown ends one live frame probes it while the others
still pass it by. What an owner must mend (key, region, money, quota) outlives a restart; short cooldowns do not.
"""

from __future__ import annotations

import hashlib
import math
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import get_args
from zoneinfo import ZoneInfo

from app.core.errors import (
    AuthError,
    BadReplyError,
    BillingError,
    CallTimeoutError,
    ModelGoneError,
    OverloadError,
    ProviderError,
    QuotaError,
    RateError,
    RegionError,
)
from app.core.events import Bus, Light, ProviderLightChanged
from app.core.ports import HealthMemory, LastingWord, SavedCooldown
from app.core.provider import Learned, Provider, Seat
from app.core.sentence import Sentence

FIRST_COOLDOWN_S, SECOND_COOLDOWN_S, LONGEST_COOLDOWN_S = 5.0, 15.0, 300.0
BILLING_COOLDOWN_S = 600.0
LONGEST_RESTORED_S = 25 * 3_600.0
SHORTEST_RATE_COOLDOWN_S = 1.0
MINUTE_S = 60.0
PACING_JITTER = 0.1
"""A minute of pacing lasts up to this share longer, so that several profiles do not come back in step."""

_LASTING: frozenset[str] = frozenset(get_args(LastingWord))
_LIGHTS: Mapping[str, tuple[Light, Sentence]] = {
    "auth": ("key_refused", Sentence("The key was refused. Check the key and the address.")),
    "region": ("key_refused", Sentence("The provider does not serve this country or region.")),
    "billing": ("no_credit", Sentence("No credit is left on the account.")),
    "quota": ("cooling", Sentence("Today's free requests are used up.")),
    "rate": ("cooling", Sentence("It asked for a pause.")),
    "overload": ("cooling", Sentence("It is overloaded or cannot be reached.")),
    "timeout": ("cooling", Sentence("It took too long.")),
    "bad_reply": ("cooling", Sentence("It sent something unreadable.")),
    "model_gone": ("error", Sentence("The model is no longer offered. Choose another one.")),
}


@lru_cache(maxsize=256)  # asked several times per frame
def key_id(key: str) -> str:
    """A short name for ``key`` that tells nothing of it (48 bits of a hash): states are kept per key."""
    return hashlib.sha256(b"frame-backend health " + key.encode()).hexdigest()[:12] if key else ""


@dataclass(slots=True)
class _State:
    revision: int
    word: str = ""
    until: float = 0.0
    cooled_at: float = -math.inf
    streak: int = 0
    probing: bool = False
    is_saved: bool = False
    starts: deque[float] = field(default_factory=deque)
    minute_s: float = MINUTE_S


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a provider beside its light.

    ``is_free``: its calls cost nothing. ``needs_key``: None when nobody knows. ``quota_left``: calls left today for the
    key that has the fewest, None where no limit is known.
    """

    is_free: bool = False
    needs_key: bool | None = None
    quota_left: int | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to make one call; given back to ``succeeded``, ``failed`` or ``abandoned``."""

    seat: Seat
    started: float
    is_probe: bool

    def is_outdated(self, revision: int) -> bool:
        """Whether the owner changed the provider while the call was under way: how it ended no longer counts."""
        return self.seat.provider.config.revision < revision


class Health:
    """``monotonic`` measures cooldowns, ``wall`` (Unix seconds) dates and what is kept over restarts."""

    def __init__(
        self,
        memory: HealthMemory,
        bus: Bus,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._memory, self._bus = memory, bus
        self._monotonic, self._wall, self._jitter = monotonic, wall, jitter
        self._learned = dict(memory.learned())
        self._calls_by_day = dict(memory.day_counts())
        self._states = {(saved.provider, saved.key_id): self._restored(saved) for saved in memory.cooldowns()}
        self._lights: dict[str, ProviderLightChanged] = {}

    # --- asking -------------------------------------------------------------------------------------------------

    def why_not(self, seat: Seat) -> str:
        """Why ``seat`` must not be asked now, in a few words; empty when it may."""
        if self.learned(seat).blind:
            return "model cannot see pictures"
        state, config = self._state(seat), seat.provider.config
        now = self._monotonic()
        if state.until > now:
            return f"cooling down after {state.word}"
        if state.probing:
            return f"being tried again after {state.word}"
        if config.requests_per_minute and self._calls_this_minute(state) >= config.requests_per_minute:
            return "over its requests per minute"
        if config.requests_per_day and self._calls_by_day.get(self._day(seat), 0) >= config.requests_per_day:
            return "over its requests per day"
        return ""

    def begin(self, seat: Seat) -> Ticket:
        """Count one call; after a cooldown it is the one probe."""
        state, now = self._state(seat), self._monotonic()
        is_probe = bool(state.word) and not state.probing
        state.probing = state.probing or is_probe
        if seat.provider.config.requests_per_minute:
            state.starts.append(now)
            state.minute_s = MINUTE_S * (1 + PACING_JITTER * self._jitter())
        day = self._day(seat)
        self._calls_by_day[day] = self._calls_by_day.get(day, 0) + 1
        self._memory.save_day_count(*day, self._calls_by_day[day])
        return Ticket(seat, now, is_probe)

    def succeeded(self, ticket: Ticket) -> None:
        """It replied in its own way, with an answer or without."""
        state = self._state(ticket.seat)
        if not state.word or ticket.is_outdated(state.revision) or ticket.started < state.cooled_at:
            return
        if state.is_saved:
            self._memory.forget_cooldown(ticket.seat.name, key_id(ticket.seat.key))
        fresh = _State(state.revision, starts=state.starts, minute_s=state.minute_s)
        self._states[ticket.seat.name, key_id(ticket.seat.key)] = fresh
        self._tell_ready(ticket.seat)

    def failed(self, ticket: Ticket, error: ProviderError) -> None:
        """Cool what ``error`` says; a failure that says nothing of the provider's health counts as a success."""
        state = self._state(ticket.seat)
        if ticket.is_outdated(state.revision):
            return
        cooldown_s = self._cooldown_s(ticket, state, error)
        if cooldown_s is None:
            self.succeeded(ticket)
            return
        now = self._monotonic()
        state.probing, state.cooled_at = state.probing and not ticket.is_probe, now
        if now + cooldown_s < state.until:
            return  # a shorter trouble does not hide the longer one
        state.word, state.until = error.word, now + cooldown_s
        if error.word in _LASTING:
            self._save(ticket.seat, state)
        light, sentence = _LIGHTS[error.word]
        self._tell(ticket.seat.name, light, sentence, None if math.isinf(state.until) else state.until - now)

    def abandoned(self, ticket: Ticket) -> None:
        """The call was cancelled before it said anything of the provider."""
        if ticket.is_probe:
            self._state(ticket.seat).probing = False

    def lights(self) -> Mapping[str, ProviderLightChanged]:
        """The last told light of each provider that ever changed, by name."""
        return self._lights

    # --- what was used today ------------------------------------------------------------------------------------

    def calls_today(self, provider: Provider) -> int:
        """Calls since its own midnight, with all keys together."""
        return sum(self._calls_by_key(provider))

    def quota_left(self, provider: Provider) -> int | None:
        """Calls left today for the key that has the fewest; None where no limit is known."""
        name, most, now = provider.config.name, provider.config.requests_per_day, self._monotonic()
        if any(known[0] == name and state.word == "quota" and state.until > now
               for known, state in self._states.items()):  # fmt: skip
            return 0
        return max(0, most - max(self._calls_by_key(provider), default=0)) if most else None

    def _calls_by_key(self, provider: Provider) -> list[int]:
        name, today = provider.config.name, self._today(provider)
        return [calls for (of, _, day), calls in self._calls_by_day.items() if of == name and day == today]

    # --- what models taught us ----------------------------------------------------------------------------------

    def learned(self, seat: Seat) -> Learned:
        config = seat.provider.config
        return self._learned.get((config.base_url, config.model), Learned())

    def learn(self, seat: Seat, learned: Learned) -> None:
        config = seat.provider.config
        self._learned[config.base_url, config.model] = learned
        self._memory.save_learned(config.base_url, config.model, learned)
        if learned.blind:
            blind = Sentence("{model} cannot see pictures. Choose a model that can.", model=config.model)
            self._tell(seat.name, "blind", blind, None)

    def clear(self, seat: Seat) -> None:
        """Forget what is held against ``seat``: what caused it was put right."""
        state = self._states.pop((seat.name, key_id(seat.key)), None)
        if state is not None and state.is_saved:
            self._memory.forget_cooldown(seat.name, key_id(seat.key))
        self._tell_ready(seat)

    # --- within -------------------------------------------------------------------------------------------------

    def _state(self, seat: Seat) -> _State:
        known, revision = (seat.name, key_id(seat.key)), seat.provider.config.revision
        state = self._states.get(known)
        if state is None or state.revision < revision:
            if state is not None and state.word:
                if state.is_saved:
                    self._memory.forget_cooldown(*known)
                self._tell_ready(seat)
            state = self._states[known] = _State(revision, starts=state.starts if state else deque())
        return state

    def _cooldown_s(self, ticket: Ticket, state: _State, error: ProviderError) -> float | None:
        """Seconds to leave it alone; None when ``error`` tells nothing of its health."""
        match error:
            case AuthError() | RegionError() | ModelGoneError():
                return math.inf
            case BillingError():
                return BILLING_COOLDOWN_S
            case QuotaError():
                return float(error.retry_after_s or self._until_reset_s(ticket.seat))
            case RateError() if error.retry_after_s is not None:
                return max(float(error.retry_after_s or 0), SHORTEST_RATE_COOLDOWN_S)
            case RateError() | OverloadError() | CallTimeoutError() | BadReplyError():
                return self._next_step_s(ticket, state)
        return None

    def _next_step_s(self, ticket: Ticket, state: _State) -> float:
        """5 s, 15 s, then doubling to 5 min. Calls that were under way together fail as one."""
        if ticket.started >= state.cooled_at:
            state.streak += 1
        if state.streak <= 1:
            return FIRST_COOLDOWN_S
        return min(SECOND_COOLDOWN_S * 2.0 ** min(state.streak - 2, 10), LONGEST_COOLDOWN_S)

    def _until_reset_s(self, seat: Seat) -> float:
        now = self._now(seat.provider)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight.timestamp() - now.timestamp()

    def _now(self, provider: Provider) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC).astimezone(ZoneInfo(provider.capabilities.reset_zone))

    def _today(self, provider: Provider) -> str:
        return self._now(provider).date().isoformat()

    def _day(self, seat: Seat) -> tuple[str, str, str]:
        return seat.name, key_id(seat.key), self._today(seat.provider)

    def _calls_this_minute(self, state: _State) -> int:
        since = self._monotonic() - state.minute_s
        while state.starts and state.starts[0] <= since:
            state.starts.popleft()
        return len(state.starts)

    def _restored(self, saved: SavedCooldown) -> _State:
        now = self._monotonic()
        # No word with an end lasts longer: what seems to was saved by a clock that has been set back since.
        left_s = 0.0 if saved.until is None else min(max(saved.until - self._wall(), 0.0), LONGEST_RESTORED_S)
        until = math.inf if saved.until is None else now + left_s
        return _State(saved.revision, saved.word, until, cooled_at=now, is_saved=True)

    def _save(self, seat: Seat, state: _State) -> None:
        until = None if math.isinf(state.until) else self._wall() + state.until - self._monotonic()
        word: LastingWord = state.word  # type: ignore[assignment]
        state.is_saved = True
        self._memory.save_cooldown(SavedCooldown(seat.name, key_id(seat.key), word, until, state.revision))

    def _tell_ready(self, seat: Seat) -> None:
        if not self.learned(seat).blind:
            self._tell(seat.name, "ready", Sentence(), None)

    def _tell(self, name: str, light: Light, sentence: Sentence, until_s: float | None) -> None:
        told = ProviderLightChanged(name, light, sentence, until_s)
        self._lights[name] = told
        self._bus.publish(told)
