"""The licences of everything a built program holds: judged, and written down for its users.

    python3 packaging/licences.py         judge the packages of core, window and reader; print a table
    python3 packaging/licences.py FILE    and write all names, licences and texts into FILE

Run it with the Python of the environment that is frozen. It fails on a part under the GPL alone, the AGPL or a licence
that is not known to be fine: what to do then is to replace the part, or to look its licence up and name it in
`licence_tables.py`. The LGPL is fine: its parts stay files of their own, and our source is open.

The spec calls `write()` with the native libraries that it collects: those are judged too.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

import licence_tables as tables  # noqa: E402  needs the path above

from app.bootstrap import lock_groups  # noqa: E402

GROUPS = ("core", "window", "reader")
TEXTS = ROOT / "packaging" / "licence_texts"
_IS_TEXT = re.compile(r"licen[cs]e|copying|notice|copyright|authors", re.IGNORECASE)
_QT = re.compile(r"(?:lib)?Qt6(\w+?)(?:\.so[.\d]*|\.dll)")
_RULE = "=" * 100


@dataclass(frozen=True, slots=True)
class Part:
    """Something in the bundle. ``licence`` is an SPDX expression, "" when nothing says it."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...] = ()
    note: str = ""

    @property
    def fault(self) -> str:
        """Why it must not be in the bundle; "" when it may."""
        if not self.licence:
            return f"{self.name} does not say its licence"
        if not is_fine(self.licence):
            return f"{self.name} is under {self.licence}"
        return "" if self.texts else f"{self.name} ({self.licence}) brings no text of its licence"


# --- which licences are fine -------------------------------------------------------------------------------------


def is_fine(expression: str) -> bool:
    """Whether an SPDX expression leaves a choice that the bundle may be under."""
    tokens = re.findall(r"[()]|[^\s()]+(?: WITH [^\s()]+)?", expression)
    fine = _any_of(tokens)
    if tokens:
        raise ValueError(f"not an SPDX expression: {expression}")
    return fine


def _any_of(tokens: list[str]) -> bool:
    fine = _all_of(tokens)
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        fine |= _all_of(tokens)
    return fine


def _all_of(tokens: list[str]) -> bool:
    fine = _one(tokens)
    while tokens[:1] == ["AND"]:
        tokens.pop(0)
        fine &= _one(tokens)
    return fine


def _one(tokens: list[str]) -> bool:
    token = tokens.pop(0)
    if token != "(":
        return token in tables.PERMITTED or token in tables.LINKED or token in tables.EXCEPTIONS
    fine = _any_of(tokens)
    tokens.pop(0)
    return fine


# --- packages ----------------------------------------------------------------------------------------------------


def packages(groups: Iterable[str] = GROUPS) -> Iterator[Part]:
    """The lock's packages that this system and Python get; one that is not installed is a fault of the environment."""
    locked = lock_groups()
    for group in groups:
        for entry in locked[group]:
            requirement = Requirement(entry.split("\\")[0].strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield package(requirement.name)


def package(name: str) -> Part:
    """An installed package. Exits when it is not."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        sys.exit(f"{name} is not installed here: run this with the Python of the environment that is frozen")
    texts = tuple(dict.fromkeys(_texts(found)))  # some ship the same file twice
    licence = said(found.metadata)
    if name in tables.SILENT:
        expression, proof = tables.SILENT[name]
        licence = expression if any(proof in text for text in texts) else ""
    texts += tuple(common_text(text) for text in tables.TEXTS.get(name, ()))
    return Part(name, found.version, licence, texts, tables.INSIDE.get(name, ""))


def said(told: metadata.PackageMetadata) -> str:
    """The licence that a package's metadata state, as an SPDX expression; "" when they state none that is known."""
    for field in ("License-Expression", "License"):
        stated = (told[field] or "").strip() if field in told else ""
        try:
            return canonicalize_license_expression(tables.SPELLINGS.get(stated.lower(), stated))
        except InvalidLicenseExpression:
            continue  # free text, or the licence itself
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    named = [line.rsplit(" :: ", 1)[-1] for line in classifiers if line != "License :: OSI Approved"]
    if any(line not in tables.CLASSIFIERS for line in named):
        return ""
    return " AND ".join(tables.CLASSIFIERS[line] for line in named)


def _texts(found: metadata.Distribution) -> Iterator[str]:
    for file in found.files or []:
        if _IS_TEXT.search(file.name) and file.suffix.lower() in ("", ".txt", ".md", ".rst", ".apache", ".bsd"):
            yield _read(Path(str(found.locate_file(file))))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()


def common_text(name: str) -> str:
    return _read(TEXTS / f"{name}.txt")


# --- native libraries --------------------------------------------------------------------------------------------


def libraries(paths: Iterable[Path]) -> Iterator[Part]:
    """The native libraries at ``paths`` that no package vouches for: Qt's modules, and those of the system.

    What lies within an environment belongs to its package, what lies under Python's prefix to Python.
    """
    for path in sorted(set(paths), key=lambda path: path.name):
        if qt := _QT.fullmatch(path.name):
            if qt[1] not in tables.QT_MODULES:
                yield Part(path.name, "", "", note="not among Qt's modules that are known to be under the LGPL")
        elif ".so" in path.suffixes and not _vouched_for(path):
            yield _system_library(path)


def _vouched_for(path: Path) -> bool:
    homes = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()} - {"/usr"}
    return any(path.is_relative_to(home) for home in homes)


