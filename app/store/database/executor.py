"""How the loop reaches the database without touching it: writes go to the writer's thread, reads to two workers."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from app.core.errors import DatabaseDamaged, DatabaseUnusable
from app.core.events import Bus, Trouble
from app.core.tasks import spawn
from app.paths import DataFolder
from app.store.database.cached_table import CachedTable, Loaded, take_all
from app.store.database.connection import Session, reading_session
from app.store.database.corruption import MEANWHILE, MET, ask_for_check, is_damage, unusable
from app.store.database.migrations import MIGRATIONS, open_database
from app.store.database.writer import Job, Listener, Writer

log = logging.getLogger(__name__)

T = TypeVar("T")

WRITE_LIMIT_S = 10.0
"""How long a change waits for a locked database or a full disk before it is refused."""
FLUSH_LIMIT_S = 10.0
READERS = 2


class Database:
    """Made on the loop; all its methods are called there. Publishes ``Trouble`` when damage is met once it is open."""

    def __init__(self, folder: DataFolder, bus: Bus) -> None:
        self._folder = folder
        self._bus = bus
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[Loaded] = self._loop.create_future()
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._writer = Writer(lambda: open_database(folder), self._listener())
        self._is_open = False
        self._damage_told = False
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._reading = threading.local()
        self._sessions: list[Session] = []

    # --- opening and closing ---------------------------------------------------------------------------------------

    async def open(self, cached_tables: tuple[CachedTable[Any], ...]) -> None:
        """Open and bring up to date, then fill ``cached_tables``. Raises ``DatabaseUnusable``."""
        self._is_open = True
        self._writer.start(cached_tables)
        take_all(await self._opened, own=True)

    async def close(self) -> None:
        """Commit everything queued, at most for ``FLUSH_LIMIT_S``, and let go of the file. May be called again."""
        was_open, self._is_open = self._is_open, False
        # Readers first: the last to close copies the log into the file and deletes it, which a reader may not.
        for session in self._sessions:
            session.raw.interrupt()
        await asyncio.to_thread(self._readers.shutdown, wait=True, cancel_futures=True)
        while self._sessions:
            self._sessions.pop().close()
        if was_open:
            self._writer.stop(FLUSH_LIMIT_S)
            done, _ = await asyncio.wait((self._closed,), timeout=FLUSH_LIMIT_S + 2.0)
            if not done:
                log.error("the database did not close in time; what was still queued is lost")

    def _listener(self) -> Listener:
        return Listener(
            opened=lambda loaded: self._tell(_settle, self._opened, loaded, None),
            failed_to_open=self._failed_to_open,
            committed=lambda jobs, loaded: self._tell(self._committed, jobs, loaded),
            changed_outside=lambda loaded: self._tell(_changed_outside, loaded),
            closed=lambda: self._tell(_settle, self._closed, None, None),
        )

    def _failed_to_open(self, error: BaseException) -> None:
        """On the writer's thread: looking for a copy takes its time."""
        self._tell(_settle, self._opened, None, unusable(error, self._folder, len(MIGRATIONS)))

    def _tell(self, function: Callable[..., None], *values: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *values)
        except RuntimeError:
            log.debug("the loop ended before the store")

    # --- writing ---------------------------------------------------------------------------------------------------

    async def change(self, work: Callable[[Session], T], *cached_tables: CachedTable[Any]) -> T:
        """Have ``work`` committed, ``cached_tables`` reloaded and their events published; then its result.

        ``work`` runs on the writer's thread, possibly more than once, and may raise a ``StoreError``: its changes are
        then taken back. Raises ``DatabaseUnusable`` when nothing could be committed for ``WRITE_LIMIT_S``.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._submit(Job(work, future, cached_tables, time.monotonic() + WRITE_LIMIT_S))
        return await future

    def enqueue(self, work: Callable[[Session], T]) -> asyncio.Future[T]:
        """Queue ``work`` for the next commit, and keep it queued until it can be committed.

        Cancelling whoever waits for the future does not take the work back: wait for it with ``asyncio.wait``.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._submit(Job(work, future))
        return future

    def enqueue_later(self, work: Callable[[Session], object], *cached_tables: CachedTable[Any]) -> None:
        """Have ``work`` committed along with the next batch, within a quarter of a second; nobody waits for it."""
        if self._is_open:
            self._writer.submit_later(Job(work, cached_tables=cached_tables))

    def _submit(self, job: Job) -> None:
        self._check_is_open()
        self._writer.submit(job)

    def _check_is_open(self) -> None:
        if not self._is_open:
            raise DatabaseUnusable("The database is closed.")

    # --- reading ---------------------------------------------------------------------------------------------------

    async def read(self, work: Callable[[Session], T]) -> T:
        """``work``'s result from a worker's own read-only connection. Raises ``DatabaseUnusable``."""
        self._check_is_open()
        return await self._loop.run_in_executor(self._readers, self._read, work)

    def _read(self, work: Callable[[Session], T]) -> T:
        try:
            session = getattr(self._reading, "session", None)
            if session is None:
                session = self._reading.session = reading_session(self._folder.database)
                self._sessions.append(session)
            return work(session)
        except sqlite3.Error as error:
            if is_damage(error):
                self._tell(self.met_damage)
                raise DatabaseDamaged(MET) from None
            raise DatabaseUnusable("The database cannot be read: {error}.", error=error) from None

    # --- damage ----------------------------------------------------------------------------------------------------

    def met_damage(self) -> None:
        """The file is damaged: say so, once, and have the next start check it."""
        if self._damage_told:
            return
        self._damage_told = True
        log.error(MEANWHILE)
        self._bus.publish(Trouble(MEANWHILE))
        spawn(asyncio.to_thread(self._ask_for_check), name="have the database checked")

    def _ask_for_check(self) -> None:
        try:
            ask_for_check(self._folder)
        except OSError as error:
            log.warning("the next start will not check the database: %s", error.strerror)

    def _committed(self, jobs: list[Job], loaded: Loaded) -> None:
        """On the loop: memory first, then the events, then whoever waits."""
        take_all(loaded, own=True)
        for job in jobs:
            if isinstance(job.error, DatabaseDamaged):
                self.met_damage()
            if job.future is not None:
                _settle(job.future, job.result, job.error)
            elif job.error is not None:
                log.error("a write nobody waits for failed: %s", job.error)


def _settle(future: asyncio.Future[Any], result: object, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _changed_outside(loaded: Loaded) -> None:
    take_all(loaded, own=False)
