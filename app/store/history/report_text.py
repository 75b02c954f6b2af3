"""Frames as a spreadsheet or a page: what the verb ``report`` prints and the Activity tab exports."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

BOM = "\ufeff"
"""Before a CSV file, so that Excel reads it as UTF-8."""
_FORMULA = re.compile(r"(?:^(?=[\t\n])|(?:^|[;|\t\n])(?:[^\S\t\n]|[\"'])*+(?=[=+\-@\uff1d\uff0b\uff0d\uff20]))")
"""Where one may begin, whatever sign a spreadsheet parts cells at. The last four are full-width signs, which a Japanese
or Chinese Excel takes for the plain ones.
"""
_STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.45 system-ui,sans-serif;margin:2rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;"
    "border-bottom:1px solid #8886}td{overflow-wrap:break-word;max-width:32em}td:first-child{white-space:nowrap}"
    "th{position:sticky;top:0;background:Canvas}"
    "tr:nth-child(even) td{background:#8881}"
)


def counted(number: int, noun: str) -> str:
    """``1 frame``, ``1,200 frames``, ``2 entries``."""
    many = f"{noun.removesuffix('y')}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """``rows`` as CSV, each line ended; no cell can be taken for a formula."""
    sheet = io.StringIO()
    csv.writer(sheet, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return sheet.getvalue()


def cell(value: object) -> object:
    """``value`` as a cell that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    # a carriage return alone is not quoted before Python 3.13: the rest would be a row of its own
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return _FORMULA.sub(r"\g<0>'", text)


def html_head(title: str, note: str, columns: Iterable[str], front: str = "", language: str = "en") -> str:
    """The page down to the table's first row. It needs no other file and runs no script. ``front``: HTML before it;
    ``language``: the code of that which the page is in.
    """
    safe, safe_note = html.escape(title), html.escape(note)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{safe}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:;'
        " style-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style></head><body>\n<h1>{safe}</h1><p>{safe_note}</p>\n{front}<table>\n"
        f"<thead>{_row('th', columns)}</thead><tbody>\n"
    )


def html_rows(rows: Iterable[Sequence[object]]) -> str:
    return "".join(f"{_row('td', row)}\n" for row in rows)


def html_row_with_picture(jpeg: bytes | None, row: Sequence[object]) -> str:
    """A row that begins with that picture, or with an empty cell."""
    picture = f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}">' if jpeg else ""
    return f"{_row('td', row)}\n".replace("<tr>", f"<tr><td>{picture}</td>", 1)


HTML_END = "</tbody></table></body></html>\n"


def _row(tag: str, values: Iterable[object]) -> str:
    texts = (html.escape("" if value is None else str(value)) for value in values)
    return "<tr>" + "".join(f"<{tag}>{text}</{tag}>" for text in texts) + "</tr>"
