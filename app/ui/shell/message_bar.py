"""What the owner should know: a decision stands above the tab until it is made, a notice floats for a moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.support.theme import MARGIN_PX, Tone
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Symbol, Text

MOST_SHOWN = 4
NOTICE_MS = 6_000
NOTICE_PX = 500
GAP_PX = 6
WayOut = tuple[str, Callable[[], object]]
"""What a message's button says, and does."""


class _Message(Card):
    def __init__(self, tone: Tone, parent: QWidget) -> None:
        super().__init__(parent, margin_px=8)
        self.symbol, self.text = Symbol(tone, self), Text("", self, wrap=True)
        self.buttons = (Button("", "", self), Button("", "", self))
        self.close_button = IconButton("close", self.tr("Close this message"), self)
        parts = (self.symbol, wide(self.text), *self.buttons, self.close_button)
        self.body.addLayout(hbox(*parts, gap=10, margins=(6, 0, 0, 0)))
        self._ways_out: tuple[WayOut, ...] = ()
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, place=place: self._ways_out[place][1]())

    def say(self, text: str, tone: Tone, ways_out: tuple[WayOut, ...]) -> None:
        self.symbol.show_tone(tone)
        self.text.setText(text)
        self._ways_out = ways_out
        for place, button in enumerate(self.buttons):
            button.setText(ways_out[place][0] if place < len(ways_out) else "")
            button.setVisible(place < len(ways_out))


class _Notice(_Message):
    """Goes by itself, but not from under the pointer."""

    def __init__(self, tone: Tone, parent: QWidget, gone: Callable[[], None]) -> None:
        super().__init__(tone, parent)
        self._gone = gone
        self._timer = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._timer.timeout.connect(self._end)

    def say(self, text: str, tone: Tone, ways_out: tuple[WayOut, ...]) -> None:
        super().say(text, tone, ways_out)
        self._timer.start()

    def _end(self) -> None:
        if self.underMouse():
            self._timer.start()
        else:
            self._gone()


class MessageBar(QWidget):
    """Messages by a key: one of the same key replaces the older; of many notices, the oldest go.

    Decisions stand in it, notices at the lower right of its window.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: dict[str, _Message] = {}
        self._column = vbox(gap=GAP_PX, on=self)
        self.notices = _Notices(parent or self)
        self.hide()

    def ask(self, text: str, tone: Tone, key: str, way_out: WayOut) -> None:
        """Show what is to be decided, until ``drop`` or closed by hand."""
        message = self._messages.get(key)
        if message is None or isinstance(message, _Notice):
            self.drop(key)
            message = self._messages[key] = _Message(tone, self)
            message.close_button.clicked.connect(lambda: self.drop(key))
            self._column.insertWidget(0, message)
        message.say(text, tone, (way_out,))
        self.show()

    def tell(self, text: str, tone: Tone = "warn", key: str = "", *ways_out: WayOut) -> None:
        """Show ``text`` for six seconds; without a key it is its own key, so that a repeated one stands once."""
        key = key or text
        message = self._messages.get(key)
        if not isinstance(message, _Notice):
            self.drop(key)
            message = self._messages[key] = _Notice(tone, self.notices, lambda: self.drop(key))
            message.close_button.clicked.connect(lambda: self.drop(key))
            self.notices.add(message)
        message.say(text, tone, ways_out)
        floating = [known for known, shown in self._messages.items() if isinstance(shown, _Notice)]
        if len(floating) > MOST_SHOWN:
            self.drop(floating[0])
        self.notices.place()

    def drop(self, key: str) -> None:
        """The matter of ``key`` is over."""
        message = self._messages.pop(key, None)
        if message is not None:
            message.hide()
            message.deleteLater()
        self.setVisible(any(not isinstance(shown, _Notice) for shown in self._messages.values()))
        self.notices.place()

    def way_out(self, key: str) -> Button | None:
        """The first button of the message of ``key``."""
        message = self._messages.get(key)
        return message.buttons[0] if message is not None else None

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [message.text.text() for message in reversed(self._messages.values())]


class _Notices(QWidget):
    """Over everything else at the lower right of ``over``, the newest below."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._column = vbox(gap=GAP_PX, on=self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        over.installEventFilter(self)
        self.hide()

    def add(self, notice: QWidget) -> None:
        self._column.addWidget(notice)

    def place(self) -> None:
        is_empty = self._column.isEmpty()
        self.setVisible(not is_empty)
        if not is_empty:
            width_px = min(NOTICE_PX, self._over.width() - 2 * MARGIN_PX)
            height_px = self._column.totalHeightForWidth(width_px)
            left, below = self._over.width() - width_px - MARGIN_PX, self._over.height() - MARGIN_PX
            self.setGeometry(left, below - height_px, width_px, height_px)
            self.raise_()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # what was said is known in its whole height only now
            self.place()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)
