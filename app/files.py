"""Moving and deleting files; on Windows once more where another program looks into one that was just written.

Scanners for viruses and indexers for a search open what is new for some milliseconds, and meanwhile Windows lets nobody
move or delete it: ERROR_SHARING_VIOLATION or ERROR_ACCESS_DENIED, both ``PermissionError``
(https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-). Both block: not for the loop.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

AGAIN_AFTER_S = 0.05
_SCANNERS_HOLD = sys.platform == "win32"


def move(source: Path, target: Path) -> None:
    """A file takes ``target``'s place, at once. Raises ``OSError``."""
    _patiently(lambda: source.replace(target))


def delete(file: Path, *, missing_ok: bool = False) -> None:
    """Raises ``OSError``."""
    _patiently(lambda: file.unlink(missing_ok))


def _patiently(act: Callable[[], object]) -> None:
    try:
        act()
    except PermissionError:
        if not _SCANNERS_HOLD:
            raise
        time.sleep(AGAIN_AFTER_S)
        act()
