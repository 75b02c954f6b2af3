"""What stands in the window before the program behind it is open: over all of it, and gone with the first tab."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.ui.shell import splash
from app.ui.shell.main_window import MainWindow
from app.ui.support.theme import Theme
from tests.ui.conftest import OpenStage, Play


def test_it_covers_the_window_at_every_size_and_says_that_it_takes_long(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splash, "LONG_MS", 1)
    window = MainWindow(theme)
    shown = window.splash
    window.show()
    assert shown.state.text().startswith("Opening")
    for size in ((1_120, 760), (800, 560)):
        window.resize(*size)
        assert shown.isVisible()
        assert shown.geometry() == window.rect()
    QTest.qWait(20)
    assert shown.state.text().startswith("Still opening")
    shown.stop()
    assert not shown.progress.isVisible()
    window.hide()
    window.deleteLater()


def test_it_is_gone_once_the_program_is_open(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            assert on.window.splash.isHidden()
            assert on.window.tab_list.isVisible()

    play(scene())
