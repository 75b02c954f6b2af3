"""The one thread that writes: takes everything queued at once, commits it together, hands the results to the loop.

A job that fails takes only its own changes back (each runs in a savepoint). When nothing can be committed (locked, disk
full) the jobs stay queued and the whole batch is tried again, so a job's work may run more than once.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import DatabaseDamaged, DatabaseUnusable
from app.store.database.cached_table import CachedTable, Loaded
from app.store.database.connection import WRITER_BUSY_MS, Session, may_pass
from app.store.database.corruption import MET, is_damage

log = logging.getLogger(__name__)

POLL_S = 0.25
"""How often another process's commits are looked for, idle or not."""
BACKOFF_S = (0.05, 0.1, 0.25, 0.5, 1.0)
CHECKPOINT_ROWS = 250
"""Changed rows after which the log is copied into the database file: a frame's row fills about five pages."""
CHECKPOINT_LIMIT_S = 5.0
"""At the end one under way is waited for so long; a disk that hangs is not waited out."""


@dataclass(slots=True, eq=False)
class Job:
    """``work`` runs in a transaction.

    ``future`` None: nobody waits. ``give_up_at``: monotonic time after which a batch that cannot be committed fails
    this job; None keeps it queued for as long as it takes.
    """

    work: Callable[[Session], Any]
    future: asyncio.Future[Any] | None = None
    cached_tables: tuple[CachedTable[Any], ...] = ()
    give_up_at: float | None = None
    result: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class Listener:
    """Whom the writer tells, each called on its own thread: they cross over to the loop themselves."""

    opened: Callable[[Loaded], None]
    failed_to_open: Callable[[BaseException], None]
    committed: Callable[[list[Job], Loaded], None]
    changed_outside: Callable[[Loaded], None]
    closed: Callable[[], None]


