"""The columns of the history, each told once: what is stored of an ended frame, how it is read back, how it reads.

A column is a field of ``Listed``, a line of the list, or of ``ReportRow``, the whole frame. The row that is inserted,
the pages that are read, the window's list, CSV, HTML, PDF and the command line's report are made of these fields: a new
one needs its migration and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import UnionType
from typing import Any, Literal, ParamSpec, get_args, get_origin, get_type_hints

from app.store.database.clock import utc
from app.store.history import ended as of
from app.store.history.ended import CallUsage, Ended, Stored

Thumb = Literal[-1, 0, 1]
ReportForm = Literal["json", "csv", "html"]
Form = Literal[
    "text", "count", "number", "time", "flag", "percent", "latency", "usd", "provider", "answer", "code", "favourite",
    "thumb", "correction",
]  # fmt: skip
"""How a cell reads for people; the first five are chosen by the field's type."""

ALL: tuple[ReportForm, ...] = ("json", "csv", "html")
_FORMS: Mapping[type, Form] = {int: "count", float: "number", datetime: "time", bool: "flag"}
_READERS: Mapping[type, Callable[[Any], Any]] = {
    bool: bool, datetime: lambda stored_ms: utc(stored_ms / 1_000), list: json.loads, dict: json.loads,
}  # fmt: skip
_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Column:
    """What is told of a column; ``name``, and what its type says, come from its field.

    ``value``: what is stored of an ended frame; None for a mark, which comes later, and for what ``sql`` works out.
    ``sql``: what is selected, where it is not the column of that name. ``read``: from the stored value to the field's,
    where its type does not say. ``title``: what it is for people, to whom an untitled one is not shown. ``form``: how
    its cells read. ``is_listed``: whether the window's list has it. ``share``: of a page's width in PDF, beside the
    others'; 0 = not printed, in HTML neither. ``printed``: its title there, where that is another; neighbours of one
    title share a cell. ``behind``: the column it is shown behind, where that is not the one before. ``csv``: its name
    in a spreadsheet, where that is another; None = not there. ``report``: where the command line's report has it.
    ``is_late``: what comes after the words may change it.
    """

    value: Callable[[Ended], Stored] | None = None
    sql: str = ""
    read: Callable[[Any], Any] | None = None
    title: str = ""
    form: Form = "text"
    is_listed: bool = True
    share: float = 6.0
    printed: str = ""
    behind: str = ""
    csv: str | None = ""
    report: tuple[ReportForm, ...] = ()
    is_late: bool = False
    name: str = ""


def _field_of(make: Callable[_P, Column]) -> Callable[_P, Any]:
    return lambda *args, **told: field(metadata={"column": make(*args, **told)})


column = _field_of(Column)


def _usage(stored: str) -> tuple[CallUsage, ...]:
    # rows of the first format have no dollars in their usage
    return tuple((*one[:4], one[4] if len(one) > 4 else None) for one in json.loads(stored))


