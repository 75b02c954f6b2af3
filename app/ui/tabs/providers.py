"""The AIs: which are on, with which model and key, and how each stands right now."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.provider import ON_DEVICE, ProviderConfig
from app.ui import words
from app.ui.bridge import Bridge
from app.ui.dialogs.provider_dialogs import CUSTOM, AddCustom, SetKey
from app.ui.lights import Lights
from app.ui.marks import QT_TRANSLATE_NOOP
from app.ui.services import Services
from app.ui.tabs.tab import Tab
from app.ui.theme import MARGIN_PX
from app.ui.widgets.buttons import Button
from app.ui.widgets.key_panel import KeyPanel
from app.ui.widgets.provider_form import ProviderForm
from app.ui.widgets.table import Cell, Table

REFRESH_MS = 1_000


class ProvidersTab(Tab):
    """A table of providers; below it the set-up and the key of the one that is selected."""

    name = "providers"
    title = QT_TRANSLATE_NOOP("ProvidersTab", "Providers")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._lights = Lights(services, bridge, self)
        self._models: dict[str, tuple[str, ...]] = {}
        titles = (self.tr("Provider"), self.tr("State"), self.tr("Model"), self.tr("Key"))
        self.table = Table(titles, 1, self.tr("Providers, in the order they are asked"), self)
        self.add = Button(self.tr("Add a server of your own"), "add", self)
        self.remove = Button(self.tr("Remove"), "delete", self)
        self.form, self.key = ProviderForm(self), KeyPanel(self)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(14)
        below.addWidget(self.form, 1)
        below.addWidget(self.key, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, MARGIN_PX)
        page.setSpacing(12)
        page.addLayout(buttons)
        page.addWidget(self.table, 1)
        page.addLayout(below)

    def _connect(self, bridge: Bridge) -> None:
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.picked.connect(self._picked_another)
        self.table.rows.switched.connect(self._switch)
        self.form.saved.connect(self._save)
        self.key.set_wanted.connect(self._set_key)
        self.key.remove_wanted.connect(self._remove_key)
        self.key.test_wanted.connect(
            lambda: self.work(self._test(), "test a provider", self.key.test, self.key.set_key)
        )
        self.key.owner.currentIndexChanged.connect(self._show_key)
        self._timer.timeout.connect(self._show_rows)
        self._lights.changed.connect(self.refresh)
        for changed in (bridge.providers_changed, bridge.keys_changed, bridge.profiles_changed, bridge.keyring_checked):
            changed.connect(self.refresh)

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        super().on_shown()
        self._timer.start()  # a cooldown ends without a word

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        self._show_rows()
        self.key.show_owners([profile.username for profile in self.services.store.profiles.all()])
        self._show_picked()

    def _show_rows(self) -> None:
        self.table.show_rows({config.name: self._row(config) for config in self.services.store.providers.all()})
        if (config := self._picked()) is not None:
            self.key.light.show_state(*self._lights.words(config))

    def _row(self, config: ProviderConfig) -> tuple[Cell, ...]:
        light, tone = self._lights.words(config)
        return (
            Cell(self.services.provider_label(config.name), checked=config.enabled),
            Cell(light, tone),
            Cell(config.model or words.DASH),
            Cell(self._places(config.name) or words.DASH),
        )

    def _places(self, provider: str) -> str:
        """Where keys for it lie, and whose they are."""
        secrets = self.services.store.secrets
        said = [self._place(key.where) for key in secrets.listed(None) if key.provider == provider]
        for profile in self.services.store.profiles.all():
            said += [
                self.tr("{name}: {place}").format(name=profile.username, place=self._place(key.where))
                for key in secrets.listed(profile.username)
                if key.provider == provider and key.where in ("keyring", "session")
            ]
        return ", ".join(said)

    def _place(self, where: str) -> str:
        return {
            "keyring": self.tr("keyring"),
            "shared": self.tr("keyring"),
            "session": self.tr("this session only"),
            "environment": self.tr("environment variable"),
        }.get(where, where)

    def _picked(self) -> ProviderConfig | None:
        configs = self.services.store.providers.all()
        return next((config for config in configs if config.name == self.table.picked_name), None)

    def _picked_another(self) -> None:
        self.key.show_result("", "idle")
        self._show_picked()

    def _show_picked(self) -> None:
        config = self._picked()
        self.remove.setEnabled(config is not None and config.vendor == CUSTOM)
        for part in (self.form, self.key):
            part.setVisible(config is not None)
        if config is None:
            return
        self.form.show_config(config, self.services.provider_label(config.name))
        self.form.show_models(self._models.get(config.name, ()))
        self._show_key()

    def _show_key(self) -> None:
        config = self._picked()
        if config is None:
            return
        places, needs_none = self._places(config.name), config.name == ON_DEVICE
        self.key.light.show_state(*self._lights.words(config))
        self.key.places.setText(
            self.tr("It needs no key.") if needs_none
            else self.tr("Key: {places}").format(places=places) if places
            else self.tr("No key is kept for it.")
        )  # fmt: skip
        for widget in (self.key.owner, self.key.set_key, self.key.remove):
            widget.setVisible(not needs_none)
        self.key.remove.setEnabled(self._is_removable(config.name))

    def _is_removable(self, provider: str) -> bool:
        username = self.key.owner.currentData()
        kept = ("keyring", "session") if username else ("keyring", "shared", "session")
        return any(
            key.provider == provider and key.where in kept for key in self.services.store.secrets.listed(username)
        )

    # --- what is done --------------------------------------------------------------------------------------------

    def _switch(self, name: str, enabled: bool) -> None:
        self.work(self.services.store.providers.set(name, enabled=enabled), "switch a provider", self.table)

    def _save(self, changes: dict[str, str | int]) -> None:
        self.work(self._saved(self.table.picked_name, changes), "save a provider", self.form.fields)

    async def _saved(self, name: str, changes: dict[str, str | int]) -> None:
        await self.services.store.providers.set(name, **changes)
        self.key.show_result("", "idle")
        self.refresh()

    def _add(self) -> None:
        dialog = AddCustom(self.services, self)
        dialog.added.connect(self._added)
        dialog.open()

    def _added(self, name: str) -> None:
        self.refresh()
        self.table.pick(name)

    def _remove(self) -> None:
        self.work(self.services.store.providers.remove(self.table.picked_name), "remove a provider", self.remove)

    def _set_key(self) -> None:
        config = self._picked()
        if config is None:
            return
        vendor = self.services.vendor(config.vendor)
        dialog = SetKey(self.services, config.name, vendor.key_url if vendor else "", self)
        dialog.owner.setCurrentIndex(max(0, dialog.owner.findData(self.key.owner.currentData())))
        dialog.saved.connect(self.refresh)
        dialog.open()

    def _remove_key(self) -> None:
        done = self.services.store.secrets.remove(self.key.owner.currentData(), self.table.picked_name)
        self.work(done, "remove a key", self.key.remove)

    async def _test(self) -> None:
        name = self.table.picked_name
        self.key.show_testing(testing=True)
        try:
            found = await self.services.examine(name, self.key.owner.currentData(), None)
        finally:
            self.key.show_testing(testing=False)
            self.key.show_result("", "idle")
        if found.models:
            self._models[name] = found.models
        if name == self.table.picked_name:
            self.form.show_models(self._models.get(name, ()))
            self.key.show_result(found.sentence, "good" if found.ok else "bad")
