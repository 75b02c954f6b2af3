"""The cascade: asks a chain in order and stops when one is sure.

Every call is bounded so that a provider that hangs never eats the others' time, every failure is a typed error and
never an answer, and whatever happens the best answer so far is still given.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.core.confidence import Claim, agree, is_sure, read_claim
from app.core.display import shorten
from app.core.errors import (
    BadReplyError,
    CallTimeoutError,
    DeadlinePassed,
    EmptyReplyError,
    ModelGoneError,
    NoAnswer,
    NoProvider,
    NoVisionError,
    ProviderError,
)
from app.core.events import AttemptFinished, Bus
from app.core.frame import Answer, Attempt, Code, Frame, Picture
from app.core.health import Health
from app.core.judge import Verdict, ballot
from app.core.lesson import both, lesson_of
from app.core.provider import ON_DEVICE, Learned, Question, Reply, Seat
from app.core.question import answer_question
from app.core.settings import KIND_ORDER, Settings
from app.core.tasks import spawn

RESERVE_S = 3.0
"""Left for each provider still to be asked."""
JUDGE_NEEDS_S = 1.0
FIRST_JUDGE = "gemini"
DEADLINE_S, LOCAL_DEADLINE_S = 20.0, 75.0
SHORTEST_CALL_S = 0.05

UNCLEAR = "Photo unclear. Hold still"
NOTHING_FOUND = "On this computer: no text or code found."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A usable answer: whose attempt it was and what it claims."""

    attempt: Attempt
    claim: Claim


@dataclass(slots=True)
class Course:
    """One frame on its way down the chain. ``deadline`` is on the router's clock."""

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


