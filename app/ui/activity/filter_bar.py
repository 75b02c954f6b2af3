"""Which frames the activity tab is about: whose, of what time, with what words, and how they were marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.local_day import day_start
from app.store.history.filters import Filter
from app.ui.activity.day_field import DayField
from app.ui.widgets.choices import Choices
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
        self.profile = Choices(self.tr("Profile"), self, (self.tr("All profiles"), None), chars=9)
        self.period = Choices(
            self.tr("Period"), self,
            (self.tr("Today"), TODAY), (self.tr("Last 24 hours"), DAY), (self.tr("Last 3 days"), DAYS),
            (self.tr("All time"), ALL), (self.tr("From … to"), BETWEEN),
        )  # fmt: skip
        self.period.choose(DEFAULT_PERIOD)
        self.marks = Choices(
            self.tr("Marked"), self,
            (self.tr("Marked or not"), None), (self.tr("Favourites"), "favourite"), (self.tr("Thumbs up"), 1),
            (self.tr("Thumbs down"), -1),
        )  # fmt: skip
        today = datetime.now().astimezone().date()
        self.begin, self.end = DayField(self.tr("From"), today, self), DayField(self.tr("To"), today, self)
        self.search = QLineEdit(self, placeholderText=self.tr("Search in answers (Ctrl+F)"), clearButtonEnabled=True)
        self.search.setMaxLength(200)
        self.search.setMinimumWidth(120)
        self.search.setAccessibleName(self.tr("Search in answers"))
        self._to = Quiet(self.tr("to"), self)
        self._typing = QTimer(self, singleShot=True, interval=TYPED_MS)
        choice = (self.profile, self.period, self.begin, self._to, self.end)
        hbox(*choice, wide(self.search), self.marks, gap=8, on=self)
        self._show_dates()
        self._connect()

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
        self.profile.offer([(self.tr("All profiles"), None), *((name, name) for name in names)])

    def choose_day(self, day: date) -> None:
        """Show that day alone."""
        with QSignalBlocker(self):
            for field in (self.begin, self.end):
                field.show_day(day)
            self.period.choose(BETWEEN)
        self.changed.emit()

    def clear(self) -> None:
        """Ask for everything."""
        with QSignalBlocker(self):
            self.search.clear()
            self.profile.setCurrentIndex(0)
            self.marks.setCurrentIndex(0)
            self.period.choose(ALL)
        self._typed()
