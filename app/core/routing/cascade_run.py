"""One frame on its way down the chain: what is still to be asked, what was tried, and what was answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.core.errors import EmptyReplyError
from app.core.frame import Answer, Attempt, Code, Frame, Kind, Picture
from app.core.provider import ON_DEVICE, Question, Reply, Rest, Seat
from app.core.routing.confidence import Claim


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one provider said: its attempt, what it claims, and which vendors said the same."""

    attempt: Attempt
    claim: Claim
    trust: float | None
    vendors: frozenset[str]

    @property
    def rank(self) -> float:
        """What nobody knows anything of ranks below all else."""
        return -1.0 if self.trust is None else self.trust


@dataclass(slots=True, weakref_slot=True)
class CascadeRun:
    """One frame's course. ``deadline`` is on the router's clock. ``seats``: all of its chain."""

    frame: Frame
    picture: Picture
    question: Question
    seats: tuple[Seat, ...]
    deadline: float
    guess: Kind | None = None
    """Of what kind it is, before anybody has told."""
    pending: list[Seat] = field(init=False)
    last: frozenset[str] = field(init=False)
    """Servers at home that stand behind the reader on this computer: for when neither it nor anybody else answered."""
    attempts: list[Attempt] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    unclear: bool = False
    """Whether the last usable reply said that the picture cannot be answered from."""
    reading: Candidate | None = None
    """What the reader on this computer read: kept apart, for when nobody else answers."""
    witness: asyncio.Task[Reply | EmptyReplyError | None] | None = None
    """The reader on this computer, where it reads while another one is asked; None: it failed."""
    read: Claim | None = None
    """What the reader on this computer found, once it has: ``seen`` are the words, ``missing`` tells of unread ones."""
    before: Answer | None = None
    """The last answer to the same question about a like picture, a moment ago."""
    coming: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """By its place in ``attempts``: who reads the rest of a reply that was handed over early, and notes it there."""
    rests: dict[int, Rest] = field(default_factory=dict)
    """By its place in ``attempts``: the rest that is still being read."""

    beside: dict[str, str] = field(default_factory=dict)
    """By name: why a provider was asked while another one was; until its call is noted."""

    def __post_init__(self) -> None:
        self.pending = [seat for seat in self.seats if seat.provider.config.enabled]
        names = [seat.name for seat in self.seats]
        behind = self.seats[names.index(ON_DEVICE) :] if ON_DEVICE in names else ()
        self.last = frozenset(seat.name for seat in behind if seat.provider.capabilities.is_local)

    @property
    def answered(self) -> int:
        """How many gave an answer of their own: the reader on this computer is none of them."""
        return sum(bool(one.answer) and one.provider != ON_DEVICE for one in self.attempts)

    def answer(self, text: str, full_text: str, code: Code, answered_by: str = "") -> Answer:
        return Answer(text, full_text, code, answered_by, attempts=tuple(self.attempts))

    def answer_of(self, candidate: Candidate, code: Code, *, is_doubted: bool = False) -> Answer:
        claim, attempt = candidate.claim, candidate.attempt
        return Answer(
            attempt.answer, claim.full_answer, code, attempt.provider, claim.confidence, claim.kind,
            attempts=tuple(self.attempts), trust=candidate.trust, is_doubted=is_doubted,
        )  # fmt: skip

    async def read_along(self) -> Reply | None:
        """What was read while others were asked; None: nothing was. Raises ``EmptyReplyError``: there is no text."""
        found = None if self.witness is None else await self.witness
        if isinstance(found, EmptyReplyError):
            raise found
        return found

    # --- what comes after the words -----------------------------------------------------------------------------

    async def whole(self, answered_by: str | None = None, limit_s: float | None = None) -> bool:
        """Wait, at most ``limit_s``, until all has come of what ``answered_by`` said, else of every reply; whether it
        has.
        """
        wanted = [task for at, task in self.coming.items() if answered_by in (None, self.attempts[at].provider)]
        return not wanted or not (await asyncio.wait(wanted, timeout=limit_s))[1]

    def listen(self, answered_by: str, hears: Callable[[str], None]) -> None:
        """Tell ``hears`` the long form of what ``answered_by`` said, as the model wrote it, as far as it has come."""
        for at, rest in self.rests.items():
            if self.attempts[at].provider == answered_by:
                rest.listen(hears)

    @property
    def is_whole(self) -> bool:
        return all(task.done() for task in self.coming.values())

    async def break_off(self) -> None:
        """Read no reply further: what has come of each is noted."""
        for task in self.coming.values():
            task.cancel()
        await self.whole()

    def completed(self, answer: Answer, whole_ms: int | None) -> Answer:
        """``answer`` with what has come after its words; all of it, ``whole_ms`` after the frame."""
        long_form = next(
            (
                attempt.full_answer
                for at, attempt in enumerate(self.attempts)
                if at in self.coming and attempt.answer and attempt.provider == answer.answered_by
            ),
            answer.full_text,
        )
        return replace(answer, full_text=long_form, attempts=tuple(self.attempts), whole_ms=whole_ms)
