"""A long piece of work under way: what, how far, and Cancel. It shows itself once it takes its time."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import hbox, wide
from app.ui.widgets.text import Text

PATIENCE_MS = 300


class ExportBar(Card):
    """``begin``, then ``tell``, then ``end``; ``cancel`` is pressed when that is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=8)
        self.text = Text("", self)
        self.progress = QProgressBar(self, textVisible=False)
        self.cancel = Button(self.tr("Cancel"), "close", self)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self.body.addLayout(hbox(self.text, wide(self.progress), self.cancel, gap=12))
        self.hide()

    def begin(self, text: str, steps: int) -> None:
        """``steps``: 0 where nobody knows how many."""
        self.text.setText(text)
        self.progress.setRange(0, steps)
        self.progress.setValue(0)
        self.progress.setAccessibleName(text)
        self.cancel.setEnabled(True)
        self._patience.start()

    def tell(self, steps: int) -> None:
        self.progress.setValue(min(steps, self.progress.maximum()))

    def end(self) -> None:
        self._patience.stop()
        self.hide()
