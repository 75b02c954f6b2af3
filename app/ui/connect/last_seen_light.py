"""A light that turns on when a phone was heard: whatever it sent, it does reach this computer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_address

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.core.control import ServerControl
from app.core.events import ClientHeard
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.widgets.state_label import StateLabel

TURN_MS = 1_000
_MINUTE_S, _HOUR_S = 60, 3_600


class LastSeenLight(StateLabel):
    """Emits ``heard`` with the address when the first phone is. This computer itself is no phone, unless the server is
    for it alone (``count_loopback``)."""

    heard = Signal(str)

    def __init__(self, control: ServerControl, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "idle", parent, wrap=True)
        self._control = control
        self._own: frozenset[str] = frozenset()
        self._counts_loopback = False
        self.is_on = False
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self.refresh)
        bridge.on(ClientHeard, self.refresh, self)
        self.refresh()

    def leave_out(self, own_ips: Iterable[str], *, count_loopback: bool) -> None:
        """The addresses of this computer: its own browser is no phone."""
        self._own, self._counts_loopback = frozenset(own_ips), count_loopback
        self.refresh()

    def refresh(self) -> None:
        phones = [(moment, ip) for ip, moment in self._control.last_heard().items() if self._is_phone(ip)]
        was_on, self.is_on = self.is_on, bool(phones)
        if not phones:
            self.show_state(self.tr("Phone: not heard yet"), "idle")
            return
        moment, ip = max(phones)
        self.show_state(self.tr("Phone heard {ago} from {address}").format(ago=self._ago(moment), address=ip), "good")
        if not was_on:
            self.heard.emit(ip)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _is_phone(self, ip: str) -> bool:
        if ip_address(ip).is_loopback:
            return self._counts_loopback
        return ip not in self._own

    def _ago(self, moment: datetime) -> str:
        seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
        if seconds < _MINUTE_S:
            return self.tr("{number} s ago").format(number=seconds)
        if seconds < _HOUR_S:
            return self.tr("{number} min ago").format(number=seconds // _MINUTE_S)
        return self.tr("at {time}").format(time=fmt.when(moment))
