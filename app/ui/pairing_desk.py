"""Asks the owner about devices that want to act as a profile, and does what is answered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.events import PairingWanted
from app.ui import work
from app.ui.bridge import Bridge
from app.ui.services import Services
from app.ui.widgets.pairing_banner import PairingBanner

MOST_SHOWN = 3


class PairingDesk(QWidget):
    """One banner per device; a device that was put off is asked about again when it comes back later.

    ``refused`` gets the sentence when pairing or blocking fails.
    """

    def __init__(self, services: Services, bridge: Bridge, refused: Callable[[str], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self._refused = services, refused
        self.banners: dict[tuple[str, str], PairingBanner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()
        bridge.pairing_wanted.connect(self._ask)
        for changed in (bridge.pairings_changed, bridge.blacklist_changed):
            changed.connect(self._drop_settled)

    def _ask(self, event: PairingWanted) -> None:
        key = (event.client_ip, event.username)
        if key in self.banners or len(self.banners) >= MOST_SHOWN or self._is_settled(*key):
            return
        names = [profile.username for profile in self._services.store.profiles.all()]
        banner = self.banners[key] = PairingBanner(event.client_ip, event.username, names, self)
        banner.allowed.connect(lambda name: self._do(key, self._allow(event.client_ip, name)))
        banner.blocked.connect(lambda: self._do(key, self._block(event.client_ip)))
        banner.put_off.connect(lambda: self._drop(key))
        self._column.addWidget(banner)
        self.show()

    def _do(self, key: tuple[str, str], coroutine: Coroutine[Any, Any, None]) -> None:
        banner = self.banners[key]
        work.start(
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
        await self._services.store.blacklist.add(client_ip, self.tr("Blocked when it asked to be paired"))

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
