"""Where to write a file: asked without a loop of its own, and never over a file that is there without a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.blacklist.dialogs import ReplaceFile
from app.ui.support import run_task


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
