"""Reports as CSV and HTML: whatever an answer says, a spreadsheet computes nothing and a browser runs nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from app.store.history import report_text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A"]
)
def test_no_cell_begins_a_formula(text: str) -> None:
    ((found,),) = csv.reader(io.StringIO(report_text.csv_lines([[text]]), newline=""))
    assert found.startswith("'")
    assert found.replace("'", "") == text.replace("\r", "\n")


@pytest.mark.parametrize("between", [",", ";", "\t", "|", "\n"])
@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(A1)", " =1", '"=1', "\uff1d1"])
def test_no_cell_begins_a_formula_wherever_cells_are_parted(between: str, formula: str) -> None:
    text = report_text.csv_lines([["id", f"Sale{between}{formula}", f"x{between} {between}{formula}"]])
    for separator in ",;\t|":
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        assert not [
            cell for cell in cells if cell.strip(" \"'\n").startswith(tuple("=+-@\uff1d")) and "'" not in cell[:4]
        ]


def test_a_carriage_return_begins_no_row() -> None:
    rows = list(csv.reader(io.StringIO(report_text.csv_lines([["a\r=1+1", "b"]]), newline="")))
    assert rows == [["a\n'=1+1", "b"]]  # where cells are parted at semicolons this line is a row


def test_numbers_times_and_plain_texts_stay_as_they_are() -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    rows = list(csv.reader(io.StringIO(report_text.csv_lines([[-1.5, None, moment, 'a "b", c\nd', "小心 1=1"]]))))
    assert rows == [["-1.5", "", "2026-01-02T03:04:00+00:00", 'a "b", c\nd', "小心 1=1"]]


def test_html_escapes_titles_notes_and_cells() -> None:
    evil = "</td><script>alert('x')</script>"
    page = report_text.html_head(evil, evil, [evil]) + report_text.html_rows([[evil, None, 3]]) + report_text.HTML_END
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5
    assert page.count("<tr>") == 2


def test_a_page_tells_its_language() -> None:
    assert '<html lang="en">' in report_text.html_head("Frames", "", [])
    assert '<html lang="de">' in report_text.html_head("Bilder", "", [], language="de")


def test_one_is_told_as_one() -> None:
    told = [report_text.counted(*what) for what in ((1, "frame"), (0, "frame"), (1_200, "API key"), (2, "entry"))]
    assert told == ["1 frame", "0 frames", "1,200 API keys", "2 entries"]
