"""Every setting that is declared, in a form that makes itself; what the history takes; how it looks; what this is."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import InvalidValue, ServerError
from app.core.events import ProfilesChanged, ServerStateChanged, SettingsChanged
from app.core.setting import Setting, names_in
from app.core.settings import SETTINGS
from app.ui.connect.app_dialog import AppDialog
from app.ui.services import Services
from app.ui.settings.about_card import AboutCard
from app.ui.settings.data_card import DataCard
from app.ui.settings.mqtt_part import MqttPart
from app.ui.settings.retention_part import RetentionPart
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.webhook_part import WebhookPart
from app.ui.settings.window_card import WindowCard
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.support.theme import MARGIN_PX
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.state_label import StateLabel

_GROUPS: Mapping[str, str] = {
    "network": QT_TRANSLATE_NOOP("SettingsTab", "Network"),
    "limits": QT_TRANSLATE_NOOP("SettingsTab", "Limits"),
    "cascade": QT_TRANSLATE_NOOP("SettingsTab", "Asking the providers"),
    "routing": QT_TRANSLATE_NOOP("SettingsTab", "Whom to ask"),
    "audit": QT_TRANSLATE_NOOP("SettingsTab", "Whether they are right"),
    "order": QT_TRANSLATE_NOOP("SettingsTab", "Who is asked first"),
    "gate": QT_TRANSLATE_NOOP("SettingsTab", "Before a provider is asked"),
    "doors": QT_TRANSLATE_NOOP("SettingsTab", "Doors for other programs"),
    "webhook": QT_TRANSLATE_NOOP("SettingsTab", "Webhook, for every profile without an address of its own"),
    "mqtt": QT_TRANSLATE_NOOP("SettingsTab", "MQTT and Home Assistant"),
    "retention": QT_TRANSLATE_NOOP("SettingsTab", "What is kept"),
    "privacy": QT_TRANSLATE_NOOP("SettingsTab", "Privacy"),
    "risk": QT_TRANSLATE_NOOP("SettingsTab", "Sure enough, for every profile without a value of its own"),
    "": QT_TRANSLATE_NOOP("SettingsTab", "Answers, for every profile without a value of its own"),
}
"""Titles by prefix; a prefix that is not here is its own title."""
_AT_START = ("network.host", "network.port")
"""Read when the server starts."""
_ORDERS = "order"
"""The prefix of what names providers."""
_BAR_PX = 12
"""The scroll bar's width, by the style sheet."""


