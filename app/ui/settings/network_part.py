"""Whether other devices may connect, and what a new address or port asks for: a restart, and every phone told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QWidget

from app.core.errors import ServerError
from app.core.events import ServerStateChanged, SettingsChanged
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.told_address import ToldAddress
from app.ui.services import Services
from app.ui.settings.setting_row import LABEL_PX
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, Part, grid, hbox, wide
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet, Text

_AT_START = ("network.host", "network.port")
"""Read when the server starts."""
_ALONE, _ALL = "127.0.0.1", "0.0.0.0"  # noqa: S104 - the phone is another machine


class NetworkPart(QWidget):
    """``work``: as a tab's."""

    def __init__(self, services: Services, bridge: Bridge, work: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._bridge, self._work = services, bridge, work
        self._told, self._is_stale = ToldAddress(services), False
        self.let_in = QCheckBox(self)
        self.note = StateLabel("", "idle", self, wrap=True)
        self.restart = Button(self.tr("Restart the server now"), "refresh", self)
        self.tell_phones = Button(self.tr("Show what to tell them"), "device", self)
        self.let_in.toggled.connect(lambda on: work(self._open(on=on), "let devices connect", self.let_in))
        self.restart.clicked.connect(lambda: work(self._restart(), "restart the server", self.restart))
        self.tell_phones.clicked.connect(self._tell_phones)
        self._lay_out()
        bridge.on(SettingsChanged, self._settings_changed, self)
        bridge.on(ServerStateChanged, self._server_changed, self)
        self.refresh()

    def _lay_out(self) -> None:
        text, beside = self.tr("Let devices on my network connect"), Part(None)
        label, told = Text(text, self, wrap=True), self.tr("Off: only programs on this computer reach it.")
        label.setFixedWidth(LABEL_PX)
        label.setBuddy(self.let_in)
        self.let_in.setAccessibleName(text)
        rows = grid((label, hbox(self.let_in, STRETCH)), (beside, Quiet(told, self, wrap=True)), gaps=(14, 3))
        rows.addLayout(hbox(wide(self.note), self.tell_phones, self.restart), 2, 0, 1, 2)
        self.setLayout(rows)

    def refresh(self) -> None:
        with QSignalBlocker(self.let_in):
            self.let_in.setChecked(self._told.lets_in())
        is_old = not self._is_stale and self._told.is_old()
        if is_old:
            self.note.show_state(self.tr("Every phone must be told the new address."), "warn")
        elif self._is_stale and self._told.lets_in():
            told = self.tr("It counts once the server starts again; then every phone must be told the new address.")
            self.note.show_state(told, "warn")
        else:
            self.note.show_state(self.tr("Address and port count from the server's next start."), "idle")
        self.tell_phones.setVisible(is_old)
        self.restart.setEnabled(self._services.control.state in ("running", "error"))

    def _settings_changed(self, event: SettingsChanged) -> None:
        if event.key in _AT_START or not event.key:
            self._is_stale = self._services.control.state in ("running", "starting")
            self.refresh()

    def _server_changed(self) -> None:
        if self._services.control.state != "running":
            self._is_stale = False
        self.refresh()

    async def _open(self, *, on: bool) -> None:
        await self._services.store.set_setting("network.host", _ALL if on else _ALONE)
        self._services.control.follow("network.host")

    async def _restart(self) -> None:
        with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
            await self._services.control.stop()
            self._is_stale = False  # of stopped and running again, the bridge may tell the latter alone
            await self._services.control.start()
            if self._told.is_old():
                self._tell_phones()
        self.refresh()

    def _tell_phones(self) -> None:
        """Address, name and code, as a new phone gets them."""
        ConnectDialog(self._services, self._bridge, self.window()).open()
        self.refresh()
