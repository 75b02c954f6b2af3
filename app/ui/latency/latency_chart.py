"""The chart of latencies. It brings pyqtgraph and numpy: imported by whoever is about to show it, never before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.latency import Period
from app.ui.latency import series
from app.ui.latency.chart_canvas import Canvas, Sheet, Stroke, parts_of
from app.ui.latency.chart_legend import ChartLegend, Entry, Style, failure_style, frames_style, own_style, series_style
from app.ui.latency.series import Line
from app.ui.support import formatting as fmt
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import add, wide
from app.ui.widgets.text import Text

# Its own clean-up walks every object of the program when that ends; Qt's parents do that work here.
pg.setConfigOptions(antialias=True, exitCleanup=False)

_AXIS_PX, _ROW_PX = 96, 24
_LEAST_TIMES_PX = 150
"""Of the times, with the axis below them."""
_MISSES_ROW = 2
_POINT_PX, _MARK_PX, _BESIDE_PX = 7, 11, 16
_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_LEAST_MS = 10
_MARGIN, _BELOW = 0.01, 0.03
"""Room at both ends of the time, and below 0, where points stand too."""
_GRID = 90
"""How much of the grid one sees, of 255."""
Role = QPalette.ColorRole


class LatencyChart(Card):
    """Times above, failures below on a row for each provider; what is pointed at is read out beside it.

    ``add_plots`` comes before anything is shown: the first of pyqtgraph's axes takes some ms of the loop for itself.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=12)
        self.lines: tuple[Line, ...] = ()
        self._period: Period | None = None
        self._looks: list[tuple[str, int, list[str]]] = []
        self._rows: list[str] = []
        self.legend = ChartLegend(self)
        self.view = pg.GraphicsLayoutWidget(parent=self)
        self.view.setAccessibleName(self.tr("Latency over time; the table below says the same"))
        self.view.ci.layout.setContentsMargins(0, 4, 8, 0)
        self.view.ci.layout.setSpacing(6)
        self.marks: dict[str, Any] = {}
        self._places: dict[str, list[tuple[float, int]]] = {}
        self.readout = Text("", self)
        self.readout.setAutoFillBackground(True)
        self.readout.setMargin(8)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.readout.hide()
        add(self.body, wide(self.view), self.legend)

    def add_plots(self) -> None:
        layout = self.view.ci
        left, bottom = pg.AxisItem("left"), pg.DateAxisItem(orientation="bottom")
        left.tickStrings = lambda values, _scale, _step: [_latency(value) for value in values]
        self.times = Plot(layout, 0, {"left": left, "bottom": bottom}, _AXIS_PX)
        self.misses = Plot(layout, _MISSES_ROW, {"left": pg.AxisItem("left")}, _AXIS_PX)
        self._pointers = [pg.InfiniteLine(angle=90, movable=False) for _ in (self.times, self.misses)]
        for plot, pointer in zip((self.times, self.misses), self._pointers, strict=True):
            plot.vb.addItem(pointer, ignoreBounds=True)
        self.canvas = Canvas(self.view.scene(), self)
        self.times.vb.sigResized.connect(lambda _: self._draw())
        self.view.scene().sigMouseMoved.connect(self._point)
        self.view.viewport().installEventFilter(self)
        self._show_rows([])
        self._unpoint()
        self._paint()

    # --- what is shown -------------------------------------------------------------------------------------------

    def show_lines(self, lines: tuple[Line, ...], period: Period, now_s: float) -> None:
        """Draw them over ``period`` up to now (Unix time)."""
        self.lines, self._period = lines, period
        since_s, margin_s = period.since_s(now_s), _MARGIN * period.length_s
        span = (since_s - margin_s, since_s + period.length_s + margin_s)
        failing = [line for line in reversed(lines) if line.whole.failed]
        top_ms = _round_up(1.02 * series.top_of(lines, _LEAST_MS))
        self.times.set_range(*span, -_BELOW * top_ms, top_ms)
        self.misses.set_range(*span, -0.6, max(len(failing) - 0.4, 0.4))
        self._show_misses(period, failing)
        looks = [(line.name, line.index, sorted(line.whole.failures)) for line in lines]
        if looks != self._looks:
            self._looks = looks
            self._paint_lines()
        self._draw()

    def _draw(self) -> None:
        """The series, over the times as they are seen now."""
        if self._period is None:
            return
        width_s, strokes = self._period.width_s, list[Stroke]()
        for line in self.lines:
            style, bins = self._style(line), line.bins
            p95 = parts_of(((timing.start_s, timing.p95_ms) for timing in bins), width_s)
            p50 = parts_of(((timing.start_s, timing.p50_ms) for timing in bins), width_s)
            solid = Qt.PenStyle.DotLine if line.is_of_frames else Qt.PenStyle.SolidLine
            outline = Symbols[style.shape]
            strokes += [
                Stroke(p95, QPen(style.colour, 1.2, Qt.PenStyle.DashLine), outline, _POINT_PX - 2, is_filled=False),
                Stroke(p50, QPen(style.colour, 2, solid), outline, _POINT_PX, is_filled=True),
            ]
        (begin_s, end_s), (bottom_ms, top_ms) = self.times.vb.state["targetRange"]
        sheet = Sheet(begin_s, end_s, bottom_ms, top_ms, tuple(strokes), self.times.vb.sceneBoundingRect())
        self.canvas.show_sheet(sheet, self.devicePixelRatioF())

    def _show_misses(self, period: Period, failing: list[Line]) -> None:
        """One row for each provider with a failure; of several kinds in one bin, one stands beside the other."""
        places: dict[str, list[tuple[float, int]]] = {}
        for row, line in enumerate(failing):
            for timing in line.bins:
                for place, word in enumerate(sorted(timing.failures), 1):
                    at_s = timing.start_s + period.width_s * place / (len(timing.failures) + 1)
                    places.setdefault(word, []).append((at_s, row))
        for gone in self.marks.keys() - places.keys():
            self.misses.vb.removeItem(self.marks.pop(gone))
        for word, found in places.items():
            if word not in self.marks:
                self.marks[word] = pg.ScatterPlotItem(size=_MARK_PX)
                self.misses.vb.addItem(self.marks[word])
            if found != self._places.get(word):
                self.marks[word].setData(*zip(*found, strict=True))
        self._places = places
        labels = [line.label for line in failing]
        if labels != self._rows:
            self._show_rows(labels)

    def _show_rows(self, labels: list[str]) -> None:
        """One for each that failed."""
        self._rows = labels
        self.misses.show(on=bool(labels))
        misses_px = len(labels) * _ROW_PX + 10 if labels else 0
        self.view.ci.layout.setRowFixedHeight(_MISSES_ROW, misses_px)
        self.view.setMinimumHeight(_LEAST_TIMES_PX + misses_px)  # the page scrolls before nobody can read them
        self.misses.axes["left"].setTicks([list(enumerate(labels))])

    # --- colours -------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "canvas"):
            self._paint()

    def _paint(self) -> None:
        """Everything in the colours of the palette."""
        palette = self.palette()
        self.view.setBackground(palette.color(Role.Base))
        for plot in (self.times, self.misses):
            plot.paint(palette, with_grid=plot is self.times)
        for pointer in self._pointers:
            pointer.setPen(pg.mkPen(palette.color(Role.Accent), width=1))
        told = self.readout.palette()
        told.setColor(Role.Window, palette.color(Role.ToolTipBase))
        told.setColor(Role.WindowText, palette.color(Role.ToolTipText))
        self.readout.setPalette(told)
        self._paint_lines()
        self._draw()

    def _paint_lines(self) -> None:
        """Failures and the legend in their colours and shapes; done when these change, not with every number."""
        for word, marks in self.marks.items():
            style = failure_style(word, self.palette())
            marks.setSymbol(style.shape)
            marks.setPen(pg.mkPen(style.colour, width=1.5))
            marks.setBrush(pg.mkBrush(_faint(style.colour)))
        self.legend.show_entries(self._entries())

    def _style(self, line: Line) -> Style:
        if line.name == series.OWN:
            return own_style(self.palette())
        return frames_style(self.palette()) if line.is_of_frames else series_style(line.index, self.palette())

    def _entries(self) -> list[Entry]:
        entries = []
        for line in self.lines:
            style, kind = self._style(line), Qt.PenStyle.DotLine if line.is_of_frames else Qt.PenStyle.SolidLine
            entries.append(Entry(line.label, style, Symbols[style.shape], kind))
        text = Style(self.palette().color(Role.Text), "")
        entries.append(Entry(self.tr("half are quicker"), text, QPainterPath(), Qt.PenStyle.SolidLine))
        entries.append(Entry(self.tr("95 % are quicker"), text, QPainterPath(), Qt.PenStyle.DashLine))
        kinds = sorted({word for line in self.lines for word in line.whole.failures})
        for word in kinds:
            style = failure_style(word, self.palette())
            entries.append(Entry(fmt.outcome(word)[0], style, Symbols[style.shape]))
        return entries

    # --- reading it ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "canvas"):
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
        told = series.reading(self.lines, start_s, width_s)
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


