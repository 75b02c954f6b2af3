"""What a built program leaves out, how its libraries are made lighter, and what tells that it must be built again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.delivery.tools import script

trim = script("trim")


# --- what is left out --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/plugins/platforms/qwindows.dll",
        r"PySide6\plugins\imageformats\qjpeg.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libcomposeplatforminputcontextplugin.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "libxcb-cursor.so.0",
        "pillow.libs/libfreetype-57f805ba.so.6.20.6",
        "opencv_python_headless.libs/libavif-43e630fc.so.16.4.2",
        "onnxruntime/capi/onnxruntime_pybind11_state.cpython-311-x86_64-linux-gnu.so",
        "onnxruntime/capi/onnxruntime_pybind11_state.pyd",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "numpy/_core/_multiarray_tests.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_the_window_and_the_reader_load_stays(name: str) -> None:
    assert trim.is_used(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/plugins/tls/qopensslbackend.dll",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/translations/qt_help_de.qm",
        "PySide6/opengl32sw.dll",
        "libQt6VirtualKeyboard.so.6",
        "onnxruntime/capi/libonnxruntime.so.1.32.0",
        r"onnxruntime\capi\onnxruntime.dll",
        "cv2/opencv_videoio_ffmpeg500_64.dll",
        "numpy/random/lib/libnpyrandom.a",
        "numpy/linalg/tests/data.npz",
        "libfontconfig.so.1",
        "libstdc++.so.6",
    ],
)
def test_what_nobody_loads_goes(name: str) -> None:
    assert not trim.is_used(name)


LINKS = {
    "/q/libqxcb.so": ("libQt6XcbQpa.so.6", "libxkbcommon.so.0"),
    "/q/libqgtk3.so": ("libgtk-3.so.0", "libxkbcommon.so.0"),
    "/q/libgtk-3.so.0": ("libpango.so.0",),
}


def test_libraries_go_with_the_last_one_that_needed_them() -> None:
    binaries = [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/q/libqxcb.so", "BINARY"),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "/q/libqgtk3.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6XcbQpa.so.6", "/q/libQt6XcbQpa.so.6", "BINARY"),
        ("libgtk-3.so.0", "/q/libgtk-3.so.0", "BINARY"),
        ("libpango.so.0", "/q/libpango.so.0", "BINARY"),
        ("libxkbcommon.so.0", "/q/libxkbcommon.so.0", "BINARY"),
        ("loaded_by_name.so", "/q/loaded_by_name.so", "EXTENSION"),
        ("libQt6XcbQpa.so.6", "PySide6/Qt/lib/libQt6XcbQpa.so.6", "SYMLINK"),
        ("gtk.so", "libgtk-3.so.0", "SYMLINK"),
    ]
    kept, datas = trim.trimmed(
        binaries, [("a.txt", "/q/a.txt", "DATA"), ("x.pyi", "/q/x.pyi", "DATA")], lambda file: LINKS.get(file, ())
    )
    assert [name for name, _, _ in kept] == [
        "PySide6/Qt/plugins/platforms/libqxcb.so", "PySide6/Qt/lib/libQt6XcbQpa.so.6", "libxkbcommon.so.0",
        "loaded_by_name.so", "libQt6XcbQpa.so.6",
    ]  # fmt: skip
    assert [name for name, _, _ in datas] == ["a.txt"]


# --- made lighter ------------------------------------------------------------------------------------------------

SEGMENT = "  LOAD           {at} {address} {address} 0x09dc18 0x09dc18 R E 0x1000"


@pytest.mark.parametrize(
    ("at", "address", "sound"),
    [("0x000000", "0x0000000000000000", True), ("0x2a5000", "0x00000000004a5000", True),
     ("0x278250", "0x00000000004a5000", False)],
)  # fmt: skip
def test_a_library_that_strip_has_broken_is_told(at: str, address: str, sound: bool) -> None:
    told = f"Program Headers:\n{SEGMENT.format(at='0x000000', address='0x0000000000000000')}\n"
    assert script("build").is_sound(f"{told}{SEGMENT.format(at=at, address=address)}\n") is sound


def test_what_is_no_library_is_not_sound() -> None:
    assert not script("build").is_sound("readelf: Error: Not an ELF file\n")


# --- when to build -----------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits in a repository, the script in it."""
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    git(tmp_path, "init", "-q", "-b", "main")
    for number in range(2):
        (tmp_path / "README.md").write_text(str(number))
        commit(tmp_path)
    return tmp_path


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def is_needed(folder: Path) -> bool:
    smoke = script("smoke_test")
    smoke.ROOT = folder
    return bool(smoke.needed())


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_build_is_needed_when_what_decides_it_changed(checkout: Path) -> None:
    assert not is_needed(checkout)
    (checkout / "app").mkdir()
    (checkout / "app" / "store.py").write_text("")
    (checkout / "packaging").mkdir()
    (checkout / "packaging" / "CHANGELOG.md").write_text("")
    assert not is_needed(checkout)
    (checkout / "app" / "bootstrap.py").write_text("")
    assert is_needed(checkout), "not committed yet"
    commit(checkout)
    assert is_needed(checkout), "the last commit"
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD~1")
    (checkout / "README.md").write_text("more")
    commit(checkout)
    assert is_needed(checkout), "since main"
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD~1")
    assert not is_needed(checkout)


def test_without_git_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert is_needed(tmp_path)


def test_the_rule_s_status_is_what_a_script_asks() -> None:
    done = subprocess.run([sys.executable, str(script("smoke_test").__file__), "--needed"], check=False)
    assert done.returncode == (0 if script("smoke_test").needed() else 1)


@pytest.mark.posix("the smoke test finds the program by /proc there")
def test_a_process_that_ends_while_the_program_is_looked_for_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script("smoke_test")
    machine = sys.modules["smoke_machine"]
    monkeypatch.setattr(machine.Machine, "running", lambda _: {os.getpid(): "frame-backend"})

    def ended(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "readlink", ended)
    with pytest.raises(machine.Failed, match="not running"):
        machine.Machine(tmp_path).main_process()
