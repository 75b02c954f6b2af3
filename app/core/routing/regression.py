"""A ridge logistic regression in plain Python, and the curve that straightens what it foretells."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Features = tuple[tuple[int, float], ...]
"""The terms that are not 0, in their order, and their values."""
_STEPS = 25
_LONGEST_STEP = 1.0
_CLOSE = 1e-4
_MOST_LOGIT = 30.0


class Cell(NamedTuple):
    """Observations alike: ``offset`` in logits, their weight together, and that of the right ones."""

    offset: float
    features: Features
    weight: float
    right: float


@dataclass(frozen=True, slots=True)
class Fit:
    """``terms`` as fitted, in logits; ``root`` the lower triangle whose product with itself is their precision."""

    terms: tuple[float, ...]
    root: tuple[tuple[float, ...], ...]

    def logit(self, offset: float, features: Features) -> float:
        return offset + sum([self.terms[at] * value for at, value in features])

    def doubt(self, features: Iterable[tuple[int, float]]) -> float:
        """The standard error of the logit."""
        known = dict(features)
        solved: list[float] = []
        for at, row in enumerate(self.root):
            rest = known.get(at, 0.0) - sum([row[i] * solved[i] for i in range(at)])
            solved.append(rest / row[at])
        return math.sqrt(sum([one * one for one in solved]))


def fit(cells: Sequence[Cell], prior: Sequence[float], precision: Sequence[float]) -> Fit:
    """The likeliest terms, each held to its ``prior`` by its ``precision``: Newton's steps, none over a logit long."""
    terms = list(prior)
    root: list[list[float]] = []
    for _ in range(_STEPS):
        root, slope = _root(terms, cells, prior, precision)
        step = _solved(root, slope)
        longest = max(abs(one) for one in step)
        scale = min(1.0, _LONGEST_STEP / longest) if longest else 1.0
        terms = [term + scale * one for term, one in zip(terms, step, strict=True)]
        if longest < _CLOSE:
            break
    return Fit(tuple(terms), tuple(map(tuple, root)))


def chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-min(max(logit, -_MOST_LOGIT), _MOST_LOGIT)))


def logit_of(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def _root(
    terms: Sequence[float], cells: Sequence[Cell], prior: Sequence[float], precision: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """At ``terms``: the root of the precision, and where it goes uphill."""
    size = len(terms)
    slope = [precision[at] * (prior[at] - terms[at]) for at in range(size)]
    curve = [[0.0] * size for _ in range(size)]
    for at in range(size):
        curve[at][at] = precision[at]
    for offset, features, weight, right in cells:
        logit = offset
        for at, value in features:
            logit += terms[at] * value
        likely = chance(logit)
        missed, bend = right - weight * likely, weight * likely * (1.0 - likely)
        for place, (at, value) in enumerate(features, 1):
            slope[at] += missed * value
            row, bent = curve[at], bend * value
            for other, factor in features[:place]:
                row[other] += bent * factor
    return _cholesky(curve), slope


def _cholesky(matrix: list[list[float]]) -> list[list[float]]:
    """The lower triangle; ``matrix`` is definite, for each term has a precision of its own."""
    root: list[list[float]] = []
    for at, row in enumerate(matrix):
        made: list[float] = []
        for other in range(at):
            done = root[other]
            made.append((row[other] - sum([made[i] * done[i] for i in range(other)])) / done[other])
        made.append(math.sqrt(row[at] - sum([one * one for one in made])))
        root.append(made)
    return root


def _solved(root: list[list[float]], wanted: Sequence[float]) -> list[float]:
    size = len(wanted)
    found: list[float] = []
    for at in range(size):
        row = root[at]
        found.append((wanted[at] - sum([row[i] * found[i] for i in range(at)])) / row[at])
    for at in reversed(range(size)):
        found[at] = (found[at] - sum([root[i][at] * found[i] for i in range(at + 1, size)])) / root[at][at]
    return found


# --- the curve -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Curve:
    """From a foretold chance to the one that was found, never falling; straight between its points."""

    foretold: tuple[float, ...]
    found: tuple[float, ...]

    def at(self, chance: float) -> float:
        """Beyond its last point it stays level: nothing vouches for more."""
        place = bisect_right(self.foretold, chance)
        if place == len(self.foretold):
            return self.found[-1]
        left, low = (self.foretold[place - 1], self.found[place - 1]) if place else (0.0, 0.0)
        right, high = self.foretold[place], self.found[place]
        return low + (high - low) * (chance - left) / (right - left)


def isotonic(points: Sequence[tuple[float, float, float]], prior: float) -> Curve:
    """The curve through (foretold, weight, weight of the right ones), held to what was foretold by ``prior`` weight.

    At least one point has a weight.
    """
    whole = sum([weight for _, weight, _ in points])
    share = prior / whole
    blocks: list[list[float]] = []  # weight, foretold and found, both times weight
    for foretold, weight, right in sorted(points):
        blocks.append([weight, foretold * weight, (right + share * weight * foretold) / (1.0 + share)])
        while len(blocks) > 1 and blocks[-2][2] * blocks[-1][0] >= blocks[-1][2] * blocks[-2][0]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    return Curve(tuple(at / weight for weight, at, _ in blocks), tuple(found / weight for weight, _, found in blocks))
