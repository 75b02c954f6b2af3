"""Standard streams that end nothing: closed at the start, full, gone, or a pipe that nobody reads; and UTF-8 in files.

Standard library only, and little of it: this comes before everything else.
"""

from __future__ import annotations

import io
import os
import select
import sys

NAMES = ("stdin", "stdout", "stderr")
PIECE = 512
"""Bytes that a pipe with room for any takes at once, whatever the system (POSIX' least PIPE_BUF)."""


def fill() -> None:
    """Open those that were closed, on nothing: the next file would get their number, and what libraries write to it."""
    for number, name in enumerate(NAMES):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # it takes the lowest number that is free
        if getattr(sys, name) is None:  # as in a built window on Windows too
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def speak_utf8() -> None:
    """From now on: whatever is no terminal. On Windows a file or a pipe would get the code page of the country, which
    lacks most letters, and a report that says of itself that it is UTF-8 would not be
    (https://docs.python.org/3/library/sys.html#sys.stdin).
    """
    for name in NAMES:
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors=stream.errors)


def never_wait() -> None:
    """From now on what cannot be written to standard output or error at once is dropped."""
    for name in NAMES[1:]:
        stream = getattr(sys, name)
        try:
            sink = _Sink(stream.fileno())
        except OSError:  # none of the system's
            continue
        wrapped = io.TextIOWrapper(sink, encoding=stream.encoding, errors="replace", line_buffering=True)  # type: ignore[type-var]
        setattr(sys, name, wrapped)


class _Sink(io.RawIOBase):
    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        return self._number

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: bytes) -> int:  # type: ignore[override] # it is only ever given bytes
        rest = data
        try:
            while rest and self._has_room():
                rest = rest[os.write(self._number, rest[:PIECE]) :]
        except OSError:  # full, or whoever read it has gone: nobody is left to be told
            pass
        return len(data)

    def _has_room(self) -> bool:
        # Windows can tell it of sockets alone.
        return sys.platform == "win32" or bool(select.select([], [self._number], [], 0)[1])
