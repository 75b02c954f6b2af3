"""Frames into a file: a page at a time, off the window's thread, under another name until the file is whole."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from app.store.history import report_text
from app.store.history.columns import LISTED, SHOWN, Listed
from app.store.history.filters import Filter, Summary
from app.ui.activity import cells
from app.ui.activity.export_front import front
from app.ui.support import formatting as fmt

if TYPE_CHECKING:
    from app.store.history.activity import Activity

_tr = partial(QCoreApplication.translate, "exports")

Form = Literal["csv", "html", "pdf"]
FORMS: tuple[Form, ...] = ("csv", "html", "pdf")
PAGE_ROWS = 500
PDF_MOST = 2_000
"""Frames in a PDF, some 100 pages; a longer list is for CSV or HTML, and the PDF says so."""
_CSV = tuple(column for column in LISTED if column.csv is not None)
_PRINTED = tuple(
    tuple(those) for _, those in groupby((one for one in SHOWN if one.share), key=lambda column: column.printed)
)
"""The columns of HTML and PDF, each of one or of neighbours under one title."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is written where. ``title`` and ``note`` stand above the list; ``label``: a provider's name for people."""

    form: Form
    path: Path
    which: Filter
    title: str
    note: str
    label: Callable[[str], str]
    stopped: threading.Event

    @property
    def part(self) -> Path:
        """The file as long as it is not whole."""
        return self.path.with_name(f"{self.path.name}.part")


@dataclass(frozen=True, slots=True)
class Written:
    """``frames``: how many stand in the file; ``is_cut``: there are more than a PDF takes."""

    frames: int
    is_cut: bool = False


async def export(activity: Activity, job: Job, told: Callable[[int], None]) -> Written | None:
    """Write the file, or nothing at all: None when it was stopped. ``told``: how many frames are written.

    Raises ``OSError`` and the store's errors; what stood at the path is then still there.
    """
    try:
        written = await (_pdf if job.form == "pdf" else _text)(activity, job, told)
        if job.stopped.is_set():
            return None
        await asyncio.to_thread(job.part.replace, job.path)
        return written
    finally:
        await asyncio.to_thread(job.part.unlink, missing_ok=True)


async def _text(activity: Activity, job: Job, told: Callable[[int], None]) -> Written:
    summary = await activity.summary(job.which) if job.form == "html" else None
    await asyncio.to_thread(_write, job.part, _head(job, summary), "w")
    number, after = 0, ""
    while not job.stopped.is_set():
        page = await activity.listed(job.which, after, PAGE_ROWS)
        await asyncio.to_thread(_add_rows, job, page.frames)
        number, after = number + len(page.frames), page.after
        told(number)
        if not after:
            break
    if job.form == "html":
        await asyncio.to_thread(_write, job.part, report_text.HTML_END, "a")
    return Written(number)


async def _pdf(activity: Activity, job: Job, told: Callable[[int], None]) -> Written:
    from app.ui.activity import pdf_report

    page = await activity.listed(job.which, "", PDF_MOST)
    told(len(page.frames))
    is_cut = bool(page.after)
    note = job.note
    if is_cut:
        most = _tr("Only the newest {most} are printed; CSV and HTML take all.").format(most=fmt.count(PDF_MOST))
        note = f"{note} {most}"
    columns = list(zip(_titles(), (sum(one.share for one in those) for those in _PRINTED), strict=True))
    rows = (_readable(frame, job.label) for frame in page.frames)  # in the other thread
    await asyncio.to_thread(pdf_report.write, job.part, job.title, note, columns, rows, job.stopped)
    return Written(len(page.frames), is_cut)


def _head(job: Job, summary: Summary | None) -> str:
    if job.form == "csv":
        return report_text.BOM + report_text.csv_lines([[column.csv for column in _CSV]])
    return report_text.html_head(job.title, job.note, _titles(), front(summary, job.label) if summary else "")


def _add_rows(job: Job, frames: Iterable[Listed]) -> None:
    if job.form == "csv":
        text = report_text.csv_lines([getattr(frame, column.name) for column in _CSV] for frame in frames)
    else:
        text = report_text.html_rows(_readable(frame, job.label) for frame in frames)
    _write(job.part, text, "a")


def _write(path: Path, text: str, mode: Literal["w", "a"]) -> None:
    with path.open(mode, encoding="utf-8", newline="") as file:
        file.write(text)


def _titles() -> list[str]:
    return [cells.title(those[0].printed) for those in _PRINTED]


def _readable(frame: Listed, label: Callable[[str], str]) -> list[str]:
    """A frame's cells for people."""
    return [", ".join(filter(None, (cells.printed(frame, one, label) for one in those))) for those in _PRINTED]
