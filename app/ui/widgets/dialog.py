"""What every dialog of ours is made of: a column, a place for a refusal's sentence, buttons in this system's order."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from app.ui.support import run_task
from app.ui.support.window_state import bring_on_screen
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import vbox
from app.ui.widgets.state_label import Notice


class Dialog(QDialog):
    """Gone once it is closed. Subclasses fill ``column``, last of all with their ``button_box``."""

    close_button: Button

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.refusal = Notice(self)
        self.column = vbox(gap=14, on=self, margins=(20, 18, 20, 18))

    def showEvent(self, event: QShowEvent) -> None:
        """All of it on the screen, however small that is."""
        super().showEvent(event)
        if not event.spontaneous():
            bring_on_screen(self)

    def button_box(self, *others: Button, close: str = "") -> QDialogButtonBox:
        """``close_button``, called "Close" unless ``close`` says otherwise, and ``others`` beside it."""
        self.close_button = Button(close or self.tr("Close"), "", self, primary=not others)
        box = QDialogButtonBox(self)
        for button in others:
            box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self.close_button, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        return box

    def work(self, coroutine: Coroutine[Any, Any, object], name: str, *busy: QWidget) -> None:
        """Run ``coroutine``; a refusal is told here, ``busy`` widgets are off until it ends."""
        run_task.start(coroutine, name=name, owner=self, refused=self.refuse, busy=busy)

    def refuse(self, sentence: str) -> None:
        """Say why not; "" takes it away."""
        self.refusal.tell(sentence)
