"""The history's rows: how an ended frame becomes one, how rows are read back, and how they go, in slices.

Plain SQL: there is one row per frame, and peewee's share of its cost would be the larger one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.core.errors import FrameError, UnknownName
from app.core.frame import Answer, Attempt, Frame
from app.core.routing.trace import USABLE_OUTCOMES, trace_of
from app.store.database.clock import utc
from app.store.database.connection import Session
from app.store.history.filters import Thumb
from app.store.history.pictures import Place

SLICE_ROWS = 200
"""Deleted at once: the writer's thread is theirs for some milliseconds, then a frame's row may go in between."""
ROW_OVERHEAD_BYTES = 250
"""About what a row takes beside its texts: numbers, page and index shares."""
OF_NOBODY = "profile_id NOT IN (SELECT id FROM profile)"

_COLUMNS = (
    "frame_id", "profile_id", "received_ms", "status", "code", "answer", "full_answer", "error", "answered_by",
    "confidence", "kind", "latency_ms", "reused", "prompt", "judge_why", "client_ip", "attempts", "ai_responses",
    "usage", "image_bytes", "row_bytes", "calls", "cost_usd", "paid_by",
)  # fmt: skip
_MARKS = ("favourite", "thumb")
_NOT_READ = ("profile_id", "row_bytes", "paid_by")
SEVERAL = "*"
"""Stands in ``paid_by`` where the cost is to be divided by the calls' own: no provider's name has it."""

_INSERT = (
    f"INSERT INTO frame ({', '.join(_COLUMNS)}) SELECT {', '.join('?' * len(_COLUMNS))}"  # noqa: S608
    " WHERE EXISTS (SELECT 1 FROM profile WHERE id = ?)"
)
_READ = ("username", *(column for column in (*_COLUMNS, *_MARKS) if column not in _NOT_READ))
_SELECT = (
    f"SELECT profile.username, {', '.join('frame.' + column for column in _READ[1:])}"  # noqa: S608
    # CROSS: the frames are walked newest first; any other order would sort them all.
    " FROM frame CROSS JOIN profile ON profile.id = frame.profile_id AND profile.deleted_at IS NULL"
)
Values = tuple[Any, ...]
CallUsage = tuple[str, str, int, int, float | None]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One ended frame. ``status``: the HTTP status; ``answer`` is empty and ``error`` its sentence when it failed.

    ``attempts``: the reply's trace. ``ai_responses``: each provider's own answer, at full length. ``usage``: one
    (provider, model, input tokens, output tokens, US dollars) per call that was counted; dollars None where its price
    is not known. ``calls``: how many providers were called; ``cost_usd``: 0 when nothing was paid, None when it is not
    known. ``received_at``: aware, UTC.
    """

    username: str
    frame_id: str
    received_at: datetime
    status: int
    code: str
    answer: str
    full_answer: str
    error: str
    answered_by: str
    confidence: float | None
    kind: str
    latency_ms: int
    reused: bool
    prompt: str
    judge_why: str
    client_ip: str
    attempts: list[dict[str, Any]]
    ai_responses: dict[str, str]
    usage: tuple[CallUsage, ...]
    has_picture: bool
    calls: int
    cost_usd: float | None
    favourite: bool
    thumb: Thumb


def place_of(frame: Frame) -> Place:
    return Place(frame.profile.profile_id, int(frame.received_at.timestamp() * 1_000), frame.frame_id)


def values_of(frame: Frame, ending: Answer | FrameError, latency_ms: int, image_bytes: int) -> Values:
    """What ``insert_frame`` stores, made on the loop from frozen objects: some 40 microseconds."""
    place, attempts = place_of(frame), ending.attempts
    told: tuple[Any, ...]
    if isinstance(ending, Answer):
        told = (200, ending.code, ending.text, ending.full_text, "", ending.answered_by, ending.confidence, ending.kind)
        reused, judge_why = ending.reused, ending.judge_why
    else:
        told = (ending.status, ending.code, "", "", str(ending), "", None, "")
        reused, judge_why = False, ""
    written = (_json(trace_of(attempts)), _json(_said(attempts)), _json(_usage(attempts)))
    texts = (frame.prompt, judge_why, frame.client_ip, *written)
    row_bytes = ROW_OVERHEAD_BYTES + sum(map(len, texts)) + len(told[2]) + len(told[3])
    return (
        place.frame_id, place.profile_id, place.received_ms, *told, latency_ms, reused, *texts, image_bytes, row_bytes,
        _calls(attempts), *_cost_and_payer(attempts),
    )  # fmt: skip


def _said(attempts: tuple[Attempt, ...]) -> dict[str, str]:
    return {one.provider: one.full_answer or one.answer for one in attempts if one.answer and one.outcome != "judged"}


def _calls(attempts: tuple[Attempt, ...]) -> int:
    return len({one.provider for one in attempts if one.is_call and one.outcome != "judged"})


def _usage(attempts: tuple[Attempt, ...]) -> list[CallUsage]:
    return [
        (one.provider, one.model, one.usage.input_tokens, one.usage.output_tokens, one.cost_usd)
        for one in attempts if one.usage.input_tokens or one.usage.output_tokens or one.cost_usd
    ]  # fmt: skip


def _cost_and_payer(attempts: tuple[Attempt, ...]) -> tuple[float | None, str]:
    """What the frame cost, and who was paid. A failed call that counted no tokens is taken for free."""
    paid: dict[str, float] = {}
    is_known = True
    for one in attempts:
        if one.cost_usd:
            paid[one.provider] = paid.get(one.provider, 0.0) + one.cost_usd
        elif one.cost_usd is None and (one.outcome in _ANSWERED or one.usage.input_tokens or one.usage.output_tokens):
            is_known = False
    payer = "".join(paid) if is_known and len(paid) < 2 else SEVERAL if paid else ""
    return sum(paid.values(), 0.0) if is_known else None, payer


