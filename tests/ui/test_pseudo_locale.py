"""Nothing is clipped in a language whose every text is longer by some 40 %."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QWidget,
)

from app.ui.first_start.wizard import FirstStart
from app.ui.shell.main_window import LEAST_PX
from app.ui.support.bridge import Bridge
from app.ui.widgets.scroll import PageScroll
from tests.ui.conftest import OpenStage, Play
from tests.ui.dialogs import DIALOGS
from tests.ui.filled import fill
from tests.ui.pseudo import Pseudo, clipped, pseudo
from tests.ui.stage import Stage, case

SMALLEST_SCREEN_PX = (1_280, 800)
"""The window grows to what its longest texts need; so far it may."""
SIZES_PX = ((1_093, 614), (1_024, 640), (960, 600), LEAST_PX)
"""1366 x 768 at 125 %, a small screen, 1440 x 900 at 150 %, the least: in the languages that are spoken."""
SMALLEST_DIALOG_PX = (940, 540)
"""Of 960 x 600 a title bar and the system's bar take some."""
LONG = "A text that is rather long"


@pytest.fixture
def lengthened(qapp: QApplication) -> Iterator[None]:
    translator = Pseudo(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.setParent(None)


async def at_rest() -> None:
    """What reads and lays itself out later has done so; each turn of the loop does some of it."""
    for _ in range(30):
        await asyncio.sleep(0.01)


# --- the window ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["empty", "full"])
def test_no_text_of_a_tab_is_clipped(play: Play, stage: OpenStage, lengthened: None, state: str) -> None:
    async def scene() -> None:
        async with stage() as on:
            assert on.window.width() <= SMALLEST_SCREEN_PX[0]
            assert on.window.height() <= SMALLEST_SCREEN_PX[1]
            if state == "full":
                await fill(on)
            await look_at_tabs(on)

    play(scene())


async def look_at_tabs(on: Stage) -> None:
    for tab in on.window.tabs:
        with case(tab.name):
            on.window.go_to(tab.name)
            await at_rest()
            assert not (found := clipped(on.window)), "\n".join(found)


def test_a_small_window_shows_all_of_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await look_at_a_small_window(on)

    play(scene())


def test_no_german_text_is_clipped(play: Play, stage: OpenStage, german: None) -> None:
    async def scene() -> None:
        async with stage() as on:
            await look_at_a_small_window(on)
            await look_at_dialogs(on)

    play(scene())


async def look_at_a_small_window(on: Stage) -> None:
    await fill(on)
    for tab in on.window.tabs:
        on.window.go_to(tab.name)
        await at_rest()
        for size in SIZES_PX:
            with case(tab.name, size):
                on.window.resize(*size)
                assert not (found := await still_clipped(on.window)), "\n".join(found)
                assert (on.window.width(), on.window.height()) == size, "what it shows made it grow"
                page = on.window.pages.currentWidget()
                assert isinstance(page, PageScroll)
                for area in (page, *page.findChildren(QScrollArea)):
                    if area.isVisible():
                        assert area.horizontalScrollBar().maximum() == 0, "a page scrolls down alone"


async def still_clipped(window: QWidget) -> list[str]:
    """Once it had its turns: a text that got narrower asks for more lines, and what holds it for more room."""
    found: list[str] = []
    for _ in range(30):
        await asyncio.sleep(0.02)
        if not (found := clipped(window)):
            break
    return found


def test_no_text_of_a_dialog_is_clipped(play: Play, stage: OpenStage, lengthened: None) -> None:
    if QApplication.primaryScreen().availableSize().width() < 1024:
        pytest.skip("Qt makes no dialog wider than two thirds of the screen, which is 800 px wide when offscreen")

    async def scene() -> None:
        async with stage("alice") as on:
            await look_at_dialogs(on)

    play(scene())


async def look_at_dialogs(on: Stage) -> None:
    for name, make in DIALOGS.items():
        with case(name):
            dialog = make(on)
            dialog.open()
            await at_rest()
            assert clipped(dialog) == []
            least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
            assert least.width() <= SMALLEST_DIALOG_PX[0], "wider than a small screen"
            assert least.height() <= SMALLEST_DIALOG_PX[1], "taller than a small screen"
            dialog.reject()


def test_no_text_of_the_first_start_is_clipped(play: Play, stage: OpenStage, lengthened: None) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = FirstStart(on.services, Bridge(on.bus, on.window), on.window)
            dialog.open()
            dialog.wearer.name_line.setText("alice")
            dialog.network.port.setText("70000")
            dialog.next.click()
            await at_rest()
            assert clipped(dialog) == []
            dialog.network.port.setText("7175")
            for step in range(len(dialog.steps)):
                await on.until(lambda step=step: dialog.shown == step)
                await at_rest()
                assert clipped(dialog) == [], step
                if dialog.steps[step] is dialog.ai:
                    dialog.ai.options["gemini"].click()
                    dialog.ai.key.setText("a-key")
                    dialog.ai.test.click()
                    await at_rest()
                    assert clipped(dialog) == []
                    dialog.ai.options[""].click()
                dialog.next.click()
            await on.closed(dialog)

    play(scene())


# --- the measure itself ----------------------------------------------------------------------------------------------


def label(parent: QWidget) -> QWidget:
    return QLabel(LONG, parent)


def wrapped(parent: QWidget) -> QWidget:
    made = QLabel(f"{LONG} {LONG} {LONG} {LONG}", parent)
    made.setWordWrap(True)
    return made


def combo(parent: QWidget) -> QWidget:
    made = QComboBox(parent)
    made.addItem(LONG)
    return made


def tabs(parent: QWidget) -> QWidget:
    made = QListWidget(parent)
    made.setObjectName("tabs")
    made.addItem(LONG)
    return made


@pytest.mark.parametrize(
    "make", [label, wrapped, combo, tabs, lambda it: QPushButton(LONG, it), lambda it: QCheckBox(LONG, it)]
)
def test_the_measure_finds_what_is_made_too_narrow(
    qapp: QApplication, theme: object, make: Callable[[QWidget], QWidget]
) -> None:
    window = QWidget()
    window.resize(600, 200)
    widget = make(window)
    widget.resize(400, 60)
    window.show()
    assert clipped(window) == []
    widget.resize(60, 24)
    assert clipped(window)
    window.close()


def test_the_measure_finds_a_column_made_too_narrow(qapp: QApplication, theme: object) -> None:
    window = QWidget()
    window.resize(600, 200)
    table = QTableWidget(0, 2, window)
    table.resize(500, 100)
    table.setHorizontalHeaderLabels([LONG, "x"])
    table.setColumnWidth(0, 300)
    window.show()
    assert clipped(window) == []
    table.setColumnWidth(0, 40)
    assert clipped(window)
    window.close()


def test_the_measure_finds_what_reaches_beyond_its_surroundings(qapp: QApplication, theme: object) -> None:
    window = QWidget()
    window.resize(300, 100)
    whole = QLabel(LONG, window)
    whole.resize(250, 30)
    window.show()
    assert clipped(window) == []
    whole.move(200, 0)
    assert clipped(window)
    window.close()


def test_what_is_shortened_with_a_tool_tip_is_no_fault(qapp: QApplication, theme: object) -> None:
    window = QWidget()
    window.resize(300, 100)
    short = QLabel(f"{LONG[:20]}…", window)
    short.resize(40, 30)
    window.show()
    assert clipped(window)
    short.setToolTip(LONG)
    assert clipped(window) == []
    window.close()


def test_fields_and_keys_stay_and_the_text_grows() -> None:
    made = pseudo("&Save {name} and 12 more")
    assert made.startswith("[&S")
    assert "{name}" in made
    assert len(made) >= 1.3 * len("&Save {name} and 12 more")
    assert pseudo("") == ""
