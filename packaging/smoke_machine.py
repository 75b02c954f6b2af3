"""A computer as new, for the smoke test: an empty home, a session bus, a keyring; and what is left of it afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ON_WINDOWS = sys.platform == "win32"
MARK = "FRAME_BACKEND_SMOKE"
"""An environment variable by which the program's processes are known again, wherever an AppImage mounts them."""
MINE = (".local/share/frame-backend", ".local/state/frame-backend")
OTHERS = (".local/share/keyrings", ".cache/fontconfig", ".cache/mesa_shader_cache", ".config/dconf", ".cache/dconf")
"""What the keyring and the system's libraries keep in any home."""
TOOLS = {  # of Linux, and the Debian package each is in
    "Xvfb": "xvfb",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "trayer": "trayer",
    "xdotool": "xdotool",
}
Found = TypeVar("Found")


class Failed(Exception):
    """What the smoke test found wrong, in a sentence."""


def missing_packages() -> list[str]:
    """Debian's names of what the test needs and this Linux lacks."""
    lacking = {package for tool, package in TOOLS.items() if shutil.which(tool) is None}
    return [] if ON_WINDOWS else sorted(lacking)


def until(look: Callable[[], Found], what: str, limit_s: float = 30.0, step_s: float = 0.01) -> Found:
    """What ``look`` gives once it is true. Raises ``Failed``."""
    end = time.monotonic() + limit_s
    while not (found := look()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {limit_s:.0f} s")
        time.sleep(step_s)
    return found


def _program_of(number: int) -> str:
    """The name of what that process runs; "" of one that has ended meanwhile."""
    try:
        return Path(f"/proc/{number}/exe").readlink().name
    except OSError:
        return ""


@dataclass
class Build:
    """A folder, an AppImage or a program. ``window`` is what is double-clicked, ``console`` what a script calls."""

    window: Path
    console: Path
    size: int

    @classmethod
    def at(cls, path: Path) -> Build:
        path = path.resolve()
        if path.is_file() and not ON_WINDOWS:
            return cls(path, path, path.stat().st_size)
        folder = path if path.is_dir() else path.parent
        end = ".exe" if ON_WINDOWS else ""
        window, console = folder / f"frame-backend{end}", folder / f"frame-backend-cli{end}"
        if not window.is_file():
            raise Failed(f"there is no {window.name} in {folder}")
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
        return cls(window, console if ON_WINDOWS else window, size)

    @property
    def is_appimage(self) -> bool:
        return self.window.suffix == ".AppImage"


@dataclass
class Machine:
    """``environ`` is what a program gets that is started on it."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def database(self) -> Path:
        folder = self.home / "data" if ON_WINDOWS else self.home / MINE[0]
        return folder / "frame-backend.db"

    @property
    def others_environ(self) -> dict[str, str]:
        """For what is no part of the program."""
        return {name: value for name, value in self.environ.items() if name != MARK}

    def run(self, build: Build, *words: str, given: str = "", fine: bool = True) -> subprocess.CompletedProcess[str]:
        """One verb to its end. Raises ``Failed`` when it failed and should not have, or the other way round."""
        command = [str(build.console), *words]
        done = subprocess.run(
            command,
            env=self.environ,
            cwd=self.root,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if (done.returncode == 0) is not fine:
            told = f"{done.stdout}{done.stderr}".strip()
            raise Failed(f"{' '.join(words)} ended with {done.returncode}: {told}")
        return done

    def errors(self) -> list[str]:
        """Lines of the program's log that tell of one."""
        files = list(self.home.rglob("frame-backend.log"))
        if not files:
            raise Failed("there is no log")
        lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if " ERROR " in line or " CRITICAL " in line]

    def running(self) -> dict[int, str]:
        """The program's processes that live: number and command line."""
        if ON_WINDOWS:
            command = ["tasklist", "/NH", "/FO", "CSV", "/FI", "IMAGENAME eq frame-backend*"]
            rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
            return {int(row.split('","')[1]): row for row in rows if row.startswith('"frame-backend')}
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                mark = f"{MARK}={self.environ[MARK]}".encode()
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    if words.strip():  # one that has ended, and whom nobody has asked how, has none
                        found[int(folder.name)] = words.strip()
        return found

    def main_process(self) -> int:
        """The number of the one that has the window; raises ``Failed`` when there is none."""
        if ON_WINDOWS:
            return min(self.running())
        own = [
            number
            for number, words in self.running().items()
            if _program_of(number) == "frame-backend" and "multiprocessing" not in words
        ]
        if not own:
            raise Failed("the program is not running")
        return min(own)

    def memory_bytes(self) -> int:
        """What all of its processes hold (RSS)."""
        if ON_WINDOWS:
            script = "(Get-Process frame-backend | Measure-Object WorkingSet64 -Sum).Sum"
            done = subprocess.run(["powershell", "-NoProfile", "-Command", script], capture_output=True, check=True)
            return int(done.stdout)
        pages = [Path(f"/proc/{number}/statm").read_text().split()[1] for number in self.running()]
        return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE")

    def end(self, process: subprocess.Popen[bytes], how: Callable[[], None], what: str) -> None:
        """Have the program quit by ``how``; it must end with 0 and leave nothing running."""
        how()
        try:
            status = process.wait(20)
        except subprocess.TimeoutExpired:
            raise Failed(f"{what}: still running after 20 s: {self.running()}") from None
        if status != 0:
            raise Failed(f"{what}: ended with {status}")
        until(lambda: not self.running(), f"{what}: every process ends, but {self.running()}", 5)

    def terminate(self) -> None:
        os.kill(self.main_process(), signal.SIGTERM)

    def end_all(self) -> None:
        """Whatever still runs, the hard way."""
        for number in self.running():
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGTERM if ON_WINDOWS else signal.SIGKILL)

    def strays(self) -> list[str]:
        """Files outside the data folder."""
        places = [self.home, self.root / "tmp", self.root / "run"]
        files = [file for place in places for file in place.rglob("*") if not file.is_dir()]
        own = [self.home / name for name in (*MINE, *OTHERS, "data")] + [self.root / "run" / "keyring"]
        return [
            str(file.relative_to(self.root))
            for file in files
            if not any(file.is_relative_to(place) for place in own) and not file.is_socket()
        ] + [str(file.relative_to(self.root)) for file in files if file.is_socket() and "frame-backend" in file.name]


