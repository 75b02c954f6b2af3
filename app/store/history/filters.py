"""The history as the Activity tab asks for it: frames that match, a page at a time, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from app.core.provider import ON_DEVICE
from app.store.history.columns import Listed, Thumb

Ending = Literal["answered", "degraded", "hint", "failed"]


class Sized(Protocol):
    """Some frames and the bytes of their rows and pictures."""

    @property
    def frames(self) -> int: ...
    @property
    def bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Filter:
    """Which frames: each field that is set narrows them. Times are aware, ``since`` inclusive, ``until`` exclusive.

    ``text``: found in answer, full answer, error or any provider's answer, whatever its case. ``answered_by``: a
    provider's name, ``judge``, or "" for hints and failures. ``ending``: ``answered`` (code ok), ``degraded``,
    ``hint`` (bad_frame), ``failed`` (a status other than 200). ``code``: a failure's code exactly. ``escalated``: more
    than one provider was called. ``hour``: 0 to 23, local time. ``asked``: a provider that was called.
    ``outcome``: with ``asked``, how that call ended.
    """

    username: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    answered_by: str | None = None
    ending: Ending | None = None
    code: str | None = None
    kind: str | None = None
    escalated: bool | None = None
    reused: bool | None = None
    favourite: bool | None = None
    thumb: Thumb | None = None
    hour: int | None = None
    asked: str | None = None
    outcome: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it asks for no more than somebody's frames of a time."""
        return replace(self, username=None, since=None, until=None) == Filter()


@dataclass(frozen=True, slots=True)
class Page:
    """``frames``: newest first. ``after``: hand it back for the next page; empty when there is none."""

    frames: tuple[Listed, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the frames of a ``Filter`` add up to. Shares are of ``frames`` and for the caller to make.

    ``by_answerer``, ``by_ending``, ``by_code`` (failures alone), ``by_hour`` (24 counts, local time), ``by_day`` (ISO
    date, local) are counts of frames; ``cost_usd`` what is known to have been paid, ``unpriced`` frames whose cost is
    not known in full; ``cost_by_day`` and ``cost_by_provider`` in US dollars. ``latency_ms``: the median, None without
    frames. ``is_cut``: of the newest frames of a long history alone, for all would take seconds.
    """

    frames: int
    escalated: int
    reused: int
    favourites: int
    latency_ms: int | None
    cost_usd: float
    unpriced: int
    by_answerer: dict[str, int]
    by_ending: dict[Ending, int]
    by_code: dict[str, int]
    by_hour: tuple[int, ...]
    by_day: dict[str, int]
    cost_by_day: dict[str, float]
    cost_by_provider: dict[str, float]
    is_cut: bool = False

    @property
    def is_only_here(self) -> bool:
        """Whether all that were answered were answered by what is on this computer."""
        return {name for name in self.by_answerer if name} == {ON_DEVICE}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Frames that went, or would. ``bytes``: of rows and pictures."""

    frames: int
    bytes: int

    def __add__(self, other: Sized) -> Cleaned:
        return Cleaned(self.frames + other.frames, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class WouldGo:
    """What cleaning now would take of a profile. ``username`` empty: left over from a deleted one."""

    username: str
    frames: int
    bytes: int
