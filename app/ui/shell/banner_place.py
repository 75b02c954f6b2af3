"""Where banners stand: between the strip and the tab, but they never push away what somebody is pointing at."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QCursor, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

LOOK_MS = 200


class BannerPlace(QWidget):
    """Takes the room that ``banners`` need once the pointer is away from ``page``.

    Until then they float over it, in the half where the pointer is not, and above ``notices`` that float there too;
    from under the pointer they do not move, the notices do.
    """

    def __init__(self, banners: QWidget, page: QWidget, notices: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self._banners, self._page, self._notices = banners, page, notices
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.timeout.connect(self._settle)
        banners.setParent(window)
        for one in (banners, page):
            one.installEventFilter(self)
        self.setFixedHeight(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == (QEvent.Type.Resize if watched is self._page else QEvent.Type.LayoutRequest):
            self._settle()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._settle()

    def _wanted_px(self) -> int:
        layout = self._banners.layout()
        if layout is None or layout.isEmpty():
            return 0
        return layout.totalHeightForWidth(self.width())

    def _settle(self) -> None:
        wanted_px = self._wanted_px()
        if wanted_px != self.height():
            if self._page.underMouse() or (self._banners.underMouse() and wanted_px > self.height()):
                self._looks.start()
            else:
                self._looks.stop()
                self.setFixedHeight(wanted_px)  # it comes back here once it is laid out
        self._banners.setGeometry(self.x(), self._top_px(wanted_px), self.width(), wanted_px)
        self._banners.raise_()
        if self._banners.underMouse() and self._banners.geometry().intersects(self._notices.geometry()):
            self._notices.move(self._notices.x(), self._banners.y() - self._notices.height())

    def _top_px(self, wanted_px: int) -> int:
        if wanted_px <= self.height():
            return self.y()
        if self._banners.underMouse():
            return self._banners.y()
        top = self._page.mapTo(self.window(), QPoint(0, 0)).y()
        if self._page.mapFromGlobal(QCursor.pos()).y() >= self._page.height() / 2:
            return top
        foot = top + self._page.height()
        return (min(foot, self._notices.y()) if self._notices.isVisible() else foot) - wanted_px
