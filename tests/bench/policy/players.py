"""Providers that play a table: each says what the frame's plan has for it, at that plan's time, and keeps its bills."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.core.cost.pricing import PER, Price
from app.core.errors import EmptyReplyError
from app.core.frame import Usage
from app.core.provider import ON_DEVICE, Capabilities, Learned, Meter, ProviderConfig, Question, Reply
from tests.bench.policy.rivals import judged
from tests.bench.policy.tables import DECIDING_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, Plan, Said, Vendor

UNIT_USD = 0.001
"""What a usual call of a vendor of price 1 costs."""
VERDICT_TOKENS = 40
TOKEN_CHARS = 4
HANG_S = 1e6
_INPUT_SHARE = 0.5
"""Of a usual call's price, what the picture and the question cost."""
_CANDIDATE = re.compile(r"^([A-Z]): <answer>(.*)</answer>$", re.MULTILINE)


def model_of(vendor: Vendor) -> str:
    return f"{vendor.name}-1"


def price_of(vendor: Vendor) -> Price:
    """Such that a usual call costs the vendor's price in ``UNIT_USD``."""
    usd = vendor.price * UNIT_USD * PER
    return Price(model_of(vendor), usd * _INPUT_SHARE / INPUT_TOKENS, usd * (1 - _INPUT_SHARE) / OUTPUT_TOKENS, "")


@dataclass(slots=True)
class Bill:
    """One call as its vendor counts it: to its end, or until it was cut off. ``frame``: the picture's name."""

    vendor: Vendor
    frame: str
    said: Said
    began_s: float
    tokens: int
    cut_s: float | None = None

    @property
    def ended_s(self) -> float:
        """On the loop."""
        return self.began_s + self.said.seconds_to(self.tokens) if self.cut_s is None else self.cut_s

    @property
    def silent_until_s(self) -> float:
        """When its words came, or it was given up."""
        said = self.said
        wait_s = said.first_s if said.failure else math.inf if said.hangs else said.seconds_to(DECIDING_TOKENS)
        return min(self.began_s + wait_s, self.ended_s)

    @property
    def cost(self) -> float:
        """In calls of a vendor of price 1."""
        if self.said.failure is not None:
            return 0.0
        return self.vendor.price * (_INPUT_SHARE + (1 - _INPUT_SHARE) * self.tokens / OUTPUT_TOKENS)

    def cut(self) -> None:
        """Nobody reads on: what has come until now is billed."""
        now = asyncio.get_running_loop().time()
        if now < self.ended_s or self.said.hangs:
            came = 0 if self.said.hangs else round((now - self.began_s - self.said.first_s) * self.said.pace)
            self.tokens, self.cut_s = max(0, came), now


@dataclass(slots=True)
class StillToCome:
    """The rest of a reply that was handed over early."""

    bill: Bill
    reply: Reply

    async def whole(self) -> Reply:
        await asyncio.sleep(max(0.0, self.bill.ended_s - asyncio.get_running_loop().time()))
        return self.reply

    def close(self) -> None:
        self.bill.cut()


@dataclass
class Player:
    """One vendor at the table. ``plans``: by the name that stands where a picture's bytes would. All its calls are
    in ``bills``, which several players may share."""

    vendor: Vendor
    plans: Mapping[str, Plan]
    bills: list[Bill] = field(default_factory=list)

    def __post_init__(self) -> None:
        name = self.vendor.name
        self.config = ProviderConfig(name, name, f"https://{name}.test/v1", model_of(self.vendor))
        self.capabilities = Capabilities()

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        plan = self.plans[question.picture.jpeg_base64]
        said = plan.said[self.vendor.name]
        is_verdict = question.schema_name == "verdict"
        tokens = VERDICT_TOKENS if is_verdict else said.output_tokens
        bill = Bill(self.vendor, question.picture.jpeg_base64, said, asyncio.get_running_loop().time(), tokens)
        self.bills.append(bill)
        usage = Usage(INPUT_TOKENS, tokens)
        if is_verdict:
            await self._wait(bill, bill.tokens, meter)
            return Reply("", _verdict(plan, question.text), self.config.model, usage)
        await self._wait(bill, DECIDING_TOKENS if question.deciding else bill.tokens, meter)
        claim = _claim(plan, said)
        reply = Reply("", claim | {"full_answer": said.answer}, self.config.model, usage)
        if not question.deciding:
            return reply
        return replace(reply, fields=claim, usage=Usage(), rest=StillToCome(bill, reply))

    async def list_models(self, key: str) -> tuple[str, ...]:
        return (self.config.model,)

    def pick_model(self, models: tuple[str, ...]) -> str:
        return models[0]

    async def _wait(self, bill: Bill, tokens: int, meter: Meter | None) -> None:
        """Until so many tokens have come. Raises what the plan has instead of a reply."""
        said = bill.said
        if said.failure is not None:
            bill.tokens = 0
            await asyncio.sleep(said.first_s)
            raise said.failure
        try:
            await asyncio.sleep(HANG_S if said.hangs else said.seconds_to(tokens))
        except asyncio.CancelledError:
            bill.cut()
            if meter is not None:
                meter.output_chars = bill.tokens * TOKEN_CHARS
            raise


@dataclass
class PlayedReader:
    """The reader on this computer, as its provider in ``app`` tells what it reads."""

    plans: Mapping[str, Plan]

    def __post_init__(self) -> None:
        self.config = ProviderConfig(ON_DEVICE, ON_DEVICE, model="reader")
        self.capabilities = Capabilities(needs_key=False, can_judge=False)

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        plan = self.plans[question.picture.jpeg_base64]
        await asyncio.sleep(plan.read_s)
        if not plan.read:
            raise EmptyReplyError("No text or code found.")
        answer = f"On this computer: {plan.read}"
        return Reply(
            answer, {"kind": "text", "answer": answer, "full_answer": answer, "seen": plan.read, "missing": ""}
        )

    async def list_models(self, key: str) -> tuple[str, ...]:
        return ()

    def pick_model(self, models: tuple[str, ...]) -> str:
        return ""


def _claim(plan: Plan, said: Said) -> dict[str, object]:
    claim = {"seen": said.answer, "kind": plan.kind, "image_ok": True, "answer": said.answer, "missing": ""}
    if said.confidence is None:
        return claim
    return claim | {"confidence": said.confidence, "needs_help": said.needs_help}


def _verdict(plan: Plan, ballot: str) -> dict[str, object]:
    by_answer = {said.answer: said for said in plan.said.values()}
    letters = {text: letter for letter, text in _CANDIDATE.findall(ballot)}
    best = judged(plan, [by_answer[text] for text in letters])
    return {"best": letters[best.answer], "why": "it fits", "merged": ""}
