"""The embedded default: sees and reads on this computer, with no key, no network and no question understood.

``OnDeviceProvider`` is the provider; ``OnDeviceReader`` owns the process that reads. A ``ProcessPoolExecutor`` would
not do: a parent killed hard leaves its child for ever, and an exit with a busy child hangs. So one thread owns the
process and its pipe, and does everything with them; the loop only awaits futures.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import multiprocessing
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.errors import EmptyReplyError, OverloadError
from app.core.provider import Capabilities, Learned, Meter, ProviderConfig, Question, Reply
from app.core.routing.gate import BLURRED, TOO_BRIGHT, TOO_DARK, hint_for
from app.core.sentence import Sentence
from app.providers import reader_worker
from app.providers.clean_start import clean_environment
from app.providers.reader_worker import READY, WARM_UP, Failure, Reading, Task
from app.providers.sight.looking import Sight
from app.providers.sight.phrases import Findings, answer, described, language_of, phrase
from app.providers.sight.statements import statements

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection as Connection
    else:
        from multiprocessing.connection import Connection

log = logging.getLogger(__name__)

PACKAGES = ("onnxruntime", "rapidocr", "zxingcpp")

NOT_INSTALLED = Sentence("The reader's packages are not installed on this computer.")
STOPPED = Sentence("The reader on this computer was stopped.")
BUSY = Sentence("The reader on this computer is busy.")
CRASHED = Sentence("The reader on this computer crashed; it starts again with the next photo.")
HUNG = Sentence("The reader on this computer hung; it starts again with the next photo.")
FAILED = Sentence("The reader on this computer failed on this photo.")

IDLE_S = 300.0
"""The child holds 300 MB: it goes when nobody asks."""
HANG_S = 20.0
"""Ten times what a reading takes: then the child is killed."""
START_S = 60.0
"""A start takes 2 s, but the libraries may come from a slow disk, or the computer be busy."""
MAX_WAITING = 8
END_S = 0.25
_POLL_S = 0.1
"""How late a busy reader notices that it is to stop; an answer is noticed at once."""

Request = Task | str
Target = Callable[["Connection"], None]


class OnDeviceProvider:
    """The reader as one of the cascade's providers. Its replies never assess themselves, so they are never sure."""

    def __init__(self, config: ProviderConfig, reader: OnDeviceReader) -> None:
        self.config = config
        self.capabilities = Capabilities(needs_key=False, is_local=False, can_judge=False)
        self._reader = reader

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        """What the picture shows and what is legible in it; of the question, only what kind of answer it wants.

        Raises ``EmptyReplyError`` when nothing is certain, ``OverloadError`` when the reader cannot read just now.
        """
        hint, language = hint_for(question.picture.measures), language_of(question.prompt)
        if hint == TOO_DARK:  # no need to look
            raise EmptyReplyError(Sentence("{said}", said=phrase("dark", language)))
        # what counts as blurred or white may hold a large sign, so it is read all the same
        reading = await self._reader.read(question.picture.jpeg, looks=not hint)
        findings = findings_of(reading)
        if not (findings.said or findings.text or findings.codes):
            told = answer(findings, question.prompt) or phrase(_NOTHING.get(hint, "not sure"), language)
            raise EmptyReplyError(Sentence("{said}", said=told))
        return reply_from(reading, question.prompt, self.config.model)

    async def list_models(self, key: str) -> tuple[str, ...]:
        """None: what reads is part of the program."""
        return ()

    def pick_model(self, models: tuple[str, ...]) -> str:
        return ""


_NOTHING = {TOO_BRIGHT: "bright", BLURRED: "blurred"}


def findings_of(reading: Reading) -> Findings:
    """What of a reading is certain enough to be told."""
    sight = reading.sight or Sight()
    codes = [f"{code.label}: {' '.join(code.text.split())}" for code in reading.codes]
    return Findings(statements(sight), " ".join(reading.lines), codes, sight.colours)


def reply_from(reading: Reading, prompt: str = "", model: str = "") -> Reply:
    """A reading as a reply to the wearer's own words. ``seen`` is what was read alone: a witness tells of no things."""
    findings, language = findings_of(reading), language_of(prompt)
    told = answer(findings, prompt)
    rest = [phrase("more", language)] if reading.cut_short else []
    codes = [f"{code.label}: {code.text}" for code in reading.codes]
    is_read = bool(reading.lines or reading.codes)
    long_form = [described(findings.said, prompt), *codes, *reading.lines, *rest]
    fields = {
        "kind": "text" if is_read else "scene",
        "answer": told,
        "full_answer": "\n".join(filter(None, long_form)) if is_read else told,
        "seen": " ".join([*(code.text for code in reading.codes), *reading.lines]),
        "missing": " ".join(rest),
    }
    return Reply(told, fields, model)