def _system_library(path: Path) -> Part:
    stem = path.name.partition(".so")[0]
    patterns = [pattern for pattern in tables.LIBRARIES if fnmatch.fnmatchcase(stem, pattern)]
    licence = tables.LIBRARIES[max(patterns, key=len)] if patterns else ""
    name, copyright_file = _debian_package(path)
    texts = (_read(copyright_file),) if copyright_file.is_file() else ()
    return Part(path.name, name, licence, texts)


def _debian_package(path: Path) -> tuple[str, Path]:
    """The package a library comes from, and its copyright file; no name where dpkg knows of none."""
    real = os.path.realpath(path)
    for spelling in (real, real.removeprefix("/usr")):  # /lib is a link into /usr, and dpkg knows one of the two
        try:
            done = subprocess.run(["dpkg-query", "-S", spelling], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            break
        if done.returncode == 0:
            name = done.stdout.split(":")[0]
            return name, Path("/usr/share/doc", name, "copyright")
    return "", Path("/nowhere")


def python_itself() -> Part:
    """The interpreter and its standard library."""
    folders = (Path(os.__file__).parent, Path(sys.base_prefix), Path(sysconfig.get_paths()["stdlib"]))
    version = sys.version.split()[0]
    debian = Path(f"/usr/share/doc/python{sys.version_info.major}.{sys.version_info.minor}/copyright")
    for file in (*(folder / "LICENSE.txt" for folder in folders), debian):
        if file.is_file():
            return Part("Python", version, "PSF-2.0", (_read(file),))
    return Part("Python", version, "PSF-2.0")


# --- what is told ------------------------------------------------------------------------------------------------


def parts(native: Iterable[Path] = ()) -> list[Part]:
    """All of it: Python, PyInstaller's boot loader when it is here, packages, libraries, photographs, models."""
    found = [python_itself()]
    try:
        metadata.distribution("pyinstaller")
        found.append(package("pyinstaller"))
    except metadata.PackageNotFoundError:
        pass  # judged from a checkout: nothing is frozen
    found += packages()
    found += libraries(native)
    photographs, models = (ROOT / "resources" / name / "CREDITS.md" for name in ("demo", "models"))
    found.append(Part("The demo's photographs", "", "CC0-1.0 AND BSD-3-Clause", (_read(photographs),)))
    texts = _read(models), common_text("Apache-2.0")
    found.append(Part("The models that look at pictures", "", "Apache-2.0", texts))
    return found


def text(found: Iterable[Part]) -> str:
    """Everything for a reader: a list first, then every text."""
    found = list(found)
    listed = [f"{part.name} {part.version}".strip() + f": {part.licence}" for part in found]
    blocks = ["Frame Backend is under the MIT licence. It is built on the work of others:", "\n".join(listed)]
    for part in found:
        head = f"{part.name} {part.version}".strip() + f"\n{part.licence}" + (f"\n{part.note}" if part.note else "")
        blocks.append(f"{_RULE}\n{head}\n{_RULE}")
        blocks += part.texts
    return "\n\n".join(blocks) + "\n"


def write(file: Path, native: Iterable[Path] = ()) -> Path:
    """Write the text to ``file``. Exits with a sentence for each part that must not be in the bundle."""
    found = parts(native)
    if faults := [part.fault for part in found if part.fault]:
        sys.exit("\n".join(faults))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(found), encoding="utf-8", newline="\n")
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    file = parser.parse_args().file
    found = parts()
    for part in found:
        print(f"{part.name:<26} {part.version:<18} {part.licence or '?'}")
    if faults := [part.fault for part in found if part.fault]:
        sys.exit("\n".join(faults))
    if file is not None:
        write(file)


if __name__ == "__main__":
    main()
