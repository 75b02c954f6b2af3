"""Instead of an empty page: what it is for, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.support import icons
from app.ui.widgets.buttons import Button
from app.ui.widgets.text import Heading, Quiet

TEXT_PX = 440


class EmptyState(QWidget):
    """``button`` is the next step."""

    def __init__(self, drawing: str, title: str, text: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._picture = QLabel(self)
        self.title, self.text = Heading(title, self), Quiet(text, self, wrap=True)
        self.button = Button(action, "add", self, primary=True)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        self.text.setFixedWidth(TEXT_PX)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self._picture, self.title, self.text, self.button):
            column.addLayout(_centred(widget))
        column.addStretch(3)

    def paintEvent(self, event: object) -> None:
        colour = self.palette().color(QPalette.ColorRole.Accent)
        self._picture.setPixmap(icons.pixmap(self._drawing, colour, 64, self.devicePixelRatioF()))


def _centred(widget: QWidget) -> QHBoxLayout:
    """A row of its own: a layout's alignment flag would take away a wrapped text's height."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget)
    row.addStretch(1)
    return row
