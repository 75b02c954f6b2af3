"""The first page of a PDF of frames: what they add up to, as numbers, bars and hours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.ui.activity.export_front import Front
from app.ui.support import formatting as fmt

INK, QUIET, LINE, BAR = QColor("#1b2330"), QColor("#5b6575"), QColor("#cfd4dd"), QColor("#2459d6")
_GAP, _ROUND, _LEAST_BARS, _MOST_BARS = 16.0, 10.0, 8, 12
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def paint(painter: QPainter, told: Front, top: float, width: float, font: QFont) -> None:
    """From ``top`` on, ``width`` wide; ``font``: that of the words."""
    _Boxes(painter, font, width).paint(told, top)


class _Boxes:
    """Tiles in a row, below them the charts in another."""

    def __init__(self, painter: QPainter, font: QFont, width: float) -> None:
        self._painter, self._font, self._width = painter, font, width
        self._small, self._large = QFont(font), QFont(font)
        self._small.setPointSizeF(0.72 * font.pointSizeF())
        self._large.setPointSizeF(2 * font.pointSizeF())
        self._large.setWeight(QFont.Weight.DemiBold)
        self._line = QFontMetricsF(font, painter.device()).height()
        self._large_line = QFontMetricsF(self._large, painter.device()).height()

    def paint(self, told: Front, top: float) -> None:
        tile_px = self._line + self._large_line + 2 * _GAP
        for place, (name, value) in zip(self._row(len(told.tiles), top, tile_px), told.tiles, strict=True):
            self._box(place)
            inside = place.adjusted(_GAP, _GAP, -_GAP, -_GAP)
            self._text(inside, name, QUIET, font=self._small)
            self._text(inside.adjusted(0, self._line, 0, 0), value, INK, font=self._large)
        rows = max((min(len(rows), _MOST_BARS) for _, rows in told.charts), default=0)
        chart_px = (max(rows, _LEAST_BARS) + 1) * 1.5 * self._line + 2 * _GAP
        places = self._row(len(told.charts) + 1, top + tile_px + _GAP, chart_px)
        for place, (title, counts) in zip(places, told.charts, strict=False):
            self._bars(self._titled(place, title), counts[:_MOST_BARS])
        self._hours(self._titled(places[-1], told.hours_title), told.by_hour)

    def _row(self, number: int, top: float, height: float) -> list[QRectF]:
        """So many places side by side."""
        each = (self._width - (number - 1) * _GAP) / number
        return [QRectF(at * (each + _GAP), top, each, height) for at in range(number)]

    def _box(self, place: QRectF) -> None:
        self._painter.setPen(LINE)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(place, _ROUND, _ROUND)

    def _titled(self, place: QRectF, title: str) -> QRectF:
        """A box; what is left in it below its title."""
        self._box(place)
        inside = place.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        bold = QFont(self._font)
        bold.setWeight(QFont.Weight.DemiBold)
        self._text(inside, title, INK, font=bold)
        return inside.adjusted(0, 1.5 * self._line, 0, 0)

    def _bars(self, place: QRectF, counts: Sequence[tuple[str, int]]) -> None:
        """A line each: who, a bar, how many."""
        most, name_px, number_px = max(number for _, number in counts), 0.42 * place.width(), 0.16 * place.width()
        for at, (name, number) in enumerate(counts):
            line = QRectF(place.left(), place.top() + at * 1.5 * self._line, place.width(), self._line)
            self._text(QRectF(line.topLeft(), QPointF(line.left() + name_px - _GAP / 2, line.bottom())), name, INK)
            self._text(line, fmt.count(number), INK, _RIGHT)
            whole = line.adjusted(name_px, 0.25 * self._line, -number_px, -0.25 * self._line)
            self._bar(whole, LINE)
            whole.setWidth(whole.width() * number / most)
            self._bar(whole, BAR)

    def _hours(self, place: QRectF, by_hour: Sequence[int]) -> None:
        most, foot_px = max(by_hour, default=0) or 1, 1.2 * self._line
        each, height = place.width() / max(len(by_hour), 1), place.height() - foot_px
        for hour, number in enumerate(by_hour):
            tall = height * number / most
            left = place.left() + hour * each
            self._bar(QRectF(left + 0.1 * each, place.top() + height - tall, 0.8 * each, tall), BAR)
        foot = QRectF(place.left(), place.bottom() - self._line, place.width(), self._line)
        self._text(foot, "00:00", QUIET)
        self._text(foot, "23:00", QUIET, _RIGHT)

    def _bar(self, place: QRectF, colour: QColor) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRoundedRect(place, 3, 3)

    def _text(
        self, place: QRectF, text: str, colour: QColor, side: Qt.AlignmentFlag = _LEFT, font: QFont | None = None
    ) -> None:
        """In one line, shortened where there is no room."""
        font = font or self._font
        self._painter.setFont(font)
        self._painter.setPen(colour)
        metrics = QFontMetricsF(font, self._painter.device())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        self._painter.drawText(place, int(side | Qt.AlignmentFlag.AlignTop), shown)