@contextlib.contextmanager
def machine() -> Iterator[Machine]:
    """One as new; what still runs on it at the end is ended."""
    root = Path(tempfile.mkdtemp(prefix="smoke-"))
    made = Machine(root)
    for name in ("home", "tmp", "run"):
        (root / name).mkdir(mode=0o700)
    kept = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "WINDIR", "PATHEXT", "USERNAME", "USERPROFILE", "APPDATA")
    made.environ = {name: os.environ[name] for name in (*kept, "LOCALAPPDATA") if name in os.environ}
    made.environ |= {"HOME": str(made.home), "TMPDIR": str(root / "tmp"), "TEMP": str(root / "tmp")}
    made.environ |= {"TMP": str(root / "tmp"), "XDG_RUNTIME_DIR": str(root / "run"), "LANG": "C.UTF-8"}
    if ON_WINDOWS:
        made.environ["FRAME_BACKEND_DATA_DIR"] = str(made.home / "data")
    try:
        with contextlib.nullcontext() if ON_WINDOWS else _session(made):
            made.environ[MARK] = uuid.uuid4().hex  # not the bus's and the keyring's: they are no part of the program
            try:
                yield made
            finally:
                made.end_all()
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def _session(made: Machine) -> Iterator[None]:
    """A session bus, and on it a keyring that is unlocked."""
    bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    with _started(bus, made, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        made.environ["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().decode().strip()
        keys = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
        with _started(keys, made, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as keyring:
            assert keyring.stdin is not None
            keyring.stdin.write(b"password of the login\n")
            keyring.stdin.close()
            until(lambda: _is_on_the_bus(made, "org.freedesktop.secrets"), "the keyring starts", step_s=0.1)
            yield


def _is_on_the_bus(made: Machine, name: str) -> bool:
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
    ask += ["org.freedesktop.DBus.NameHasOwner", f"string:{name}"]
    done = subprocess.run(ask, env=made.environ, capture_output=True, check=False)
    return b"boolean true" in done.stdout


@contextlib.contextmanager
def _started(command: list[str], made: Machine, **streams: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, env=made.environ, stderr=subprocess.DEVNULL, **streams) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()
