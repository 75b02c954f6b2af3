"""A rounded surface that holds what belongs together."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QWidget

from app.ui.widgets.layouts import vbox
from app.ui.widgets.text import Heading

RADIUS_PX = 10.0


class Card(QFrame):
    """``body`` is its layout, top to bottom, ``title`` its heading."""

    def __init__(self, parent: QWidget | None = None, *, title: str = "", margin_px: int = 16) -> None:
        super().__init__(parent)
        self.body = vbox(gap=10, on=self, margins=(margin_px, margin_px, margin_px, margin_px))
        if title:
            self.body.addWidget(Heading(title, self, steps=1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1.0))
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
