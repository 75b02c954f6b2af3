"""How long each provider takes, how often it fails, and what the server adds by itself."""

from __future__ import annotations

import asyncio
import gc
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.core.events import FrameAnswered, FrameCompleted, FrameFailed, HistoryChanged, ProvidersChanged
from app.core.latency import DAY, HOUR, QUARTER, THREE_DAYS, FrameTiming, Latencies, Period, timing_of
from app.ui.latency import series
from app.ui.latency.series import Line
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.choose_file import choose_to_write, writing
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.layouts import PAGE, STRETCH, hbox, pages, vbox, wide
from app.ui.widgets.table import Table
from app.ui.widgets.text import Quiet

if TYPE_CHECKING:
    from app.ui.latency.latency_chart import LatencyChart

PAINT_MS = 500
"""The shortest time between two paintings: one takes as long as decoding a picture."""
MOVE_MS = 5_000
"""How often the time axis moves on when nothing happens."""
LATEST_S = 600
"""A frame that ends while the history is read came in no longer ago."""
_CHART, _EMPTY, _WAIT = 0, 1, 2


class LatencyTab(Tab):
    """Reads the history when it is shown, and counts on with every frame that ends."""

    name = "latency"
    title = QT_TRANSLATE_NOOP("LatencyTab", "Latency")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._period: Period = QUARTER
        self._latencies: Latencies | None = None
        self._loading: dict[str, FrameTiming] | None = None
        """What was heard while the history is read, by frame; None: it is not being read."""
        self._wanted = 0
        """Grows with every wish to read the history anew."""
        self._lines: tuple[Line, ...] = ()
        self._hidden: frozenset[str] = frozenset()
        self.chart: LatencyChart | None = None
        self._painting = QTimer(self, singleShot=True, interval=PAINT_MS)
        self._painting.timeout.connect(self._show)
        self._moving = QTimer(self, interval=MOVE_MS)
        self._moving.timeout.connect(self._show)
        self.periods: dict[Period, Button] = {}
        self.csv, self.png = Button(self.tr("CSV…"), "save", self), Button(self.tr("PNG…"), "save", self)
        self.table = self._table()
        self.empty = EmptyState("latency", "", "", self.tr("Look at Live"), self)
        self.empty.button.show_as(self.tr("Look at Live"), "live")
        self.waiting = Quiet(self.tr("Reading the history…"), self)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = pages(self._filled(), self.empty, self.waiting)
        self._pages.setCurrentIndex(_WAIT)
        vbox(self._top(), wide(self._pages), gap=12, on=self, margins=PAGE)
        self._connect()

    # --- laying out ----------------------------------------------------------------------------------------------

    def _table(self) -> Table:
        titles = (
            self.tr("Provider"), self.tr("Calls"), self.tr("Half within"), self.tr("95 % within"),
            self.tr("Failed"), self.tr("Share"), self.tr("Why"),
        )  # fmt: skip
        return Table(titles, len(titles) - 1, self.tr("Latency of each provider"), self)

    def _top(self) -> QHBoxLayout:
        group = QButtonGroup(self)
        for period, text in (
            (QUARTER, self.tr("15 minutes")), (HOUR, self.tr("1 hour")), (DAY, self.tr("24 hours")),
            (THREE_DAYS, self.tr("3 days")),
        ):  # fmt: skip
            button = self.periods[period] = Button(text, "", self)
            button.setCheckable(True)
            button.setChecked(period == self._period)
            group.addButton(button)
            button.clicked.connect(lambda _=False, chosen=period: self._choose(chosen))
        self.csv.setToolTip(self.tr("Save the numbers as a table"))
        self.png.setToolTip(self.tr("Save the chart as a picture"))
        return hbox(*self.periods.values(), STRETCH, self.csv, self.png, gap=8)

    def _filled(self) -> QWidget:
        holder = QWidget(self)
        note = self.tr("Times are until the words are there; whole: until the end of replies whose words came first. "
                       "Only calls that were answered count, at the time when their frame came in. This server: what a "
                       "frame takes beside its calls, its wait for the frame before it included.")  # fmt: skip
        self._column = vbox(self.table, Quiet(note, holder, wrap=True), gap=12, on=holder)
        return holder

    def _connect(self) -> None:
        self.table.rows.switched.connect(self._switch)
        self.csv.clicked.connect(lambda: self._ask_where("csv"))
        self.png.clicked.connect(lambda: self._ask_where("png"))
        self.empty.button.clicked.connect(lambda: self.tab_wanted.emit("live"))
        self.bridge.on(FrameAnswered, self._ended, self)
        self.bridge.on(FrameCompleted, self._ended, self)
        self.bridge.on(FrameFailed, self._ended, self)
        self.bridge.on(HistoryChanged, self._history_changed, self)
        self.bridge.on(ProvidersChanged, lambda _: self._arm(), self)

    def _switch(self, name: str, on: bool) -> None:
        """Draw the series of that name, or leave it out."""
        self._hidden = self._hidden - {name} if on else self._hidden | {name}
        self._show()

    # --- reading -------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self._moving.start()
        if self._latencies is None:
            self.refresh()
        else:
            self._show()

    def hideEvent(self, event: object) -> None:
        self._moving.stop()

    def refresh(self) -> None:
        """Read the history anew."""
        self._wanted += 1
        if self._loading is None:
            self._loading = {}
            self.work(self._load(), "read the latencies")

    def _choose(self, period: Period) -> None:
        self._period = period
        self._latencies = None
        self._pages.setCurrentIndex(_WAIT)
        self.refresh()

    def _history_changed(self, _: object) -> None:
        self._latencies = None
        if self.isVisible():
            self.refresh()

    async def _load(self) -> None:
        """When it is wanted again meanwhile (another period, frames deleted), it is read again."""
        try:
            if self.chart is None:
                self.chart = await self._make_chart()
            given = -1
            while given != self._wanted:
                given = self._wanted
                self._latencies = await self._read(self._period)
        finally:
            self._loading = None
        self._show()

    async def _make_chart(self) -> LatencyChart:
        """Half a second of imports in a thread; what must be made here is made in two turns of the loop."""
        chart = (await asyncio.to_thread(_import_chart))(self)
        self._column.insertWidget(0, chart, 1)
        await asyncio.sleep(0)
        chart.add_plots()
        await asyncio.sleep(0)
        return chart

    async def _read(self, period: Period) -> Latencies:
        latencies, known = Latencies(period), dict[str, FrameTiming]()
        recent_s = time.time() - LATEST_S

        def take(frame: FrameTiming) -> None:
            if frame.received_s >= recent_s:
                known[frame.frame_id] = frame
            latencies.add(frame)

        since = datetime.fromtimestamp(period.since_s(time.time()), UTC)
        await self.services.store.activity.each_timing(since, take)
        for frame in (self._loading or {}).values():
            if frame.frame_id not in known:
                latencies.add(frame)
            elif known[frame.frame_id].whole_ms is None:
                latencies.complete(frame)
        return latencies

    def _ended(self, event: FrameAnswered | FrameCompleted | FrameFailed) -> None:
        if self._loading is not None:
            self._loading[event.frame.frame_id] = timing_of(event)
        elif self._latencies is not None:
            count = self._latencies.complete if isinstance(event, FrameCompleted) else self._latencies.add
            count(timing_of(event))
            self._arm()

    # --- what is shown -------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self.isVisible() and not self._painting.isActive():
            self._painting.start()

    def _show(self) -> None:
        latencies, now_s = self._latencies, time.time()
        if latencies is None or self.chart is None or not self.isVisible() or self.window().isMinimized():
            return
        latencies.move_to(now_s)
        order = [config.name for config in self.services.store.providers.all()]
        self._lines = series.lines_of(latencies, order, self.services.provider_label)
        self._pages.setCurrentIndex(_CHART if self._lines else _EMPTY)
        for button in (self.csv, self.png):
            button.setEnabled(bool(self._lines))
        if not self._lines:
            self._show_nothing()
            return
        shown = tuple(line for line in self._lines if line.name not in self._hidden)
        self.chart.show_lines(shown, latencies.period, now_s)
        known = self.table.rows.names
        self.table.show_rows(
            {line.name: series.row_of(line, shown=line.name not in self._hidden) for line in self._lines}
        )
        if self.table.rows.names != known:
            self.table.clearSelection()  # nothing is done with a row
        self.table.setFixedHeight(self._table_px())

    def _show_nothing(self) -> None:
        self.empty.title.setText(
            self.tr("No frame in the last {period}").format(period=self.periods[self._period].text())
        )
        self.empty.text.setText(
            self.tr("Choose a longer time above, or let the glasses send one: it appears here at once.")
        )

    def _table_px(self) -> int:
        """As high as its rows, at most five of them: the chart takes what is left."""
        row_px = self.table.verticalHeader().defaultSectionSize()
        return self.table.horizontalHeader().sizeHint().height() + min(len(self._lines), 5) * row_px + 4

    # --- saving --------------------------------------------------------------------------------------------------

    def _ask_where(self, form: str) -> None:
        title = self.tr("Save the numbers") if form == "csv" else self.tr("Save the chart")
        kinds = self.tr("Tables (*.csv)") if form == "csv" else self.tr("Pictures (*.png)")
        choose_to_write(self, title, f"latency.{form}", [kinds], lambda path: self._save(path, form))

    def _save(self, path: Path, form: str) -> None:
        button = self.csv if form == "csv" else self.png
        if form == "csv":
            text = series.as_csv(self._lines, self._period.width_s)
            self.work(self._write(path, text), "save the latencies", button)
        elif self.chart is not None:
            self.work(self._write(path, self.chart.grab().toImage()), "save the chart", button)

    async def _write(self, path: Path, what: str | QImage) -> None:
        with writing():
            await asyncio.to_thread(_write, path, what)
        self.saved.emit(self.tr("Saved as {file}.").format(file=path.name), path)

    def shut(self) -> None:
        self._painting.stop()
        self._moving.stop()


def _import_chart() -> type[LatencyChart]:
    """In a thread. The collector walks none of it, now or later: that would hold everybody up for 15 ms."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        from app.ui.latency.latency_chart import LatencyChart

        gc.freeze()
    finally:
        if was_on:
            gc.enable()
    return LatencyChart


def _write(path: Path, what: str | QImage) -> None:
    """In a thread. Raises ``OSError``."""
    if isinstance(what, str):
        path.write_text(what, encoding="utf-8", newline="")
        return
    writer = QImageWriter(str(path), QByteArray(b"PNG"))
    if not writer.write(what):
        raise OSError(0, writer.errorString())