class Router:
    """Asks providers for a frame's answer. ``shuffle`` orders the judge's candidates."""

    def __init__(
        self,
        health: Health,
        settings: Settings,
        bus: Bus,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        shuffle: random.Random | None = None,
    ) -> None:
        self._health, self._settings, self._bus = health, settings, bus
        self._monotonic = monotonic
        self._shuffle = shuffle or random.Random()

    def deadline_s(self, seats: tuple[Seat, ...]) -> float:
        """Seconds a frame may take with this chain."""
        if chosen := self._settings.number("cascade.deadline_s"):
            return chosen
        is_local = any(seat.can_be_asked and seat.provider.capabilities.is_local for seat in seats)
        return LOCAL_DEADLINE_S if is_local else DEADLINE_S

    async def route(self, frame: Frame, picture: Picture, seats: tuple[Seat, ...], deadline: float) -> Answer:
        """The answer to ``frame``. Raises ``NoProvider``, ``NoAnswer`` or ``DeadlinePassed`` with what was tried."""
        enabled = [seat for seat in seats if seat.provider.config.enabled]
        usable = [seat for seat in enabled if seat.can_be_asked]
        if not usable:
            raise NoProvider
        course = Course(frame, picture, answer_question(frame, picture), enabled, deadline)
        while course.pending and self._left_s(course) > SHORTEST_CALL_S:
            if answer := await self._step(course):
                return answer
        if course.candidates:
            return await self._settle(course, usable)
        if course.reading is not None:
            return self._answer_of(course, course.reading, "degraded")
        return self._without_candidates(course, usable)

    # --- one step down the chain --------------------------------------------------------------------------------

    async def _step(self, course: Course) -> Answer | None:
        """Ask the next seat; the answer when that ends the cascade."""
        seat = course.pending.pop(0)
        if why := self._why_not(course, seat):
            self._skip(course, seat, why)
            return None
        claim = await self._ask(course, seat)
        return None if claim is None else self._weigh(course, seat, claim)

    def _why_not(self, course: Course, seat: Seat) -> str:
        if seat.name == ON_DEVICE and course.candidates:
            return "others answered"
        return self._health.why_not(seat) if seat.can_be_asked else "no key"

    def _weigh(self, course: Course, seat: Seat, claim: Claim) -> Answer | None:
        """Note ``claim``; the answer when it is sure, or says what another one said."""
        candidate = Candidate(course.attempts[-1], claim)
        if seat.name == ON_DEVICE:
            course.reading = candidate
            return None
        if candidate.attempt.outcome == "sure":
            return self._answer_of(course, candidate, "ok")
        if not claim.image_ok and course.unclear:
            return self._answer(course, UNCLEAR, UNCLEAR, "bad_frame")
        course.unclear = not claim.image_ok
        if not claim.answer:
            return None
        if twin := next((other for other in course.candidates if agree(other.claim.answer, claim.answer)), None):
            return self._answer_of(course, max((twin, candidate), key=_rank), "ok")
        course.candidates.append(candidate)
        if len(course.candidates) == 1:
            first = KIND_ORDER.get(claim.kind, ())
            course.pending.sort(key=lambda waiting: waiting.name not in first)
        return None

    # --- one call -----------------------------------------------------------------------------------------------

    async def _ask(self, course: Course, seat: Seat) -> Claim | None:
        """One call, and at most one more where a refusal says how to put it right."""
        sent = self._health.learned(seat)
        claim, error = await self._attempt(course, seat, sent)
        if error is None:
            return claim
        if (lesson := lesson_of(seat.provider.config, sent, error)) is None or self._left_s(course) <= SHORTEST_CALL_S:
            self._give_up(seat, error)
            return None
        self._learn(seat, lesson)
        claim, error = await self._attempt(course, seat, lesson)
        if error is not None:
            if (next_lesson := lesson_of(seat.provider.config, lesson, error)) is not None:
                self._learn(seat, next_lesson)  # for the next frame: this one has had its second call
            self._give_up(seat, error)
        return claim

    async def _attempt(self, course: Course, seat: Seat, learned: Learned) -> tuple[Claim | None, ProviderError | None]:
        started = self._monotonic()
        model = learned.successor or seat.provider.config.model
        try:
            reply = await self._call(seat, course.question, learned, self._limit_s(course, seat))
            claim = read_claim(reply)
        except ProviderError as error:
            self._note(course, Attempt(seat.name, model, error.word, self._since_ms(started), why=str(error)))
            return None, error
        outcome = "sure" if is_sure(claim, course.frame.profile) and seat.name != ON_DEVICE else "unsure"
        attempt = Attempt(
            provider=seat.name,
            model=reply.model or model,
            outcome=outcome,
            latency_ms=self._since_ms(started),
            confidence=claim.confidence,
            kind=claim.kind,
            answer=shorten(claim.answer, course.frame.profile.answer_chars),
            full_answer=claim.full_answer,
            usage=reply.usage,
        )
        self._note(course, attempt)
        return claim, None

    async def _call(self, seat: Seat, question: Question, learned: Learned, limit_s: float) -> Reply:
        """Ask within ``limit_s``; health hears how it went."""
        ticket = self._health.begin(seat)
        try:
            async with asyncio.timeout(limit_s):
                reply = await seat.provider.ask(question, seat.key, learned)
        except TimeoutError:
            late = CallTimeoutError(f"No reply within {limit_s:.1f} s.")
            self._health.failed(ticket, late)
            raise late from None
        except ProviderError as error:
            if lesson_of(seat.provider.config, learned, error) is None:
                self._health.failed(ticket, error)
            else:
                self._health.abandoned(ticket)
            raise
        except Exception as bug:
            # one vendor's bug must not take the frame from the others; the one handler of bugs still hears of it
            context = {"message": f"provider {seat.name} failed", "exception": bug}
            asyncio.get_running_loop().call_exception_handler(context)
            odd = BadReplyError("Its reply could not be read.")
            self._health.failed(ticket, odd)
            raise odd from bug
        except BaseException:
            self._health.abandoned(ticket)
            raise
        self._health.succeeded(ticket)
        return reply

    def _limit_s(self, course: Course, seat: Seat) -> float:
        """At most the provider's own limit, and 3 s (or an equal share) left for each one still to be asked."""
        local = seat.provider.capabilities.is_local
        own_s = self._settings.number("cascade.local_call_limit_s" if local else "cascade.call_limit_s")
        left_s = self._left_s(course)
        to_come = sum(1 for waiting in course.pending if not self._why_not(course, waiting))
        return min(own_s, max(left_s - RESERVE_S * to_come, left_s / (to_come + 1)))

    # --- what a refusal teaches ---------------------------------------------------------------------------------

    def _learn(self, seat: Seat, lesson: Learned) -> None:
        self._health.learn(seat, both(self._health.learned(seat), lesson))

    def _give_up(self, seat: Seat, error: ProviderError) -> None:
        """No more call in this frame; note what the next ones should know."""
        if isinstance(error, NoVisionError):
            self._health.learn(seat, replace(self._health.learned(seat), blind=True))
        if isinstance(error, ModelGoneError):
            spawn(self._pick_successor(seat), name=f"pick a model for {seat.name}")

    async def _pick_successor(self, seat: Seat) -> None:
        """Choose a model from the provider's own list, in the background; none found: the owner must choose."""
        try:
            async with asyncio.timeout(LOCAL_DEADLINE_S):
                models = await seat.provider.list_models(seat.key)
        except (ProviderError, TimeoutError):
            return
        learned = self._health.learned(seat)
        picked = seat.provider.pick_model(tuple(model for model in models if model != learned.successor))
        if picked and picked != seat.provider.config.model:
            self._health.learn(seat, replace(learned, successor=picked))
            self._health.clear(seat)

    # --- the end of the chain -----------------------------------------------------------------------------------

    def _without_candidates(self, course: Course, usable: list[Seat]) -> Answer:
        """Nobody gave an answer: say what can be said. Raises ``NoAnswer`` or ``DeadlinePassed``."""
        if course.unclear:
            return self._answer(course, UNCLEAR, UNCLEAR, "degraded")
        alone = [seat.name for seat in usable] == [ON_DEVICE]
        if alone and any(attempt.outcome == EmptyReplyError.word for attempt in course.attempts):
            return self._answer(course, NOTHING_FOUND, NOTHING_FOUND, "degraded", answered_by=ON_DEVICE)
        error = DeadlinePassed if self._left_s(course) <= SHORTEST_CALL_S else NoAnswer
        raise error(attempts=tuple(course.attempts))

    async def _settle(self, course: Course, usable: list[Seat]) -> Answer:
        """Nobody was sure: one answer stands alone, several go to the judge."""
        best = max(course.candidates, key=_rank)
        if len(course.candidates) == 1 or not self._settings.flag("cascade.judge"):
            return self._answer_of(course, best, "degraded")
        verdict = await self._judge(course, usable)
        if verdict is None:
            return self._answer_of(course, best, "degraded")
        chosen = course.candidates[verdict.best]
        answer = self._answer_of(course, chosen, "ok")
        if verdict.merged:
            text = shorten(" ".join(verdict.merged.split()), course.frame.profile.answer_chars)
            answer = replace(answer, text=text, full_text=verdict.merged, answered_by="judge")
        return replace(answer, judge_why=verdict.why)

    async def _judge(self, course: Course, usable: list[Seat]) -> Verdict | None:
        """The first judge that may be asked; None when there is none, it fails or time is short."""
        judges = [seat for seat in usable if seat.provider.capabilities.can_judge]
        judges.sort(key=lambda seat: seat.name != FIRST_JUDGE)
        seat = next((judge for judge in judges if not self._health.why_not(judge)), None)
        if seat is None or self._left_s(course) < JUDGE_NEEDS_S:
            return None
        started = self._monotonic()
        claims = [candidate.claim for candidate in course.candidates]
        paper = ballot(course.frame, course.picture, claims, self._shuffle)
        learned = self._health.learned(seat)
        model = learned.successor or seat.provider.config.model
        course.pending.clear()
        try:
            reply = await self._call(seat, paper.question, learned, self._limit_s(course, seat))
            verdict = paper.read(reply)
        except ProviderError as error:
            self._give_up(seat, error)
            self._note(course, Attempt(seat.name, model, error.word, self._since_ms(started), why=f"as judge: {error}"))
            return None
        said = Attempt(seat.name, reply.model or model, "judged", self._since_ms(started), usage=reply.usage)
        self._note(course, replace(said, why=verdict.why))
        return verdict

    # --- bookkeeping --------------------------------------------------------------------------------------------

    def _answer_of(self, course: Course, candidate: Candidate, code: Code) -> Answer:
        claim, provider = candidate.claim, candidate.attempt.provider
        answer = self._answer(course, candidate.attempt.answer, claim.full_answer, code, answered_by=provider)
        return replace(answer, confidence=claim.confidence, kind=claim.kind)

    def _answer(self, course: Course, text: str, full_text: str, code: Code, answered_by: str = "") -> Answer:
        return Answer(text, full_text, code, answered_by, attempts=tuple(course.attempts))

    def _skip(self, course: Course, seat: Seat, why: str) -> None:
        self._note(course, Attempt(seat.name, seat.provider.config.model, "skipped", why=why))

    def _note(self, course: Course, attempt: Attempt) -> None:
        course.attempts.append(attempt)
        self._bus.publish(AttemptFinished(course.frame.frame_id, course.frame.profile.username, attempt))

    def _left_s(self, course: Course) -> float:
        return course.deadline - self._monotonic()

    def _since_ms(self, started: float) -> int:
        return round((self._monotonic() - started) * 1000)


def _rank(candidate: Candidate) -> float:
    """Unknown confidence ranks below any known one."""
    return -1.0 if candidate.claim.confidence is None else candidate.claim.confidence
