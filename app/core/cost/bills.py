"""What each call is charged, and whether a daily cap lets a provider be asked still."""

from __future__ import annotations

from dataclasses import replace

from app.core.cost.budget import Spending
from app.core.cost.pricing import PriceOf, cost_of_call, is_free, price_in_force
from app.core.frame import Attempt, Profile, Usage
from app.core.provider import Meter, Question, Seat

CHARS_PER_TOKEN = 4
"""Of English, by all vendors' rule of thumb."""
PICTURE_TOKENS = 300
"""About what a small picture counts as (app/providers/README.md)."""


class Bills:
    """Charges ``spending`` with what calls cost by ``price_of``."""

    def __init__(self, spending: Spending, price_of: PriceOf) -> None:
        self._spending, self.price_of = spending, price_of
        self._input_tokens: dict[tuple[str, str], int] = {}

    def why_not(self, profile: Profile, seat: Seat, model: str) -> str:
        """Why ``seat`` must not be asked for ``model``; empty when it may: it is free, or under its caps."""
        cap_usd = seat.provider.config.daily_cap_usd
        if not (profile.daily_cap_usd or cap_usd) or is_free(seat.provider, model, self.price_of):
            return ""
        return self._spending.why_not(profile.username, profile.daily_cap_usd, seat.name, cap_usd)

    def charged(self, profile: Profile, seat: Seat, asked: str, attempt: Attempt) -> Attempt:
        """``attempt`` with its cost, which counts from now on. ``asked``: the model that was."""
        usage, model = attempt.usage, attempt.model or asked
        if usage.input_tokens and not usage.is_estimate:
            self._input_tokens[seat.name, asked] = usage.input_tokens
        cost = cost_of_call(
            seat.provider, asked, usage, self.price_of, replied=attempt.model, outcome=attempt.outcome
        )  # fmt: skip
        if cost:
            self._spending.add(profile.username, seat.name, cost)
        is_capped = profile.daily_cap_usd or seat.provider.config.daily_cap_usd
        if cost is None and is_capped and price_in_force(asked, attempt.model, self.price_of) is None:
            self._spending.tell_unpriced(seat.name, model)
        return replace(attempt, model=model, cost_usd=cost)

    def estimate(self, seat: Seat, asked: str, question: Question, meter: Meter) -> Usage:
        """Of a call that was broken off: its question is paid, and what had come of its reply."""
        told = meter.usage or Usage()
        sent = PICTURE_TOKENS + (len(question.instructions) + len(question.text)) // CHARS_PER_TOKEN
        return Usage(
            told.input_tokens or self._input_tokens.get((seat.name, asked), sent),
            max(told.output_tokens, -(-meter.output_chars // CHARS_PER_TOKEN)),
            is_estimate=True,
        )
