"""One frame on its way down the chain: what is still to be asked, what was tried, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.core.frame import Answer, Attempt, Code, Frame, Picture
from app.core.provider import Question, Seat
from app.core.routing.confidence import Claim


@dataclass(frozen=True, slots=True)
class Candidate:
    """A usable answer: whose attempt it was and what it claims."""

    attempt: Attempt
    claim: Claim

    @property
    def rank(self) -> float:
        """Unknown confidence ranks below any known one."""
        return -1.0 if self.claim.confidence is None else self.claim.confidence


@dataclass(slots=True)
class CascadeRun:
    """One frame's course. ``deadline`` is on the router's clock."""

    frame: Frame
    picture: Picture
    question: Question
    pending: list[Seat]
    deadline: float
    attempts: list[Attempt] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    unclear: bool = False
    """Whether the last usable reply said that the picture cannot be answered from."""
    reading: Candidate | None = None
    """What the reader on this computer read: kept apart, for when nobody else answers."""

    def answer(self, text: str, full_text: str, code: Code, answered_by: str = "") -> Answer:
        return Answer(text, full_text, code, answered_by, attempts=tuple(self.attempts))

    def answer_of(self, candidate: Candidate, code: Code) -> Answer:
        claim, attempt = candidate.claim, candidate.attempt
        return Answer(
            attempt.answer, claim.full_answer, code, attempt.provider, claim.confidence, claim.kind,
            attempts=tuple(self.attempts),
        )  # fmt: skip
