"""A table on paper: A4, landscape, its head on every page. Painted line by line, so that any thread may do it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextOption

_tr = partial(QCoreApplication.translate, "pdf_report")

_DPI = 144
_MARGIN_MM = 14.0
_POINTS, _TITLE_POINTS = 8.0, 15.0
_GAP = 6.0
_LONGEST = 600
_INK, _QUIET, _LINE = QColor("#1b2330"), QColor("#5b6575"), QColor("#cfd4dd")


def write(
    path: Path,
    title: str,
    note: str,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
    stopped: threading.Event,
) -> None:
    """``columns``: titles and shares of the width. ``stopped`` ends it before its time.

    Raises ``OSError`` when the file cannot be written.
    """
    with path.open("wb"):
        pass  # Qt would not say why it cannot
    writer = QPdfWriter(str(path))
    writer.setTitle(title)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter
        )
    )
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(_tr("the disk took no page"))
    try:
        _Sheet(writer, painter, columns).paint(title, note, rows, stopped)
    finally:
        painter.end()


class _Sheet:
    """Where on the page the next line goes."""

    def __init__(self, writer: QPdfWriter, painter: QPainter, columns: Sequence[tuple[str, float]]) -> None:
        self._writer, self._painter = writer, painter
        self._titles, shares = zip(*columns, strict=True)
        self._widths = [share / sum(shares) * writer.width() for share in shares]
        self._width, self._height = float(writer.width()), float(writer.height())
        self._font, self._large = QFont(), QFont()
        self._font.setPointSizeF(_POINTS)
        self._large.setPointSizeF(_TITLE_POINTS)
        self._line = QFontMetricsF(self._font, writer).height()
        self._top, self._number = 0.0, 1
        self._wrapped = QTextOption()
        self._wrapped.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)

    def paint(self, title: str, note: str, rows: Iterable[Sequence[str]], stopped: threading.Event) -> None:
        self._top = self._block(title, self._large, _INK) + _GAP
        self._top = self._block(note, self._font, _QUIET) + 2 * _GAP
        self._head()
        for row in rows:
            if stopped.is_set():
                return
            self._row(row)
            time.sleep(0)  # the window's thread goes first
        self._foot()

    def _block(self, text: str, font: QFont, colour: QColor) -> float:
        """Over the whole width; where it ends."""
        self._painter.setFont(font)
        self._painter.setPen(colour)
        place = QRectF(0, self._top, self._width, self._height)
        self._painter.drawText(place, text, self._wrapped)
        return self._painter.boundingRect(place, text, self._wrapped).bottom() if text else self._top

    def _row(self, row: Sequence[str], colour: QColor = _INK) -> None:
        self._painter.setFont(self._font)
        texts = [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in row]
        room = self._height - 2 * self._line
        needed = max(self._painter.boundingRect(*cell).height() for cell in self._cells(texts, room))
        if self._top + needed > room and colour is _INK:
            self._foot()
            self._writer.newPage()
            self._number, self._top = self._number + 1, 0.0
            self._head()
            self._painter.setFont(self._font)
        self._painter.setPen(colour)
        for place, text, wrapped in self._cells(texts, needed):
            self._painter.drawText(place, text, wrapped)
        self._top += needed + _GAP
        self._painter.setPen(_LINE)
        self._painter.drawLine(0, round(self._top - _GAP / 2), round(self._width), round(self._top - _GAP / 2))

    def _cells(self, texts: Sequence[str], height: float) -> list[tuple[QRectF, str, QTextOption]]:
        cells, left = [], 0.0
        for width, text in zip(self._widths, texts, strict=True):
            cells.append((QRectF(left, self._top, width - _GAP, height), text, self._wrapped))
            left += width
        return cells

    def _head(self) -> None:
        self._row(self._titles, _QUIET)

    def _foot(self) -> None:
        self._painter.setFont(self._font)
        self._painter.setPen(_QUIET)
        place = QRectF(0, self._height - self._line, self._width, self._line)
        self._painter.drawText(place, int(Qt.AlignmentFlag.AlignRight), str(self._number))
