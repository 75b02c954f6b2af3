"""What ``tests.screenshots`` photographs, inside the process that has the window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from app.ui.first_start.wizard import FirstStart
from app.ui.shell.main_window import LEAST_PX
from app.ui.shell.status import KEYRING
from app.ui.support.bridge import Bridge
from app.ui.support.theme import Scheme, Theme
from app.ui.tab import Tab
from tests.ui.dialogs import DIALOGS
from tests.ui.filled import fill
from tests.ui.stage import Stage

SIZES_PX: Mapping[int, tuple[tuple[int, int], ...]] = {
    100: (LEAST_PX, (1_024, 640)), 125: ((1_093, 614),), 150: ((960, 600),),
}  # fmt: skip
"""By the percent at which a screen draws: the least, a small screen, 1366 x 768 and 1440 x 900 pixels."""
SETTLE_S = 0.35
"""For what a tab reads and draws once it is shown."""
CHARTS_S = 2.0
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Camera:
    """Writes into ``folder``, named for what is seen, the scheme, the language and the percent."""

    folder: Path
    percent: int
    language: str
    theme: Theme

    async def take(self, widget: QWidget, name: str) -> None:
        """Once what is shown has come to rest."""
        await asyncio.sleep(SETTLE_S)
        file = self.folder / f"{name}-{self.theme.scheme}-{self.language}-{self.percent}.png"
        if not widget.grab().save(str(file)):
            raise OSError(f"{file} could not be written.")


async def draw_all(camera: Camera, data: Path) -> None:
    """The tabs at every size of that percent; what does not hang on the window's size once more at 100 %."""
    (data / "full").mkdir()
    QCursor.setPos(QGuiApplication.primaryScreen().geometry().bottomRight())  # a banner waits for the pointer to go
    async with Stage.open(data / "full", camera.theme, (), "live") as on:
        await fill(on)
        on.window.go_to("latency")  # what draws its charts is imported at the first look
        await asyncio.sleep(CHARTS_S)
        on.window.messages.drop(KEYRING)  # it would lie over what is to be seen
        for scheme in SCHEMES:
            camera.theme.apply(scheme)
            for size_px in SIZES_PX[camera.percent]:
                await _draw_tabs(camera, on, size_px)
            if scheme == "light" or camera.percent == 100:
                await _draw_dialogs(camera, on)
    if camera.percent == 100:
        (data / "empty").mkdir()
        camera.theme.apply("light")
        async with Stage.open(data / "empty", camera.theme, (), "live") as on:
            await _draw_tabs(camera, on, SIZES_PX[100][-1], "empty")
            await _draw_first_start(camera, on)


async def _draw_tabs(camera: Camera, on: Stage, size_px: tuple[int, int], state: str = "full") -> None:
    on.window.resize(*size_px)
    size = f"{on.window.width()}x{on.window.height()}"
    for tab in on.window.tabs:
        on.window.go_to(tab.name)
        await camera.take(on.window, f"{tab.name}-{state}-{size}")
        if camera.percent == 100:
            for place, page in enumerate(_hidden_pages(tab)):
                await camera.take(page, f"{tab.name}-{state}-{size}-page{place + 1}")


def _hidden_pages(tab: Tab) -> Iterator[QWidget]:
    """What a tab shows only when it is scrolled."""
    for area in tab.findChildren(QScrollArea):
        page = area.widget()
        if page is not None and area.isVisible() and area.verticalScrollBar().maximum() > 0:
            yield page


async def _draw_dialogs(camera: Camera, on: Stage) -> None:
    for name, make in DIALOGS.items():
        await _draw_dialog(camera, make(on), f"dialog-{name}")


async def _draw_dialog(camera: Camera, dialog: QDialog, name: str) -> None:
    dialog.open()
    await camera.take(dialog, name)
    dialog.reject()


async def _draw_first_start(camera: Camera, on: Stage) -> None:
    """Filled in as somebody would, with a refusal on the way; each step in both schemes."""
    dialog = FirstStart(on.services, Bridge(on.bus, on.window), on.window)
    dialog.open()
    dialog.wearer.name_line.setText("alice")
    for port in ("70000", "7175"):
        dialog.network.port.selectAll()
        QTest.keyClicks(dialog.network.port, port)
        if port == "70000":
            await _go_on(dialog)
            await _in_both(camera, dialog, "first-start-1-refused")
    for number in range(1, len(dialog.steps) + 1):
        await _in_both(camera, dialog, f"first-start-{number}")
        if dialog.steps[dialog.shown] is dialog.ai:
            dialog.ai.options["gemini"].setChecked(True)
            await _in_both(camera, dialog, f"first-start-{number}-key")
            dialog.ai.options[""].setChecked(True)
        await _go_on(dialog)


async def _go_on(dialog: FirstStart) -> None:
    dialog.next.click()
    await asyncio.sleep(SETTLE_S)


async def _in_both(camera: Camera, dialog: FirstStart, name: str) -> None:
    for scheme in SCHEMES:
        camera.theme.apply(scheme)
        await camera.take(dialog, name)
