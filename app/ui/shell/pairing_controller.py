"""Asks the owner about devices that want to act as a profile, and does what is answered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.crowding import to_give_way
from app.core.events import BlacklistChanged, PairingsChanged, PairingWanted, ProfilesChanged
from app.store.setup.addresses import counted_as
from app.ui.connect.block_address import BlockAddress
from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.choices import Choices
from app.ui.widgets.layouts import hbox, vbox, wide
from app.ui.widgets.text import Symbol, Text

MOST_SHOWN = 3


class PairingController(QWidget):
    """One banner per device; a device that was put off is asked about again when it comes back later.

    ``refused`` gets the sentence when pairing or blocking fails.
    """

    def __init__(self, services: Services, bridge: Bridge, refused: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._refused = services, refused
        self.banners: dict[tuple[str, str], PairingBanner] = {}
        self._column = vbox(gap=6, on=self)
        self.hide()
        bridge.on(PairingWanted, self._ask, self)
        for changed in (PairingsChanged, BlacklistChanged):
            bridge.on(changed, self._drop_settled, self)
        bridge.on(ProfilesChanged, self._show_profiles, self)

    def _ask(self, event: PairingWanted) -> None:
        key = (event.client_ip, event.username)
        if key in self.banners or self._is_settled(*key) or not self._has_room(event.client_ip):
            return
        banner = self.banners[key] = PairingBanner(event.client_ip, event.username, self._usernames(), self)
        banner.allowed.connect(lambda name: self._do(key, self._allow(event.client_ip, name)))
        banner.block.clicked.connect(lambda: self._ask_or_block(key))
        banner.later.clicked.connect(lambda: self._drop(key))
        self._column.addWidget(banner)
        self.show()

    def _has_room(self, client_ip: str) -> bool:
        """One banner per address, or IPv6 network; a crowd of strangers leaves room for who ranks above it."""
        for key in [key for key in self.banners if counted_as(key[0]) == counted_as(client_ip)]:
            self._drop(key)
        if len(self.banners) < MOST_SHOWN:
            return True
        rank_of = self._services.store.pairings.rank
        gone = to_give_way({key: rank_of(key[0]) for key in self.banners}, rank_of(client_ip))
        if gone is not None:
            self._drop(gone)
        return gone is not None

    def _usernames(self) -> list[str]:
        return [profile.username for profile in self._services.store.profiles.all()]

    def _show_profiles(self) -> None:
        for banner in self.banners.values():
            banner.show_usernames(self._usernames())

    def _ask_or_block(self, key: tuple[str, str]) -> None:
        """One's own phone, which asks for another profile this time, is not shut out by one press."""
        client_ip = key[0]
        if self._services.store.pairings.names_for(client_ip):
            BlockAddress(self._services, self, address=client_ip, reason=self._reason()).open()
        else:
            self._do(key, self._block(client_ip))

    def _reason(self) -> str:
        return self.tr("Blocked when it asked to be paired")

    def _do(self, key: tuple[str, str], coroutine: Coroutine[Any, Any, None]) -> None:
        banner = self.banners[key]
        run_task.start(
            self._then_drop(key, coroutine),
            name="answer a device",
            owner=self,
            refused=self._refused,
            busy=banner.buttons(),
        )

    async def _then_drop(self, key: tuple[str, str], coroutine: Coroutine[Any, Any, None]) -> None:
        await coroutine
        self._drop(key)

    async def _allow(self, client_ip: str, username: str) -> None:
        await self._services.store.pairings.pair(client_ip, username, until_revoked=True, by_auth=False)

    async def _block(self, client_ip: str) -> None:
        await self._services.store.blacklist.add(client_ip, self._reason())

    def _is_settled(self, client_ip: str, username: str) -> bool:
        store = self._services.store
        if store.blacklist.match(client_ip) is not None:
            return True
        return store.pairings.is_paired(client_ip, username) if username else bool(store.pairings.names_for(client_ip))

    def _drop_settled(self) -> None:
        for key in [key for key in self.banners if self._is_settled(*key)]:
            self._drop(key)

    def _drop(self, key: tuple[str, str]) -> None:
        banner = self.banners.pop(key, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self.banners))


class PairingBanner(Card):
    """``usernames``: the profiles that are there. A device that named none of them lets the owner choose.

    Emits ``allowed`` with the profile's name; ``block`` and ``later`` are the other answers.
    """

    allowed = Signal(str)

    def __init__(self, client_ip: str, username: str, usernames: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent, margin_px=8)
        self._client_ip, self._asked, self._username = client_ip, username, ""
        self.text = Text("", self, wrap=True)
        self.profiles = Choices(self.tr("Profile of this device"), self)
        self.allow = Button(self.tr("Allow"), "good", self)
        self.allow.setToolTip(self.tr("Until you revoke it, under Profiles"))
        self.block = Button(self.tr("Block"), "bad", self)
        self.block.setToolTip(self.tr("This address gets no answer any more"))
        self.later = IconButton("close", self.tr("Not now"), self)
        answers = (self.profiles, self.allow, self.block, self.later)
        self.body.addLayout(hbox(Symbol("busy", self), wide(self.text), *answers, gap=8, margins=(6, 0, 0, 0)))
        self.show_usernames(usernames)
        self.allow.clicked.connect(lambda: self.allowed.emit(self._username or self.profiles.currentText()))

    def show_usernames(self, usernames: Sequence[str]) -> None:
        """Profiles come, go and get other names while it stands here; what was chosen stays if it can."""
        self._username = self._asked if self._asked in usernames else ""
        self.profiles.offer((name, name) for name in usernames)
        self.profiles.setVisible(not self._username and bool(usernames))
        self.allow.setEnabled(bool(usernames))
        self.text.setText(self._question(self._client_ip, self._asked))

    def buttons(self) -> tuple[QWidget, ...]:
        return (self.allow, self.block, self.profiles)

    def _question(self, client_ip: str, username: str) -> str:
        if self._username:
            return self.tr("Device {address} wants to act as {name}.").format(address=client_ip, name=username)
        if username:
            return self.tr("Device {address} wants to act as '{name}', which is no profile here.").format(
                address=client_ip, name=username[:64]
            )
        return self.tr("Device {address} sent a picture. Whose glasses are they?").format(address=client_ip)
