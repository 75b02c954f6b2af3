"""The machine a bench ran on, that day: absolute figures are its own, ratios of one run travel."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

import psutil


class Machine:
    """From its making on it watches what other programs take."""

    def __init__(self) -> None:
        self._load = psutil.getloadavg()[0]
        self._before_s = _cores_s()

    def told(self) -> str:
        """What it is, how busy it was before, and what others took of it since. Ended children count as ours."""
        busy_s, all_s, own_s = (now - then for now, then in zip(_cores_s(), self._before_s, strict=True))
        others = max(0.0, busy_s - own_s) / max(all_s, 0.01)
        python, day = platform.python_version(), datetime.now(UTC)
        what = f"{_processor()}, {psutil.cpu_count()} cores, Python {python}, {day:%d %b %Y}"
        return f"Measured on: {what}; load before {self._load:.2f}, others took {others:.0%} of the cores meanwhile."


def _cores_s() -> tuple[float, float, float]:
    """Of all cores the time at work and altogether, and of the former what this process and its ended children took."""
    times, own = psutil.cpu_times()._asdict(), os.times()
    counted = {name: spent_s for name, spent_s in times.items() if not name.startswith("guest")}  # in user already
    idle_s = counted["idle"] + counted.get("iowait", 0.0)
    all_s = sum(counted.values())
    return all_s - idle_s, all_s, own.user + own.system + own.children_user + own.children_system


def _processor() -> str:
    told = Path("/proc/cpuinfo")  # Linux alone has it
    named = re.search(
        r"^model name\s*:\s*(.+)", told.read_text(encoding="utf-8") if told.exists() else "", re.MULTILINE
    )
    return named[1].strip() if named else platform.processor() or platform.machine()
