"""A picture that can be looked at closely: a click enlarges the place that was clicked, dragging moves it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.frames.picture_view import PictureView

CLICKED, MOST = 3.0, 8.0
_WHEEL, _KEY_STEP = 1.25, 0.15


class ZoomView(PictureView):
    """``show_image`` shows a picture as it fits, ``show_whole`` adds the same one with all its pixels.

    A click, Enter or Space enlarges it and makes it fit again; Ctrl and the wheel do so by degrees, arrow keys move.
    """

    def __init__(self, name: str, parent: QWidget | None) -> None:
        super().__init__(0, name, parent)
        self.zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self._whole: QImage | None = None
        self._pressed: QPointF | None = None
        self._is_dragged = False
        self.setToolTip(self.tr("A click enlarges it, so do Ctrl and the wheel; drag to move it"))
        self.clicked.connect(self._toggle)

    def show_image(self, image: QImage | None) -> None:
        super().show_image(image)
        self._whole = None
        self._zoom_to(1.0)

    def show_whole(self, image: QImage) -> None:
        self._whole = image
        self.update()

    # --- how large, and where --------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        self._zoom_to(1.0 if self.zoom > 1 else CLICKED, self._pressed)
        self._pressed = None

    def _zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """``at``: the place of the widget that stays where it is."""
        image = self._image
        if image is None or zoom <= 1:
            zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        elif at is not None:
            box, step = self._box(image), 1 / self.zoom - 1 / zoom
            away = at - QRectF(self.rect()).center()
            self._centre += QPointF(away.x() / box.width(), away.y() / box.height()) * step
        self.zoom = min(zoom, MOST)
        self._move(QPointF())

    def _move(self, by: QPointF) -> None:
        """By parts of the picture, and never beyond its edges."""
        edge = 0.5 / self.zoom
        x, y = (min(max(one, edge), 1 - edge) for one in (self._centre.x() + by.x(), self._centre.y() + by.y()))
        self._centre = QPointF(x, y)
        self.setCursor(Qt.CursorShape.OpenHandCursor if self.zoom > 1 else Qt.CursorShape.PointingHandCursor)
        self.update()

    # --- mouse and keys ----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._is_dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        image, pressed = self._image, self._pressed
        if image is None or pressed is None or self.zoom <= 1:
            return
        gone = pressed - event.position()
        if self._is_dragged or gone.manhattanLength() >= QApplication.startDragDistance():
            box, self._is_dragged, self._pressed = self._box(image), True, event.position()
            self._move(QPointF(gone.x() / box.width(), gone.y() / box.height()) / self.zoom)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._is_dragged:
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Without Ctrl it scrolls the page."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            closer = event.angleDelta().y() > 0
            self._zoom_to(self.zoom * _WHEEL if closer else self.zoom / _WHEEL, event.position())
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        way = ways.get(Qt.Key(event.key()))
        if way and self.zoom > 1:
            self._move(QPointF(*way) * _KEY_STEP / self.zoom)
        else:
            super().keyPressEvent(event)

    def _paint_picture(self, painter: QPainter) -> None:
        image = self._whole or self._image
        if image is None or self.zoom <= 1:
            super()._paint_picture(painter)
            return
        size = image.size() / self.zoom
        source = QRectF(0, 0, size.width(), size.height())
        source.moveCenter(QPointF(self._centre.x() * image.width(), self._centre.y() * image.height()))
        painter.drawImage(self._box(image), image, source)
