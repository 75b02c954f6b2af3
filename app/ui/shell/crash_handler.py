"""One place for what nobody expected: it goes into the log whole, and the window says that it happened."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.core.tasks import is_reset_at_its_end

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashHandler:
    """Catches what slots, tasks and threads let through. ``tell``: how the window says so, once there is one."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] = lambda _sentence: None
        self._hook_before = sys.excepthook

    def install(self) -> None:
        """Take over the interpreter's hook (Qt slots end there) and Qt's own messages."""
        sys.excepthook = self.from_slot
        qInstallMessageHandler(_log_qt)

    def uninstall(self) -> None:
        sys.excepthook = self._hook_before
        qInstallMessageHandler(None)

    def from_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hook_before(kind, error, trace)
            return
        self._note("a slot failed", error)

    def from_loop(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not is_reset_at_its_end(context):
            self._note(str(context.get("message")), context.get("exception"))

    def _note(self, what: str, error: BaseException | None) -> None:
        log.error("%s", what, exc_info=error)
        self.tell(
            QCoreApplication.translate(
                "CrashHandler", "Something went wrong inside the program. The log has the details."
            )
        )


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
