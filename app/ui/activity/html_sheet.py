"""Frames as a web page that needs no other file: first their numbers with charts, then each with its picture."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.store.history import report_text
from app.store.history.columns import Listed
from app.store.history.filters import Summary
from app.ui.activity import cells
from app.ui.activity.export_front import Front, front
from app.ui.support import formatting as fmt
from app.ui.support import language

_STYLE = (
    "<style>.tiles,.charts{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}.tiles div,.charts section{"
    "border:1px solid #8886;border-radius:10px;padding:.7rem 1rem}.tiles b{display:block;font-size:1.6rem}"
    ".charts section{flex:1 1 16rem}.charts h2{font-size:1rem;margin:0 0 .5rem}.charts p{display:grid;margin:.2rem 0;"
    "grid-template-columns:8rem 1fr 3rem;gap:.6rem;align-items:center}.charts meter{width:100%}"
    "meter::-webkit-meter-optimum-value{background:#2459d6}meter::-moz-meter-bar{background:#2459d6}"
    ".hours{display:flex;align-items:end;gap:2px;height:6rem}.hours i{flex:1;background:#2459d6;border-radius:2px}"
    "td:first-child{padding-right:0}td img{display:block;border-radius:6px;width:96px;height:72px;object-fit:cover}"
    "tr{break-inside:avoid}@media print{table{break-before:page}}"
)
_FORMS = tuple(those[0].form for those in cells.PRINTED)
_SHORT = ",".join(
    f"td:nth-child({at})" for at, form in enumerate(_FORMS, 2) if form == "time" or cells.LOOKS[form].is_number
)
_COLUMNS = f"{_SHORT}{{white-space:nowrap}}td:nth-child({_FORMS.index('answer') + 2}){{min-width:9em}}"


class HtmlSheet:
    """As ``exports.Sheet`` says; ``part`` is written on with each call."""

    def __init__(self, part: Path, title: str, label: Callable[[str], str]) -> None:
        self._part, self._title, self._label = part, title, label

    def begin(self, note: str, summary: Summary) -> None:
        titles = ["", *cells.printed_titles()]
        head = report_text.html_head(
            self._title,
            note,
            titles,
            f"{_STYLE}{_COLUMNS}</style>{_front(front(summary, self._label))}\n",
            language.shown(),
        )
        self._part.write_text(head, encoding="utf-8", newline="")

    def add(self, rows: Sequence[tuple[Listed, bytes | None]]) -> None:
        self._write(
            report_text.html_row_with_picture(jpeg, cells.printed_row(frame, self._label)) for frame, jpeg in rows
        )

    def end(self) -> None:
        self._write([report_text.HTML_END])

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, texts: Iterable[str]) -> None:
        with self._part.open("a", encoding="utf-8", newline="") as file:
            file.writelines(texts)


def _front(told: Front) -> str:
    tiles = "".join(f"<div>{html.escape(name)}<b>{html.escape(value)}</b></div>" for name, value in told.tiles)
    charts = "".join(_chart(title, rows) for title, rows in told.charts)
    return f'<div class="tiles">{tiles}</div><div class="charts">{charts}{_hours(told)}</div>'


def _chart(title: str, rows: Sequence[tuple[str, int]]) -> str:
    most = max(number for _, number in rows)
    lines = "".join(
        f'<p><span>{html.escape(name)}</span><meter max="{most}" value="{number}"></meter>{fmt.count(number)}</p>'
        for name, number in rows
    )
    return f"<section><h2>{html.escape(title)}</h2>{lines}</section>"


def _hours(told: Front) -> str:
    most = max(told.by_hour, default=0) or 1
    bars = "".join(
        f'<i style="height:{100 * number / most:.0f}%" title="{hour:02}:00: {number}"></i>'
        for hour, number in enumerate(told.by_hour)
    )
    title = html.escape(told.hours_title)
    return f'<section><h2>{title}</h2><div class="hours">{bars}</div><p><span>00:00</span><b></b>23:00</p></section>'
