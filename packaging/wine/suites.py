"""The repository's own tests, under Wine's Python: those that need no window."""

from __future__ import annotations

import re
from collections.abc import Callable

from smoke_machine import Failed
from windows import PYTHON, Windows

FOLDERS = ("server", "providers", "store", "core", "images")
"""The longest first."""
OPTIONS = ("-q", "-p", "no:cacheprovider", "-p", "wakes", "--timeout", "300")
OPTIONS += ("--capture=sys",)  # by files a program that is started has streams that are none for Wine


def tests_of(folder: str) -> Callable[[Windows], str]:
    def run(windows: Windows) -> str:
        process = windows.start(PYTHON, "-m", "pytest", f"tests/{folder}", *OPTIONS, PYTHONPATH="packaging/wine")
        process.give()
        status = process.wait(1800)
        log = windows.root / "wine" / f"tests_{folder}.log"
        log.write_text(process.told, encoding="utf-8")
        found = re.findall(r"^(?:FAILED|ERROR) (\S+)", process.told, re.MULTILINE)
        last = process.told.strip().rsplit("\n", 1)[-1].strip("= ")
        if status != 0:
            raise Failed(f"{last}; {', '.join(found)}; see {log}" if found else process.told[-1500:])
        return last

    run.__doc__ = f"tests/{folder}"
    return run


CHECKS = tuple(tests_of(folder) for folder in FOLDERS)