@dataclass(slots=True)
class Writer:
    """Owns the writing connection. ``submit`` and ``stop`` may be called from any thread."""

    open_session: Callable[[], Session]
    listener: Listener
    _queue: queue.SimpleQueue[Job | None] = field(default_factory=queue.SimpleQueue)
    _later: deque[Job] = field(default_factory=deque)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _stop_at: float = float("inf")
    _version: int = 0
    _looked_at: float = 0.0
    _rows_copied: int = 0
    _copy: threading.Event = field(default_factory=threading.Event)
    _is_over: bool = False

    def start(self, cached_tables: tuple[CachedTable[Any], ...]) -> None:
        """Open the connection, and from then on reload ``cached_tables`` whenever another process has committed."""
        # A daemon, so that a disk that hangs cannot keep the process; ``stop`` is what flushes.
        threading.Thread(target=self._run, args=(cached_tables,), name="store-writer", daemon=True).start()

    def submit(self, job: Job) -> None:
        self._queue.put(job)

    def submit_later(self, job: Job) -> None:
        """Have ``job`` done with the next batch, within ``POLL_S``, without a commit of its own."""
        self._later.append(job)

    def stop(self, within_s: float) -> None:
        """Commit what is queued, at most for ``within_s``, then end."""
        self._stop_at = time.monotonic() + within_s
        self._stopping.set()
        self._queue.put(None)

    # --- the thread ----------------------------------------------------------------------------------------------

    def _run(self, cached_tables: tuple[CachedTable[Any], ...]) -> None:
        try:
            with closing(self.open_session()) as session:
                self._version = session.number("PRAGMA data_version")
                self.listener.opened(_load(session, cached_tables))
                with self._checkpoints(session):
                    self._serve(session, cached_tables)
        except BaseException as error:
            self.listener.failed_to_open(error)
        finally:
            self.listener.closed()

    def _serve(self, session: Session, cached_tables: tuple[CachedTable[Any], ...]) -> None:
        jobs: list[Job] = []
        failures = 0
        while True:
            jobs += self._take(0.0 if jobs else POLL_S)
            jobs = self._work_off(session, jobs)
            failures = failures + 1 if jobs else 0
            self._look_outside(session, cached_tables)
            if self._stopping.is_set() and (not jobs or time.monotonic() >= self._stop_at):
                if jobs:
                    log.error("%d writes were lost: the database could not be written until the end", len(jobs))
                    self._refuse(jobs, DatabaseUnusable("it was closed first"))
                    jobs = []
                if self._queue.empty() and not self._later:
                    return
            if jobs:
                # While stopping the event is set and does not wait; the busy time-out or this then paces the loop.
                pause_s = BACKOFF_S[min(failures, len(BACKOFF_S)) - 1]
                if self._stopping.wait(pause_s):
                    time.sleep(BACKOFF_S[0])

    def _take(self, wait_s: float) -> list[Job]:
        jobs: list[Job | None] = []
        with suppress(queue.Empty):
            jobs.append(self._queue.get(timeout=wait_s) if wait_s else self._queue.get_nowait())
        later = len(self._later)  # counted first: what they build upon is queued by then
        with suppress(queue.Empty):
            while True:
                jobs.append(self._queue.get_nowait())
        return [job for job in jobs if job is not None] + [self._later.popleft() for _ in range(later)]

    def _work_off(self, session: Session, jobs: list[Job]) -> list[Job]:
        """Commit ``jobs`` and report them; what must be tried again is given back."""
        if not jobs:
            return jobs
        try:
            loaded = self._commit(session, jobs)
        except Exception as error:
            if not isinstance(error, sqlite3.Error):
                log.exception("a batch of writes failed")  # a bug: what the batch wrote cannot be read back
            return self._put_off(jobs, error)
        self.listener.committed(jobs, loaded)
        self._checkpoint_if_due(session)
        return []

    def _commit(self, session: Session, jobs: list[Job]) -> Loaded:
        session.raw.execute("BEGIN IMMEDIATE")
        try:
            for job in jobs:
                _attempt(session, job)
            touched = {cached_table: None for job in jobs if job.error is None for cached_table in job.cached_tables}
            loaded = _load(session, tuple(touched))
            session.raw.execute("COMMIT")
        except BaseException:
            if session.raw.in_transaction:
                session.raw.execute("ROLLBACK")
            raise
        return loaded

    def _checkpoint_if_due(self, session: Session) -> None:
        rows = session.raw.total_changes
        if rows - self._rows_copied >= CHECKPOINT_ROWS:
            self._rows_copied = rows
            self._copy.set()

    @contextmanager
    def _checkpoints(self, session: Session) -> Iterator[None]:
        """Copy the log into the database file on a thread of their own, beside the commits.

        That waits for the disk, half a second at times.
        """
        path = Path(session.sql("PRAGMA database_list")[0][2])
        thread = threading.Thread(target=self._copy_log, args=(path,), name="store-checkpoints", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over = True
            self._copy.set()
            thread.join(CHECKPOINT_LIMIT_S)

    def _copy_log(self, path: Path) -> None:
        with closing(Session(path, busy_ms=WRITER_BUSY_MS)) as session:
            while self._copy.wait() and not self._is_over:
                self._copy.clear()
                with suppress(sqlite3.Error):  # the next one will do
                    session.sql("PRAGMA wal_checkpoint(PASSIVE)")

    def _put_off(self, jobs: list[Job], error: Exception) -> list[Job]:
        """Refuse those that waited long enough, or all when waiting cannot help; give the others back."""
        now = time.monotonic()
        hopeless = not may_pass(error)
        given_up = [job for job in jobs if hopeless or (job.give_up_at is not None and job.give_up_at <= now)]
        self._refuse(given_up, error)
        return [job for job in jobs if job not in given_up]

    def _refuse(self, jobs: list[Job], reason: Exception) -> None:
        for job in jobs:
            job.error = _refusal(reason)
        if jobs:
            self.listener.committed(jobs, [])

    def _look_outside(self, session: Session, cached_tables: tuple[CachedTable[Any], ...]) -> None:
        now = time.monotonic()
        if now - self._looked_at < POLL_S:
            return
        self._looked_at = now
        try:
            version = session.number("PRAGMA data_version")
            if version == self._version:
                return
            loaded = _load(session, cached_tables)
        except Exception as error:
            log.warning("what another program wrote cannot be read yet: %s", error)
            return
        self._version = version
        self.listener.changed_outside(loaded)


def _refusal(reason: Exception) -> DatabaseUnusable:
    if is_damage(reason):
        return DatabaseDamaged(MET)
    return DatabaseUnusable("The database cannot be written: {reason}. Nothing was changed.", reason=reason)


def _load(session: Session, cached_tables: tuple[CachedTable[Any], ...]) -> Loaded:
    return [(cached_table, cached_table.load(session)) for cached_table in cached_tables]


def _attempt(session: Session, job: Job) -> None:
    """Run one job. Raises only what concerns the whole batch."""
    job.error = None
    session.raw.execute("SAVEPOINT job")
    try:
        job.result = job.work(session)
    except Exception as error:
        # Damage takes this job alone: what touches other pages can still be kept.
        job.error = DatabaseDamaged(MET) if is_damage(error) else error
    if job.error is not None:
        if may_pass(job.error):
            raise job.error
        session.raw.execute("ROLLBACK TO job")
    session.raw.execute("RELEASE job")
