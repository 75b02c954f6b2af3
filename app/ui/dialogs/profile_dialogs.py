"""Add a profile; give one a new auth key; show a key once; delete a profile."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.store import Usage
from app.ui import words
from app.ui.dialogs.form import FormDialog
from app.ui.services import Services
from app.ui.widgets.buttons import Button, CopyButton
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet, Text


class AddProfile(FormDialog):
    """Emits ``made`` with the name and its auth key."""

    made = Signal(str, str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.ask(self.tr("Add a profile"), self.tr("Add"))
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("Who wears the glasses?"))
        self.key = QLineEdit(self)
        self.key.setPlaceholderText(self.tr("Leave empty: one is made for you"))
        self.form.addRow(self.tr("&Name"), self.name)
        self.form.addRow(self.tr("Auth &key"), self.key)

    async def submit(self) -> None:
        name = self.name.text().strip()
        self.made.emit(name, await self._services.store.profiles.add(name, self.key.text().strip() or None))


class NewKey(FormDialog):
    """Emits ``made`` with the name and its new auth key; the old one and every pairing are void then."""

    made = Signal(str, str)

    def __init__(self, services: Services, username: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._username = services, username
        self.ask(self.tr("New key for {name}").format(name=username), self.tr("Make the new key"))
        self.form.addRow(
            StateLabel(
                self.tr("The old key stops working at once, and every paired device must send the new one."),
                "warn", self, wrap=True,
            )
        )  # fmt: skip
        self.key = QLineEdit(self)
        self.key.setPlaceholderText(self.tr("Leave empty: one is made for you"))
        self.form.addRow(self.tr("Auth &key"), self.key)

    async def submit(self) -> None:
        typed = self.key.text().strip() or None
        self.made.emit(self._username, await self._services.store.profiles.new_key(self._username, typed))


class DeleteProfile(FormDialog):
    """Says what goes with it. Emits ``deleted`` with a sentence of what went."""

    deleted = Signal(str)

    def __init__(self, services: Services, usage: Usage, devices: int, keys: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._username = services, usage.username
        self.ask(self.tr("Delete {name}?").format(name=usage.username), self.tr("Delete"))
        self.cancel_button.setDefault(True)  # Enter does no harm
        self.cancel_button.setFocus()
        self.form.addRow(StateLabel(self.tr("This goes for good, and cannot be taken back:"), "warn", self, wrap=True))
        for label, number in (
            (self.tr("Frames"), words.count(usage.frames)),
            (self.tr("On disk, with the pictures"), words.size(usage.bytes)),
            (self.tr("Paired devices"), words.count(devices)),
            (self.tr("API keys of its own"), words.count(keys)),
        ):
            self.form.addRow(Text(label, self), Text(number, self))

    async def submit(self) -> None:
        gone = await self._services.store.profiles.delete(self._username)
        self.deleted.emit(
            self.tr("{name} was deleted. Frames: {frames}, pictures: {size}, keys: {keys}.").format(
                name=self._username, frames=words.count(gone.frames), size=words.size(gone.bytes), keys=gone.keys
            )
        )


class ShowKey(QDialog):
    """What the phone needs, each with Copy. The key is shown here and never again."""

    def __init__(self, url: str, username: str, auth_key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Connect {name}'s phone").format(name=username))
        self.setMinimumWidth(500)
        fields = [(self.tr("Address"), url), (self.tr("Username"), username), (self.tr("Auth key"), auth_key)]
        self.copy_all = Button(self.tr("Copy all"), "copy", self)
        self.copy_buttons: list[CopyButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addWidget(Quiet(self.tr("Put these into the phone app's settings."), self, wrap=True))
        column.addLayout(self._grid([field for field in fields if field[1]]))
        column.addWidget(
            StateLabel(
                self.tr("The key is shown this once: afterwards nobody can read it, only replace it."),
                "warn",
                self,
                wrap=True,
            )
        )
        column.addLayout(self._buttons("\n".join(f"{label}: {value}" for label, value in fields if value)))

    def _grid(self, fields: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (label, value) in enumerate(fields):
            field = QLineEdit(value, self)
            field.setReadOnly(True)
            field.setAccessibleName(label)
            field.setCursorPosition(0)
            copy = CopyButton(self.tr("Copy: {what}").format(what=label), value, self)
            self.copy_buttons.append(copy)
            for column, widget in enumerate((Text(label, self), field, copy)):
                grid.addWidget(widget, row, column)
        return grid

    def _buttons(self, everything: str) -> QHBoxLayout:
        copier = CopyButton("", everything, self)
        copier.hide()
        self.copy_all.clicked.connect(copier.click)
        self.copy_all.clicked.connect(lambda: self.copy_all.show_as(self.tr("Copied"), "good"))
        done = Button(self.tr("Done"), "", self, primary=True)
        done.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.copy_all)
        row.addStretch(1)
        row.addWidget(done)
        return row
