"""Buttons with our drawings, which follow the palette."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from app.ui.support import icons
from app.ui.support.theme import Themed

COPIED_MS = 1_500
_DRAWING_PX, _GAP = 16, 0.25


class Button(Themed, QPushButton):
    """A push button with a text and, where given, a drawing before it. Enter presses the one that has the focus.

    ``primary``: the next step, in the accent's colour.
    """

    def __init__(self, text: str, drawing: str = "", parent: QWidget | None = None, *, primary: bool = False) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)  # Qt would give the accent's colour to whichever has the focus, which has its ring
        self.setDefault(primary)
        self._drawing, self._is_lit = drawing, False
        self.setIconSize(QSize(round(_DRAWING_PX * (1 + _GAP)), _DRAWING_PX))
        self.draw()

    def show_as(self, text: str, drawing: str) -> None:
        if (text, drawing) != (self.text(), self._drawing):
            self._drawing = drawing
            self.setText(text)
            self.draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_lit is not self.isDefault():
            self.draw()  # Qt takes the accent's colour from one when another gets it, and tells nobody
        super().paintEvent(event)
        if self._is_lit and self.hasFocus():
            self._paint_ring()

    def _paint_ring(self) -> None:
        """Within: a ring of the accent's colour around a ground of that colour could not be told."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.HighlightedText), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 3, 3)

    def draw(self) -> None:
        self._is_lit = self.isDefault()
        if self._drawing:
            role = QPalette.ColorRole.HighlightedText if self._is_lit else QPalette.ColorRole.ButtonText
            self.setIcon(icons.icon(self._drawing, self.palette(), role, gap=_GAP))


class IconButton(Themed, QToolButton):
    """A drawing alone; ``name`` is what a screen reader and the tool tip say."""

    def __init__(self, drawing: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setIconSize(QSize(18, 18))
        self.draw()

    def show_as(self, drawing: str, name: str) -> None:
        self._drawing = drawing
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.draw()

    def draw(self) -> None:
        self.setIcon(icons.icon(self._drawing, self.palette(), QPalette.ColorRole.WindowText))


class CopyButton(IconButton):
    """Puts ``text`` on the clipboard, and shows for a moment that it did."""

    def __init__(self, name: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__("copy", name, parent)
        self.text_to_copy, self._name = text, name
        self._back = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._back.timeout.connect(lambda: self.show_as("copy", self._name))
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text_to_copy)
        self.show_as("good", self.tr("Copied"))
        self._back.start()


class CopyTextButton(Button):
    """As ``CopyButton``, with a text beside the drawing."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "copy", parent)
        self.text_to_copy = ""
        self._back = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._back.timeout.connect(lambda: self.show_as(text, "copy"))
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text_to_copy)
        self.show_as(self.tr("Copied"), "good")
        self._back.start()
