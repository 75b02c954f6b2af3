"""What Windows says to end a program is heard; the real signals of other systems are in tests/system and tests/ui."""

from __future__ import annotations

import asyncio
import ctypes
import signal
from unittest.mock import Mock

import pytest

from app import signals

pytestmark = pytest.mark.posix("the system itself would be asked")


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Windows' part, with a signal that the system of this test has in the place of Windows' own."""
    windows = Mock()
    monkeypatch.setattr(signals.sys, "platform", "win32")
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    monkeypatch.setattr(ctypes, "windll", windows, raising=False)
    monkeypatch.setattr(ctypes, "WINFUNCTYPE", lambda *_: lambda handle: handle, raising=False)
    monkeypatch.setattr(signals, "CLOSING_S", 0.2)
    return windows.kernel32.SetConsoleCtrlHandler


async def test_ctrl_break_asks_for_the_end(console: Mock) -> None:
    before, wanted = signal.getsignal(signal.SIGUSR1), asyncio.Event()
    with signals.asking_to_end(wanted.set):
        signal.raise_signal(signal.SIGUSR1)
        async with asyncio.timeout(5):
            await wanted.wait()
    assert signal.getsignal(signal.SIGUSR1) is before


async def test_closing_the_console_asks_for_the_end_and_leaves_time_for_it(console: Mock) -> None:
    wanted = asyncio.Event()
    with signals.asking_to_end(wanted.set):
        ((handler, is_on), _) = console.call_args
        assert is_on
        assert not handler(0), "Ctrl+C is a signal"
        closing = asyncio.ensure_future(asyncio.to_thread(handler, signals.CTRL_CLOSE_EVENT))
        async with asyncio.timeout(5):
            await wanted.wait()
        assert not closing.done(), "Windows would end the process"
        assert await closing
    assert console.call_args.args == (handler, False)
