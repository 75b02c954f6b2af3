"""The history of frames: one row per parsed frame, committed before the reply, its picture close behind."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from app.core.errors import DatabaseDamaged, DatabaseUnusable, FrameError, StoreError
from app.core.events import Bus, HistoryBehind, HistoryChanged, Trouble
from app.core.frame import Answer, Frame, Picture
from app.core.latency import CallTiming, FrameTiming
from app.core.routing.replay import PastFrame
from app.core.sentence import Sentence
from app.core.settings import Settings
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.columns import Listed, ReportRow, Thumb
from app.store.history.filters import Cleaned, Filter, Page, Summary
from app.store.history.frame_rows import (
    complete_frame,
    find_place,
    insert_frame,
    mark_frame,
    place_of,
    select_frames,
    values_of,
)
from app.store.history.labels import Feedback, Labels
from app.store.history.past_frames import select_past
from app.store.history.pictures import Pictures, Place
from app.store.history.queries import LOOKED_AT_ONCE, count_matching, matching_ids, select_page
from app.store.history.retention import Retention
from app.store.history.search_index import SearchIndex
from app.store.history.summary import select_summary
from app.store.history.today import DayCounter
from app.store.profiles.profiles import Profiles

log = logging.getLogger(__name__)

T = TypeVar("T")

CLOCK_SET_BACK_MS = 10 * 60_000
FEEDBACK_AT_ONCE = 1_000
"""Of one transaction: a running server's frames wait no longer for it."""
COMMIT_LIMIT_S = 0.5
"""After that the reply goes without its row's commit; the row stays queued."""

_TIMINGS = "SELECT frame_id, received_ms, code, latency_ms, attempts, whole_ms, door FROM frame WHERE received_ms >= ?"


@dataclass(frozen=True, slots=True)
class Report:
    """``frames``: newest first, at most as many as asked for; ``frames_total``: all that are kept."""

    profile: str
    frames_total: int
    frames: tuple[ReportRow, ...]


