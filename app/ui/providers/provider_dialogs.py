"""Add an AI; give a provider its key; add a server of one's own."""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.errors import InvalidValue, KeyringUnavailable
from app.core.provider import ProviderConfig
from app.core.vendor_info import PresetInfo
from app.ui.provider_status import about
from app.ui.services import Services
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Choices
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.form import FormDialog
from app.ui.widgets.layouts import STRETCH, add, add_row, grid, hbox
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Quiet, Text
from app.ui.widgets.validated_field import ValidatedField

CUSTOM = "custom"


class ChooseAi(Dialog):
    """The vendors that people get a key from, and what each is good at. Emits ``chosen`` with the name of one."""

    chosen = Signal(str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Add an AI"))
        self.buttons: dict[str, Button] = {}
        rows = grid(gaps=(14, 8))
        for vendor in services.keyed_vendors:
            self.buttons[vendor.name] = button = Button(self.tr("Set key"), "key", self)
            button.setAccessibleName(self.tr("Set the key of {vendor}").format(vendor=vendor.label))
            button.clicked.connect(lambda _=False, name=vendor.name: self._choose(name))
            add_row(rows, Text(vendor.label, self), Quiet(about(vendor), self), button)
        add(self.column, Text(self.tr("An AI describes what the glasses see, and needs a key."), self), rows)
        add(self.column, self.button_box(close=self.tr("Cancel")))
        next(iter(self.buttons.values())).setDefault(True)

    def _choose(self, name: str) -> None:
        self.accept()
        self.chosen.emit(name)


class SetKey(FormDialog):
    """Paste a key, for the household or one profile. Emits ``saved`` with the profile's name ("" = the household)."""

    saved = Signal(str)

    def __init__(self, services: Services, provider: str, key_page: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._provider = services, provider
        self.ask(
            self.tr("Key for {provider}").format(provider=services.provider_label(provider)), self.tr("Save the key")
        )
        names = [profile.username for profile in services.store.profiles.all()]
        alone = ((self.tr("{name} alone").format(name=name), name) for name in names)
        self.owner = Choices("", self, (self.tr("Everybody"), None), *alone)
        self.key = QLineEdit(self, echoMode=QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(self.tr("Paste it here"))
        self.key_field = ValidatedField(self.key, self)
        self.fields = (self.key_field,)
        self.session_only = QCheckBox(self.tr("Keep it for this session only: forgotten when the program ends"), self)
        self.form.addRow(self.tr("&For"), self.owner)
        self.form.addRow(self.tr("&Key"), self.key_field)
        self.form.addRow("", self.session_only)
        self.key_page = self._add_key_page(key_page)
        self._say_keyring()

    def _add_key_page(self, key_page: str) -> Button:
        page = Button(self.tr("Where do I get one?"), "open", self)
        page.setToolTip(key_page)
        page.setVisible(bool(key_page))
        page.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(key_page)))
        if key_page:
            self.form.addRow("", hbox(page, STRETCH))
        return page

    def _say_keyring(self) -> None:
        if self._services.store.secrets.state.usable is False:
            self._offer_session(said(self._services.store.secrets.state.sentence))
        else:
            self.form.insertRow(
                0,
                StateLabel(self.tr("It goes into this computer's keyring and is never shown again."), "good", self,
                           wrap=True),
            )  # fmt: skip

    def _offer_session(self, sentence: str) -> None:
        self.session_only.setChecked(True)
        self.refuse(sentence)

    async def submit(self) -> None:
        key = self.key.text().strip()
        if not key:
            self.key_field.tell(self.tr("Paste the key first."))
            raise InvalidValue(self.key_field.note.text())
        username = self.owner.currentData()
        try:
            await self._services.store.secrets.set(
                username, self._provider, key, session_only=self.session_only.isChecked()
            )
        except KeyringUnavailable:
            self.session_only.setChecked(True)
            raise
        self.saved.emit(username or "")


class AddCustom(FormDialog):
    """Any server that speaks OpenAI's dialect; presets fill in the address. Emits ``added`` with its name."""

    added = Signal(str)

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.ask(self.tr("Add a server of your own"), self.tr("Add"))
        custom = services.vendor(CUSTOM)
        presets = ((known.label, known) for known in (custom.presets if custom else ()) if known.base_url)
        self.preset = Choices("", self, *presets, (self.tr("Other"), None))
        self.name, self.base_url, self.model = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.name_field, self.base_url_field = ValidatedField(self.name, self), ValidatedField(self.base_url, self)
        self.fields = (self.name_field, self.base_url_field)
        self.base_url.setPlaceholderText("http://localhost:1234/v1")
        self.model.setPlaceholderText(self.tr("A model that can see; Test lists them"))
        self.note = Notice(self)
        self.form.addRow(self.tr("&Program"), self.preset)
        self.form.addRow(self.tr("&Name"), self.name_field)
        self.form.addRow(self.tr("A&ddress"), self.base_url_field)
        self.form.addRow(self.tr("&Model"), self.model)
        self.form.addRow("", self.note)
        self.preset.currentIndexChanged.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        known: PresetInfo | None = self.preset.currentData()
        self.note.tell(said(known.note) if known else "", "warn")
        self.base_url.setText(known.base_url if known else "")
        self.name.setText(re.sub(r"[^a-z0-9]+", "-", known.label.lower()).strip("-") if known else "")

    async def submit(self) -> None:
        name, base_url = self.name.text().strip(), self.base_url.text().strip()
        if not name or not base_url:
            (self.base_url_field if name else self.name_field).tell(self.tr("It needs a name and an address."))
            raise InvalidValue(self.tr("It needs a name and an address."))
        known: PresetInfo | None = self.preset.currentData()
        label = known.label if known else ""
        await self._services.store.providers.add(
            ProviderConfig(name, CUSTOM, base_url, self.model.text().strip(), preset=label)
        )
        self.added.emit(name)
