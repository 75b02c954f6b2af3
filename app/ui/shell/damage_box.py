"""When the database is damaged: the window asks what to begin with, and the damaged file is kept whatever is chosen."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from app.core.errors import DatabaseDamaged, StoreError
from app.core.tasks import spawn
from app.paths import DataFolder
from app.ui.support import formatting as fmt


class DamageBox(QMessageBox):
    """Put back the last good copy, begin with an empty history, or quit."""

    def __init__(self, damage: DatabaseDamaged, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("damage")
        self.setIcon(QMessageBox.Icon.Critical)
        self.setWindowTitle(parent.windowTitle())
        self.setText(self.tr("The database file is damaged."))
        self.setInformativeText(
            self.tr(
                "It is kept under another name, whatever you choose. An empty history has no profiles, and the "
                "pictures of the old one are deleted."
            )
        )
        self.restore: QAbstractButton | None = None
        if damage.copy is not None:
            text = self.tr("Restore the backup of {date}").format(date=fmt.when(damage.copied_at))
            self.restore = self.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        self.begin_anew = self.addButton(
            self.tr("Start with an empty history"), QMessageBox.ButtonRole.DestructiveRole
        )  # fmt: skip
        self.quit = self.addButton(self.tr("Quit"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.restore or self.quit)
        self.setEscapeButton(self.quit)

    async def asked(self, quit_wanted: asyncio.Event) -> QAbstractButton:
        """The button that was pressed; ``quit`` when the window is to end meanwhile."""
        pressed: list[QAbstractButton] = []
        answered = asyncio.Event()
        self.buttonClicked.connect(pressed.append)
        self.finished.connect(answered.set)
        self.open()
        waits = [spawn(event.wait(), name="the choice after damage") for event in (answered, quit_wanted)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self.close()
        return pressed[0] if pressed else self.quit


async def put_right(damage: DatabaseDamaged, root: Path, window: QWidget, quit_wanted: asyncio.Event) -> bool:
    """Ask, and do what was chosen to the data folder ``root``; False: quit. Raises ``StoreError``."""
    window.show()  # also where it began in the tray: it is to be answered
    box = DamageBox(damage, window)
    try:
        pressed = await box.asked(quit_wanted)
        if pressed is box.quit:
            return False
        copy = damage.copy if pressed is box.restore else None
        await asyncio.to_thread(_replace, DataFolder(root), copy)
    finally:
        box.deleteLater()
    return True


def _replace(folder: DataFolder, copy: Path | None) -> None:
    """Both keep the damaged file."""
    from app.store.database.corruption import keep_aside
    from app.store.database.restore import exclusive, restore  # after the first paint

    with exclusive(folder):
        if copy is not None:
            restore(folder, copy)
            return
        try:
            keep_aside(folder.database, folder)
        except OSError as error:
            raise StoreError("The damaged file could not be moved: {reason}.", reason=error.strerror) from None
