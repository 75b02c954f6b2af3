"""Frames down the real cascade, one after the other, on virtual time: what was answered, how late, for how much."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from app.core.errors import FrameError
from app.core.frame import Answer, Frame, Picture
from app.core.provider import Provider, Seat
from app.core.routing.calibration import JUDGE, calibrate
from app.core.routing.confidence import agree, reaches_cut
from app.core.routing.labels import WEIGHTS, Label, Signs
from app.core.routing.learned_order import habits_of
from app.core.routing.replay import PastCall, PastFrame
from app.core.routing.trace import USABLE_OUTCOMES
from tests.bench.policy.players import UNIT_USD, Bill, PlayedReader, Player, model_of, price_of
from tests.bench.policy.tables import Plan, Table
from tests.core.actors import Clock, House, VirtualLoop, picture, profile

PAUSE_S = 1.0
"""From an answer to the next frame."""
LEARN_AFTER, LEARN_EVERY, HABITS_EVERY = 10, 50, 100
"""Frames, among those with a thumb and then: to learn anew costs tens of milliseconds, a frame here half of one."""
SEED_OF_THE_LABELLED = 1_000_003
"""Added to a seed: the frames before those that count are others."""


@dataclass(frozen=True, slots=True)
class Course:
    """One frame's. ``answer`` None: it got none. ``words_s``, ``end_s``: until the answer, until its long form.
    ``bills``: of its calls, ``audits`` those that were made once its answer was out."""

    plan: Plan
    answer: Answer | None
    is_right: bool
    words_s: float
    end_s: float
    bills: Sequence[Bill]
    audits: Sequence[Bill] = ()

    @property
    def is_unmarked(self) -> bool:
        """Shown as sure."""
        return self.answer is not None and self.answer.code == "ok"

    @property
    def trust(self) -> float | None:
        """The chance that it is right, as the cascade has it."""
        if self.answer is None:
            return None
        return self.answer.confidence if self.answer.trust is None else self.answer.trust


@dataclass(frozen=True, slots=True)
class Setting:
    """``labels``: so many frames are answered and get a thumb before those that count. ``evidence``: the reader on
    this computer stands at the end of the chain. ``thumb_every``: of the frames that count each so-manieth gets a thumb
    too; 0 = none. ``risk_scene``: what the owner set. ``audits``: whether some sure answers are put to another one."""

    labels: int = 0
    evidence: bool = False
    thumb_every: int = 0
    risk_scene: float = 0.20
    audits: bool = True


PLAIN = Setting()


def run(table: Table, *, seed: int, frames: int, setting: Setting = PLAIN) -> list[Course]:
    """``frames`` frames of ``table`` as ``seed`` draws them, in their order: the same whatever the ``setting``."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_run(table, seed, frames, setting))


async def _run(table: Table, seed: int, frames: int, setting: Setting) -> list[Course]:
    before = table.plans(seed + SEED_OF_THE_LABELLED, setting.labels)
    household = _Household(table, [*before, *table.plans(seed, frames)], setting)
    ends = []
    for place, (name, plan) in enumerate(household.plans.items()):
        answer, began, words_s = await household.process(name, plan)
        ends.append((name, plan, answer, began, words_s))
        is_counted = place >= setting.labels
        if answer and (not is_counted or (setting.thumb_every and place % setting.thumb_every == 0)):
            household.thumb(name, answer, is_right=plan.is_right(answer.full_text))
        await asyncio.sleep(PAUSE_S)
        if (place + 1) % (LEARN_EVERY if is_counted else LEARN_AFTER) == 0:
            household.learn()
        if (place + 1) % HABITS_EVERY == 0:
            household.learn_habits()
    bills = defaultdict[str, list[Bill]](list)
    for bill in household.bills:
        bills[bill.frame].append(bill)
    counted = ends[setting.labels :]
    return [_course(plan, answer, began, words_s, bills[name]) for name, plan, answer, began, words_s in counted]


def _course(plan: Plan, answer: Answer | None, began: float, words_s: float, bills: Sequence[Bill]) -> Course:
    is_right = answer is not None and plan.is_right(answer.full_text)
    by = answer.answered_by if answer else ""
    end_s = max([words_s, *(bill.ended_s - began for bill in bills if bill.vendor.name == by)])
    asked = [bill for bill in bills if bill.began_s < began + words_s]
    return Course(plan, answer, is_right, words_s, end_s, asked, [bill for bill in bills if bill not in asked])


