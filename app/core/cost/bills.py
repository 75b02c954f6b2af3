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
        self._spending, self._price_of = spending, price_of
        self._last: dict[tuple[str, str], Usage] = {}

    def why_not(self, profile: Profile, seat: Seat, model: str) -> str:
        """Why ``seat`` must not be asked for ``model``; empty when it may: it is free, or under its caps."""
        cap_usd = seat.provider.config.daily_cap_usd
        if not (profile.daily_cap_usd or cap_usd) or is_free(seat.provider, model, self._price_of):
            return ""
        return self._spending.why_not(profile.username, profile.daily_cap_usd, seat.name, cap_usd)

    def hold(self, profile: Profile, seat: Seat, asked: str, attempt: Attempt, usage: Usage) -> float:
        """Count what ``attempt`` will cost, by its ``usage`` so far and the last reply's, while it comes; how much.

        The frames that come meanwhile must not all pass under a cap.
        """
        if last := self._last.get((seat.name, asked)):
            usage = replace(usage, output_tokens=max(usage.output_tokens, last.output_tokens))
        held = self._cost(seat, asked, attempt, usage)
        if held:
            self._spending.add(profile.username, seat.name, held)
        return held or 0.0

    def charged(self, profile: Profile, seat: Seat, asked: str, attempt: Attempt, held_usd: float = 0.0) -> Attempt:
        """``attempt`` with its cost, which counts instead of ``held_usd`` from now on. ``asked``: the model asked."""
        usage, model = attempt.usage, attempt.model or asked
        if usage.input_tokens and not usage.is_estimate:
            self._last[seat.name, asked] = usage
        cost = self._cost(seat, asked, attempt, usage)
        if cost or held_usd:
            self._spending.add(profile.username, seat.name, (cost or 0.0) - held_usd)
        is_capped = profile.daily_cap_usd or seat.provider.config.daily_cap_usd
        if cost is None and is_capped and price_in_force(asked, attempt.model, self._price_of) is None:
            self._spending.tell_unpriced(seat.name, model)
        return replace(attempt, model=model, cost_usd=cost)

    def _cost(self, seat: Seat, asked: str, attempt: Attempt, usage: Usage) -> float | None:
        return cost_of_call(
            seat.provider, asked, usage, self._price_of, replied=attempt.model, outcome=attempt.outcome
        )  # fmt: skip

    def estimate(self, seat: Seat, asked: str, question: Question, meter: Meter) -> Usage:
        """Of a call that was broken off: its question is paid, and what had come of its reply."""
        told = meter.usage or Usage()
        sent = PICTURE_TOKENS + (len(question.instructions) + len(question.text)) // CHARS_PER_TOKEN
        last = self._last.get((seat.name, asked))
        return Usage(
            told.input_tokens or (last.input_tokens if last else sent),
            max(told.output_tokens, -(-meter.output_chars // CHARS_PER_TOKEN)),
            is_estimate=True,
        )
