"""The AIs: which are on, with which model and key, and how each stands right now."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from app.core.errors import InvalidValue
from app.core.events import KeyringChecked, KeysChanged, PricesChanged, ProfilesChanged, ProvidersChanged
from app.core.provider import ON_DEVICE, ProviderConfig
from app.core.provider_check import ProviderCheck
from app.ui.provider_status import ProviderStatus
from app.ui.providers.key_panel import KeyPanel
from app.ui.providers.local_card import LocalCard
from app.ui.providers.order_card import OrderCard
from app.ui.providers.price_dialog import PriceDialog
from app.ui.providers.provider_dialogs import CUSTOM, AddCustom, ChooseAi, SetKey
from app.ui.providers.provider_form import Change, ProviderForm
from app.ui.providers.rows import ProviderRows
from app.ui.providers.truth_card import TruthCard
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.layouts import PAGE, STRETCH, hbox, vbox, wide
from app.ui.widgets.scroll import FitScroll
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.table import Table

REFRESH_MS = 1_000
TABLE_PX = 132
"""Three rows of the table and its head: what is below it scrolls instead."""


class ProvidersTab(Tab):
    """A table of providers; below it the set-up and the key of the one that is selected."""

    name = "providers"
    title = QT_TRANSLATE_NOOP("ProvidersTab", "Providers")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._lights = ProviderStatus(services, bridge, self)
        self._rows = ProviderRows(services, self._lights, self)
        self._models: dict[str, tuple[str, ...]] = {}
        titles = (
            self.tr("Provider"), self.tr("State"), self.tr("Model"), self.tr("Key"), self.tr("Calls today"),
            self.tr("Spent"),
        )  # fmt: skip
        self.table = Table(titles, 1, self.tr("Providers, in the order they are asked"), self)
        self.table.setMinimumHeight(TABLE_PX)
        self.add = Button(self.tr("Add a server of your own"), "add", self)
        self.remove = Button(self.tr("Remove"), "delete", self)
        self.prices = Button(self.tr("All prices"), "", self)
        self.up = IconButton("up", self.tr("Ask earlier"), self)
        self.down = IconButton("down", self.tr("Ask later"), self)
        self.default_order = Button(self.tr("Default order"), "", self)
        self.form, self.key = ProviderForm(services.store.prices, self), KeyPanel(self)
        self.truth, self.order = TruthCard(services, bridge, self), OrderCard(services, bridge, self)
        self.local = LocalCard(services, bridge, self)
        self._timer = QTimer(self, interval=REFRESH_MS)
        buttons = hbox(self.add, self.remove, self.prices, STRETCH, self.default_order, self.up, self.down)
        details = SideBySide(wide(self.form), wide(vbox(wide(self.key), self.truth, gap=12)), gap=12, parent=self)
        vbox(buttons, self.local, self.order, wide(self.table), FitScroll(details, self), gap=12, on=self, margins=PAGE)
        self._connect(bridge)

    def _connect(self, bridge: Bridge) -> None:
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.picked.connect(self._picked_another)
        self.table.rows.switched.connect(self._switch)
        self.form.saved.connect(self._save)
        self.form.reset_wanted.connect(
            lambda model: self.work(self._price_reset(model), "go back to a shipped price", self.form.fields)
        )
        self.prices.clicked.connect(self._show_prices)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.default_order.clicked.connect(lambda: self._order(None))
        self.key.set_key.clicked.connect(self._set_key)
        self.key.remove.clicked.connect(self._remove_key)
        self.key.test.clicked.connect(
            lambda: self.work(self._test(), "test a provider", self.key.test, self.key.set_key)
        )
        self.key.owner.currentIndexChanged.connect(self._show_key)
        self.local.adopted.connect(self._added)
        for card in (self.truth, self.order, self.local):
            card.refused.connect(self.refuse)
        self._timer.timeout.connect(self._show_rows)
        self._lights.changed.connect(self.refresh)
        for changed in (ProvidersChanged, KeysChanged, ProfilesChanged, KeyringChecked, PricesChanged):
            bridge.on(changed, self.refresh, self)

    # --- what is shown -------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        super().on_shown()
        self.truth.refresh()
        self.order.refresh()
        self.local.refresh()
        self._timer.start()  # a cooldown ends without a word

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def refresh(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        self._show_rows()
        self.key.show_owners([profile.username for profile in self.services.store.profiles.all()])
        self._show_picked()

    def count_waiting(self) -> int:
        return sum(map(self._lights.needs_owner, self.services.store.providers.all()))

    def _show_rows(self) -> None:
        self.table.show_rows({config.name: self._rows.row(config) for config in self.services.store.providers.all()})
        if (config := self._picked()) is not None:
            self._show_state(config)

    def _show_state(self, config: ProviderConfig) -> None:
        self.key.light.show_state(*self._lights.words(config))
        self.key.today.setText(self._rows.today(config))

    def _picked(self) -> ProviderConfig | None:
        configs = self.services.store.providers.all()
        return next((config for config in configs if config.name == self.table.picked_name), None)

    def _picked_another(self) -> None:
        self.key.show_result("", "idle")
        self._show_picked()
        self.truth.show_provider(self.table.picked_name)

    def _show_picked(self) -> None:
        config = self._picked()
        self.remove.setEnabled(config is not None and config.vendor == CUSTOM)
        self._show_order(config)
        for part in (self.form, self.key):
            part.setVisible(config is not None)
        if config is None:
            return
        vendor, standing = self.services.vendor(config.vendor), self.services.providers.standing(config.name)
        self.form.show_config(
            config,
            self.services.provider_label(config.name),
            pace=vendor.free_pace if vendor else (0, 0),
            is_free=standing.is_free,
        )
        self.form.show_models(self._models.get(config.name, ()))
        self.form.show_price()
        self._show_key()

    def _show_order(self, config: ProviderConfig | None) -> None:
        """The reader ends the chain, but for slow servers of one's own: up leads before it, down never behind it."""
        names = [one.name for one in self.services.store.providers.all()]
        at = names.index(config.name) if config is not None and config.name != ON_DEVICE else -1
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(names) - 1 and names[at + 1] != ON_DEVICE)
        self.default_order.setEnabled(bool(self.services.store.settings.text("order.chain")))

    def _show_key(self) -> None:
        config = self._picked()
        if config is None:
            return
        needs_none = config.name == ON_DEVICE
        self._show_state(config)
        self.key.places.setText(
            self.tr("It needs no key.") if needs_none else self._rows.kept(config.name, self.key.owner.currentData())
        )
        for widget in (self.key.owner, self.key.set_key, self.key.remove):
            widget.setVisible(not needs_none)
        self.key.show_kept(kept=self._is_removable(config.name))

    def _is_removable(self, provider: str) -> bool:
        username = self.key.owner.currentData()
        kept = ("keyring", "session") if username else ("keyring", "shared", "session")
        return any(
            key.provider == provider and key.where in kept for key in self.services.store.secrets.listed(username)
        )

    # --- what is done --------------------------------------------------------------------------------------------

    def _switch(self, name: str, enabled: bool) -> None:
        self.work(self.services.store.providers.set(name, enabled=enabled), "switch a provider", self.table)

    def _save(self, changes: dict[str, Change], price: tuple[str, float, float] | None) -> None:
        self.work(self._saved(self.table.picked_name, changes, price), "save a provider", self.form.fields)

    async def _saved(self, name: str, changes: dict[str, Change], price: tuple[str, float, float] | None) -> None:
        try:
            if changes:
                await self.services.store.providers.set(name, **changes)
            if price is not None:
                await self.services.store.prices.set(*price)
        except InvalidValue as error:
            self.form.refusal.tell(said(error))
            return
        self.key.show_result("", "idle")
        self.form.forget_typed()
        self.refresh()

    async def _price_reset(self, model: str) -> None:
        price = self.services.store.prices.get(model)
        await self.services.store.prices.reset(price.model if price else model)
        self.form.forget_typed()
        self.refresh()

    def _show_prices(self) -> None:
        config = self._picked()
        PriceDialog(self.services, self.bridge, self, config.model if config else "").open()

    def _move(self, by: int) -> None:
        names = [config.name for config in self.services.store.providers.all()]
        at = names.index(self.table.picked_name)
        names[at], names[at + by] = names[at + by], names[at]
        self._order(names)

    def _order(self, names: list[str] | None) -> None:
        self.work(self.services.store.providers.set_order(names), "order the providers", self.up, self.down)

    def _add(self) -> None:
        dialog = AddCustom(self.services, self)
        dialog.added.connect(self._added)
        dialog.open()

    def _added(self, name: str) -> None:
        self.refresh()
        self.table.pick(name)

    def begin(self) -> None:
        dialog = ChooseAi(self.services, self)
        dialog.chosen.connect(self._begin_with)
        dialog.open()

    def _begin_with(self, name: str) -> None:
        self._switch(name, enabled=True)
        self.table.pick(name)
        self._set_key()

    def mend(self, name: str) -> None:
        self.table.pick(name)
        if (config := self._picked()) is not None and self._lights.wants_key(config):
            self._set_key()

    def _remove(self) -> None:
        self.work(self.services.store.secrets.remove_provider(self.table.picked_name), "remove a provider", self.remove)

    def _set_key(self) -> None:
        config = self._picked()
        if config is None:
            return
        vendor = self.services.vendor(config.vendor)
        dialog = SetKey(self.services, config.name, vendor.key_page if vendor else "", self)
        dialog.owner.choose(self.key.owner.currentData())
        dialog.saved.connect(self.refresh)
        dialog.open()

    def _remove_key(self) -> None:
        done = self.services.store.secrets.remove(self.key.owner.currentData(), self.table.picked_name)
        self.work(done, "remove a key", self.key.remove)

    async def _test(self) -> None:
        name = self.table.picked_name
        self.key.show_testing(testing=True)
        try:
            found = await self.services.providers.check(name, self.key.owner.currentData(), None)
        finally:
            self.key.show_testing(testing=False)
            self.key.show_result("", "idle")
        if found.models:
            self._models[name] = found.models
        if name == self.table.picked_name:
            self.form.show_models(self._models.get(name, ()))
            self.key.show_result(said(found.sentence), "good" if found.ok else "bad", self._found(found))

    def _found(self, found: ProviderCheck) -> str:
        """What the test saw beside its sentence."""
        said = list[str]()
        if found.models:
            said.append(self.tr("Models to choose from: {count}.").format(count=fmt.count(len(found.models))))
        if found.sees is not None:
            said.append(self.tr("It took {time}.").format(time=fmt.latency(found.latency_ms)))
        return " ".join(said)
