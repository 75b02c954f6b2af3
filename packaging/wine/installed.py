"""The installer: compiled, run, run again over a program that runs, and taken back."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import frozen
from debian import Process
from smoke_frames import free_port, is_healthy
from smoke_machine import Failed, until
from windows import INSTALLS_AS, PYTHON, RUNS_AS, Windows

QUIETLY = ("/SUPPRESSMSGBOXES", "/NORESTART")
PROGRAM = r"C:\users\root\AppData\Local\Programs\Frame Backend"
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall"
FOLDER, WINES_FOLDER = r"DefaultDirName={autopf}", r"DefaultDirName={localappdata}\Programs"
"""The same place, for a user; Wine 8 does not know it by the first name."""


def compiled(windows: Windows) -> str:
    """compiled by Inno Setup"""
    if not frozen.folder(windows).exists():
        raise Failed("there is no build")
    for old in _setups(windows):
        old.unlink()
    script = windows.project / "packaging" / "windows" / "frame-backend.iss"  # the copy
    text = script.read_text(encoding="utf-8-sig")
    if FOLDER not in text:
        raise Failed(f"the script does not say {FOLDER}")
    script.write_text(text.replace(FOLDER, WINES_FOLDER), encoding="utf-8-sig")
    windows.run(PYTHON, "packaging/windows/installer.py", limit_s=600)
    return f"{_setup(windows).stat().st_size / 1e6:.0f} MB"


def installed(windows: Windows) -> str:
    """installed: every file, the start menu, the entry to uninstall it"""
    _run_setup(windows, "/VERYSILENT")
    want = _files(frozen.folder(windows))
    if lost := sorted(want - _files(_program(windows))):
        raise Failed(f"not installed: {', '.join(lost[:10])}")
    if not _links(windows):
        raise Failed("it is not in the start menu")
    if "Frame Backend" not in windows.run("reg", "query", UNINSTALL_KEY, "/s"):
        raise Failed("there is no entry to uninstall it")
    return f"{len(want)} files"


def started(windows: Windows) -> str:
    """the installed program: set up at its first start, then its server; ended as at log-off both times"""
    first = _start(windows)
    windows.wait_for_window(first)
    until(lambda: windows.has_window("^Set up Frame Backend$"), "the first start's questions", 30, 0.5)
    time.sleep(2)
    windows.picture("first_start")
    windows.end_session(first)
    _verb(windows, "profile", "add", "kept")
    with _running(windows) as process:
        windows.picture("installed")
        windows.end_session(process)
    return _verb(windows, "--version").strip()


def upgraded(windows: Windows) -> str:
    """upgraded while it runs: it is asked to end, nothing is lost"""
    with _running(windows) as process:
        old = _program(windows) / "_internal" / "of-the-old-version.dll"
        old.touch()
        _run_setup(windows, "/SILENT", picture="upgrade")
        if (status := process.wait(5)) != 0:
            raise Failed(f"the program that ran ended with {status}: {process.told[-1000:]}")
    if old.exists():
        raise Failed("a library of the old version was left")
    if lost := sorted(_files(frozen.folder(windows)) - _files(_program(windows))):
        raise Failed(f"not installed: {', '.join(lost[:10])}")
    _check_kept(windows)
    return ""


def uninstalled(windows: Windows) -> str:
    """uninstalled while it runs: the program and its start at login go, the data stay"""
    for name, value in (("Frame Backend", "mine"), ("Another", "theirs")):
        windows.run("reg", "add", RUN_KEY, "/v", name, "/d", value, "/f")
    with _running(windows) as process:
        with _as_windows_10(windows):
            windows.start(rf"{PROGRAM}\unins000.exe", "/VERYSILENT", *QUIETLY, bits=32).finish(120)
            until(lambda: not _program(windows).exists(), "the program's folder goes", 60, 0.5)
        if (status := process.wait(5)) != 0:
            raise Failed(f"the program that ran ended with {status}: {process.told[-1000:]}")
    if _links(windows):
        raise Failed("it is still in the start menu")
    at_login = windows.run("reg", "query", RUN_KEY)
    if "mine" in at_login or "theirs" not in at_login:
        raise Failed(f"what starts at login: {at_login}")
    if "Frame Backend" in windows.run("reg", "query", UNINSTALL_KEY, "/s"):
        raise Failed("the entry to uninstall it is still there")
    _check_kept(windows)
    return ""


CHECKS = (compiled, installed, started, upgraded, uninstalled)


def forget(windows: Windows) -> None:
    """What an earlier run left behind."""
    for folder in (_program(windows), _data(windows)):
        shutil.rmtree(folder, ignore_errors=True)


def _home(windows: Windows) -> Path:
    return windows.drive / "users" / "root" / "AppData"


def _program(windows: Windows) -> Path:
    return _home(windows) / "Local" / "Programs" / "Frame Backend"


def _data(windows: Windows) -> Path:
    return _home(windows) / "Local" / "frame-backend"


def _links(windows: Windows) -> list[Path]:
    return list((_home(windows) / "Roaming" / "Microsoft" / "Windows" / "Start Menu").rglob("Frame Backend.lnk"))


def _files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def _setups(windows: Windows) -> list[Path]:
    return list((windows.project / "dist").glob("*-setup.exe"))


def _setup(windows: Windows) -> Path:
    found = _setups(windows)
    if len(found) != 1:
        raise Failed("there is no installer")
    return found[0]


@contextlib.contextmanager
def _as_windows_10(windows: Windows) -> Iterator[None]:
    windows.build_number(INSTALLS_AS)
    try:
        yield
    finally:
        windows.build_number(RUNS_AS)


def _run_setup(windows: Windows, how: str, picture: str = "") -> None:
    with _as_windows_10(windows):
        words = (how, *QUIETLY, "/CURRENTUSER", r"/LOG=C:\setup.log")
        setup = windows.start(f"dist/{_setup(windows).name}", *words, bits=32)
        if picture:
            until(lambda: windows.has_window("^Setup"), "the installer's window", 120, 0.2)
            time.sleep(1)
            windows.picture(picture)
        try:
            setup.finish(300)
        except Failed as failed:
            raise Failed(f"{failed}{_log(windows)}") from None


def _log(windows: Windows) -> str:
    """The end of what Setup wrote down."""
    return (windows.drive / "setup.log").read_text(encoding="utf-8-sig", errors="replace")[-1000:]


def _verb(windows: Windows, *words: str) -> str:
    return windows.run(rf"{PROGRAM}\frame-backend-cli.exe", *words)


def _start(windows: Windows, *words: str) -> Process:
    process = windows.start(rf"{PROGRAM}\frame-backend.exe", *words)
    process.give()
    return process


@contextlib.contextmanager
def _running(windows: Windows) -> Iterator[Process]:
    """The installed program, its window painted and its server up; ended the hard way when it still runs at the end."""
    port = free_port()
    process = _start(windows, "--port", str(port))
    try:
        windows.wait_for_window(process)
        until(lambda: is_healthy(port), "/health", 60, 0.5)
        yield process
    finally:
        if process.is_running:
            process.kill()


def _check_kept(windows: Windows) -> None:
    with contextlib.closing(sqlite3.connect(_data(windows) / "frame-backend.db")) as database:
        names = [name for (name,) in database.execute("SELECT username FROM profile")]
    if names != ["kept"]:
        raise Failed(f"of the profiles are left: {names}")
