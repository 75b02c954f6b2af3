"""The verb ``report``: a profile's history as text, JSON, CSV or HTML, in the columns that have it there."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from app.cli.output import Output, to_json
from app.store import Report, ReportRow, Store
from app.store.history import report_text
from app.store.history.columns import COLUMNS, Column, ReportForm


async def report(store: Store, args: Namespace) -> Output:
    found = await store.activity.report(args.name, args.limit)
    columns = _columns("json")
    frames = [{column.name: getattr(row, column.name) for column in columns} for row in found.frames]
    data = {"profile": found.profile, "frames_total": found.frames_total, "frames": frames}
    if args.format == "json":
        return Output((to_json(data),), data)
    render = {"text": _text, "csv": _csv, "html": _html}[args.format]
    return Output(tuple(render(found)), data)


def _text(found: Report) -> Iterable[str]:
    yield f"{found.profile}: {report_text.counted(found.frames_total, 'frame')}"
    for row in found.frames:
        by = f" ({row.answered_by})" if row.answered_by else ""
        received = row.received_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        yield f"{received}  {row.status}  {row.latency_ms} ms  {row.answer or row.code}{by}"


def _csv(found: Report) -> Iterable[str]:
    columns = _columns("csv")
    rows = ([_cell(row, column) for column in columns] for row in found.frames)
    yield report_text.csv_lines([[column.name for column in columns], *rows]).rstrip("\n")


def _html(found: Report) -> Iterable[str]:
    columns = _columns("html")
    names = [column.name for column in columns]
    head = report_text.html_head(found.profile, report_text.counted(found.frames_total, "frame"), names)
    rows = report_text.html_rows([_cell(row, column) for column in columns] for row in found.frames)
    yield head + rows + report_text.HTML_END.rstrip("\n")


def _columns(form: ReportForm) -> list[Column]:
    return [column for column in COLUMNS if form in column.report]


def _cell(row: ReportRow, column: Column) -> object:
    if column.name == "attempts":
        return " ".join(f"{one['provider']}:{one['outcome']}" for one in row.attempts)
    return getattr(row, column.name)
