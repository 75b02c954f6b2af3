"""Stops answering for a while: the server stops now, and starts again when the time is over."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.control import ServerControl
from app.core.errors import ServerError
from app.core.events import ServerStateChanged
from app.core.passed import passed_s
from app.core.tasks import spawn
from app.ui.support.bridge import Bridge

LOOK_MS = 1_000
"""A timer of an hour would sleep on with the computer, and a clock may be set: what has passed is looked at."""


class Pause(QObject):
    """``changed`` tells that it began or ended. Whoever starts the server meanwhile ends it."""

    changed = Signal()

    def __init__(
        self, control: ServerControl, bridge: Bridge, parent: QObject, passed: Callable[[], float] = passed_s
    ) -> None:
        super().__init__(parent)
        self._control, self._passed = control, passed
        self.until: datetime | None = None
        self._over_at = 0.0
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.timeout.connect(self._look)
        bridge.on(ServerStateChanged, self._server_changed, self)

    def start(self, minutes: int) -> None:
        """Stop the server now; frames in flight are finished."""
        self._over_at = self._passed() + 60 * minutes
        self._become(datetime.now().astimezone() + timedelta(minutes=minutes))
        spawn(self._control.stop(), name="pause")

    def resume(self) -> None:
        """Start the server again."""
        if self.until is not None:
            self._become(None)
            spawn(self._resumed(), name="end the pause")

    async def _resumed(self) -> None:
        with contextlib.suppress(ServerError):  # it is the server's state then, and the strip shows it
            await self._control.start()

    def stop(self) -> None:
        """The program closes."""
        self._looks.stop()

    def _look(self) -> None:
        if self.until is not None and self._passed() >= self._over_at:
            self.resume()

    def _server_changed(self, event: ServerStateChanged) -> None:
        if self.until is not None and event.state in ("starting", "running") and self._control.state == event.state:
            self._become(None)

    def _become(self, until: datetime | None) -> None:
        self.until = until
        if until is None:
            self._looks.stop()
        else:
            self._looks.start()
        self.changed.emit()
