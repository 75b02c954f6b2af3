"""A prompt is tried before it is saved: on the last frame, side by side what each AI makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.frame import Attempt
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Quiet
from app.ui.widgets.try_results import TryResults

RESULTS_PX = 220


class PromptTrial(QWidget):
    """Emits ``wanted`` when the prompt is to be tried: ``ask`` then does. Small until it is used."""

    wanted = Signal()

    def __init__(self, label: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = Button(self.tr("Try on the last frame"), "test", self)
        self.told = Quiet("", self, wrap=True)
        self.close_button = Button(self.tr("Close"), "close", self)
        self.results = TryResults(label, self)
        self.results.setMinimumHeight(RESULTS_PX)
        vbox(hbox(self.run, wide(self.told), self.close_button, gap=12), wide(self.results), gap=10, on=self)
        self.run.clicked.connect(lambda: self.results.stop() if self.is_running else self.wanted.emit())
        self.results.ended.connect(self._show_running)
        self.close_button.clicked.connect(self.clear)
        self.clear()

    def clear(self) -> None:
        """Show no results any more."""
        self.results.stop()
        self.results.clear()
        self._open(is_open=False)
        self.told.setText(self.tr("Asks every AI that is on, each once: that may cost something. Nothing is saved."))

    @property
    def is_running(self) -> bool:
        return self.results.is_asking

    def ask(self, attempts: AsyncIterator[Attempt]) -> None:
        self._open(is_open=True)
        self.results.ask(attempts)
        self._show_running()

    def _show_running(self) -> None:
        if self.is_running:
            self.run.show_as(self.tr("Stop"), "stop")
        else:
            self.run.show_as(self.tr("Try on the last frame"), "test")

    def _open(self, *, is_open: bool) -> None:
        self.results.setVisible(is_open)
        self.close_button.setVisible(is_open)
        vertically = QSizePolicy.Policy.Expanding if is_open else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertically)
