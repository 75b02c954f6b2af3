"""A Windows with Python, in Wine: how a program is run in it, and what of it a person would see."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from debian import Process
from smoke_machine import Failed, until
from smoke_screen import VirtualScreen

NATIVE = (
    *("ucrtbase", "tasklist.exe", "taskkill.exe", "powershell.exe"),
    *("msvcp140", "msvcp140_1", "msvcp140_2", "vcruntime140", "vcruntime140_1"),
)
"""Of these Wine takes the file that is there, not its own."""
RUNS_AS, INSTALLS_AS = 14393, 18362
"""Build numbers. Up to the first, Python knows no TCP_KEEPIDLE, which Wine 8 has not; Setup wants 17763 at least."""
SERVER = "/usr/lib/wine/wineserver"
PYTHON = "/wine/python/python.exe"
"""Runs the source."""
BUILDER = "/wine/builder/python.exe"
"""Freezes it: holds nothing but what is frozen and what freezes."""
TITLE = "Frame Backend"
END_SESSION = f"""
import ctypes
user = ctypes.windll.user32
window = user.FindWindowW(None, {TITLE!r})
raise SystemExit(not (window and user.PostMessageW(window, 0x0016, 1, 1)))
"""
"""WM_ENDSESSION, as at log-off and from the installer."""


@dataclass
class Windows:
    """``root`` is the Debian around it; what is ours in there lies in `/wine`, the checkout's copy in `/project`."""

    root: Path
    screen: VirtualScreen
    pictures: Path | None = None
    """Where pictures of the screen go."""
    server: Process | None = None
    """Wine's own, while it is on."""

    @property
    def prefix(self) -> Path:
        return self.root / "wine" / "prefix"

    @property
    def drive(self) -> Path:
        return self.prefix / "drive_c"

    @property
    def system(self) -> Path:
        return self.drive / "windows" / "system32"

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "USER": "root",
            "LANG": "C.UTF-8",
            "DISPLAY": self.screen.environ["DISPLAY"],
            "WINEPREFIX": "/wine/prefix",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": f"mscoree,mshtml=;{','.join(NATIVE)}=n,b",
            "FRAME_BACKEND_NO_BOOTSTRAP": "1",
        }

    def start(self, program: str, *words: str, bits: int = 64, **environ: str) -> Process:
        """A program of Windows, in the copy of the checkout; its path as either system writes it."""
        loader = "/usr/lib/wine/wine64" if bits == 64 else "/usr/lib/wine/wine"
        return Process(self.root, [loader, program, *words], {**self.environ, **environ}, "/project")

    def run(self, program: str, *words: str, limit_s: float = 60, given: str = "", **environ: str) -> str:
        """What it said. Raises ``Failed`` with that when it failed."""
        return self.start(program, *words, **environ).finish(limit_s, given)

    def inside(self, *command: str, limit_s: float = 60) -> str:
        """What a program of Debian's said in there. Raises ``Failed`` with that when it failed."""
        return Process(self.root, list(command), self.environ).finish(limit_s)

    def serve(self) -> None:
        """Turn it on: the server outlives each program, so no program's pipe is held by it."""
        self.server = Process(self.root, [SERVER, "--foreground", "--persistent"], self.environ)

    def shut_down(self) -> None:
        """Have it write its registry down, and end."""
        Process(self.root, [SERVER, "--kill"], self.environ).wait(30)  # it fails where nothing runs
        if self.server is not None:
            self.server.wait(30)

    def build_number(self, number: int) -> None:
        """Which Windows it says to be, to programs that start from now on."""
        key = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion"
        for name in ("CurrentBuild", "CurrentBuildNumber"):
            self.run("reg", "add", key, "/v", name, "/d", str(number), "/f")

    def has_window(self, title: str = f"^{TITLE}$") -> bool:
        """Whether a window is shown whose title matches; without one, the program's."""
        search = Process(self.root, ["xdotool", "search", "--onlyvisible", "--name", title], self.environ)
        search.give()
        return search.wait(10) == 0

    def wait_for_window(self, process: Process, limit_s: float = 90) -> None:
        """Returns once it is painted. Raises ``Failed``, too when the program ends before."""

        def stands() -> bool:
            if not process.is_running:
                raise Failed(f"it ended without a window: {process.told[-1500:]}")
            return self.has_window() and self.screen.is_painted()

        until(stands, "the window", limit_s, 0.5)

    def end_session(self, process: Process, limit_s: float = 40) -> None:
        """Ask it to end as Windows does at log-off; it must end with 0. Raises ``Failed``."""
        self.run(PYTHON, "-c", END_SESSION)
        if (status := process.wait(limit_s)) != 0:
            raise Failed(f"asked to end, it ended with {status}: {process.told[-1500:]}")

    def picture(self, name: str) -> None:
        if self.pictures is not None:
            self.screen.picture(self.pictures / f"wine_{name}.png")


@contextlib.contextmanager
def session(root: Path, pictures: Path | None) -> Iterator[Windows]:
    """One that is on, with a screen and a window manager; what runs in it is ended at the end."""
    with tempfile.TemporaryDirectory() as folder, VirtualScreen(Path(folder, "screen")) as screen:
        windows = Windows(root, screen, pictures)
        manager = Process(root, ["openbox"], windows.environ)
        try:
            yield windows
        finally:
            windows.shut_down()
            manager.kill()
