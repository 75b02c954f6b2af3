"""A picture in a frame of fixed size; says so when there is none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.support import icons


class PictureView(QWidget):
    """Emits ``clicked`` on a click, Enter or Space."""

    clicked = Signal()

    def __init__(self, side_px: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px = side_px
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)

    def show_image(self, image: QImage | None) -> None:
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
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.fillPath(shape, self.palette().brush(QPalette.ColorRole.Midlight))
        painter.save()
        painter.setClipPath(shape)
        self._paint_picture(painter)
        painter.restore()
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Accent))
            painter.drawPath(shape)

    def _paint_picture(self, painter: QPainter) -> None:
        if self._image is not None:
            fitted = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(0, 0, fitted.width(), fitted.height())
            box.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(box, self._image)
            return
        side_px = min(self._side_px // 3, 48)
        drawn = icons.pixmap(
            "picture", self.palette().color(QPalette.ColorRole.Dark), side_px, self.devicePixelRatioF()
        )
        painter.drawPixmap((self.width() - side_px) // 2, (self.height() - side_px) // 2, drawn)
