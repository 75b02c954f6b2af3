"""One rule everywhere: what has the focus shows a ring and keeps its size, and one button a screen is blue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPushButton, QWidget

from app.ui.first_start.wizard import FirstStart
from app.ui.live.tab import LiveTab
from app.ui.support.bridge import Bridge
from tests.ui.conftest import OpenStage, Play
from tests.ui.dialogs import DIALOGS
from tests.ui.filled import fill
from tests.ui.stage import Stage, case


async def at_rest() -> None:
    for _ in range(10):
        await asyncio.sleep(0.01)


def test_what_has_the_focus_in_a_tab_shows_a_ring(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await fill(on)
            for tab in on.window.tabs:
                on.window.go_to(tab.name)
                await look_for_rings(on, on.window, tab.name)
                if isinstance(tab, LiveTab):
                    on.tab(LiveTab).cards["alice"].picture.clicked.emit()
                    await look_for_rings(on, on.window, "a frame")

    play(scene())


def test_what_has_the_focus_in_a_dialog_shows_a_ring(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for name, make in DIALOGS.items():
                dialog = make(on)
                dialog.open()
                await look_for_rings(on, dialog, name)
                dialog.reject()

    play(scene())


def test_what_has_the_focus_in_the_first_start_shows_a_ring(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = FirstStart(on.services, Bridge(on.bus, on.window), on.window)
            dialog.open()
            for step, shown in enumerate(dialog.steps):
                await on.until(lambda step=step: dialog.shown == step)
                await look_for_rings(on, dialog, type(shown).__name__)
                if shown is dialog.wearer:
                    dialog.wearer.name_line.setText("carol")
                if shown is dialog.ai:
                    dialog.ai.options[""].click()
                dialog.next.click()
            await on.closed(dialog)

    play(scene())


async def look_for_rings(on: Stage, window: QWidget, name: str) -> None:
    await at_rest()
    window.activateWindow()
    await on.until(window.isActiveWindow)
    for widget in takers(window):
        with case(name, widget, widget.accessibleName()):
            window.setFocus()
            before, had = sizes(widget), ring_px(widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            assert widget.hasFocus()
            assert ring_px(widget) - had > min(widget.width(), widget.height())
            assert sizes(widget) == before


def takers(window: QWidget) -> Iterator[QWidget]:
    """What can be reached with the Tab key."""
    for widget in window.findChildren(QWidget):
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if reached and widget.isEnabled() and widget.window() is window and not widget.visibleRegion().isEmpty():
            yield widget


def ring_px(widget: QWidget) -> int:
    """How many of its pixels have the colour that its ring has."""
    is_blue = isinstance(widget, QPushButton) and widget.isDefault()
    role = QPalette.ColorRole.HighlightedText if is_blue else QPalette.ColorRole.Accent
    wanted = QApplication.palette().color(role).rgb()
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return memoryview(image.constBits()).cast("I").tolist().count(wanted)


def sizes(widget: QWidget) -> tuple[QSize, QRect, QSize, QRect]:
    inner = widget.viewport().geometry() if isinstance(widget, QAbstractScrollArea) else QRect()
    return widget.window().size(), widget.geometry(), widget.sizeHint(), inner


@pytest.mark.parametrize("state", ["empty", "full"])
def test_one_button_of_a_tab_at_most_is_blue(play: Play, stage: OpenStage, state: str) -> None:
    async def scene() -> None:
        async with stage() as on:
            if state == "full":
                await fill(on)
            await look_at_tabs(on)

    play(scene())


def test_one_button_of_a_dialog_at_most_is_blue(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for name, make in DIALOGS.items():
                dialog = make(on)
                dialog.open()
                await at_rest()
                assert len(blue(dialog)) <= 1, (name, blue(dialog))
                dialog.reject()
            first_start = FirstStart(on.services, Bridge(on.bus, on.window), on.window)
            first_start.open()
            await at_rest()
            assert blue(first_start) == [first_start.next.text()]
            first_start.reject()

    play(scene())


async def look_at_tabs(on: Stage) -> None:
    for tab in on.window.tabs:
        on.window.go_to(tab.name)
        await at_rest()
        for widget in takers(on.window):
            if isinstance(widget, QPushButton):
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                assert len(blue(on.window)) <= 1, (tab.name, blue(on.window))


def blue(window: QWidget) -> list[str]:
    return [button.text() for button in window.findChildren(QPushButton) if button.isDefault() and button.isVisible()]
