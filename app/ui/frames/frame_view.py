"""A frame as the window shows it: from an event of now or a row of before, without the uploaded bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.events import FrameAnswered, FrameCompleted, FrameFailed
from app.core.frame import Attempt
from app.core.provider import ON_DEVICE
from app.core.routing.trace import AUDITED, USABLE_OUTCOMES, words_of
from app.store.history.ended import cost_of, costs_by_place
from app.ui.support import formatting as fmt
from app.ui.support.theme import Tone

if TYPE_CHECKING:
    from app.store import ReportRow
    from app.store.history.columns import Thumb

_SAID = USABLE_OUTCOMES | {AUDITED}


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One line of the trace. ``said`` is the provider's own answer, empty when it gave none.

    ``latency_ms`` and ``whole_ms`` as the frame's. ``cost_usd``: 0 for what is free, None where it is not known;
    ``is_estimate``: that is, of a call that was broken off.
    """

    provider: str
    model: str
    outcome: str
    why: str = ""
    confidence: float | None = None
    latency_ms: int | None = None
    said: str = ""
    cost_usd: float | None = None
    trust: float | None = None
    whole_ms: int | None = None
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class FrameView:
    """An ended frame. ``text`` stood on the glasses, or is the sentence of the failure when ``failed``.

    ``latency_ms``: until the words were there; ``whole_ms``: until all was, None where that was no later. ``door``:
    through which it came, empty: from the glasses. ``blurred_faces``: None where nobody looked for them.
    """

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
    client_ip: str = ""
    cost_usd: float | None = None
    favourite: bool = False
    thumb: Thumb = 0
    trust: float | None = None
    whole_ms: int | None = None
    correction: str = ""
    door: str = ""
    blurred_faces: int | None = None

    @property
    def is_judged(self) -> bool:
        """Whether a judge was asked."""
        return bool(self.judge_why) or any(attempt.outcome == "judged" for attempt in self.attempts)

    @property
    def tone(self) -> Tone:
        return self.ending[1]

    @property
    def ending(self) -> tuple[str, Tone]:
        """How it ended in words, and how that stands."""
        asked = {attempt.provider for attempt in self.attempts if attempt.outcome != "skipped"}
        return fmt.code(self.code, only_here=self.answered_by == ON_DEVICE and asked <= {ON_DEVICE})


def of_answer(event: FrameAnswered | FrameCompleted) -> FrameView:
    frame, answer = event.frame, event.answer
    return FrameView(
        frame.frame_id, frame.profile.username, frame.received_at, frame.prompt, answer.code,
        words_of(answer, frame.profile), False, answer.full_text, answer.answered_by, answer.confidence,
        answer.latency_ms, answer.reused, answer.judge_why, _attempts(answer.attempts), frame.client_ip,
        cost_of(answer.attempts), trust=answer.trust, whole_ms=answer.whole_ms, door=frame.door,
        blurred_faces=answer.blurred_faces,
    )  # fmt: skip


def completed(known: FrameView, event: FrameCompleted) -> FrameView:
    """``known`` with what came after its words."""
    return replace(of_answer(event), favourite=known.favourite, thumb=known.thumb, correction=known.correction)


def of_failure(event: FrameFailed) -> FrameView:
    frame, error = event.frame, event.error
    return FrameView(
        frame.frame_id, frame.profile.username, frame.received_at, frame.prompt, error.code, str(error), True,
        latency_ms=event.latency_ms, attempts=_attempts(error.attempts), client_ip=frame.client_ip,
        cost_usd=cost_of(error.attempts), door=frame.door, blurred_faces=error.blurred_faces,
    )  # fmt: skip


def of_row(row: ReportRow) -> FrameView:
    failed = row.status != 200
    return FrameView(
        row.frame_id, row.username, row.received_at, row.prompt, row.code, row.error if failed else row.answer, failed,
        row.full_answer, row.answered_by, row.confidence, row.latency_ms, row.reused, row.judge_why,
        _of_traces(row), row.client_ip, row.cost_usd, row.favourite, row.thumb, row.trust, row.whole_ms,
        row.correction, row.door, row.blurred_faces,
    )  # fmt: skip


def _attempts(attempts: Iterable[Attempt]) -> tuple[AttemptView, ...]:
    return tuple(of_attempt(attempt) for attempt in attempts)


def of_attempt(attempt: Attempt) -> AttemptView:
    return AttemptView(
        attempt.provider, attempt.model, attempt.outcome, attempt.why, attempt.confidence,
        attempt.latency_ms if attempt.is_call else None,
        attempt.full_answer or attempt.answer if attempt.outcome in _SAID else "",
        attempt.cost_usd if attempt.is_call else None,
        attempt.trust,
        attempt.whole_ms,
        attempt.usage.is_estimate,
    )  # fmt: skip


def _of_traces(row: ReportRow) -> tuple[AttemptView, ...]:
    costs = costs_by_place(row.attempts, row.usage)
    return tuple(_of_trace(entry, row.ai_responses, costs.get(at)) for at, entry in enumerate(row.attempts))


def _of_trace(entry: Mapping[str, Any], said: Mapping[str, str], cost_usd: float | None) -> AttemptView:
    """From a stored trace, whose keys may be fewer in rows of an older version; ``said``: by provider."""
    provider, outcome = str(entry.get("provider", "")), str(entry.get("outcome", ""))
    return AttemptView(
        provider,
        str(entry.get("model", "")),
        outcome,
        str(entry.get("why", "")),
        entry.get("confidence"),
        entry.get("latency_ms") if outcome != "skipped" else None,
        said.get(provider, "") if outcome in _SAID else "",
        cost_usd,
        entry.get("trust"),
        entry.get("whole_ms"),
        entry.get("is_estimate") is True,
    )
