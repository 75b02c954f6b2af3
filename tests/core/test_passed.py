"""The clock for what lasts."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from app.core.passed import passed_s


def test_it_goes_on_and_nobody_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = passed_s()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    time.sleep(0.02)
    assert 0.01 < passed_s() - before < 5


@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that stands still in sleep")
def test_it_counts_the_sleep_too() -> None:
    since_boot = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    assert abs(passed_s() - since_boot) < 1
