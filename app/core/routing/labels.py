"""What is known of a provider's claim beside its own confidence, and what somebody knows of its being right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args

from app.core.frame import KINDS, Kind

Source = Literal["thumb", "correction", "audit"]
SOURCES: tuple[Source, ...] = get_args(Source)
WEIGHTS: Mapping[Source, float] = {"thumb": 1.0, "correction": 1.0, "audit": 0.5}
"""What a label counts by where it is from. That two vendors agree who were asked anyway is none: they err together, it
happens on hard frames alone, and five times as often as an owner judges one (with a weight of 0.3 the bench found 17 %
wrong and shown as sure after 300 thumbs, without it 13 %)."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a claim beside its confidence.

    ``witness``, ``again``: from -1 (the reader on this computer, the answer to a like picture, says the contrary) to 1
    (says the same); 0: says nothing. ``is_unrooted``: what was seen and what is answered share no word.
    """

    kind: Kind = "scene"
    has_missing: bool = False
    needs_help: bool = False
    is_unrooted: bool = False
    witness: float = 0.0
    again: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """What differs from the signs of a claim of which nothing is known."""
        return {
            one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """The signs in ``told``; what is missing there, or is none, is not known."""
        kind: Kind = next((one for one in KINDS if one == told.get("kind")), "scene")
        flags = (told.get(name) is True for name in ("has_missing", "needs_help", "is_unrooted"))
        return cls(kind, *flags, *(within(told.get(name), -1.0, 1.0) or 0.0 for name in ("witness", "again")))


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody knows of one provider's answer to one frame.

    ``is_right`` and ``weight``: 0 to 1. ``at``: Unix seconds, for people: which of two is newer, their order tells.
    """

    frame_id: str
    provider: str
    model: str
    confidence: float | None
    signs: Signs
    source: Source
    is_right: float
    weight: float
    at: float = 0.0


def within(value: object, least: float, most: float) -> float | None:
    """``value`` as a number from ``least`` to ``most``; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return None
    return min(max(float(value), least), most)
