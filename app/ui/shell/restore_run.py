"""A restore asked for in the window: between the closing of the program and its opening again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.core.errors import StoreError
from app.core.tasks import spawn
from app.paths import DataFolder
from app.store.database.backup import Manifest
from app.store.database.restore import exclusive, is_copy, restore
from app.ui.shell.restoring_dialog import Restoring
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.support.theme import Tone
from app.ui.support.thread_progress import Stopped, ThreadProgress

_tr = partial(QCoreApplication.translate, "restoring")


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
