"""The crossing from core to Qt: events are noted as they are published, and told to the window a moment later.

The one who publishes (a frame being answered) only puts the event into a bounded dictionary; widgets hear of it at most
ten times a second. Of events that replace each other, the newest alone is told.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from app.core.events import Bus, Event

TURN_MS = 100
"""The shortest time between two deliveries."""
MOST_WAITING = 500
"""Events kept for one delivery; beyond, the oldest is forgotten."""

Told = TypeVar("Told", bound=Event)


class _Listener(QObject):
    """One slot: a child of its owner, which it goes with."""

    told = Signal(object)


class Bridge(QObject):
    """Tells bus events to whoever asked with ``on``; ``delivered`` ends each round of them."""

    delivered = Signal()
    _woken = Signal()

    def __init__(self, bus: Bus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bus = bus
        self._waiting: OrderedDict[tuple[type[Event], Hashable], Event] = OrderedDict()
        self._listeners: dict[type[Event], list[_Listener]] = {}
        self._ends: list[Callable[[], None]] = []
        self._last_s = -1.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._arm, Qt.ConnectionType.QueuedConnection)

    def on(self, kind: type[Told], slot: Callable[[Told], object] | Callable[[], object], owner: QObject) -> None:
        """Tell ``slot`` each event of this ``kind``, at the next delivery, for as long as ``owner`` is there.

        A slot that raises is Qt's to report, as with any signal; the others still hear.
        """
        if kind not in self._listeners:
            self._ends.append(self._bus.subscribe(kind, self._note))
        listener = _Listener(owner)
        listener.told.connect(slot)
        self._listeners[kind] = [*filter(isValid, self._listeners.get(kind, ())), listener]

    def close(self) -> None:
        """Hear nothing more; what waits is forgotten."""
        for end in self._ends:
            end()
        self._ends.clear()
        self._waiting.clear()
        self._timer.stop()
        self.deleteLater()

    def _note(self, event: Event) -> None:
        """Called by the bus: no widget is touched here."""
        key = (type(event), event.subject)
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
        for event in told.values():
            for listener in self._listeners[type(event)]:
                if isValid(listener):  # whoever heard it before may have closed this one's owner
                    listener.told.emit(event)
        if told:
            self.delivered.emit()