class _Household:
    """One profile with the table's vendors, and no gate: every frame is put to them."""

    def __init__(self, table: Table, plans: Sequence[Plan], setting: Setting) -> None:
        self.plans = {str(place): plan for place, plan in enumerate(plans)}
        self.bills = list[Bill]()
        self._answers = dict[str, Answer]()
        self._house, self._profile = House(Clock()), profile(risk_scene=setting.risk_scene)
        self._house.set(gate_hints=0, gate_reuse_s=0.0, **({} if setting.audits else {"audit_share": 0.0}))
        self._house.prices |= {model_of(vendor): price_of(vendor) for vendor in table.vendors}
        players: list[Provider] = [Player(vendor, self.plans, self.bills) for vendor in table.vendors]
        if setting.evidence:
            players.append(PlayedReader(self.plans))
        self._house.chain = tuple(Seat(one, "key") for one in players)

    async def process(self, name: str, plan: Plan) -> tuple[Answer | None, float, float]:
        """The answer, when it was asked for (on the loop), and the seconds until it came."""
        loop, house = asyncio.get_running_loop(), self._house
        began, answer = loop.time(), None
        house.photo = _picture(name, plan)
        with suppress(FrameError):  # no answer is one that is not right
            answer = await house.pipeline.process(Frame(name, self._profile, plan.prompt, b""))
            self._answers[name] = answer
        words_s = loop.time() - began
        house.heard.clear()
        house.journal.rows.clear()
        house.journal.completed.clear()
        return answer, began, words_s

    def thumb(self, name: str, answer: Answer, *, is_right: bool) -> None:
        """What the owner says of ``answer``."""
        self._house.labels.kept += _labels(name, answer, is_right)

    def learn(self) -> None:
        """From the owner's labels, and from those that the cascade made itself."""
        self._house.calibration = calibrate(self._house.labels.kept)

    def learn_habits(self) -> None:
        """Whom to ask no more, as the history and the labels teach it: a server does every few minutes."""
        costs = defaultdict[tuple[str, str], deque[float]](deque)
        for bill in self.bills:
            costs[bill.frame, bill.vendor.name].append(bill.cost * UNIT_USD)
        past = [_past(name, answer, costs) for name, answer in self._answers.items()]
        self._house.habits = habits_of(past, self._house.labels.kept, self._is_trusted)

    def _is_trusted(self, label: Label) -> bool:
        trust = self._house.calibration.trust(label.provider, label.model, label.confidence, label.signs)
        return reaches_cut(trust, label.signs.kind, self._profile)


def _past(name: str, answer: Answer, costs: Mapping[tuple[str, str], deque[float]]) -> PastFrame:
    """As the history tells of it. ``costs``: by frame and vendor, in USD, one for each call."""
    calls = tuple(
        PastCall(
            one.provider, one.outcome, one.latency_ms, cost.popleft() if (cost := costs[name, one.provider]) else 0
        )
        for one in answer.attempts
        if one.outcome != "skipped"
    )
    return PastFrame(answer.kind, calls)


def _labels(name: str, answer: Answer, is_right: bool) -> Iterator[Label]:
    """Of everyone who said what was shown, and of the judge who chose it: as a thumb in the window labels them."""
    for one in answer.attempts:
        says_so = one.outcome in USABLE_OUTCOMES and agree(one.answer, answer.full_text)
        if says_so or one.outcome == "judged":
            by = one.provider if says_so else JUDGE
            signs = Signs.from_json({"kind": answer.kind, **one.signs})
            yield Label(name, by, one.model, one.confidence, signs, "thumb", float(is_right), WEIGHTS["thumb"])


_PICTURE = picture()


def _picture(name: str, plan: Plan) -> Picture:
    """Named after its frame, and like no other: nothing may be taken for a picture of a moment ago."""
    grid = random.Random(plan.number).randbytes(len(_PICTURE.measures.grid))
    return replace(_PICTURE, jpeg_base64=name, measures=replace(_PICTURE.measures, grid=grid))
