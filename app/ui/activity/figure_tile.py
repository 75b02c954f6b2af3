"""A number that can be pressed: it opens the frames behind it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.support.theme import TINT, focus_ring
from app.ui.widgets.card import RADIUS_PX

_EDGE_PX, _GAP_PX = 14, 2
_STEPS = 6
_LEAST_PX, _MOST_WORDS_PX = 104, 150


class FigureButton(QAbstractButton):
    """Enter presses it as Space does. A click alone checks nothing: whoever hears it does, or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def nextCheckState(self) -> None:  # noqa: N802  Qt's name
        """See above."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def mark(self, painter: QPainter, box: QRectF, radius_px: float) -> None:
        """A tint where it is chosen, a ring where it has the focus."""
        painter.setPen(focus_ring(self.palette()) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(TINT if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius_px, radius_px)


class FigureTile(FigureButton):
    """``caption`` above, the value large, a note of second rank behind the caption or below."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self.value, self.note = caption, "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figure(self, value: str, note: str = "", told: str = "") -> None:
        """``told``: the tool tip, else the note."""
        self.setToolTip(told or note)
        if (value, note) == (self.value, self.note):
            return
        self.value, self.note = value, note
        self.setAccessibleName(f"{self._caption}: {value}")
        self.setAccessibleDescription(note)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics, large = self.fontMetrics(), QFontMetrics(self._large())
        height = metrics.height() + large.height() + metrics.height() + 2 * _GAP_PX + 2 * _EDGE_PX - 8
        return QSize(max(_LEAST_PX, self._words_px()) + 2 * _EDGE_PX, height)

    def minimumSizeHint(self) -> QSize:
        """As wide as its words, but for a note that is a sentence."""
        return QSize(min(self._words_px(), _MOST_WORDS_PX) + 2 * _EDGE_PX, self.sizeHint().height())

    def _words_px(self) -> int:
        metrics, large = self.fontMetrics(), QFontMetrics(self._large())
        return max(*map(metrics.horizontalAdvance, (self._caption, self.note)), large.horizontalAdvance(self.value))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Accent if self.isChecked() or self.underMouse() else QPalette.ColorRole.Mid
        painter.setPen(self.palette().color(role))
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Base))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        self.mark(painter, box, RADIUS_PX)
        metrics, large = self.fontMetrics(), QFontMetrics(self._large())
        width, top = self.width() - 2 * _EDGE_PX, _EDGE_PX - 4
        top = self._line(painter, self._caption, top, metrics, width, quiet=True)
        painter.setFont(self._large())
        top = self._line(painter, self.value, top + _GAP_PX, large, width, quiet=False)
        painter.setFont(self.font())
        self._line(painter, self.note, top + _GAP_PX, metrics, width, quiet=True)

    def _line(self, painter: QPainter, text: str, top: int, metrics: QFontMetrics, width: int, *, quiet: bool) -> int:
        role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.WindowText
        painter.setPen(self.palette().color(role))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(_EDGE_PX, top, width, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return top + metrics.height()

    def _large(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() + _STEPS)
        font.setWeight(QFont.Weight.DemiBold)
        return font
