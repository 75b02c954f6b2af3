"""The program with its window, which Qt quits while its first frame is in flight.

``python -m tests.system.quits_mid_frame FOLDER``: prints ``listening on URL``.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app import window
from app.application import Application
from app.core.events import FrameReceived, ServerStateChanged
from app.paths import DataFolder


class QuitsMidFrame:
    """Rides along like the demo does."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()

    async def run(self, application: Application) -> None:
        application.bus.subscribe(ServerStateChanged, _say)
        application.bus.subscribe(FrameReceived, lambda _: QApplication.quit())
        await self.finished.wait()


def _say(event: ServerStateChanged) -> None:
    if event.state == "running":
        print(f"listening on {event.url}", flush=True)


if __name__ == "__main__":
    raise SystemExit(window.run(DataFolder(Path(sys.argv[1])), host="127.0.0.1", port=0, companion=QuitsMidFrame()))
