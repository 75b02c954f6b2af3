"""Calls to providers: who may be asked now, for how long and at what cost, and what came of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from app.core.cost.bills import Bills
from app.core.cost.budget import Spending
from app.core.cost.pricing import PriceOf, nobody_knows
from app.core.errors import BadReplyError, CallTimeoutError, ProviderError
from app.core.events import AttemptFinished, Bus
from app.core.frame import Attempt, Usage
from app.core.provider import ON_DEVICE, Learned, Meter, Question, Reply, Rest, Seat
from app.core.routing.calibration import Calibration
from app.core.routing.cascade_run import Candidate, CascadeRun
from app.core.routing.confidence import is_sure, read_claim
from app.core.routing.evidence import signs_of
from app.core.routing.health import Health
from app.core.routing.hedging import Pace
from app.core.routing.judge import Ballot, Verdict
from app.core.routing.labels import Signs
from app.core.routing.refusals import Refusals
from app.core.routing.request_fix import model_of
from app.core.settings import Settings
from app.core.tasks import spawn
from app.core.text.plain_text import fitted

RESERVE_S = 3.0
"""Left for each provider still to be asked."""
SHORTEST_CALL_S = 0.05
CUT_SHORT = "its long form did not come whole"
"""Said of a reply whose words came first and stand, and whose rest was lost."""


TrustOf = Callable[[str, str, float | None, Signs], float | None]
"""From a provider, its model, a claim's confidence and what else is known of it to the chance that it is right."""


