"""Frames into a file: a page at a time, off the window's thread, under another name until the file is whole."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QCoreApplication

from app.core.errors import PictureError
from app.files import delete, move
from app.store.history import report_text
from app.store.history.columns import LISTED, Listed
from app.store.history.filters import Filter, Summary
from app.ui.activity.html_sheet import HtmlSheet
from app.ui.support import formatting as fmt

if TYPE_CHECKING:
    from app.store.history.activity import Activity

_tr = partial(QCoreApplication.translate, "exports")

Form = Literal["csv", "html", "pdf"]
FORMS: tuple[Form, ...] = ("csv", "html", "pdf")
PAGE_ROWS = 500
PDF_MOST = 2_000
"""Frames in a PDF, some 150 pages; a longer list is for CSV or HTML, and the PDF says so."""
PICTURES_MOST = 2_000
"""Frames with a picture in HTML, some 8 MB: beyond, no browser likes to open it. The page says so."""
PICTURE_PX: Mapping[Form, int] = {"html": 128, "pdf": 90}
"""Of a picture's longer side, some 3 kB; Qt writes it into a PDF anew, hardly pressed."""
AT_ONCE = 25
"""Pictures that are held."""
_CSV = tuple(column for column in LISTED if column.csv is not None)
Run = Callable[..., Awaitable[object]]


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


class Sheet(Protocol):
    """A file that is being written, by one thread."""

    def begin(self, note: str, summary: Summary) -> None:
        """``summary``: what all of the frames add up to."""

    def add(self, rows: Sequence[tuple[Listed, bytes | None]]) -> None:
        """Frames, each with a small JPEG of its picture, None where it has none here."""

    def end(self) -> None:
        """Make it whole."""

    def close(self) -> None:
        """Let go of the file, whole or not."""


async def export(activity: Activity, job: Job, told: Callable[[int], None]) -> Written | None:
    """Write the file, or nothing at all: None when it was stopped. ``told``: how many frames are written.

    Raises ``OSError`` and the store's errors; what stood at the path is then still there.
    """
    sheet, thread = _sheet(job), ThreadPoolExecutor(1, thread_name_prefix="export")
    run = partial(asyncio.get_running_loop().run_in_executor, thread)
    try:
        written = await _fill(activity, job, sheet, told, run)
        if job.stopped.is_set():
            return None
        await run(sheet.end)
        await run(move, job.part, job.path)
        return written
    finally:
        await asyncio.to_thread(_let_go, job, sheet, thread)


def _sheet(job: Job) -> Sheet:
    if job.form == "csv":
        return CsvSheet(job.part)
    if job.form == "html":
        return HtmlSheet(job.part, job.title, job.label)
    from app.ui.activity.pdf_report import PdfSheet

    return PdfSheet(job.part, job.title, job.label)


async def _fill(activity: Activity, job: Job, sheet: Sheet, told: Callable[[int], None], run: Run) -> Written:
    summary = await activity.summary(job.which)
    page = await activity.listed(job.which, "", PDF_MOST if job.form == "pdf" else PAGE_ROWS)
    await run(sheet.begin, _note(job, summary, is_cut=job.form == "pdf" and bool(page.after)), summary)
    number, at_once = 0, PAGE_ROWS if job.form == "csv" else AT_ONCE
    while not job.stopped.is_set():
        for some in _chunks(page.frames, at_once):
            wants = job.form != "csv" and number < PICTURES_MOST
            pictures = [await activity.picture(one.frame_id) if wants and one.has_picture else None for one in some]
            if job.stopped.is_set():
                break
            await run(_add, sheet, some, pictures, PICTURE_PX.get(job.form, 0))
            number += len(some)
            told(number)
        if not page.after or job.form == "pdf":
            break
        page = await activity.listed(job.which, page.after, PAGE_ROWS)
    return Written(number, is_cut=bool(page.after))


def _note(job: Job, summary: Summary, *, is_cut: bool) -> str:
    """``is_cut``: there are more frames than a PDF takes."""
    if is_cut:
        more = _tr("Only the newest {most} are printed; CSV and HTML take all.").format(most=fmt.count(PDF_MOST))
    elif job.form == "html" and (summary.is_cut or summary.frames > PICTURES_MOST):
        more = _tr("Only the newest {most} have a picture here.").format(most=fmt.count(PICTURES_MOST))
    else:
        return job.note
    return f"{job.note} {more}"


def _chunks(frames: Sequence[Listed], size: int) -> Iterator[Sequence[Listed]]:
    return (frames[first : first + size] for first in range(0, len(frames), size))


def _add(sheet: Sheet, frames: Sequence[Listed], pictures: Sequence[bytes | None], side_px: int) -> None:
    sheet.add([(frame, jpeg and _small(jpeg, side_px)) for frame, jpeg in zip(frames, pictures, strict=True)])


def _small(jpeg: bytes, side_px: int) -> bytes | None:
    from app.images import small_jpeg

    try:
        return small_jpeg(jpeg, side_px)
    except PictureError:
        return None  # a damaged file is as good as none


def _let_go(job: Job, sheet: Sheet, thread: ThreadPoolExecutor) -> None:
    """Once nobody writes any more."""
    with thread:
        thread.submit(sheet.close)
    delete(job.part, missing_ok=True)


class CsvSheet:
    """As ``Sheet`` says, of plain values."""

    def __init__(self, part: Path) -> None:
        self._part = part

    def begin(self, note: str, summary: Summary) -> None:
        head = report_text.BOM + report_text.csv_lines([[column.csv for column in _CSV]])
        self._part.write_text(head, encoding="utf-8", newline="")

    def add(self, rows: Sequence[tuple[Listed, bytes | None]]) -> None:
        with self._part.open("a", encoding="utf-8", newline="") as file:
            file.write(report_text.csv_lines([getattr(frame, column.name) for column in _CSV] for frame, _ in rows))

    def end(self) -> None:
        """As it is."""

    def close(self) -> None:
        """Nothing is held open."""
