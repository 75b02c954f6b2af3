"""Instead of an empty page: what it is for, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, Part, hbox, vbox
from app.ui.widgets.text import Drawing, Heading, Quiet

TEXT_PX, DRAWING_PX, LEAST_PX = 440, 64, 300
_EDGE_PX = 9


class EmptyState(QWidget):
    """``button`` is the next step."""

    def __init__(self, drawing: str, title: str, text: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.text = Heading(title, self), Quiet(text, self, wrap=True)
        self.button = Button(action, "add", self, primary=True)
        self.setMinimumWidth(LEAST_PX)
        self.text.setFixedWidth(TEXT_PX)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # rows of their own: a layout's alignment flag would take away a wrapped text's height
        picture = Drawing(drawing, DRAWING_PX, self)
        rows = (hbox(STRETCH, one, STRETCH) for one in (picture, self.title, self.text, self.button))
        vbox(Part(None, 2), *rows, Part(None, 3), gap=12, on=self, margins=(_EDGE_PX, _EDGE_PX, _EDGE_PX, _EDGE_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.text.setFixedWidth(min(TEXT_PX, event.size().width() - 2 * _EDGE_PX))
