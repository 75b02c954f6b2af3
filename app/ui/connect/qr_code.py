"""A QR code, dark on white whatever the scheme: a phone's camera wants it so."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

SIDE_PX = 172
QUIET_ZONE = 4
"""Modules of white around it, as ISO/IEC 18004 wants."""


class QrCode(QWidget):
    """Empty until it is told what to say. What it says is in its accessible name too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._modules: tuple[tuple[int, ...], ...] = ()
        self.setFixedSize(self.sizeHint())

    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self._modules = _modules_of(text) if text else ()
        self.setAccessibleName(self.tr("QR code: {text}").format(text=text) if text else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE_PX, SIDE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._modules:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # whole pixels of the screen: soft edges are hard to read
        whole_px = round(SIDE_PX * ratio)
        across = len(self._modules) + 2 * QUIET_ZONE
        module_px = whole_px // across
        start_px = (whole_px - module_px * len(self._modules)) // 2
        for row, line in enumerate(self._modules):
            for column, dark in enumerate(line):
                if dark:
                    left, top = start_px + column * module_px, start_px + row * module_px
                    painter.fillRect(QRect(left, top, module_px, module_px), Qt.GlobalColor.black)


def prepare() -> None:
    """Import what makes codes: 60 ms, not for the loop, and only who connects a phone needs it."""
    import segno  # noqa: F401


def _modules_of(text: str) -> tuple[tuple[int, ...], ...]:
    """1 is dark. Some 3 ms, once it is prepared."""
    import segno

    code = segno.make(text, error="m", micro=False)
    return tuple(tuple(line) for line in code.matrix)
