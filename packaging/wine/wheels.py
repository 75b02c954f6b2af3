"""Which lines of the locks a Windows with Python 3.11 gets."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
(_WHEEL,) = (ROOT / "packaging").glob("pip-*.whl")
sys.path[:0] = [str(ROOT), str(ROOT / "packaging"), str(_WHEEL)]

from lock import entries  # noqa: E402
from pip._vendor.packaging.requirements import Requirement  # noqa: E402  needs the path above

from app.bootstrap import lock_groups  # noqa: E402

WINDOWS = {
    "implementation_name": "cpython",
    "implementation_version": "3.11.9",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.11.9",
    "python_version": "3.11",
    "sys_platform": "win32",
}
PROGRAM = ("core", "window", "reader")


def chosen(lines: Iterable[str]) -> dict[str, str]:
    """By name, the entries of a lock whose markers hold there, without their markers: pip would ask this machine."""
    found = {}
    for entry in lines:
        head, *hashes = entry.split("\\\n")
        requirement = Requirement(head.strip())
        if requirement.marker is None or requirement.marker.evaluate({**WINDOWS, "extra": ""}):
            requirement.marker = None
            found[requirement.name] = "\\\n".join((f"{requirement} ", *hashes))
    return found


def for_tests() -> str:
    """What runs the source and its tests there."""
    groups = lock_groups()
    return "".join(chosen(entry for group in (*PROGRAM, "test") for entry in groups[group]).values())


def for_builds() -> str:
    """What is frozen and what freezes it: as in `build.py`, and nothing else."""
    groups = lock_groups()
    tools = entries((ROOT / "packaging" / "build.lock").read_text(encoding="utf-8"))
    both = chosen(entry for group in PROGRAM for entry in groups[group])
    return "".join((both | chosen(entry for found in tools.values() for entry in found)).values())
