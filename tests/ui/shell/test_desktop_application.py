"""The window is our program's in Windows' taskbar; what Qt's quit does is in tests/ui/test_run.py."""

from __future__ import annotations

import ctypes
import sys
from unittest.mock import Mock

import pytest

from app.paths import APP_NAME
from app.ui.shell import desktop_application


@pytest.mark.parametrize(
    ("platform", "is_frozen", "told"), [("win32", False, 1), ("win32", True, 0), ("linux", False, 0)]
)
def test_windows_tells_it_from_python(
    platform: str, is_frozen: bool, told: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "windll", windows := Mock(), raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    if is_frozen:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    desktop_application._be_told_from_python()
    given = windows.shell32.SetCurrentProcessExplicitAppUserModelID.call_args_list
    assert [call.args for call in given] == [(APP_NAME,)] * told