def _round_up(value: float) -> float:
    """The next value of a short row: axes that change with every number would be drawn anew with it."""
    unit = 10.0 ** math.floor(math.log10(value))
    return unit * next(step for step in _STEPS if unit * step >= value)


def _latency(value: float) -> str:
    return fmt.latency(round(value))


def _faint(colour: QColor) -> QColor:
    fainter = QColor(colour)
    fainter.setAlphaF(0.35)
    return fainter


class Plot:
    """A view box with its axes, in a row of ``layout``, the ``bottom`` axis in the next one.

    pyqtgraph's own ``PlotItem`` brings menus and forms along, 13 ms of the loop for each.
    """

    def __init__(self, layout: Any, row: int, axes: Mapping[str, Any], axis_px: int) -> None:
        self.vb = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.vb.disableAutoRange()
        self.axes = dict(axes)
        layout.addItem(self.axes["left"], row, 0)
        layout.addItem(self.vb, row, 1)
        if "bottom" in self.axes:
            layout.addItem(self.axes["bottom"], row + 1, 1)
        self.axes["left"].setWidth(axis_px)
        self.axes["left"].enableAutoSIPrefix(False)
        for axis in self.axes.values():
            axis.setZValue(0.5)
            axis.setStyle(maxTickLevel=0)  # a calmer grid, and half the time to draw it
            axis.linkToView(self.vb)

    def set_range(self, begin: float, end: float, bottom: float, top: float) -> None:
        """What is seen. Axes are drawn anew only when that has changed."""
        wanted = [[begin, end], [bottom, top]]
        if self.vb.state["targetRange"] != wanted:
            self.vb.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def paint(self, palette: QPalette, *, with_grid: bool) -> None:
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Mid)))
            axis.setTextPen(pg.mkPen(palette.color(QPalette.ColorRole.Text)))
            axis.setGrid(_GRID if with_grid else False)

    def show(self, *, on: bool) -> None:
        for item in (self.vb, *self.axes.values()):
            item.setVisible(on)
