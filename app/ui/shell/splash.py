"""What stands in the window until the program behind it is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from app.ui.widgets.layouts import STRETCH, Part, hbox, vbox
from app.ui.widgets.text import Drawing, Heading, Quiet

LONG_MS = 5_000
_DRAWING_PX, _BAR_PX = 72, 220


class Splash(QWidget):
    """Over all of ``over``; says so when it takes long."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAutoFillBackground(True)
        self.state = Quiet(self.tr("Opening profiles, history and settings…"), self)
        self.progress = QProgressBar(self, minimum=0, maximum=0, textVisible=False)
        self.progress.setFixedWidth(_BAR_PX)
        self.progress.setAccessibleName(self.state.text())
        drawing, name = Drawing("app", _DRAWING_PX, self), Heading(over.windowTitle(), self, steps=4)
        rows = (hbox(STRETCH, part, STRETCH) for part in (drawing, name, self.progress, self.state))
        vbox(Part(None, 2), *rows, Part(None, 3), gap=14, on=self)
        over.installEventFilter(self)
        QTimer.singleShot(LONG_MS, self, self._say_it_takes_long)

    def end(self) -> None:
        """It is open."""
        self.window().removeEventFilter(self)
        self.hide()

    def stop(self) -> None:
        """It will not open: whoever says why stands before it."""
        self.progress.hide()
        self.state.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self.resize(event.size())
        return super().eventFilter(watched, event)

    def _say_it_takes_long(self) -> None:
        self.state.setText(self.tr("Still opening: after an update, a long history is put in order first."))
