"""The program with its window, watched: how long could it not answer, and which handler held its loop for how long.

``python3 -m tests.bench.watched_window DATA FOUND [--tour] [--small] [--stalls]``: prints ``listening on URL``, ends on
SIGTERM, writes what it found to FOUND as JSON. Times are without those in which others had its CPU (Linux tells).

- ``worst_ms``, ``p99_ms``, ``late``: of the gaps between ticks of a 5 ms timer; Qt's own painting is in them
- ``wall_ms``: the worst of them by the clock on the wall
- ``gaps_ms``: by tab, the worst while it comes for the first time, later, while it comes again, later
- ``first_handlers``, ``handlers``: the longest callbacks on the asyncio loop before every tab has been shown, and
  when all are live: [ms, ms on the wall, ms of computing, tab, what]

``--tour`` goes from tab to tab. ``--small`` makes the window as large as a small screen, and times no handlers: that
costs a millisecond a frame. ``--stalls`` says what held the loop at every late tick.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import log, window
from app.application import Application
from app.core.events import ServerStateChanged
from app.paths import DataFolder
from app.ui.shell.main_window import MainWindow
from tests.bench.stalls import Stalls
from tests.bench.ticks import Ticks, WaitForCpu

TAB_MS = 2_000
COMING_S = 0.5
"""So long after it was called a tab is still coming."""
SETTLE_S = 3.0
"""The first seconds (the window's own birth) are not counted."""
MOST_TOLD = 10
SMALL_PX = (1_024, 640)
LATE_MS = 5.0


class Watch:
    """Rides along like the demo does: notes gaps and handlers until the program ends."""

    def __init__(self, path: Path, *, tour: bool, small: bool, stalls: bool) -> None:
        self._path, self._tour, self._small, self._with_stalls = path, tour, small, stalls
        self._born = self._switched = time.perf_counter()
        self._tab, self._visits = "", Counter[str]()
        self._gaps_ms = Counter[float]()
        """How many of each, to a hundredth: what is noted must not grow where memory is watched."""
        self._wall_ms = 0.0
        self._cpu = WaitForCpu()
        self._of_tab: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
        self._handlers: dict[bool, list[tuple[float, float, float, str, str]]] = {False: [], True: []}
        """By whether every tab has been shown: the longest ones."""
        self._stalls: Stalls | None = None
        self.finished = asyncio.Event()

    async def run(self, application: Application) -> None:
        application.bus.subscribe(ServerStateChanged, self._say)
        if self._small:
            _window().resize(*SMALL_PX)
        else:
            self._watch_handlers()
        if self._with_stalls:
            self._stalls = Stalls(_application())
        ticks = Ticks(self._tick)
        tabs = QTimer()
        tabs.timeout.connect(self._next_tab)
        if self._tour:
            tabs.start(TAB_MS)
        try:
            await asyncio.Event().wait()
        finally:
            ticks.stop()
            tabs.stop()
            self._write()

    def _write(self) -> None:
        gaps_ms = sorted(self._gaps_ms.elements())
        found: dict[str, Any] = {
            "worst_ms": gaps_ms[-1],
            "wall_ms": self._wall_ms,
            "p99_ms": gaps_ms[int(len(gaps_ms) * 0.99)],
            "late": sum(gap_ms > LATE_MS for gap_ms in gaps_ms),
            "ticks": len(gaps_ms),
            "gaps_ms": self._of_tab,
            "handlers": self._handlers[True],
            "first_handlers": self._handlers[False],
        }
        if self._stalls is not None:
            found["stalls"] = self._stalls.stop()
        self._path.write_text(json.dumps(found))

    def _tick(self, now: float, late_ms: float, wall_ms: float) -> None:
        if not self._is_settled(now):
            return
        self._gaps_ms[round(late_ms, 2)] += 1
        self._wall_ms = max(self._wall_ms, wall_ms)
        which = 2 * (self._visits[self._tab] > 1) + (now - self._switched > COMING_S)
        self._of_tab[self._tab][which] = max(self._of_tab[self._tab][which], late_ms)
        if self._stalls is not None:
            self._stalls.tick(late_ms, LATE_MS, self._tab)

    def _is_settled(self, now: float) -> bool:
        return now - self._born > SETTLE_S

    def _watch_handlers(self) -> None:
        """Time every callback that asyncio runs."""
        run = asyncio.Handle._run

        def timed(handle: asyncio.Handle) -> None:
            started, computed_s, waited_ms = time.perf_counter(), time.thread_time(), self._cpu.total_ms()
            run(handle)
            wall_ms = (time.perf_counter() - started) * 1000
            if wall_ms > LATE_MS / 2 and self._is_settled(started):
                computed_ms = (time.thread_time() - computed_s) * 1000
                took_ms = max(computed_ms, wall_ms - (self._cpu.total_ms() - waited_ms))
                are_live = max(self._visits.values(), default=0) > 1
                longest = self._handlers[are_live]
                longest.append((took_ms, wall_ms, computed_ms, self._tab, _told(handle)))
                longest.sort(reverse=True)
                del longest[MOST_TOLD:]

        asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]

    @staticmethod
    def _say(event: ServerStateChanged) -> None:
        if event.state == "running":
            print(f"listening on {event.url}", flush=True)

    def _next_tab(self) -> None:
        shown = _window()
        if shown.tabs:
            names = [tab.name for tab in shown.tabs]
            self._tab = names[(shown.pages.currentIndex() + 1) % len(names)]
            self._visits[self._tab] += 1
            self._switched = time.perf_counter()
            shown.go_to(self._tab)


def _window() -> MainWindow:
    return next(shown for shown in QApplication.topLevelWidgets() if isinstance(shown, MainWindow))


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


def _told(handle: asyncio.Handle) -> str:
    """The task that it moved on, else the callback."""
    task = getattr(getattr(handle, "_callback", None), "__self__", None)
    return f"{task.get_name()} {task.get_coro()!r}" if isinstance(task, asyncio.Task) else repr(handle)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("found", type=Path)
    parser.add_argument("--tour", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--stalls", action="store_true")
    args = parser.parse_args()
    log.set_up("warning", None)
    watch = Watch(args.found, tour=args.tour, small=args.small, stalls=args.stalls)
    return window.run(DataFolder(args.data), host="127.0.0.1", port=0, companion=watch)


if __name__ == "__main__":
    raise SystemExit(main())
