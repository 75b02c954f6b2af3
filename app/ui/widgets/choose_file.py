"""Which file to read or write: asked without a loop of its own, and never over one that is there without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import InvalidValue
from app.ui.support import run_task
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel


def choose_to_read(parent: QWidget, title: str, filters: Sequence[str], chosen: Callable[[Path], None]) -> None:
    """``chosen`` gets the file later."""
    dialog = _dialog(parent, title, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.open()


def choose_to_write(
    parent: QWidget, title: str, name: str, filters: Sequence[str], chosen: Callable[[Path], None]
) -> None:
    """``chosen`` gets the file later, once it is new or may be replaced. ``name``: offered, with its suffix.

    Qt's own question about replacing would spin a loop of its own: it is asked by ourselves.
    """
    dialog = _dialog(parent, title, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog.setDirectory(documents if Path(documents).is_dir() else str(Path.home()))
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.selectFile(name)

    async def check(path: Path) -> None:
        if await asyncio.to_thread(path.exists):
            ReplaceFile(path, lambda: chosen(path), parent).open()
        else:
            chosen(path)

    def begin(file: str) -> None:
        run_task.start(check(Path(file)), name="look whether a file is there", owner=parent, refused=lambda _: None)

    dialog.fileSelected.connect(begin)
    dialog.open()


def _dialog(parent: QWidget, title: str, filters: Sequence[str]) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([*filters, QCoreApplication.translate("files", "All files (*)")])
    return dialog


@contextmanager
def writing() -> Iterator[None]:
    """Raises ``InvalidValue`` with why a file could not be written, where the system would raise ``OSError``."""
    try:
        yield
    except OSError as error:
        text = QCoreApplication.translate("files", "The file could not be written: {why}.")
        raise InvalidValue(text.format(why=error.strerror or error)) from error


class ReplaceFile(FormDialog):
    """A file of that name is there: ``replace`` is called once that is wanted."""

    def __init__(self, path: Path, replace: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._replace = replace
        self.ask(self.tr("Replace the file?"), self.tr("Replace"), harmful=True)
        told = self.tr("{file} is there already. What it holds would be gone.").format(file=path.name)
        self.form.addRow(StateLabel(told, "warn", self, wrap=True))

    async def submit(self) -> None:
        self._replace()
