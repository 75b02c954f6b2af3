"""Rename a profile; delete it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.store import Usage
from app.ui.connect.profile_dialogs import NameOrKeyForm
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.widgets.form import FormDialog
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Text


class RenameProfile(NameOrKeyForm):
    """Emits ``renamed`` with the new name."""

    renamed = Signal(str)

    def __init__(self, services: Services, username: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._username = services, username
        self.ask(self.tr("Rename {name}").format(name=username), self.tr("Rename"))
        self.key_field.hide()
        self.name.setText(username)
        self.name.selectAll()
        self.form.addRow(self.tr("&Name"), self.name_field)
        told = self.tr("The phone must send the new name from then on. Key, paired devices and history stay.")
        self.form.addRow(StateLabel(told, "warn", self, wrap=True))

    async def submit(self) -> None:
        name = self._typed_name()
        self._check(self._is_name_fit())
        with self._taken_is_told():
            await self._services.store.profiles.rename(self._username, name)
        self.renamed.emit(name)


class DeleteProfile(FormDialog):
    """Says what goes with it. Emits ``deleted`` with what went into the trash."""

    deleted = Signal(object)

    def __init__(self, services: Services, usage: Usage, devices: int, keys: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._username = services, usage.username
        self.ask(self.tr("Delete {name}?").format(name=usage.username), self.tr("Delete"), harmful=True)
        told = self.tr("Its key stops working at once. You can undo that for a minute; then this goes for good:")
        self.form.addRow(StateLabel(told, "warn", self, wrap=True))
        for label, number in (
            (self.tr("Frames"), fmt.count(usage.frames)),
            (self.tr("On disk, with the pictures"), fmt.size(usage.bytes)),
            (self.tr("Paired devices"), fmt.count(devices)),
            (self.tr("API keys of its own"), fmt.count(keys)),
        ):
            self.form.addRow(Text(label, self), Text(number, self))

    async def submit(self) -> None:
        self.deleted.emit(await self._services.store.trash.put(self._username))
