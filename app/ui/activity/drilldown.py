"""What a pressed number asks for: the frames behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, get_args

from PySide6.QtCore import QCoreApplication

from app.store.history.filters import Ending, Filter, Summary
from app.ui.support import formatting as fmt
from app.ui.support.theme import Tone

_tr = partial(QCoreApplication.translate, "drill")

Part = Literal["escalated", "failed", "reused", "by", "ending", "code", "hour", "asked"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, slots=True)
class Drilldown:
    """``value``: a provider's name, an ending, a code or an hour, as ``part`` says."""

    part: Part
    value: str = ""

    @property
    def key(self) -> str:
        return f"{self.part}:{self.value}"

    def narrow(self, which: Filter) -> Filter:
        """Those frames of ``which`` that it is about."""
        match self.part:
            case "escalated":
                return replace(which, escalated=True)
            case "failed":
                return replace(which, ending="failed")
            case "reused":
                return replace(which, reused=True)
            case "by":
                return replace(which, answered_by=self.value)
            case "ending":
                return replace(which, ending=_ending(self.value))
            case "code":
                return replace(which, ending="failed", code=self.value)
            case "hour":
                return replace(which, hour=int(self.value))
            case "asked":
                return replace(which, asked=self.value)

    def told(self, label: Callable[[str], str]) -> str:
        """In words, for the chip above the list. ``label``: how a provider is called before people."""
        value = self.value
        match self.part:
            case "escalated":
                return _tr("More than one AI was asked")
            case "failed":
                return _tr("No answer")
            case "reused":
                return _tr("Reused from a moment before")
            case "by":
                return _tr("Answered by {name}").format(name=label(value)) if value else _tr("Answered by nobody")
            case "ending":
                return _tr("Ended: {how}").format(how=fmt.code(CODE_OF_ENDING[_ending(value)])[0])
            case "code":
                return _tr("Failed: {how}").format(how=fmt.code(value)[0])
            case "hour":
                return _tr("From {hour}:00 to {hour}:59").format(hour=f"{int(value):02}")
            case "asked":
                return _tr("{name} was asked").format(name=label(value))


CODE_OF_ENDING: dict[Ending, str] = {
    "answered": "ok", "degraded": "degraded", "hint": "bad_frame", "failed": "no_answer",
}  # fmt: skip


def ending(how: Ending, summary: Summary) -> tuple[str, Tone]:
    """How frames ended, in words, and how that stands: where there is no AI, to be seen here is no fault."""
    return fmt.code(CODE_OF_ENDING[how], only_here=summary.is_only_here)


def of_key(key: str) -> Drilldown:
    """What ``Drilldown.key`` gave."""
    part, _, value = key.partition(":")
    return Drilldown(next(known for known in PARTS if known == part), value)


def _ending(value: str) -> Ending:
    return next(ending for ending in CODE_OF_ENDING if ending == value)