class Activity:
    """Fills ``core``'s ``Journal``. Its reads run on the database's readers."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        settings: Settings,
        profiles: Profiles,
        day_counter: DayCounter,
        pictures: Pictures,
        retention: Retention,
        labels: Labels,
        search: SearchIndex,
    ) -> None:
        self._database = database
        self._bus = bus
        self._settings = settings
        self._profiles = profiles
        self.day_counter = day_counter
        self._behind = 0
        self._newest_ms = 0
        self.pictures = pictures
        self._retention = retention
        self._labels = labels
        self._search = search

    # --- writing ---------------------------------------------------------------------------------------------------

    async def record(self, frame: Frame, picture: Picture | None, ending: Answer | FrameError, latency_ms: int) -> None:
        """Keep an ended frame; returns once its row is committed, or after 500 ms with the row still queued.

        Never raises for the disk: the answer is worth more than its row.
        """
        place = place_of(frame)
        image_bytes = self._keep_picture(place, picture, is_through_door=bool(frame.door))
        values = values_of(frame, ending, latency_ms, image_bytes)
        self._look_at_clock(place.received_ms)
        self.day_counter.add_one()
        if not frame.door:
            self._profiles.saw(place.profile_id, place.received_ms / 1_000)
        try:
            row = self._database.enqueue(lambda session: insert_frame(session, values))
        except DatabaseUnusable:
            log.error("a frame's row was not kept: it ended after the database was closed")
            return
        done, _ = await asyncio.wait((row,), timeout=COMMIT_LIMIT_S)
        if not done:
            self._let_go(row)
        elif not self._check(row):
            self.pictures.discard((place,))

    def complete(self, frame: Frame, ending: Answer | FrameError) -> None:
        """Add to the frame's row what came after its words; it is told of by who asks for this."""
        values = values_of(frame, ending, 0, 0)
        self._database.enqueue_later(lambda session: complete_frame(session, values))

    def _look_at_clock(self, received_ms: int) -> None:
        """Frames end a minute or two after each other's turn; one from long before the others tells of the clock."""
        if received_ms < self._newest_ms - CLOCK_SET_BACK_MS:
            hours = (self._newest_ms - received_ms) / 3_600_000
            sentence = Sentence(
                "This computer's clock was set back by {hours} hours: new frames stand below older ones in the "
                "history until it has caught up.",
                hours=f"{hours:.1f}",
            )
            log.warning(sentence)
            self._bus.publish(Trouble(sentence))
            self._newest_ms = received_ms
        self._newest_ms = max(self._newest_ms, received_ms)

    def _keep_picture(self, place: Place, picture: Picture | None, *, is_through_door: bool) -> int:
        """Its size; 0 when it is not kept."""
        is_wanted = picture is not None and self._settings.flag("privacy.keep_pictures")
        if is_through_door:
            is_wanted = is_wanted and self._settings.flag("doors.keep")
        return len(picture.jpeg) if picture and is_wanted and self.pictures.offer(place, picture.jpeg) else 0

    @property
    def behind(self) -> int:
        """Rows whose replies were let go before their commit."""
        return self._behind

    def _let_go(self, row: asyncio.Future[bool]) -> None:
        self._behind += 1
        log.warning("a reply was let go before its row was committed: the history is %d rows behind", self._behind)
        self._bus.publish(HistoryBehind(self._behind))
        row.add_done_callback(self._caught_up)

    def _caught_up(self, row: asyncio.Future[bool]) -> None:
        self._behind -= 1
        self._check(row)
        if self._behind == 0:
            log.info("the history has caught up")
            self._bus.publish(HistoryBehind(0))

    def _check(self, row: asyncio.Future[bool]) -> bool:
        """Whether the row was kept. Quietly not, when the frame's profile was deleted meanwhile."""
        error = row.exception()
        if error is not None:
            log.error("a frame's row was not kept: %s", error)
            if not isinstance(error, DatabaseDamaged):  # which is told once, not with every frame
                missing = Sentence("A frame is missing in the history: the database could not be written.")
                self._bus.publish(Trouble(missing))
        return error is None and row.result()

    # --- reading ---------------------------------------------------------------------------------------------------

    def frames_today(self) -> int:
        """Frames since midnight, local time."""
        return self.day_counter.count

    async def report(self, username: str, limit: int = 100) -> Report:
        """A profile's frames, newest first; ``limit`` 0 = all. Raises ``UnknownName``."""
        profile = self._profiles.get(username)

        def work(session: Session) -> Report:
            mine = (profile.profile_id,)
            total = session.number("SELECT count(*) FROM frame WHERE profile_id = ?", mine)
            return Report(profile.username, total, select_frames(session, "frame.profile_id = ?", mine, limit))

        return await self._database.read(work)

    async def recent(self, username: str | None = None, limit: int = 100) -> tuple[ReportRow, ...]:
        """The newest frames of one profile or of all; ``limit`` 0 = all. Raises ``UnknownName``."""
        if username is not None:
            return (await self.report(username, limit)).frames
        return await self._database.read(lambda session: select_frames(session, "true", (), limit))

    async def frame(self, frame_id: str) -> ReportRow | None:
        found = await self._database.read(lambda session: select_frames(session, "frame_id = ?", (frame_id,), 1))
        return found[0] if found else None

    async def summary(self, which: Filter) -> Summary:
        """What the frames that match add up to. Raises ``UnknownName``."""
        seen, found = self._seen(which), await self._found(which, LOOKED_AT_ONCE)
        return await self._database.read(lambda session: select_summary(session, which, seen, found))

    async def listed(self, which: Filter, after: str = "", limit: int = 200) -> Page:
        """The newest ``limit`` frames that match, behind the page that gave ``after``. Raises ``UnknownName``.

        Frames that come meanwhile move nothing: they stand before the first page. A long history is looked through in
        several goes, other reads in between.
        """
        seen, found = self._seen(which), await self._found(which, LOOKED_AT_ONCE)
        frames: tuple[Listed, ...] = ()
        while True:
            page = await self._database.read(
                partial(select_page, which=which, profile_ids=seen, after=after, limit=limit - len(frames), found=found)
            )
            frames, after = frames + page.frames, page.after
            if not after or len(frames) >= limit:
                return Page(frames, after)

    async def _found(self, which: Filter, most: int | None = None) -> Sequence[int] | None:
        """Rows that may match, as the search index tells; None for any, or more than ``most``."""
        if not which.text:
            return None
        return await self._database.read(lambda session: self._search.found(session, which.text, most))

    def _seen(self, which: Filter) -> tuple[int, ...]:
        """Whose frames: one profile's, or those of all; a profile in the trash is nobody's."""
        if which.username is not None:
            return (self._profiles.get(which.username).profile_id,)
        return tuple(profile.profile_id for profile in self._profiles.all())

    async def each_timing(self, since: datetime, take: Callable[[FrameTiming], None]) -> None:
        """Every frame received since then (aware), in no order. ``take`` is called in the reader's thread."""
        since_ms = int(since.timestamp() * 1_000)
        await self._database.read(lambda session: _each_timing(session, since_ms, take))

    async def past_frames(self) -> Sequence[PastFrame]:
        """As ``core``'s ``PastMemory`` says."""
        return await self._database.read(select_past)

    # --- marks and deleting ----------------------------------------------------------------------------------------

    async def set_favourite(self, frame_id: str, on: bool) -> None:
        """A favourite is never cleaned away. Raises ``UnknownName``."""
        await self._mark(lambda session: mark_frame(session, frame_id, "favourite", int(on)))

    async def set_thumb(self, frame_id: str, thumb: Thumb) -> None:
        """1 up, -1 down, 0 neither. Raises ``UnknownName``, ``InvalidValue``."""
        await self._mark(lambda session: self._labels.note(session, Feedback(frame_id, thumb)))

    async def correct(self, frame_id: str, text: str) -> None:
        """Keep what the answer should have been; empty takes it back. Raises ``UnknownName``, ``InvalidValue``."""
        await self._mark(lambda session: self._labels.note(session, Feedback(frame_id, correction=text)))

    async def take_feedback(self, told: Sequence[Feedback]) -> list[StoreError | None]:
        """Take over all of ``told``, a thousand at once; for each why it was not, None where it was."""
        refused: list[StoreError | None] = []
        for first in range(0, len(told), FEEDBACK_AT_ONCE):
            some = told[first : first + FEEDBACK_AT_ONCE]
            refused += await self._mark(partial(self._labels.note_each, told=some))
        return refused

    async def _mark(self, work: Callable[[Session], T]) -> T:
        marked = await self._database.change(work, self._labels)
        self._bus.publish(HistoryChanged())
        return marked

    async def would_delete(self, which: Filter) -> tuple[int, int, int]:
        """How many frames ``delete`` would take, the bytes of their rows and pictures, how many are favourites.

        Raises ``UnknownName``.
        """
        seen, found = self._seen(which), await self._found(which)
        return await self._database.read(lambda session: count_matching(session, which, seen, found))

    async def delete(self, which: Filter, told: Callable[[int], None] = lambda frames: None) -> Cleaned:
        """Delete the frames that match now, favourites too, with their pictures. Raises ``UnknownName``.

        Found by a reader first: the writer's thread is for deleting alone. ``told``: how many are gone.
        """
        seen, found = self._seen(which), await self._found(which)
        going = await self._database.read(lambda session: matching_ids(session, which, seen, found))
        return await self._retention.delete_frames(going, told)

    # --- pictures and room -----------------------------------------------------------------------------------------

    async def picture(self, frame_id: str) -> bytes | None:
        """The frame's JPEG; None when it was not kept or is gone."""
        waiting = self.pictures.waiting(frame_id)
        return waiting or await self._database.read(lambda session: self._read_picture(session, frame_id))

    def _read_picture(self, session: Session, frame_id: str) -> bytes | None:
        place = find_place(session, frame_id)
        try:
            return self.pictures.path(place).read_bytes() if place else None
        except OSError:
            return None


def _each_timing(session: Session, since_ms: int, take: Callable[[FrameTiming], None]) -> None:
    """Row by row: nothing is kept of those passed on."""
    for row in session.raw.execute(_TIMINGS, (since_ms,)):
        frame_id, received_ms, code, latency_ms, attempts, whole_ms, door = row
        calls = tuple(
            CallTiming(str(entry["provider"]), str(entry["outcome"]), int(entry["latency_ms"]), entry.get("whole_ms"))
            for entry in json.loads(attempts)
            if entry["outcome"] != "skipped"
        )
        take(FrameTiming(frame_id, received_ms / 1_000, code, latency_ms, calls, whole_ms, door))
