"""What the lines and marks of a chart stand for, told apart by colour, by the shape of points and the kind of line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.support.theme import is_dark, tone_colour

_SAMPLE_PX, _MARK_PX, _GAP_PX, _BETWEEN_PX = 30, 9, 7, 20

# Okabe and Ito's set, which people who see few colours can tell apart, darkened or lightened for its ground
_LIGHT = ("#0068a8", "#c14f00", "#007d58", "#a8488a", "#7a5c00", "#3f7fb3")
_DARK = ("#56b4e9", "#ff9a4d", "#2fcf9f", "#f08cc8", "#f0e442", "#9cc3ff")
_SHAPES = ("o", "s", "t1", "d", "t", "p", "h", "star")
FRAMES_SHAPE, OWN_SHAPE = "x", "+"

FAILURE_SHAPES = {
    "timeout": "x", "overload": "t", "rate": "s", "quota": "d", "auth": "o", "billing": "star", "region": "p",
    "bad_reply": "h", "model_gone": "t1", "no_vision": "t2", "bad_request": "t3", "blocked": "crosshair",
    "truncated": "arrow_down", "empty": "|", "image_rejected": "arrow_up",
}  # fmt: skip
OTHER_FAILURE_SHAPE = "+"


@dataclass(frozen=True, slots=True)
class Style:
    """``shape``: as pyqtgraph names it."""

    colour: QColor
    shape: str


def series_style(index: int, palette: QPalette) -> Style:
    """Of the provider at ``index``: two that share a colour do not share a shape."""
    colours = _DARK if is_dark(palette) else _LIGHT
    return Style(QColor(colours[index % len(colours)]), _SHAPES[index % len(_SHAPES)])


def own_style(palette: QPalette) -> Style:
    """Of the server itself."""
    return Style(palette.color(QPalette.ColorRole.PlaceholderText), OWN_SHAPE)


def frames_style(palette: QPalette) -> Style:
    """Of what the wearer waits."""
    return Style(palette.color(QPalette.ColorRole.WindowText), FRAMES_SHAPE)


def failure_style(word: str, palette: QPalette) -> Style:
    """Of one kind of failure."""
    return Style(tone_colour("bad", palette), FAILURE_SHAPES.get(word, OTHER_FAILURE_SHAPE))


@dataclass(frozen=True, slots=True)
class Entry:
    """``outline``: its shape, one unit wide; ``line``: how it is drawn through, None for a mark alone."""

    text: str
    style: Style
    outline: QPainterPath
    line: Qt.PenStyle | None = None


class ChartLegend(QWidget):
    """Entries one behind the other, in as many rows as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("What the lines and marks mean"))

    def show_entries(self, entries: Sequence[Entry]) -> None:
        moved = [entry.text for entry in entries] != [entry.text for entry in self.entries]
        self.entries = tuple(entries)
        self.setAccessibleDescription(", ".join(entry.text for entry in entries))
        if moved:
            self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return places[-1].bottom() + 1 if places else 0

    def sizeHint(self) -> QSize:
        return QSize(600, self.heightForWidth(self.width() or 600))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for entry, place in zip(self.entries, self._places(self.width()), strict=True):
            self._paint(painter, entry, place)

    def _paint(self, painter: QPainter, entry: Entry, place: QRect) -> None:
        sample_px = _sample_px(entry)
        centre = QPointF(place.left() + sample_px / 2, place.center().y() + 1)
        if entry.line is not None:
            painter.setPen(QPen(entry.style.colour, 2, entry.line))
            painter.drawLine(QPointF(place.left(), centre.y()), QPointF(place.left() + sample_px, centre.y()))
        painter.save()
        painter.translate(centre)
        painter.scale(_MARK_PX, _MARK_PX)
        pen = QPen(entry.style.colour, 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(entry.style.colour)
        painter.drawPath(entry.outline)
        painter.restore()
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(place.adjusted(sample_px + _GAP_PX, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, entry.text)

    def _places(self, width: int) -> list[QRect]:
        metrics, places, left, top = self.fontMetrics(), list[QRect](), 0, 0
        height = metrics.height() + 6
        for entry in self.entries:
            wanted = _sample_px(entry) + _GAP_PX + metrics.horizontalAdvance(entry.text) + 2
            if left and left + wanted > width:
                left, top = 0, top + height
            places.append(QRect(left, top, wanted, height))
            left += wanted + _BETWEEN_PX
        return places


def _sample_px(entry: Entry) -> int:
    return _SAMPLE_PX if entry.line is not None else _MARK_PX + 2
