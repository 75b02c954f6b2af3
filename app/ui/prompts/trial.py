"""A prompt is tried before it is saved: on the last frame, side by side what each AI makes of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.frame import Attempt
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Quiet
from app.ui.widgets.try_results import TryResults

RESULTS_PX = 220


class PromptTrial(QWidget):
    """Emits ``wanted`` when the prompt is to be tried, ``unwanted`` when that is to stop. Small until it is used."""

    wanted = Signal()
    unwanted = Signal()

    def __init__(self, label: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_running = False
        self.run = Button(self.tr("Try on the last frame"), "test", self)
        self.told = Quiet("", self, wrap=True)
        self.close_button = Button(self.tr("Close"), "close", self)
        self.results = TryResults(label, self)
        self.results.setMinimumHeight(RESULTS_PX)
        vbox(hbox(self.run, wide(self.told), self.close_button, gap=12), wide(self.results), gap=10, on=self)
        self.run.clicked.connect(lambda: (self.unwanted if self.is_running else self.wanted).emit())
        self.close_button.clicked.connect(self.clear)
        self.clear()

    def clear(self) -> None:
        """Show no results any more."""
        if self.is_running:
            self.unwanted.emit()
        self.results.clear()
        self._open(is_open=False)
        self.told.setText(self.tr("Asks every AI that is on, each once: that may cost something. Nothing is saved."))

    def begin(self) -> None:
        self.results.clear()
        self._open(is_open=True)
        self._show_running(is_running=True)

    def tell(self, text: str) -> None:
        """Which picture it is tried on."""
        self.told.setText(text)

    def add(self, attempt: Attempt) -> None:
        self.results.add(attempt)

    def finish(self, sentence: str = "") -> None:
        """All are in; ``sentence``: why it ended early."""
        self._show_running(is_running=False)
        self.results.finish(sentence)

    def _show_running(self, *, is_running: bool) -> None:
        self.is_running = is_running
        if is_running:
            self.run.show_as(self.tr("Stop"), "stop")
        else:
            self.run.show_as(self.tr("Try on the last frame"), "test")

    def _open(self, *, is_open: bool) -> None:
        self.results.setVisible(is_open)
        self.close_button.setVisible(is_open)
        vertically = QSizePolicy.Policy.Expanding if is_open else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertically)
