"""A process of its own for work that must not hold the program up, nor take it down: pictures are read and looked at.

A ``ProcessPoolExecutor`` would not do: a parent killed hard leaves its child for ever, and an exit with a busy child
hangs. So one thread owns the process and its pipe, and does everything with them; the loop only awaits futures.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.errors import OverloadError
from app.core.sentence import Sentence
from app.providers.child_life import READY, Failure
from app.providers.clean_start import clean_environment

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

log = logging.getLogger(__name__)

NOT_INSTALLED = Sentence("The reader's packages are not installed on this computer.")
STOPPED = Sentence("The reader on this computer was stopped.")
BUSY = Sentence("The reader on this computer is busy.")
CRASHED = Sentence("The reader on this computer crashed; it starts again with the next photo.")
HUNG = Sentence("The reader on this computer hung; it starts again with the next photo.")
FAILED = Sentence("The reader on this computer failed on this photo.")

START_S = 60.0
"""A start takes 2 s, but the libraries may come from a slow disk, or the computer be busy."""
END_S = 0.25
_POLL_S = 0.1
"""How late a busy child's owner notices that it is to stop; an answer is noticed at once."""

Target = Callable[["Connection"], None]


@dataclass(slots=True)
class _Job:
    """One request to the child, and where its answer goes."""

    request: object = field(repr=False)
    future: Future[Any] = field(default_factory=Future)


class ChildProcess:
    """Owner of one: starts it at the first request, ends it when idle, replaces it when it is gone.

    Requests are answered one at a time, in order. One whose caller gave up (was cancelled) is dropped unseen; is it
    being worked on already, then the child finishes and its answer is dropped: killing it would cost the next one a
    start. ``target`` is what the child runs (``child_life``); ``idle_s``, ``hang_s``: when it is ended, when killed.
    """

    def __init__(self, target: Target, name: str, *, idle_s: float, hang_s: float, most_waiting: int) -> None:
        self._name, self._most_waiting = name, most_waiting
        self._idle_s = idle_s
        self._hang_s = hang_s
        self._target = target
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._serving = False
        self.pid: int | None = None
        """The child's process id while there is one."""
        # only the thread touches these two
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    @property
    def is_idle(self) -> bool:
        """Whether it would begin at once, or start its process."""
        with self._changed:
            return not (self._waiting or self._serving or self._closing)

    async def ask(self, request: object) -> Any:
        """The child's answer. Raises ``OverloadError``: busy, crashed, hung, stopped, not installed, or it failed."""
        return await asyncio.wrap_future(self._submit(request))

    async def close(self) -> None:
        """End the child, kill it if it is busy, and fail whoever waits. Half a second at most; may be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            await asyncio.to_thread(thread.join, 2.0)

    def _submit(self, request: object) -> Future[Any]:
        job = _Job(request)
        with self._changed:
            if self._closing:
                raise OverloadError(STOPPED)
            # those given up no longer count
            self._waiting = deque(waiting for waiting in self._waiting if not waiting.future.cancelled())
            if len(self._waiting) >= self._most_waiting:
                raise OverloadError(BUSY)
            self._waiting.append(job)
            if self._thread is None:
                # a daemon, as its child is: an exit waits for neither
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify()
        return job.future

    # --- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if job.future.set_running_or_notify_cancel():
                self._serve(job)
        self._end()
        for job in self._waiting:
            if job.future.set_running_or_notify_cancel():
                job.future.set_exception(OverloadError(STOPPED))

    def _next(self) -> _Job | None:
        """The next request, None when it is time to stop. A child that nobody needs for a while is ended here."""
        while True:
            with self._changed:
                self._serving = False
                idle_s = None if self._process is None else self._idle_s
                self._changed.wait_for(lambda: self._waiting or self._closing, idle_s)
                if self._closing:
                    return None
                if self._waiting:
                    self._serving = True
                    return self._waiting.popleft()
            self._end()  # outside the lock: the loop must never wait for it

    def _serve(self, job: _Job) -> None:
        try:
            job.future.set_result(self._exchange(job.request))
        except OverloadError as error:
            job.future.set_exception(error)
        except Exception:  # the thread must live, and the caller must not wait for ever
            log.exception("the %s failed", self._name)
            self._kill()
            job.future.set_exception(OverloadError(FAILED))

    def _exchange(self, request: object) -> Any:
        pipe = self._started()
        try:
            pipe.send(request)
        except OSError:
            self._kill()
            raise OverloadError(CRASHED) from None
        answer = self._receive(pipe, self._hang_s)
        if isinstance(answer, Failure):
            log.warning("the %s failed on a picture: %s", self._name, answer.reason)
            raise OverloadError(FAILED)
        return answer

    def _started(self) -> Connection:
        """The pipe of a child that is ready. Raises ``OverloadError``."""
        if self._process is not None and not self._process.is_alive():
            self._kill()  # it died while idle: nobody's request is lost
        if self._pipe is None:
            self._pipe = self._start()
            answer = self._receive(self._pipe, max(START_S, self._hang_s))
            if answer != READY:
                self._kill()
                log.warning("the %s could not start: %s", self._name, answer)
                raise OverloadError(NOT_INSTALLED if isinstance(answer, Failure) and answer.missing else CRASHED)
        return self._pipe

    def _start(self) -> Connection:
        # spawn on every system: a fork would copy Qt, the loop and every lock that another thread holds just then
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=self._target, args=(theirs,), name=self._name, daemon=True)
        try:
            with clean_environment():
                self._process.start()
        except BaseException:
            self._process = None
            ours.close()
            raise
        finally:
            theirs.close()  # held open here, the child's end would go unnoticed
        self.pid = self._process.pid
        return ours

    def _receive(self, pipe: Connection, limit_s: float) -> object:
        """The child's next message. Raises ``OverloadError`` when it died, hung or is to stop; then it is gone."""
        deadline = time.monotonic() + limit_s
        try:
            while not pipe.poll(_POLL_S):
                if self._closing or time.monotonic() > deadline:
                    self._kill()
                    raise OverloadError(STOPPED if self._closing else HUNG)
            return pipe.recv()
        except (EOFError, OSError):
            self._kill()
            raise OverloadError(CRASHED) from None

    def _end(self) -> None:
        """Let the child end by itself, and kill it when it does not."""
        process, pipe = self._process, self._pipe
        if process is not None and pipe is not None:
            try:
                pipe.send(None)
                process.join(END_S)
            except OSError:
                pass  # it is gone already
        self._kill()

    def _kill(self) -> None:
        """Nothing of the child is left afterwards."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = self.pid = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join()  # not closed: at an exit multiprocessing looks after its children in another thread
