"""Who wears glasses: names, keys, whom their frames are shown to, and which devices may act for them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.core.frame import Profile
from app.store import Usage
from app.ui import words
from app.ui.bridge import Bridge
from app.ui.dialogs.profile_dialogs import AddProfile, DeleteProfile, NewKey, ShowKey
from app.ui.marks import QT_TRANSLATE_NOOP
from app.ui.services import Services
from app.ui.tabs.tab import Tab
from app.ui.theme import MARGIN_PX
from app.ui.widgets.buttons import Button
from app.ui.widgets.chain_editor import ChainEditor
from app.ui.widgets.pairing_list import PairingList
from app.ui.widgets.table import Cell, Table


class ProfilesTab(Tab):
    """A table of profiles; below it the chain and the devices of the one that is selected."""

    name = "profiles"
    title = QT_TRANSLATE_NOOP("ProfilesTab", "Profiles")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._usage: dict[str, Usage] = {}
        titles = (
            self.tr("Name"), self.tr("Prompt"), self.tr("Chain"), self.tr("Devices"), self.tr("Frames"),
            self.tr("On disk"),
            self.tr("Last seen"),
        )  # fmt: skip
        self.table = Table(titles, 2, self.tr("Profiles"), self)
        self.add = Button(self.tr("Add a profile"), "add", self)
        self.new_key = Button(self.tr("New key"), "key", self)
        self.delete = Button(self.tr("Delete"), "delete", self)
        self.chain, self.pairings = ChainEditor(self), PairingList(self)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.add, self.new_key, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        top = QWidget(self)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(buttons)
        column.addWidget(self.table, 1)
        self.details = QWidget(self)
        row = QHBoxLayout(self.details)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.chain, 1)
        row.addWidget(self.pairings, 1)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setHandleWidth(14)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(top)
        splitter.addWidget(self.details)
        page = QVBoxLayout(self)
        page.setContentsMargins(MARGIN_PX, 0, MARGIN_PX, MARGIN_PX)
        page.addWidget(splitter)

    def _connect(self, bridge: Bridge) -> None:
        self.add.clicked.connect(self._add)
        self.new_key.clicked.connect(self._new_key)
        self.delete.clicked.connect(lambda: self.work(self._ask_to_delete(), "count what a profile has", self.delete))
        self.table.picked.connect(self._show_details)
        self.chain.saved.connect(self._save_chain)
        self.pairings.revoked.connect(self._revoke)
        for changed in (bridge.profiles_changed, bridge.pairings_changed, bridge.providers_changed):
            changed.connect(self._show)

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._show()
        self.work(self._measure(), "measure the profiles")

    def _show(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        self.table.show_rows({profile.username: self._row(profile) for profile in self.services.store.profiles.all()})
        self._show_details()

    def _row(self, profile: Profile) -> tuple[Cell, ...]:
        pairings = [pairing for pairing in self.services.store.pairings.all() if pairing.username == profile.username]
        usage = self._usage.get(profile.username)
        return (
            Cell(profile.username),
            Cell(self.tr("custom") if profile.prompt else self.tr("default"), told=profile.prompt),
            Cell(self._chain_words(profile)),
            Cell(words.count(len(pairings)), number=True),
            Cell(words.count(usage.frames) if usage else words.DASH, number=True),
            Cell(words.size(usage.bytes) if usage else words.DASH, number=True),
            Cell(words.when(profile.last_seen_at)),
        )

    def _chain_words(self, profile: Profile) -> str:
        if profile.chain is None:
            return self.tr("default")
        return words.joined(tuple(self.services.provider_label(name) for name in profile.chain))

    def _show_details(self) -> None:
        profile = self._picked()
        for widget in (self.new_key, self.delete):
            widget.setEnabled(profile is not None)
        self.details.setVisible(profile is not None)
        if profile is None:
            return
        everybody = [config.name for config in self.services.store.providers.all()]
        labels = {name: self.services.provider_label(name) for name in everybody}
        self.chain.show_chain(profile.username, profile.chain, everybody, labels)
        self.pairings.show_pairings(
            [pairing for pairing in self.services.store.pairings.all() if pairing.username == profile.username]
        )

    def _picked(self) -> Profile | None:
        return self.services.store.profiles.find(self.table.picked_name) if self.table.picked_name else None

    async def _measure(self) -> None:
        self._usage = {usage.username: usage for usage in await self.services.store.retention.usage()}
        self.table.show_rows({profile.username: self._row(profile) for profile in self.services.store.profiles.all()})

    # --- what is done --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._add()

    def _add(self) -> None:
        dialog = AddProfile(self.services, self)
        dialog.made.connect(self._show_key)
        dialog.open()

    def _new_key(self) -> None:
        dialog = NewKey(self.services, self.table.picked_name, self)
        dialog.made.connect(self._show_key)
        dialog.open()

    def _show_key(self, username: str, auth_key: str) -> None:
        self._show()
        self.table.pick(username)
        ShowKey(self.services.control.url, username, auth_key, self).open()

    async def _ask_to_delete(self) -> None:
        username, store = self.table.picked_name, self.services.store
        usage = next(usage for usage in await store.retention.usage() if usage.username == username)
        devices = sum(pairing.username == username for pairing in store.pairings.all())
        keys = sum(key.where in ("keyring", "session") for key in store.secrets.listed(username))
        dialog = DeleteProfile(self.services, usage, devices, keys, self)
        dialog.deleted.connect(lambda sentence: self.message.emit(sentence, "good"))
        dialog.open()

    def _save_chain(self, chain: tuple[str, ...] | None) -> None:
        done = self.services.store.profiles.set_chain(self.table.picked_name, chain)
        self.work(done, "save a chain", *self.chain.buttons())

    def _revoke(self, address: str) -> None:
        done = self.services.store.pairings.revoke(self.table.picked_name, address or None)
        self.work(done, "revoke a pairing", *self.pairings.buttons())
