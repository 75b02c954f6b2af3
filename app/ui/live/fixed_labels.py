"""Texts that change many times a second: painted in a place of fixed size; a label would lay the page out anew."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.support import icons
from app.ui.support.theme import Tone, tone_colour

_SIGN_PX, _GAP_PX = 16, 7


class FixedLabel(QWidget):
    """One line, as wide as ``chars`` letters (0: as there is room); a longer text is cut with an ellipsis.

    ``quiet``: of second rank; ``is_title``: larger, and bold.
    """

    def __init__(
        self, chars: int, parent: QWidget | None = None, *, quiet: bool = False, is_title: bool = False
    ) -> None:
        super().__init__(parent)
        if is_title:
            font = QFont(self.font())
            font.setPointSizeF(font.pointSizeF() + 2)
            font.setWeight(QFont.Weight.DemiBold)
            self.setFont(font)
        self._text, self._chars = "", chars
        self._role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.WindowText
        across = QSizePolicy.Policy.Minimum if chars else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * self._chars, max(metrics.height(), _SIGN_PX) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._role))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._fitting(self.width()))

    def _fitting(self, width_px: int) -> str:
        return self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, width_px)


class FixedStateLabel(FixedLabel):
    """A sign and a text of ``chars`` letters, at the right end of its place."""

    def __init__(self, chars: int, parent: QWidget | None = None) -> None:
        super().__init__(chars, parent)
        self._tone: Tone = "idle"

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(_SIGN_PX + _GAP_PX, 0)

    def show_state(self, text: str, tone: Tone) -> None:
        if tone != self._tone:
            self._tone = tone
            self.update()
        self.show_text(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self._fitting(self.width() - _SIGN_PX - _GAP_PX)
        text_px = self.fontMetrics().horizontalAdvance(text)
        sign = QRect(self.width() - text_px - _GAP_PX - _SIGN_PX, (self.height() - _SIGN_PX) // 2, _SIGN_PX, _SIGN_PX)
        colour = tone_colour(self._tone, self.palette())
        painter.drawPixmap(sign, icons.pixmap(self._tone, colour, _SIGN_PX, self.devicePixelRatioF()))
        painter.setPen(self.palette().color(self._role))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
