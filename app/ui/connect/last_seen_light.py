"""A light that turns on when a phone was heard: whatever it sent, it does reach this computer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_address

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.core.control import LanAddress, ServerControl
from app.core.events import ClientHeard
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.widgets.state_label import StateLabel

TURN_MS = 1_000
_tr = partial(QCoreApplication.translate, "LastSeenLight")
_MINUTE_S, _HOUR_S = 60, 3_600


class Phones:
    """Whom of all that the server heard is a phone. This computer itself is none, unless the server is for it alone."""

    def __init__(self, control: ServerControl) -> None:
        self._control = control
        self._own: frozenset[str] = frozenset()
        self._counts_loopback = False

    def leave_out(self, addresses: Sequence[LanAddress]) -> None:
        """This computer's own."""
        self._own = frozenset(address.ip for address in addresses)
        self._counts_loopback = bool(addresses) and all(address.kind == "loopback" for address in addresses)

    def newest(self) -> tuple[datetime, str] | None:
        """When one was heard last, and its address."""
        return max(
            ((moment, ip) for ip, moment in self._control.last_heard().items() if self._is_one(ip)), default=None
        )

    def _is_one(self, ip: str) -> bool:
        if ip_address(ip).is_loopback:
            return self._counts_loopback
        return ip not in self._own


def ago(moment: datetime) -> str:
    """How long that is, in words."""
    seconds = max(0, int((datetime.now(UTC) - moment).total_seconds()))
    if seconds < _MINUTE_S:
        return _tr("{number} s ago").format(number=seconds)
    if seconds < _HOUR_S:
        return _tr("{number} min ago").format(number=seconds // _MINUTE_S)
    return _tr("at {time}").format(time=fmt.when(moment))


class LastSeenLight(StateLabel):
    """Emits ``heard`` with the address when the first phone is."""

    heard = Signal(str)

    def __init__(self, control: ServerControl, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "idle", parent, wrap=True)
        self._phones = Phones(control)
        self.is_on = False
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self.refresh)
        bridge.on(ClientHeard, self.refresh, self)
        self.refresh()

    def leave_out(self, addresses: Sequence[LanAddress]) -> None:
        """This computer's own: its browser is no phone."""
        self._phones.leave_out(addresses)
        self.refresh()

    def refresh(self) -> None:
        newest = self._phones.newest()
        was_on, self.is_on = self.is_on, newest is not None
        if newest is None:
            self.show_state(self.tr("Phone: not heard yet"), "idle")
            return
        moment, ip = newest
        self.show_state(self.tr("Phone heard {ago} from {address}").format(ago=ago(moment), address=ip), "good")
        if not was_on:
            self.heard.emit(ip)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
