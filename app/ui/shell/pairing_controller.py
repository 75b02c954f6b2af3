"""Asks the owner about devices that want to act as a profile, and does what is answered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.crowding import to_give_way
from app.core.events import BlacklistChanged, PairingsChanged, PairingWanted, ProfilesChanged
from app.store.setup.addresses import counted_as
from app.ui.connect.block_address import BlockAddress
from app.ui.services import Services
from app.ui.shell.pairing_banner import PairingBanner
from app.ui.support import run_task
from app.ui.support.bridge import Bridge
from app.ui.widgets.layouts import vbox

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
