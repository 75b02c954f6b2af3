"""Which frames the activity tab is about: whose, of what time, with what words, and how they were marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.core.local_day import day_start
from app.store.history.filters import Filter
from app.ui.activity.day_field import DayField
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.text import Quiet

TYPED_MS = 300
"""So long nobody types before it is searched."""
TODAY, DAY, DAYS, ALL, BETWEEN = "today", "day", "days", "all", "between"
DEFAULT_PERIOD = DAYS
DAYS_SHOWN = 3


class ActivityFilter(QWidget):
    """Emits ``changed`` when ``value`` is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.profile, self.period, self.marks = QComboBox(self), QComboBox(self), QComboBox(self)
        today = datetime.now().astimezone().date()
        self.begin, self.end = DayField(self.tr("From"), today, self), DayField(self.tr("To"), today, self)
        self.search = QLineEdit(self, placeholderText=self.tr("Search in answers (Ctrl+F)"), clearButtonEnabled=True)
        self.search.setMaxLength(200)
        self.search.setMinimumWidth(120)
        self.search.setAccessibleName(self.tr("Search in answers"))
        self._to = Quiet(self.tr("to"), self)
        self._typing = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._fill()
        choice = (self.profile, self.period, self.begin, self._to, self.end)
        hbox(*choice, wide(self.search), self.marks, gap=8, on=self)
        self._show_dates()
        self._connect()

    def _fill(self) -> None:
        self.profile.setAccessibleName(self.tr("Profile"))
        self.profile.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.profile.setMinimumContentsLength(9)
        self.profile.addItem(self.tr("All profiles"), None)
        self.period.setAccessibleName(self.tr("Period"))
        for text, period in (
            (self.tr("Today"), TODAY), (self.tr("Last 24 hours"), DAY), (self.tr("Last 3 days"), DAYS),
            (self.tr("All time"), ALL), (self.tr("From … to"), BETWEEN),
        ):  # fmt: skip
            self.period.addItem(text, period)
        self.period.setCurrentIndex(self.period.findData(DEFAULT_PERIOD))
        self.marks.setAccessibleName(self.tr("Marked"))
        for text, mark in (
            (self.tr("Marked or not"), None), (self.tr("Favourites"), "favourite"), (self.tr("Thumbs up"), 1),
            (self.tr("Thumbs down"), -1),
        ):  # fmt: skip
            self.marks.addItem(text, mark)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda: self._typing.start())
        self.search.returnPressed.connect(self._typed)
        self._typing.timeout.connect(self.changed)
        self.period.currentIndexChanged.connect(self._show_dates)
        for box in (self.profile, self.period, self.marks):
            box.currentIndexChanged.connect(self.changed)
        for field in (self.begin, self.end):
            field.dateChanged.connect(self.changed)

    def _typed(self) -> None:
        self._typing.stop()
        self.changed.emit()

    def _show_dates(self) -> None:
        shown = self.period.currentData() == BETWEEN
        for widget in (self.begin, self._to, self.end):
            widget.setVisible(shown)

    # --- what is asked for ---------------------------------------------------------------------------------------

    def value(self) -> Filter:
        """As it stands now; a period begins and ends at midnight, local time, where days are meant."""
        since, until = self._between()
        mark = self.marks.currentData()
        return Filter(
            username=self.profile.currentData(),
            since=since,
            until=until,
            text=self.search.text().strip(),
            favourite=True if mark == "favourite" else None,
            thumb=mark if mark in (1, -1) else None,
        )

    def _between(self) -> tuple[datetime | None, datetime | None]:
        now, period = datetime.now().astimezone(), self.period.currentData()
        if period == TODAY:
            return day_start(now.date()), None
        if period in (DAY, DAYS):
            return now - timedelta(days=1 if period == DAY else DAYS_SHOWN), None
        if period == BETWEEN:
            days = sorted((self.begin.day(), self.end.day()))
            return day_start(days[0]), day_start(days[1] + timedelta(days=1))
        return None, None

    @property
    def is_narrow(self) -> bool:
        """Whether something other than the period is asked for."""
        value = self.value()
        return bool(value.username or value.text or value.favourite or value.thumb)

    def show_profiles(self, names: Iterable[str]) -> None:
        """Offer ``names``; one that is gone and was chosen gives way to all."""
        wanted = [None, *names]
        if [self.profile.itemData(index) for index in range(self.profile.count())] == wanted:
            return
        chosen = self.profile.currentData()
        was_blocked = self.blockSignals(True)
        while self.profile.count() > 1:
            self.profile.removeItem(1)
        for name in wanted[1:]:
            self.profile.addItem(str(name), name)
        self.profile.setCurrentIndex(max(0, wanted.index(chosen) if chosen in wanted else 0))
        self.blockSignals(was_blocked)
        if self.profile.currentData() != chosen:
            self.changed.emit()

    def choose_day(self, day: date) -> None:
        """Show that day alone."""
        was_blocked = self.blockSignals(True)
        for field in (self.begin, self.end):
            field.show_day(day)
        self.period.setCurrentIndex(self.period.findData(BETWEEN))
        self.blockSignals(was_blocked)
        self.changed.emit()

    def clear(self) -> None:
        """Ask for everything."""
        was_blocked = self.blockSignals(True)
        self.search.clear()
        self.profile.setCurrentIndex(0)
        self.marks.setCurrentIndex(0)
        self.period.setCurrentIndex(self.period.findData(ALL))
        self.blockSignals(was_blocked)
        self._typed()
