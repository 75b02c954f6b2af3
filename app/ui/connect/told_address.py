"""Which address the phones were told last, and whether the server is at another one now."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.ui.services import Services
from app.ui.support.window_state import WindowMemory

_THIS_COMPUTER = ("127.0.0.1", "::1", "localhost")


class ToldAddress:
    """By host and port, as the settings have them: what a network calls this computer may change every day."""

    def __init__(self, services: Services) -> None:
        self._services, self._memory = services, WindowMemory(services.settings_path)
        if not self._memory.told_address:
            self.keep()

    def lets_in(self) -> bool:
        """Whether devices of the network may connect."""
        return self._services.store.settings.text("network.host") not in _THIS_COMPUTER

    def is_old(self) -> bool:
        """Whether every phone must be told another one."""
        return self.lets_in() and self._memory.told_address != self._address()

    def keep(self) -> None:
        """The one of now is before somebody who can tell the phones."""
        self._memory.told_address = self._address()

    def _address(self) -> str:
        settings, control = self._services.store.settings, self._services.control
        port = urlsplit(control.url).port if control.url else settings.integer("network.port")
        return f"{settings.text('network.host')} {port}"