# --- the table -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """One ended frame as a line of the list.

    ``received_at``: aware, UTC. ``status``: the HTTP status; ``answer`` is empty and ``error`` its sentence when it
    failed. ``calls``: how many providers were called; ``cost_usd``: 0 when nothing was paid, None when it is not known.
    ``blurred_faces``: None where nobody looked for them.
    """

    frame_id: str = column(lambda end: end.frame.frame_id, report=ALL)
    received_at: datetime = column(of.received_ms, "frame.received_ms", title="Time", share=12.5, report=ALL)
    username: str = column(sql="profile.username", title="Profile", share=9.5, csv="profile")
    status: int = column(lambda end: end.error.status if end.error else 200, report=ALL)
    code: str = column(
        lambda end: (end.error or end.answer).code,
        title="Outcome", form="code", is_listed=False, share=9.0, behind="answer", report=ALL,
    )  # fmt: skip
    answer: str = column(lambda end: end.answer.text, title="Answer", form="answer", share=36.0, report=ALL)
    error: str = column(lambda end: str(end.error or ""))
    answered_by: str = column(
        lambda end: end.answer.answered_by, title="Answered by", form="provider", share=11.0, report=ALL
    )
    confidence: float | None = column(
        lambda end: end.answer.confidence, title="Sure", form="percent", share=4.5, report=ALL
    )
    trust: float | None = column(lambda end: end.answer.trust, title="Trust", form="percent", share=4.5, report=ALL)
    kind: str = column(lambda end: end.answer.kind)
    latency_ms: int = column(lambda end: end.latency_ms, title="Took", form="latency", share=5.0, report=ALL)
    calls: int = column(of.calls, title="Calls", share=0.0, behind="cost_usd")
    cost_usd: float | None = column(of.cost_usd, title="Cost", form="usd", is_late=True)
    reused: bool = column(lambda end: end.answer.reused)
    favourite: bool = column(title="Favourite", form="favourite", share=3.5, printed="Marks")
    thumb: Thumb = column(title="Thumb", form="thumb", share=3.0, printed="Marks")
    correction: str = column(
        title="Correction", form="correction", is_listed=False, share=5.0, printed="Marks", report=ALL
    )
    door: str = column(lambda end: end.frame.door, title="Door", is_listed=False, share=0.0, report=ALL)
    blurred_faces: int | None = column(
        lambda end: (end.error or end.answer).blurred_faces,
        title="Blurred faces", is_listed=False, share=0.0, report=ALL,
    )  # fmt: skip
    client_ip: str = column(lambda end: end.frame.client_ip)
    has_picture: bool = column(sql="frame.image_bytes > 0", csv=None)


@dataclass(frozen=True, slots=True)
class ReportRow(Listed):
    """The whole of an ended frame.

    ``attempts``: the reply's trace. ``ai_responses``: each provider's own answer, at full length. ``usage``: one
    (provider, model, input tokens, output tokens, US dollars) per call that was counted; dollars None where its price
    is not known.
    """

    full_answer: str = column(lambda end: end.answer.full_text, report=("json",), is_late=True)
    whole_ms: int | None = column(lambda end: end.answer.whole_ms, is_late=True)
    prompt: str = column(lambda end: end.frame.prompt)
    judge_why: str = column(lambda end: end.answer.judge_why)
    attempts: list[dict[str, Any]] = column(of.attempts, report=("json", "csv"), is_late=True)
    ai_responses: dict[str, str] = column(of.ai_responses, is_late=True)
    usage: tuple[CallUsage, ...] = column(of.usage, read=_usage, is_late=True)


_NEVER_READ = (
    Column(lambda end: end.frame.profile.profile_id, "frame.profile_id"),
    Column(lambda end: end.image_bytes, "frame.image_bytes"),
    Column(of.signs, "frame.signs"),
    Column(of.paid_by, "frame.paid_by", is_late=True),
)
"""What the database is asked by and no row is read with; the sum of a row's texts, ``row_bytes``, comes last."""


# --- what its readers take -------------------------------------------------------------------------------------------


def _with_type(told: Column, name: str, hint: Any) -> Column:
    """``told``, and what its field says."""
    base = get_args(hint)[0] if get_origin(hint) is UnionType else hint
    kind = get_origin(base) or base
    return replace(
        told,
        name=name,
        sql=told.sql or f"frame.{name}",
        read=told.read or _READERS.get(kind),
        form=_FORMS.get(kind, "text") if told.form == "text" else told.form,
        csv=name if told.csv == "" else told.csv,
        printed=told.printed or told.title,
    )


def cells(columns: Iterable[Column], row: Iterable[Any]) -> list[Any]:
    """What was selected as ``columns``, as their fields have it."""
    return [column.read(value) if column.read else value for column, value in zip(columns, row, strict=True)]


_HINTS = get_type_hints(ReportRow)
COLUMNS = tuple(_with_type(one.metadata["column"], one.name, _HINTS[one.name]) for one in fields(ReportRow))
LISTED = COLUMNS[: len(fields(Listed))]
INSERTED = tuple(one for one in (*COLUMNS, *_NEVER_READ) if one.value is not None)

_PLACES = {one.name: place for place, one in enumerate(LISTED)}
SHOWN = tuple(
    sorted((one for one in LISTED if one.title), key=lambda one: (_PLACES[one.behind or one.name], one.behind))
)
"""Those with a title, in the order in which people find them."""
