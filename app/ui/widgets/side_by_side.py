"""Parts side by side where there is room for them, one below the other where there is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.ui.widgets.layouts import BARE, Item, Margins, hbox


class SideBySide(QWidget):
    """As ``hbox``; never wider at least than its widest part."""

    def __init__(self, *parts: Item, gap: int, parent: QWidget, margins: Margins = BARE) -> None:
        super().__init__(parent)
        self._box = hbox(*parts, gap=gap, on=self, margins=margins)

    def minimumSizeHint(self) -> QSize:
        margins = self._box.contentsMargins()
        width_px = max(self._widths_px(), default=0) + margins.left() + margins.right()
        # one below the other, each is given the height that its lines need
        return QSize(width_px, max(self._box.minimumSize().height(), self._box.totalHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part needs more, or less
            self._turn()
        return super().event(event)

    def _turn(self) -> None:
        widths_px, margins = self._widths_px(), self._box.contentsMargins()
        needed_px = sum(widths_px) + self._box.spacing() * (len(widths_px) - 1) + margins.left() + margins.right()
        fits = needed_px <= self.width()  # the box's own is told only after its first paint
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if wanted != self._box.direction():
            self._box.setDirection(wanted)
            self.updateGeometry()

    def _widths_px(self) -> list[int]:
        items = (self._box.itemAt(place) for place in range(self._box.count()))
        return [item.minimumSize().width() for item in items if item is not None and not item.isEmpty()]
