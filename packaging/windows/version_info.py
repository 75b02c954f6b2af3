"""The version resource of the Windows program (Explorer, Properties, Details), from `pyproject.toml`.

    python3 packaging/windows/version_info.py build/version_info.txt

The spec calls `write()`. It is a file in PyInstaller's own notation, of plain text: it can be made and read anywhere.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE, CODE_PAGE = 0x0409, 1200
"""US English in Unicode: what Windows shows whatever language it speaks."""


def facts(program: str = "frame-backend.exe") -> dict[str, str]:
    """The names and values of the resource."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "CompanyName": project["authors"][0]["name"],
        "FileDescription": "Frame Backend",  # what the task manager and the firewall call it
        "FileVersion": project["version"],
        "InternalName": project["name"],
        "LegalCopyright": _copyright(),
        "OriginalFilename": program,
        "ProductName": "Frame Backend",
        "ProductVersion": project["version"],
    }


def _copyright() -> str:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    found = re.search(r"^Copyright .+$", licence, re.MULTILINE)
    if found is None:
        sys.exit("LICENSE names no copyright")
    return f"{found[0].strip()}. MIT licence."


def numbers(version: str) -> tuple[int, int, int, int]:
    """``1.2.3`` and ``1.2.3rc1`` as the four numbers that Windows compares."""
    found = [int(part) for part in re.findall(r"\d+", re.split(r"[a-z+-]", version)[0])][:4]
    return tuple(found + [0] * (4 - len(found)))  # type: ignore[return-value]  # four of them


def text() -> str:
    told = facts()
    strings = ",\n".join(f"        StringStruct({name!r}, {value!r})" for name, value in told.items())
    four = numbers(told["ProductVersion"])
    return f"""\
# Made by packaging/windows/version_info.py
VSVersionInfo(
  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0),
  kids=[
    StringFileInfo([
      StringTable('{LANGUAGE:04X}{CODE_PAGE:04X}', [
{strings}
      ])
    ]),
    VarFileInfo([VarStruct('Translation', [{LANGUAGE}, {CODE_PAGE}])])
  ]
)
"""


def write(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(), encoding="utf-8", newline="\n")
    return file


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]))
