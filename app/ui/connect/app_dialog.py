"""Connect an app: address, a key of its own and the lines it wants, each with Copy; a test; and the keys there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from app.core.events import AppKeysChanged, ClientHeard, ProfilesChanged, ServerStateChanged, SettingsChanged
from app.core.settings import declared
from app.ui.connect import door_test
from app.ui.connect.apps import APPS, PROBES, App
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button, CopyButton, CopyTextButton
from app.ui.widgets.choices import Choices
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, form, hbox, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.state_label import Notice
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.text import Heading, Quiet

if TYPE_CHECKING:
    from app.store import AppKey

_SIZE_PX, _LINES_PX, _KEYS_PX = (660, 720), 96, 110


class AppDialog(Dialog):
    """A key that is made here is shown until this is closed, and nowhere again."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._store = services, services.store
        self._made: dict[tuple[str, str], str] = {}
        self._keys: dict[str, AppKey] = {}
        self.setWindowTitle(self.tr("Connect an app"))
        self.resize(*_SIZE_PX)
        self._make_fields()
        self._make_keys()
        self._lay_out()
        self._connect(bridge)
        self._show_profiles()
        self._show_app()
        self._show_keys()
        self._look()

    # --- how it is made ------------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.app = Choices(self.tr("App"), self, *((app.name, app) for app in APPS))
        self.username = Choices(self.tr("Profile"), self)
        self.address = Choices(self.tr("Address"), self)
        self.door = QCheckBox(self)
        self.key_name = QLineEdit(self)
        self.make_key = Button(self.tr("Make a key"), "key", self)
        self.key = QLineEdit(self, readOnly=True)
        self.key.setPlaceholderText(self.tr("It is shown once, when it is made"))
        self.copy_address = CopyButton(self.tr("Copy the address"), parent=self)
        self.copy_key = CopyButton(self.tr("Copy the key"), parent=self)
        self.where = Quiet("", self, wrap=True)
        self.lines = QPlainTextEdit(self, readOnly=True, tabChangesFocus=True)
        self.lines.setAccessibleName(self.tr("What the app is told"))
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.lines.setFixedHeight(_LINES_PX)
        self.copy_lines = CopyTextButton(self.tr("Copy the lines"), self)
        self.test = Button(self.tr("Test"), "test", self)
        self.outcome = Notice(self)

    def _make_keys(self) -> None:
        titles = (self.tr("Key"), self.tr("Profile"), self.tr("Last used"))
        self.keys = Table(titles, 0, self.tr("Keys of apps"), self)
        self.keys.setMinimumHeight(_KEYS_PX)
        self.keys.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # what is left is its
        self.revoking = QWidget(self)
        self.revoke = Button(self.tr("Revoke"), "close", self.revoking)
        hbox(self.revoke, STRETCH, on=self.revoking)

    def _lay_out(self) -> None:
        told = self.tr("Programs can ask what your glasses see, or about a picture of their own.")
        rows = form(
            (self.tr("&App"), self.app),
            (self.tr("&Profile"), self.username),
            (self.tr("Address"), hbox(wide(self.address), self.copy_address)),
            ("", hbox(self.door, STRETCH)),
            (self.tr("Name of the key"), hbox(wide(self.key_name), self.make_key, gap=8)),
            (self.tr("Key"), hbox(wide(self.key), self.copy_key)),
        )
        for field, name in ((self.key_name, self.tr("Name of the key")), (self.key, self.tr("Key"))):
            field.setAccessibleName(name)
        inner = QWidget(self)
        column = vbox(Quiet(told, self, wrap=True), rows, self.where, self.lines, gap=14, on=inner)
        add(column, hbox(self.copy_lines, self.test, STRETCH, gap=8), self.outcome, self.refusal)
        add(column, Heading(self.tr("Keys of apps"), self, steps=1), wide(self.keys), self.revoking)
        add(self.column, wide(Scroll(inner, self)), self.button_box())
        self.close_button.setDefault(False)
        self.make_key.setDefault(True)

    def _connect(self, bridge: Bridge) -> None:
        self.app.currentIndexChanged.connect(self._show_app)
        self.username.currentIndexChanged.connect(self._show_key)
        self.address.currentIndexChanged.connect(self._show_key)
        self.door.clicked.connect(lambda on: self.work(self._open_door(on=on), "open a door", self.door))
        self.make_key.clicked.connect(lambda: self.work(self._make_key(), "make an app's key", self.make_key))
        self.test.clicked.connect(lambda: self.work(self._test(), "test a door", self.test))
        self.revoke.clicked.connect(self._revoke)
        bridge.on(AppKeysChanged, self._show_keys, self)
        bridge.on(ClientHeard, self._show_keys, self)
        bridge.on(ProfilesChanged, self._show_profiles, self)
        bridge.on(ServerStateChanged, self._look, self)
        bridge.on(SettingsChanged, self._show_door, self)

    # --- what it shows -------------------------------------------------------------------------------------------

    def chosen(self) -> App:
        """The app that is to be connected."""
        app: App = self.app.currentData()
        return app

    def _look(self) -> None:
        self.work(self._find_addresses(), "list the addresses")

    async def _find_addresses(self) -> None:
        found = await self._services.control.addresses()
        if shiboken6.isValid(self):
            self.address.offer((address.url, address.url) for address in found if address.url)
            self._show_key()

    def _show_profiles(self) -> None:
        names = [profile.username for profile in self._store.profiles.all()]
        self.username.offer((name, name) for name in names)
        self.make_key.setEnabled(bool(names))
        self._show_key()

    def _show_app(self) -> None:
        app = self.chosen()
        self.key_name.setText(app.name)
        self.where.setText(self.tr(app.where))
        self.door.setText(QCoreApplication.translate("settings", declared(f"doors.{app.door}").label))
        self._show_door()
        self._show_key()

    def _show_door(self) -> None:
        self.door.setChecked(self._store.settings.flag(f"doors.{self.chosen().door}"))
        self.outcome.tell("")

    def _show_key(self) -> None:
        url, key = self.address.currentText(), self._made.get((self.chosen().name, self.username.currentText()), "")
        self.key.setText(key)
        self.key.setCursorPosition(0)
        self.lines.setPlainText(self.chosen().lines_for(url, key))
        self.copy_address.text_to_copy, self.copy_key.text_to_copy = url, key
        self.copy_lines.text_to_copy = self.lines.toPlainText()
        self.copy_address.setEnabled(bool(url))
        self.copy_key.setEnabled(bool(key))
        self.test.setEnabled(bool(url and key))
        self.test.setToolTip("" if key else self.tr("It needs a key that was made here just now."))
        self.outcome.tell("")

    def _show_keys(self) -> None:
        self._keys = {str(key.key_id): key for key in self._store.app_keys.all()}
        still = {which: key for which, key in self._made.items() if self._store.app_keys.find(key)}
        if still != self._made:
            self._made = still
            self._show_key()
        self.keys.show_rows({key_id: self._row(key) for key_id, key in self._keys.items()})
        self.revoke.setEnabled(bool(self._keys))

    def _row(self, key: AppKey) -> tuple[Cell, ...]:
        return (Cell(key.app), Cell(key.username), Cell(fmt.when(key.last_used_at), sort=key.last_used_at))

    # --- what it does --------------------------------------------------------------------------------------------

    async def _open_door(self, *, on: bool) -> None:
        try:
            await self._store.set_setting(f"doors.{self.chosen().door}", "on" if on else "off")
        finally:
            if shiboken6.isValid(self):
                self._show_door()

    async def _make_key(self) -> None:
        app, username = self.chosen(), self.username.currentText()
        self.refuse("")
        key = await self._store.app_keys.add(username, self.key_name.text())
        if shiboken6.isValid(self):
            self._made[app.name, username] = key
            self._show_key()

    async def _test(self) -> None:
        app, url = self.chosen(), self.address.currentText()
        self.outcome.tell(self.tr("Asking {url}…").format(url=url), "idle")
        status = await door_test.status_of(url + PROBES[app.door], self.key.text())
        if not shiboken6.isValid(self):
            return
        self._show_keys()
        if status == 200:
            self.outcome.tell(
                self.tr("It works: {app} is let in by this address and key.").format(app=app.name), "good"
            )
        else:
            self.outcome.tell(self._trouble(status).format(url=url, status=status))

    def _trouble(self, status: int) -> str:
        return {
            0: self.tr("Nothing answers at {url}: does the server run?"),
            401: self.tr("This key is not let in: make a new one."),
            404: self.tr("This door is closed: switch it on above."),
        }.get(status, self.tr("The server refused it, with status {status}."))

    def _revoke(self) -> None:
        key = self._keys[self.keys.picked_name]
        self.work(self._store.app_keys.revoke(key.username, key.app), "revoke an app's key", self.revoking)
