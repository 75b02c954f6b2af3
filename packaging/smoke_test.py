"""Tries a built program as its user will: on a computer as new, from the double-click to the end.

    python3 packaging/smoke_test.py BUILD...   a folder, an AppImage or an installed program
    python3 packaging/smoke_test.py --build    build the AppImage and its folder (Linux) or the folder, and try them
    python3 packaging/smoke_test.py --needed   status 0 when what is built may have changed, 1 when not

It starts the program on a virtual screen, waits for the first paint and for `/health`, runs the demo with the reader
on this computer, lets a key make its way through the system's keyring to a provider, posts frames, takes a picture of
the screen, quits by the tray and by SIGTERM, and finds nothing that still runs and no file outside the data folder.
It prints what it measured; a size over its limit fails, a time does not (`--strict`: it does). On a machine that is
none (`--emulated`) neither does, and the reader may take some frames to start. Standard library only.

Linux: Xvfb, dbus, gnome-keyring, trayer, xdotool. Windows: the tray cannot be worked by a script; the program is closed
into it and then ended as by the task manager, which the data must survive.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sqlite3
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))

from smoke_figures import APPIMAGE, FOLDER, MB, WINDOWS_FOLDER, Figures, Limits  # noqa: E402  needs the path above
from smoke_frames import SAID, call, fake_provider, free_port, is_healthy, post  # noqa: E402
from smoke_machine import ON_WINDOWS, Build, Failed, Machine, machine, missing_packages, until  # noqa: E402
from smoke_screen import HEIGHT, WIDTH, VirtualScreen, WindowsScreen, screen  # noqa: E402

STARTS = 5
"""Timed ones; the median is told. The first start of all, on a cold disk, is none of them."""
IDLE_S = 6.0
TABS = 9


# --- the test -----------------------------------------------------------------------------------------------------


@dataclass
class Started:
    """A window that stands and whose server answers; the times are counted from its start."""

    process: subprocess.Popen[bytes]
    port: int
    painted_s: float
    healthy_s: float


@dataclass
class Trial:
    """One build on one machine."""

    build: Build
    on: Machine
    screen: VirtualScreen | WindowsScreen
    is_emulated: bool = False
    figures: Figures = field(default_factory=Figures)

    @property
    def limits(self) -> Limits:
        if self.build.is_appimage:
            return APPIMAGE
        return WINDOWS_FOLDER if ON_WINDOWS else FOLDER

    def run(self, screenshot: Path | None) -> None:
        self.figures.add("size", self.build.size / MB, "MB", self.limits.size_mb)
        for step in (self.begins, self.demo, self.keys, self.newer_data):
            self._told(step)
        print("- the window", flush=True)
        self.window(screenshot)
        self._told(self.starts)
        self._told(self.clean)

    def _told(self, step: object) -> None:
        assert callable(step)
        print(f"- {step.__name__.replace('_', ' ')}", flush=True)
        step()

    def begins(self) -> None:
        """It says its version; without FUSE an AppImage has to unpack itself at every start."""
        try:
            said = self.on.run(self.build, "--version").stdout
        except Failed as failed:
            if not self.build.is_appimage or "fuse" not in str(failed).lower():
                raise
            self.on.environ["APPIMAGE_EXTRACT_AND_RUN"] = "1"
            self.figures.notes.append("No FUSE here: it unpacks itself at every start, the times are of that.")
            said = self.on.run(self.build, "--version").stdout
        if not said.startswith("frame-backend "):
            raise Failed(f"--version said {said!r}")

    def demo(self) -> None:
        """With no key and no network the reader on this computer answers."""
        began = time.monotonic()
        command = [str(self.build.console), "--demo", "--headless", "--frames", "3"]
        with subprocess.Popen(command, env=self.on.environ, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                if " -> " in line:
                    lines.append(line.strip())
                    if len(lines) == 1:
                        self.figures.add("to the demo's first answer", time.monotonic() - began, "s", 8)
        if process.returncode != 0 or len(lines) != 3:
            raise Failed(f"the demo ended with {process.returncode} after {lines}")
        if not any("A cup of coffee. Text: MENU. QR code: https://example.org/menu" in line for line in lines):
            raise Failed(f"the reader saw no cup, or read no code: {lines}")
        until(lambda: not self.on.running(), f"the demo's processes end, but {self.on.running()}", 5)

    def keys(self) -> None:
        """A key goes into the system's keyring, and another process finds it there."""
        self.auth_key = self.on.run(self.build, "profile", "add", "alice").stdout.strip()
        self.secret = f"smoke-{secrets.token_hex(8)}"
        self.on.run(self.build, "key", "set", "--shared", "gemini", given=f"{self.secret}\n")
        if "gemini" not in self.on.run(self.build, "key", "list", "--shared").stdout:
            raise Failed("the key that was set is not listed")
        files = [file for file in self.on.database.parent.rglob("*") if file.is_file()]
        if any(self.secret.encode() in file.read_bytes() for file in files):
            raise Failed("the key stands in a file of the data folder")

    def newer_data(self) -> None:
        """Data of a later version are refused in a sentence, and left as they are."""
        with contextlib.closing(sqlite3.connect(self.on.database)) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute(f"PRAGMA user_version = {version + 1}")
        refused = self.on.run(self.build, "--headless", "--port", "0", fine=False).stderr.strip()
        if "newer version" not in refused or "Traceback" in refused:
            raise Failed(f"data of a newer version were met with: {refused}")
        with contextlib.closing(sqlite3.connect(self.on.database)) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] != version + 1:
                raise Failed("data of a newer version were changed")
            database.execute(f"PRAGMA user_version = {version}")

    def window(self, screenshot: Path | None) -> None:
        self.on.run(self.build, "setting", "set", "gate.reuse_s", "0")  # the same photograph is to be asked for again
        with fake_provider() as (address, keys):
            self.on.run(self.build, "provider", "set", "gemini", "--base-url", address)
            started = self._start()
            time.sleep(IDLE_S)
            self.figures.add("memory, window open and idle", self.on.memory_bytes() / MB, "MB", self.limits.memory_mb)
            call(started.port, "POST", f"/auth-{self.auth_key}")
            if (answer := post(started.port, "alice")["answer"]) != SAID:
                raise Failed(f"the fake provider's answer became {answer!r}")
            if set(keys) != {self.secret}:
                raise Failed("the key that was set did not reach the provider")
        began = time.monotonic()
        answer = self._read(started.port)
        if "EXIT" not in answer:
            raise Failed(f"the reader on this computer said {answer!r}")
        self.figures.add("first frame the reader reads, it starting", time.monotonic() - began, "s")
        self._tabs()
        if screenshot is not None:
            self.screen.picture(screenshot)
            self.figures.notes.append(f"The screen: {screenshot}")
        self._quit(started.process)

    def _read(self, port: int) -> str:
        """What the reader on this computer says: nobody listens where the provider was."""
        end = time.monotonic() + (120 if self.is_emulated else 0)
        while True:
            try:
                return str(post(port, "alice")["answer"])
            except Failed:  # one that took too long is left alone for a while
                if time.monotonic() > end:
                    raise
                time.sleep(5)

    def _tabs(self) -> None:
        """Each is shown once: what it needs is loaded only then. Whatever fails in it stands in the log."""
        desktop = self.screen
        if isinstance(desktop, VirtualScreen):
            for number in (*range(2, TABS + 1), 1):
                before = desktop.sample()
                self._xdotool("search", "--name", "^Frame Backend$", "windowfocus", "key", f"ctrl+{number}")
                until(lambda before=before: desktop.sample() != before, f"tab {number} is shown", 5)
                time.sleep(1)
        if errors := self.on.errors():
            raise Failed(f"the log tells of {errors}")

    def starts(self) -> None:
        """Warm ones, timed; each is ended by SIGTERM."""
        paints, answers = [], []
        for _ in range(STARTS):
            started = self._start()
            paints.append(started.painted_s)
            answers.append(started.healthy_s)
            self._terminate(started.process)
        self.figures.add("to the first paint", statistics.median(paints), "s", self.limits.paint_s)
        self.figures.add("to /health", statistics.median(answers), "s", self.limits.health_s)

    def clean(self) -> None:
        self.on.run(self.build, "key", "remove", "--shared", "gemini")
        until(lambda: not self.on.running(), "every process ends", 5)  # what mounts an AppImage goes a moment later
        if errors := self.on.errors():
            raise Failed(f"the log tells of {errors}")
        if strays := self.on.strays():
            raise Failed(f"left outside the data folder: {strays}")

    # --- starting and ending it -----------------------------------------------------------------------------------

    def _start(self) -> Started:
        until(lambda: not self.screen.is_painted(), "the screen is empty", 5)
        port = free_port()
        began = time.monotonic()
        process = subprocess.Popen([str(self.build.window), "--port", str(port)], env=self.on.environ, cwd=self.on.root)
        until(self.screen.is_painted, "the first paint")
        painted_s = time.monotonic() - began
        until(lambda: is_healthy(port), "/health")
        return Started(process, port, painted_s, time.monotonic() - began)

    def _quit(self, process: subprocess.Popen[bytes]) -> None:
        """By the last entry of the tray's menu."""
        if isinstance(self.screen, WindowsScreen):
            self._end_on_windows(process, self.screen)
            return
        command = ["trayer", "--edge", "bottom", "--widthtype", "request", "--SetDockType", "false"]
        with subprocess.Popen(command, env=self.on.others_environ, stderr=subprocess.DEVNULL) as tray:
            try:
                self._xdotool("mousemove", str(WIDTH // 2), str(HEIGHT - 6), limit_s=5)
                time.sleep(2)  # the icon moves in
                self._xdotool("click", "3")
                time.sleep(1)
                self.on.end(process, lambda: self._xdotool("key", "Up", "Return"), "quit by the tray")
            finally:
                tray.kill()

    def _terminate(self, process: subprocess.Popen[bytes]) -> None:
        if isinstance(self.screen, WindowsScreen):
            self._end_on_windows(process, self.screen)
        else:
            self.on.end(process, self.on.terminate, "SIGTERM")

    def _end_on_windows(self, process: subprocess.Popen[bytes], desktop: WindowsScreen) -> None:
        desktop.close_windows()
        until(lambda: not desktop.is_painted(), "the window closes", 10)
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.wait(20)
        until(lambda: not self.on.running(), "every process ends", 10)

    def _xdotool(self, *words: str, limit_s: float = 10) -> None:
        subprocess.run(["xdotool", *words], env=self.on.others_environ, check=True, timeout=limit_s)


def try_out(path: Path, screenshot: Path | None, *, strict: bool, is_emulated: bool) -> bool:
    print(f"== {path}", flush=True)
    with machine() as on, screen(on.root / "screen") as shown:
        on.environ |= shown.environ
        trial = Trial(Build.at(path), on, shown, is_emulated)
        try:
            trial.run(screenshot)
            if not is_emulated and (over := trial.figures.over(strict=strict)):
                raise Failed(f"over the limit: {', '.join(over)}")
        except Failed as failed:
            print(f"FAILED: {failed}", file=sys.stderr)
            if screenshot is not None:
                shown.picture(screenshot.with_stem(f"{screenshot.stem}-failed"))
            return False
        finally:
            on.end_all()  # before their screen goes
            trial.figures.show(f"Figures of {path.name}")
    return True


# --- building, and when to --------------------------------------------------------------------------------------


def build() -> list[Path]:
    if sys.platform != "linux":
        subprocess.run([sys.executable, str(ROOT / "packaging" / "build.py")], check=True)
        return [ROOT / "dist" / "frame-backend"]
    environ = {**os.environ, "PYTHON": sys.executable}
    subprocess.run([str(ROOT / "packaging" / "linux" / "build_appimage.sh")], env=environ, check=True)
    return [ROOT / "dist" / "frame-backend", *(ROOT / "dist").glob("*.AppImage")]


BUILT_FROM = (
    "packaging/",
    "resources/desktop/",
    "app/__main__.py",
    "app/bootstrap.py",
    "app/frozen.py",
    "app/paths.py",
)
"""What decides how a build comes out: the recipes, the locks, and what tells a built program from a checkout."""


def needed() -> bool:
    """Whether any of that differs from main, else from the commit before; also when git cannot tell."""

    def git(*words: str) -> str | None:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else None

    base = git("merge-base", "HEAD", "origin/main")
    if base is None or base == git("rev-parse", "HEAD"):
        base = git("rev-parse", "--verify", "HEAD~1")
    changed = git("diff", "--name-only", base) if base else None
    new = git("ls-files", "--others", "--exclude-standard")
    if changed is None or new is None:
        return True
    names = f"{changed}\n{new}".split("\n")
    return any(name.startswith(BUILT_FROM) and not name.endswith(".md") for name in names)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="*", type=Path, metavar="BUILD")
    parser.add_argument("--build", dest="builds", action="store_true")
    parser.add_argument("--needed", action="store_true")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--emulated", action="store_true")
    parser.add_argument("--screenshot", type=Path, metavar="FILE")
    args = parser.parse_args()
    if args.needed:
        return 0 if needed() else 1
    if packages := missing_packages():
        sys.exit(f"The test needs these system packages: apt-get install --no-install-recommends {' '.join(packages)}")
    paths = [*args.build, *(build() if args.builds else ())]
    if not paths:
        parser.error("name a build, or --build")
    screenshot = args.screenshot.resolve() if args.screenshot else None
    passed = [try_out(path, screenshot, strict=args.strict, is_emulated=args.emulated) for path in paths]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
