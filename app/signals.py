"""How the system asks the program to end: signals, and on Windows the closing of its console as well."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import signal
import sys
import time
from collections.abc import Callable, Iterator

CTRL_CLOSE_EVENT = 2
"""It and what comes behind it (log-off, shutdown) are no signals; 0 and 1 are Ctrl+C and Ctrl+Break."""
CLOSING_S = 10.0
"""Windows itself waits 5 s."""


@contextlib.contextmanager
def asking_to_end(wanted: Callable[[], None]) -> Iterator[None]:
    """For as long as this lasts, each of them calls ``wanted`` on the running loop."""
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, wanted)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
    else:  # its loops know no signal handlers
        with _signals(lambda: loop.call_soon_threadsafe(wanted)), _console(lambda: loop.call_soon_threadsafe(wanted)):
            yield


@contextlib.contextmanager
def _signals(wanted: Callable[[], object]) -> Iterator[None]:
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK")]
    before = {number: signal.signal(number, lambda *_: wanted()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _console(wanted: Callable[[], object]) -> Iterator[None]:
    """Windows ends the process when the handler, in a thread of its own, returns or takes too long
    (https://learn.microsoft.com/windows/console/handlerroutine): it stays, and the program ends by itself meanwhile.
    ``SIGBREAK`` comes then as well, but its handler returns at once.
    """

    def handle(event: int) -> bool:
        if event < CTRL_CLOSE_EVENT:
            return False
        wanted()
        time.sleep(CLOSING_S)
        return True

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  it is there on Windows alone
    handler = getattr(ctypes, "WINFUNCTYPE")(ctypes.c_int, ctypes.c_uint32)(handle)  # noqa: B009
    kernel.SetConsoleCtrlHandler(handler, True)
    try:
        yield
    finally:
        kernel.SetConsoleCtrlHandler(handler, False)
