"""Whether a window can be shown here, found out before Qt tries: it aborts the whole program where it cannot.

What the environment tells Qt that would break the window is left out with one warning each.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import socket
import sys
import threading
from pathlib import Path

from app import bootstrap

log = logging.getLogger(__name__)

_WITHOUT_DISPLAY = ("offscreen", "minimal", "vnc")
_PLATFORMS = {"win32": ("windows", "direct2d"), "darwin": ("cocoa",)}
_ANSWER_S = 5.0
"""A display that says nothing for so long is none."""
_FACTORS = {"QT_SCALE_FACTOR": (0.25, 8.0), "QT_SCREEN_SCALE_FACTORS": (0.25, 8.0), "QT_FONT_DPI": (24.0, 768.0)}
"""What can be seen and drawn: at a factor of 1,000 a window takes 4 GB."""


def why_no_window() -> str:
    """One sentence; empty when Qt can open a window."""
    if not bootstrap.available("window"):
        return bootstrap.missing_sentence("window")
    for name, (least, most) in _FACTORS.items():
        if (value := os.environ.get(name)) and not all(least <= _number(part) <= most for part in value.split(";")):
            _leave_out(name, "is no size that a window could have")
    platforms = os.environ.get("QT_QPA_PLATFORM", "").split(";")
    if any(platform.partition(":")[0] in _WITHOUT_DISPLAY for platform in platforms):
        return ""
    why = _why_no_display() if sys.platform.startswith("linux") else ""
    if not why and platforms != [""] and not any(_can_be(platform.partition(":")[0]) for platform in platforms):
        _leave_out("QT_QPA_PLATFORM", "cannot show a window here")
    return why


def _why_no_display() -> str:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "There is no display."
    if missing := bootstrap.missing_qt_libraries():
        return f"Qt needs these system packages: {bootstrap.apt_line(missing)}."
    return "" if _wayland_answers() or _x_answers() else "The display does not answer."


def _can_be(platform: str) -> bool:
    if sys.platform in _PLATFORMS:
        return platform in _PLATFORMS[sys.platform]
    if platform.startswith("wayland"):
        return _wayland_answers()
    return platform == "xcb" and _x_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if name and sys.platform != "win32":
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_ANSWER_S)
            probe.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", ""), name)))  # it may be absolute itself
            return True
    return False


def _x_answers() -> bool:
    """Whether the X server of ``DISPLAY`` lets us in and has that screen; asked by the library that Qt asks with."""
    answers: list[bool] = []

    def ask() -> None:
        try:
            xcb = ctypes.CDLL("libxcb.so.1")
        except OSError:
            return
        xcb.xcb_connect.restype = ctypes.c_void_p
        xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
        xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
        connection = xcb.xcb_connect(None, ctypes.byref(ctypes.c_int()))  # the screen is judged where it is told
        answers.append(not xcb.xcb_connection_has_error(connection))
        xcb.xcb_disconnect(connection)

    asking = threading.Thread(target=ask, daemon=True, name="ask the display")
    asking.start()
    asking.join(_ANSWER_S)
    return answers == [True]


def _leave_out(name: str, why: str) -> None:
    log.warning("%s says %r, which %s: it is left out.", name, os.environ.pop(name), why)


def _number(text: str) -> float:
    """Of ``1.5`` or ``HDMI-1=1.5``; no number at all is none of any size."""
    try:
        return float(text.rpartition("=")[2])
    except ValueError:
        return float("nan")
