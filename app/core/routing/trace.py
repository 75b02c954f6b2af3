"""How a frame is told to others: its words on the glasses, and one entry per call or skip for the reply, the report and
the window.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.core.frame import Answer, Attempt, Profile
from app.core.text.plain_text import doubted

USABLE_OUTCOMES = frozenset({"sure", "unsure"})
"""Outcomes of an attempt that gave an answer of its own."""
AUDITED = "audited"
"""The outcome of an audit's call, whatever came of it: ``why`` says what."""


def words_of(answer: Answer, profile: Profile) -> str:
    """What stands on the glasses: with its mark where it may be wrong."""
    if answer.is_doubted and profile.doubt_mark:
        return doubted(answer.text, profile.answer_chars)
    return answer.text


def trace_of(attempts: Iterable[Attempt]) -> list[dict[str, object]]:
    """The ``trace`` of the HTTP contract: JSON-ready.

    ``why`` stands beside an outcome that needs a reason, ``whole_ms`` once more than the words has come,
    ``is_estimate`` where the call was broken off, so that nobody told what it cost.
    """
    return [_entry(attempt) for attempt in attempts]


def _entry(attempt: Attempt) -> dict[str, object]:
    entry: dict[str, object] = {
        "provider": attempt.provider,
        "model": attempt.model,
        "outcome": attempt.outcome,
        "latency_ms": attempt.latency_ms,
        "confidence": attempt.confidence,
        "trust": attempt.trust,
    }
    if attempt.whole_ms is not None:
        entry["whole_ms"] = attempt.whole_ms
    if attempt.usage.is_estimate:
        entry["is_estimate"] = True
    if attempt.why:
        entry["why"] = attempt.why
    return entry


def answers_of(attempts: Iterable[Attempt]) -> dict[str, str]:
    """What each provider said, by name; failures say nothing here."""
    return {attempt.provider: attempt.answer for attempt in attempts if attempt.outcome in USABLE_OUTCOMES}
