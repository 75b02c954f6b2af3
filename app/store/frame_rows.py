"""The history's rows: how an ended frame becomes one, how rows are read back, and how they go, in slices.

Plain SQL: there is one row per frame, and peewee's share of its cost would be the larger one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.errors import FrameError
from app.core.frame import Answer, Attempt, Frame
from app.core.trace import trace_of
from app.store.frames import Place
from app.store.session import Session
from app.store.times import utc

SLICE_ROWS = 200
"""Deleted at once: the writer's thread is theirs for some milliseconds, then a frame's row may go in between."""
ROW_OVERHEAD_BYTES = 250
"""About what a row takes beside its texts: numbers, page and index shares."""

_COLUMNS = (
    "frame_id", "profile_id", "received_ms", "status", "code", "answer", "full_answer", "error", "answered_by",
    "confidence", "kind", "latency_ms", "reused", "prompt", "judge_why", "client_ip", "attempts", "ai_responses",
    "usage", "image_bytes", "row_bytes",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO frame ({', '.join(_COLUMNS)}) SELECT {', '.join('?' * len(_COLUMNS))}"  # noqa: S608
    " WHERE EXISTS (SELECT 1 FROM profile WHERE id = ?)"
)
_READ = ("username", *(column for column in _COLUMNS if column not in ("profile_id", "row_bytes")))
_SELECT = (
    f"SELECT profile.username, {', '.join('frame.' + column for column in _READ[1:])}"  # noqa: S608
    # CROSS: the frames are walked newest first; any other order would sort them all.
    " FROM frame CROSS JOIN profile ON profile.id = frame.profile_id"
)
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One ended frame. ``status``: the HTTP status; ``answer`` is empty and ``error`` its sentence when it failed.

    ``attempts``: the reply's trace. ``ai_responses``: each provider's own answer, at full length. ``usage``: one
    (provider, model, input tokens, output tokens) per call that was counted. ``received_at``: aware, UTC.
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
    usage: tuple[tuple[str, str, int, int], ...]
    has_picture: bool


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
    )  # fmt: skip


def _said(attempts: tuple[Attempt, ...]) -> dict[str, str]:
    return {one.provider: one.full_answer or one.answer for one in attempts if one.answer and one.outcome != "judged"}


def _usage(attempts: tuple[Attempt, ...]) -> list[tuple[str, str, int, int]]:
    return [
        (one.provider, one.model, one.usage.input_tokens, one.usage.output_tokens)
        for one in attempts if one.usage.input_tokens or one.usage.output_tokens
    ]  # fmt: skip


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
    values["usage"] = tuple(tuple(one) for one in json.loads(values["usage"]))
    values["has_picture"] = values.pop("image_bytes") > 0
    return ReportRow(**values)


def find_place(session: Session, frame_id: str) -> Place | None:
    rows = session.sql("SELECT profile_id, received_ms FROM frame WHERE frame_id = ?", (frame_id,))
    return Place(rows[0][0], rows[0][1], frame_id) if rows else None


# --- deleting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows that were deleted: ``pictures`` are the files to follow them."""

    frames: int
    bytes: int
    pictures: tuple[Place, ...]


def delete_before(session: Session, received_ms: int) -> Slice:
    return _delete_slice(session, "received_ms < ? ORDER BY received_ms LIMIT ?", (received_ms, SLICE_ROWS))


def delete_of_profile(session: Session, profile_id: int, rows: int = SLICE_ROWS) -> Slice:
    """The oldest ``rows`` of a profile."""
    return _delete_slice(session, "profile_id = ? ORDER BY received_ms LIMIT ?", (profile_id, rows))


def delete_of_nobody(session: Session) -> Slice:
    """What a crash left behind in the middle of deleting a profile."""
    return _delete_slice(session, "profile_id NOT IN (SELECT id FROM profile) LIMIT ?", (SLICE_ROWS,))


def delete_over_size(session: Session, profile_id: int, max_bytes: int) -> Slice:
    """The oldest rows of a profile, as many of a slice as must go until it takes at most ``max_bytes``."""
    excess = bytes_of_profile(session, profile_id) - max_bytes
    rows = 0
    for (size,) in session.sql(
        "SELECT image_bytes + row_bytes FROM frame WHERE profile_id = ? ORDER BY received_ms LIMIT ?",
        (profile_id, SLICE_ROWS),
    ):
        if excess <= 0:
            break
        excess -= size
        rows += 1
    return delete_of_profile(session, profile_id, rows) if rows else Slice(0, 0, ())


def bytes_of_profile(session: Session, profile_id: int) -> int:
    return session.number("SELECT sum(image_bytes + row_bytes) FROM frame WHERE profile_id = ?", (profile_id,))


def _delete_slice(session: Session, which: str, values: Values) -> Slice:
    rows = session.sql(
        f"DELETE FROM frame WHERE id IN (SELECT id FROM frame WHERE {which})"  # noqa: S608
        " RETURNING profile_id, received_ms, frame_id, image_bytes, row_bytes",
        values,
    )
    pictures = tuple(Place(row[0], row[1], row[2]) for row in rows if row[3])
    return Slice(len(rows), sum(row[3] + row[4] for row in rows), pictures)
