"""What providers would say to each frame, drawn from a seed: the same frames for every policy that is tried on them.

How a frame is drawn. Its kind stays that of the frame before it in seven of ten. Every frame has a difficulty, a normal
number of variance ``shared``, and every provider its own luck with it, of variance ``1 - shared``: it is right when
their sum is under the quantile of its accuracy at that kind. So each is as often right as its accuracy says, and their
errors have ``shared`` for their (tetrachoric) correlation. What it claims comes from another number, normal around 0
when it is wrong and around a distance (from its AUROC) when it is right: where that number ranks among all of its
answers is looked up in its ``claims``. So the claims are as high as that vendor's are, whatever they are worth. Two who
mean the same seldom say it in the same words of a scene, and mostly of a text.

Accuracies are those of small vision models on VQA-like sets (0.74 to 0.83); self-confidence ranks right before wrong at
an AUROC of 0.64 to 0.74, over-confident at every size (arXiv 2604.02543); two that are both wrong say the same 60 % of
the time (2506.07962). What the reader on this computer reads in a picture of text speaks for right answers against
wrong ones at an AUROC of 0.75, in four frames of ten. A stream's first token and pace vary as log-normal numbers do,
with a stall now and then. What is left open was set so that table 1 gives what was measured on the cascade that
believed a raw cut: 80.7 % right, all shown as sure; of the answers that two agreed on 75 to 77 % right; 5.6 s to the
words at p95.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Protocol

from app.core.errors import OverloadError, ProviderError, QuotaError, RateError
from app.core.frame import Kind

NORMAL = NormalDist()
SHARES: Mapping[Kind, float] = {"scene": 0.55, "text": 0.25, "translate": 0.10, "maths": 0.10}
STAYS = 0.7
"""How often a frame's kind is that of the frame before."""
SAME_WHEN_WRONG = 0.6
SAME_WORDS: Mapping[Kind, float] = {"scene": 0.1, "text": 0.9, "translate": 0.7, "maths": 0.9}
"""How often two who are right use the same words."""
SAME_WORDS_WHEN_WRONG = 0.75
"""What that is multiplied by for two who are wrong alike: what they say does not stand in the picture."""
JUDGE_FINDS = 0.75
"""How often a judge picks a right answer when right and wrong ones lie before it."""
SILENT = 0.02
"""Replies that say nothing of their confidence."""
INPUT_TOKENS, OUTPUT_TOKENS, DECIDING_TOKENS = 1_200, 235, 80

PROMPTS: Mapping[Kind, str] = {
    "scene": "What is in front of me?",
    "text": "Read this",
    "translate": "Translate this into English",
    "maths": "Solve this",
}
ANY_PROMPT, ASKS_ANYTHING = "Describe this image", 0.1
"""What is asked, whatever the picture holds, in that share of the frames."""
READS, MISREADS = 0.55, 0.3
"""How often the reader on this computer reads what stands in a picture of text, and how often something else."""
READER_S = 0.6
"""Median time it takes."""
_THINGS = ("door", "sign", "bottle", "train", "table", "menu", "letter", "street", "window", "ticket", "shelf", "clock")
_LOOKS = ("red", "blue", "green", "small", "large", "old", "white", "round", "open", "bright", "narrow", "wooden")
_OPENINGS = ("There is a {}", "I see a {}", "This is a {}", "You look at a {}", "It shows a {}", "Here stands a {}")


