"""Whether the program starts when its owner logs in: the system's own entry, with no setting of ours beside it.

Linux: a file in ``~/.config/autostart`` (freedesktop.org, Desktop Application Autostart Specification). Windows: a
value under ``HKCU\\...\\Run``. It is made by the owner's switch alone; nothing else here writes it.
"""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app import files
from app.bootstrap import ROOT
from app.core.errors import StoreError
from app.paths import APP_NAME

NAME = "Frame Backend"
HIDDEN = "--hidden"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_PLAIN = re.compile(r"[A-Za-z0-9_./:@+-]+")
"""A word of an ``Exec`` line that needs no quotes."""


class LoginStartRefused(StoreError):
    """The system did not let us make or remove its entry."""


class LoginStart(Protocol):
    """As ``app.ui.services.LoginStart``."""

    def is_on(self) -> bool: ...
    def set_on(self, on: bool) -> None: ...


def login_start(data_dir: Path | None = None, environ: Mapping[str, str] = os.environ) -> LoginStart:
    """This system's entry. ``data_dir``: the folder to start with, None for the system's usual one."""
    command = Command.of_this_program(data_dir, environ)
    system: str = sys.platform
    if system == "win32":
        return RunValue(command)
    if system == "linux":
        return AutostartFile(_config_folder(environ) / f"autostart/{APP_NAME}.desktop", command)
    return Nowhere()


@dataclass(frozen=True, slots=True)
class Command:
    """``folder``: where it must be started; None for anywhere."""

    words: tuple[str, ...]
    folder: Path | None = None

    @classmethod
    def of_this_program(cls, data_dir: Path | None, environ: Mapping[str, str]) -> Command:
        """The AppImage (what it unpacks lies elsewhere each time), the frozen program, or the checkout."""
        more = (HIDDEN,) if data_dir is None else ("--data-dir", str(data_dir), HIDDEN)
        if environ.get("APPIMAGE"):
            return cls((environ["APPIMAGE"], *more))
        if getattr(sys, "frozen", False):
            return cls((sys.executable, *more))
        return cls((_python(), "-m", "app", *more), Path(ROOT))


def _python() -> str:
    """Our own environment is another folder after an upgrade: the Python that makes it is named instead."""
    from_outside: str = getattr(sys, "_base_executable", sys.executable)
    is_ours = Path(sys.prefix).resolve().parent == Path(ROOT, ".venv").resolve()
    python = from_outside if is_ours else sys.executable
    windowless = Path(python).with_name("pythonw.exe")
    return str(windowless) if sys.platform == "win32" and windowless.exists() else python


def _config_folder(environ: Mapping[str, str]) -> Path:
    given = environ.get("XDG_CONFIG_HOME", "")
    return Path(given) if Path(given).is_absolute() else Path.home() / ".config"


class AutostartFile:
    """A desktop entry in the folder that every Linux desktop starts from."""

    def __init__(self, path: Path, command: Command) -> None:
        self._path, self._command = path, command

    def is_on(self) -> bool:
        """A desktop's own switch may have turned the entry off, and left it there."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        said = {line.replace(" ", "").lower() for line in lines}
        return not said & {"hidden=true", "x-gnome-autostart-enabled=false"}

    def set_on(self, on: bool) -> None:
        """Raises ``LoginStartRefused``."""
        try:
            if not on:
                files.delete(self._path, missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".draft")
            draft.write_text(self._entry(), encoding="utf-8")
            files.move(draft, self._path)
        except OSError as error:
            raise _refused(error) from None

    def _entry(self) -> str:
        folder = f"Path={_escaped(str(self._command.folder))}\n" if self._command.folder else ""
        return (
            "[Desktop Entry]\n"
            "Type=Application\n"
            f"Name={NAME}\n"
            f"Exec={' '.join(desktop_quoted(word) for word in self._command.words)}\n"
            f"{folder}"
            f"Icon={APP_NAME}\n"
            "Terminal=false\n"
            "X-GNOME-Autostart-enabled=true\n"
        )


def _refused(error: OSError) -> LoginStartRefused:
    return LoginStartRefused(
        "The system's list of what starts at login cannot be changed: {reason}.", reason=error.strerror or error
    )


def desktop_quoted(word: str) -> str:
    """``word`` for an ``Exec`` line: quoted as the specification has it, then escaped as every value of the file is.

    https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html
    """
    if _PLAIN.fullmatch(word):
        return word
    quoted = "".join(f"\\{char}" if char in '"`$\\' else char for char in word)
    return _escaped(f'"{quoted}"'.replace("%", "%%"))


def _escaped(value: str) -> str:
    for char, said in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        value = value.replace(char, said)
    return value


class RunValue:
    """A value of the user's own part of the Windows registry."""

    def __init__(self, command: Command) -> None:
        self._line = run_line(command)

    def is_on(self) -> bool:
        winreg = _winreg()
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                winreg.QueryValueEx(key, NAME)
        except OSError:
            return False
        return True

    def set_on(self, on: bool) -> None:
        """Raises ``LoginStartRefused``."""
        winreg = _winreg()
        try:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                if on:
                    winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, self._line)
                else:
                    winreg.DeleteValue(key, NAME)
        except FileNotFoundError:
            return  # it was off
        except OSError as error:
            raise _refused(error) from None


def _winreg() -> Any:
    """Known to Windows alone, to a type checker as well."""
    return importlib.import_module("winreg")


def run_line(command: Command) -> str:
    """A command line of Windows. It has no folder to start in, so the checkout's is told to Python."""
    if command.folder is None:
        return subprocess.list2cmdline(command.words)
    python, _dash_m, module, *more = command.words
    told = f"import os,runpy;os.chdir({str(command.folder)!r});runpy.run_module({module!r},None,'__main__',True)"
    return subprocess.list2cmdline((python, "-c", told, *more))


class Nowhere:
    """A system whose entry we do not know."""

    def is_on(self) -> bool:
        return False

    def set_on(self, on: bool) -> None:
        """Raises ``LoginStartRefused``."""
        if on:
            raise LoginStartRefused("Starting at login is not known for this system.")
