"""The latency tab: what chart, table and files say is what the history holds, and frames that end are counted on."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from app.core.errors import NoAnswer
from app.core.events import FrameAnswered, FrameCompleted, FrameFailed, HistoryChanged
from app.core.frame import Attempt, Frame
from app.core.latency import DAY, HOUR, QUARTER, CallTiming, FrameTiming, Latencies
from app.ui.latency import series
from app.ui.latency.chart_legend import FAILURE_SHAPES, OTHER_FAILURE_SHAPE, failure_style, series_style
from app.ui.latency.series import lines_of
from app.ui.latency.tab import LatencyTab
from app.ui.support.theme import Theme, is_dark, our_palette
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, new_answer

_ids = itertools.count()


def frame(on: Stage, minutes_ago: float = 0.0, username: str = "alice") -> Frame:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return Frame(f"latency-{next(_ids):05d}", on.profile(username), "What is this?", b"upload", "192.168.0.12", at)


def answered(one: Frame, *calls: tuple[str, str, int], own_ms: int = 20) -> FrameAnswered:
    attempts = tuple(Attempt(name, f"{name}-1", outcome, latency_ms) for name, outcome, latency_ms in calls)
    latency_ms = own_ms + sum(attempt.latency_ms for attempt in attempts if attempt.is_call)
    return FrameAnswered(one, new_answer("A mug.", attempts=attempts, latency_ms=latency_ms))


async def keep(on: Stage, event: FrameAnswered) -> FrameAnswered:
    await on.store.activity.record(event.frame, None, event.answer, event.answer.latency_ms)
    return event


def cells(tab: LatencyTab) -> dict[str, list[str]]:
    rows = tab.table.rows
    return {
        rows.cell(row, 0).text: [rows.cell(row, column).text for column in range(1, 7)]
        for row in range(rows.rowCount())
    }  # fmt: skip


async def shown(on: Stage) -> LatencyTab:
    tab = on.tab(LatencyTab)
    on.window.go_to("latency")
    await on.until(lambda: tab.chart is not None and tab._loading is None and tab.table.isVisible())
    return tab


def chart_of(tab: LatencyTab) -> Any:
    assert tab.chart is not None
    return tab.chart


# --- before it is shown -----------------------------------------------------------------------------------------------


def test_charts_are_imported_when_the_tab_is_shown_and_not_before(tmp_path: Path) -> None:
    code = """
        import asyncio, sys
        from pathlib import Path
        from PySide6.QtWidgets import QApplication
        from qasync import QEventLoop
        from app.ui.support.theme import Theme
        from tests.ui.stage import Stage

        def known():
            return sorted({name.partition(".")[0] for name in sys.modules} & {"pyqtgraph", "numpy"})

        async def scene():
            async with Stage.open(Path(sys.argv[1]), theme, ["alice"], "live") as on:
                for tab in on.window.tabs:
                    if tab.name != "latency":
                        on.window.go_to(tab.name)
                        await asyncio.sleep(0.05)
                print("before", *known())
                on.window.go_to("latency")
                await on.until(lambda: on.shown_tab().chart is not None)
                print("after", *known())

        application = QApplication([])
        theme = Theme(application)
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            runner.run(scene())
    """
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["before", "after numpy pyqtgraph"], done.stderr


def test_with_no_frame_it_says_what_to_do(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="latency") as on:
            tab = on.tab(LatencyTab)
            await on.until(tab.empty.isVisible)
            assert tab.empty.title.text() == "No frame in the last 15 minutes"
            assert not tab.csv.isEnabled()
            on.click(tab.periods[DAY])
            await on.until(lambda: tab.empty.title.text() == "No frame in the last 24 hours")
            on.click(tab.empty.button)
            assert on.shown_tab().name == "live"

    play(scene())


# --- what it says -----------------------------------------------------------------------------------------------------


def test_the_table_says_what_the_history_holds(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for number in range(1, 21):
                await keep(on, answered(frame(on, 5), ("gemini", "sure", number * 100), own_ms=number))
            await keep(on, answered(frame(on, 3), ("gemini", "timeout", 6_000), ("qwen", "unsure", 900)))
            await keep(on, answered(frame(on, 3), ("gemini", "rate", 30), ("qwen", "skipped", 0), own_ms=20))
            await keep(on, answered(frame(on, 3), ("gemini", "timeout", 6_000), own_ms=20))
            await keep(on, answered(frame(on, 40), ("qwen", "sure", 100)))
            tab = await shown(on)
            assert cells(tab) == {
                "On the glasses": ["23 frames", "1.1 s", "6.0 s", "–", "–", ""],
                "Google Gemini": ["23", "1.0 s", "1.9 s", "3", "13 %", "2 × took too long, 1 × asked us to wait"],
                "Alibaba Qwen": ["1", "900 ms", "900 ms", "0", "0 %", ""],
                "This server": ["23 frames", "12 ms", "20 ms", "–", "–", ""],
            }
            assert not tab.table.selectionModel().hasSelection()

    play(scene())


def test_a_longer_period_reaches_further_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for minutes_ago, latency_ms in ((1, 100), (40, 200), (600, 300), (3_000, 400)):
                await keep(on, answered(frame(on, minutes_ago), ("gemini", "sure", latency_ms)))
            tab, counts = await shown(on), list[str]()
            for period, button in tab.periods.items():
                on.click(button)
                await on.until(lambda period=period: tab._loading is None and tab._latencies.period == period)
                await on.until(tab.table.isVisible)
                counts.append(cells(tab)["Google Gemini"][0])
                assert [chosen for chosen, other in tab.periods.items() if other.isChecked()] == [period]
            assert counts == ["1", "2", "3", "4"]

    play(scene())


def test_frames_that_end_are_counted_on_and_painted_once_for_many(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100)))
            tab = await shown(on)
            chart, painted = chart_of(tab), list[int]()
            show_lines = chart.show_lines
            await on.until(lambda: not chart.canvas.is_drawing)
            chart.show_lines = lambda *told: (painted.append(1), show_lines(*told))
            for _ in range(200):
                on.bus.publish(answered(frame(on), ("gemini", "sure", 300)))
            failed = (Attempt("gemini", "g-1", "overload", 90), Attempt("qwen", "q-1", "skipped", why="no key"))
            on.bus.publish(FrameFailed(frame(on), NoAnswer(attempts=failed), 100))
            await on.until(lambda: cells(tab)["Google Gemini"][0] == "202")
            assert len(painted) == 1
            assert len(chart.canvas.sheet.strokes) == 6, "the median and the 95th percentile of three"
            assert cells(tab)["Google Gemini"][1:] == [
                "300 ms", "300 ms", "1", "0 %", "1 × overloaded or unreachable"
            ]  # fmt: skip
            assert cells(tab)["This server"][0] == "202 frames"

    play(scene())


def test_a_hidden_tab_paints_nothing_and_catches_up(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100)))
            tab = await shown(on)
            on.window.go_to("live")
            heard = list[FrameAnswered]()
            tab.bridge.on(FrameAnswered, heard.append, tab)
            on.bus.publish(answered(frame(on), ("gemini", "sure", 300)))
            await on.until(lambda: heard)
            assert not tab._painting.isActive()
            assert not tab._moving.isActive()
            assert cells(tab)["Google Gemini"][0] == "1"
            on.window.go_to("latency")
            await on.until(lambda: cells(tab)["Google Gemini"][0] == "2")

    play(scene())


def test_a_frame_that_ends_while_the_history_is_read_counts_once(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            tab = await shown_empty(on)
            each_timing, heard = on.store.activity.each_timing, list[FrameAnswered]()
            tab.bridge.on(FrameAnswered, heard.append, tab)

            async def slow(since: datetime, take: Any) -> None:
                one = await keep(on, answered(frame(on), ("gemini", "sure", 100)))
                await each_timing(since, take)
                on.bus.publish(one)  # it was read, and it is told
                on.bus.publish(answered(frame(on), ("gemini", "sure", 200)))  # it was not
                await on.until(lambda: len(heard) == 2)

            on.store.activity.each_timing = slow  # type: ignore[method-assign]
            tab.refresh()
            await on.until(lambda: tab.table.isVisible() and cells(tab)["Google Gemini"][:2] == ["2", "100 ms"])

    play(scene())


def test_what_comes_after_the_words_counts_once_too(play: Play, stage: OpenStage) -> None:
    """Heard of when it comes, or read of a frame whose end was heard while the history was read."""

    async def scene() -> None:
        async with stage("alice") as on:
            early = [answered(frame(on), ("gemini", "sure", 900 + number), own_ms=20) for number in range(3)]
            for one in early[:2]:
                await keep(on, one)
            tab = await shown(on)
            for one in early[:2]:
                on.bus.publish(completed(one, 1_900))
            await on.until(lambda: cells(tab)["Google Gemini"][1:3] == ["900 ms, whole 1.9 s", "901 ms, whole 1.9 s"])
            assert cells(tab)["On the glasses"][1:3] == ["920 ms, whole 1.9 s", "921 ms, whole 1.9 s"]
            each_timing, heard = on.store.activity.each_timing, list[FrameCompleted]()
            tab.bridge.on(FrameCompleted, heard.append, tab)

            async def slow(since: datetime, take: Any) -> None:
                await keep(on, early[2])
                await each_timing(since, take)
                for one in early:
                    on.bus.publish(completed(one, 3_000))
                await on.until(lambda: len(heard) == 3)

            on.store.activity.each_timing = slow  # type: ignore[method-assign]
            tab.refresh()
            await on.until(lambda: cells(tab)["Google Gemini"][0] == "3" and tab._loading is None)
            assert cells(tab)["Google Gemini"][1:3] == ["901 ms, whole 3.0 s", "902 ms, whole 3.0 s"]
            assert tab._latencies is not None
            assert len(tab._latencies.frames._whole.popitem()[1]) == 3

    play(scene())


def completed(event: FrameAnswered, whole_ms: int) -> FrameCompleted:
    attempts = tuple(replace(attempt, whole_ms=whole_ms) for attempt in event.answer.attempts)
    return FrameCompleted(event.frame, replace(event.answer, attempts=attempts, whole_ms=whole_ms + 20))


async def shown_empty(on: Stage) -> LatencyTab:
    tab = on.tab(LatencyTab)
    on.window.go_to("latency")
    await on.until(tab.empty.isVisible)
    return tab


def test_what_changes_while_it_is_read_is_read_again(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on, 40), ("gemini", "sure", 100)))
            tab = await shown_empty(on)
            each_timing, asked = on.store.activity.each_timing, list[datetime]()

            async def slow(since: datetime, take: Any) -> None:
                await each_timing(since, take)
                asked.append(since)
                if len(asked) == 1:
                    on.click(tab.periods[HOUR])

            on.store.activity.each_timing = slow  # type: ignore[method-assign]
            tab.refresh()
            await on.until(lambda: tab.table.isVisible() and cells(tab)["Google Gemini"][0] == "1")
            assert len(asked) == 2

    play(scene())


def test_deleted_frames_are_gone_here_too(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100)))
            await keep(on, answered(frame(on, username="bob"), ("gemini", "sure", 300)))
            tab = await shown(on)
            assert cells(tab)["Google Gemini"][0] == "2"
            await on.store.trash.delete("bob")
            on.bus.publish(HistoryChanged())
            await on.until(lambda: cells(tab)["Google Gemini"][:2] == ["1", "100 ms"])

    play(scene())


# --- the chart --------------------------------------------------------------------------------------------------------


def test_failures_have_marks_and_a_legend_by_kind(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100)))
            tab = await shown(on)
            chart = chart_of(tab)
            assert not chart.misses.vb.isVisible()
            assert [entry.text for entry in chart.legend.entries] == [
                "On the glasses", "Google Gemini", "This server", "half are quicker", "95 % are quicker"
            ]  # fmt: skip
            await keep(on, answered(frame(on), ("gemini", "timeout", 6_000), ("qwen", "rate", 30)))
            await keep(on, answered(frame(on, 2), ("gemini", "timeout", 6_000)))
            tab.refresh()
            await on.until(lambda: chart.misses.vb.isVisible())
            spots = sorted(
                (word, spot.pos().y(), spot.symbol()) for word, marks in chart.marks.items() for spot in marks.points()
            )
            rate, timeout = (FAILURE_SHAPES[word] for word in ("rate", "timeout"))
            assert spots == [("rate", 0.0, rate), ("timeout", 1.0, timeout), ("timeout", 1.0, timeout)]
            ticks = dict(chart.misses.axes["left"]._tickLevels[0])
            assert ticks == {0: "Alibaba Qwen", 1: "Google Gemini"}
            assert [entry.text for entry in chart.legend.entries][-2:] == ["asked us to wait", "took too long"]
            assert "took too long" in chart.legend.accessibleDescription()
            narrow, wide = chart.legend.heightForWidth(300), chart.legend.heightForWidth(2_000)
            assert narrow > wide > 0

    play(scene())


def test_a_series_is_left_out_and_one_outlier_does_not_set_the_scale(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for number in range(12):
                await keep(on, answered(frame(on, 14 - number), ("gemini", "sure", 400)))
            await keep(on, answered(frame(on, 1.5), ("qwen", "sure", 50_000)))
            tab = await shown(on)
            chart = chart_of(tab)
            whole = chart.canvas.sheet
            assert whole.top_ms < 1_000, "most of what is waited for is seen"
            rows = tab.table.rows
            index = rows.index(rows.names.index("qwen"), 0)
            assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            rows.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
            assert [line.name for line in chart.lines] == ["(glasses)", "gemini", "(server)"]
            assert len(chart.canvas.sheet.strokes) == len(whole.strokes) - 2
            rows.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
            assert "qwen" in [line.name for line in chart.lines]

    play(scene())


def test_a_line_does_not_lead_over_what_is_not_known(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for minutes_ago in (10, 2, 1.75):
                await keep(on, answered(frame(on, minutes_ago), ("gemini", "sure", 100)))
            chart = chart_of(await shown(on))
            first, second = chart.canvas.sheet.strokes[3].parts
            assert [value for _, value in first] == [100.0]
            assert [value for _, value in second] == [100.0, 100.0]
            assert second[1][0] - second[0][0] == QUARTER.width_s

    play(scene())


def test_pointing_reads_the_values_and_leaving_ends_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            on.window.resize(1_120, 760)
            one = frame(on, 6)
            await keep(on, answered(one, ("gemini", "sure", 1_200), own_ms=25))
            await keep(on, answered(Frame("f", one.profile, "", b"", "", one.received_at), ("gemini", "rate", 10)))
            chart = chart_of(await shown(on))
            await point(on, chart, one.received_at.timestamp())
            await on.until(chart.readout.isVisible)
            told = chart.readout.text().splitlines()
            begin = one.received_at.timestamp() // 15 * 15
            times = [datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S") for at in (begin, begin + 15)]
            assert told == [
                f"{times[0]} to {times[1]}", "On the glasses: half within 30 ms, 95 % within 1.2 s, frames: 2",
                "Google Gemini: half within 1.2 s, 95 % within 1.2 s, calls: 2",
                "    1 × asked us to wait", "This server: half within 20 ms, 95 % within 25 ms, frames: 2",
            ]  # fmt: skip
            assert chart.rect().contains(chart.readout.geometry())
            await point(on, chart, begin - 300)
            await on.until(lambda: not chart.readout.isVisible())
            await point(on, chart, begin + 5)
            await on.until(chart.readout.isVisible)
            QApplication.sendEvent(chart.view.viewport(), QEvent(QEvent.Type.Leave))
            assert not chart.readout.isVisible()

    play(scene())


async def point(on: Stage, chart: Any, at_s: float) -> None:
    place = chart.times.vb.mapViewToScene(chart.times.vb.viewRect().center().__class__(at_s, 10.0))
    viewport = chart.view.viewport()
    target = chart.view.mapFromScene(place)
    for step in (QPoint(target.x(), target.y() - 3), target):
        QTest.mouseMove(viewport, step)
        await asyncio.sleep(0.02)  # pyqtgraph lets a hundred of these through a second


def test_light_and_dark_have_their_own_colours(play: Play, stage: OpenStage, theme: Theme) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100), ("qwen", "rate", 10)))
            chart = chart_of(await shown(on))
            try:
                for scheme in ("light", "dark"):
                    theme.apply(scheme)
                    await on.until(lambda dark=scheme == "dark": is_dark(chart.palette()) is dark)
                    base = chart.palette().color(QPalette.ColorRole.Base)
                    style = series_style(0, chart.palette())
                    assert chart.view.backgroundBrush().color() == base
                    assert chart.canvas.sheet.strokes[3].pen.color() == style.colour
                    assert abs(style.colour.lightness() - base.lightness()) > 60
                    corner = chart.view.grab().toImage().pixelColor(3, 3)
                    assert corner == base
            finally:
                theme.apply("light")

    play(scene())


@pytest.mark.parametrize("dark", [False, True])
def test_series_and_failures_are_told_apart_without_colour(dark: bool) -> None:
    palette = our_palette(dark=dark)
    styles = [series_style(index, palette) for index in range(24)]
    assert len({(style.colour.name(), style.shape) for style in styles}) == 24
    assert len({style.shape for style in styles[:8]}) == 8, "the first eight by their shape alone"
    base = palette.color(QPalette.ColorRole.Base)
    assert all(contrast(style.colour, base) >= 3 for style in styles)
    assert len(set(FAILURE_SHAPES.values())) == len(FAILURE_SHAPES)
    assert failure_style("a new kind", palette).shape == OTHER_FAILURE_SHAPE
    assert OTHER_FAILURE_SHAPE not in FAILURE_SHAPES.values()


def contrast(one: Any, other: Any) -> float:
    """As WCAG has it."""

    def luminance(colour: Any) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                 for part in (colour.redF(), colour.greenF(), colour.blueF())]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_kind_of_failure_has_a_shape_of_its_own() -> None:
    from tests.core.actors import PROVIDER_ERRORS

    assert {error.word for error in PROVIDER_ERRORS} == set(FAILURE_SHAPES)


# --- files ------------------------------------------------------------------------------------------------------------


async def choose_file(on: Stage, path: Path) -> None:
    chooser = await on.dialog(QFileDialog)
    chooser.findChild(QLineEdit).setText(str(path))
    next(button for button in chooser.findChildren(QPushButton) if "Save" in button.text()).click()
    await on.closed(chooser)


def test_numbers_and_chart_are_saved(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    numbers, chart = tmp_path / "numbers.csv", tmp_path / "chart.png"

    async def scene() -> None:
        async with stage("alice") as on:
            one = frame(on, 4)
            await keep(on, answered(one, ("gemini", "sure", 1_200), ("qwen", "rate", 30), own_ms=25))
            tab = await shown(on)
            on.click(tab.csv)
            await choose_file(on, numbers)
            await on.until(lambda: "Saved as numbers.csv." in on.window.messages.texts())
            await on.until(lambda: not tab.chart.canvas.is_drawing)
            on.click(tab.png)
            await choose_file(on, chart)
            await on.until(lambda: "Saved as chart.png." in on.window.messages.texts())
            rows = list(csv.DictReader(io.StringIO(numbers.read_text(encoding="utf-8"))))
            assert [(row["provider"], row["calls"], row["p50_ms"], row["p95_ms"], row["failures"]) for row in rows] == [
                ("(glasses)", "1", "1255", "1255", ""), ("gemini", "1", "1200", "1200", ""),
                ("qwen", "1", "", "", "rate:1"), ("(server)", "1", "25", "25", ""),
            ]  # fmt: skip
            begin, end = (datetime.fromisoformat(rows[0][column]) for column in ("from", "to"))
            assert begin <= one.received_at < end
            assert (end - begin).total_seconds() == QUARTER.width_s
            image = QImage(str(chart))
            colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
            assert series_style(0, tab.palette()).colour.rgb() in colours

    play(scene())


def test_a_file_that_cannot_be_written_is_told(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await keep(on, answered(frame(on), ("gemini", "sure", 100)))
            tab = await shown(on)
            for form in ("csv", "png"):
                tab._save(tmp_path / "no such folder" / f"latency.{form}", form)
            await on.until(lambda: sum("could not be written" in text for text in on.window.messages.texts()) >= 1)
            await on.until(lambda: tab.csv.isEnabled() and tab.png.isEnabled())

    play(scene())


# --- the view alone ---------------------------------------------------------------------------------------------------


def test_a_provider_keeps_its_colour_whoever_else_has_calls() -> None:
    latencies = Latencies(QUARTER)
    latencies.add(
        FrameTiming("f1", 1_000.0, "ok", 200, (CallTiming("qwen", "sure", 100), CallTiming("gone", "sure", 80)))
    )
    lines = lines_of(latencies, ("gemini", "qwen"), str.upper)
    assert [(line.name, line.label, line.index) for line in lines] == [
        (series.FRAMES, "On the glasses", -1), ("qwen", "QWEN", 1), ("gone", "GONE", 2),
        (series.OWN, "This server", -1),
    ]  # fmt: skip
    assert series.reading(lines, 5_000.0, 15) == []