@dataclass(frozen=True, slots=True)
class Vendor:
    """One provider of a table.

    ``accuracy``: the share of its answers that are right, over all kinds; ``good_at``: what is added to it by kind.
    ``auroc``: how well its claims rank right before wrong. ``claims``: (share of its answers, highest confidence
    among them), from (0, lowest) to (1, highest). ``price``: of a call, in calls of the table's first vendor.
    ``first_s``: median time to the first token; ``pace``: median tokens a second. ``hangs``: the share of calls that
    never end.
    """

    name: str
    accuracy: float
    auroc: float
    claims: tuple[tuple[float, float], ...]
    price: float
    first_s: float
    pace: float
    good_at: Mapping[Kind, float] = field(default_factory=dict)
    hangs: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a vendor says to one frame if it is asked. ``failure``: instead of a reply."""

    answer: str
    is_right: bool
    confidence: float | None
    needs_help: bool
    first_s: float
    pace: float
    output_tokens: int
    failure: ProviderError | None = None
    hangs: bool = False

    def seconds_to(self, tokens: int) -> float:
        """From the request until so many tokens have come."""
        return self.first_s + tokens / self.pace


@dataclass(frozen=True, slots=True)
class Plan:
    """One frame: what it asks for and what each vendor would say. ``roll``: a number of chance for its judge.

    ``read``: what the reader on this computer reads in it, after ``read_s``; empty: nothing.
    """

    number: int
    kind: Kind
    prompt: str
    said: Mapping[str, Said]
    roll: float
    read: str = ""
    read_s: float = 0.0

    def is_right(self, text: str) -> bool:
        """Whether ``text`` is what a right reply says; a mark of doubt and a full stop count nothing."""
        bare = text.rstrip(" ?.")
        return any(said.is_right and said.answer == bare for said in self.said.values())


class Table(Protocol):
    """A household's providers, and what they say to its frames: another file may bring others."""

    @property
    def vendors(self) -> tuple[Vendor, ...]:
        """In the order of the chain."""
        ...

    def plans(self, seed: int, frames: int) -> list[Plan]:
        """The same for the same arguments, whatever is done with them."""
        ...


@dataclass(frozen=True, slots=True)
class Storm:
    """From frame ``begins`` to ``ends`` (not with it) every call to ``vendor`` fails so."""

    vendor: str
    begins: int
    ends: int
    failure: ProviderError


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """``shared``: how far the vendors' errors go together, 0 to 1. ``drop``: (vendor, first frame, points):
    from that frame on its accuracy is lower, and it claims what it always did."""

    vendors: tuple[Vendor, ...]
    shared: float
    drop: tuple[str, int, float] | None = None
    storms: tuple[Storm, ...] = ()

    def plans(self, seed: int, frames: int) -> list[Plan]:
        chance = random.Random(seed)
        kinds, plans = list(SHARES), list[Plan]()
        kind: Kind = "scene"
        for number in range(frames):
            if chance.random() >= STAYS:
                kind = chance.choices(kinds, [*SHARES.values()])[0]
            plans.append(self._plan(number, kind, random.Random(chance.getrandbits(64))))
        return plans

    def _plan(self, number: int, kind: Kind, chance: random.Random) -> Plan:
        difficulty = chance.gauss() * math.sqrt(self.shared)
        prompt = ANY_PROMPT if chance.random() < ASKS_ANYTHING else PROMPTS[kind]
        words = _Words(kind, chance)
        said = {vendor.name: self._said(vendor, number, kind, difficulty, words, chance) for vendor in self.vendors}
        return Plan(
            number, kind, prompt, said, chance.random(), words.read(), READER_S * chance.lognormvariate(0, 0.35)
        )  # fmt: skip

    def _said(
        self, vendor: Vendor, number: int, kind: Kind, difficulty: float, words: _Words, chance: random.Random
    ) -> Said:
        luck = difficulty + chance.gauss() * math.sqrt(1 - self.shared)
        is_right = luck < NORMAL.inv_cdf(self._accuracy(vendor, number, kind))
        confidence = _claim(vendor, is_right, chance)
        is_silent = chance.random() < SILENT
        return Said(
            answer=words.of(is_right),
            is_right=is_right,
            confidence=None if is_silent else confidence,
            needs_help=confidence < 0.5,
            first_s=vendor.first_s * chance.lognormvariate(0, 0.30) * (4 if chance.random() < 0.03 else 1),
            pace=vendor.pace * chance.lognormvariate(0, 0.2),
            output_tokens=max(DECIDING_TOKENS + 20, round(OUTPUT_TOKENS * chance.lognormvariate(0, 0.25))),
            failure=next((one.failure for one in self.storms if _hits(one, vendor, number)), None),
            hangs=chance.random() < vendor.hangs,
        )

    def _accuracy(self, vendor: Vendor, number: int, kind: Kind) -> float:
        even = sum(share * vendor.good_at.get(of, 0.0) for of, share in SHARES.items())
        accuracy = vendor.accuracy + vendor.good_at.get(kind, 0.0) - even
        if self.drop and vendor.name == self.drop[0] and number >= self.drop[1]:
            accuracy -= self.drop[2]
        return accuracy


def _hits(storm: Storm, vendor: Vendor, number: int) -> bool:
    return storm.vendor == vendor.name and storm.begins <= number < storm.ends


