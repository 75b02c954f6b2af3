"""The table of columns and what is made of it: the database, the rows that are stored and read."""

from __future__ import annotations

from contextlib import closing
from dataclasses import fields, replace
from datetime import datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

from app.core.errors import NoAnswer
from app.core.frame import Profile
from app.paths import DataFolder
from app.store.database.migrations import open_database
from app.store.history.columns import COLUMNS, INSERTED, LISTED, SHOWN, Listed, ReportRow, Thumb
from app.store.history.frame_rows import values_of
from tests.store.samples import ANSWER, frame

SQL_TYPES: dict[Any, str] = {
    int: "INTEGER", bool: "INTEGER", Thumb: "INTEGER", datetime: "INTEGER", float: "REAL",
}  # fmt: skip
NEVER_READ = {"id", "profile_id", "image_bytes", "row_bytes", "paid_by", "signs"}
ALICE = Profile(1, "alice")


def test_a_migrated_database_is_as_the_table_says(folder: DataFolder) -> None:
    told = {}
    for name, hint in get_type_hints(ReportRow).items():
        parts = [part for part in get_args(hint) if part is not NoneType] if NoneType in get_args(hint) else [hint]
        told[name] = (SQL_TYPES.get(parts[0], "TEXT"), int(parts == [hint]))
    read = {one.sql.removeprefix("frame."): told[one.name] for one in COLUMNS}
    with closing(open_database(folder)) as session:
        rows = session.sql("PRAGMA table_info(frame)")
    found = {name: (kind, not_null) for _, name, kind, not_null, _, _ in rows}
    needed = {name for _, name, _, not_null, default, _ in rows if not_null and default is None}
    assert {name: kind for name, kind in read.items() if name.isidentifier()} == {
        name: kind for name, kind in found.items() if name not in NEVER_READ
    }
    assert set(read) - set(found) == {"profile.username", "image_bytes > 0"}
    inserted = {one.sql.removeprefix("frame.") for one in INSERTED}
    assert inserted <= set(found)
    assert needed <= inserted | {"id", "row_bytes"}


def test_a_rows_texts_count_among_its_bytes_whatever_their_column() -> None:
    for ending in (ANSWER, NoAnswer()):
        sizes = [values_of(replace(frame(ALICE), prompt=text), ending, 812, 0)[-1] for text in ("", "x" * 1_000)]
        assert sizes[1] - sizes[0] == 1_000


def test_columns_stand_in_the_order_of_their_fields_or_behind_another() -> None:
    assert [one.name for one in COLUMNS] == [one.name for one in fields(ReportRow)]
    assert [one.name for one in LISTED] == [one.name for one in fields(Listed)]
    shown = [one.name for one in SHOWN]
    assert sorted(shown) == sorted(one.name for one in COLUMNS if one.title)
    assert all(shown[shown.index(one.name) - 1] == one.behind for one in SHOWN if one.behind)
