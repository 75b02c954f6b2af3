"""A date to type or to pick from a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPalette, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QSizePolicy, QToolButton, QWidget

from app.ui.support import formatting as fmt

_CALENDAR_PX = (300, 240)


class DayField(QDateEdit):
    """``name``: what a screen reader says. The wheel scrolls the page instead."""

    def __init__(self, name: str, day: date, parent: QWidget | None = None) -> None:
        super().__init__(QDate(day.year, day.month, day.day), parent)
        self.setCalendarPopup(True)
        self.setDisplayFormat(fmt.date_format())
        self.setDateRange(QDate(2000, 1, 1), QDate(2999, 12, 31))
        self.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(name)
        calendar = self.calendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setMinimumSize(*_CALENDAR_PX)
        for button, sign in (("qt_calendar_prevmonth", "‹"), ("qt_calendar_nextmonth", "›")):
            if (step := calendar.findChild(QToolButton, button)) is not None:
                step.setIcon(QIcon())  # Qt's own is black, on dark too
                step.setText(sign)
        self._colour()

    def day(self) -> date:
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def show_day(self, day: date) -> None:
        self.setDate(QDate(day.year, day.month, day.day))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _colour(self) -> None:
        """Weekends are days like others: the red of Qt cannot be read on dark."""
        plain = QTextCharFormat()
        plain.setForeground(QGuiApplication.palette().brush(QPalette.ColorRole.Text))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendarWidget().setWeekdayTextFormat(day, plain)
