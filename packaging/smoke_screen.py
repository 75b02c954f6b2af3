"""What the smoke test sees of a window: on Linux by an Xvfb's own memory, on Windows by asking the system.

Xvfb keeps its screen in a file (`-fbdir`, in the format of xwd): looking costs the program that is timed nothing.
"""

from __future__ import annotations

import ctypes
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from types import TracebackType

WIDTH, HEIGHT = 1440, 900
_ROW_STEP = 30
_COLOURS = 12
"""A bare screen and its pointer have two; the first letters with smooth edges have more."""


class VirtualScreen:
    """An X server of its own, on a display number that it finds free by itself."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)]
        command += ["-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            sys.exit("Xvfb did not start")
        self.environ = {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self._memory = folder / "Xvfb_screen0"
        with self._memory.open("rb") as file:
            head = struct.unpack(">25I", file.read(100))
        size, self._row_bytes, colours = head[0], head[12], head[19]
        self._start = size + colours * 12

    def __enter__(self) -> VirtualScreen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.terminate()
        self._server.wait()

    def is_painted(self) -> bool:
        """Whether anything with text in it stands on the screen."""
        return len(set(memoryview(self.sample()).cast("I"))) >= _COLOURS

    def sample(self) -> bytes:
        """Some rows of it: another sample is another picture."""
        rows = []
        with self._memory.open("rb") as file:
            for row in range(0, HEIGHT, _ROW_STEP):
                file.seek(self._start + row * self._row_bytes)
                rows.append(file.read(WIDTH * 4))
        return b"".join(rows)

    def picture(self, file: Path) -> None:
        """Everything on it, as a PNG."""
        rows = bytearray()
        with self._memory.open("rb") as memory:
            for row in range(HEIGHT):
                memory.seek(self._start + row * self._row_bytes)
                blue_green_red = memory.read(WIDTH * 4)
                line = bytearray(WIDTH * 3)
                line[0::3], line[1::3], line[2::3] = blue_green_red[2::4], blue_green_red[1::4], blue_green_red[0::4]
                rows += b"\0" + line
        parts = [(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
        with file.open("wb") as png:
            png.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in [*parts, (b"IEND", b"")]:
                check = zlib.crc32(kind + data)
                png.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check))


class WindowsScreen:
    """The desktop that the test runs on; a window counts when the system shows it."""

    def __init__(self) -> None:
        self.environ: dict[str, str] = {}
        self._user: ctypes.CDLL = getattr(ctypes, "windll").user32  # noqa: B009  Windows alone has it

    def __enter__(self) -> WindowsScreen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def is_painted(self) -> bool:
        return any(self._user.IsWindowVisible(window) for window in self._windows())

    def close_windows(self) -> None:
        """As by the cross in their corner."""
        for window in self._windows():
            self._user.PostMessageW(window, 0x0010, 0, 0)  # WM_CLOSE

    def picture(self, file: Path) -> None:
        script = (
            "Add-Type -AssemblyName System.Windows.Forms,System.Drawing;"
            "$b=[Windows.Forms.SystemInformation]::VirtualScreen;"
            "$p=New-Object Drawing.Bitmap $b.Width,$b.Height;"
            "[Drawing.Graphics]::FromImage($p).CopyFromScreen($b.Location,[Drawing.Point]::Empty,$b.Size);"
            f"$p.Save('{file}')"
        )
        subprocess.run(["powershell", "-NoProfile", "-Command", script], check=True)

    def _windows(self) -> list[int]:
        found: list[int] = []
        prototype = getattr(ctypes, "WINFUNCTYPE")(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)  # noqa: B009

        def look(window: int, _: int) -> bool:
            title = ctypes.create_unicode_buffer(200)
            self._user.GetWindowTextW(ctypes.c_void_p(window), title, 200)
            if "Frame Backend" in title.value:
                found.append(window)
            return True

        self._user.EnumWindows(prototype(look), 0)
        return found


def screen(folder: Path) -> VirtualScreen | WindowsScreen:
    return WindowsScreen() if sys.platform == "win32" else VirtualScreen(folder)
