"""Shows a problem report before it is copied or saved."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.log.problem_report import FILE_NAME
from app.ui.widgets.buttons import Button
from app.ui.widgets.choose_file import choose_to_write, writing
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import add, hbox, wide
from app.ui.widgets.text import Text

_SIZE_PX = (760, 560)


class ProblemReport(Dialog):
    """The text can be changed: what should not be told is taken out by hand."""

    def __init__(self, report: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report a problem"))
        self.resize(*_SIZE_PX)
        told = self.tr(
            "This is all that the report tells; nothing is sent. Keys, names and folders are left out. Read it, take "
            "out what nobody should know, then save or copy it."
        )
        self.told = Text(told, self, wrap=True)
        self.text = QPlainTextEdit(report, self)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("The report"))
        self.copy = Button(self.tr("Copy"), "copy", self)
        self.save = Button(self.tr("Save"), "", self, primary=True)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose)
        add(self.column, self.told, wide(self.text), hbox(wide(self.refusal), self.button_box(self.copy, self.save)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.refusal.tell(self.tr("Copied."), "good")

    def _choose(self) -> None:
        choose_to_write(self, self.tr("Save the report"), FILE_NAME, (self.tr("Text files (*.txt)"),), self._save)

    def _save(self, path: Path) -> None:
        self.work(self._saved(path), "save the report", self.save)

    async def _saved(self, path: Path) -> None:
        with writing():
            await asyncio.to_thread(path.write_text, self.text.toPlainText(), encoding="utf-8")
        self.refusal.tell(self.tr("Saved as {file}.").format(file=path.name), "good")
