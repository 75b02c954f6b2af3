"""Every button of the window, its tabs and its dialogs is pressed in some test of this folder.

It runs last, and only when all of them ran that open a stage.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app.ui.first_start.wizard import FirstStart
from app.ui.support.bridge import Bridge
from tests.ui.conftest import OpenStage, Play
from tests.ui.dialogs import DIALOGS
from tests.ui.presses import named_buttons, pressed
from tests.ui.stage import Stage


def test_every_button_was_pressed(play: Play, stage: OpenStage, request: pytest.FixtureRequest) -> None:
    files = Path(__file__).parent.rglob("test_*.py")
    opening = {path for path in files if "OpenStage" in path.read_text(encoding="utf-8")}
    if not opening <= {item.path for item in request.session.items} or request.config.option.keyword:
        pytest.skip("needs the whole folder's tests")
    found: set[str] = set()

    async def scene() -> None:
        async with stage("alice") as on:
            found.update(buttons(on))

    play(scene())
    assert len(found) > 150
    assert not (missed := found - pressed), "never pressed in a test:\n" + "\n".join(sorted(missed))


def buttons(on: Stage) -> set[str]:
    """Of all that can be opened."""
    dialogs = [make(on) for make in DIALOGS.values()]
    first_start = FirstStart(on.services, Bridge(on.bus, on.window), on.window)
    return {name for root in (on.window, *dialogs, first_start) for name, _ in named_buttons(root)}
