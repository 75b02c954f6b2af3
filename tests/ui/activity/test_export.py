"""Exports: the three forms, and nothing lost when one fails or is stopped."""

from __future__ import annotations

import asyncio
import base64
import csv
import threading
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.store.history.filters import Filter, Page
from app.store.history.pictures import Place
from app.ui.activity import exports
from app.ui.activity.drilldown import Drilldown, of_key
from app.ui.activity.tab import ActivityTab
from app.ui.support import formatting as fmt
from app.ui.widgets.choose_file import ReplaceFile
from tests.ui import history
from tests.ui.activity.test_activity import opened, shows
from tests.ui.activity.test_frames import choose_entry
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage

NASTY = "=1+1 <script>alert('x')</script> „größer“ 小心"


def choose(tab: ActivityTab, text: str, path: Path) -> None:
    """Press Export, its form, and choose that file."""
    choose_entry(tab.bar.export, text)
    (dialog,) = [one for one in tab.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


async def told(on: Stage, text: str) -> None:
    await on.until(lambda: any(text in one for one in on.window.messages.texts()))


class Reader(HTMLParser):
    """What a browser would read."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_csv_takes_what_is_shown_and_no_formula(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            nasty = await history.keep(on, "alice", history.judged(NASTY))
            await history.keep(on, "alice", history.failed())
            await on.store.activity.set_favourite(nasty, True)
            await on.store.activity.correct(nasty, NASTY)
            tab = await opened(on)
            row = tab.figures.answerers.row("by:qwen")
            assert row is not None
            on.click(row)
            await shows(on, tab, [nasty])
            choose(tab, "Spreadsheet (CSV)…", tmp_path / "frames.csv")
            await told(on, "Written to frames.csv")
            raw = (tmp_path / "frames.csv").read_bytes()
            assert raw.startswith(b"\xef\xbb\xbf")
            (line,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
            assert line["frame_id"] == nasty
            assert line["answer"] == line["correction"] == f"'{NASTY}"
            assert (line["answered_by"], line["favourite"], line["cost_usd"]) == ("qwen", "1", "0.0018")

    play(scene())


def test_html_shows_answers_as_text(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure(NASTY))
            await on.store.activity.correct(name, f"{NASTY}!")
            tab = await opened(on)
            choose(tab, "Web page (HTML)…", tmp_path / "frames.html")
            await told(on, "Written to frames.html")
            page = Reader()
            page.feed((tmp_path / "frames.html").read_text(encoding="utf-8"))
            assert "script" not in page.tags
            assert NASTY in page.text
            assert f"corrected: {NASTY}!" in page.text
            assert page.tags.count("tr") == 2
            assert page.tags.index("meter") < page.tags.index("table"), "first the numbers, with their charts"
            assert "Median time900 ms" in page.text
            assert not {"link", "img", "iframe"} & set(page.tags)

    play(scene())


@pytest.mark.parametrize("has_documents", [True, False])
def test_a_file_is_offered_a_place_among_ones_own(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_documents: bool
) -> None:
    documents = tmp_path / "Documents"
    if has_documents:
        documents.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            choose_entry(tab.bar.export, "PDF…")
            (dialog,) = [one for one in tab.findChildren(QFileDialog) if one.isVisible()]
            assert Path(dialog.directory().absolutePath()) == (documents if has_documents else tmp_path)
            dialog.reject()

    play(scene())


def test_after_an_export_enter_does_not_delete(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            tab.bar.export.setFocus()
            choose(tab, "Web page (HTML)…", tmp_path / "frames.html")
            await told(on, "Written to frames.html")
            assert on.window.focusWidget() is tab.list
            assert tab.bar.export.isEnabled()

    play(scene())


def test_pdf_takes_the_newest_and_says_so(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PDF_MOST", 60)

    async def scene() -> None:
        async with stage("alice") as on:
            for index in range(70):
                await history.keep(on, "alice", history.sure(NASTY * (1 + index % 9)), ago=timedelta(seconds=index))
            tab = await opened(on)
            choose(tab, "PDF…", tmp_path / "frames.pdf")
            await told(on, "Written to frames.pdf: 60 frames")
            raw = (tmp_path / "frames.pdf").read_bytes()
            assert raw.startswith(b"%PDF-")
            assert raw.rstrip().endswith(b"%%EOF")
            assert raw.count(b"/Type /Page\n") >= 4, "the numbers, then the frames"

    play(scene())


def test_a_file_is_replaced_only_when_wanted_and_only_by_a_whole_one(
    play: Play, stage: OpenStage, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            path = tmp_path / "frames.csv"
            path.write_text("precious")
            choose(tab, "Spreadsheet (CSV)…", path)
            question = await on.dialog(ReplaceFile)
            on.click(question.cancel_button)
            await on.closed(question)
            assert path.read_text() == "precious"
            listed = on.store.activity.listed

            async def broken(which: Filter, after: str = "", limit: int = 200) -> Page:
                raise OSError(28, "No space left on device")

            on.store.activity.listed = broken  # type: ignore[method-assign]
            choose(tab, "Spreadsheet (CSV)…", path)
            question = await on.dialog(ReplaceFile)
            on.click(question.accept_button)
            await told(on, "No space left on device")
            assert path.read_text() == "precious"
            assert names(tmp_path, "*.part") == []
            on.store.activity.listed = listed  # type: ignore[method-assign]
            choose(tab, "Spreadsheet (CSV)…", path)
            question = await on.dialog(ReplaceFile)
            on.click(question.accept_button)
            await told(on, "Written to frames.csv")
            assert "A red mug." in path.read_text(encoding="utf-8")

    play(scene())


def test_a_long_export_shows_its_progress_and_can_be_cancelled(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            gate, listed = asyncio.Event(), on.store.activity.listed

            async def slow(which: Filter, after: str = "", limit: int = 200) -> Page:
                page = await listed(which, after, limit)
                await gate.wait()
                return Page(page.frames, "more")

            on.store.activity.listed = slow  # type: ignore[method-assign]
            choose(tab, "Spreadsheet (CSV)…", tmp_path / "frames.csv")
            await on.until(tab.export_bar.isVisible)
            assert tab.export_bar.text.text() == "Writing frames.csv"
            assert not tab.bar.export.isEnabled()
            on.click(tab.export_bar.cancel)
            gate.set()
            await told(on, "cancelled")
            assert names(tmp_path, "frames*") == []
            assert not tab.export_bar.isVisible()
            assert tab.bar.export.isEnabled()

    play(scene())


def job(form: exports.Form, path: Path) -> exports.Job:
    return exports.Job(form, path, Filter(), "Frames", "All.", str, threading.Event())


def test_pages_show_pictures_of_the_newest_and_say_so(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr(exports, "PICTURES_MOST", 4)

    async def scene() -> None:
        async with stage("alice") as on:
            kept = [
                await history.keep(on, "alice", history.sure(), ago=timedelta(minutes=n), with_picture=n != 1)
                for n in range(6)
            ]
            activity, told = on.store.activity, list[int]()
            await on.until(lambda: not any(activity.pictures.waiting(name) for name in kept))
            page = await activity.listed(Filter())
            place = Place(
                on.profile("alice").profile_id, round(page.frames[3].received_at.timestamp() * 1_000), kept[3]
            )
            activity.pictures.path(place).write_bytes(b"damaged")
            await exports.export(activity, job("html", tmp_path / "frames.html"), told.append)
            text = (tmp_path / "frames.html").read_text(encoding="utf-8")
            rows = [row.partition("</tr>")[0] for row in text.split("<tr>")[2:]]
            pictures = [row.partition("base64,")[2].partition('"')[0] for row in rows]
            assert [bool(picture) for picture in pictures] == [True, False, True, False, False, False]
            assert base64.b64decode(pictures[0]).startswith(b"\xff\xd8")
            assert max(map(len, pictures)) < 5_000
            assert "All. Only the newest 4 have a picture here." in text
            assert told == [2, 4, 6]
            page_px = {}
            for form in ("html", "pdf"):
                with monkeypatch.context() as without:
                    without.setattr(exports, "PICTURES_MOST", 0)
                    await exports.export(activity, job(form, tmp_path / "without"), told.append)
                await exports.export(activity, job(form, tmp_path / "with"), told.append)
                page_px[form] = [(tmp_path / name).stat().st_size for name in ("without", "with")]
            assert all(without < with_pictures for without, with_pictures in page_px.values())

    play(scene())


@pytest.mark.parametrize("form", exports.FORMS)
def test_a_stopped_export_leaves_no_file_and_one_begun_anew_is_whole(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: exports.Form
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr(exports, "PAGE_ROWS", 4)

    async def scene() -> None:
        async with stage("alice") as on:
            for index in range(9):
                await history.keep(on, "alice", history.sure(), ago=timedelta(seconds=index), with_picture=True)
            stopped = job(form, tmp_path / "a")
            assert await exports.export(on.store.activity, stopped, lambda _: stopped.stopped.set()) is None
            assert names(tmp_path, "a*") == []
            broken = job(form, tmp_path / "nowhere" / "a")
            with pytest.raises(OSError, match="No such file"):
                await exports.export(on.store.activity, broken, lambda _: None)
            stopped.part.write_text("left over by a crash")
            stopped.stopped.clear()
            assert await exports.export(on.store.activity, stopped, lambda _: None) == exports.Written(9)
            assert b"left over" not in (tmp_path / "a").read_bytes()
            assert names(tmp_path, "a*") == ["a"]

    play(scene())


@pytest.mark.parametrize(
    ("amount", "said"),
    [(None, "–"), (0.0, "$0.00"), (0.0003, "0.03 ct"), (0.00156, "0.16 ct"), (0.0000001, "under 0.01 ct"),
     (0.0996, "9.96 ct"), (0.099999, "$0.10"), (0.5, "$0.50"), (1234.5, "$1,234.50")],
)  # fmt: skip
def test_small_sums_are_told_in_cents(amount: float | None, said: str) -> None:
    assert fmt.usd(amount).replace("1234", "1,234") == said


def test_a_sum_of_a_call_that_was_broken_off_says_that_it_is_an_estimate() -> None:
    assert (fmt.usd(0.0003, is_estimate=True), fmt.usd(None, is_estimate=True)) == ("\u2248 0.03 ct", "–")


def test_a_drill_comes_back_from_its_key() -> None:
    for drill in (
        Drilldown("escalated"),
        Drilldown("by", ""),
        Drilldown("by", "my:box"),
        Drilldown("hour", "7"),
        Drilldown("code", "x"),
    ):
        assert of_key(drill.key) == drill