_ANSWERED = USABLE_OUTCOMES | {"judged"}
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def insert_frame(session: Session, values: Values) -> bool:
    """False when the profile was deleted meanwhile: its history is not begun again."""
    return session.raw.execute(_INSERT, (*values, values[1])).rowcount > 0


def picture_lost(session: Session, frame_id: str) -> None:
    session.sql("UPDATE frame SET image_bytes = 0 WHERE frame_id = ?", (frame_id,))


# --- reading ---------------------------------------------------------------------------------------------------------


def select_frames(session: Session, where: str, values: Values, limit: int) -> tuple[ReportRow, ...]:
    """Newest first; ``limit`` 0 = all. ``where`` is one of this room's own constants."""
    rows = session.raw.execute(
        f"{_SELECT} WHERE {where} ORDER BY frame.received_ms DESC, frame.id DESC LIMIT ?",
        (*values, limit or -1),
    )
    return tuple(_report_row(row) for row in rows)


def _report_row(row: tuple[Any, ...]) -> ReportRow:
    values = dict(zip(_READ, row, strict=True))
    values["received_at"] = utc(values.pop("received_ms") / 1_000)
    values["reused"] = bool(values["reused"])
    values["attempts"] = json.loads(values["attempts"])
    values["ai_responses"] = json.loads(values["ai_responses"])
    # rows of the first format have no dollars in their usage
    values["usage"] = tuple((*one[:4], one[4] if len(one) > 4 else None) for one in json.loads(values["usage"]))
    values["has_picture"] = values.pop("image_bytes") > 0
    values["favourite"] = bool(values["favourite"])
    return ReportRow(**values)


def find_place(session: Session, frame_id: str) -> Place | None:
    rows = session.sql("SELECT profile_id, received_ms FROM frame WHERE frame_id = ?", (frame_id,))
    return Place(rows[0][0], rows[0][1], frame_id) if rows else None


# --- marks -----------------------------------------------------------------------------------------------------------


def mark_frame(session: Session, frame_id: str, column: Literal["favourite", "thumb"], value: int) -> None:
    """Raises ``UnknownName`` when the frame is gone."""
    found = session.raw.execute(f"UPDATE frame SET {column} = ? WHERE frame_id = ?", (value, frame_id))  # noqa: S608
    if not found.rowcount:
        raise UnknownName("This frame is not in the history any more.")


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


def delete_of_nobody(session: Session) -> Slice:
    """What a crash left behind in the middle of deleting a profile."""
    return _delete_slice(session, f"{OF_NOBODY} LIMIT ?", (SLICE_ROWS,))


def delete_frames(session: Session, frame_ids: Sequence[str]) -> Slice:
    return _delete_slice(session, "frame_id IN (SELECT value FROM json_each(?))", (_json(frame_ids),))


def delete_over_size(session: Session, profile_id: int, max_bytes: int) -> Slice:
    """The oldest rows of a profile that are no favourites, as many of a slice as must go."""
    excess = excess_of_profile(session, profile_id, max_bytes)
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
    return _delete_slice(session, "id IN (SELECT value FROM json_each(?))", (_json(going),))


def excess_of_profile(session: Session, profile_id: int, max_bytes: int, since_ms: int = 0) -> int:
    """Bytes by which the frames of a profile that are no favourites (``since_ms``: received since then) are too many.

    Favourites take up room, but at most half of it: they never go, and if they could fill it all, every other frame
    would be deleted the hour it came, and the profile would still be over its size.
    """
    size = "(image_bytes + row_bytes)"
    ((favourites, others),) = session.sql(
        f"SELECT coalesce(sum({size} * favourite), 0),"  # noqa: S608
        f" coalesce(sum({size} * (NOT favourite AND received_ms >= ?)), 0) FROM frame WHERE profile_id = ?",
        (since_ms, profile_id),
    )
    return int(others) - max(max_bytes - int(favourites), max_bytes // 2)


def would_go(session: Session, profile_id: int, oldest_ms: int, excess: int) -> tuple[int, int]:
    """Frames and bytes that ``delete_before`` and then ``delete_over_size`` would take of a profile."""
    ((frames, size),) = session.sql(
        "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT received_ms, image_bytes + row_bytes AS size,"
        " sum((image_bytes + row_bytes) * (received_ms >= ?)) OVER (ORDER BY received_ms, id) AS size_so_far"
        " FROM frame WHERE profile_id = ? AND favourite = 0)"
        " WHERE received_ms < ? OR size_so_far - size < ?",
        (oldest_ms, profile_id, oldest_ms, excess),
    )
    return frames, size


def size_of_nobody(session: Session) -> tuple[int, int]:
    """Frames and bytes of what ``delete_of_nobody`` would take."""
    ((frames, size),) = session.sql(
        f"SELECT count(*), coalesce(sum(image_bytes + row_bytes), 0) FROM frame WHERE {OF_NOBODY}"  # noqa: S608
    )
    return frames, size


def _delete_slice(session: Session, which: str, values: Values) -> Slice:
    rows = session.sql(
        f"DELETE FROM frame WHERE id IN (SELECT id FROM frame WHERE {which})"  # noqa: S608
        " RETURNING profile_id, received_ms, frame_id, image_bytes, row_bytes",
        values,
    )
    pictures = tuple(Place(row[0], row[1], row[2]) for row in rows if row[3])
    return Slice(len(rows), sum(row[3] + row[4] for row in rows), pictures)
