"""Freezes the program into `dist/frame-backend/`, on Linux and Windows.

    python3 packaging/build.py               the whole of it
    python3 packaging/build.py --lock FILE   only write down what would be frozen, as requirements, for audits

It makes an environment of its own, `build/venv`, from the locks (every hash is checked) and runs PyInstaller in it. An
environment made for the same locks and the same Python is used again. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.bootstrap import LOCK, lock_groups  # noqa: E402  needs the path above

PACKAGING, BUILD, DIST = ROOT / "packaging", ROOT / "build", ROOT / "dist"
TOOLS = PACKAGING / "build.lock"
SPEC = PACKAGING / "frame-backend.spec"
GROUPS = ("core", "window", "reader")


def requirements() -> str:
    """The part of the lock that is frozen."""
    program = lock_groups()
    return "".join(entry for group in GROUPS for entry in program[group])


def environment() -> Path:
    """The Python of an environment that holds what is frozen and what freezes it, and nothing else."""
    folder = BUILD / "venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted, stamp = _key(), folder / "stamp"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.EnvBuilder(symlinks=os.name != "nt", with_pip=False).create(folder)
    listing = folder / "requirements.txt"
    listing.write_text(requirements(), encoding="utf-8")
    # Two calls: both locks may name a package, with the same version (lock.py sees to that).
    for lock in (listing, TOOLS):
        install(python, lock)
    stamp.write_text(wanted, encoding="ascii")
    return python


def install(python: Path, lock: Path) -> None:
    """Install what ``lock`` names beside ``python``, every hash checked, by the wheel of pip that lies here."""
    command = [*pip(python), "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-input", "--progress-bar", "off", "--quiet"]
    subprocess.run([*command, "--requirement", str(lock)], check=True)


def pip(python: Path) -> list[str]:
    """The command of pip for the environment of ``python``, which needs none of its own."""
    (wheel,) = PACKAGING.glob("pip-*.whl")
    return [str(python), str(wheel / "pip"), "--disable-pip-version-check"]


def _key() -> str:
    locks = b"".join(Path(lock).read_bytes().replace(b"\r\n", b"\n") for lock in (LOCK, TOOLS))
    return f"{hashlib.sha256(locks).hexdigest()} {sys.version.split()[0]} {sys.base_prefix}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lock", type=Path, metavar="FILE")
    if file := parser.parse_args().lock:
        file.write_text(requirements(), encoding="utf-8")
        return
    freeze(environment())
    if sys.platform == "linux":
        strip(DIST / "frame-backend")
    print(DIST / "frame-backend")


def freeze(python: Path) -> None:
    """Make the folder with ``python``, whose environment holds what `environment` lays into one."""
    environ = {**os.environ, "FRAME_BACKEND_NO_BOOTSTRAP": "1", "PYTHONHASHSEED": "1"}
    prepare(python, environ)
    command = [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(BUILD / "work"), str(SPEC)]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


def strip(folder: Path) -> None:
    """Take the debugging symbols off libraries that have some: a tenth of the whole."""
    for file in folder.rglob("*.so*"):
        if file.is_symlink() or not re.search(r" \.debug_info ", _told(file)):
            continue
        lighter = BUILD / "work" / "stripped.so"
        subprocess.run(["strip", "--strip-debug", "-o", str(lighter), str(file)], check=True)
        if is_sound(_told(lighter)):
            lighter.replace(file)


def is_sound(told: str) -> bool:
    """Whether the loader takes it: `strip` shifts what auditwheel has moved about in a library of a wheel.

    Each segment must lie as far into a page of the file as it shall lie in a page of the memory.
    """
    number = "(0x[0-9a-f]+)"
    segments = re.findall(rf"^ +LOAD +{number} {number} .*{number}$", told, re.MULTILINE)
    return bool(segments) and all(
        (int(at, 16) - int(address, 16)) % int(page, 16) == 0 for at, address, page in segments
    )


def _told(file: Path) -> str:
    """Sections and segments, as readelf tells them: both programs are in the package that PyInstaller needs as well."""
    command = ["readelf", "--sections", "--program-headers", "--wide", str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def prepare(python: Path, environ: dict[str, str]) -> None:
    """Make what the spec takes from `build/`: the icons, the translations compiled, the models that read, halved."""
    scripts = (
        ("icons.py", str(BUILD / "icons")),
        ("translations.py", "compile"),
        ("halve_weights.py", str(BUILD / "models")),
    )
    for script, *words in scripts:
        subprocess.run([str(python), str(PACKAGING / script), *words], cwd=ROOT, env=environ, check=True)
    texts = BUILD / "translations"
    texts.mkdir(parents=True, exist_ok=True)
    for compiled in (ROOT / "resources" / "translations").glob("*.qm"):
        compiled.replace(texts / compiled.name)  # beside their sources they would only grow old


if __name__ == "__main__":
    main()
