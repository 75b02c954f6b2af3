"""How far a restore is, before a window with nothing in it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from app.ui.support.thread_progress import STEPS
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox, vbox
from app.ui.widgets.state_label import StateLabel

PATIENCE_MS = 300
WIDTH_PX = 520


class Restoring(QDialog):
    """Stands before a window with nothing in it. Emits ``cancelled``; the button comes once it takes its time."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a backup"))
        self.setMinimumWidth(WIDTH_PX)
        self.told = StateLabel(self.tr("The server finishes its frames and stops…"), "busy", self, wrap=True)
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.setAccessibleName(self.tr("How much is restored"))
        self.cancel = Button(self.tr("Cancel"), "close", self)
        policy = self.cancel.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.cancel.setSizePolicy(policy)
        self.cancel.setAutoDefault(False)  # Enter does no harm
        self.cancel.hide()
        self.cancel.clicked.connect(self.reject)
        vbox(self.told, self.progress, hbox(STRETCH, self.cancel), gap=14, on=self, margins=(20, 18, 20, 18))
        QTimer.singleShot(PATIENCE_MS, self, self.cancel.show)

    def reject(self) -> None:
        """Escape and the window's own close button too: it stays until nothing more is done."""
        if self.cancel.isEnabled():
            self.cancel.setEnabled(False)
            self.told.show_state(self.tr("Everything stays as it is…"), "busy")
            self.cancelled.emit()

    def begin(self, file: str) -> None:
        """The program is closed: now the file is read."""
        if self.cancel.isEnabled():
            self.told.show_state(self.tr("Reading {file}").format(file=file), "busy")
        self.progress.setRange(0, STEPS)

    def tell(self, step: int) -> None:
        """Of ``STEPS``; after the last one it is put into place, and there is no way back."""
        self.progress.setValue(step)
        if step >= STEPS:
            self.progress.setRange(0, 0)
            self.cancel.setEnabled(False)
            self.told.show_state(self.tr("Putting it into place…"), "busy")
