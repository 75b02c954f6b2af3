"""A clock for what lasts: it goes on while the computer sleeps, and nobody can set it."""

from __future__ import annotations

import sys
import time


def passed_s() -> float:
    """Seconds since some moment. ``time.monotonic`` stands still in sleep: an hour's limit would last till the morning.

    What ends at a date goes by the wall clock, and a deadline of work under way by ``time.monotonic``.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":  # noqa: RET505 - mypy knows one system at a time
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # Python's own is another one there
    else:
        return time.monotonic()
