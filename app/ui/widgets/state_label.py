"""A state in a sign and in words: never by colour alone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton, QWidget

from app.ui.support import icons
from app.ui.support.theme import Themed, Tone
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.text import Symbol, Text


class StateLabel(QWidget):
    """A sign and a text beside it."""

    def __init__(
        self, text: str = "", tone: Tone = "idle", parent: QWidget | None = None, *, wrap: bool = False
    ) -> None:
        super().__init__(parent)
        self._symbol, self._text = Symbol(tone, self), Text(text, self, wrap=wrap)
        hbox(self._symbol, wide(self._text), gap=7, on=self)

    def show_state(self, text: str, tone: Tone) -> None:
        self._symbol.show_tone(tone)
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)

    @property
    def shown(self) -> tuple[str, Tone]:
        return self._text.text(), self._symbol.tone

    def text(self) -> str:
        return self._text.text()


class ToneButton(Themed, QToolButton):
    """As ``StateLabel``, to be pressed for more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: tuple[str, Tone] = ("", "idle")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def show_state(self, text: str, tone: Tone) -> None:
        self.shown = (text, tone)
        self.setText(f" {text}" if text else "")  # a style sheet cannot set it apart from its icon
        self.draw()

    def draw(self) -> None:
        self.setIcon(icons.tone_icon(self.shown[1], QGuiApplication.palette()))


class Notice(StateLabel):
    """What became of something, mostly why it was not done; it takes no room while there is nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "bad", parent, wrap=True)
        self.hide()

    def tell(self, sentence: str, tone: Tone = "bad") -> None:
        """Say ``sentence``; "" takes it away."""
        self.show_state(sentence, tone)
        self.setVisible(bool(sentence))
