"""Makes the Windows installer from the built folder: ``python3 packaging/windows/installer.py``.

It calls Inno Setup's compiler with the version of the program. ``--sign THUMBPRINT`` signs the installer and its
uninstaller with that certificate of the user's store.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import version_info  # noqa: E402  needs the path above

from app import __version__  # noqa: E402

SCRIPT = ROOT / "packaging" / "windows" / "frame-backend.iss"
TIMESTAMPS = "http://timestamp.digicert.com"


def command(compiler: str, thumbprint: str = "") -> list[str]:
    """The call of Inno Setup's compiler; ``$f`` and ``$q`` are its own marks for the file and a quote."""
    numbers = ".".join(str(number) for number in version_info.numbers(__version__))
    words = [compiler, "/Qp", f"/DVersion={__version__}", f"/DNumbers={numbers}"]
    if thumbprint:
        sign = f"sign /sha1 {thumbprint} /fd sha256 /tr {TIMESTAMPS} /td sha256 $f"
        words += ["/DSign", f"/Ssigntool=signtool.exe {sign}"]
    return [*words, str(SCRIPT)]


def compiler() -> str:
    """Inno Setup's compiler: on PATH, or where its own installer puts it. Exits when it is in neither."""
    programs = Path(os.environ.get("ProgramFiles(x86)", r"C:\Program Files (x86)"))  # noqa: SIM112  Windows' own name
    found = shutil.which("ISCC") or shutil.which(str(programs / "Inno Setup 6" / "ISCC.exe"))
    if found is None:
        sys.exit("Inno Setup 6.3 or newer is not installed: choco install innosetup")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sign", metavar="THUMBPRINT", default="")
    thumbprint = parser.parse_args().sign
    subprocess.run(command(compiler(), thumbprint), cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
