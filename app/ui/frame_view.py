"""A frame as the window shows it: from an event of now or a row of before, without the uploaded bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.events import FrameAnswered, FrameFailed
from app.core.frame import Attempt
from app.core.trace import USABLE_OUTCOMES
from app.ui import words
from app.ui.theme import Tone

if TYPE_CHECKING:
    from app.store import ReportRow


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One line of the trace. ``said`` is the provider's own answer, empty when it gave none."""

    provider: str
    model: str
    outcome: str
    why: str = ""
    confidence: float | None = None
    latency_ms: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class FrameView:
    """An ended frame. ``text`` stood on the glasses, or is the sentence of the failure when ``failed``."""

    frame_id: str
    username: str
    received_at: datetime
    prompt: str
    code: str
    text: str
    failed: bool
    full_text: str = ""
    answered_by: str = ""
    confidence: float | None = None
    latency_ms: int | None = None
    reused: bool = False
    judge_why: str = ""
    attempts: tuple[AttemptView, ...] = ()

    @property
    def tone(self) -> Tone:
        return words.code(self.code)[1]


def of_answer(event: FrameAnswered) -> FrameView:
    frame, answer = event.frame, event.answer
    return FrameView(
        frame.frame_id, frame.profile.username, frame.received_at, frame.prompt, answer.code, answer.text, False,
        answer.full_text, answer.answered_by, answer.confidence, answer.latency_ms, answer.reused, answer.judge_why,
        _attempts(answer.attempts),
    )  # fmt: skip


def of_failure(event: FrameFailed) -> FrameView:
    frame, error = event.frame, event.error
    return FrameView(
        frame.frame_id, frame.profile.username, frame.received_at, frame.prompt, error.code, str(error), True,
        latency_ms=event.latency_ms, attempts=_attempts(error.attempts),
    )  # fmt: skip


def of_row(row: ReportRow) -> FrameView:
    failed = row.status != 200
    return FrameView(
        row.frame_id, row.username, row.received_at, row.prompt, row.code, row.error if failed else row.answer, failed,
        row.full_answer, row.answered_by, row.confidence, row.latency_ms, row.reused, row.judge_why,
        tuple(_of_trace(entry, row.ai_responses) for entry in row.attempts),
    )  # fmt: skip


def _attempts(attempts: Iterable[Attempt]) -> tuple[AttemptView, ...]:
    return tuple(
        AttemptView(
            attempt.provider, attempt.model, attempt.outcome, attempt.why, attempt.confidence,
            attempt.latency_ms if attempt.is_call else None,
            attempt.full_answer or attempt.answer if attempt.outcome in USABLE_OUTCOMES else "",
        )
        for attempt in attempts
    )  # fmt: skip


def _of_trace(entry: Mapping[str, Any], said: Mapping[str, str]) -> AttemptView:
    """From a stored trace, whose keys may be fewer in rows of an older version; ``said``: by provider."""
    provider, outcome = str(entry.get("provider", "")), str(entry.get("outcome", ""))
    return AttemptView(
        provider,
        str(entry.get("model", "")),
        outcome,
        str(entry.get("why", "")),
        entry.get("confidence"),
        entry.get("latency_ms") if outcome != "skipped" else None,
        said.get(provider, "") if outcome in USABLE_OUTCOMES else "",
    )
