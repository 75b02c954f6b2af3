"""What is made once and kept: the Debian, its Windows, and two Pythons there from the repository's locks."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import borrowed
import debian
import wheels
from windows import RUNS_AS, Windows

SOURCES = borrowed.ROOT / "packaging" / "windows" / "wine"
STUBS = ("bcryptprimitives", "icuuc")
SHIMS = ("tasklist", "taskkill", "powershell")
LEFT_OUT = ("test", "idlelib", "lib-dynload", "site-packages", "dist-packages", "__pycache__")
"""Of Python's library."""
_GCC = ("x86_64-w64-mingw32-gcc", "-O1", "-w")
_COMPILED = "/wine/sources"


def once(folder: Path, key: str, make: Callable[[], None]) -> None:
    """Call ``make`` unless ``folder`` was made whole with the same ``key``, which stands in a file beside it."""
    stamp = folder.with_name(f"{folder.name}.made-of")
    wanted = hashlib.sha256(key.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        stamp.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        make()
        stamp.write_text(wanted, encoding="ascii")


def place() -> Path:
    """Where it is kept, outside the checkout."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "frame-backend-tests" / "wine"


def make_debian(root: Path) -> None:
    """To be called before anything is mounted into it."""
    assert not os.path.ismount(root / "dev")
    once(root, repr((debian.SUITE, debian.PACKAGES)), lambda: debian.make(root))
    for name in ("wine", "project"):
        (root / name).mkdir(exist_ok=True)


def make_windows(windows: Windows) -> None:
    """It is on afterwards."""
    sources = windows.root / _COMPILED[1:]
    shutil.copytree(SOURCES, sources, dirs_exist_ok=True)
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(sources.iterdir()))
    once(windows.prefix, text + repr(borrowed.C_LIBRARY), lambda: _make_prefix(windows))
    windows.serve()
    windows.build_number(RUNS_AS)  # each time: a check that was killed may have left the other one
    for name, listing in (("python", wheels.for_tests()), ("builder", wheels.for_builds())):
        make = functools.partial(_make_python, windows, windows.root / "wine" / name, listing)
        once(windows.root / "wine" / name, text + listing + repr(borrowed.PYTHON), make)
    compiler = windows.drive / "Program Files (x86)" / "Inno Setup 6"  # where packaging/windows/installer.py looks
    with tempfile.TemporaryDirectory() as downloads:
        once(compiler, borrowed.COMPILER, lambda: borrowed.fetch_compiler(Path(downloads), compiler))


def _make_prefix(windows: Windows) -> None:
    """Windows 10 as far as Wine has it, with what Wine 8 lacks of it."""
    windows.run("wineboot", "--init", limit_s=180)
    windows.run("winecfg", "-v", "win10")
    _share(windows)
    with tempfile.TemporaryDirectory() as downloads:
        borrowed.fetch(borrowed.C_LIBRARY, Path(downloads), windows.system)
    system = f"/wine/prefix/{windows.system.relative_to(windows.prefix)}"
    for stub in STUBS:
        windows.inside(*_GCC, "-shared", f"{_COMPILED}/{stub}.c", "-ladvapi32", "-o", f"{system}/{stub}.dll")
    for shim in SHIMS:
        (windows.system / f"{shim}.exe").unlink(missing_ok=True)
        windows.inside(*_GCC, f"{_COMPILED}/{shim}.c", "-lpsapi", "-o", f"{system}/{shim}.exe")
    windows.shut_down()


def _share(windows: Windows) -> None:
    """Let the prefix hold Wine's own files by links: as copies they are a gigabyte."""
    for folder, machine in (("system32", "x86_64"), ("syswow64", "i386")):
        for copy in (windows.drive / "windows" / folder).iterdir():
            own = windows.root / f"usr/lib/{machine}-linux-gnu/wine/{machine}-windows" / copy.name
            if copy.is_file() and own.is_file() and copy.stat().st_size == own.stat().st_size:
                copy.unlink()
                copy.hardlink_to(own)


def _make_python(windows: Windows, folder: Path, listing: str) -> None:
    """The library and modules from the borrowed wheel, the programs compiled, the packages from our locks."""
    with tempfile.TemporaryDirectory() as downloads:
        borrowed.fetch(borrowed.PYTHON, Path(downloads), folder / "DLLs")
    for lead in (folder / "DLLs").glob("api-ms-win-crt-*"):
        lead.unlink()  # Wine has its own, to the C library that it was given
    for file in ("python311.dll", "VCRUNTIME140.dll"):
        (folder / "DLLs" / file).rename(folder / file)
    shutil.copytree(windows.root / "usr/lib/python3.11", folder / "Lib", ignore=shutil.ignore_patterns(*LEFT_OUT))
    at = f"/wine/{folder.name}"
    for program, options in (("python", ()), ("pythonw", ("-mwindows",))):
        words = ("-municode", *options, f"{_COMPILED}/{program}.c", f"{at}/python311.dll")
        windows.inside(*_GCC, *words, "-o", f"{at}/{program}.exe")
    listed = windows.inside("x86_64-w64-mingw32-objdump", "-p", f"{at}/python311.dll")
    (folder / "python3.def").write_text(forwards(listed), encoding="ascii")
    windows.inside(*_GCC, "-shared", "-nostdlib", f"{at}/python3.def", "-o", f"{at}/python3.dll")
    requirements = folder / "requirements.txt"
    requirements.write_text(listing, encoding="utf-8")
    words = ("--require-hashes", "--no-compile", "--target", str(folder / "Lib" / "site-packages"))
    borrowed.pip("install", *borrowed.PLATFORM, *words, "--requirement", str(requirements))


def forwards(listed: str) -> str:
    """The definition of python3.dll, to which wheels for any Python 3 are linked: it leads to what python311.dll has.

    ``listed`` is what objdump tells of that.
    """
    table = listed.split("[Ordinal/Name Pointer] Table", 1)[1].split("\n\n", 1)[0]
    names = re.findall(r"^\s+\[\s*\d+\].*?(\w+)$", table, re.MULTILINE)
    return "EXPORTS\n" + "".join(f"{name}=python311.{name}\n" for name in names)


def copy_project(names: list[str], windows: Windows) -> None:
    """The checkout's files, in the place of the copy of before; what was built of that stays."""
    for old in windows.project.iterdir():
        if old.name not in ("build", "dist"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for name in names:
        target = windows.project / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(borrowed.ROOT / name, target)
