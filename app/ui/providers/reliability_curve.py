"""A provider's claims against what became of them, as a picture: on the dashed line it is as right as it says."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.routing.reliability import Bin
from app.ui.support import formatting as fmt
from app.ui.support.theme import focus_ring

_SIDE_PX, _EDGE_PX, _POINT_PX = 132, 8, 4
_MOST_BAR = 0.3
"""Of the height, for the fullest bin's bar."""
_TICKS = (0.0, 0.5, 1.0)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
Role = QPalette.ColorRole


class ReliabilityCurve(QWidget):
    """Across, what was claimed; up, the share that was right; bars at the foot, how many answers.

    ``pointed`` tells the place of the bin that the mouse or the arrow keys are at, -1 for none.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: tuple[Bin, ...] = ()
        self.at = -1
        """The place of what is pointed at."""
        self.setAccessibleName(self.tr("How sure it said it was, and how often it was right"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_bins(self, bins: tuple[Bin, ...]) -> None:
        if bins != self.bins:
            self.bins = bins
            self._point(-1)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._left_px() * 3 // 2 + _SIDE_PX, _EDGE_PX + _SIDE_PX + self.fontMetrics().height() + 4)

    # --- what is pointed at --------------------------------------------------------------------------------------

    def _point(self, place: int) -> None:
        if place != self.at:
            self.at = place
            self.pointed.emit(place)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        claimed = (event.position().x() - self._box().left()) / self._box().width()
        self._point(next((at for at, one in enumerate(self.bins) if one.least <= claimed < one.most), -1))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self.bins:
            super().keyPressEvent(event)
        else:
            self._point(min(max(self.at + step, 0), len(self.bins) - 1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point(-1)
        super().focusOutEvent(event)

    # --- how it is painted ---------------------------------------------------------------------------------------

    def _left_px(self) -> int:
        return self.fontMetrics().horizontalAdvance(fmt.percent(1.0)) + 6

    def _box(self) -> QRectF:
        return QRectF(self._left_px(), _EDGE_PX, _SIDE_PX, _SIDE_PX)

    def _spot(self, claimed: float, right: float) -> QPointF:
        box = self._box()
        return QPointF(box.left() + claimed * box.width(), box.bottom() - right * box.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        self._paint_bars(painter)
        self._paint_line(painter)
        if self.hasFocus():
            painter.setPen(focus_ring(self.palette()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_axes(self, painter: QPainter) -> None:
        box, palette = self._box(), self.palette()
        height = self.fontMetrics().height()
        for share in _TICKS:
            painter.setPen(palette.color(Role.Mid))
            painter.drawLine(self._spot(0, share), self._spot(1, share))
            painter.drawLine(self._spot(share, 0), self._spot(share, 1))
            painter.setPen(palette.color(Role.PlaceholderText))
            beside = QRectF(0, self._spot(0, share).y() - height / 2, box.left() - 5, height)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight, fmt.percent(share))
            below = QRectF(self._spot(share, 0).x() - _SIDE_PX / 2, box.bottom() + 3, _SIDE_PX, height)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, fmt.percent(share))
        painter.setPen(QPen(palette.color(Role.PlaceholderText), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(self._spot(0, 0), self._spot(1, 1))

    def _paint_bars(self, painter: QPainter) -> None:
        most = max((one.labels for one in self.bins), default=1)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, one in enumerate(self.bins):
            painter.setBrush(self.palette().color(Role.Dark if place == self.at else Role.Mid))
            bar = QRectF(self._spot(one.least, _MOST_BAR * one.labels / most), self._spot(one.most, 0))
            painter.drawRect(bar.adjusted(1.5, 0, -1.5, -0.5))

    def _paint_line(self, painter: QPainter) -> None:
        spots = [self._spot((one.least + one.most) / 2, one.right_share) for one in self.bins]
        accent = self.palette().color(Role.Accent)
        painter.setPen(QPen(accent, 2))
        painter.drawPolyline(spots)
        painter.setBrush(accent)
        for place, spot in enumerate(spots):
            size = _POINT_PX * (1.6 if place == self.at else 1.0)
            painter.drawEllipse(spot, size, size)
