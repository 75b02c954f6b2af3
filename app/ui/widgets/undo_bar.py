"""What was just taken away, and a button that brings it back; each of them goes by itself."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.text import Symbol, Text

UNDO_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Offer:
    what: object
    text: str
    until_s: float


class UndoBar(Card):
    """Hidden unless something can be undone, the newest first.

    Emits ``wanted`` with what is wanted back, which stays on offer until ``drop``; ``over`` with what cannot be had
    back any more.
    """

    wanted = Signal(object)
    over = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=8)
        self.shown_ms = UNDO_MS
        self._offers: list[_Offer] = []
        self.text = Text("", self, wrap=True)
        self.undo = Button(self.tr("Undo"), "refresh", self)
        self._timer = QTimer(self, singleShot=True)
        row = hbox(Symbol("idle", self), wide(self.text), self.undo, gap=10, margins=(6, 0, 0, 0))
        self.body.addLayout(row)
        self.hide()
        self.undo.clicked.connect(lambda: self.wanted.emit(self._offers[-1].what))
        self._timer.timeout.connect(self._end_oldest)

    def offer(self, what: object, text: str) -> None:
        """Let ``what`` be brought back from now on; ``text`` tells what became of it."""
        self._offers.append(_Offer(what, text, monotonic() + self.shown_ms / 1_000))
        self._show()

    def drop(self, what: object) -> None:
        """It was brought back, or cannot be."""
        self._offers = [offer for offer in self._offers if offer.what != what]
        self._show()

    def shut(self) -> None:
        self._timer.stop()

    def _show(self) -> None:
        self.setVisible(bool(self._offers))
        self._timer.stop()
        if self._offers:
            self.text.setText(self._offers[-1].text)
            self._timer.start(max(0, round((self._offers[0].until_s - monotonic()) * 1_000)))

    def _end_oldest(self) -> None:
        ended = self._offers.pop(0)
        self._show()
        self.over.emit(ended.what)
