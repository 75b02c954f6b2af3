"""The chart of latencies. It brings pyqtgraph and numpy: imported by whoever is about to show it, never before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.latency import Period
from app.ui import latency_view, words
from app.ui.latency_view import Line
from app.ui.widgets.card import Card
from app.ui.widgets.chart_legend import ChartLegend, Entry
from app.ui.widgets.chart_style import Style, failure_style, own_style, series_style
from app.ui.widgets.text import Text

# Its own clean-up walks every object of the program when that ends; Qt's parents do that work here.
pg.setConfigOptions(antialias=True, exitCleanup=False)

_AXIS_PX, _ROW_PX = 96, 24
_POINT_PX, _MARK_PX, _BESIDE_PX = 7, 11, 16
Role = QPalette.ColorRole


class _Curves:
    """One line of the chart: the median with its points, and the 95th percentile, dashed."""

    def __init__(self, plot: Any) -> None:
        self.p50, self.p95 = pg.PlotDataItem(connect="finite"), pg.PlotDataItem(connect="finite")
        for item in (self.p95, self.p50):
            plot.addItem(item)

    def show(self, line: Line, width_s: int) -> None:
        for item, values in (
            (self.p50, [(timing.start_s, timing.p50_ms) for timing in line.bins]),
            (self.p95, [(timing.start_s, timing.p95_ms) for timing in line.bins]),
        ):
            item.setData(*_points(values, width_s))

    def paint(self, style: Style, *, is_own: bool) -> None:
        solid = Qt.PenStyle.DotLine if is_own else Qt.PenStyle.SolidLine
        self.p50.setPen(pg.mkPen(style.colour, width=2, style=solid))
        self.p95.setPen(pg.mkPen(style.colour, width=1.2, style=Qt.PenStyle.DashLine))
        for item, brush in ((self.p50, style.colour), (self.p95, None)):
            item.setSymbol(style.shape)
            item.setSymbolSize(_POINT_PX if item is self.p50 else _POINT_PX - 2)
            item.setSymbolPen(pg.mkPen(style.colour, width=1.2))
            item.setSymbolBrush(pg.mkBrush(brush) if brush is not None else pg.mkBrush(None))

    def take_off(self, plot: Any) -> None:
        for item in (self.p50, self.p95):
            plot.removeItem(item)


class LatencyChart(Card):
    """Times above, failures below on a row for each provider; what is pointed at is read out beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=12)
        self.lines: tuple[Line, ...] = ()
        self._period: Period | None = None
        self._curves: dict[str, _Curves] = {}
        self._looks: list[tuple[str, int, list[str]]] = []
        self._rows: list[str] = []
        self.legend = ChartLegend(self)
        self.view = pg.GraphicsLayoutWidget(parent=self)
        self.view.setAccessibleName(self.tr("Latency over time; the table below says the same"))
        self.view.ci.layout.setContentsMargins(0, 4, 8, 0)
        self.view.ci.layout.setSpacing(6)
        self.times = self._plot(0, {"bottom": pg.DateAxisItem(orientation="bottom")})
        self.misses = self._plot(1, {})
        self.times.getAxis("left").tickStrings = lambda values, _scale, _step: [_latency(value) for value in values]
        self.misses.getAxis("bottom").hide()
        self.misses.setXLink(self.times)
        self.misses.setVisible(False)
        self.marks: dict[str, Any] = {}
        self._pointers = [pg.InfiniteLine(angle=90, movable=False) for _ in (self.times, self.misses)]
        for plot, pointer in zip((self.times, self.misses), self._pointers, strict=True):
            plot.addItem(pointer, ignoreBounds=True)
        self.readout = Text("", self)
        self.readout.setAutoFillBackground(True)
        self.readout.setMargin(8)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.legend)
        self.view.scene().sigMouseMoved.connect(self._point)
        self.view.viewport().installEventFilter(self)
        self._unpoint()
        self._paint()

    def _plot(self, row: int, axes: dict[str, Any]) -> Any:
        plot = self.view.addPlot(row=row, col=0, axisItems=axes, enableMenu=False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.disableAutoRange()
        plot.getAxis("left").setWidth(_AXIS_PX)
        plot.getAxis("left").enableAutoSIPrefix(False)
        return plot

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_lines(self, lines: tuple[Line, ...], period: Period, now_s: float) -> None:
        """Draw them over ``period`` up to now (Unix time)."""
        self.lines, self._period = lines, period
        names = {line.name for line in lines}
        for gone in self._curves.keys() - names:
            self._curves.pop(gone).take_off(self.times)
        for line in lines:
            if line.name not in self._curves:
                self._curves[line.name] = _Curves(self.times)
            self._curves[line.name].show(line, period.width_s)
        since_s = period.since_s(now_s)
        highest = max((timing.p95_ms or 0 for line in lines for timing in line.bins), default=0)
        self.times.setXRange(since_s, since_s + period.length_s, padding=0.01)
        self.times.setYRange(0, 1.08 * max(highest, 10), padding=0)
        self._show_misses(period)
        looks = [(line.name, line.index, sorted(line.whole.failures)) for line in lines]
        if looks != self._looks:
            self._looks = looks
            self._paint_lines()

    def _show_misses(self, period: Period) -> None:
        """One row for each provider with a failure; of several kinds in one bin, one stands beside the other."""
        failing = [line for line in reversed(self.lines) if line.whole.failed]
        places: dict[str, list[tuple[float, int]]] = {}
        for row, line in enumerate(failing):
            for timing in line.bins:
                for place, word in enumerate(sorted(timing.failures), 1):
                    at_s = timing.start_s + period.width_s * place / (len(timing.failures) + 1)
                    places.setdefault(word, []).append((at_s, row))
        for gone in self.marks.keys() - places.keys():
            self.misses.removeItem(self.marks.pop(gone))
        for word, found in places.items():
            if word not in self.marks:
                self.marks[word] = pg.ScatterPlotItem(size=_MARK_PX)
                self.misses.addItem(self.marks[word])
            self.marks[word].setData(*zip(*found, strict=True))
        labels = [line.label for line in failing]
        if labels != self._rows:
            self._rows = labels
            self.misses.setVisible(bool(labels))
            self.misses.setFixedHeight(len(labels) * _ROW_PX + 10 if labels else 0)
            self.misses.setYRange(-0.6, max(len(labels) - 0.4, 0.4), padding=0)
            self.misses.getAxis("left").setTicks([list(enumerate(labels))])

    # --- colours -------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "readout"):
            self._paint()

    def _paint(self) -> None:
        """Everything in the colours of the palette."""
        palette = self.palette()
        self.view.setBackground(palette.color(Role.Base))
        for plot in (self.times, self.misses):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(palette.color(Role.Mid)))
                axis.setTextPen(pg.mkPen(palette.color(Role.Text)))
            plot.showGrid(x=plot is self.times, y=plot is self.times, alpha=0.35)
        for pointer in self._pointers:
            pointer.setPen(pg.mkPen(palette.color(Role.Accent), width=1))
        told = self.readout.palette()
        told.setColor(Role.Window, palette.color(Role.ToolTipBase))
        told.setColor(Role.WindowText, palette.color(Role.ToolTipText))
        self.readout.setPalette(told)
        self._paint_lines()

    def _paint_lines(self) -> None:
        """Series and failures in their colours and shapes; done when these change, not with every number."""
        for line in self.lines:
            self._curves[line.name].paint(self._style(line), is_own=line.is_own)
        for word, marks in self.marks.items():
            style = failure_style(word, self.palette())
            marks.setSymbol(style.shape)
            marks.setPen(pg.mkPen(style.colour, width=1.5))
            marks.setBrush(pg.mkBrush(_faint(style.colour)))
        self.legend.show_entries(self._entries())

    def _style(self, line: Line) -> Style:
        return own_style(self.palette()) if line.is_own else series_style(line.index, self.palette())

    def _entries(self) -> list[Entry]:
        entries = []
        for line in self.lines:
            style, kind = self._style(line), Qt.PenStyle.DotLine if line.is_own else Qt.PenStyle.SolidLine
            entries.append(Entry(line.label, style, Symbols[style.shape], kind))
        text = Style(self.palette().color(Role.Text), "")
        entries.append(Entry(self.tr("half are quicker (p50)"), text, QPainterPath(), Qt.PenStyle.SolidLine))
        entries.append(Entry(self.tr("95 % are quicker (p95)"), text, QPainterPath(), Qt.PenStyle.DashLine))
        kinds = sorted({word for line in self.lines for word in line.whole.failures})
        for word in kinds:
            style = failure_style(word, self.palette())
            entries.append(Entry(words.outcome(word)[0], style, Symbols[style.shape]))
        return entries

    # --- reading it ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._unpoint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._unpoint()
        return super().eventFilter(watched, event)

    def _point(self, place: QPointF) -> None:
        """The mouse is at ``place`` of the scene."""
        box = self.times.vb.sceneBoundingRect()
        if self._period is None or not box.left() <= place.x() <= box.right():
            self._unpoint()
            return
        width_s = self._period.width_s
        start_s = math.floor(self.times.vb.mapSceneToView(place).x() / width_s) * width_s
        told = latency_view.reading(self.lines, start_s, width_s)
        if not told:
            self._unpoint()
            return
        for pointer in self._pointers:
            pointer.setValue(start_s + width_s / 2)
            pointer.show()
        self._show_readout("\n".join(told), self.view.mapTo(self, self.view.mapFromScene(place)).x())

    def _show_readout(self, text: str, at_px: int) -> None:
        self.readout.setText(text)
        self.readout.adjustSize()
        left = at_px + _BESIDE_PX
        if left + self.readout.width() > self.width():
            left = at_px - _BESIDE_PX - self.readout.width()
        self.readout.move(max(0, left), self.view.y())
        self.readout.show()
        self.readout.raise_()

    def _unpoint(self) -> None:
        self.readout.hide()
        for pointer in self._pointers:
            pointer.hide()


def _points(values: Sequence[tuple[float, int | None]], width_s: int) -> tuple[list[float], list[float]]:
    """Abscissae (the middles of the bins) and ordinates; no line leads over bins of which nothing is known."""
    xs, ys, last_s = list[float](), list[float](), -math.inf
    for start_s, latency_ms in values:
        if latency_ms is None:
            continue
        if xs and start_s - last_s > width_s:
            xs.append(last_s + width_s)
            ys.append(math.nan)
        xs.append(start_s + width_s / 2)
        ys.append(float(latency_ms))
        last_s = start_s
    return xs, ys


def _latency(value: float) -> str:
    return words.latency(round(value))


def _faint(colour: QColor) -> QColor:
    fainter = QColor(colour)
    fainter.setAlphaF(0.35)
    return fainter
