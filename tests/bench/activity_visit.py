"""A visit to the activity tab of a long history: ``python3 -m tests.bench.activity_visit FRAMES``, with a display.

It is opened, a number in it pressed, a word searched, the next page scrolled to. A thing is done when what was asked
for has been painted. Prints the rows that it found, as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qasync import QEventLoop

from app.store.history.filters import Page
from app.ui.activity.tab import ActivityTab
from app.ui.shell.desktop_application import DesktopApplication
from app.ui.support.theme import Theme
from tests.bench.bench_history import DAYS, FIRST, RARE, SECOND, fill
from tests.bench.table import Row, at_most
from tests.bench.ticks import Ticks
from tests.ui.stage import Stage, until

GOES = 7
BETWEEN_S = 0.3
LIMIT_S, GAP_MS = 20.0, 20.0


def main(frames: int) -> None:
    application = DesktopApplication()
    theme = Theme(application)
    theme.apply("light")
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner,
    ):
        print(json.dumps([astuple(row) for row in runner.run(_measure(Path(folder), theme, frames))]))


async def _measure(folder: Path, theme: Theme, frames: int) -> list[Row]:
    async with Stage.open(folder, theme, (FIRST, SECOND), "live") as on:
        await fill(on.store, datetime.now(UTC) - timedelta(days=DAYS), frames)
        await on.store.sums.catch_up(time.time())
        await on.store.search.catch_up()
        gc.collect()
        gc.freeze()  # as the program does when its server starts
        visit = Visit(on)
        first_ms = await visit.open()
        rows = [at_most("activity tab, opened for the first time", first_ms, 300, "ms"), visit.row()]
        for what, limit_ms, work in (
            ("activity tab, opened again", 300, visit.open),
            ("a number pressed: the failures", 300, visit.press),
            ("a rare word searched", 500, visit.search),
            ("the next page, by scrolling", 150, visit.next_page),
        ):
            took_ms = statistics.median([await work() for _ in range(GOES)])
            rows += [at_most(what, took_ms, limit_ms, "ms"), visit.row()]
        visit.ticks.stop()
        return rows


class Visit:
    """Does what somebody before the activity tab does; each tells how long it took, in ms."""

    def __init__(self, on: Stage) -> None:
        self._on, self._tab = on, on.tab(ActivityTab)
        self._shown, self.worst_ms = 0, 0.0
        self.ticks = Ticks(self._note, on.window)
        show = self._tab._show

        def counted(page: Page, **how: bool) -> None:
            show(page, **how)
            self._shown += 1

        self._tab._show = counted  # type: ignore[method-assign]
        self._tab.lines.rowsInserted.connect(self._count)

    async def open(self) -> float:
        self._on.window.go_to("live")
        await asyncio.sleep(BETWEEN_S)
        return await self._time(lambda: self._on.window.go_to("activity"))

    async def press(self) -> float:
        await self._time(self._tab.figures.frames.click)
        return await self._time(self._tab.figures.failed.click)

    async def search(self) -> float:
        await self._time(self._tab._clear)
        return await self._time(lambda: self._look_for(RARE))

    async def next_page(self) -> float:
        await self._time(self._tab._clear)
        bar = self._tab.list.verticalScrollBar()
        return await self._time(lambda: bar.setValue(bar.maximum()))

    def _look_for(self, word: str) -> None:
        self._tab.filter.search.setText(word)
        self._tab.filter.search.returnPressed.emit()

    async def _time(self, begin: Callable[[], object]) -> float:
        """``begin`` leads to a page of frames, which is then painted."""
        await asyncio.sleep(BETWEEN_S)
        started, shown = time.perf_counter(), self._shown
        begin()
        await until(lambda: self._shown > shown, LIMIT_S)
        self._on.window.repaint()
        return (time.perf_counter() - started) * 1_000

    def row(self) -> Row:
        """Of the worst gap since the last one."""
        worst_ms, self.worst_ms = self.worst_ms, 0.0
        return at_most("  the window's worst gap meanwhile", worst_ms, GAP_MS, "ms")

    def _count(self) -> None:
        self._shown += 1

    def _note(self, _now: float, late_ms: float, _wall_ms: float) -> None:
        self.worst_ms = max(self.worst_ms, late_ms)


if __name__ == "__main__":
    main(int(sys.argv[1]))
