"""Who wears glasses: names, keys, whom their frames are shown to, and which devices may act for them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter

from app.core.errors import UnknownName
from app.core.events import (
    FrameAnswered,
    FrameCompleted,
    FrameFailed,
    HistoryChanged,
    PairingsChanged,
    ProfilesChanged,
    ProvidersChanged,
    SettingsChanged,
)
from app.core.frame import Profile
from app.store import Trashed, Usage
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.profile_dialogs import AddProfile, NewKey
from app.ui.profiles.chain_editor import ChainEditor
from app.ui.profiles.dialogs import DeleteProfile, RenameProfile
from app.ui.profiles.pairing_list import PairingList
from app.ui.profiles.profile_limits import ProfileLimits
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.tab import Tab
from app.ui.widgets.buttons import Button
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.layouts import PAGE, STRETCH, hbox, vbox, wide
from app.ui.widgets.side_by_side import SideBySide
from app.ui.widgets.table import Cell, Table
from app.ui.widgets.undo_bar import UndoBar

LEAST_TABLE_PX = 150
"""Its head and three profiles: what one sees below belongs to the one that is picked there."""
FOLLOWED_MS = 2_000
"""How often counts follow the frames that come."""


class ProfilesTab(Tab):
    """A table of profiles; below it the chain, the devices and the limits of the one that is selected."""

    name = "profiles"
    title = QT_TRANSLATE_NOOP("ProfilesTab", "Profiles")

    def __init__(self, services: Services, bridge: Bridge) -> None:
        super().__init__(services, bridge)
        self._usage: dict[str, Usage] = {}
        titles = (
            self.tr("Name"), self.tr("Prompt"), self.tr("Asks, in order"), self.tr("Devices"), self.tr("Frames"),
            self.tr("On disk"), self.tr("Last seen"),
        )  # fmt: skip
        self.table = Table(titles, 2, self.tr("Profiles"), self)
        self.add = Button(self.tr("Add a profile"), "add", self)
        self.rename = Button(self.tr("Rename"), "edit", self)
        self.new_key = Button(self.tr("New key"), "key", self)
        self.delete = Button(self.tr("Delete"), "delete", self)
        self.chain, self.pairings, self.limits = ChainEditor(self), PairingList(self), ProfileLimits(services, self)
        self.undo_bar = UndoBar(self)
        self.empty = EmptyState(
            self.name,
            self.tr("Nobody wears the glasses yet"),
            self.tr(
                "A profile is a name and a key: the phone app sends both, and gets answers for whoever wears them."
            ),
            self.tr("Add a profile"),
            self,
        )
        self._follow = QTimer(self, singleShot=True, interval=FOLLOWED_MS)
        self._lay_out()
        self._connect(bridge)

    def _lay_out(self) -> None:
        parts = (wide(self.chain, 8), wide(self.pairings, 12), wide(self.limits, 10))
        self.details = SideBySide(*parts, gap=14, parent=self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setHandleWidth(14)
        self.splitter.setChildrenCollapsible(False)
        self.table.setMinimumHeight(LEAST_TABLE_PX)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(0, 1)
        buttons = hbox(self.add, self.rename, self.new_key, self.delete, STRETCH)
        vbox(buttons, self.undo_bar, wide(self.splitter), wide(self.empty), gap=10, on=self, margins=PAGE)

    def _connect(self, bridge: Bridge) -> None:
        self.add.clicked.connect(self._add)
        self.empty.button.clicked.connect(self._add)
        self.rename.clicked.connect(self._rename)
        self.new_key.clicked.connect(self._new_key)
        self.delete.clicked.connect(lambda: self.work(self._ask_to_delete(), "count what a profile has", self.delete))
        self.undo_bar.wanted.connect(lambda name: self.work(self._restore(name), "restore", self.undo_bar.undo))
        self.table.picked.connect(self._show_details)
        self.chain.saved.connect(self._save_chain)
        self.pairings.revoked.connect(self._revoke)
        self.limits.refused.connect(self.refuse)
        for changed in (ProfilesChanged, PairingsChanged, ProvidersChanged, SettingsChanged):
            bridge.on(changed, self._show, self)
        bridge.on(HistoryChanged, self.refresh, self)
        self._follow.timeout.connect(self.refresh)
        for ended in (FrameAnswered, FrameCompleted, FrameFailed):
            bridge.on(ended, self._follow_frames, self)

    # --- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        self._show()
        self.work(self._measure(), "measure the profiles")

    def _show(self) -> None:
        if not self.isVisible():
            return  # read anew when it is shown
        profiles = self.services.store.profiles.all()
        for widget, is_shown in ((self.splitter, bool(profiles)), (self.empty, not profiles)):
            widget.setVisible(is_shown)
        self.table.show_rows({profile.username: self._row(profile) for profile in profiles})
        self._show_details()

    def _follow_frames(self) -> None:
        if self.isVisible() and not self._follow.isActive():
            self._follow.start()

    def _row(self, profile: Profile) -> tuple[Cell, ...]:
        pairings = [pairing for pairing in self.services.store.pairings.all() if pairing.username == profile.username]
        usage = self._usage.get(profile.username)
        return (
            self._name_cell(profile),
            Cell(self.tr("custom") if profile.prompt else self.tr("default"), told=profile.prompt),
            Cell(self._chain_words(profile)),
            Cell(fmt.count(len(pairings)), number=True),
            Cell(
                fmt.count(usage.frames) if usage else fmt.DASH,
                number=True,
                sort=usage.frames if usage else 0,
            ),
            Cell(
                fmt.size(usage.bytes) if usage else fmt.DASH,
                number=True,
                sort=usage.bytes if usage else 0,
            ),
            Cell(fmt.when(profile.last_seen_at), sort=profile.last_seen_at),
        )

    def _name_cell(self, profile: Profile) -> Cell:
        if not profile.has_short_key:
            return Cell(profile.username)
        hint = self.tr("Its auth key is short, and could be guessed: give it a new one with “New key”.")
        return Cell(profile.username, tone="warn", told=hint)

    def _chain_words(self, profile: Profile) -> str:
        if profile.chain is None:
            return self.tr("default")
        return fmt.joined(tuple(self.services.provider_label(name) for name in profile.chain))

    def _show_details(self) -> None:
        profile = self._picked()
        for widget in (self.rename, self.new_key, self.delete):
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
        self.limits.show_limits(profile)

    def _picked(self) -> Profile | None:
        return self.services.store.profiles.find(self.table.picked_name) if self.table.picked_name else None

    async def _measure(self) -> None:
        self._usage = {usage.username: usage for usage in await self.services.store.retention.usage()}
        self.table.show_rows({profile.username: self._row(profile) for profile in self.services.store.profiles.all()})

    # --- what is done --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._add()

    def mend(self, name: str) -> None:
        self._show()
        self.table.pick(name)

    def _add(self) -> None:
        dialog = AddProfile(self.services, self)
        dialog.made.connect(self._show_key)
        dialog.open()

    def _new_key(self) -> None:
        dialog = NewKey(self.services, self.table.picked_name, self)
        dialog.made.connect(self._show_key)
        dialog.open()

    def _rename(self) -> None:
        before = self.table.picked_name
        dialog = RenameProfile(self.services, before, self)
        dialog.renamed.connect(partial(self._renamed, before))
        dialog.open()

    def _renamed(self, before: str, now: str) -> None:
        self.services.spending.rename_profile(before, now)
        self.refresh()
        self.table.pick(now)

    def _show_key(self, username: str, auth_key: str) -> None:
        self._show()
        self.table.pick(username)
        dialog = ConnectDialog(self.services, self.bridge, self)
        dialog.panel.show_key(username, auth_key)
        dialog.open()

    async def _ask_to_delete(self) -> None:
        username, store = self.table.picked_name, self.services.store
        usage = next(usage for usage in await store.retention.usage() if usage.username == username)
        devices = sum(pairing.username == username for pairing in store.pairings.all())
        keys = sum(key.where in ("keyring", "session") for key in store.secrets.listed(username))
        dialog = DeleteProfile(self.services, usage, devices, keys, self)
        dialog.deleted.connect(self._offer_undo)
        dialog.open()

    def _offer_undo(self, gone: Trashed) -> None:
        self.undo_bar.offer(
            gone.username,
            self.tr(
                "{name} was deleted. In a minute it is gone for good. Frames: {frames}, with pictures {size}; devices: "
                "{devices}; API keys: {keys}."
            ).format(
                name=gone.username, frames=fmt.count(gone.frames), size=fmt.size(gone.bytes),
                devices=fmt.count(gone.pairings), keys=fmt.count(gone.keys),
            ),
        )  # fmt: skip

    async def _restore(self, username: str) -> None:
        try:
            await self.services.store.trash.restore(username)
        except UnknownName:
            self.undo_bar.drop(username)
            raise
        self.undo_bar.drop(username)
        self._show()
        self.table.pick(username)

    def _save_chain(self, chain: tuple[str, ...] | None) -> None:
        done = self.services.store.profiles.set_chain(self.table.picked_name, chain)
        self.work(done, "save a chain", *self.chain.buttons())

    def _revoke(self, address: str) -> None:
        done = self.services.store.pairings.revoke(self.table.picked_name, address or None)
        self.work(done, "revoke a pairing", *self.pairings.buttons())

    def shut(self) -> None:
        self.limits.flush()
        self._follow.stop()
        self.undo_bar.shut()
