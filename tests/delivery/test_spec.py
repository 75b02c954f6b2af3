"""The spec of the frozen program, evaluated for Linux and Windows with stand-ins for PyInstaller.

What a build holds is the smoke test's to tell; here stands what the installer, the zip and the AppImage rely on, also
for the system that the tests do not run on.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.bootstrap import ROOT
from tests.delivery.tools import PACKAGING

SPEC = PACKAGING / "frame-backend.spec"
ENDS = {"linux": "lib{}.so.6", "win32": "{}.dll"}


@dataclass
class Evaluated:
    """What the spec called, each call as its positional and named arguments."""

    analyses: list[Any] = field(default_factory=list)
    programs: list[Any] = field(default_factory=list)
    folders: list[Any] = field(default_factory=list)


class Stand:
    """An object of PyInstaller's: keeps how it was made."""

    def __init__(self, *words: Any, **named: Any) -> None:
        self.words, self.named = words, named


class Analysis(Stand):
    """Finds three libraries of Qt, two of which must not be frozen."""

    platform = "linux"

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.scripts, self.pure, self.zipfiles, self.dependencies = [("frame-backend", "", "PYSOURCE")], [], [], []
        self.datas = [(name, str(source), "DATA") for source, name in named.get("datas") or []]
        self.binaries = [self._library(name) for name in ("Qt6Core", "Qt6VirtualKeyboard", "Qt6Quick3D")]

    def _library(self, name: str) -> tuple[str, str, str]:
        file = ENDS[self.platform].format(name)
        return f"PySide6/{file}", str(Path(sys.prefix, "PySide6", file)), "BINARY"


def stand_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Modules that the spec may import and that are not here, or ask the system that we only pretend to be."""
    hooks = ModuleType("PyInstaller.utils.hooks")
    for name in ("collect_data_files", "collect_dynamic_libs", "collect_submodules", "copy_metadata"):
        setattr(hooks, name, lambda *_words, **_named: [])
    bindepend = ModuleType("PyInstaller.depend.bindepend")
    bindepend.get_imports = lambda _file: ()  # type: ignore[attr-defined]
    licences = ModuleType("licences")

    def write(file: Path, *_: Any) -> Path:
        return file

    licences.write = write  # type: ignore[attr-defined]
    packages = [ModuleType(name) for name in ("PyInstaller", "PyInstaller.utils", "PyInstaller.depend")]
    for module in (*packages, bindepend, hooks, licences):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def evaluate(platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Evaluated:
    found = Evaluated()
    stand_ins(monkeypatch, tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Analysis, "platform", platform)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def kept(where: list[Any], kind: type[Stand]) -> Any:
        def make(*words: Any, **named: Any) -> Stand:
            where.append(kind(*words, **named))
            return where[-1]  # type: ignore[no-any-return]

        return make

    names = {
        "Analysis": kept(found.analyses, Analysis),
        "PYZ": Stand,
        "EXE": kept(found.programs, Stand),
        "COLLECT": kept(found.folders, Stand),
        "TOC": list,
        "SPEC": str(SPEC),
        "SPECPATH": str(PACKAGING),
        "DISTPATH": str(tmp_path / "dist"),
        "WORKPATH": str(tmp_path / "work"),
        "workpath": str(tmp_path / "work"),
        "specnm": "frame-backend",
        "__file__": str(SPEC),
        "__name__": "__main__",
    }
    exec(compile(SPEC.read_text(encoding="utf-8"), SPEC, "exec"), names)
    return found


@pytest.fixture(params=["linux", "win32"])
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def evaluated(platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Evaluated:
    return evaluate(platform, monkeypatch, tmp_path)


def frozen(evaluated: Evaluated) -> list[str]:
    """The names of everything that goes into the folder."""
    (folder,) = evaluated.folders
    return [entry[0] for toc in folder.words if isinstance(toc, (list, set, tuple)) for entry in toc]


def test_it_makes_one_folder_with_the_program_that_the_installer_starts(evaluated: Evaluated) -> None:
    (folder,) = evaluated.folders
    assert folder.named["name"] == "frame-backend"
    assert "frame-backend" in [program.named["name"] for program in evaluated.programs]
    assert all(program.named.get("exclude_binaries") for program in evaluated.programs), "one-dir, never one-file"
    assert all(program in folder.words for program in evaluated.programs)


def test_nothing_is_packed_by_upx(evaluated: Evaluated) -> None:
    """Virus scanners take it for what it often hides, and it breaks Qt."""
    for made in (*evaluated.programs, *evaluated.folders):
        assert made.named.get("upx") is False


def test_no_module_of_qt_that_is_gpl_is_frozen(evaluated: Evaluated, platform: str) -> None:
    names = frozen(evaluated)
    assert f"PySide6/{ENDS[platform].format('Qt6Core')}" in names
    assert not [name for name in names if "VirtualKeyboard" in name or "Quick3D" in name]


def test_python_s_modules_that_bring_gpl_libraries_are_left_out(evaluated: Evaluated) -> None:
    (analysis,) = evaluated.analyses
    assert {"readline", "_gdbm", "_dbm"} <= set(analysis.named["excludes"])


def test_every_file_and_folder_that_it_takes_along_is_there(evaluated: Evaluated) -> None:
    (analysis,) = evaluated.analyses
    sources = [Path(source) for source, _ in analysis.named["datas"]]
    ours = [source for source in sources if source.is_relative_to(ROOT) and "build" not in source.parts]
    assert ours
    for source in ours:
        assert source.exists() or list(source.parent.glob(source.name)), source


@pytest.mark.parametrize("platform", ["win32"])
def test_windows_gets_the_version_and_the_icon(evaluated: Evaluated) -> None:
    for program in evaluated.programs:
        assert Path(program.named["version"]).read_text(encoding="utf-8").startswith("# Made by packaging/windows/")
        icon = program.named["icon"]
        assert str(icon[0] if isinstance(icon, list) else icon).endswith("frame-backend.ico")
    window = [program for program in evaluated.programs if program.named["name"] == "frame-backend"]
    assert [program.named["console"] for program in window] == [False], "a black box behind the window"
