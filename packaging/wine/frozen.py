"""What is built from the spec, and the smoke test of that. It stays in the Debian: nothing of it is for anybody."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from making import once
from smoke_machine import Failed
from windows import BUILDER, PYTHON, Windows

FREEZE = """
import sys
from pathlib import Path
sys.path.insert(0, "packaging")
import build
build.freeze(Path(sys.executable))
"""
"""As `packaging/build.py` does, in an environment that is here already."""
WINES_OWN = re.compile(rb"Wine (?:builtin|placeholder) DLL")
"""Stands in the head of each of Wine's libraries."""


def folder(windows: Windows) -> Path:
    return windows.project / "dist" / "frame-backend"


def build(windows: Windows) -> str:
    """built from the spec by PyInstaller"""
    once(folder(windows), digest(windows.project), lambda: _freeze(windows))
    size = sum(file.stat().st_size for file in folder(windows).rglob("*") if file.is_file())
    return f"{size / 1e6:.0f} MB"


def nothing_borrowed(windows: Windows) -> str:
    """in it no library of Wine's, nor one that stands in for what Wine lacks"""
    system = {hashlib.sha256(file.read_bytes()).hexdigest() for file in windows.system.iterdir() if file.is_file()}
    if found := strangers(folder(windows), system):
        raise Failed(f"in the build are {', '.join(found)}")
    return ""


def smoke(windows: Windows) -> str:
    """the smoke test of it"""
    if not folder(windows).exists():
        raise Failed("there is no build")
    told = windows.run(PYTHON, "packaging/smoke_test.py", "--emulated", "dist/frame-backend", limit_s=600)
    steps = re.findall(r"^- ", told, re.MULTILINE)
    return f"{len(steps)} steps"


BUILD_CHECKS = (build, nothing_borrowed)
SMOKE_CHECKS = (smoke,)


def digest(project: Path) -> str:
    """Of what a build is made of."""
    found = hashlib.sha256()
    for name in ("app", "packaging", "resources"):
        for file in sorted((project / name).rglob("*")):
            inside = file.relative_to(project)
            if file.is_file() and not {"__pycache__", "wine", "wine_check.py"} & {*inside.parts}:
                found.update(f"{inside}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def strangers(built: Path, system: set[str]) -> list[str]:
    """Files of a build that are Wine's own, or one of the ``system`` folder's, by hash; relative to it."""
    found = []
    for file in sorted(built.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            if WINES_OWN.search(content[:1024]) or hashlib.sha256(content).hexdigest() in system:
                found.append(file.relative_to(built).as_posix())
    return found


def _freeze(windows: Windows) -> None:
    windows.run(BUILDER, "-c", FREEZE, limit_s=1200)
