"""The sections at the left of the page: which one is in view, and a way to each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QScrollArea, QWidget

_ROW_PX = 34
_EDGES_PX = 2 * (2 + 10) + 2
"""Of a row, by the style sheet, and for rounding."""
_NEAR_PX = 40
"""So far below the page's upper edge a section is the one in view."""


class SectionList(QListWidget):
    """Follows ``page`` as that scrolls; a pick scrolls it there. ``cards``: what stands on the page, by title."""

    def __init__(self, cards: Mapping[str, QWidget], page: QScrollArea, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sections")
        self.setAccessibleName(self.tr("Sections"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._cards, self._page, self._is_going = tuple(cards.values()), page, False
        for title in cards:
            QListWidgetItem(title, self).setSizeHint(QSize(0, _ROW_PX))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self._go)
        page.verticalScrollBar().valueChanged.connect(self._follow)

    def needed_px(self) -> int:
        """How wide it is to be for its longest title."""
        self.ensurePolished()
        titles = (self.item(row).text() for row in range(self.count()))
        return max(map(self.fontMetrics().horizontalAdvance, titles)) + _EDGES_PX

    def show_there(self) -> None:
        """Those alone that have something on the page."""
        for row, card in enumerate(self._cards):
            self.item(row).setHidden(card.isHidden())
        QTimer.singleShot(0, self, self._follow)

    def _go(self, row: int) -> None:
        self._is_going = True  # where the page ends before, it is in view all the same
        self._page.verticalScrollBar().setValue(self._cards[row].y())
        self._is_going = False

    def _follow(self) -> None:
        if self._is_going:
            return
        top = self._page.verticalScrollBar().value() + _NEAR_PX
        shown = [row for row, card in enumerate(self._cards) if not card.isHidden()]
        above = [row for row in shown if self._cards[row].y() <= top] or shown[:1]
        if above:
            before = self.blockSignals(True)
            self.setCurrentRow(above[-1])
            self.blockSignals(before)
