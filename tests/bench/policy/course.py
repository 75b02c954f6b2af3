"""Frames down the real cascade, one after the other, on virtual time: what was answered, how late, for how much."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.core.errors import FrameError
from app.core.frame import Answer, Frame, Picture
from app.core.provider import Seat
from tests.bench.policy.players import Bill, Player, model_of, price_of
from tests.bench.policy.tables import Plan, Table
from tests.core.actors import Clock, House, VirtualLoop, picture, profile

PAUSE_S = 1.0
"""From an answer to the next frame."""


@dataclass(frozen=True, slots=True)
class Course:
    """One frame's. ``answer`` None: it got none. ``words_s``, ``end_s``: until the answer, until its long form."""

    plan: Plan
    answer: Answer | None
    is_right: bool
    words_s: float
    end_s: float
    bills: Sequence[Bill]

    @property
    def is_unmarked(self) -> bool:
        """Shown as sure."""
        return self.answer is not None and self.answer.code == "ok"

    @property
    def trust(self) -> float | None:
        return None if self.answer is None else self.answer.confidence


def run(table: Table, *, seed: int, frames: int) -> list[Course]:
    """``frames`` frames of ``table`` as ``seed`` draws them, in their order."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_run(table, table.plans(seed, frames)))


async def _run(table: Table, plans: Sequence[Plan]) -> list[Course]:
    household = _Household(table, plans)
    ends = []
    for name, plan in household.plans.items():
        ends.append((name, plan, *await household.process(name, plan)))
        await asyncio.sleep(PAUSE_S)
    bills = defaultdict[str, list[Bill]](list)
    for bill in household.bills:
        bills[bill.frame].append(bill)
    return [_course(plan, answer, began, words_s, bills[name]) for name, plan, answer, began, words_s in ends]


def _course(plan: Plan, answer: Answer | None, began: float, words_s: float, bills: Sequence[Bill]) -> Course:
    is_right = answer is not None and plan.is_right(answer.full_text)
    by = answer.answered_by if answer else ""
    end_s = max([words_s, *(bill.ended_s - began for bill in bills if bill.vendor.name == by)])
    return Course(plan, answer, is_right, words_s, end_s, bills)


class _Household:
    """One profile with the table's vendors, and no gate: every frame is put to them."""

    def __init__(self, table: Table, plans: Sequence[Plan]) -> None:
        self.plans = {str(place): plan for place, plan in enumerate(plans)}
        self.bills = list[Bill]()
        self._house, self._profile = House(Clock()), profile()
        self._house.set(gate_hints=0, gate_reuse_s=0.0)
        self._house.prices |= {model_of(vendor): price_of(vendor) for vendor in table.vendors}
        self._house.chain = tuple(Seat(Player(vendor, self.plans, self.bills), "key") for vendor in table.vendors)

    async def process(self, name: str, plan: Plan) -> tuple[Answer | None, float, float]:
        """The answer, when it was asked for (on the loop), and the seconds until it came."""
        loop, house = asyncio.get_running_loop(), self._house
        began, answer = loop.time(), None
        house.photo = _picture(name, plan)
        with suppress(FrameError):  # no answer is one that is not right
            answer = await house.pipeline.process(Frame(name, self._profile, plan.prompt, b""))
        words_s = loop.time() - began
        house.heard.clear()
        house.journal.rows.clear()
        return answer, began, words_s


_PICTURE = picture()


def _picture(name: str, plan: Plan) -> Picture:
    """Named after its frame, and like no other: nothing may be taken for a picture of a moment ago."""
    grid = random.Random(plan.number).randbytes(len(_PICTURE.measures.grid))
    return replace(_PICTURE, jpeg_base64=name, measures=replace(_PICTURE.measures, grid=grid))
