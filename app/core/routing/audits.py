"""Who was right, by what others say: shadow audits of sure answers.

Of a provider's sure frames a share is also put to the next one, once its answer is out: counted, not drawn, one at a
time, within caps and pacing, and paid for as any call. Counted from the start of the program: one that is started anew
before a provider's fiftieth sure frame makes no audit of it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from app.core.frame import Answer, Attempt
from app.core.ports import LabelMemory
from app.core.provider import ON_DEVICE, Seat
from app.core.routing.cascade_run import CascadeRun
from app.core.routing.evidence import says_the_same
from app.core.routing.labels import WEIGHTS, Label, Signs
from app.core.routing.provider_calls import ProviderCalls
from app.core.routing.question import answer_question
from app.core.routing.trace import AUDITED, USABLE_OUTCOMES
from app.core.settings import Settings

AGREES, DIFFERS, OTHER_WORDS = "agrees", "differs", "in other words"
AUDIT_S = 75.0
"""Nobody waits for it: its provider's own limit is what bounds it."""


class Audits:
    """Makes labels of what a second provider says of a frame."""

    def __init__(
        self,
        calls: ProviderCalls,
        settings: Settings,
        memory: LabelMemory,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._calls, self._settings, self._memory = calls, settings, memory
        self._monotonic, self._wall = monotonic, wall
        self._sure = Counter[str]()
        self._owed: set[str] = set()
        self._is_running = False

    def due(self, cascade: CascadeRun, answer: Answer) -> Seat | None:
        """Count a sure answer; whom to ask about its frame too, None when it is not its turn."""
        name = answer.answered_by
        if not any(one.outcome == "sure" and one.provider == name for one in answer.attempts):
            return None
        share = self._settings.number("audit.share") / 100
        self._sure[name] += 1
        if int(self._sure[name] * share) > int((self._sure[name] - 1) * share):
            self._owed.add(name)
        if not share or name not in self._owed or self._is_running:
            return None
        seat = self._auditor(cascade, name)
        if seat is not None:
            self._owed.discard(name)
            self._is_running = True
        return seat

    async def ask(self, cascade: CascadeRun, answer: Answer, seat: Seat) -> None:
        """Ask ``seat``, which was due, about the frame too; its calls are added to the frame's."""
        frame = replace(cascade.frame, schema=None, profile=replace(cascade.frame.profile, full_answer=False))
        question = replace(answer_question(frame, cascade.picture), deciding=())
        audit = CascadeRun(frame, cascade.picture, question, (seat,), self._monotonic() + AUDIT_S)
        audit.pending.clear()
        audited = next(one for one in answer.attempts if one.outcome == "sure" and one.provider == answer.answered_by)
        found = ""
        try:
            said = await self._calls.ask(audit, seat)
            if said is not None and said.claim.image_ok and said.claim.answer:
                same = says_the_same(audited.answer, said.attempt.answer, audited.kind)
                found = OTHER_WORDS if same is None else AGREES if same else DIFFERS
                if same is not None:
                    self._label(cascade, audited, float(same))
        finally:
            self._is_running = False
            cascade.attempts += [_as_audit(one, found) for one in audit.attempts]

    def _auditor(self, cascade: CascadeRun, audited: str) -> Seat | None:
        """The next of the chain that is of another vendor, was not asked yet and may be."""
        vendor = next(seat.vendor for seat in cascade.seats if seat.name == audited)
        asked = {one.provider for one in cascade.attempts if one.is_call}
        return next(
            (
                seat
                for seat in (*cascade.pending, *cascade.seats)
                if seat.vendor != vendor and seat.name not in (ON_DEVICE, *asked)
                if not self._calls.why_not(cascade, seat) and seat.provider.config.enabled
            ),
            None,
        )

    def _label(self, cascade: CascadeRun, one: Attempt, is_right: float) -> None:
        self._memory.save_label(Label(
            cascade.frame.frame_id, one.provider, one.model, one.confidence, Signs.from_json(one.signs), "audit",
            is_right, WEIGHTS["audit"], self._wall(),
        ))  # fmt: skip


def _as_audit(attempt: Attempt, found: str) -> Attempt:
    if attempt.outcome == "cancelled":
        return attempt
    failed = "" if attempt.outcome in USABLE_OUTCOMES else f"{attempt.outcome}: {attempt.why}"
    return replace(attempt, outcome=AUDITED, why=failed or found)
