"""Every setting that is declared, in a form that makes itself; what the history takes; how it looks; what this is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.core.errors import InvalidValue
from app.core.events import ProfilesChanged, SettingsChanged
from app.core.setting import Setting
from app.core.settings import SETTINGS
from app.ui.connect.app_dialog import AppDialog
from app.ui.services import Services
from app.ui.settings.about_card import AboutCard
from app.ui.settings.data_card import DataCard
from app.ui.settings.mqtt_part import MqttPart
from app.ui.settings.network_part import NetworkPart
from app.ui.settings.retention_part import RetentionPart
from app.ui.settings.section_card import SectionCard
from app.ui.settings.section_list import SectionList
from app.ui.settings.sections import TITLES, is_advanced, note_of, section_of, title_of
from app.ui.settings.setting_row import SettingRow
from app.ui.settings.updates_part import UpdatesPart
from app.ui.settings.webhook_part import WebhookPart
from app.ui.settings.window_card import WindowCard
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.support.theme import MARGIN_PX
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.layouts import STRETCH, hbox, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.text import Quiet

_BAR_PX = 12
"""The scroll bar's width, by the style sheet."""
_LIST_PX = 176


class SettingsTab(Tab):
    """A card per section. A change is saved when it is made; a refusal stands under its field."""

    name = "settings"
    title = QT_TRANSLATE_NOOP("SettingsTab", "Settings")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self.rows: dict[str, SettingRow] = {}
        self.cards: dict[str, SectionCard] = {}
        self.connect_app = Button(self.tr("Connect an app"), "", self)
        self.connect_app.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.connect_app.clicked.connect(lambda: AppDialog(services, bridge, self.window()).open())
        self.network = NetworkPart(services, bridge, self.work, self)
        self.webhook = WebhookPart(services, bridge, self)
        self.mqtt = MqttPart(services, bridge, self)
        self.retention = RetentionPart(services, self.work, self)
        self.updates = UpdatesPart(services, bridge, self)
        self.own, self.data = WindowCard(services, self.work, self), DataCard(services, self.work, self)
        self.about = AboutCard(services.control, bridge, self.work, self)
        self.search = QLineEdit(self, placeholderText=self.tr("Search settings"), clearButtonEnabled=True)
        self.search.setAccessibleName(self.tr("Search settings"))
        self.none_found = Quiet(self.tr("No setting is called like that."), self, wrap=True)
        self.search.textChanged.connect(self.find_text)
        self.own.set_up.clicked.connect(self.set_up_wanted)
        self.data.restore_wanted.connect(self.restore_wanted)
        self._lay_out()
        bridge.on(SettingsChanged, self._settings_changed, self)
        bridge.on(ProfilesChanged, self._measure_if_shown, self)

    # --- how it is made ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._card("network").add_part(self.network)
        for setting in SETTINGS:
            self._add_row(setting)
        for name, part in (
            ("doors", self.connect_app), ("webhook", self.webhook), ("mqtt", self.mqtt), ("kept", self.retention),
            ("updates", self.updates),
        ):  # fmt: skip
            self._card(name).add_part(part)
        whole: dict[str, QWidget] = {"window": self.own, "data": self.data, **self.cards, "about": self.about}
        order = [*(name for name in TITLES if name in whole), *(name for name in whole if name not in TITLES)]
        sections = {name: whole[name] for name in order}
        inner = QWidget(self)
        self.page = Scroll(inner, self)
        column = vbox(self.none_found, *sections.values(), STRETCH, gap=14, on=inner)
        column.setContentsMargins(0, 0, MARGIN_PX - _BAR_PX, MARGIN_PX)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.sections = SectionList({title_of(name): card for name, card in sections.items()}, self.page, self)
        self.none_found.hide()
        left = QWidget(self)
        left.setFixedWidth(max(_LIST_PX, self.sections.needed_px()))
        vbox(self.search, wide(self.sections), gap=8, on=left)
        hbox(left, wide(self.page), gap=14, on=self, margins=(MARGIN_PX, 0, 0, 0))

    def _card(self, name: str) -> SectionCard:
        if name not in self.cards:
            self.cards[name] = SectionCard(title_of(name), note_of(name), self)
        return self.cards[name]

    def _add_row(self, setting: Setting) -> None:
        row = SettingRow(setting, self.services.store.settings.value(setting.key), self._provider_labels, self)
        row.wanted.connect(lambda text, key=setting.key: self._save(key, text))
        self.rows[setting.key] = row
        self._card(section_of(setting)).add_setting(row, advanced=is_advanced(setting))

    def _provider_labels(self) -> dict[str, str]:
        names = (config.name for config in self.services.store.providers.all())
        return {name: self.services.provider_label(name) for name in names}

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        for row in self.rows.values():
            row.show_value(self.services.store.settings.value(row.setting.key))
        self.network.refresh()
        self.own.refresh()
        self._measure_if_shown()

    def shut(self) -> None:
        for row in self.rows.values():
            row.flush()
        self.data.stop()

    def _settings_changed(self, event: SettingsChanged) -> None:
        if not self.isVisible():
            return
        for row in self.rows.values():
            if event.key in ("", row.setting.key):
                row.show_value(self.services.store.settings.value(row.setting.key))
        if event.key.startswith("retention") or not event.key:
            self._measure_if_shown()

    def _measure_if_shown(self) -> None:
        if self.isVisible():
            self.work(self.retention.measure(), "measure the profiles")

    def finder(self) -> QLineEdit:
        return self.search

    def find_text(self, text: str) -> tuple[int, int]:
        """Show the rows alone whose label, help or key contains it; a section with none of them is away."""
        needle = text.strip().casefold()
        shown = sum(card.show_matching(needle) for card in self.cards.values())
        for other in (self.own, self.data, self.about):
            other.setVisible(not needle)
        self.none_found.setVisible(not shown)
        self.sections.show_there()
        return shown, len(self.rows)

    def show_setting(self, key: str) -> None:
        """Unfold and scroll to what that setting stands in."""
        row = self.rows[key]
        for card in self.cards.values():
            card.reveal(row)
        self.page.ensureWidgetVisible(row)

    # --- what is done --------------------------------------------------------------------------------------------

    def _save(self, key: str, text: str | None) -> None:
        self.work(self._saved(key, text), "save a setting")

    async def _saved(self, key: str, text: str | None) -> None:
        row, store = self.rows[key], self.services.store
        try:
            await store.set_setting(key, text)
        except InvalidValue as error:
            row.refuse(said(error))
            return
        row.accept(text, store.settings.value(key))
