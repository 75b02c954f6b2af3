"""Every button of every tab is pressed in some test of this folder. It runs last, and only when all of them ran."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import OpenStage, Play
from tests.ui.presses import named_buttons, pressed


def test_every_button_of_every_tab_was_pressed(play: Play, stage: OpenStage, request: pytest.FixtureRequest) -> None:
    here = Path(__file__).parent
    collected = {item.path for item in request.session.items}
    if not collected.issuperset(here.glob("test_*.py")) or request.config.option.keyword:
        pytest.skip("needs the whole folder's tests")
    found: set[str] = set()

    async def scene() -> None:
        async with stage("alice") as on:
            for tab in on.window.tabs:
                found.update(name for name, _ in named_buttons(tab))

    play(scene())
    assert len(found) > 50
    assert sorted(found - pressed) == []
