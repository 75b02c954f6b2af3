"""A frame that has ended, and what is worked out of it for its row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.core.errors import FrameError
from app.core.frame import Answer, Attempt, Frame
from app.core.routing.trace import USABLE_OUTCOMES, trace_of

Stored = str | int | float | None
CallUsage = tuple[str, str, int, int, float | None]
SEVERAL = "*"
"""Stands in ``paid_by`` where the cost is to be divided by the calls' own: no provider's name has it."""

_ANSWERED = USABLE_OUTCOMES | {"judged"}
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def unix_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)


@dataclass(frozen=True, slots=True)
class Ended:
    """``image_bytes``: the picture's size, 0 when it is not kept."""

    frame: Frame
    ending: Answer | FrameError
    latency_ms: int
    image_bytes: int


def received_ms(ended: Ended) -> int:
    return unix_ms(ended.frame.received_at)


def of_answer(value: Callable[[Answer], Stored], otherwise: Stored = "") -> Callable[[Ended], Stored]:
    """``value`` of the answer; ``otherwise`` when the frame failed."""
    return lambda ended: value(ended.ending) if isinstance(ended.ending, Answer) else otherwise


def of_error(value: Callable[[FrameError], Stored], otherwise: Stored = "") -> Callable[[Ended], Stored]:
    """``value`` of the failure; ``otherwise`` when the frame was answered."""
    return lambda ended: otherwise if isinstance(ended.ending, Answer) else value(ended.ending)


def attempts(ended: Ended) -> str:
    """The reply's trace."""
    return to_json(trace_of(ended.ending.attempts))


def ai_responses(ended: Ended) -> str:
    return to_json(
        {
            one.provider: one.full_answer or one.answer
            for one in ended.ending.attempts
            if one.answer and one.outcome != "judged"
        }
    )


def calls(ended: Ended) -> int:
    return len({one.provider for one in ended.ending.attempts if one.is_call and one.outcome != "judged"})


def usage(ended: Ended) -> str:
    counted: list[CallUsage] = [
        (one.provider, one.model, one.usage.input_tokens, one.usage.output_tokens, one.cost_usd)
        for one in ended.ending.attempts if _has_tokens(one) or one.cost_usd
    ]  # fmt: skip
    return to_json(counted)


def cost_usd(ended: Ended) -> float | None:
    """None where a call's price is not known. A failed call that counted no tokens is taken for free."""
    return sum((one.cost_usd or 0.0 for one in ended.ending.attempts), 0.0) if _is_priced(ended) else None


def paid_by(ended: Ended) -> str:
    """The one provider that was paid; ``SEVERAL`` also when only a part is known; empty for none."""
    paid = {one.provider for one in ended.ending.attempts if one.cost_usd}
    return "".join(paid) if _is_priced(ended) and len(paid) < 2 else SEVERAL if paid else ""


def _is_priced(ended: Ended) -> bool:
    return not any(
        one.cost_usd is None and (one.outcome in _ANSWERED or _has_tokens(one)) for one in ended.ending.attempts
    )


def _has_tokens(attempt: Attempt) -> bool:
    return bool(attempt.usage.input_tokens or attempt.usage.output_tokens)
