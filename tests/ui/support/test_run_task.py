"""What was clicked is off until its work ends, and on again for whoever sees what came of it."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.core.errors import StoreError
from app.ui.support import run_task
from tests.ui.conftest import Play


@pytest.fixture
def button(theme: object) -> QPushButton:
    return QPushButton()


@pytest.mark.parametrize("refusal", ["", "It is not possible."])
def test_who_sees_the_outcome_may_press_again(play: Play, button: QPushButton, refusal: str) -> None:
    outcome: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0)
        if refusal:
            raise StoreError(refusal)
        outcome.append("done")

    async def scene() -> None:
        run_task.start(work(), name="work", owner=button, refused=outcome.append, busy=(button,))
        assert not button.isEnabled()
        while not outcome:
            await asyncio.sleep(0)
        assert button.isEnabled()
        assert outcome == [refusal or "done"]

    play(scene())


def test_what_is_cut_off_before_its_first_step_leaves_nothing_off(play: Play, button: QPushButton) -> None:
    async def scene() -> None:
        task = run_task.start(asyncio.sleep(60), name="work", owner=button, refused=print, busy=(button,))
        task.cancel()
        await asyncio.wait((task,))
        await asyncio.sleep(0)
        assert button.isEnabled()

    play(scene())


@pytest.mark.parametrize("moves", [False, True])
def test_the_focus_comes_back_and_goes_nowhere_else_meanwhile(play: Play, theme: object, moves: bool) -> None:
    page = QWidget()
    pressed, other = QPushButton("Restart", page), QPushButton("Another", page)
    row = QHBoxLayout(page)
    for button in (pressed, other):
        row.addWidget(button)

    async def scene() -> None:
        page.show()
        page.activateWindow()
        pressed.setFocus()
        while not pressed.hasFocus():
            await asyncio.sleep(0.01)
        task = run_task.start(asyncio.sleep(0.02), name="work", owner=page, refused=print, busy=(pressed,))
        assert page.focusWidget() is None
        if moves:
            other.setFocus()
        await task
        assert page.focusWidget() is (other if moves else pressed)
        page.hide()

    play(scene())
