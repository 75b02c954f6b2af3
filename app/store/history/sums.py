"""The history summed hour by hour ahead, so that a summary need not walk through a million frames.

``frame_sum`` holds, for each profile and each hour (and each whole day, UTC) with frames, what they add up to: a
``Tally``. Hours are summed in turn once they are over, up to ``summed_until``. Whatever changes a frame before that
notes its hour in ``frame_unsummed``, in the transaction of the change itself: the hour's frames then count one by one,
until it is summed again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial

from app.core.errors import StoreError
from app.core.events import Bus, Trouble
from app.core.sentence import Sentence
from app.core.tasks import Background
from app.store.database.connection import Session
from app.store.database.executor import Database
from app.store.history.sizes import keep_size, size_agrees
from app.store.history.summary import DAY_HOURS, HOUR_MS, Tally, add_hour, each_sum, summed_until

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
OVER_AFTER_S = 120.0
"""So long after its end an hour is summed: a frame's row comes when it is answered."""
SLICE_S = 0.004
REST_S = 0.02
"""The writer's thread is the sums' for a slice at a time, then somebody else's."""
SAMPLES = 24

_NOTE = (
    "INSERT OR IGNORE INTO frame_unsummed (hour, profile_id) SELECT ?, ?"
    " WHERE ? < (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'summed_until')"
)
_STORE = "INSERT OR REPLACE INTO frame_sum (hours, start, profile_id, sums) VALUES (?, ?, ?, ?)"
_SAMPLED = (
    "SELECT start, profile_id FROM (SELECT start, profile_id FROM frame_sum WHERE hours = 1 ORDER BY random() LIMIT ?)"
    " UNION SELECT received_ms / 3600000, profile_id FROM frame WHERE id IN (SELECT abs(random()) % max(1, (SELECT"
    " max(id) FROM frame)) + 1 FROM frame LIMIT ?)"
)
_DISAGREE = Sentence("The sums of the history did not agree with its frames: they are made anew.")


