"""Providers played for the calibration: a frame is hard for all of them alike, and each knows itself more or less."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import NamedTuple

from app.core.frame import KINDS, Kind
from app.core.routing.calibration import Calibration
from app.core.routing.labels import Label, Signs
from app.core.settings import EXACT_KINDS

MODEL = "m-1"


class Claim(NamedTuple):
    confidence: float
    signs: Signs
    is_right: bool
    chance: float


@dataclass(frozen=True)
class Played:
    """``skill``: logits of being right on a frame of middling hardness. ``claims``: of what it then says of itself, and
    ``insight``: how much of a frame's hardness it sees."""

    name: str
    skill: float
    claims: float
    insight: float
    noise: float = 0.6

    def claim(self, rng: random.Random, hardness: float) -> Claim:
        kind = rng.choices(KINDS, (55, 25, 10, 10))[0]
        logit = self.skill - {"scene": 0.0, "text": 0.3, "translate": -0.2, "maths": 0.7}[kind]
        logit -= hardness + rng.gauss(0, 0.8)
        chance = _chance(logit)
        is_right = rng.random() < chance
        says = _chance(self.claims + self.insight * (logit - self.skill) + rng.gauss(0, self.noise))
        has_missing = rng.random() < (0.1 if is_right else 0.3)
        return Claim(round(says * 20) / 20, Signs(kind, has_missing), is_right, chance)


OVER = Played("over", 1.7, 3.0, 0.5)
FAR_OVER = Played("far over", 0.9, 3.0, 0.4)
HONEST = Played("honest", 1.5, 1.5, 1.0, 0.3)
BLIND = Played("blind to itself", 1.6, 2.6, 0.1)
MODEST = Played("modest", 2.2, 1.0, 1.0, 0.4)
WHO = (OVER, FAR_OVER, HONEST, BLIND, MODEST)


def played(who: Played, frames: int, seed: int) -> list[Claim]:
    rng = random.Random(f"{who.name} {seed}")
    return [who.claim(rng, rng.gauss(0, 1)) for _ in range(frames)]


def labels_of(who: Played, claims: list[Claim], first: int = 0) -> list[Label]:
    return [
        Label(f"f{at}", who.name, MODEL, one.confidence, one.signs, "thumb", float(one.is_right), 1.0)
        for at, one in enumerate(claims, first)
    ]


def cut(kind: Kind) -> float:
    return (0.9 if kind in EXACT_KINDS else 0.8) - 1e-9


def wrong_sure(who: Played, claims: list[Claim], calibration: Calibration) -> float:
    """The share of all claims that is wrong and shown as sure, without the luck of the draw."""
    return sum(1 - one.chance for one in claims if _trust(who, one, calibration) >= cut(one.signs.kind)) / len(claims)


def sure_share(who: Played, claims: list[Claim], calibration: Calibration) -> float:
    return sum(_trust(who, one, calibration) >= cut(one.signs.kind) for one in claims) / len(claims)


def calibration_error(who: Played, claims: list[Claim], calibration: Calibration) -> float:
    """Expected, over ten bins of trust."""
    apart = [0.0] * 10
    for one in claims:
        trust = _trust(who, one, calibration)
        apart[min(int(trust * 10), 9)] += trust - one.is_right
    return sum(map(abs, apart)) / len(claims)


def _trust(who: Played, one: Claim, calibration: Calibration) -> float:
    trust = calibration.trust(who.name, MODEL, one.confidence, one.signs)
    assert trust is not None
    return trust


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
