"""The crossing from core to Qt: events are noted as they are published, and told to the window a moment later.

The one who publishes (a frame being answered) only puts the event into a bounded dictionary; widgets hear of it at most
ten times a second, as Qt signals. Of events that replace each other, the newest alone is told.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from app.core import events
from app.core.events import Bus

TURN_MS = 100
"""The shortest time between two deliveries."""
MOST_WAITING = 500
"""Events kept for one delivery; beyond, the oldest is forgotten."""

_count = itertools.count()


def _each(_event: object) -> Hashable:
    return next(_count)


def _newest(_event: object) -> Hashable:
    return None


KEYS: Mapping[type[Any], Callable[[Any], Hashable]] = {
    events.FrameReceived: lambda event: event.frame.profile.username,
    events.AttemptFinished: lambda event: event.username,
    events.FrameAnswered: _each,
    events.FrameFailed: _each,
    events.ServerStateChanged: _newest,
    events.ProviderLightChanged: lambda event: event.provider,
    events.PairingWanted: lambda event: (event.client_ip, event.username),
    events.KeysPosted: lambda event: (event.client_ip, event.username, event.providers),
    events.ClientHeard: lambda event: event.client_ip,
    events.KeyRefused: lambda event: event.client_ip,
    events.CapReached: lambda event: (event.scope, event.name),
    events.DiskLow: _newest,
    events.HistoryChanged: _newest,
    events.PricesChanged: _newest,
    events.ProfilesChanged: _newest,
    events.ProvidersChanged: _newest,
    events.KeysChanged: _newest,
    events.PairingsChanged: _newest,
    events.BlacklistChanged: _newest,
    events.SettingsChanged: lambda event: event.key,
    events.KeyringChecked: _newest,
    events.HistoryBehind: _newest,
    events.Trouble: lambda event: event.sentence,
}
"""Every event that the window hears, and what makes two of a kind replace each other."""


class Bridge(QObject):
    """Tells bus events as signals, each with the event as its argument; ``delivered`` ends each round of them."""

    frame_received = Signal(events.FrameReceived)
    attempt_finished = Signal(events.AttemptFinished)
    frame_answered = Signal(events.FrameAnswered)
    frame_failed = Signal(events.FrameFailed)
    server_state_changed = Signal(events.ServerStateChanged)
    provider_light_changed = Signal(events.ProviderLightChanged)
    pairing_wanted = Signal(events.PairingWanted)
    keys_posted = Signal(events.KeysPosted)
    client_heard = Signal(events.ClientHeard)
    key_refused = Signal(events.KeyRefused)
    cap_reached = Signal(events.CapReached)
    disk_low = Signal(events.DiskLow)
    history_changed = Signal(events.HistoryChanged)
    prices_changed = Signal(events.PricesChanged)
    profiles_changed = Signal(events.ProfilesChanged)
    providers_changed = Signal(events.ProvidersChanged)
    keys_changed = Signal(events.KeysChanged)
    pairings_changed = Signal(events.PairingsChanged)
    blacklist_changed = Signal(events.BlacklistChanged)
    settings_changed = Signal(events.SettingsChanged)
    keyring_checked = Signal(events.KeyringChecked)
    history_behind = Signal(events.HistoryBehind)
    trouble = Signal(events.Trouble)
    delivered = Signal()
    _woken = Signal()

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: OrderedDict[tuple[type[Any], Hashable], object] = OrderedDict()
        self._last_s = -1.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._arm, Qt.ConnectionType.QueuedConnection)
        self._signals = {kind: self._signal_of(kind) for kind in KEYS}
        self._ends = [bus.subscribe(kind, self._note) for kind in KEYS]

    def close(self) -> None:
        """Hear nothing more; what waits is forgotten."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._waiting.clear()
        self._timer.stop()
        self.deleteLater()

    def _signal_of(self, kind: type[Any]) -> SignalInstance:
        words = "".join(f"_{char.lower()}" if char.isupper() else char for char in kind.__name__).lstrip("_")
        signal: SignalInstance = getattr(self, words)
        return signal

    def _note(self, event: object) -> None:
        """Called by the bus: no widget is touched here."""
        kind = type(event)
        key = (kind, KEYS[kind](event))
        was_empty = not self._waiting
        self._waiting.pop(key, None)
        self._waiting[key] = event
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
        if was_empty:
            self._woken.emit()

    def _arm(self) -> None:
        since_ms = (monotonic() - self._last_s) * 1_000
        self._timer.start(max(0, round(TURN_MS - since_ms)))

    def _deliver(self) -> None:
        self._last_s = monotonic()
        told, self._waiting = self._waiting, OrderedDict()
        for (kind, _key), event in told.items():
            self._signals[kind].emit(event)
        if told:
            self.delivered.emit()
