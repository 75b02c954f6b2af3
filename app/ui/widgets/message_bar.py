"""What the owner should know, above whatever tab is shown, until it is over or closed by hand."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import Tone
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.text import Symbol, Text

MOST_SHOWN = 4


class _Message(Card):
    def __init__(self, text: str, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent, margin_px=8)
        self.symbol, self.text = Symbol(tone, self), Text(text, self, wrap=True)
        self.close_button = IconButton("close", self.tr("Close this message"), self)
        row = QHBoxLayout()
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.symbol)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button)
        self.body.addLayout(row)


class MessageBar(QWidget):
    """Messages by a key: one of the same key replaces the older; of many, the oldest go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: dict[str, _Message] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def tell(self, text: str, tone: Tone = "warn", key: str = "") -> None:
        """Show ``text``; without a key it is its own key, so that a repeated one stands once."""
        key = key or text
        message = self._messages.get(key)
        if message is not None:
            message.text.setText(text)
            message.symbol.show_tone(tone)
            return
        message = self._messages[key] = _Message(text, tone, self)
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

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [message.text.text() for message in reversed(self._messages.values())]
