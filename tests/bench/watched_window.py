"""The program with its window and a 5 ms timer that notes the longest time the window could not answer.

``python3 -m tests.bench.watched_window DATA GAPS``: prints ``listening on URL``, ends on SIGTERM, writes GAPS as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from app import log, window
from app.application import Application
from app.core.events import ServerStateChanged
from app.paths import DataFolder

TICK_MS = 5
SETTLE_S = 3.0
"""The first seconds (the window's own birth) are not counted."""


class Watch:
    """Rides along like the demo does: notes gaps between ticks until the program ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._born = time.perf_counter()
        self._gaps_ms: list[float] = []
        self.finished = asyncio.Event()

    async def run(self, application: Application) -> None:
        application.bus.subscribe(ServerStateChanged, self._say)
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._tick)
        timer.start(TICK_MS)
        try:
            await asyncio.Event().wait()
        finally:
            timer.stop()
            self._gaps_ms.sort()
            self._path.write_text(json.dumps({"worst_ms": self._gaps_ms[-1], "p99_ms": self._p99()}))

    def _p99(self) -> float:
        return self._gaps_ms[int(len(self._gaps_ms) * 0.99)]

    def _tick(self) -> None:
        now = time.perf_counter()
        if now - self._born > SETTLE_S:
            self._gaps_ms.append((now - self._last) * 1000 - TICK_MS)
        self._last = now

    @staticmethod
    def _say(event: ServerStateChanged) -> None:
        if event.state == "running":
            print(f"listening on {event.url}", flush=True)


def main() -> int:
    log.set_up("warning", None)
    watch = Watch(Path(sys.argv[2]))
    return window.run(DataFolder(Path(sys.argv[1])), host="127.0.0.1", port=0, companion=watch)


if __name__ == "__main__":
    raise SystemExit(main())
