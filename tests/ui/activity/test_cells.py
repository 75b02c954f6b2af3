"""Every form of a cell reads for people, and every column of the list has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from app.store.history.columns import LISTED, SHOWN, Column, Form
from app.ui.activity import cells
from tests.ui.activity.test_paged_lines import line

SAMPLES: dict[Form, tuple[object, str]] = {
    "text": ("a\nb", "a b"), "count": (3, "3"), "number": (0.25, "0.25"),
    "time": (datetime(2025, 1, 2, 3, tzinfo=UTC), ""),
    "flag": (True, "yes"), "percent": (0.5, "50 %"), "latency": (80, "80 ms"), "usd": (0.5, "$0.50"),
    "provider": ("gemini", "GEMINI"), "answer": ("A\nmug.", "A mug."), "code": ("ok", "sure"),
    "favourite": (False, "no favourite"), "thumb": (-1, "thumb down"),
    "correction": ("A\ncup.", "corrected: A cup."),
}  # fmt: skip


@pytest.mark.parametrize("form", get_args(Form))
def test_every_form_reads(form: Form) -> None:
    value, said = SAMPLES[form]
    frame = replace(line(1), answer=value)  # type: ignore[arg-type]
    column = Column(name="answer", form=form)
    assert cells.text(frame, column, str.upper) == (said or cells.fmt.when(value))  # type: ignore[arg-type]
    assert isinstance(cells.printed(frame, column, str.upper), str)


def test_what_is_not_known_is_a_dash() -> None:
    (confidence,) = (one for one in LISTED if one.name == "confidence")
    assert cells.text(replace(line(1), confidence=None), confidence, str) == cells.fmt.DASH


def test_paper_has_lines_and_only_marks_that_there_are() -> None:
    frame = replace(line(1), answer="A\nmug.", favourite=True)
    told = {one.name: cells.printed(frame, one, str) for one in SHOWN}
    assert (told["answer"], told["favourite"], told["thumb"]) == ("A\nmug.", "favourite", "")
    assert told["correction"] == ""
    assert told["received_at"].startswith("2026-01-0")
