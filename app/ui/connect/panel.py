"""All that the phone app must be told, each with Copy: the address, the username, the auth key; and whether the phone
has been heard."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.control import LanAddress
from app.core.events import PairingsChanged, ProfilesChanged, ServerStateChanged, SettingsChanged
from app.ui.connect import qr_code
from app.ui.connect.address_list import AddressList
from app.ui.connect.last_seen_light import LastSeenLight
from app.ui.connect.profile_dialogs import NewKey
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.connect.told_address import ToldAddress
from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button, CopyButton, CopyTextButton
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Quiet, Text

LOOK_AGAIN_MS = 10_000
"""A laptop may join another network while this is open."""


class ConnectPanel(QWidget):
    """``show_key`` tells the key that was just made; ``add_profile``, where there is nobody yet, is for its owner."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._bridge = services, bridge
        self._told = ToldAddress(services)
        self._keys: dict[str, str] = {}
        self._left: set[str] = set()
        self._make_notices()
        self._make_fields()
        self.light = LastSeenLight(services.control, bridge, self)
        self.trouble = Button(self.tr("My phone cannot reach it"), "", self)
        self.refusal = Notice(self)
        self._lay_out()
        self._connect()
        self._timer = QTimer(self, interval=LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self._show_profiles()
        self._show_state()

    # --- what it is told -----------------------------------------------------------------------------------------

    def show_key(self, username: str, key: str) -> None:
        """``key`` of ``username`` was just made; once this panel is gone nobody can read it again."""
        self._keys[username] = key
        self._left.add(username)
        self._show_profiles()
        self.choose(username)
        self._show_key()

    def keys_left(self) -> list[str]:
        """Whose new keys nobody has taken yet: neither copied, nor has a phone of theirs come."""
        paired = {pairing.username for pairing in self._services.store.pairings.all()}
        return sorted(self._left - paired)

    def choose(self, username: str) -> None:
        self.username.choose(username)

    def texts(self) -> list[tuple[str, str]]:
        """What is copied by Copy all: label and value of what is known."""
        values = (
            (self.tr("Address"), self.url()),
            (self.tr("Username"), self.username.currentText()),
            (self.tr("Auth key"), self.key.text()),
        )
        return [(label, value) for label, value in values if value]

    def url(self) -> str:
        """The chosen address, as the phone app wants it."""
        address = self.addresses.address()
        return address.url if address else ""

    # --- how it is made ------------------------------------------------------------------------------------------

    def _make_notices(self) -> None:
        self.stopped = StateLabel(self.tr("The server does not run: no phone reaches it now."), "warn", self, wrap=True)
        self.start = Button(self.tr("Start"), "start", self)
        self.alone = StateLabel(self.tr("Only this computer can connect."), "warn", self, wrap=True)
        self.let_in = QCheckBox(self.tr("Let devices on my network connect"), self)
        for widget in (self.stopped, self.start, self.alone, self.let_in):
            widget.hide()

    def _make_fields(self) -> None:
        self.addresses = AddressList(self)
        self.username = Choices(self.tr("Username"), self)
        self.key = QLineEdit(self, readOnly=True)
        self.key.setAccessibleName(self.tr("Auth key"))
        self.key_note = Quiet("", self, wrap=True)
        self.new_key = Button(self.tr("New key"), "key", self)
        self.add_profile = Button(self.tr("Add a profile"), "add", self)
        self.copy_url = CopyButton(self.tr("Copy the address"), parent=self)
        self.copy_username = CopyButton(self.tr("Copy the username"), parent=self)
        self.copy_key = CopyButton(self.tr("Copy the auth key"), parent=self)
        self.copy_all = CopyTextButton(self.tr("Copy all"), self)
        self.code = qr_code.QrCode(self)

    def _lay_out(self) -> None:
        self.code_note = Quiet(self.tr("Scan it, then tap once"), self)
        vbox(
            hbox(wide(self.stopped), self.start),
            hbox(wide(self.alone), self.let_in),
            Text(self.tr("Address"), self),
            hbox(wide(self.addresses), self.copy_url),
            hbox(wide(self._fields()), vbox(self.code, self.code_note, STRETCH, gap=4), gap=20),
            self.refusal,
            hbox(wide(self.light), self.trouble),
            gap=12,
            on=self,
        )

    def _fields(self) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Text(self.tr("Username"), self), 0, 0)
        grid.addWidget(self.username, 0, 1)
        grid.addWidget(self.add_profile, 0, 1)
        grid.addWidget(self.copy_username, 0, 2)
        grid.addWidget(Text(self.tr("Auth key"), self), 1, 0)
        grid.addWidget(self.key, 1, 1)
        grid.addWidget(self.new_key, 1, 1)
        grid.addWidget(self.copy_key, 1, 2)
        grid.addWidget(self.key_note, 2, 1, 1, 2)
        return vbox(grid, STRETCH, hbox(self.copy_all, STRETCH), gap=10)

    def _connect(self) -> None:
        self.addresses.chosen.connect(self._show_url)
        self.username.currentTextChanged.connect(self._show_key)
        self.new_key.clicked.connect(self._make_key)
        self.start.clicked.connect(lambda: self._work(self._services.control.start(), "start the server", self.start))
        self.let_in.clicked.connect(lambda: self._work(self._open_up(), "let devices connect", self.let_in))
        self.trouble.clicked.connect(self._help)
        for copy in (self.copy_key, self.copy_all):
            copy.clicked.connect(lambda: self._left.discard(self.username.currentText()))
        self._bridge.on(ServerStateChanged, self._show_state, self)
        self._bridge.on(SettingsChanged, self._settings_changed, self)
        self._bridge.on(ProfilesChanged, self._show_profiles, self)
        self._bridge.on(PairingsChanged, self._show_code, self)  # by it, perhaps: then it is used up

    # --- what it shows -------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._told.keep()
        self._look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._services.control.end_invitations()
        self._show_code()

    def _look(self) -> None:
        self._work(self._find_addresses(), "list the addresses")

    async def _find_addresses(self) -> None:
        await asyncio.to_thread(qr_code.prepare)
        found = await self._services.control.addresses()
        if shiboken6.isValid(self):  # the dialog may have been closed meanwhile
            self._show_addresses(found)

    def _show_addresses(self, found: Sequence[LanAddress]) -> None:
        alone = bool(found) and all(address.kind == "loopback" for address in found)
        self.addresses.show_addresses(found)
        self.light.leave_out(found)
        self._show_code()
        self.alone.setVisible(alone)
        self.let_in.setVisible(alone)
        self.let_in.setChecked(False)

    def _show_state(self) -> None:
        state = self._services.control.state
        for widget in (self.stopped, self.start):
            widget.setVisible(state in ("stopped", "error"))
        if state == "running":
            self.refusal.hide()
        if self.isVisible():
            self._told.keep()
            self._look()

    def _settings_changed(self, event: SettingsChanged) -> None:
        if self.isVisible() and (not event.key or event.key.startswith("network.") or event.key == "doors.page"):
            self._look()

    def _show_profiles(self) -> None:
        names = [profile.username for profile in self._services.store.profiles.all()]
        self.username.offer((name, name) for name in names)
        self.username.setVisible(bool(names))
        self.add_profile.setVisible(not names)
        self._show_key()

    def _show_url(self) -> None:
        self.copy_url.text_to_copy = self.url()
        self.copy_url.setEnabled(bool(self.url()))
        self._show_code()
        self._gather()

    def _show_code(self) -> None:
        url, name, settings = self.url(), self.username.currentText(), self._services.store.settings
        lets_in = settings.flag("doors.page") and not settings.flag("network.tokens_only")
        if url and name and lets_in and self.isVisible():
            url = f"{url}/?pair={self._services.control.invite(name)}"
        self.code.show_text(url)
        self.code_note.setVisible(bool(url))

    def _show_key(self) -> None:
        name = self.username.currentText()
        key = self._keys.get(name, "")
        self.key.setText(key)
        self.key.setCursorPosition(0)
        self.key.setVisible(bool(key))
        self.new_key.setVisible(not key)
        self.new_key.setEnabled(bool(name))
        self.key_note.setText(
            self.tr("Shown this once: write it into the phone now.")
            if key
            else self.tr("It was shown once, when it was made; a new one replaces it.")
        )
        self.copy_key.text_to_copy, self.copy_username.text_to_copy = key, name
        self.copy_key.setEnabled(bool(key))
        self.copy_username.setEnabled(bool(name))
        self._show_code()
        self._gather()

    def _gather(self) -> None:
        self.copy_all.text_to_copy = "\n".join(f"{label}: {value}" for label, value in self.texts())
        self.copy_all.setEnabled(bool(self.texts()))

    # --- what it does --------------------------------------------------------------------------------------------

    async def _open_up(self) -> None:
        control = self._services.control
        await self._services.store.set_setting("network.host", "0.0.0.0")  # noqa: S104 - the owner wants just that
        control.follow("network.host")
        if control.state == "running":
            await control.stop()
            await control.start()

    def _make_key(self) -> None:
        dialog = NewKey(self._services, self.username.currentText(), self)
        dialog.made.connect(self.show_key)
        dialog.open()

    def _help(self) -> None:
        ReachDialog(self._services, self._bridge, self.window()).open()

    def _work(self, coroutine: Coroutine[Any, Any, object], name: str, *busy: QWidget) -> None:
        run_task.start(coroutine, name=name, owner=self, refused=self._refuse, busy=busy)

    def _refuse(self, sentence: str) -> None:
        self.refusal.tell(sentence)
        self.let_in.setChecked(False)
