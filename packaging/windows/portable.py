"""The portable zip, from the built folder: ``python3 packaging/windows/portable.py dist/frame-backend``.

It unpacks to one folder. The program in it runs as an installed one does; ``Frame Backend (portable).cmd`` beside it
keeps all data in that folder too, for a stick. The same folder gives the same zip: names are sorted, times fixed.
"""

from __future__ import annotations

import os
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app import __version__  # noqa: E402  needs the path above

FOLDER = "Frame Backend"
PROGRAM = "frame-backend.exe"
STARTER = "Frame Backend (portable).cmd"
STARTER_TEXT = f'@start "" "%~dp0{PROGRAM}" --data-dir "%~dp0data" %*\r\n'
_EARLIEST = 315_532_800
"""1980: a zip knows no time before."""


def make(built: Path, folder: Path) -> Path:
    """Zip ``built`` into ``folder``. Exits when it is no build of ours."""
    if not (built / PROGRAM).is_file():
        sys.exit(f"{built} holds no {PROGRAM}")
    epoch = max(int(os.environ.get("SOURCE_DATE_EPOCH", _EARLIEST)), _EARLIEST)
    when = time.gmtime(epoch)[:6]
    file = folder / f"frame-backend-{__version__}-windows-x86_64-portable.zip"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in built.rglob("*") if path.is_file()):
            _add(archive, path.relative_to(built).as_posix(), path.read_bytes(), when)
        _add(archive, STARTER, STARTER_TEXT.encode("ascii"), when)
    return file


def _add(archive: zipfile.ZipFile, name: str, data: bytes, when: tuple[int, ...]) -> None:
    entry = zipfile.ZipInfo(f"{FOLDER}/{name}", when)  # type: ignore[arg-type]  # six numbers
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(make(Path(sys.argv[1]), ROOT / "dist"))
