"""The glasses' display as the wearer sees it: five lines of 24 characters, then ``...``; one colour on black."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.text.plain_text import LINE_CHARS, LINES, lines

_GLASS, _LIGHT, _DIM = QColor("#0b0d10"), QColor("#f2f5f0"), QColor("#6f776f")  # the device's own, in every scheme
_OVER = QColor(11, 13, 16, 214)
_EDGE_PX, _OVER_EDGE_PX = 14, 9


class DisplayPreview(QWidget):
    """Shows ``text`` cut into lines as the phone cuts it. ``is_over``: it lies on a picture, and is no taller than what
    it says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._rows, self._dim, self.is_over = "", [""], False, False
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() + 1)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("On the glasses"))

    def show_text(self, text: str, *, dim: bool = False) -> None:
        """``dim``: it is not an answer, but a word about its absence."""
        if (text, dim) == (self._text, self._dim):
            return
        self._text, self._rows, self._dim = text, lines(text), dim
        self.setAccessibleDescription("\n".join(self._rows))
        self.update()

    def rows(self) -> list[str]:
        """The lines as they stand there."""
        return self._rows

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance("0") * LINE_CHARS + 2 * self._edge_px
        rows = len(self._rows) if self.is_over else LINES + 1
        return QSize(round(width) + 1, round(metrics.lineSpacing() * rows) + 2 * self._edge_px)

    @property
    def _edge_px(self) -> int:
        return _OVER_EDGE_PX if self.is_over else _EDGE_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if self.is_over else self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(_OVER if self.is_over else _GLASS)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)
        painter.setPen(_DIM if self._dim else _LIGHT)
        metrics = QFontMetricsF(self.font())
        for index, row in enumerate(self._rows):
            top = self._edge_px + metrics.ascent() + index * metrics.lineSpacing()
            painter.drawText(QPointF(self._edge_px, top), row)
