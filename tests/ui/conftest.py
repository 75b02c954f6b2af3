"""A window on a qasync loop, over a real store in a folder of its own; the server is a stand-in.

A test is plain code with one coroutine in it::

    def test_it(play: Play, stage: OpenStage) -> None:
        async def scene() -> None:
            async with stage() as on:
                on.click(on.window.strip.toggle)
                await on.until(lambda: on.control.state == "running")

        play(scene())

``play`` runs it as the program runs: Qt's loop and asyncio's are one. What no task and no slot caught fails the test.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from app.paths import resource
from app.ui.support import language
from app.ui.support.theme import Theme
from app.ui.tabs import TABS
from tests.ui.stage import Stage

Play = Callable[[Coroutine[Any, Any, None]], None]
OpenStage = Callable[..., AbstractAsyncContextManager[Stage]]
LONGEST_S = 30.0
WHOLE = ("ui", "shell")
"""Folders whose tests are about all tabs."""


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    qapp.setQuitOnLastWindowClosed(False)
    theme = Theme(qapp)
    theme.apply("light")
    gc.freeze()  # what is imported stays: the collection after each scene looks at the scene alone
    return theme


@pytest.fixture
def play(theme: Theme, qapp: QApplication) -> Iterator[Play]:
    uncaught: list[dict[str, Any]] = []

    async def whole(scene: Coroutine[Any, Any, None]) -> None:
        await asyncio.wait_for(scene, LONGEST_S)
        # what was deleted later goes now: left to the garbage collector, it could end in another thread
        await asyncio.sleep(0.02)

    def run(scene: Coroutine[Any, Any, None]) -> None:
        runner.get_loop().set_exception_handler(lambda _, context: uncaught.append(context))
        runner.run(whole(scene))

    # A loop is a Qt object with timers: were it collected in another thread later on, Qt would crash.
    gc.disable()
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        yield run
    gc.collect()
    gc.enable()
    assert not uncaught, uncaught


@pytest.fixture
def stage(tmp_path: Path, theme: Theme, request: pytest.FixtureRequest) -> OpenStage:
    """Opens the window at ``tab``: ``async with stage() as on``; ``profiles`` are made before.

    With all its tabs it takes five times as long as with one, and most tests are about one: they have Live, where the
    window begins, that of their folder and ``tab``, unless they say ``whole``.
    """
    folder = request.path.parent.name

    def make(*profiles: str, tab: str = "live", whole: bool = folder in WHOLE) -> AbstractAsyncContextManager[Stage]:
        tabs = tuple(kind for kind in TABS if whole or kind.name in ("live", folder, tab))
        return Stage.open(tmp_path, theme, profiles, tab, tabs)

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks whether every button was pressed comes last."""
    items.sort(key=lambda item: item.path.name == "test_every_button.py")


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translator = language.from_source(resource("translations/frame_backend_de.ts"))
    assert not translator.isEmpty()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
