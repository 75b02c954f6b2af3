"""A frame that has ended, and what is worked out of it for its row."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from app.core.errors import FrameError
from app.core.frame import Answer, Attempt, Frame, Kind
from app.core.routing.trace import AUDITED, USABLE_OUTCOMES, trace_of

Stored = str | int | float | None
CallUsage = tuple[str, str, int, int, float | None]
SEVERAL = "*"
"""Stands in ``paid_by`` where the cost is to be divided by the calls' own: no provider's name has it."""
NO_ANSWER = Answer("", "", "ok", kind=cast(Kind, ""))
"""That of a frame that failed, whose row has a failure's code and no kind."""

_ANSWERED = USABLE_OUTCOMES | {"judged"}
_COUNTED = _ANSWERED | {AUDITED}
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Ended(NamedTuple):
    """``error``: None when it was answered. ``image_bytes``: the picture's size, 0 when it is not kept."""

    frame: Frame
    answer: Answer
    error: FrameError | None
    attempts: tuple[Attempt, ...]
    latency_ms: int
    image_bytes: int


def received_ms(end: Ended) -> int:
    return int(end.frame.received_at.timestamp() * 1_000)


def attempts(end: Ended) -> str:
    return to_json(trace_of(end.attempts))


def ai_responses(end: Ended) -> str:
    said = (one for one in end.attempts if one.answer and one.outcome != "judged")
    return to_json({one.provider: one.full_answer or one.answer for one in said})


def calls(end: Ended) -> int:
    return len({one.provider for one in end.attempts if one.is_call and one.outcome not in ("judged", AUDITED)})


def usage(end: Ended) -> str:
    counted = [one for one in end.attempts if _has_tokens(one) or one.cost_usd]
    return to_json(
        [(one.provider, one.model, one.usage.input_tokens, one.usage.output_tokens, one.cost_usd) for one in counted]
    )


def cost_usd(end: Ended) -> float | None:
    return cost_of(end.attempts)


def paid_by(end: Ended) -> str:
    """The one provider that was paid; ``SEVERAL`` also when only a part is known; empty for none."""
    paid = {one.provider for one in end.attempts if one.cost_usd}
    return "".join(paid) if _is_priced(end.attempts) and len(paid) < 2 else SEVERAL if paid else ""


def signs(end: Ended) -> str:
    return to_json({one.provider: one.signs for one in end.attempts if one.signs})


def cost_of(attempts: Collection[Attempt]) -> float | None:
    """In US dollars; None when the price of a call that told something is not known."""
    return sum((one.cost_usd or 0.0 for one in attempts), 0.0) if _is_priced(attempts) else None


def costs_by_place(trace: Sequence[Mapping[str, Any]], usage: Sequence[Sequence[Any]]) -> dict[int, float | None]:
    """What each call of a row's trace cost that stands in its usage, by the call's place in the trace.

    A usage names its provider and stands in the calls' order. Who answered was counted before who failed: a failure
    mostly costs nothing.
    """
    counted: dict[str, list[float | None]] = {}
    for provider, _, _, _, *cost in usage:
        counted.setdefault(provider, []).append(cost[0] if cost else None)
    places = [place for place, entry in enumerate(trace) if entry.get("outcome") != "skipped"]
    places.sort(key=lambda place: (trace[place].get("outcome") in _COUNTED, place))
    costs = {}
    for place in reversed(places):
        if left := counted.get(trace[place].get("provider", "")):
            costs[place] = left.pop()
    return costs


def _is_priced(attempts: Collection[Attempt]) -> bool:
    """A failed call that counted no tokens is taken for free."""
    return not any(one.cost_usd is None and (one.outcome in _ANSWERED or _has_tokens(one)) for one in attempts)


def _has_tokens(attempt: Attempt) -> bool:
    return bool(attempt.usage.input_tokens or attempt.usage.output_tokens)
