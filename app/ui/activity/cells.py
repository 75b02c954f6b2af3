"""How a frame's cells read in the window and in files for people, by the form of their column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.store.history.columns import SHOWN, Column, Form, Listed
from app.ui.support import formatting as fmt

_tr = partial(QCoreApplication.translate, "cells")

IN_LIST = tuple(column for column in SHOWN if column.is_listed)
PRINTED = tuple(
    tuple(those) for _, those in groupby((one for one in SHOWN if one.share), key=lambda column: column.printed)
)
"""The columns of HTML and PDF, each of one or of neighbours under one title."""


@dataclass(frozen=True, slots=True)
class Look:
    """``text``: of a value that is not None. ``sample``: as wide as most; "" for a sign or what takes all the rest."""

    text: Callable[[Any], str]
    sample: str
    is_number: bool = False


LOOKS: Mapping[Form, Look] = {
    "text": Look(lambda text: " ".join(text.split()), "Grandma M"),
    "count": Look(fmt.count, "00000", is_number=True),
    "number": Look(fmt.number, "0.0000", is_number=True),
    "time": Look(fmt.when, "2026-12-24"),
    "flag": Look(lambda is_so: _tr("yes") if is_so else _tr("no"), "yes"),
    "percent": Look(fmt.percent, "100 %", is_number=True),
    "latency": Look(fmt.latency, "850 ms", is_number=True),
    "usd": Look(fmt.usd, "under 0.01 ct", is_number=True),
    "provider": Look(lambda label: label or fmt.DASH, "Google Gemini"),
    "answer": Look(lambda answer: " ".join(answer.split()), ""),
    "code": Look(lambda code: fmt.code(code)[0], "not sure"),
    "favourite": Look(lambda is_so: _tr("favourite") if is_so else _tr("no favourite"), ""),
    "thumb": Look(lambda thumb: (_tr("no thumb"), _tr("thumb up"), _tr("thumb down"))[thumb], ""),
    "correction": Look(lambda text: _tr("corrected: {text}").format(text=" ".join(text.split())), ""),
}

_LATE = datetime(2026, 12, 24, 22, 48, 48).astimezone()


def samples(column: Column) -> tuple[str, ...]:
    """Texts as wide as most in that column of the list: of a time its clock, as this locale writes it."""
    if column.form == "time":
        return (fmt.clock(_LATE, seconds=True),)
    return (LOOKS[column.form].sample,)


def title(text: str) -> str:
    """A column's title in the window's language."""
    return QCoreApplication.translate("columns", text)


def section(name: str) -> int:
    """Where in the window's list that column stands."""
    return next(place for place, column in enumerate(IN_LIST) if column.name == name)


def text(frame: Listed, column: Column, label: Callable[[str], str]) -> str:
    """A cell in one line; ``label``: a provider's name for people."""
    value = _value(frame, column, label)
    return fmt.DASH if value is None else LOOKS[column.form].text(value)


def printed(frame: Listed, column: Column, label: Callable[[str], str]) -> str:
    """A cell on paper: a time with its date and zone, an answer with its lines, a mark only where there is one."""
    value = _value(frame, column, label)
    if column.form == "time" and value is not None:
        return f"{fmt.day_and_time(value, seconds=True)} {value.astimezone().tzname()}"
    if column.form in ("answer", "text"):
        return str(value or "")
    if column.form in ("favourite", "thumb", "correction") and not value:
        return ""
    return text(frame, column, label)


def printed_titles() -> list[str]:
    """Of the columns on paper and on a web page."""
    return [title(those[0].printed) for those in PRINTED]


def printed_row(frame: Listed, label: Callable[[str], str]) -> list[str]:
    return [", ".join(filter(None, (printed(frame, one, label) for one in those))) for those in PRINTED]


def _value(frame: Listed, column: Column, label: Callable[[str], str]) -> Any:
    value = getattr(frame, column.name)
    if column.form == "answer":
        return frame.error or value
    return label(value) if column.form == "provider" and value else value
