"""Tells of profiles whose auth key can match no more (a backup from another computer), until each has a new one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.core.events import ProfilesChanged
from app.ui.services import Services
from app.ui.shell.message_bar import MessageBar
from app.ui.support.bridge import Bridge

LOST_KEYS = "lost keys"
"""The key of the message."""
MOST_NAMED = 6


class LostKeys(QObject):
    """``show_profile`` is called with the first of them when a new key is wanted."""

    def __init__(
        self, services: Services, bridge: Bridge, messages: MessageBar, show_profile: Callable[[str], None]
    ) -> None:
        super().__init__(messages)
        self._services, self._messages, self._show_profile = services, messages, show_profile
        bridge.on(ProfilesChanged, self._show, self)
        self._show()

    def _show(self) -> None:
        lost = self._services.store.profiles.needing_new_key()
        if not lost:
            self._messages.drop(LOST_KEYS)
            return
        names = ", ".join(lost[:MOST_NAMED]) + (", …" if len(lost) > MOST_NAMED else "")
        text = self.tr("The auth keys of these profiles do not count on this computer, give them new ones: {names}.")
        way_out = (self.tr("New key"), lambda: self._show_profile(lost[0]))
        self._messages.tell(text.format(names=names), "warn", LOST_KEYS, way_out)
