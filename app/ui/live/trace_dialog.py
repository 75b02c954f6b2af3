"""How a frame of this moment was decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.ui.frames.frame_view import FrameView
from app.ui.frames.page import PICTURE_PX, FramePage
from app.ui.support import formatting as fmt
from app.ui.widgets.dialog import Dialog

__all__ = ["PICTURE_PX", "TraceDialog"]


class TraceDialog(Dialog):
    """``label``: how a provider is called before people."""

    def __init__(self, frame: FrameView, label: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("{name}, {time}").format(name=frame.username, time=fmt.when(frame.received_at)))
        self.resize(1_020, 640)
        self.page = FramePage(label, self)
        self.page.show_frame(frame)
        self.picture, self.table = self.page.picture, self.page.table
        self.column.addWidget(self.page, 1)
        self.column.addWidget(self.button_box())
        self.close_button.setFocus()

    def show_image(self, image: QImage) -> None:
        self.page.show_image(image)
