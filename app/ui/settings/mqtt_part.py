"""The broker's password, how the link to it stands, and a test."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import shiboken6
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.events import KeysChanged, MqttChanged
from app.ui.services import Services
from app.ui.settings.setting_row import LABEL_PX
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.support.theme import Tone
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, Part, grid, hbox, wide
from app.ui.widgets.state_label import Notice, StateLabel
from app.ui.widgets.text import Text

_TONES: dict[bool | None, Tone] = {True: "good", False: "bad", None: "idle"}


class MqttPart(QWidget):
    """Stands under the settings in the card of MQTT."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._mqtt, self._secrets = services.mqtt, services.store.door_secrets
        self.password = QLineEdit(self, echoMode=QLineEdit.EchoMode.Password)
        self.save = Button(self.tr("Save"), "save", self)
        self.remove = Button(self.tr("Remove"), "delete", self)
        self.state = StateLabel("", "idle", self, wrap=True)
        self.test = Button(self.tr("Test"), "test", self)
        self.outcome = Notice(self)
        self.password.textChanged.connect(self._show_password)
        self.password.returnPressed.connect(self.save.click)
        self.save.clicked.connect(lambda: self._work(self._keep(), self.save, self.remove))
        self.remove.clicked.connect(lambda: self._work(self._secrets.remove("mqtt"), self.save, self.remove))
        self.test.clicked.connect(lambda: self._work(self._try(), self.test))
        self._lay_out()
        bridge.on(KeysChanged, self._show_password, self)
        bridge.on(MqttChanged, self._show_state, self)
        self._show_password()
        self._show_state()

    def _lay_out(self) -> None:
        label, beside = Text(self.tr("Password at the broker"), self, wrap=True), Part(None)
        label.setFixedWidth(LABEL_PX)
        label.setBuddy(self.password)
        self.password.setAccessibleName(label.text())
        grid(
            (label, self.password),
            (beside, hbox(self.save, self.remove, STRETCH, gap=6)),
            (Text(self.tr("How it stands"), self), wide(self.state)),
            (beside, hbox(self.test, STRETCH)),
            (beside, self.outcome),
            gaps=(14, 6),
            on=self,
        )

    def _show_password(self) -> None:
        is_kept = self._secrets.is_kept("mqtt")
        self.password.setPlaceholderText(self.tr("A password is kept.") if is_kept else self.tr("None"))
        self.save.setEnabled(bool(self.password.text()))
        self.remove.setEnabled(is_kept)

    def _show_state(self) -> None:
        state = self._mqtt.state
        self.state.show_state(said(state.sentence), _TONES[state.is_well])

    async def _keep(self) -> None:
        await self._secrets.set("mqtt", self.password.text())
        if shiboken6.isValid(self):
            self.password.clear()

    async def _try(self) -> None:
        self.outcome.tell(self.tr("Asking the broker…"), "idle")
        sentence = await self._mqtt.test()
        if shiboken6.isValid(self):
            self.outcome.tell(said(sentence), "good")

    def _work(self, work: Coroutine[Any, Any, object], *busy: QWidget) -> None:
        self.outcome.tell("")
        run_task.start(work, name="set up MQTT", owner=self, refused=self.outcome.tell, busy=busy)
