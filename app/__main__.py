"""``python3 -m app``: the window, the headless server, the demo or one verb."""

import contextlib
import os
import sys
from typing import NoReturn

from app import bootstrap, frozen, streams
from app.cli import arguments


def main() -> int:
    streams.fill()
    streams.speak_utf8()
    frozen.begin()
    args = arguments.parse(sys.argv[1:])
    bootstrap.ensure()
    from app import start

    return start.start(args)


def leave(status: int) -> NoReturn:
    """End at once: everything is closed by now.

    What may still run are threads that nobody waits for, in a call to a keyring or the network that hangs. The
    interpreter's own end takes them apart in the middle of their libraries' code, which can abort the program.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # nobody reads it any more
            stream.flush()
    if sys.platform == "win32":
        # There even os._exit has each library tidy up behind threads that are gone, in which one may abort or hang:
        # https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-exitprocess
        import ctypes

        this_process = ctypes.c_void_p(-1)
        ctypes.windll.kernel32.TerminateProcess(this_process, status)
    os._exit(status)


if __name__ == "__main__":
    leave(main())
