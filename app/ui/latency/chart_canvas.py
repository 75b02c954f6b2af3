"""Lines over time as one picture, drawn one line a turn of the loop: all of them at once, smooth and dashed, would hold
it for 20 ms at every painting."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene

Points = Sequence[tuple[float, float]]
"""Seconds (Unix time) and milliseconds."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """``parts`` are lines of their own: none leads from one to the next. ``outline``: of a point, one unit wide."""

    parts: tuple[Points, ...]
    pen: QPen
    outline: QPainterPath
    point_px: float
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn, and on what: the span of time (Unix seconds) and of values (ms), over ``box`` of the scene."""

    begin_s: float
    end_s: float
    bottom_ms: float
    top_ms: float
    strokes: tuple[Stroke, ...]
    box: QRectF

    def place(self, at_s: float, value_ms: float) -> QPointF:
        """Where it is, in pixels from the box's corner."""
        x = (at_s - self.begin_s) / (self.end_s - self.begin_s) * self.box.width()
        return QPointF(x, self.box.height() * (self.top_ms - value_ms) / (self.top_ms - self.bottom_ms))


class Canvas(QObject):
    """Lies over its scene; a sheet comes in sight when all of it is drawn."""

    def __init__(self, scene: QGraphicsScene, parent: QObject) -> None:
        super().__init__(parent)
        self._item = QGraphicsPixmapItem()
        self._item.setZValue(1)  # the grid lies below
        self._item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        scene.addItem(self._item)
        self.sheet: Sheet | None = None
        self._picture, self._left = QPixmap(), list[Stroke]()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._draw_next)

    def show_sheet(self, sheet: Sheet, ratio: float) -> None:
        """Draw ``sheet``, ``ratio`` device pixels to one of the scene."""
        self.sheet = sheet
        self._picture = QPixmap((sheet.box.size() * ratio).toSize())
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        self._left = list(sheet.strokes)
        self._turns.start()

    @property
    def is_drawing(self) -> bool:
        """Whether what is in sight is older than the sheet."""
        return self._turns.isActive()

    def _draw_next(self) -> None:
        if self.sheet is None or not self._left:
            self._finish()
            return
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw(painter, self._left.pop(0), self.sheet)
        painter.end()

    def _finish(self) -> None:
        self._turns.stop()
        if self.sheet is not None:
            self._item.setPos(self.sheet.box.topLeft())
            self._item.setPixmap(self._picture)


def _draw(painter: QPainter, stroke: Stroke, sheet: Sheet) -> None:
    ratio = painter.device().devicePixelRatio()
    mark = _mark(stroke, ratio)
    half = QPointF(mark.width(), mark.height()) / (2 * ratio)
    painter.setPen(stroke.pen)
    for part in stroke.parts:
        places = [sheet.place(*point) for point in part]
        painter.drawLines([QLineF(one, other) for one, other in itertools.pairwise(places)])
        for place in places:
            painter.drawPixmap(place - half, mark)


def _mark(stroke: Stroke, ratio: float) -> QPixmap:
    """A point of the line."""
    side = round((stroke.point_px + 4) * ratio)
    mark = QPixmap(side, side)
    mark.setDevicePixelRatio(ratio)
    mark.fill(Qt.GlobalColor.transparent)
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / ratio / 2, side / ratio / 2)
    painter.scale(stroke.point_px, stroke.point_px)
    pen = QPen(stroke.pen.color(), 1.2)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(QBrush(stroke.pen.color() if stroke.is_filled else QColor(Qt.GlobalColor.transparent)))
    painter.drawPath(stroke.outline)
    painter.end()
    return mark


def parts_of(values: Iterable[tuple[float, int | None]], width_s: int) -> tuple[Points, ...]:
    """Points at the middles of bins ``width_s`` wide, in parts: no line leads over bins of which nothing is known."""
    parts, last_s = list[list[tuple[float, float]]](), 0.0
    for start_s, latency_ms in values:
        if latency_ms is None:
            continue
        if not parts or start_s - last_s > width_s:
            parts.append([])
        parts[-1].append((start_s + width_s / 2, float(latency_ms)))
        last_s = start_s
    return tuple(tuple(part) for part in parts)
