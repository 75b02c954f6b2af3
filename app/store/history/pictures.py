"""The frames' pictures: one file each, written behind a bounded queue by a thread of their own.

``frames/<profile id>/<UTC date>/<frame id>.jpg``. What deletes pictures of rows runs on the same thread, so that a
picture still queued is written before its folder goes; ``orphans`` looks after a crash, before anything is queued.
"""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app import files
from app.core.sentence import Sentence
from app.paths import PRIVATE_FILE, make_private_folder
from app.store.database.clock import utc

log = logging.getLogger(__name__)

QUEUE_ITEMS = 64
QUEUE_BYTES = 64 * 2**20
GATHER_S = 0.1
"""What came meanwhile is written together: waking the thread for each picture costs more than writing it."""
TROUBLE_EVERY_S = 60.0
CLOSE_LIMIT_S = 5.0

_FRAME_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HALF_WRITTEN = ".half-written"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's picture lies. ``received_ms``: Unix time in milliseconds."""

    profile_id: int
    received_ms: int
    frame_id: str


class Pictures:
    """``offer`` and the rest are called on the loop; the thread starts with the first call."""

    def __init__(
        self,
        root: Path,
        on_trouble: Callable[[Sentence], None],
        on_lost: Callable[[str], None],
        *,
        items: int = QUEUE_ITEMS,
        max_bytes: int = QUEUE_BYTES,
    ) -> None:
        """``on_trouble`` gets a sentence at most once a minute, ``on_lost`` the id of each frame that lost its own."""
        self.root = root
        self._on_trouble = on_trouble
        self._on_lost = on_lost
        self._items, self._max_bytes = items, max_bytes
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._waiting: dict[str, bytes] = {}
        # Two counters, each written by one thread alone: a call back to the loop per picture costs more than its name.
        self._bytes_taken = 0
        self._bytes_done = 0
        self._told_at = float("-inf")
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._ended: asyncio.Future[None] = self._loop.create_future()

    def path(self, place: Place) -> Path:
        day = utc(place.received_ms / 1_000).strftime("%Y-%m-%d")
        return self.root / str(place.profile_id) / day / f"{place.frame_id}.jpg"

    # --- on the loop -----------------------------------------------------------------------------------------------

    def offer(self, place: Place, jpeg: bytes) -> bool:
        """Queue a picture; False when it is dropped: the queue is full, or the id fits no file name."""
        if not _FRAME_ID.fullmatch(place.frame_id):
            log.error("a picture was not kept: a frame's id has 1 to 64 letters, digits, - and _")
            return False
        if len(self._waiting) >= self._items or self.waiting_bytes + len(jpeg) > self._max_bytes:
            full = Sentence("Pictures come faster than the disk keeps them: some are missing in the history.")
            self._tell_trouble(full)
            return False
        self._waiting[place.frame_id] = jpeg
        self._bytes_taken += len(jpeg)
        self._enqueue(lambda: self._write(place, jpeg))
        return True

    @property
    def waiting_bytes(self) -> int:
        return self._bytes_taken - self._bytes_done

    def waiting(self, frame_id: str) -> bytes | None:
        """A picture that is queued still."""
        return self._waiting.get(frame_id)

    def discard(self, places: Iterable[Place]) -> None:
        """Delete pictures, and the folders that this empties."""
        paths = [self.path(place) for place in places]
        if paths:
            self._enqueue(lambda: _delete(paths))

    async def settled(self) -> None:
        """Wait until everything asked for so far is done."""
        done: asyncio.Future[None] = self._loop.create_future()
        self._enqueue(lambda: self._call(_set, done))
        await done

    def tidy(self, profile_ids: Iterable[int], oldest_day: str, kept: Iterable[tuple[int, str]] = ()) -> None:
        """Delete what no row knows of: half-written files, other profiles' folders, days before ``oldest_day``.

        ``kept``: (profile id, day) of older days that stay.
        """
        known = frozenset(str(profile_id) for profile_id in profile_ids)
        spared = frozenset((str(profile_id), day) for profile_id, day in kept)
        self._enqueue(lambda: _tidy(self.root, known, oldest_day, spared))

    async def close(self) -> None:
        """Write what is queued, at most for 5 s."""
        if self._thread is None:
            return
        self._closing.set()
        self._jobs.put(None)
        done, _ = await asyncio.wait((self._ended,), timeout=CLOSE_LIMIT_S)
        if not done:
            log.error("%d pictures were not written in time and are lost", len(self._waiting))

    def _enqueue(self, job: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-pictures", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def _tell_trouble(self, sentence: Sentence) -> None:
        now = time.monotonic()
        if now - self._told_at >= TROUBLE_EVERY_S:
            self._told_at = now
            log.warning(sentence)
            self._on_trouble(sentence)

    def _lost(self, frame_id: str, error: OSError) -> None:
        self._on_lost(frame_id)
        self._tell_trouble(Sentence("A picture could not be written: {reason}.", reason=error.strerror))

    # --- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._do(job)
            if self._jobs.empty():
                self._closing.wait(GATHER_S)
        self._call(_set, self._ended)

    def _do(self, job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:
            log.exception("the pictures' thread goes on after an error")

    def _call(self, function: Callable[..., None], *values: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(function, *values)

    def _write(self, place: Place, jpeg: bytes) -> None:
        try:
            _write(self.root / _HALF_WRITTEN / place.frame_id, self.path(place), jpeg)
        except OSError as error:
            self._call(self._lost, place.frame_id, error)
        finally:
            self._waiting.pop(place.frame_id, None)
            self._bytes_done += len(jpeg)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _write(half_written: Path, path: Path, jpeg: bytes) -> None:
    """All or nothing: a crash leaves at most a file in a folder of its own, which the next start empties."""
    try:
        _write_into_folders(half_written, path, jpeg)
    except FileNotFoundError:  # a new day, or somebody tidied
        make_private_folder(half_written.parent)
        make_private_folder(path.parent)
        _write_into_folders(half_written, path, jpeg)


def _write_into_folders(half_written: Path, path: Path, jpeg: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(half_written, flags, PRIVATE_FILE), "wb") as file:
        file.write(jpeg)
    files.move(half_written, path)


def _delete(paths: list[Path]) -> None:
    for path in paths:
        try:
            files.delete(path, missing_ok=True)
        except OSError as error:
            log.warning("a picture could not be deleted: %s", error.strerror)
    for folder in {path.parent for path in paths}:
        with suppress(OSError):  # not empty, or gone
            folder.rmdir()
            folder.parent.rmdir()


def _tidy(root: Path, known: frozenset[str], oldest_day: str, spared: frozenset[tuple[str, str]]) -> None:
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        for day in folder.iterdir():
            is_old = _DAY.fullmatch(day.name) and day.name < oldest_day
            if is_old and (folder.name, day.name) not in spared:
                shutil.rmtree(day, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()
