"""The numbers of the Activity tab with their charts, as the first page of an export."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from app.store.history.filters import Summary
from app.ui.activity.drilldown import ending
from app.ui.support import formatting as fmt

Name = TypeVar("Name", bound=str)
_tr = partial(QCoreApplication.translate, "export_front")


@dataclass(frozen=True, slots=True)
class Front:
    """``tiles``: names and values. ``charts``: titles, each with what is counted, most first. ``hours_title``,
    ``by_hour``: 24 counts."""

    tiles: tuple[tuple[str, str], ...]
    charts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    hours_title: str
    by_hour: tuple[int, ...]


def front(summary: Summary, label: Callable[[str], str]) -> Front:
    """``label``: how who answered is called before people."""
    charts = (
        (_tr("Answered by"), [(label(name) if name else _tr("nobody"), n) for name, n in _most(summary.by_answerer)]),
        (_tr("How they ended"), [(ending(how, summary)[0], n) for how, n in _most(summary.by_ending) if n]),
    )
    tiles = (
        (_tr("Frames"), fmt.count(summary.frames)),
        (_tr("More than one AI was asked"), fmt.count(summary.escalated)),
        (_tr("No answer"), fmt.count(summary.by_ending.get("failed", 0))),
        (_tr("Median time"), fmt.latency(summary.latency_ms)),
        (_tr("Cost"), fmt.usd(summary.cost_usd)),
    )
    shown = tuple((title, tuple(rows)) for title, rows in charts if rows)
    return Front(tiles, shown, _tr("Frames by hour"), summary.by_hour)


def _most(counts: Mapping[Name, int]) -> list[tuple[Name, int]]:
    return sorted(counts.items(), key=lambda one: -one[1])
