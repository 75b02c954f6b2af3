"""The short runs of ``python3 -m tests.endurance``: a minute of soak, twenty kills, half a minute of many glasses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests import endurance

KILLS, SEED = 20, 20_261_127
SOAK_FRAMES, SOAK_RATE, WARM_UP = 1_200, 20.0, 300
GROWTH = 1.10
FEW_DESCRIPTORS = 3
"""A connection that just came or goes."""

needs_a_screen = pytest.mark.skipif(
    sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and not os.environ.get("CI"),
    reason="a live window needs a display",
)


@pytest.mark.timeout(240)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    found = endurance.kills(tmp_path, KILLS, SEED)
    assert found.answered > KILLS
    assert (found.lost, found.damaged, found.orphans) == ([], [], [])


@pytest.mark.timeout(240)
@needs_a_screen
def test_a_minute_at_twenty_frames_a_second_with_all_tabs(tmp_path: Path) -> None:
    found = endurance.soak(tmp_path, SOAK_FRAMES, SOAK_RATE, WARM_UP)
    assert found.kept == SOAK_FRAMES
    before_mb, after_mb = found.memory_mb
    assert after_mb <= before_mb * GROWTH, f"{before_mb:.0f} MB grew to {after_mb:.0f} MB"
    assert found.descriptors[1] - found.descriptors[0] <= FEW_DESCRIPTORS


@pytest.mark.timeout(120)
@needs_a_screen
def test_fifty_pairs_of_glasses_are_all_answered_or_superseded(tmp_path: Path) -> None:
    found = endurance.load(tmp_path, clients=50, seconds=10)
    assert found.other == []
    assert found.answered > 0


def test_without_a_word_all_of_it_is_run() -> None:
    assert not endurance.parser().parse_args([]).what
    assert endurance.parser().parse_args(["load", "soak"]).what == ["load", "soak"]
    with pytest.raises(SystemExit):
        endurance.parser().parse_args(["loud"])