def note_changed(session: Session, frames: Iterable[tuple[int, int]]) -> None:
    """(profile id, received_ms) of frames that came, went or changed: in the transaction in which they do."""
    for profile_id, hour in {(profile_id, received_ms // HOUR_MS) for profile_id, received_ms in frames}:
        session.raw.execute(_NOTE, (hour, profile_id, hour))


def forget_sums(session: Session) -> None:
    """All is summed anew then: what stands in ``frame_sum`` still is replaced by the hour."""
    session.sql("UPDATE meta SET value = '0' WHERE key = 'summed_until'")
    session.sql("DELETE FROM frame_unsummed")


# --- on the writer's thread ------------------------------------------------------------------------------------------


def sum_some(session: Session, before_hour: int) -> bool:
    """Sum what is to be summed for about ``SLICE_S``; whether more is left."""
    give_up_at = time.monotonic() + SLICE_S
    while True:
        changed = session.sql("SELECT hour, profile_id FROM frame_unsummed LIMIT 1")
        if changed:
            _sum_again(session, *changed[0])
        elif not _sum_next(session, before_hour):
            return False
        if time.monotonic() >= give_up_at:
            return True


def _sum_again(session: Session, hour: int, profile_id: int) -> None:
    session.sql("DELETE FROM frame_unsummed WHERE hour = ? AND profile_id = ?", (hour, profile_id))
    _sum_hour(session, hour, profile_id)
    day = hour // DAY_HOURS * DAY_HOURS
    if day + DAY_HOURS <= summed_until(session):
        _sum_day(session, day, profile_id)


def _sum_next(session: Session, before_hour: int) -> bool:
    """Sum the next hour with frames, and its day when that is over with it; False at the end."""
    until = summed_until(session)
    if until >= before_hour:
        return False
    next_ms = session.number("SELECT min(received_ms) FROM frame WHERE received_ms >= ?", (until * HOUR_MS,))
    hour = min(next_ms // HOUR_MS, before_hour - 1) if next_ms else before_hour - 1
    _forget(session, 1, until, hour + 1)
    session.sql("DELETE FROM frame_size WHERE hour >= ? AND hour < ?", (until, hour + 1))
    profile_ids = [row[0] for row in session.sql("SELECT id FROM profile")]
    for profile_id in profile_ids:
        _sum_hour(session, hour, profile_id)
    session.sql("UPDATE meta SET value = ? WHERE key = 'summed_until'", (str(hour + 1),))
    first_day, end_day = until // DAY_HOURS * DAY_HOURS, (hour + 1) // DAY_HOURS * DAY_HOURS
    _forget(session, DAY_HOURS, first_day, end_day)
    for day in {first_day, end_day - DAY_HOURS} if first_day < end_day else ():
        for profile_id in profile_ids:
            _sum_day(session, day, profile_id)
    return True


def _forget(session: Session, hours: int, first: int, end: int) -> None:
    session.sql("DELETE FROM frame_sum WHERE hours = ? AND start >= ? AND start < ?", (hours, first, end))


def _sum_hour(session: Session, hour: int, profile_id: int) -> None:
    tally = Tally()
    add_hour(session, tally, hour, (profile_id,))
    _store(session, 1, hour, profile_id, tally)
    keep_size(session, hour, profile_id)


def _sum_day(session: Session, day: int, profile_id: int) -> None:
    tally = Tally()
    for _, _, sums in each_sum(session, 1, day, day + DAY_HOURS, (profile_id,)):
        tally.add_sums(sums)
    _store(session, DAY_HOURS, day, profile_id, tally)


def _store(session: Session, hours: int, start: int, profile_id: int, tally: Tally) -> None:
    if tally.totals[0]:
        session.sql(_STORE, (hours, start, profile_id, tally.sums()))
    else:
        session.sql(
            "DELETE FROM frame_sum WHERE hours = ? AND start = ? AND profile_id = ?", (hours, start, profile_id)
        )


# --- on a reader's thread --------------------------------------------------------------------------------------------


def _is_behind(session: Session, before_hour: int) -> bool:
    return summed_until(session) < before_hour or bool(session.number("SELECT 1 FROM frame_unsummed LIMIT 1"))


def disagreeing(session: Session, samples: int = SAMPLES) -> int:
    """How many of some hours taken at random, about twice ``samples``, do not have the frames that their sums say."""
    session.sql("BEGIN")
    try:
        until = summed_until(session)
        sampled = [(hour, mine) for hour, mine in session.sql(_SAMPLED, (samples, samples)) if hour < until]
        return sum(not _agrees(session, hour, profile_id) for hour, profile_id in sampled)
    finally:
        session.sql("COMMIT")


def _agrees(session: Session, hour: int, profile_id: int) -> bool:
    if session.sql("SELECT 1 FROM frame_unsummed WHERE hour = ? AND profile_id = ?", (hour, profile_id)):
        return True
    if not session.sql("SELECT 1 FROM profile WHERE id = ?", (profile_id,)):
        return True  # nobody's: it goes
    summed, counted = Tally(), Tally()
    for _, _, sums in each_sum(session, 1, hour, hour + 1, (profile_id,)):
        summed.add_sums(sums)
    add_hour(session, counted, hour, (profile_id,))
    return summed.totals == counted.totals and size_agrees(session, hour, profile_id)


class Sums(Background):
    """Keeps the sums up: looks for wrong ones once, then sums what is over, at once and every minute.

    ``start`` it for the one server of a data folder.
    """

    name = "sums of the history"

    def __init__(self, database: Database, bus: Bus, clock: Callable[[], float]) -> None:
        self._database = database
        self._bus = bus
        self._clock = clock

    async def _run(self) -> None:
        is_checked = False
        while True:
            try:
                if not is_checked:
                    await self.check()
                    is_checked = True
                await self.catch_up(self._clock())
            except StoreError as error:
                log.warning("the history is summed later: %s", error)
            await asyncio.sleep(LOOK_EVERY_S)

    async def check(self) -> None:
        """Sums that do not agree with their frames are made anew, and that is told."""
        if await self._database.read(disagreeing):
            await self._database.change(forget_sums)
            log.warning(_DISAGREE)
            self._bus.publish(Trouble(_DISAGREE))

    async def catch_up(self, now: float) -> None:
        """Sum all hours that are over at ``now`` (Unix seconds)."""
        before_hour = int((now - OVER_AFTER_S) * 1_000) // HOUR_MS
        is_behind = await self._database.read(partial(_is_behind, before_hour=before_hour))
        while is_behind:
            is_behind = await self._database.change(partial(sum_some, before_hour=before_hour))
            await asyncio.sleep(REST_S)