class SettingsTab(Tab):
    """A card per prefix. A change is saved when it is made; a refusal stands under its field."""

    name = "settings"
    title = QT_TRANSLATE_NOOP("SettingsTab", "Settings")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.rows: dict[str, SettingRow] = {}
        self.cards: dict[str, Card] = {}
        self._is_stale = False
        self._make_restart()
        self.connect_app = Button(self.tr("Connect an app"), "", self)
        self.connect_app.clicked.connect(lambda: AppDialog(services, bridge, self.window()).open())
        self.webhook = WebhookPart(services, bridge, self)
        self.mqtt = MqttPart(services, bridge, self)
        self.retention = RetentionPart(services, self.work, self)
        self.own, self.data = WindowCard(services, self.work, self), DataCard(services, self.work, self)
        self.about = AboutCard(services.control, bridge, self.work, self)
        self.own.set_up.clicked.connect(self.set_up_wanted)
        self.data.restore_wanted.connect(self.restore_wanted)
        self._lay_out()
        bridge.on(SettingsChanged, self._settings_changed, self)
        bridge.on(ServerStateChanged, self._server_changed, self)
        bridge.on(ProfilesChanged, self._measure_if_shown, self)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inner = QWidget(self)
        column = vbox(gap=14, on=inner, margins=(0, 0, MARGIN_PX - _BAR_PX, MARGIN_PX))
        for setting in SETTINGS:
            self._add_row(setting, column)
        for name, part in (
            ("network", self.restart_part), ("webhook", self.webhook), ("mqtt", self.mqtt),
            ("retention", self.retention),
        ):  # fmt: skip
            self._card(name, column).body.addWidget(part)
        self._card("doors", column).body.addLayout(hbox(self.connect_app, STRETCH))
        for card in (self.data, self.own, self.about):
            column.addWidget(card)
        column.addStretch(1)
        self.page = Scroll(inner, self)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        vbox(self.page, on=self, margins=(MARGIN_PX, 0, 0, 0))

    def _card(self, prefix: str, column: QVBoxLayout) -> Card:
        if prefix not in self.cards:
            title = self.tr(_GROUPS[prefix]) if prefix in _GROUPS else prefix.capitalize()
            self.cards[prefix] = Card(self, title=title)
            column.addWidget(self.cards[prefix])
        return self.cards[prefix]

    def _add_row(self, setting: Setting, column: QVBoxLayout) -> None:
        prefix = setting.key.rpartition(".")[0]
        row = SettingRow(setting, self.services.store.settings.value(setting.key), self)
        row.wanted.connect(lambda text, key=setting.key: self._save(key, text))
        self.rows[setting.key] = row
        self._card(prefix, column).body.addWidget(row)

    def _make_restart(self) -> None:
        self.restart_part = QWidget(self)
        self.restart_note = StateLabel("", "idle", self.restart_part, wrap=True)
        self.restart = Button(self.tr("Restart the server now"), "refresh", self.restart_part)
        self.restart.clicked.connect(lambda: self.work(self._restart(), "restart the server", self.restart))
        hbox(wide(self.restart_note), self.restart, on=self.restart_part, margins=(0, 4, 0, 0))

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        for row in self.rows.values():
            row.show_value(self.services.store.settings.value(row.setting.key))
        self._show_restart()
        self.own.refresh()
        self._measure_if_shown()

    def shut(self) -> None:
        for row in self.rows.values():
            row.flush()
        self.data.stop()

    def _settings_changed(self, event: SettingsChanged) -> None:
        if event.key in _AT_START or not event.key:
            self._is_stale = self.services.control.state in ("running", "starting")
        if not self.isVisible():
            return
        for row in self.rows.values():
            if event.key in ("", row.setting.key):
                row.show_value(self.services.store.settings.value(row.setting.key))
        self._show_restart()
        if event.key.startswith("retention") or not event.key:
            self._measure_if_shown()

    def _server_changed(self) -> None:
        if self.services.control.state != "running":
            self._is_stale = False
        self._show_restart()

    def _show_restart(self) -> None:
        if self._is_stale:
            self.restart_note.show_state(
                self.tr("The server still uses the address and port that it was started with."), "warn"
            )
        else:
            self.restart_note.show_state(self.tr("Address and port count from the server's next start."), "idle")
        self.restart.setEnabled(self.services.control.state in ("running", "error"))

    def _measure_if_shown(self) -> None:
        if self.isVisible():
            self.work(self.retention.measure(), "measure the profiles")

    def find_text(self, text: str) -> tuple[int, int]:
        """Show the rows alone whose label, help or key contains it; a card with none of them is away."""
        needle, shown = text.strip().casefold(), 0
        for row in self.rows.values():
            told = (row.label.text(), row.help.text(), row.setting.key)
            found = any(needle in part.casefold() for part in told)
            row.setVisible(found)
            shown += found
        for card in self.cards.values():
            rows = [row for row in self.rows.values() if card.isAncestorOf(row)]
            card.setVisible(not needle or any(not row.isHidden() for row in rows))
        for other in (
            self.data, self.own, self.about, self.restart_part, self.webhook, self.mqtt, self.retention,
            self.connect_app,
        ):  # fmt: skip
            other.setVisible(not needle)
        return shown, len(self.rows)

    # --- what is done --------------------------------------------------------------------------------------------

    def _save(self, key: str, text: str | None) -> None:
        self.work(self._saved(key, text), "save a setting")

    async def _saved(self, key: str, text: str | None) -> None:
        row, store = self.rows[key], self.services.store
        try:
            if text is not None and key.partition(".")[0] == _ORDERS:
                self._check_names(text)
            await store.set_setting(key, text)
        except InvalidValue as error:
            row.refuse(said(error))
            return
        row.accept(text, store.settings.value(key))

    def _check_names(self, text: str) -> None:
        """Raises ``InvalidValue`` for a provider that nobody knows."""
        known = list(dict.fromkeys(config.name for config in self.services.store.providers.all()))
        vendors = {vendor.name for vendor in self.services.providers.vendors}
        for name in names_in(text):
            if name not in known and name not in vendors:
                told = self.tr("There is no provider '{name}'. Known are: {known}.")
                raise InvalidValue(told.format(name=name[:40], known=", ".join(known)))

    async def _restart(self) -> None:
        with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
            await self.services.control.stop()
            self._is_stale = False  # of stopped and running again, the bridge may tell the latter alone
            await self.services.control.start()
        self._show_restart()
