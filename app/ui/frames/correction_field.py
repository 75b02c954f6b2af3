"""Where somebody writes what an answer should have been."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox, vbox


class CorrectionField(QWidget):
    """Out of sight until it is opened. ``written``: the text to keep, "" for none. ``left``: it was closed."""

    written = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setAccessibleName(self.tr("What the answer should have been"))
        self.line.setPlaceholderText(self.tr("What it should have said; empty takes the correction away"))
        self.keep = Button(self.tr("Keep correction"), "good", self)
        self.cancel = Button(self.tr("Cancel"), "", self)
        vbox(self.line, hbox(self.keep, self.cancel, STRETCH, gap=8), gap=8, on=self)
        self.keep.clicked.connect(lambda: self.written.emit(self.line.text().strip()))
        self.cancel.clicked.connect(self.leave)
        self.hide()

    def open(self, text: str) -> None:
        """Begin with ``text``."""
        self.line.setText(text)
        self.line.selectAll()
        self.show()
        self.line.setFocus()

    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps what is written, Escape closes this alone: the dialog hears of neither."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
