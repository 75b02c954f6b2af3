"""The cascade: asks a chain in order and stops when one is sure.

Every call is bounded so that a provider that hangs never eats the others' time, every failure is a typed error and
never an answer, and whatever happens the best answer so far is still given.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.core.errors import DeadlinePassed, EmptyReplyError, KeysLocked, NoAnswer, NoProvider
from app.core.frame import Answer, Attempt, Frame, Kind, Picture
from app.core.provider import ON_DEVICE, Seat, are_keys_locked
from app.core.routing.calibration import JUDGE
from app.core.routing.cascade_run import Candidate, CascadeRun
from app.core.routing.confidence import agree, joint_trust, reaches_cut, what_is_certain
from app.core.routing.hedging import HANGS_AFTER, first_of
from app.core.routing.judge import Verdict, ballot
from app.core.routing.kind_guess import Past, guess_kind, past_of
from app.core.routing.labels import Signs
from app.core.routing.learned_order import Habits
from app.core.routing.provider_calls import SHORTEST_CALL_S, ProviderCalls
from app.core.routing.question import answer_question
from app.core.setting import names_in
from app.core.settings import Settings
from app.core.text.plain_text import fitted

JUDGE_NEEDS_S = 1.0
FIRST_JUDGE = "gemini"
FAST, LEARNED = "fast", "learned"
"""Values of ``routing.mode``: two are asked at once; the order is the learned one."""
GAINS_TOO_LITTLE = "would gain less than it costs"
DEADLINE_S, LOCAL_DEADLINE_S = 20.0, 75.0

HALF_TRUST = 0.5
"""Under it an answer is likelier wrong than right: what was seen is said instead."""

UNCLEAR = "Photo unclear. Hold still"


class Router:
    """Asks providers for a frame's answer. ``habits``: what is known of them by now; ``shuffle`` orders the judge's
    candidates."""

    def __init__(
        self,
        calls: ProviderCalls,
        settings: Settings,
        *,
        habits: Callable[[], Habits] = Habits,
        shuffle: random.Random | None = None,
    ) -> None:
        self._calls, self._settings, self._habits = calls, settings, habits
        self._shuffle = shuffle or random.Random()
        self._past: dict[int, Past] = {}

    def deadline_s(self, seats: tuple[Seat, ...]) -> float:
        """Seconds a frame may take with this chain."""
        if chosen := self._settings.number("cascade.deadline_s"):
            return chosen
        is_local = any(seat.can_be_asked and seat.provider.capabilities.is_local for seat in seats)
        return LOCAL_DEADLINE_S if is_local else DEADLINE_S

    def begin(self, frame: Frame, picture: Picture, seats: tuple[Seat, ...], deadline: float) -> CascadeRun:
        """The course of ``frame``: who asks for it to be run hears by it what was tried, also if it is broken off."""
        past = None if frame.door else self._past.get(frame.profile.profile_id)
        guess = guess_kind(frame, deadline, past)
        return CascadeRun(frame, picture, answer_question(frame, picture), seats, deadline, guess)

    async def run(self, cascade: CascadeRun) -> Answer:
        """The answer to its frame. Raises ``NoProvider``, ``NoAnswer`` or ``DeadlinePassed`` with what was tried."""
        if cascade.guess is not None or self._mode == LEARNED:
            self._put_first(cascade, cascade.guess or "scene")
        answer = await self._answer(cascade)
        if not cascade.frame.door:
            self._past[cascade.frame.profile.profile_id] = past_of(cascade, answer)
        return answer

    async def _answer(self, cascade: CascadeRun) -> Answer:
        usable = [seat for seat in cascade.pending if seat.can_be_asked]
        if not usable:
            raise KeysLocked if are_keys_locked(cascade.seats) else NoProvider
        while cascade.pending and self._calls.left_s(cascade) > SHORTEST_CALL_S and self._may_ask(cascade, 1):
            if answer := await self._step(cascade):
                return answer
        if cascade.candidates:
            return await self._settle(cascade, usable)
        if cascade.reading is not None:
            return cascade.answer_of(cascade.reading, "degraded")
        return self._without_candidates(cascade)

    # --- one step down the chain --------------------------------------------------------------------------------

    async def _step(self, cascade: CascadeRun) -> Answer | None:
        """Ask the next seat, and where it is slow another one beside it; the answer when that ends the cascade."""
        seat = cascade.pending.pop(0)
        if why := self._calls.why_not(cascade, seat) or self._why_enough(cascade, seat):
            self._calls.skip(cascade, seat, why)
            return None
        after_s = self._beside_after_s(cascade, seat)
        if after_s is None:
            return await self._ask(cascade, seat)
        one, other = partial(self._ask, cascade, seat), partial(self._ask_beside, cascade, seat.name)
        answer = await first_of(one, other, after_s, partial(self._give_up_s, cascade, seat, cascade.answered))
        if answer and len(answer.attempts) < len(cascade.attempts):  # the one who lost is noted behind
            answer = replace(answer, attempts=tuple(cascade.attempts))
        return answer

    async def _ask(self, cascade: CascadeRun, seat: Seat) -> Answer | None:
        said = await self._calls.ask(cascade, seat)
        return None if said is None else self._weigh(cascade, said)

    def _may_ask(self, cascade: CascadeRun, count: int) -> bool:
        """Whether so many more may answer: who failed is not counted, nor who had nothing to say."""
        return cascade.answered + count <= self._settings.integer("cascade.most_calls")

    def _why_enough(self, cascade: CascadeRun, seat: Seat) -> str:
        """Why what was answered is enough without ``seat``; empty while it is not."""
        if not cascade.candidates:
            return ""
        best = max(cascade.candidates, key=lambda candidate: candidate.rank)
        return "" if self._habits().is_worth_asking(seat.name, best.claim.kind, best.trust) else GAINS_TOO_LITTLE

    def _beside_after_s(self, cascade: CascadeRun, seat: Seat) -> float | None:
        """When another one is asked beside ``seat``; None: not at all, or its pace is not known yet."""
        if not cascade.pending or seat.name == ON_DEVICE or not self._may_ask(cascade, 2):
            return None
        if self._is_fast:
            return 0.0
        return self._calls.pace.hedge_after_s(seat.name, self._settings.integer("cascade.hedge"))

    def _give_up_s(self, cascade: CascadeRun, seat: Seat, answered: int) -> float | None:
        """How long ``seat`` may be silent where another one has answered since; None: as long as it likes."""
        slow_s = self._calls.pace.slow_after_s(seat.name)
        if self._is_fast or slow_s is None or cascade.answered == answered:
            return None
        return HANGS_AFTER * slow_s

    async def _ask_beside(self, cascade: CascadeRun, slow: str) -> Answer | None:
        """Ask another one while ``slow`` is silent, and the next where that fails."""
        before = cascade.answered
        while cascade.answered == before and (seat := self._second(cascade)) is not None:
            cascade.pending.remove(seat)
            cascade.beside[seat.name] = f"started beside {slow}" + ("" if self._is_fast else ", which was slow")
            if answer := await self._ask(cascade, seat):
                return answer
        return None

    def _second(self, cascade: CascadeRun) -> Seat | None:
        """Who may be asked while another one is; nobody when the budget or the time is used up."""
        if not (self._is_fast or self._calls.pace.may_hedge(self._settings.integer("cascade.hedge"))):
            return None
        if self._calls.left_s(cascade) <= SHORTEST_CALL_S:
            return None
        others = (seat for seat in cascade.pending if seat.name not in (ON_DEVICE, *cascade.last))
        return next((seat for seat in others if not self._calls.why_not(cascade, seat)), None)

    @property
    def _is_fast(self) -> bool:
        return self._mode == FAST

    @property
    def _mode(self) -> str:
        return self._settings.text("routing.mode")

    def _weigh(self, cascade: CascadeRun, candidate: Candidate) -> Answer | None:
        """Note ``candidate``; the answer when it is sure, or says what another one said."""
        claim = candidate.claim
        if candidate.attempt.provider == ON_DEVICE:
            cascade.reading, cascade.read = candidate, claim
            return None
        if candidate.attempt.outcome == "sure":
            return cascade.answer_of(candidate, "ok")
        if not claim.image_ok and cascade.unclear:
            return cascade.answer(UNCLEAR, UNCLEAR, "bad_frame")
        cascade.unclear = not claim.image_ok
        if not claim.answer:
            return None
        if twin := next((other for other in cascade.candidates if agree(other.claim.answer, claim.answer)), None):
            both = cascade.candidates[cascade.candidates.index(twin)] = _together(twin, candidate)
            sure = both.trust != candidate.trust and reaches_cut(both.trust, both.claim.kind, cascade.frame.profile)
            return cascade.answer_of(both, "ok") if sure else None
        cascade.candidates.append(candidate)
        if len(cascade.candidates) == 1:
            self._put_first(cascade, claim.kind)
        return None

    def _put_first(self, cascade: CascadeRun, kind: Kind) -> None:
        """Who is asked next about what is taken for ``kind``: a guess, or what the first answer has told."""
        first = names_in(self._settings.text(f"order.{kind}"))
        pending = [seat for seat in cascade.seats if seat in cascade.pending]
        if first:
            pending.sort(key=lambda seat: first.index(seat.name) if seat.name in first else len(first))
        if self._mode == LEARNED:
            learned = self._habits().order([seat.name for seat in pending], kind)
            pending.sort(key=lambda seat: (seat.name in cascade.last, learned.index(seat.name)))
        cascade.pending = pending

    # --- the end of the chain -----------------------------------------------------------------------------------

    def _without_candidates(self, cascade: CascadeRun) -> Answer:
        """Nobody gave an answer: say what can be said. Raises ``NoAnswer``, ``KeysLocked`` or ``DeadlinePassed``."""
        if cascade.unclear:
            return cascade.answer(UNCLEAR, UNCLEAR, "degraded")
        alone = [seat.name for seat in cascade.seats if seat.can_be_asked] == [ON_DEVICE]
        said = next((one.why for one in cascade.attempts if one.outcome == EmptyReplyError.word), "") if alone else ""
        if said:
            if are_keys_locked(cascade.seats):
                raise KeysLocked(attempts=tuple(cascade.attempts))
            return cascade.answer(said, said, "degraded", answered_by=ON_DEVICE)
        error = DeadlinePassed if self._calls.left_s(cascade) <= SHORTEST_CALL_S else NoAnswer
        raise error(attempts=tuple(cascade.attempts))

    async def _settle(self, cascade: CascadeRun, usable: list[Seat]) -> Answer:
        """Nobody was sure: one answer stands alone, several go to the judge."""
        best = max(cascade.candidates, key=lambda candidate: candidate.rank)
        if len(cascade.candidates) == 1 or not self._settings.flag("cascade.judge"):
            return _doubted(cascade, best)
        judged = await self._judge(cascade, usable)
        if judged is None:
            return _doubted(cascade, best)
        verdict, judge = judged
        chosen = cascade.candidates[verdict.best]
        trust = self._calls.trust_of(JUDGE, judge.model, None, Signs(chosen.claim.kind))
        is_sure = reaches_cut(trust, chosen.claim.kind, cascade.frame.profile)
        answer = cascade.answer_of(
            replace(chosen, trust=trust), "ok" if is_sure else "degraded", is_doubted=not is_sure
        )  # fmt: skip
        if verdict.merged and cascade.frame.schema is None:  # what is merged is prose
            text = fitted(" ".join(verdict.merged.split()), cascade.frame.profile.answer_chars)
            answer = replace(answer, text=text, full_text=verdict.merged, answered_by=JUDGE)
        return replace(answer, judge_why=verdict.why)

    async def _judge(self, cascade: CascadeRun, usable: list[Seat]) -> tuple[Verdict, Attempt] | None:
        """The first judge that may be asked; None when there is none, it fails or time is short."""
        judges = [seat for seat in usable if seat.provider.capabilities.can_judge]
        judges.sort(key=lambda seat: seat.name != FIRST_JUDGE)
        seat = next((judge for judge in judges if not self._calls.why_not(cascade, judge)), None)
        if seat is None or self._calls.left_s(cascade) < JUDGE_NEEDS_S:
            return None
        claims = [candidate.claim for candidate in cascade.candidates]
        paper = ballot(cascade.frame, cascade.picture, claims, self._shuffle)
        cascade.pending.clear()
        return await self._calls.judge(cascade, seat, paper)


def _together(one: Candidate, other: Candidate) -> Candidate:
    """Two that say the same: the likelier one, and likelier still where they are of different vendors."""
    best = max((one, other), key=lambda candidate: candidate.rank)
    if one.trust is None or other.trust is None or other.vendors <= one.vendors:
        return best
    joint = joint_trust(one.trust, other.trust)
    return replace(best, trust=max(joint, best.rank), vendors=one.vendors | other.vendors)


def _doubted(cascade: CascadeRun, best: Candidate) -> Answer:
    """Nobody is sure of the ``best`` answer and no judge decided: say so, or what is certain of it."""
    certain = what_is_certain(best.claim) if best.trust is not None and best.trust < HALF_TRUST else ""
    answer = cascade.answer_of(best, "degraded", is_doubted=not certain)
    if certain:
        answer = replace(answer, text=fitted(certain, cascade.frame.profile.answer_chars))
    return answer
