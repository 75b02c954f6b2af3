"""What held the window's thread: its stack is sampled, and the samples of every late tick are kept.

A callback that asyncio runs can be timed; a slot, a timer or a painting that Qt runs cannot, and is found this way.
Where no Python is on the stack Qt itself is at work: the event it was given last is named then.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter, defaultdict
from types import FrameType
from typing import cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

SAMPLE_S = 0.001
MOST_TOLD = 6
DEPTH = 4
"""Of a stack, the innermost functions of ours that are told."""


class Stalls(QObject):
    """``tick`` ends a span and keeps its samples if it was late. Costs a few percent: for looking, not for figures."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._event = ""
        self._span, self._samples = 0, defaultdict[int, list[str]](list)
        self._main, self._ended = threading.get_ident(), threading.Event()
        self.kept: list[tuple[float, str, dict[str, int]]] = []
        application.installEventFilter(self)
        self._thread = threading.Thread(target=self._sample, name="stalls", daemon=True)
        self._thread.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._event = f"Qt {event.type().name} to {watched.metaObject().className()} {watched.objectName()}"
        return False

    def tick(self, late_ms: float, least_ms: float, where: str) -> None:
        """The loop came round, ``late_ms`` too late; kept are those over ``least_ms``."""
        samples = Counter(self._samples.pop(self._span, ()))
        self._span += 1
        if late_ms > least_ms:
            self.kept.append((late_ms, where, dict(samples.most_common(MOST_TOLD))))

    def stop(self) -> list[tuple[float, str, dict[str, int]]]:
        """The kept ones, the longest first."""
        self._ended.set()
        self._thread.join()
        return sorted(self.kept, key=lambda one: -one[0])

    def _sample(self) -> None:
        while not self._ended.is_set():
            time.sleep(SAMPLE_S)
            self._samples[self._span].append(self._told())

    def _told(self) -> str:
        """The stack of the window's thread. No frame may be held on to once that thread runs again: with it lived
        its painters, on widgets that are painted."""
        frame = sys._current_frames().get(self._main)
        if frame is None:
            return ""
        inner = f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno} {frame.f_code.co_name}"
        if "/qasync/" in frame.f_code.co_filename:
            return self._event
        told, at = list[str](), cast("FrameType | None", frame)
        while at is not None and len(told) < DEPTH:
            file = at.f_code.co_filename
            if "/app/" in file:
                told.append(f"{file.rpartition('/app/')[2]}:{at.f_lineno} {at.f_code.co_qualname}")
            at = at.f_back
        return f"[{inner}] {' < '.join(told)}"
