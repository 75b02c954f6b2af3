"""What the owner should know, above whatever tab is shown, until it is over or closed by hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.support.theme import Tone
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Symbol, Text

MOST_SHOWN = 4
WayOut = tuple[str, Callable[[], None]]
"""What a message's button says, and does."""


class _Message(Card):
    def __init__(self, text: str, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent, margin_px=8)
        self.symbol, self.text = Symbol(tone, self), Text(text, self, wrap=True)
        self.button = Button("", "", self)
        self.button.hide()
        self.close_button = IconButton("close", self.tr("Close this message"), self)
        parts = (self.symbol, wide(self.text), self.button, self.close_button)
        self.body.addLayout(hbox(*parts, gap=10, margins=(6, 0, 0, 0)))
        self._do: Callable[[], None] | None = None
        self.button.clicked.connect(self._pressed)

    def show_way_out(self, way_out: WayOut | None) -> None:
        self._do = way_out[1] if way_out else None
        self.button.setText(way_out[0] if way_out else "")
        self.button.setVisible(way_out is not None)

    def _pressed(self) -> None:
        if self._do is not None:
            self._do()


class MessageBar(QWidget):
    """Messages by a key: one of the same key replaces the older; of many, the oldest go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: dict[str, _Message] = {}
        self._column = vbox(gap=6, on=self)
        self.hide()

    def tell(self, text: str, tone: Tone = "warn", key: str = "", way_out: WayOut | None = None) -> None:
        """Show ``text``; without a key it is its own key, so that a repeated one stands once."""
        key = key or text
        message = self._messages.get(key)
        if message is not None:
            message.text.setText(text)
            message.symbol.show_tone(tone)
            message.show_way_out(way_out)
            return
        message = self._messages[key] = _Message(text, tone, self)
        message.show_way_out(way_out)
        message.close_button.clicked.connect(lambda: self.drop(key))
        self._column.insertWidget(0, message)
        if len(self._messages) > MOST_SHOWN:
            self.drop(next(iter(self._messages)))
        self.show()

    def drop(self, key: str) -> None:
        """The matter of ``key`` is over."""
        message = self._messages.pop(key, None)
        if message is not None:
            message.hide()
            message.deleteLater()
        self.setVisible(bool(self._messages))

    def way_out(self, key: str) -> Button | None:
        """The button of the message of ``key``."""
        message = self._messages.get(key)
        return message.button if message is not None else None

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [message.text.text() for message in reversed(self._messages.values())]
