"""A timer on the window's loop: as late as it comes, so long was the loop held, or the CPU with another program."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5


class WaitForCpu:
    """How long the thread that made it was ready to run while another program had its CPU."""

    def __init__(self) -> None:
        path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        self._told = os.open(path, os.O_RDONLY) if Path(path).exists() else None

    def total_ms(self) -> float:
        """0 where the system does not tell (all but Linux)."""
        return int(os.pread(self._told, 64, 0).split()[1]) / 1e6 if self._told is not None else 0.0


class Ticks(QObject):
    """Calls ``told(now, late_ms, wall_ms)`` at every tick, ``late_ms`` being without what other programs took."""

    def __init__(self, told: Callable[[float, float, float], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell, self._cpu = told, WaitForCpu()
        self._last_s, self._waited_ms = time.perf_counter(), self._cpu.total_ms()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now, waited_ms = time.perf_counter(), self._cpu.total_ms()
        wall_ms = (now - self._last_s) * 1000 - TICK_MS
        self._tell(now, wall_ms - (waited_ms - self._waited_ms), wall_ms)
        self._last_s, self._waited_ms = now, waited_ms