def _claim(vendor: Vendor, is_right: bool, chance: random.Random) -> float:
    distance = NORMAL.inv_cdf(vendor.auroc) * math.sqrt(2)
    drawn = chance.gauss() + (distance if is_right else 0.0)
    rank = vendor.accuracy * NORMAL.cdf(drawn - distance) + (1 - vendor.accuracy) * NORMAL.cdf(drawn)
    at = min(bisect_right(vendor.claims, (rank, 2.0)), len(vendor.claims) - 1)
    (low, least), (high, most) = vendor.claims[at - 1], vendor.claims[at]
    return round(least + (most - least) * (rank - low) / (high - low), 2)


class _Words:
    """What one frame's answers say: the right ones the same, the wrong ones often, in words of their own or not."""

    def __init__(self, kind: Kind, chance: random.Random) -> None:
        self._kind, self._chance, self._speakers = kind, chance, 0
        self._right, self._wrong = self._fresh(), self._fresh()

    def of(self, is_right: bool) -> str:
        chance = self._chance
        if is_right:
            meant = self._right
        else:
            meant = self._wrong if chance.random() < math.sqrt(SAME_WHEN_WRONG) else self._fresh()
        # two use the same words when both use the usual ones
        same = SAME_WORDS[self._kind] * (1.0 if is_right else SAME_WORDS_WHEN_WRONG)
        is_usual = chance.random() < math.sqrt(same)
        self._speakers += 1
        return f"A {meant}" if is_usual else _OPENINGS[self._speakers % len(_OPENINGS)].format(meant)

    def read(self) -> str:
        """What is read of the picture; misread it is what the vendors misread too, or has one digit wrong."""
        roll = self._chance.random()
        if self._kind == "scene" or roll >= READS + MISREADS:
            return ""
        if roll < READS:
            return self._right
        return self._chance.choice((self._wrong, self._right[:-1] + str((int(self._right[-1]) + 3) % 10)))

    def _fresh(self) -> str:
        chance = self._chance
        return f"{chance.choice(_LOOKS)} {chance.choice(_THINGS)} {chance.randrange(1_000, 10_000)}"


_BOASTS = ((0.0, 0.30), (0.10, 0.80), (0.25, 0.90), (0.70, 0.96), (1.0, 1.0))
"""Nine in ten of its answers are over the usual cut of 0.80."""
_CLAIMS = ((0.0, 0.25), (0.25, 0.70), (0.45, 0.80), (0.65, 0.90), (1.0, 1.0))
_MODEST = ((0.0, 0.20), (0.35, 0.70), (0.55, 0.80), (0.75, 0.90), (1.0, 0.99))


def household(aurocs: Sequence[float], *, hangs: float = 0.0) -> tuple[Vendor, ...]:
    """The four cloud vendors of the default chain."""
    gemini, deepseek, qwen, chatgpt = aurocs
    return (
        Vendor("gemini", 0.785, gemini, _BOASTS, 1.0, 0.45, 170, {"maths": -0.06}, hangs),
        Vendor("deepseek", 0.74, deepseek, _CLAIMS, 0.6, 0.50, 160, {"maths": 0.08, "text": -0.03}, hangs),
        Vendor("qwen", 0.76, qwen, _CLAIMS, 0.8, 0.45, 160, {"translate": 0.08, "text": 0.02}, hangs),
        Vendor("chatgpt", 0.83, chatgpt, _MODEST, 2.0, 0.50, 160, {"text": 0.01}, hangs),
    )


DROP_AT = 3_000
_USUAL = (0.65, 0.70, 0.68, 0.74)
FIRST = DrawnTable(household(_USUAL), shared=0.6)
_STORMS = (
    Storm("gemini", 500, 700, RateError("429 Too Many Requests", retry_after_s=20.0)),
    Storm("deepseek", 1_200, 1_260, RateError("429 Too Many Requests")),
    Storm("qwen", 1_800, 10**9, QuotaError("Today's requests are used up.")),
    Storm("gemini", 2_500, 2_560, OverloadError("503 Service Unavailable")),
)

TABLES: Mapping[str, Table] = {
    "1": FIRST,
    "2": DrawnTable(household((0.72, 0.80, 0.78, 0.86)), shared=0.3),
    "3": replace(FIRST, drop=("gemini", DROP_AT, 0.10)),
    "faults": DrawnTable(household(_USUAL, hangs=0.05), shared=0.6, storms=_STORMS),
}
