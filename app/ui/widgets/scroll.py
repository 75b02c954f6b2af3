"""Parts of a page that scroll up and down where they have too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST_PX = 150


class Scroll(QScrollArea):
    """On the page's own background; by the wheel, or as the focus moves within ``inner``."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class PageScroll(Scroll):
    """A whole page, which is never made smaller than it can be."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(inner, parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)


class FitScroll(Scroll):
    """As tall as what it holds where there is room."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        self._inner = inner
        super().__init__(inner, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inner.installEventFilter(self)

    def sizeHint(self) -> QSize:
        width_px = max(self.viewport().width(), self._inner.minimumSizeHint().width())
        wrapped_px = self._inner.heightForWidth(width_px)
        return QSize(self._inner.sizeHint().width(), wrapped_px if wrapped_px > 0 else self._inner.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        width_px = self._inner.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width_px, min(LEAST_PX, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
