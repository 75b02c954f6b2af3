"""May this provider be asked now? Cooldowns, pacing and quota, per (provider, key).

A cooled provider costs a frame nothing: it is skipped. Every cooldown has an end, after which one live frame probes it
while the others still pass it by: nothing is off for ever but by the owner. What an owner must mend (key, region,
money, quota, model) outlives a restart; short cooldowns do not.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

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
    UntrustedError,
)
from app.core.events import Bus, Light, ProviderLightChanged, Trouble
from app.core.ports import HealthMemory, LastingWord, SavedCooldown
from app.core.provider import Learned, Provider, ProviderConfig, Seat
from app.core.routing.cooldown import Cooldown, Cooling, Moment, Pause, Ready, Ticket
from app.core.routing.day_counts import DayCounts, midnight
from app.core.routing.lessons import Lessons
from app.core.sentence import Sentence

SHORT_S = (5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 300.0)
BILLING_S = (600.0,)
LASTING_S = (600.0, 3_600.0, 21_600.0)
LONGEST_QUOTA_S = 7 * 86_400.0
"""What the owner must mend, or what mends itself: a sign-in that is out of order, a model that comes back."""
_GONE = Pause(ModelGoneError.word, LASTING_S, by_date=True)
SHORTEST_RATE_COOLDOWN_S = 1.0
MINUTE_S = 60.0
PACING_JITTER = 0.1
"""A minute of pacing lasts up to this share longer, so that several profiles do not come back in step."""

_LIGHTS: Mapping[str, tuple[Light, Sentence]] = {
    "auth": ("key_refused", Sentence("The key was refused. Check the key and the address.")),
    "region": ("key_refused", Sentence("The provider does not serve this country or region.")),
    "billing": ("no_credit", Sentence("No credit is left on the account.")),
    "quota": ("cooling", Sentence("Today's free requests are used up.")),
    "rate": ("cooling", Sentence("It asked us to wait.")),
    "overload": ("cooling", Sentence("It is overloaded or cannot be reached.")),
    "timeout": ("cooling", Sentence("It took too long.")),
    "bad_reply": ("cooling", Sentence("It sent something unreadable.")),
    "model_gone": (
        "error",
        Sentence("The model is not offered. Choose another one, or see the account."),
    ),
}
_UNTRUSTED = Sentence("Its certificate is not trusted. Install the authority that made it on this computer.")


@lru_cache(maxsize=256)  # asked several times per frame
def key_id(key: str) -> str:
    """A short name for ``key`` that tells nothing of it (48 bits of a hash): states are kept per key."""
    return hashlib.sha256(b"frame-backend health " + key.encode()).hexdigest()[:12] if key else ""


@dataclass(slots=True)
class _Record:
    """One provider with one key. ``starts``: when the last minute's calls began, on the monotonic clock."""

    revision: int
    cooldown: Cooldown = field(default_factory=Cooldown)
    is_saved: bool = False
    starts: deque[float] = field(default_factory=deque)
    minute_s: float = MINUTE_S


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a provider beside its light.

    ``is_free``: its calls cost nothing; ``has_price``: what they cost is known. ``quota_left``: calls left today for
    the key that has the fewest, None where no limit is known.
    """

    is_free: bool = False
    needs_key: bool = True
    quota_left: int | None = None
    successor: str = ""
    has_price: bool = True


class Health:
    """``monotonic`` measures what lasts for a while; ``wall`` (Unix seconds) also what ends by a date."""

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
        self._lights: dict[str, ProviderLightChanged] = {}
        self._lessons = Lessons(memory, self._now)
        self._days = DayCounts(memory, self._now)
        self._records = {(saved.provider, saved.key_id): self._restored(saved) for saved in memory.cooldowns()}

    # --- asking -------------------------------------------------------------------------------------------------

    def why_not(self, seat: Seat) -> str:
        """Why ``seat`` must not be asked now, in a few words; empty when it may."""
        if self.learned(seat).blind:
            return "model cannot see pictures"
        record, config = self._record(seat), seat.provider.config
        if why := record.cooldown.why_not(self._now()):
            return why
        if config.requests_per_minute and self._calls_this_minute(record) >= config.requests_per_minute:
            return "over its requests per minute"
        if config.requests_per_day and self._days.calls(seat.provider, key_id(seat.key)) >= config.requests_per_day:
            return "over its requests per day"
        return ""

    def begin(self, seat: Seat) -> Ticket:
        """Count one call; after a cooldown it is the one probe."""
        record, now = self._record(seat), self._now()
        if seat.provider.config.requests_per_minute:
            record.starts.append(now.monotonic)
            record.minute_s = MINUTE_S * (1 + PACING_JITTER * self._jitter())
        self._days.add(seat.provider, key_id(seat.key))
        return record.cooldown.begin(seat, now)

    def count_calls(self, seat: Seat, number: int) -> None:
        """So many calls were made beside the cascade: they count in the day as any other."""
        for _ in range(number):
            self._days.add(seat.provider, key_id(seat.key))

    def succeeded(self, ticket: Ticket) -> None:
        """It replied in its own way, with an answer or without."""
        seat, record = ticket.seat, self._record(ticket.seat)
        is_back = record.cooldown.succeeded(ticket)
        if is_back:
            self._forget(seat.name, key_id(seat.key), record)
        told = self._lights.get(seat.name)
        if (is_back or (told is not None and told.light == "blind")) and not self.learned(seat).blind:
            self._tell(seat.name, "ready", Sentence(), None)

    def failed(self, ticket: Ticket, error: ProviderError) -> None:
        """Cool what ``error`` says; a failure that says nothing of the provider's health counts as a success."""
        pause = self._pause(ticket.seat, error)
        if pause is None:
            self.succeeded(ticket)
            return
        record = self._record(ticket.seat)
        why = _UNTRUSTED if isinstance(error, UntrustedError) else None
        self._note(ticket.seat, record, record.cooldown.failed(ticket, pause, self._now()), why)

    def abandoned(self, ticket: Ticket) -> None:
        """The call was cancelled before it said anything of the provider."""
        self._record(ticket.seat).cooldown.abandoned(ticket)

    def renew(self, config: ProviderConfig) -> None:
        """What is held against an older revision of ``config`` ends; what it taught as it is now is told."""
        for (name, key), record in self._records.items():
            if name == config.name:
                self._bring_up(name, key, record, config.revision)
        if config.name not in self._lights and self._lessons.of(config).blind:
            self._tell_blind(config)

    def lights(self) -> Mapping[str, ProviderLightChanged]:
        """The last told light of each provider that ever changed, by name."""
        return self._lights

    # --- what was used today ------------------------------------------------------------------------------------

    def calls_today(self, provider: Provider) -> int:
        """Calls since its own midnight, with all keys together."""
        return sum(self._days.by_key(provider))

    def quota_left(self, provider: Provider) -> int | None:
        """Calls left today for the key that has the fewest; None where no limit is known."""
        name, most, now = provider.config.name, provider.config.requests_per_day, self._now()
        if any(of == name and _is_spent(record.cooldown, now) for (of, _), record in self._records.items()):
            return 0
        return max(0, most - max(self._days.by_key(provider), default=0)) if most else None

    # --- what models taught us ----------------------------------------------------------------------------------

    def learned(self, seat: Seat) -> Learned:
        return self._lessons.of(seat.provider.config)

    def learn(self, seat: Seat, learned: Learned) -> None:
        config, known = seat.provider.config, self.learned(seat)
        self._lessons.keep(config, learned)
        if learned.successor not in ("", known.successor):
            self._bus.publish(Trouble(Sentence(
                "{provider} no longer serves {model}. For a week {successor} is asked instead: choose a model to stay.",
                provider=seat.name, model=config.model, successor=learned.successor,
            )))  # fmt: skip
        if learned.blind:
            self._tell_blind(config)

    def model_is_gone(self, seat: Seat, model: str, other: str) -> None:
        """The provider's own list lacks ``model``. ``other``: the best that it names, empty when none fits."""
        record = self._record(seat)
        if record.revision != seat.provider.config.revision or not isinstance(record.cooldown.state, Cooling):
            return
        if other:
            why = Sentence(
                "{provider} does not list {model}. Choose another one, such as {other}.",
                provider=seat.name, model=model, other=other,
            )  # fmt: skip
        else:
            why = Sentence("{provider} does not list {model}. Choose another one.", provider=seat.name, model=model)
        self._note(seat, record, record.cooldown.cool(_GONE, self._now()), why)

    def explain(self, seat: Seat, sentence: Sentence) -> None:
        """Why ``seat`` cools is known better now: ``sentence`` says what to do."""
        state = self._record(seat).cooldown.state
        if isinstance(state, Cooling):
            self._tell(seat.name, "error", sentence, state.end.left_s(self._now()))

    # --- within -------------------------------------------------------------------------------------------------

    def _now(self) -> Moment:
        return Moment(self._monotonic(), self._wall())

    def _record(self, seat: Seat) -> _Record:
        """What is held of ``seat``; a configuration that has been changed since starts anew."""
        known, revision = (seat.name, key_id(seat.key)), seat.provider.config.revision
        record = self._records.get(known)
        if record is None:
            record = self._records[known] = _Record(revision)
        self._bring_up(*known, record, revision)
        return record

    def _bring_up(self, name: str, key: str, record: _Record, revision: int) -> None:
        """Start anew where the configuration has been changed since."""
        if record.revision < revision:
            record.revision = revision
            if not isinstance(record.cooldown.state, Ready):
                self._forget(name, key, record)
                self._tell(name, "ready", Sentence(), None)
            record.cooldown.renew()

    def _pause(self, seat: Seat, error: ProviderError) -> Pause | None:
        """None when ``error`` tells nothing of its health."""
        match error:
            case ModelGoneError(is_certain=False):
                return Pause(OverloadError.word, SHORT_S)
            case AuthError() | RegionError() | ModelGoneError():
                return Pause(error.word, LASTING_S, by_date=True)
            case BillingError():
                return Pause(error.word, BILLING_S, by_date=True)
            case QuotaError():
                now = self._now()
                left_s = error.retry_after_s or midnight(seat.provider.capabilities.reset_zone, now).left_s(now)
                return Pause(error.word, (float(left_s),), by_date=True)
            case RateError() if error.retry_after_s is not None:
                return Pause(error.word, (max(float(error.retry_after_s), SHORTEST_RATE_COOLDOWN_S),))
            case RateError() | OverloadError() | CallTimeoutError() | BadReplyError():
                return Pause(error.word, SHORT_S)
        return None

    def _calls_this_minute(self, record: _Record) -> int:
        since = self._monotonic() - record.minute_s
        while record.starts and record.starts[0] <= since:
            record.starts.popleft()
        return len(record.starts)

    def _restored(self, saved: SavedCooldown) -> _Record:
        """Over at once when it was saved in a time to come: the clock has been set back, its age is not known.

        Never longer than it could have been made here: a backup's, or one of a clock that ran ahead, may say any end.
        """
        now = self._now()
        longest_s = {"billing": BILLING_S[-1], "quota": LONGEST_QUOTA_S}.get(saved.word, LASTING_S[-1])
        left_s = min(max(saved.until - now.wall, 0.0), longest_s) if saved.since <= now.wall else 0.0
        steps_s = {"billing": BILLING_S, "quota": (left_s,)}.get(saved.word, LASTING_S)
        pause = Pause(saved.word, steps_s, by_date=True)
        cooling = Cooling(pause, now.after(left_s, by_date=True), saved.step)
        if left_s:
            light, sentence = _LIGHTS[saved.word]
            self._lights[saved.provider] = ProviderLightChanged(saved.provider, light, sentence, left_s)
        return _Record(saved.revision, Cooldown(cooling, rows={steps_s: saved.step}), is_saved=True)

    def _note(self, seat: Seat, record: _Record, cooling: Cooling | None, why: Sentence | None = None) -> None:
        """Keep and tell how it cools from now on."""
        if cooling is None:
            return
        now, word = self._now(), cooling.pause.word
        left_s = cooling.end.left_s(now)
        if cooling.pause.by_date:
            record.is_saved = True
            self._memory.save_cooldown(SavedCooldown(
                seat.name, key_id(seat.key), cast("LastingWord", word), now.wall + left_s, record.revision,
                cooling.step, now.wall,
            ))  # fmt: skip
        light, sentence = _LIGHTS[word]
        self._tell(seat.name, light, why or sentence, left_s)

    def _forget(self, name: str, key: str, record: _Record) -> None:
        if record.is_saved:
            record.is_saved = False
            self._memory.forget_cooldown(name, key)

    def _tell_blind(self, config: ProviderConfig) -> None:
        why = Sentence("{model} cannot see pictures. Choose a model that can.", model=config.model)
        self._tell(config.name, "blind", why, None)

    def _tell(self, name: str, light: Light, sentence: Sentence, until_s: float | None) -> None:
        told = ProviderLightChanged(name, light, sentence, until_s)
        self._lights[name] = told
        self._bus.publish(told)


def _is_spent(cooldown: Cooldown, now: Moment) -> bool:
    state = cooldown.state
    return isinstance(state, Cooling) and state.pause.word == "quota" and state.end.left_s(now) > 0
