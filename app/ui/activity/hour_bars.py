"""The busiest hours: 24 bars, each a button; arrow keys go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.activity.figure_tile import FigureButton
from app.ui.support import formatting as fmt
from app.ui.widgets.layouts import hbox, wide

HOURS = 24
_LABELLED = 6
_BARS_PX = 58
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -HOURS, Qt.Key.Key_End: HOURS}


class HourBar(FigureButton):
    """One hour of the day."""

    def __init__(self, hour: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.hour, self.number, self._most = hour, 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if hour == 0 else Qt.FocusPolicy.ClickFocus)

    def show_number(self, number: int, most: int) -> None:
        if (number, most) == (self.number, self._most) and self.accessibleName():
            return
        self.number, self._most = number, most
        told = self.tr("{begin}:00 to {end}:00: {frames}")
        self.setAccessibleName(
            told.format(begin=f"{self.hour:02}", end=f"{(self.hour + 1) % HOURS:02}", frames=fmt.frames(number))
        )
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(8, _BARS_PX + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(6, 40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _STEPS:
            event.ignore()  # a button would take them for the Tab key's; the row of bars knows better
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        foot = self.height() - self.fontMetrics().height() - 3
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(1, 1, self.width() - 2, foot)
        if self.underMouse():
            painter.setBrush(self.palette().brush(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, 3, 3)
        self.mark(painter, box, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        role = QPalette.ColorRole.Accent if self.number else QPalette.ColorRole.Mid
        painter.setBrush(self.palette().brush(role))
        height = max(2.0, (foot - 6) * self.number / self._most) if self.number else 2.0
        painter.drawRoundedRect(QRectF(2, foot - 2 - height, max(2, self.width() - 4), height), 1.5, 1.5)


class HourBars(QWidget):
    """Emits ``chosen`` with an hour, local time. One stop of the Tab key; Left and Right go on from there."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.bars = [HourBar(hour, self) for hour in range(HOURS)]
        hbox(*map(wide, self.bars), gap=0, on=self)
        for bar in self.bars:
            bar.clicked.connect(lambda _=False, hour=bar.hour: self._choose(hour))

    def show_hours(self, numbers: Sequence[int], checked: int | None) -> None:
        most = max(numbers, default=0)
        for bar, number in zip(self.bars, numbers, strict=True):
            bar.show_number(number, most)
            bar.setChecked(bar.hour == checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What a bar does not know comes here."""
        at = next((bar.hour for bar in self.bars if bar.hasFocus()), -1)
        steps = _STEPS.get(Qt.Key(event.key()))
        if at < 0 or steps is None:
            super().keyPressEvent(event)
            return
        self._stop_at(min(max(at + steps, 0), HOURS - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        height = self.fontMetrics().height()
        for hour in range(0, HOURS, _LABELLED):
            place = QRect(self.bars[hour].x() + 2, self.height() - height, self.width() // 4, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, f"{hour:02}:00")

    def _choose(self, hour: int) -> None:
        self._stop_at(hour)
        self.chosen.emit(hour)

    def _stop_at(self, hour: int) -> None:
        for bar in self.bars:
            bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus if bar.hour == hour else Qt.FocusPolicy.ClickFocus)
        self.bars[hour].setFocus(Qt.FocusReason.TabFocusReason)
