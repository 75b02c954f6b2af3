"""Labels. Never rich text: names, answers and errors come from outside."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.support import icons
from app.ui.support.theme import Themed, Tone, tone_colour

_TALLEST_PX = 100_000


class Text(QLabel):
    """A plain text, as it is written."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, parent)
        self._is_kept_whole = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)

    def keep_whole(self) -> None:
        """Ask for the height of all its lines: in a form, or a layout in another, it would get that of one."""
        self._is_kept_whole = True
        self._ask_for_height()

    def setText(self, text: str) -> None:  # noqa: N802  Qt's name
        super().setText(text)
        self._ask_for_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_for_height()

    def _ask_for_height(self) -> None:
        if self._is_kept_whole:  # heightForWidth never tells less than the minimum that was asked for before
            room = QRect(0, 0, self.width(), _TALLEST_PX)
            wrapped = self.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.text())
            self.setMinimumHeight(wrapped.height() if self.text() else 0)


class Quiet(Text):
    """A text of second rank."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, parent, wrap=wrap)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)


class Heading(Text):
    """A title, ``steps`` points larger than the text."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, steps: int = 2) -> None:
        super().__init__(text, parent)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() + steps)
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)


class Drawing(Themed, QLabel):
    """A large one in the accent's colour, ``side_px`` wide."""

    def __init__(self, name: str, side_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._side_px = name, side_px
        self.draw()

    def draw(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.Accent)
        self.setPixmap(icons.pixmap(self._name, colour, self._side_px, self.devicePixelRatioF()))


class Symbol(Themed, QLabel):
    """The sign of a state, in its colour."""

    def __init__(self, tone: Tone = "idle", parent: QWidget | None = None, *, side_px: int = 16) -> None:
        super().__init__(parent)
        self.tone, self._side_px = tone, side_px
        self.setFixedSize(side_px, side_px)
        self.draw()

    def show_tone(self, tone: Tone) -> None:
        if tone != self.tone:
            self.tone = tone
            self.draw()

    def draw(self) -> None:
        colour = tone_colour(self.tone, self.palette())
        self.setPixmap(icons.pixmap(self.tone, colour, self._side_px, self.devicePixelRatioF()))


def tooltip(text: str) -> str:
    """Foreign ``text`` for a tool tip, which would otherwise guess that it is HTML."""
    return f"<qt>{escape(text)}</qt>" if text else ""
