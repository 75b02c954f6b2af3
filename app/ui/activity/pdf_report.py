"""Frames on paper: A4, landscape, first what they add up to, then a table with their pictures, its head on every page.

Painted line by line, by any one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextOption,
)

from app.store.history.columns import Listed
from app.store.history.filters import Summary
from app.ui.activity import cells, pdf_front
from app.ui.activity.export_front import Front, front
from app.ui.activity.pdf_front import INK, LINE, QUIET

_tr = partial(QCoreApplication.translate, "pdf_report")

_DPI = 144
_MARGIN_MM = 14.0
_POINTS, _FRONT_POINTS, _TITLE_POINTS = 8.0, 11.0, 15.0
_GAP = 6.0
_PICTURE_WIDTH, _PICTURE_HEIGHT = 84.0, 63.0
_LONGEST = 600


class PdfSheet:
    """As ``exports.Sheet`` says."""

    def __init__(self, part: Path, title: str, label: Callable[[str], str]) -> None:
        self._part, self._title, self._label = part, title, label
        self._painter = QPainter()

    def begin(self, note: str, summary: Summary) -> None:
        with self._part.open("wb"):
            pass  # Qt would not say why it cannot
        self._writer = _writer(self._part, self._title)
        if not self._painter.begin(self._writer):
            raise OSError(_tr("the disk took no page"))
        self._pages = _Pages(self._writer, self._painter)
        self._pages.paint_front(self._title, note, front(summary, self._label))

    def add(self, rows: Sequence[tuple[Listed, bytes | None]]) -> None:
        for frame, jpeg in rows:
            self._pages.add(cells.printed_row(frame, self._label), QImage.fromData(jpeg) if jpeg else None)
            time.sleep(0)  # the window's thread goes first

    def end(self) -> None:
        self._pages.foot()
        self.close()

    def close(self) -> None:
        if self._painter.isActive():
            self._painter.end()


def _writer(path: Path, title: str) -> QPdfWriter:
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    size, way = QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape
    writer.setPageLayout(QPageLayout(size, way, margins, QPageLayout.Unit.Millimeter))
    return writer


class _Pages:
    """Where on the page the next line goes."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer, self._painter = writer, painter
        self._titles = cells.printed_titles()
        self._width, self._height = float(writer.width()), float(writer.height())
        self._font = _font(_POINTS)
        metrics = QFontMetricsF(self._font, writer)
        self._line = metrics.height()
        self._widths = _widths(self._width - _PICTURE_WIDTH - 2 * _GAP, metrics.horizontalAdvance)
        self._top, self._number = 0.0, 1
        self._wrapped = QTextOption()
        self._wrapped.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def paint_front(self, title: str, note: str, told: Front) -> None:
        """The first page; the table begins on the next one."""
        self._top = self._block(title, _font(_TITLE_POINTS), INK) + _GAP
        self._top = self._block(note, self._font, QUIET) + 3 * _GAP
        pdf_front.paint(self._painter, told, self._top, self._width, _font(_FRONT_POINTS))
        self._turn()

    def add(self, texts: Sequence[str], picture: QImage | None) -> None:
        """A line of the table."""
        texts = [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in texts]
        needed = max(self._needed(texts), _PICTURE_HEIGHT if picture else 0.0)
        if self._top + needed > self._height - 2 * self._line:
            self._turn()
        if picture:
            self._painter.drawImage(_fitted(picture, self._top), picture)
        self._row(texts, needed, INK)

    def foot(self) -> None:
        self._painter.setFont(self._font)
        self._painter.setPen(QUIET)
        place = QRectF(0, self._height - self._line, self._width, self._line)
        self._painter.drawText(place, int(Qt.AlignmentFlag.AlignRight), str(self._number))

    def _turn(self) -> None:
        """To the next page."""
        self.foot()
        self._writer.newPage()
        self._number, self._top = self._number + 1, 0.0
        self._row(self._titles, self._needed(self._titles), QUIET)

    def _needed(self, texts: Sequence[str]) -> float:
        """How high the highest of these cells is."""
        self._painter.setFont(self._font)
        return max(self._painter.boundingRect(*cell).height() for cell in self._cells(texts, self._height))

    def _block(self, text: str, font: QFont, colour: QColor) -> float:
        """Over the whole width; where it ends."""
        self._painter.setFont(font)
        self._painter.setPen(colour)
        place = QRectF(0, self._top, self._width, self._height)
        self._painter.drawText(place, text, self._wrapped)
        return self._painter.boundingRect(place, text, self._wrapped).bottom() if text else self._top

    def _row(self, texts: Sequence[str], height: float, colour: QColor) -> None:
        self._painter.setFont(self._font)
        self._painter.setPen(colour)
        for cell in self._cells(texts, height):
            self._painter.drawText(*cell)
        self._top += height + _GAP
        self._painter.setPen(LINE)
        self._painter.drawLine(0, round(self._top - _GAP / 2), round(self._width), round(self._top - _GAP / 2))

    def _cells(self, texts: Sequence[str], height: float) -> list[tuple[QRectF, str, QTextOption]]:
        placed, left = [], _PICTURE_WIDTH + 2 * _GAP
        for width, text in zip(self._widths, texts, strict=True):
            placed.append((QRectF(left, self._top, width - _GAP, height), text, self._wrapped))
            left += width
        return placed


def _font(points: float) -> QFont:
    font = QFont()
    font.setPointSizeF(points)
    return font


def _widths(whole: float, width_of: Callable[[str], float]) -> list[float]:
    """Of the columns, by their shares; the widest gives what titles and numbers of others need more."""
    shares = [sum(one.share for one in those) for those in cells.PRINTED]
    texts = [
        (cells.title(those[0].printed), *(cells.samples(those[0]) if cells.LOOKS[those[0].form].is_number else ()))
        for those in cells.PRINTED
    ]
    needed = [max(map(width_of, those)) + 2 * _GAP for those in texts]
    widths = [max(share / sum(shares) * whole, least) for share, least in zip(shares, needed, strict=True)]
    widths[shares.index(max(shares))] -= sum(widths) - whole
    return widths


def _fitted(picture: QImage, top: float) -> QRectF:
    """Where it goes, whole, at the left."""
    size = QSizeF(picture.size()).scaled(_PICTURE_WIDTH, _PICTURE_HEIGHT, Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(QPointF((_PICTURE_WIDTH - size.width()) / 2, top), size)
