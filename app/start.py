"""What ``python3 -m app`` does with its arguments: the window, the headless server, the demo or one verb."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from app import display, log, streams
from app.core.errors import DatabaseUnusable, FrameBackendError, Unforeseen
from app.core.text.plain_text import printable
from app.paths import DataFolder


def start(args: Namespace) -> int:
    """The exit status: 0 done, 1 failed with one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # a console that lacks a letter shows '?'
    os.umask(0o077)  # what the program writes is its owner's alone
    log.leave_no_core()
    # For what nobody here sends by TLS; where it cannot be written, importing aiohttp would end the program.
    os.environ.pop("SSLKEYLOGFILE", None)
    try:
        if args.verb:
            return _verb(args)
        if args.demo:
            # the reader's child may still hold a file of it for a moment on Windows
            with tempfile.TemporaryDirectory(prefix="frame-backend-demo-", ignore_cleanup_errors=True) as throw_away:
                return _serve(args, Path(throw_away))
        return _serve(args, args.data_dir)
    except FrameBackendError as error:
        why = error
    except Exception as error:
        log.log_crash(error)
        why = Unforeseen(error)
    print(printable(str(why)), file=sys.stderr)
    return 1


def _verb(args: Namespace) -> int:
    log.set_up("warning" if args.log_level == "info" else args.log_level, None)
    from app.cli import commands

    asyncio.run(commands.run(args, DataFolder.find(args.data_dir)))
    return 0


def _serve(args: Namespace, data_dir: Path | None) -> int:
    from app.demo import Demo

    streams.never_wait()
    demo = Demo(args.frames) if args.demo else None
    host, port = ("127.0.0.1", args.port or 0) if demo else (args.host, args.port)
    folder = _prepared(data_dir, args.log_level, is_kept=demo is None)
    if not args.headless and _can_show_a_window():
        from app import window  # headless mode imports no Qt

        if isinstance(folder, DatabaseUnusable):
            return window.say_why_not(folder)
        return window.run(folder, host=host, port=port, companion=demo, hidden=args.hidden)
    if isinstance(folder, DatabaseUnusable):
        raise folder
    from app.application import Application, run_headless  # a verb needs no server

    asyncio.run(run_headless(Application(folder, host=host, port=port), demo))
    return 0


def _prepared(data_dir: Path | None, log_level: str, *, is_kept: bool) -> DataFolder | DatabaseUnusable:
    """The data folder, made; else why it cannot be had. The log file of one that is not kept would go with it."""
    log.set_up(log_level, None)
    try:
        folder = DataFolder.find(data_dir)
        folder.prepare()
    except DatabaseUnusable as error:
        return error
    except OSError as error:
        return DatabaseUnusable("The data folder cannot be used: {reason}.", reason=error.strerror or error)
    if is_kept:
        log.set_up(log_level, folder.logs)
    return folder


def _can_show_a_window() -> bool:
    """Whether Qt can open a window here; if not, one sentence on standard error says why."""
    if why := display.why_no_window():
        print(f"{why} Going on without a window.", file=sys.stderr)
    return not why
