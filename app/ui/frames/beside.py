"""A page, and at its right what is looked at closely; where there is no room for both, that alone."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.layouts import hbox, wide

LEAST_PAGE_PX, LEAST_PX, MOST_PX, SHARE = 340, 390, 640, 0.46
GAP_PX = 14


class Beside(QWidget):
    """``opened`` tells whether ``panel`` is shown now."""

    opened = Signal(bool)

    def __init__(self, page: QWidget, panel: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.page, self.panel = page, panel
        panel.hide()
        hbox(wide(page), panel, gap=GAP_PX, on=self)

    @property
    def is_open(self) -> bool:
        return not self.panel.isHidden()

    def open(self, *, on: bool) -> None:
        if on is not self.is_open:
            self.panel.setVisible(on)
            self._share()
            self.opened.emit(on)

    def minimumSizeHint(self) -> QSize:
        """As large as either takes alone."""
        return self.page.minimumSizeHint().expandedTo(self.panel.minimumSizeHint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        if not self.is_open:  # what is not shown yet would be styled to be measured, which holds the loop
            self.page.show()
            return
        least_px = max(self.panel.minimumSizeHint().width(), LEAST_PX)
        least_page_px = max(self.page.minimumSizeHint().width(), LEAST_PAGE_PX)
        has_room = self.width() >= least_page_px + GAP_PX + least_px
        self.page.setVisible(has_room)
        share_px = min(max(round(self.width() * SHARE), least_px), MOST_PX) if has_room else self.width()
        self.panel.setFixedWidth(share_px)
