"""The history's rows: how an ended frame becomes one, how rows are read back, and how they go, in slices.

Plain SQL: there is one row per frame, and peewee's share of its cost would be the larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.core.errors import FrameError, UnknownName
from app.core.frame import Answer, Frame
from app.store.database.connection import Session
from app.store.history.columns import COLUMNS, INSERTED, ReportRow, cells
from app.store.history.ended import NO_ANSWER, Ended, to_json
from app.store.history.pictures import Place
from app.store.history.search_index import note_said
from app.store.history.sums import note_changed

SLICE_ROWS = 50
"""Deleted at once: the writer's thread is theirs for two milliseconds, then a frame's row may go in between."""
ROW_OVERHEAD_BYTES = 600
"""About what a row takes beside its texts: numbers, page and index shares."""

_NAMES = tuple(column.sql.removeprefix("frame.") for column in INSERTED)
_LATE = {column.sql.removeprefix("frame."): place for place, column in enumerate(INSERTED) if column.is_late}
_MAKERS = tuple(column.value for column in INSERTED if column.value is not None)
_PROFILE_ID, _FRAME_ID, _RECEIVED_MS = map(_NAMES.index, ("profile_id", "frame_id", "received_ms"))
_INSERT = (
    f"INSERT INTO frame ({', '.join(_NAMES)}, row_bytes) SELECT {', '.join('?' * len(_NAMES))}, ?"  # noqa: S608
    " WHERE EXISTS (SELECT 1 FROM profile WHERE id = ?)"
)
_COMPLETE = f"UPDATE frame SET {' = ?, '.join(_LATE)} = ?, row_bytes = ? WHERE frame_id = ?"  # noqa: S608
_SELECT = (
    f"SELECT {', '.join(column.sql for column in COLUMNS)}"  # noqa: S608
    # CROSS: the frames are walked newest first; any other order would sort them all.
    " FROM frame CROSS JOIN profile ON profile.id = frame.profile_id AND profile.deleted_at IS NULL"
)
_LEFT_OVER = (
    # from one profile's first frame to the next one's: not through all of them
    "WITH RECURSIVE known (id) AS (SELECT min(profile_id) FROM frame UNION ALL"
    " SELECT (SELECT min(profile_id) FROM frame WHERE profile_id > known.id) FROM known WHERE known.id IS NOT NULL)"
    " SELECT id FROM known WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM profile)"
)
Values = tuple[Any, ...]


def place_of(frame: Frame) -> Place:
    return Place(frame.profile.profile_id, int(frame.received_at.timestamp() * 1_000), frame.frame_id)


def values_of(frame: Frame, ending: Answer | FrameError, latency_ms: int, image_bytes: int) -> Values:
    """What ``insert_frame`` stores, made on the loop from frozen objects: some 40 microseconds."""
    answer, error = (NO_ANSWER, ending) if isinstance(ending, FrameError) else (ending, None)
    end = Ended(frame, answer, error, ending.attempts, latency_ms, image_bytes)
    values = [make(end) for make in _MAKERS]
    texts = sum([len(value) for value in values if type(value) is str])
    in_search_index = len(answer.full_text)  # a letter of it takes about a byte there
    return (*values, ROW_OVERHEAD_BYTES + texts + in_search_index)


def insert_frame(session: Session, values: Values) -> bool:
    """False when the profile was deleted meanwhile: its history is not begun again."""
    note_changed(session, ((values[_PROFILE_ID], values[_RECEIVED_MS]),))
    is_kept = session.raw.execute(_INSERT, (*values, values[_PROFILE_ID])).rowcount > 0
    note_said(session, values[_FRAME_ID])
    return is_kept


def complete_frame(session: Session, values: Values) -> None:
    """Take over from ``values`` what came after the words; nothing where the frame is gone."""
    note_changed(session, ((values[_PROFILE_ID], values[_RECEIVED_MS]),))
    session.raw.execute(_COMPLETE, (*(values[place] for place in _LATE.values()), values[-1], values[_FRAME_ID]))
    note_said(session, values[_FRAME_ID])


def picture_lost(session: Session, frame_id: str) -> None:
    pictures_lost(session, (frame_id,))


def pictures_lost(session: Session, frame_ids: Sequence[str]) -> int:
    """How many frames there are still of those."""
    changed = session.sql(
        "UPDATE frame SET image_bytes = 0 WHERE frame_id IN (SELECT value FROM json_each(?))"
        " RETURNING profile_id, received_ms",
        (to_json(frame_ids),),
    )
    note_changed(session, changed)
    return len(changed)


# --- reading ---------------------------------------------------------------------------------------------------------


def select_frames(session: Session, where: str, values: Values, limit: int) -> tuple[ReportRow, ...]:
    """Newest first; ``limit`` 0 = all. ``where`` is one of this room's own constants."""
    rows = session.raw.execute(
        f"{_SELECT} WHERE {where} ORDER BY frame.received_ms DESC, frame.id DESC LIMIT ?",
        (*values, limit or -1),
    )
    return tuple(ReportRow(*cells(COLUMNS, row)) for row in rows)


