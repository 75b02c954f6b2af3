"""The numbers of the Activity tab with their charts, as the first page of an export: HTML that needs no other file."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from app.store.history.filters import Summary
from app.ui.activity.drilldown import CODE_OF_ENDING
from app.ui.support import formatting as fmt

Name = TypeVar("Name", bound=str)
_tr = partial(QCoreApplication.translate, "export_front")
STYLE = (
    "<style>.tiles,.charts{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}.tiles div,.charts section{"
    "border:1px solid #8886;border-radius:10px;padding:.7rem 1rem}.tiles b{display:block;font-size:1.6rem}"
    ".charts section{flex:1 1 16rem}.charts h2{font-size:1rem;margin:0 0 .5rem}.charts p{display:grid;margin:.2rem 0;"
    "grid-template-columns:8rem 1fr 3rem;gap:.6rem;align-items:center}.charts meter{width:100%}"
    ".hours{display:flex;align-items:end;gap:2px;height:6rem}.hours i{flex:1;background:#2459d6;border-radius:2px}"
    "@media print{table{break-before:page}}</style>"
)


def front(summary: Summary, label: Callable[[str], str]) -> str:
    """``label``: how who answered is called before people."""
    charts = (
        (_tr("Answered by"), [(label(name) if name else _tr("nobody"), n) for name, n in _most(summary.by_answerer)]),
        (_tr("How they ended"), [(fmt.code(CODE_OF_ENDING[how])[0], n) for how, n in _most(summary.by_ending) if n]),
    )
    tiles = (
        (_tr("Frames"), fmt.count(summary.frames)),
        (_tr("More than one AI was asked"), fmt.count(summary.escalated)),
        (_tr("No answer"), fmt.count(summary.by_ending.get("failed", 0))),
        (_tr("Median time"), fmt.latency(summary.latency_ms)),
        (_tr("Cost"), fmt.usd(summary.cost_usd)),
    )
    shown = "".join(f"<div>{html.escape(name)}<b>{html.escape(value)}</b></div>" for name, value in tiles)
    drawn = "".join(_chart(title, rows) for title, rows in charts if rows)
    return f'{STYLE}<div class="tiles">{shown}</div><div class="charts">{drawn}{_hours(summary.by_hour)}</div>\n'


def _most(counts: Mapping[Name, int]) -> list[tuple[Name, int]]:
    return sorted(counts.items(), key=lambda one: -one[1])


def _chart(title: str, rows: Iterable[tuple[str, int]]) -> str:
    rows = list(rows)
    most = max(number for _, number in rows)
    lines = "".join(
        f'<p><span>{html.escape(name)}</span><meter max="{most}" value="{number}"></meter>{fmt.count(number)}</p>'
        for name, number in rows
    )
    return f"<section><h2>{html.escape(title)}</h2>{lines}</section>"


def _hours(counts: Iterable[int]) -> str:
    counts = tuple(counts)
    most = max(counts, default=0) or 1
    bars = "".join(
        f'<i style="height:{100 * number / most:.0f}%" title="{hour:02}:00: {number}"></i>'
        for hour, number in enumerate(counts)
    )
    title = html.escape(_tr("Frames by hour"))
    return f'<section><h2>{title}</h2><div class="hours">{bars}</div><p><span>00:00</span><b></b>23:00</p></section>'