class ProviderCalls:
    """Makes a frame's calls and notes each of them in its course.

    ``spending`` and ``price_of`` keep it within the daily caps: without them no call has a price. ``trust_of``: without
    it trust is what a provider says of itself.
    """

    def __init__(
        self,
        health: Health,
        settings: Settings,
        bus: Bus,
        *,
        spending: Spending | None = None,
        price_of: PriceOf = nobody_knows,
        trust_of: TrustOf | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._health, self._settings, self._bus = health, settings, bus
        self._bills, self._refusals = Bills(spending or Spending(bus), price_of), Refusals(health, price_of)
        self.trust_of, self._monotonic = trust_of or Calibration().trust, monotonic
        self.pace = Pace()

    # --- who may be asked ---------------------------------------------------------------------------------------

    def why_not(self, cascade: CascadeRun, seat: Seat) -> str:
        """Why ``seat`` is not asked for this frame; empty when it may be."""
        is_last = seat.name in cascade.last
        if cascade.candidates and (is_last or seat.name == ON_DEVICE):
            return "others answered"
        if is_last and cascade.reading is not None:
            return "this computer had an answer"
        if not seat.can_be_asked:
            return "keyring locked" if seat.is_key_locked else "no key"
        asked = model_of(seat.provider.config, self._health.learned(seat))
        return self._health.why_not(seat) or self._bills.why_not(cascade.frame.profile, seat, asked)

    def limit_s(self, cascade: CascadeRun, seat: Seat) -> float:
        """At most the provider's own limit, and 3 s (or an equal share) left for each one still to be asked."""
        left_s = self.left_s(cascade)
        to_come = sum(1 for waiting in cascade.pending if not self.why_not(cascade, waiting))
        return min(self._own_limit_s(seat), max(left_s - RESERVE_S * to_come, left_s / (to_come + 1)))

    def _own_limit_s(self, seat: Seat) -> float:
        local = seat.provider.capabilities.is_local
        return self._settings.number("cascade.local_call_limit_s" if local else "cascade.call_limit_s")

    def left_s(self, cascade: CascadeRun) -> float:
        return cascade.deadline - self._monotonic()

    # --- one provider's turn ------------------------------------------------------------------------------------

    async def ask(self, cascade: CascadeRun, seat: Seat) -> Candidate | None:
        """What ``seat`` says; None when it failed. One call, and at most one more where a refusal says how to put it
        right.
        """
        sent = self._health.learned(seat)
        self.pace.begun(is_second=seat.name in cascade.beside)
        said, error = await self._attempt(cascade, seat, sent)
        if error is None:
            return said
        lesson = self._refusals.fix(seat, sent, error)
        if lesson is None or self.left_s(cascade) <= SHORTEST_CALL_S or self._health.why_not(seat):
            self._refusals.give_up(seat, sent, error)
            return None
        self._refusals.learn(seat, sent, lesson, error)
        said, error = await self._attempt(cascade, seat, lesson)
        if error is not None:
            if (next_lesson := self._refusals.fix(seat, lesson, error)) is not None:
                # for the next frame: this one has had its second call
                self._refusals.learn(seat, lesson, next_lesson, error)
            else:
                self._refusals.give_up(seat, lesson, error)
        return said

    async def _attempt(
        self, cascade: CascadeRun, seat: Seat, learned: Learned
    ) -> tuple[Candidate | None, ProviderError | None]:
        started, reply, meter = self._monotonic(), Reply(""), Meter()
        try:
            reply = await self._call(cascade, seat, cascade.question, learned, meter)
            claim = read_claim(reply, in_form=cascade.frame.schema is not None)
        except ProviderError as error:
            usage = error.usage or reply.usage
            if reply.rest is not None:
                reply.rest.close()
                usage = self._estimate(seat, learned, cascade.question, meter)
            self._note_call(cascade, seat, learned, Attempt(
                seat.name, reply.model, error.word, self._since_ms(started), why=str(error), usage=usage,
            ))  # fmt: skip
            return None, error
        model = reply.model or model_of(seat.provider.config, learned)
        is_claim = seat.name != ON_DEVICE  # what is read here promises nothing, and bears itself out
        signs = signs_of(claim, cascade) if is_claim else Signs(claim.kind)
        trust = self.trust_of(seat.name, model, claim.confidence, signs) if is_claim else None
        attempt = Attempt(
            provider=seat.name,
            model=model,
            outcome="sure" if is_claim and is_sure(claim, trust, cascade.frame.profile) else "unsure",
            latency_ms=self._since_ms(started),
            confidence=claim.confidence,
            kind=claim.kind,
            answer=fitted(claim.answer, cascade.frame.profile.answer_chars),
            full_answer=claim.full_answer,
            usage=reply.usage,
            trust=trust,
            signs=signs.to_json(),
        )
        if reply.rest is None:
            noted = self._note_call(cascade, seat, learned, attempt)
        else:
            noted, at = self._note(cascade, attempt), len(cascade.attempts) - 1  # charged once it is read to its end
            reading = self._read_on(cascade, at, seat, learned, reply.rest, meter, started)
            cascade.rests[at] = reply.rest
            cascade.coming[at] = spawn(reading, name=f"read on what {seat.name} says")
        return Candidate(noted, claim, trust, frozenset({seat.vendor})), None

    async def _read_on(
        self, cascade: CascadeRun, at: int, seat: Seat, learned: Learned, rest: Rest, meter: Meter, started: float
    ) -> None:
        """Add what comes after the words to the attempt at ``at``. Whatever becomes of it, the words stand."""
        said, asked = cascade.attempts[at], model_of(seat.provider.config, learned)
        attempt = replace(said, why=_because(said.why, CUT_SHORT))
        estimate = self._estimate(seat, learned, cascade.question, meter)
        held_usd = self._bills.hold(cascade.frame.profile, seat, asked, said, estimate)
        try:
            async with asyncio.timeout(max(SHORTEST_CALL_S, started + self._own_limit_s(seat) - self._monotonic())):
                reply = await rest.whole()
            attempt = replace(attempt, usage=reply.usage)
            if reply.form == "whole" and reply.fields:
                claim = read_claim(reply, in_form=cascade.frame.schema is not None)
                attempt = replace(attempt, why=said.why, full_answer=claim.full_answer or attempt.full_answer)
        except ProviderError as error:
            attempt = replace(attempt, usage=error.usage or attempt.usage)
        except TimeoutError:
            pass
        finally:
            rest.close()
            cascade.rests.pop(at, None)
            if not (attempt.usage.input_tokens or attempt.usage.output_tokens):
                attempt = replace(attempt, usage=self._estimate(seat, learned, cascade.question, meter))
            attempt = replace(attempt, whole_ms=self._since_ms(started))
            cascade.attempts[at] = self._bills.charged(cascade.frame.profile, seat, asked, attempt, held_usd)

    async def judge(self, cascade: CascadeRun, seat: Seat, paper: Ballot) -> tuple[Verdict, Attempt] | None:
        """The judge's one call and what came of it; None when it failed."""
        started, learned, reply = self._monotonic(), self._health.learned(seat), Reply("")
        try:
            reply = await self._call(cascade, seat, paper.question, learned, Meter())
            verdict = paper.read(reply)
        except ProviderError as error:
            self._refusals.give_up(seat, learned, error)
            self._note_call(cascade, seat, learned, Attempt(
                seat.name, reply.model, error.word, self._since_ms(started), why=f"as judge: {error}",
                usage=error.usage or reply.usage,
            ))  # fmt: skip
            return None
        said = Attempt(seat.name, reply.model, "judged", self._since_ms(started), why=verdict.why, usage=reply.usage)
        return verdict, self._note_call(cascade, seat, learned, said)

    async def _call(self, cascade: CascadeRun, seat: Seat, question: Question, learned: Learned, meter: Meter) -> Reply:
        """Ask within the limit; health hears how it went."""
        started, limit_s = self._monotonic(), self.limit_s(cascade, seat)
        ticket = self._health.begin(seat)
        try:
            async with asyncio.timeout(limit_s):
                read = await cascade.read_along() if seat.name == ON_DEVICE else None
                reply = read or await seat.provider.ask(question, seat.key, learned, meter)
        except TimeoutError:
            late = CallTimeoutError("No reply within {limit_s} s.", limit_s=f"{limit_s:.1f}")
            if meter.output_chars:
                late.usage = self._estimate(seat, learned, question, meter)
            self._health.failed(ticket, late)
            raise late from None
        except ProviderError as error:
            if self._refusals.fix(seat, learned, error) is None:
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
        except asyncio.CancelledError:
            self._health.abandoned(ticket)
            usage = self._estimate(seat, learned, question, meter)
            broken_off = Attempt(seat.name, "", "cancelled", self._since_ms(started), usage=usage)
            self._note_call(cascade, seat, learned, broken_off)
            raise
        except BaseException:
            self._health.abandoned(ticket)
            raise
        self._health.succeeded(ticket)
        self._refusals.accepted(seat, learned)
        return reply

    # --- what is noted ------------------------------------------------------------------------------------------

    def skip(self, cascade: CascadeRun, seat: Seat, why: str) -> None:
        """Note that ``seat`` was not asked."""
        self._note(cascade, Attempt(seat.name, seat.provider.config.model, "skipped", why=why, cost_usd=0.0))

    def _note_call(self, cascade: CascadeRun, seat: Seat, learned: Learned, attempt: Attempt) -> Attempt:
        asked = model_of(seat.provider.config, learned)
        return self._note(cascade, self._bills.charged(cascade.frame.profile, seat, asked, attempt))

    def _estimate(self, seat: Seat, learned: Learned, question: Question, meter: Meter) -> Usage:
        if seat.name == ON_DEVICE:
            return Usage()
        return self._bills.estimate(seat, model_of(seat.provider.config, learned), question, meter)

    def _note(self, cascade: CascadeRun, attempt: Attempt) -> Attempt:
        self.pace.ended(attempt)
        if why := cascade.beside.pop(attempt.provider, ""):
            attempt = replace(attempt, why=_because(why, attempt.why))
        cascade.attempts.append(attempt)
        self._bus.publish(AttemptFinished(cascade.frame.frame_id, cascade.frame.profile.username, attempt))
        return attempt

    def _since_ms(self, started: float) -> int:
        return round((self._monotonic() - started) * 1000)


def _because(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))
