"""A Debian in a folder, with Wine for 64 and 32 bits: the machine's own packages are left alone.

What runs in it, and what is mounted into it, lives in a namespace (`enter`) and ends with the command, however that
ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from smoke_machine import Failed

SUITE = "bookworm"
"""Wine 8.0, and the library of Python 3.11: the recipe is for these."""
PACKAGES = (
    "wine", "wine64", "wine32:i386",  # Inno Setup's compiler is a 32-bit program
    "gcc-mingw-w64-x86-64-win32", "libpython3.11-stdlib", "openbox", "xdotool",
)  # fmt: skip
OUTSIDE = {"mmdebstrap": "mmdebstrap", "Xvfb": "xvfb", "npm": "npm"}
"""Programs that are needed outside of it, and the Debian package each is in."""
_INSIDE = "FRAME_BACKEND_WINE_INSIDE"


def enter() -> None:
    """Start this command again in a namespace of its own; returns there."""
    if os.environ.pop(_INSIDE, None):
        return
    namespace = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    shell = ["sh", "-c", '"$@"; exit $?', "sh"]  # the first process: it buries those whose parents have ended
    command = [*namespace, *shell, sys.executable, *sys.argv]
    sys.exit(subprocess.run(command, env={**os.environ, _INSIDE: "1"}, check=False).returncode)


def install_outside() -> None:
    """What the machine lacks. Raises ``Failed``."""
    lacking = [package for program, package in OUTSIDE.items() if shutil.which(program) is None]
    if lacking:
        quietly("apt-get", "update")
        quietly("apt-get", "install", "-y", "--no-install-recommends", *lacking)


def make(root: Path) -> None:
    """Debian with the packages, all from the mirror that this machine's apt uses. Raises ``Failed``."""
    told = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Label: Debian"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    mirror = [f"deb {told[0]} {SUITE} main"] if told else []
    quietly(
        "mmdebstrap",
        "--variant=apt",
        "--architectures=amd64,i386",
        f"--include={','.join(PACKAGES)}",
        "--aptopt=APT::Install-Recommends false",
        *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale")),
        SUITE,
        str(root),
        *mirror,
    )
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="ascii")


def quietly(*command: str, cwd: Path | None = None) -> str:
    """What it said. Raises ``Failed`` with that when it failed."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["nice", *command],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(f"{command[0]} ended with {done.returncode}: {done.stdout.strip()[-2000:]}")
    return done.stdout


def mount(root: Path) -> None:
    """What programs in it expect of a system; seen in this namespace alone."""
    for kind in ("proc", "sys", "dev"):
        quietly("mount", "--rbind", f"/{kind}", str(root / kind))


class Process:
    """A program in ``root``. Its streams are pipes that a thread empties: Wine takes no file for one."""

    def __init__(self, root: Path, command: list[str], environ: Mapping[str, str], folder: str = "/") -> None:
        self._what = " ".join(command)[:200]
        words = ["chroot", str(root), "/usr/bin/env", "-i", f"--chdir={folder}"]
        words += [f"{name}={value}" for name, value in environ.items()]
        self._process = subprocess.Popen(
            [*words, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._parts: list[bytes] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while part := os.read(self._process.stdout.fileno(), 65536):
            self._parts.append(part)

    @property
    def told(self) -> str:
        """Both of its streams until now."""
        return b"".join(self._parts).decode(errors="replace").replace("\r\n", "\n")

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def give(self, text: str = "") -> None:
        """All that it gets to read."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(text.encode())
            self._process.stdin.close()

    def wait(self, limit_s: float) -> int:
        """Its status. Raises ``Failed`` when it takes longer; then it is killed."""
        try:
            status = self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise Failed(f"not at its end after {limit_s:.0f} s") from None
        self._reader.join(5)  # a grandchild may hold the pipe
        return status

    def finish(self, limit_s: float, given: str = "") -> str:
        """What it said until its end. Raises ``Failed`` with that when it failed or takes longer."""
        self.give(given)
        try:
            status = self.wait(limit_s)
        except Failed as failed:
            raise Failed(f"{self._what}: {failed}: {self.told[-1500:]}") from None
        if status != 0:
            raise Failed(f"{self._what} ended with {status}: {self.told[-1500:]}")
        return self.told

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
