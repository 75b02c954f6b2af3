"""The frame as one sees it: its picture, and what the glasses showed of it, over its foot or beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.frames.display_preview import DisplayPreview
from app.ui.frames.picture_view import PictureView

GAP_PX, EDGE_PX = 12, 8
LOWEST_PX, TALLEST_PX, SHAPE = 210, 560, 0.68
"""Of the picture: its height in pixels, and as a share of its width."""
_PICTURE_SHAPE = 4 / 3


class Hero(QWidget):
    def __init__(self, picture: PictureView, parent: QWidget) -> None:
        super().__init__(parent)
        self.picture, self.glasses = picture, DisplayPreview(self)
        picture.setParent(self)
        self.glasses.raise_()
        self.glasses.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.glasses.hide()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, *, dim: bool = False) -> None:
        """``dim``: it is not an answer, but a word about its absence."""
        self.glasses.show_text(text, dim=dim)
        self.glasses.setVisible(bool(text))
        self._place()

    def fit_to(self, width_px: int, most_px: int = TALLEST_PX) -> None:
        """Be as tall as a picture of that width wants it, and no taller than ``most_px``."""
        self.setFixedHeight(min(max(round(width_px * SHAPE), LOWEST_PX), most_px))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Beside the picture where that leaves it its height."""
        whole, glasses = self.rect(), self.glasses
        glasses.is_over = False
        beside_px = glasses.sizeHint().width() + GAP_PX
        glasses.is_over = whole.width() - beside_px < whole.height() * _PICTURE_SHAPE
        size = glasses.sizeHint()
        glasses.resize(size)
        if glasses.is_over:
            glasses.move(EDGE_PX, whole.height() - size.height() - EDGE_PX)
        else:
            glasses.move(whole.width() - size.width(), 0)
            whole.setWidth(whole.width() - beside_px)
        self.picture.setGeometry(whole)
