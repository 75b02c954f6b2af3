"""The life of a process that works for this program (``child_process``): it prepares, answers, ends with its parent.

Nothing from the network. What passes through the pipe:

    child -> parent   READY, or Failure             once, when the libraries are there
    parent -> child   a request; None: end
    child -> parent   an answer or Failure          one for each request
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

READY = "ready"

NICENESS = 5
BELOW_NORMAL = 0x4000
"""The same to Windows, by its ``SetPriorityClass`` (processthreadsapi.h)."""

Answers = Callable[[Any], object]
"""From a request to its answer. Whatever it raises is that request's ``Failure``."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a picture was not read: an exception's type and text, for the log. ``missing``: a library is not there."""

    reason: str
    missing: bool = False


def live(connection: Connection, prepare: Callable[[], Answers], *, gives_way: bool = True) -> None:
    """The child's life: prepare, then answer until told to end, the pipe breaks or the parent is gone.

    ``gives_way``: to the window, once the first answer is out.
    """
    behave()
    forbid_network()
    forbid_telemetry()
    try:
        serve(connection, prepare(), gives_way=gives_way)
    except Exception as error:  # a broken library raises anything: OSError from the loader, ImportError, AttributeError
        with contextlib.suppress(OSError):
            connection.send(_failure(error))
    os._exit(0)  # there is nothing to save, and taking the libraries down takes a quarter of a second


def serve(connection: Connection, answer: Answers, *, gives_way: bool = True) -> None:
    """Answer each request in turn. Returns when told to, or when the parent's end is closed."""
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send(READY)
        more = _serve_one(connection, answer)
        if gives_way:
            _give_way()
        while more:
            more = _serve_one(connection, answer)


def _serve_one(connection: Connection, answer: Answers) -> bool:
    """Whether there was a request, and not the word to end."""
    request = connection.recv()
    if request is None:
        return False
    connection.send(_answered(answer, request))
    return True


def _answered(answer: Answers, request: Any) -> object:
    try:
        return answer(request)
    except Exception as error:  # one picture that a library chokes on must not cost the process
        return _failure(error)


def _failure(error: Exception) -> Failure:
    return Failure(f"{type(error).__name__}: {error}"[:500], missing=isinstance(error, ImportError))


def behave() -> None:
    """Be a good child: leave Ctrl-C to the parent, and never outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, name="parent-watch", daemon=True).start()


def _give_way() -> None:
    """Let the window go first from now on.

    Not before the first answer: on a busy computer the imports and the models would take four times as long.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(ctypes.c_void_p(kernel.GetCurrentProcess()), BELOW_NORMAL)
    else:
        os.nice(NICENESS)


def _die_with_parent() -> None:
    """A parent killed hard ends nobody, and a busy child does not look at its pipe."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(0)


def forbid_network() -> None:
    """No library may open a connection from this process: RapidOCR would fetch a model file that it misses."""
    refused = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg"}

    def check(event: str, _: Sequence[Any]) -> None:
        if event in refused:
            raise PermissionError("a process that reads pictures never uses the network")

    sys.addaudithook(check)


def forbid_telemetry() -> None:
    """ONNX Runtime reports to its maker, past what is forbidden above, and keeps files in the home for that.

    It heeds this when it is set before the import.
    ``disable_telemetry_events`` comes too late: by then it has reported the process (microsoft/onnxruntime#27379).
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
