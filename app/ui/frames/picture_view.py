"""A picture in a frame; says so when there is none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.support import icons
from app.ui.support.theme import focus_ring

_ROUND_PX = 8


class PictureView(QWidget):
    """``side_px`` 0: as large as there is room. Emits ``clicked`` on a click, Enter or Space."""

    clicked = Signal()

    def __init__(self, side_px: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px = side_px
        self._image: QImage | None = None
        policy = QSizePolicy.Policy.Fixed if side_px else QSizePolicy.Policy.Ignored
        self.setSizePolicy(policy, policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)

    def show_image(self, image: QImage | None) -> None:
        if image is not self._image:
            self._image = image
            self.update()

    def has_image(self) -> bool:
        return self._image is not None

    def sizeHint(self) -> QSize:
        return QSize(self._side_px, self._side_px)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().brush(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(edge, _ROUND_PX, _ROUND_PX)
        self._paint_picture(painter)
        if self.hasFocus():
            painter.setPen(focus_ring(self.palette()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(edge, _ROUND_PX, _ROUND_PX)

    def _paint_picture(self, painter: QPainter) -> None:
        """As a brush: a round clip would cost three times as long."""
        if self._image is not None:
            box = self._box(self._image)
            brush, size = QBrush(self._image), self._image.size()
            scale = QTransform.fromTranslate(box.x(), box.y())
            brush.setTransform(scale.scale(box.width() / size.width(), box.height() / size.height()))
            painter.setBrush(brush)
            painter.drawRoundedRect(box, _ROUND_PX, _ROUND_PX)
            return
        side_px = min((self._side_px or self.height()) // 3, 48)
        drawn = icons.pixmap(
            "picture", self.palette().color(QPalette.ColorRole.Dark), side_px, self.devicePixelRatioF()
        )
        painter.drawPixmap((self.width() - side_px) // 2, (self.height() - side_px) // 2, drawn)

    def _box(self, image: QImage) -> QRectF:
        """Where it stands, on whole pixels: then nothing is smoothed that has its size already."""
        fitted = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - fitted.width()) // 2, (self.height() - fitted.height()) // 2
        return QRectF(left, top, fitted.width(), fitted.height())
