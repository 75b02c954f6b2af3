"""A restore asked for in the window: between the closing of the program and its opening again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from app.core.errors import StoreError
from app.core.tasks import spawn
from app.paths import DataFolder
from app.store.database.backup import Manifest
from app.store.database.restore import exclusive, is_copy, restore
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.support.theme import Tone
from app.ui.support.thread_progress import STEPS, Stopped, ThreadProgress
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox, vbox
from app.ui.widgets.state_label import StateLabel

_tr = partial(QCoreApplication.translate, "restoring")
PATIENCE_MS = 300
WIDTH_PX = 520


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told once the window is back."""

    sentence: str
    tone: Tone


class RestoreRun:
    """From ``source`` into ``folder``. Made while the program still runs: it can be given up at once."""

    def __init__(self, source: Path, taken: frozenset[str], folder: DataFolder, window: QWidget) -> None:
        """``taken``: the names of what may change of the network."""
        self._source, self._taken, self._folder = source, taken, folder
        self._dialog = Restoring(window)
        self._steps = ThreadProgress(self._dialog.tell)
        self._dialog.cancelled.connect(self._steps.stop)
        self._dialog.open()

    async def run(self, quit_wanted: asyncio.Event) -> Outcome:
        """The program is closed: do it. Whatever fails has changed nothing, and its sentence is the outcome."""
        self._dialog.begin(self._source.name)
        if quit_wanted.is_set():
            self._steps.stop()
        watch = spawn(quit_wanted.wait(), name="an end while a backup is restored")
        watch.add_done_callback(lambda _: self._steps.stop())
        try:
            made = await asyncio.to_thread(self._restore)
        except StoreError as error:
            return Outcome(_tr("Nothing was restored, everything is as it was. {why}").format(why=said(error)), "bad")
        except Stopped:
            return Outcome(_tr("The restore was cancelled: everything is as it was."), "warn")
        finally:
            watch.cancel()
            self._dialog.hide()
            self._dialog.deleteLater()
        return Outcome(made, "good")

    def _restore(self) -> str:
        self._steps(0, 1)  # it may have been given up already
        with exclusive(self._folder):
            made = restore(self._folder, self._source, self._steps, self._taken)
        return _told(made, alone=is_copy(self._source))


def _told(made: Manifest, *, alone: bool) -> str:
    if alone:
        return _tr("The copy of the database is restored; the pictures stay as they are.")
    return _tr("The backup is restored, pictures: {pictures}.").format(pictures=fmt.count(made.pictures))


class Restoring(QDialog):
    """Stands before a window with nothing in it. Emits ``cancelled``; the button comes once it takes its time."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.setMinimumWidth(WIDTH_PX)
        self.told = StateLabel(self.tr("The server finishes its frames and stops…"), "busy", self, wrap=True)
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.setAccessibleName(self.tr("How much is restored"))
        self.cancel = Button(self.tr("Cancel"), "close", self)
        policy = self.cancel.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.cancel.setSizePolicy(policy)
        self.cancel.hide()
        self.cancel.clicked.connect(self.reject)
        vbox(self.told, self.progress, hbox(STRETCH, self.cancel), gap=14, on=self, margins=(20, 18, 20, 18))
        QTimer.singleShot(PATIENCE_MS, self, self.cancel.show)

    def reject(self) -> None:
        """Escape and the window's own close button too: it stays until nothing more is done."""
        if self.cancel.isEnabled():
            self.cancel.setEnabled(False)
            self.told.show_state(self.tr("Everything stays as it is…"), "busy")
            self.cancelled.emit()

    def begin(self, file: str) -> None:
        """The program is closed: now the file is read."""
        if self.cancel.isEnabled():
            self.told.show_state(self.tr("Reading {file}").format(file=file), "busy")
        self.progress.setRange(0, STEPS)

    def tell(self, step: int) -> None:
        """Of ``STEPS``; after the last one it is put into place, and there is no way back."""
        self.progress.setValue(step)
        if step >= STEPS:
            self.progress.setRange(0, 0)
            self.cancel.setEnabled(False)
            self.told.show_state(self.tr("Putting it into place…"), "busy")
