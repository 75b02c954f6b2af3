"""The webhook's key, which is shown once, when it is made; and a test of what is posted for a profile."""

from __future__ import annotations

import secrets
from collections.abc import Coroutine
from typing import Any

import shiboken6
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.events import KeysChanged, ProfilesChanged
from app.ui.services import Services
from app.ui.settings.setting_row import LABEL_PX
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button, CopyButton
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import STRETCH, Part, grid, hbox, wide
from app.ui.widgets.state_label import Notice
from app.ui.widgets.text import Quiet, Text

_KEY_BYTES = 32


class WebhookPart(QWidget):
    """Stands under the address in the card of the webhook."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._secrets = services, services.store.door_secrets
        self.key = QLineEdit(self, readOnly=True)
        self.copy = CopyButton(self.tr("Copy the key"), parent=self)
        self.make = Button(self.tr("Make a key"), "key", self)
        self.remove = Button(self.tr("Remove"), "delete", self)
        self.username = Choices(self.tr("Profile"), self)
        self.send = Button(self.tr("Send a test now"), "test", self)
        self.outcome = Notice(self)
        self.make.clicked.connect(lambda: self._work(self._make_key(), self.make, self.remove))
        self.remove.clicked.connect(lambda: self._work(self._secrets.remove("webhook"), self.make, self.remove))
        self.send.clicked.connect(lambda: self._work(self._send(), self.send))
        self._lay_out()
        bridge.on(KeysChanged, self._show_key, self)
        bridge.on(ProfilesChanged, self._show_profiles, self)
        self._show_key()
        self._show_profiles()

    def _lay_out(self) -> None:
        label, beside = Text(self.tr("Webhook's key"), self, wrap=True), Part(None)
        label.setFixedWidth(LABEL_PX)
        label.setBuddy(self.key)
        self.key.setAccessibleName(label.text())
        told = Quiet(self.tr("What is posted is signed with it (X-Signature), so that the receiver knows it."), self)
        told.setWordWrap(True)
        grid(
            (label, hbox(wide(self.key), self.copy, gap=6)),
            (beside, hbox(self.make, self.remove, STRETCH, gap=6)),
            (beside, told),
            (Text(self.tr("Try it for"), self), hbox(self.username, STRETCH)),
            (beside, hbox(self.send, STRETCH)),
            (beside, self.outcome),
            gaps=(14, 6),
            on=self,
        )

    def _show_key(self) -> None:
        is_kept = self._secrets.is_kept("webhook")
        if not is_kept:
            self.key.clear()
        self.key.setPlaceholderText(self.tr("A key is set.") if is_kept else self.tr("None: nothing is signed."))
        self.make.show_as(self.tr("Replace") if is_kept else self.tr("Make a key"), "key")
        self.remove.setEnabled(is_kept)
        self.copy.text_to_copy = self.key.text()
        self.copy.setEnabled(bool(self.key.text()))

    def _show_profiles(self) -> None:
        names = [profile.username for profile in self._services.store.profiles.all()]
        self.username.offer((name, name) for name in names)
        self.send.setEnabled(bool(names))

    async def _make_key(self) -> None:
        key = secrets.token_urlsafe(_KEY_BYTES)
        await self._secrets.set("webhook", key)
        if shiboken6.isValid(self):
            self.key.setText(key)
            self.key.setCursorPosition(0)
            self._show_key()

    async def _send(self) -> None:
        sentence = await self._services.webhook.test(self.username.currentText())
        if shiboken6.isValid(self):
            self.outcome.tell(said(sentence), "good")

    def _work(self, work: Coroutine[Any, Any, object], *busy: QWidget) -> None:
        self.outcome.tell("")
        run_task.start(work, name="set up the webhook", owner=self, refused=self.outcome.tell, busy=busy)
