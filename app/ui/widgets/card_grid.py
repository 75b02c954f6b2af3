"""Cards side by side, as many as fit, in a page that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

SPACING_PX = 14
RIGHT_PX = 16
"""Room at the right, in which the scroll bar stands when there is one."""


class CardGrid(QScrollArea):
    """``show_cards`` lays them out row by row; a card is at least ``card_px`` wide. ``in_sight`` tells how many pixels
    of the page's height can be seen."""

    in_sight = Signal(int)

    def __init__(self, card_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card_px, self._columns = card_px, 1
        self._cards: list[QWidget] = []
        self._page = QWidget(self)
        self._page.setAutoFillBackground(False)
        self._grid = QGridLayout(self._page)
        self._grid.setContentsMargins(0, 0, RIGHT_PX, 0)
        self._grid.setSpacing(SPACING_PX)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_cards(self, cards: list[QWidget]) -> None:
        for gone in set(self._cards) - set(cards):
            gone.hide()
            gone.deleteLater()
        self._cards = list(cards)
        self._lay_out()
        self.in_sight.emit(self.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        self._grid.setContentsMargins(0, 0, max(0, RIGHT_PX - bar.width()) if bar.isVisible() else RIGHT_PX, 0)
        fitting = max(1, (self.viewport().width() + SPACING_PX) // (self._card_px + SPACING_PX))
        if fitting != self._columns:
            self._columns = fitting
            self._lay_out()
        self.in_sight.emit(self.viewport().height())

    def _lay_out(self) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // self._columns, index % self._columns)
            card.show()
        rows = -(-len(self._cards) // self._columns)
        for row in range(max(rows, self._grid.rowCount()) + 1):
            self._grid.setRowStretch(row, 1 if row == rows else 0)  # the empty row below takes what is left
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
