"""One window per data folder: a second start asks the first one to show itself, and ends.

Who holds the lock is the first: the system's own, which ends with its process, so that what stands in the file (another
computer's name, or a number that another program has now) decides nothing. It listens on a local socket that its own
user alone can open; the socket lies in the data folder, so that nobody else can sit on its name.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from filelock import FileLock, Timeout
from PySide6.QtCore import QDeadlineTimer, QObject, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LOCK, SOCKET = "window.lock", "window.sock"
_PATH_MAX_BYTES = 80
"""A socket's path has at most 107, and Qt makes it under a longer name first."""
ASK_LIMIT_MS = 4_000
"""The first one may be busy; one that does not answer by then hangs."""
WAIT_LIMIT_MS = 20_000
"""One that listens no more is closing: it finishes its frames, and this one is the first then."""
_ASK_AGAIN_MS = 50
_SHOW, _SHOWN = b"show", b"shown"


class SingleInstance(QObject):
    """``asked`` asks the first instance; otherwise this is the first, and hears of the others by ``show_wanted``.

    ``show_wanted`` gives the token by which a Wayland desktop lets a window come to the front, "" elsewhere.
    """

    show_wanted = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = _socket_name(folder)
        self._lock = FileLock(folder / LOCK, mode=0o600)
        self._server: QLocalServer | None = None

    def asked(self) -> bool:
        """Whether another instance shows its window now. If not, this one is the first, or the other one hangs."""
        deadline = QDeadlineTimer(WAIT_LIMIT_MS)
        while True:
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                answer = self._ask()
                if answer is not None or deadline.hasExpired():
                    return answer is True
                QThread.msleep(_ASK_AGAIN_MS)
            except (OSError, NotImplementedError):
                return False  # a folder that cannot be written, or locked, is the store's to tell
            else:
                self._listen()
                return False

    def stop_listening(self) -> None:
        """The program closes: its window cannot be shown any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def close(self) -> None:
        """Let a new instance be the first."""
        self.stop_listening()
        self._lock.release()

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)  # left behind by a killed one
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._server.listen(self._name)

    def _greet(self) -> None:
        while self._server is not None and (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda caller=caller: self._hear(caller))
            caller.disconnected.connect(caller.deleteLater)
            if caller.bytesAvailable():
                self._hear(caller)

    def _hear(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine():
            return
        said, _, token = bytes(caller.readLine().data()).strip().partition(b" ")
        if said == _SHOW:
            caller.write(_SHOWN + b"\n")
            caller.flush()
            self.show_wanted.emit(token.decode("ascii", "replace"))
        caller.disconnectFromServer()

    def _ask(self) -> bool | None:
        """True: it shows its window. None: nobody listens. False: somebody does, and says nothing."""
        caller = QLocalSocket()
        caller.connectToServer(self._name)
        if not caller.waitForConnected(ASK_LIMIT_MS):
            return None
        _let_it_come_to_the_front()
        token = os.environ.get("XDG_ACTIVATION_TOKEN", "").encode("ascii", "replace")
        caller.write(_SHOW + b" " + token + b"\n")
        caller.flush()
        if not caller.canReadLine() and not caller.waitForReadyRead(ASK_LIMIT_MS):
            return False
        return bytes(caller.readLine().data()).strip() == _SHOWN


def _socket_name(folder: Path) -> str:
    name = f"frame-backend-{_short(folder)}"
    if sys.platform != "win32":
        path = folder / SOCKET
        private = os.environ.get("XDG_RUNTIME_DIR", "")  # its owner's alone
        if len(os.fsencode(path)) <= _PATH_MAX_BYTES:
            return str(path)
        if private and len(private) + len(name) < _PATH_MAX_BYTES:
            return str(Path(private) / name)
    return name


def _short(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]


def _let_it_come_to_the_front() -> None:
    """Windows lets the one that was started last hand that right on."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)