def available() -> bool:
    """Whether the reader's packages are there; none of them is imported."""
    return all(importlib.util.find_spec(name) is not None for name in PACKAGES)


@dataclass(slots=True)
class _Job:
    """One request to the child, and where its reading goes."""

    request: Request = field(repr=False)
    future: Future[Reading] = field(default_factory=Future)


class OnDeviceReader:
    """Owner of the child process: starts it at the first request, ends it when idle, replaces it when it is gone.

    Requests are read one at a time, in order. One whose caller gave up (was cancelled) is dropped unread; is it being
    read already, then the child finishes and the reading is dropped: killing it would cost the next one a start.
    """

    def __init__(
        self,
        tell: Callable[[Sentence], object] = log.warning,
        *,
        idle_s: float = IDLE_S,
        hang_s: float = HANG_S,
        target: Target = reader_worker.main,
    ) -> None:
        self._tell = tell
        self._is_change_told = False
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
        """Whether it would begin at once to read, or to start its process."""
        with self._changed:
            return not (self._waiting or self._serving or self._closing)

    async def read(self, jpeg: bytes, *, looks: bool = True) -> Reading:
        """What is legible in a picture and, with ``looks``, what it shows.

        Raises ``OverloadError``: busy, crashed, hung, stopped or not installed.
        """
        reading = await asyncio.wrap_future(self._submit(Task(jpeg, looks)))
        if reading.changed_model and not self._is_change_told:
            self._is_change_told = True
            self._tell(Sentence(
                "This computer reads, but describes nothing: its file {file} is not the one that was installed.",
                file=reading.changed_model,
            ))  # fmt: skip
        return reading

    async def warm_up(self) -> None:
        """Start the child and have it read a word, so that the first photo waits for nothing. Raises as ``read``."""
        await asyncio.wrap_future(self._submit(WARM_UP))

    async def close(self) -> None:
        """End the child, kill it if it is busy, and fail whoever waits. Half a second at most; may be called twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            await asyncio.to_thread(thread.join, 2.0)

    def _submit(self, request: Request) -> Future[Reading]:
        job = _Job(request)
        with self._changed:
            if self._closing:
                raise OverloadError(STOPPED)
            # those given up no longer count
            self._waiting = deque(waiting for waiting in self._waiting if not waiting.future.cancelled())
            if len(self._waiting) >= MAX_WAITING:
                raise OverloadError(BUSY)
            self._waiting.append(job)
            if self._thread is None:
                # a daemon, as its child is: an exit waits for neither
                self._thread = threading.Thread(target=self._run, name="on-device-reader", daemon=True)
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
            log.exception("the on-device reader failed")
            self._kill()
            job.future.set_exception(OverloadError(FAILED))

    def _exchange(self, request: Request) -> Reading:
        pipe = self._started()
        try:
            pipe.send(request)
        except OSError:
            self._kill()
            raise OverloadError(CRASHED) from None
        answer = self._receive(pipe, self._hang_s)
        if isinstance(answer, Reading):
            return answer
        log.warning("the on-device reader could not read a picture: %s", answer)
        raise OverloadError(FAILED)

    def _started(self) -> Connection:
        """The pipe of a child that is ready. Raises ``OverloadError``."""
        if self._process is not None and not self._process.is_alive():
            self._kill()  # it died while idle: nobody's request is lost
        if self._pipe is None:
            self._pipe = self._start()
            answer = self._receive(self._pipe, max(START_S, self._hang_s))
            if answer != READY:
                self._kill()
                log.warning("the on-device reader could not start: %s", answer)
                raise OverloadError(NOT_INSTALLED if isinstance(answer, Failure) and answer.missing else CRASHED)
        return self._pipe

    def _start(self) -> Connection:
        # spawn on every system: a fork would copy Qt, the loop and every lock that another thread holds just then
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=self._target, args=(theirs,), name="on-device-reader", daemon=True)
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
            process.join()
            # At an exit multiprocessing ends its children from another thread; one reaped there counts as running here.
            with contextlib.suppress(ValueError):
                process.close()
