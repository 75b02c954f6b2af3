"""How often a provider was right when it said so, by its labels: what the window shows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.routing.calibration import Calibration
from app.core.routing.confidence import ANYBODY, reaches_cut
from app.core.routing.labels import Label, within

LEAST_LABELS = 30
"""With fewer nothing is told of a provider."""
_BINS = 10
_TOLERANCE = 1e-9
"""1 - 0.8 is less than 0.2."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers that claimed from ``least`` to ``most``: their share that was right, and what trust they would have."""

    least: float
    most: float
    labels: int
    right_share: float
    trust: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """One provider's truth. ``sure``: how many answers it called sure enough for who set no other risk;
    ``sure_right``: the share of these that was right."""

    labels: int
    sure: int
    sure_right: float
    bins: tuple[Bin, ...]


def reliability(labels: Iterable[Label], provider: str, calibration: Calibration) -> Reliability | None:
    """What ``labels`` tell of ``provider``, all its models together; None while there are fewer than ``LEAST_LABELS``.

    An answer without a confidence counts, and is in no bin.
    """
    own = [label for label in labels if label.provider == provider]
    if len(own) < LEAST_LABELS:
        return None
    sure = [label for label in own if _is_called_sure(label)]
    held: dict[int, list[Label]] = defaultdict(list)
    for label in own:
        if (claimed := within(label.confidence, 0.0, 1.0)) is not None:
            held[min(int(claimed * _BINS + _TOLERANCE), _BINS - 1)].append(label)
    bins = tuple(_bin(at, held[at], calibration) for at in sorted(held))
    return Reliability(len(own), len(sure), _right_share(sure), bins)


def _is_called_sure(label: Label) -> bool:
    return not label.signs.needs_help and reaches_cut(label.confidence, label.signs.kind, ANYBODY)


def _bin(at: int, labels: list[Label], calibration: Calibration) -> Bin:
    trusts = (calibration.trust(one.provider, one.model, one.confidence, one.signs) or 0.0 for one in labels)
    return Bin(at / _BINS, (at + 1) / _BINS, len(labels), _right_share(labels), sum(trusts) / len(labels))


def _right_share(labels: list[Label]) -> float:
    weight = sum(label.weight for label in labels)
    return sum(label.weight * label.is_right for label in labels) / weight if weight else 0.0
