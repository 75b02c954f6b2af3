"""Where to write a file: asked without a loop of its own, and never over a file that is there without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import InvalidValue
from app.ui.support import run_task
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel


def choose_to_write(
    parent: QWidget, title: str, name: str, filters: Sequence[str], chosen: Callable[[Path], None]
) -> None:
    """``chosen`` gets the file later, once it is new or may be replaced. ``name``: offered, with its suffix.

    Qt's own question about replacing would spin a loop of its own: it is asked by ourselves.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters([*filters, QCoreApplication.translate("files", "All files (*)")])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setDefaultSuffix(name.rpartition(".")[2])
    dialog.selectFile(name)

    async def check(path: Path) -> None:
        if not await asyncio.to_thread(path.exists):
            chosen(path)
            return

        async def replace() -> None:
            chosen(path)

        ReplaceFile(path, replace, parent).open()

    def begin(file: str) -> None:
        run_task.start(check(Path(file)), name="look whether a file is there", owner=parent, refused=lambda _: None)

    dialog.fileSelected.connect(begin)
    dialog.open()


class ReplaceFile(FormDialog):
    """A file of that name is there: ``write`` replaces it once that is wanted."""

    def __init__(self, path: Path, write: Callable[[], Awaitable[None]], parent: QWidget) -> None:
        super().__init__(parent)
        self._write = write
        self.ask(self.tr("Replace the file?"), self.tr("Replace"))
        self.cancel_button.setDefault(True)  # Enter does no harm
        self.cancel_button.setFocus()
        told = self.tr("{file} is there already. What it holds would be gone.").format(file=path.name)
        self.form.addRow(StateLabel(told, "warn", self, wrap=True))

    async def submit(self) -> None:
        try:
            await self._write()
        except OSError as error:
            raise InvalidValue(
                self.tr("The file could not be written: {why}.").format(why=error.strerror or error)
            ) from error
