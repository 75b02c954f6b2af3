"""Exports from the activity tab: asks where to, writes one at a time, tells how it went."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.store.history.filters import Filter
from app.ui.activity.exports import PDF_MOST, Form, Job, export
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support import run_task
from app.ui.widgets import choose_file
from app.ui.widgets.export_bar import ExportBar


class ExportController(QObject):
    """``told``: a sentence and its tone. ``saved``: one about a file. ``busy``: whether one is being written."""

    told = Signal(str, str)
    saved = Signal(str, Path)
    busy = Signal(bool)

    def __init__(self, services: Services, bar: ExportBar, label: Callable[[str], str], owner: QWidget) -> None:
        super().__init__(owner)
        self._services, self._bar, self._label, self._owner = services, bar, label, owner
        self._stopped = threading.Event()
        self.is_busy = False
        bar.cancel.clicked.connect(self.stop)

    def ask(self, form: Form, which: Filter, shown: str, frames: int) -> None:
        """Ask where to write the frames of ``which``; ``shown`` tells what was narrowed down to, "" nothing.

        ``frames``: how many there are, 0 where nobody knows.
        """
        filters = {
            "csv": self.tr("Spreadsheets (*.csv)"), "html": self.tr("Web pages (*.html)"),
            "pdf": self.tr("PDF (*.pdf)"),
        }  # fmt: skip
        name = f"frames-{datetime.now().astimezone():%Y-%m-%d}.{form}"
        note = self._note(which, shown)

        def begin(path: Path) -> None:
            self._begin(Job(form, path, which, self.tr("Frames"), note, self._label, threading.Event()), frames)

        choose_file.choose_to_write(self._owner, self.tr("Export frames"), name, (filters[form],), begin)

    def stop(self) -> None:
        """Write no more; the file is not made."""
        self._stopped.set()

    def _note(self, which: Filter, shown: str) -> str:
        parts = [which.username or self.tr("all profiles")]
        if which.since is not None:
            parts.append(self.tr("since {time}").format(time=fmt.day_and_time(which.since)))
        if which.until is not None:
            parts.append(self.tr("until {time}").format(time=fmt.day_and_time(which.until)))
        if which.text:
            parts.append(self.tr("with “{text}”").format(text=which.text))
        if which.favourite:
            parts.append(self.tr("favourites"))
        if which.thumb:
            parts.append(self.tr("thumbs up") if which.thumb > 0 else self.tr("thumbs down"))
        parts += [shown] if shown else []
        made = self.tr("Made {time}.").format(time=fmt.day_and_time(datetime.now().astimezone()))
        return f"{', '.join(parts)}. {made}"

    def _begin(self, job: Job, frames: int) -> None:
        self._stopped = job.stopped
        steps = min(frames, PDF_MOST) if job.form == "pdf" else frames
        self._bar.begin(self.tr("Writing {file}").format(file=job.path.name), steps)
        self._become(busy=True)
        run_task.start(self._write(job), name="export frames", owner=self._owner, refused=self._refuse)

    async def _write(self, job: Job) -> None:
        try:
            with choose_file.writing():
                written = await export(self._services.store.activity, job, self._bar.tell)
        finally:
            self._bar.end()
            self._become(busy=False)
        if written is None:
            self.told.emit(self.tr("The export was cancelled: no file was written."), "warn")
            return
        text = self.tr("Written to {file}: {frames}.").format(frames=fmt.frames(written.frames), file=job.path.name)
        if written.is_cut:
            more = self.tr("A PDF takes the newest {most} alone; CSV and HTML take all.")
            text = f"{text} {more.format(most=fmt.count(PDF_MOST))}"
        self.saved.emit(text, job.path)

    def _become(self, *, busy: bool) -> None:
        self.is_busy = busy
        self.busy.emit(busy)

    def _refuse(self, sentence: str) -> None:
        self.told.emit(sentence, "bad")