def find_place(session: Session, frame_id: str) -> Place | None:
    rows = session.sql("SELECT profile_id, received_ms FROM frame WHERE frame_id = ?", (frame_id,))
    return Place(rows[0][0], rows[0][1], frame_id) if rows else None


# --- marks -----------------------------------------------------------------------------------------------------------


def mark_frame(
    session: Session, frame_id: str, column: Literal["favourite", "thumb", "correction"], value: int | str
) -> None:
    """Raises ``UnknownName`` when the frame is gone."""
    found = session.sql(
        f"UPDATE frame SET {column} = ? WHERE frame_id = ? RETURNING profile_id, received_ms",  # noqa: S608
        (value, frame_id),
    )
    if not found:
        raise UnknownName("This frame is not in the history any more.")
    note_changed(session, found)


# --- deleting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows that were deleted: ``pictures`` are the files to follow them."""

    frames: int
    bytes: int
    pictures: tuple[Place, ...]


def delete_before(session: Session, received_ms: int) -> Slice:
    """All but favourites."""
    which = "received_ms < ? AND favourite = 0 ORDER BY received_ms LIMIT ?"
    return _delete_slice(session, which, (received_ms, SLICE_ROWS))


def delete_of_profile(session: Session, profile_id: int) -> Slice:
    """The oldest rows of a profile, favourites too."""
    return _delete_slice(session, "profile_id = ? ORDER BY received_ms LIMIT ?", (profile_id, SLICE_ROWS))


def delete_frames(session: Session, frame_ids: Sequence[str]) -> Slice:
    return _delete_slice(session, "frame_id IN (SELECT value FROM json_each(?))", (to_json(frame_ids),))


def delete_oldest(session: Session, profile_id: int, excess: int) -> Slice:
    """The oldest rows of a profile that are no favourites, as many of a slice as ``excess`` bytes are in."""
    going: list[int] = []
    for row_id, size in session.sql(
        "SELECT id, image_bytes + row_bytes FROM frame WHERE profile_id = ? AND favourite = 0"
        " ORDER BY received_ms, id LIMIT ?",
        (profile_id, SLICE_ROWS),
    ):
        if excess <= 0:
            break
        excess -= size
        going.append(row_id)
    return _delete_slice(session, "id IN (SELECT value FROM json_each(?))", (to_json(going),))


def left_over_ids(session: Session) -> tuple[int, ...]:
    """Profiles that are no more and have frames still: a crash came in the middle of deleting them."""
    return tuple(row[0] for row in session.sql(_LEFT_OVER))


def size_of_nobody(session: Session) -> tuple[int, int]:
    """Frames and bytes of those profiles."""
    ((frames, size),) = session.sql(
        "SELECT count(*), coalesce(sum(image_bytes + row_bytes), 0) FROM frame"
        " WHERE profile_id IN (SELECT value FROM json_each(?))",
        (to_json(left_over_ids(session)),),
    )
    return frames, size


def _delete_slice(session: Session, which: str, values: Values) -> Slice:
    rows = session.sql(
        f"DELETE FROM frame WHERE id IN (SELECT id FROM frame WHERE {which})"  # noqa: S608
        " RETURNING profile_id, received_ms, frame_id, image_bytes, row_bytes",
        values,
    )
    note_changed(session, (row[:2] for row in rows))
    pictures = tuple(Place(row[0], row[1], row[2]) for row in rows if row[3])
    return Slice(len(rows), sum(row[3] + row[4] for row in rows), pictures)
