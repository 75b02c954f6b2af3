"""Frames into a file: a page at a time, off the window's thread, under another name until the file is whole."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from app.store.history import report_text
from app.store.history.columns import Listed
from app.store.history.filters import Filter
from app.ui.support import formatting as fmt

if TYPE_CHECKING:
    from app.store.history.activity import Activity

Form = Literal["csv", "html", "pdf"]
FORMS: tuple[Form, ...] = ("csv", "html", "pdf")
PAGE_ROWS = 500
PDF_MOST = 2_000
"""Frames in a PDF, some 100 pages; a longer list is for CSV or HTML, and the PDF says so."""
_CSV_COLUMNS = (
    "frame_id", "received_at", "profile", "status", "code", "answer", "error", "answered_by", "confidence", "kind",
    "latency_ms", "calls", "cost_usd", "reused", "favourite", "thumb", "client_ip",
)  # fmt: skip


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
    await asyncio.to_thread(_write, job.part, _head(job), "w")
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

    frames: list[Listed] = []
    after = ""
    while not job.stopped.is_set() and len(frames) < PDF_MOST:
        page = await activity.listed(job.which, after, PAGE_ROWS)
        frames += page.frames
        after = page.after
        told(len(frames))
        if not after:
            break
    is_cut = bool(after) or len(frames) > PDF_MOST
    del frames[PDF_MOST:]
    note = job.note
    if is_cut:
        most = _tr("Only the newest {most} are printed; CSV and HTML take all.").format(most=fmt.count(PDF_MOST))
        note = f"{note} {most}"
    await asyncio.to_thread(
        pdf_report.write, job.part, job.title, note, titles(), [readable(one, job.label) for one in frames], job.stopped
    )
    return Written(len(frames), is_cut)


def _head(job: Job) -> str:
    if job.form == "csv":
        return report_text.BOM + report_text.csv_lines([_CSV_COLUMNS])
    return report_text.html_head(job.title, job.note, titles())


def _add_rows(job: Job, frames: Iterable[Listed]) -> None:
    if job.form == "csv":
        text = report_text.csv_lines(_csv_row(frame) for frame in frames)
    else:
        text = report_text.html_rows(readable(frame, job.label) for frame in frames)
    _write(job.part, text, "a")


def _write(path: Path, text: str, mode: Literal["w", "a"]) -> None:
    with path.open(mode, encoding="utf-8", newline="") as file:
        file.write(text)


def _csv_row(frame: Listed) -> tuple[object, ...]:
    return (
        frame.frame_id, frame.received_at, frame.username, frame.status, frame.code, frame.answer, frame.error,
        frame.answered_by, frame.confidence, frame.kind, frame.latency_ms, frame.calls, frame.cost_usd,
        int(frame.reused), int(frame.favourite), frame.thumb, frame.client_ip,
    )  # fmt: skip


def titles() -> tuple[str, ...]:
    return (
        _tr("Time"), _tr("Profile"), _tr("Answer"), _tr("Outcome"), _tr("Answered by"), _tr("Sure"), _tr("Took"),
        _tr("Cost"), _tr("Marks"),
    )  # fmt: skip


def readable(frame: Listed, label: Callable[[str], str]) -> tuple[str, ...]:
    """A frame's cells for people; the time with its date and zone."""
    marks = (_tr("favourite") if frame.favourite else "", {1: _tr("thumb up"), -1: _tr("thumb down")}.get(frame.thumb))
    return (
        frame.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z"), frame.username, frame.error or frame.answer,
        fmt.code(frame.code)[0], label(frame.answered_by) if frame.answered_by else fmt.DASH,
        fmt.percent(frame.confidence), fmt.latency(frame.latency_ms), fmt.usd(frame.cost_usd),
        ", ".join(mark for mark in marks if mark),
    )  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("exports", text)
