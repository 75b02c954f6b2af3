"""A key is shown once: whoever closes it away before it was taken is asked."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.connect.panel import ConnectPanel
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel


class LeaveKeys(FormDialog):
    """``accepted`` when they may be lost."""

    def __init__(self, names: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.ask(self.tr("Close without the key?"), self.tr("Close all the same"), harmful=True)
        told = self.tr("The new auth key of {names} was not copied yet, and is never shown again.")
        self.form.addRow(StateLabel(told.format(names=", ".join(names)), "warn", self, wrap=True))

    async def submit(self) -> None:
        """What is left to do is its opener's."""


def leave_keys(panel: ConnectPanel, dialog: QWidget, leave: Callable[[], None]) -> None:
    """Call ``leave`` at once where no key would be lost, else when that was answered."""
    if not (names := panel.keys_left()):
        leave()
        return
    asked = LeaveKeys(names, dialog)
    asked.accepted.connect(lambda: leave())  # a slot of Qt's own would be called by its name, and ask again
    asked.open()
