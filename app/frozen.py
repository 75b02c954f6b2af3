"""What a built program does before anything else; from source there is nothing to do."""

from __future__ import annotations

import os
import sys

LIBRARIES = "LD_LIBRARY_PATH"


def begin() -> None:
    """In a child of ours this does the child's work and never returns: the reader's process is this program again."""
    if not getattr(sys, "frozen", False):
        return
    import multiprocessing

    multiprocessing.freeze_support()
    leave_libraries()


def leave_libraries() -> None:
    """Give the programs that we start (a browser, a file manager) the system's libraries again, not the bundle's.

    PyInstaller's boot loader points to the bundle in the environment and keeps what stood there before.
    """
    before = os.environ.pop(f"{LIBRARIES}_ORIG", None)
    if before is not None:
        os.environ[LIBRARIES] = before
    else:
        os.environ.pop(LIBRARIES, None)
