"""The activity tab: figures, the frames behind each, filters, paging, and how it follows what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.core.events import FrameAnswered
from app.core.frame import Attempt
from app.core.provider import ON_DEVICE
from app.store.history import queries
from app.store.history.filters import Filter
from app.ui.activity.cells import section
from app.ui.activity.export_front import front
from app.ui.activity.filter_bar import ALL, BETWEEN, TODAY
from app.ui.activity.tab import PAGE_ROWS, ActivityTab
from app.ui.connect.profile_dialogs import AddProfile
from app.ui.support.theme import Tone
from tests.ui import history
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, new_answer, new_frame

PROVIDER_SHOWN = {"by:gemini": "Google Gemini", "by:qwen": "Alibaba Qwen", "by:": "nobody"}


async def opened(on: Stage) -> ActivityTab:
    """The tab with the history in it."""
    on.window.go_to("activity")
    tab = on.tab(ActivityTab)
    await on.until(lambda: tab.lines.frames and not tab._is_loading)
    tab.list.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)  # wherever this screen's pointer is
    return tab


async def varied(on: Stage) -> dict[str, list[str]]:
    """Frames by what they are, ids each."""
    noon = datetime.now().astimezone().replace(hour=0, minute=5)
    kept: dict[str, list[str]] = {"sure": [], "judged": [], "failed": [], "hint": [], "reused": []}
    made: tuple[tuple[str, Callable[[], Any], int], ...] = (
        ("sure", history.sure, 5), ("judged", history.judged, 3), ("failed", history.failed, 2),
        ("hint", history.hint, 1), ("reused", history.reused, 2),
    )  # fmt: skip
    for kind, ending, number in made:
        for minute in range(number):
            kept[kind].append(await history.keep(on, "alice", ending(), at=noon + timedelta(minutes=minute)))
    return kept


def listed(tab: ActivityTab) -> set[str]:
    return {frame.frame_id for frame in tab.lines.frames}


async def shows(on: Stage, tab: ActivityTab, frame_ids: list[str]) -> None:
    await on.until(lambda: listed(tab) == set(frame_ids) and not tab._is_loading)


def test_each_number_opens_the_frames_behind_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            kept = await varied(on)
            everything = [name for names in kept.values() for name in names]
            tab = await opened(on)
            figures = tab.figures
            assert (figures.frames.value, figures.failed.value, figures.failed.note) == ("13", "15 %", "2 frames")
            for tile, behind in (
                (figures.escalated, kept["judged"] + kept["failed"]),
                (figures.failed, kept["failed"]),
                (figures.reused, kept["reused"]),
            ):
                on.click(tile)
                await shows(on, tab, behind)
                assert tile.note == f"{len(behind)} frames"
                assert tile.isChecked()
                assert tab.bar.chip.isVisible()
                on.click(tab.bar.chip)
                await shows(on, tab, everything)
                assert not tab.bar.chip.isVisible()
                assert figures.frames.isChecked()
            on.click(figures.failed)
            await shows(on, tab, kept["failed"])
            on.click(figures.latency)
            await shows(on, tab, everything)
            on.click(figures.failed)
            await shows(on, tab, kept["failed"])
            on.click(figures.frames)
            await shows(on, tab, everything)

    play(scene())


def test_who_answered_and_how_it_ended_open_their_frames(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            kept = await varied(on)
            tab = await opened(on)
            for key, behind in (
                ("by:gemini", kept["sure"] + kept["reused"]),
                ("by:qwen", kept["judged"]),
                ("by:", kept["hint"] + kept["failed"]),
            ):
                row = tab.figures.answerers.row(key)
                assert row is not None
                assert row.accessibleName().startswith(f"{PROVIDER_SHOWN[key]}: {len(behind)} ")
                on.click(row)
                await shows(on, tab, behind)
                assert row.isChecked()
            for key, behind in (
                ("ending:answered", kept["sure"] + kept["judged"] + kept["reused"]),
                ("ending:hint", kept["hint"]),
                ("code:no_answer", kept["failed"]),
            ):
                row = tab.figures.endings.row(key)
                assert row is not None
                row.setFocus()
                QTest.keyClick(row, Qt.Key.Key_Return)
                await shows(on, tab, behind)
                assert str(len(behind)) in tab.bar.shown.text()

    play(scene())


def test_where_there_is_no_ai_what_was_seen_here_is_no_warning(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            seen = new_answer("A mug.", code="degraded", answered_by=ON_DEVICE)
            await history.keep(on, "alice", seen)
            tab = await opened(on)
            assert endings(tab) == [("seen on this computer", "idle")]
            assert front(tab.figures.summary, str).charts[1] == ("How they ended", (("seen on this computer", 1),))
        async with stage("bob") as on:
            await history.keep(on, "bob", seen)
            await history.keep(on, "bob", history.sure())
            assert endings(await opened(on)) == [("sure", "good"), ("not sure", "warn")]

    play(scene())


def endings(tab: ActivityTab) -> list[tuple[str, Tone | None]]:
    return [(row.share.label, row.share.tone) for row in tab.figures.endings.rows if row.isVisible()]


def test_busiest_hours_are_reached_by_keyboard_and_mouse(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=5) - timedelta(days=1)
            late = [await history.keep(on, "alice", history.sure(), at=midnight + timedelta(hours=23))]
            early = [await history.keep(on, "alice", history.sure(), at=midnight + timedelta(hours=1))]
            tab = await opened(on)
            bars = tab.figures.hours.bars
            assert bars[1].accessibleName() == "01:00 to 02:00: 1 frame"
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            bars[0].setFocus()
            QTest.keyClick(bars[0], Qt.Key.Key_Right)
            assert bars[1].hasFocus()
            QTest.keyClick(bars[1], Qt.Key.Key_Space)
            await shows(on, tab, early)
            QTest.keyClick(bars[1], Qt.Key.Key_End)
            assert bars[23].hasFocus()
            QTest.keyClick(bars[23], Qt.Key.Key_Left)
            assert bars[22].hasFocus()
            on.click(bars[23])
            await shows(on, tab, late)
            assert bars[23].isChecked()
            assert not bars[1].isChecked()

    play(scene())


def test_the_cost_opens_who_was_paid_and_when(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            kept = await varied(on)
            old = await history.keep(on, "alice", history.judged(), ago=timedelta(days=2))
            tab = await opened(on)
            assert tab.figures.cost.value == "0.87 ct"
            assert tab.figures.cost.note.startswith("today ")
            menu = tab.figures.cost_menu()
            shown = {action.text().split("\t")[0]: action for action in menu.actions()}
            assert shown["Alibaba Qwen"].text().endswith("0.40 ct")
            shown["Alibaba Qwen"].trigger()
            await shows(on, tab, [*kept["judged"], *kept["failed"], old])
            on.click(tab.bar.chip)
            day = (datetime.now().astimezone() - timedelta(days=2)).date()
            shown[day.isoformat()].trigger()
            await shows(on, tab, [old])
            assert tab.filter.period.currentData() == BETWEEN
            assert not tab.figures.cost.note, "nothing of these days was paid today"
            on.click(tab.figures.cost)
            QTest.keyClick(on.window, Qt.Key.Key_Escape)

    play(scene())


def test_profile_period_search_and_marks_narrow_figures_and_list(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            mug = await history.keep(on, "alice", history.sure("A RED mug."))
            dog = await history.keep(on, "bob", history.sure("Ein Hund, größer als 5 %."))
            old = await history.keep(on, "bob", history.sure("Old sign."), ago=timedelta(days=20))
            tab = await opened(on)
            await shows(on, tab, [mug, dog])
            tab.filter.period.setCurrentIndex(tab.filter.period.findData(ALL))
            await shows(on, tab, [mug, dog, old])
            tab.filter.profile.setCurrentIndex(tab.filter.profile.findData("bob"))
            await shows(on, tab, [dog, old])
            assert tab.figures.frames.value == "2"
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            assert tab.filter.search.hasFocus()
            QTest.keyClicks(tab.filter.search, "HUND")
            QTest.keyClick(tab.filter.search, Qt.Key.Key_Return)
            await shows(on, tab, [dog])
            tab.filter.search.setText("sign")
            await shows(on, tab, [old])
            tab.filter.search.setText("5 %")
            await shows(on, tab, [dog])
            tab.filter.search.setText("")
            tab.filter.profile.setCurrentIndex(0)
            await shows(on, tab, [mug, dog, old])
            await on.store.activity.set_favourite(mug, True)
            await on.store.activity.set_thumb(dog, -1)
            tab.filter.marks.setCurrentIndex(tab.filter.marks.findData("favourite"))
            await shows(on, tab, [mug])
            tab.filter.marks.setCurrentIndex(tab.filter.marks.findData(-1))
            await shows(on, tab, [dog])

    play(scene())


def test_dates_hold_whole_days_whichever_way_round(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            first = datetime(2026, 3, 1, 0, 0, 1).astimezone()
            inside = [await history.keep(on, "alice", history.sure(), at=first)]
            inside.append(await history.keep(on, "alice", history.sure(), at=first + timedelta(hours=47)))
            await history.keep(on, "alice", history.sure(), at=first - timedelta(seconds=5))
            await history.keep(on, "alice", history.sure(), at=first + timedelta(hours=48))
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            tab.filter.period.setCurrentIndex(tab.filter.period.findData(BETWEEN))
            assert tab.filter.begin.isVisible()
            tab.filter.begin.show_day(date(2026, 3, 2))
            tab.filter.end.show_day(date(2026, 3, 1))
            await shows(on, tab, inside)
            tab.filter.period.setCurrentIndex(tab.filter.period.findData(TODAY))
            await on.until(lambda: len(tab.lines.frames) == 1)

    play(scene())


def test_empty_states_lead_on(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="activity", whole=True) as on:
            tab = on.tab(ActivityTab)
            await on.until(tab.no_frames.isVisible)
            on.click(tab.no_frames.button)
            dialog = await on.dialog(AddProfile)
            dialog.reject()
            await on.closed(dialog)
            await on.store.profiles.add("alice")
            on.window.go_to("activity")
            await on.until(lambda: tab.no_frames.button.text() == "Go to Live")
            on.click(tab.no_frames.button)
            assert on.shown_tab().name == "live"
            kept = await history.keep(on, "alice", history.sure(), ago=timedelta(days=9))
            on.window.go_to("activity")
            await on.until(tab.no_match.isVisible)
            assert not tab.bar.export.isEnabled()
            on.click(tab.no_match.button)
            await shows(on, tab, [kept])

    play(scene())


def test_scrolling_loads_page_after_page(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            number = 2 * PAGE_ROWS + 50
            kept = [
                await history.keep(on, "alice", history.sure(), ago=timedelta(seconds=index)) for index in range(number)
            ]
            tab = await opened(on)
            await on.until(lambda: len(tab.lines.frames) == PAGE_ROWS)
            while len(tab.lines.frames) < number:
                before = len(tab.lines.frames)
                tab.list.scrollToBottom()
                await on.until(lambda before=before: len(tab.lines.frames) > before)
            assert [frame.frame_id for frame in tab.lines.frames] == kept
            assert not tab.lines.canFetchMore(tab.list.rootIndex())

    play(scene())


def test_new_frames_come_above_what_is_looked_at(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for index in range(120):
                await history.keep(on, "alice", history.sure(), ago=timedelta(minutes=index + 1))
            tab = await opened(on)
            looked_at = tab.lines.frames[60].frame_id
            tab.list.pick(looked_at)
            tab.list.verticalScrollBar().setValue(55)
            top = tab.lines.oldest_at(tab.list.rowAt(0))
            new = [await history.keep(on, "alice", history.sure(), ago=timedelta(0)) for _ in range(3)]
            on.bus.publish(FrameAnswered(new_frame(on.profile("alice")), new_answer("A red mug.")))
            await on.until(lambda: len(tab.lines.frames) == 123)
            assert {frame.frame_id for frame in tab.lines.frames[:3]} == set(new)
            assert tab.list.picked is not None
            assert tab.list.picked.frame_id == looked_at
            await on.until(lambda: tab.lines.oldest_at(tab.list.rowAt(0)) == top)
            tab.list.verticalScrollBar().setValue(0)
            newest = await history.keep(on, "alice", history.failed(), ago=timedelta(0))
            on.fail("alice")
            await on.until(lambda: tab.lines.frames[0].frame_id == newest)
            assert tab.list.rowAt(0) == 0

    play(scene())


def test_an_open_list_does_not_hold_more_and_more(play: Play, stage: OpenStage) -> None:
    """Days of frames come in above: what nobody looks at goes, and is there again when one scrolls to it."""

    async def scene() -> None:
        async with stage("alice") as on:
            kept = [
                await history.keep(on, "alice", history.sure(), ago=timedelta(minutes=index + 1))
                for index in range(PAGE_ROWS + 20)
            ]
            tab = await opened(on)

            async def more() -> None:
                for _ in range(15):
                    kept.insert(0, await history.keep(on, "alice", history.sure(), ago=timedelta(0)))
                on.answer("alice")
                await on.until(lambda: tab.lines.frames[0].frame_id == kept[0])

            for _ in range(3):
                await more()
                assert [frame.frame_id for frame in tab.lines.frames] == kept[:PAGE_ROWS]
            while len(tab.lines.frames) < len(kept):
                before = len(tab.lines.frames)
                tab.list.scrollToBottom()
                await on.until(lambda before=before: len(tab.lines.frames) > before)
            assert [frame.frame_id for frame in tab.lines.frames] == kept
            looked_at = tab.list.rowAt(0)
            await more()
            assert [frame.frame_id for frame in tab.lines.frames] == kept, "what is looked at stays"
            await on.until(lambda: tab.list.rowAt(0) == looked_at + 15)
            tab.list.scrollToTop()
            tab.list.pick(kept[-1])
            await more()
            assert tab.list.picked is not None
            assert tab.list.picked.frame_id == kept[-1]
            tab.list.pick(kept[0])
            tab.list.scrollToTop()
            await more()
            assert len(tab.lines.frames) == PAGE_ROWS

    play(scene())


def test_hidden_nothing_is_asked_and_shown_it_catches_up(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            asked: list[Filter] = []
            summary = on.store.activity.summary

            async def noted(which: Filter) -> Any:
                asked.append(which)
                return await summary(which)

            on.store.activity.summary = noted  # type: ignore[method-assign]
            tab = on.tab(ActivityTab)
            kept = await history.keep(on, "alice", history.sure())
            on.answer("alice")
            rounds = list[None]()
            on.window.tabs[0].bridge.delivered.connect(lambda: rounds.append(None))
            await on.until(lambda: rounds)
            assert not asked
            assert not tab._stale.isActive()
            on.window.go_to("activity")
            await shows(on, tab, [kept])
            before = len(asked)
            for _ in range(40):
                on.answer("alice")
                await asyncio.sleep(0)
            await on.until(lambda: len(asked) == before + 1)
            on.answer("alice")
            on.window.go_to("live")
            assert not tab._stale.isActive()

    play(scene())


def test_an_earlier_question_never_overtakes_a_later_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            hers, his = [await history.keep(on, name, history.sure()) for name in ("alice", "bob")]
            tab = await opened(on)
            gate, summary = asyncio.Event(), on.store.activity.summary
            waiting = list[Filter]()

            async def slow(which: Filter) -> Any:
                found = await summary(which)
                if which.username == "alice":
                    waiting.append(which)
                    await gate.wait()
                return found

            on.store.activity.summary = slow  # type: ignore[method-assign]
            tab.filter.profile.setCurrentIndex(tab.filter.profile.findData("alice"))
            await on.until(lambda: waiting)
            tab.filter.profile.setCurrentIndex(tab.filter.profile.findData("bob"))
            await shows(on, tab, [his])
            gate.set()
            for _ in range(20):
                await asyncio.sleep(0.005)
                assert listed(tab) == {his}
            assert hers not in listed(tab)

    play(scene())


def test_of_a_long_history_the_newest_are_summed_and_all_are_listed(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            kept = [await history.keep(on, "alice", history.sure()) for _ in range(5)]
            tab = await opened(on)
            monkeypatch.setattr(queries, "LOOKED_AT_ONCE", 2)
            tab.filter.search.setText("ug")
            tab.filter.search.returnPressed.emit()
            await on.until(lambda: tab.figures.summary.is_cut and not tab._is_loading)
            assert listed(tab) == set(kept)
            assert (tab.figures.frames.value, tab.figures.frames.note) == ("2", "in the newest 10000")
            assert tab.bar.shown.text() == "more than 2 frames, newest first"
            on.click(tab.figures.endings.row("ending:answered"))
            await on.until(lambda: tab.bar.shown.text() == "Shown:")
            await shows(on, tab, kept)
            tab.filter.search.clear()
            await on.until(lambda: tab.bar.shown.text() == "5 frames")
            assert tab.figures.frames.note == "all of them"

    play(scene())


def test_a_profile_that_goes_gives_way_to_all(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            hers = await history.keep(on, "alice", history.sure())
            await history.keep(on, "bob", history.sure())
            tab = await opened(on)
            tab.filter.profile.setCurrentIndex(tab.filter.profile.findData("bob"))
            await on.until(lambda: len(tab.lines.frames) == 1)
            await on.store.trash.delete("bob")
            await shows(on, tab, [hers])
            assert tab.filter.profile.currentData() is None
            assert datetime.now(UTC) > tab.lines.frames[0].received_at

    play(scene())


def test_column_widths_are_kept(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="activity") as on:
            on.tab(ActivityTab).list.setColumnWidth(section("username"), 177)
        async with stage(tab="activity") as on:
            assert on.tab(ActivityTab).list.columnWidth(section("username")) == 177
            assert on.tab(ActivityTab).list.columnWidth(section("received_at")) != 177

    play(scene())


def test_unpriced_frames_are_told_beside_the_cost(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            await history.keep(on, "alice", new_answer("A mug.", attempts=(Attempt("qwen", "q-9", "sure", 90),)))
            tab = await opened(on)
            assert (tab.figures.cost.value, tab.figures.cost.note) == ("0.03 ct", "1 frame without a price")
            assert [tab.lines.index(row, section("cost_usd")).data() for row in (1, 2)] == ["–", "0.03 ct"]

    play(scene())


def test_a_tile_is_pressed_with_the_mouse_where_it_is_drawn(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            kept = await varied(on)
            tab = await opened(on)
            QTest.mouseClick(tab.figures.failed, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
            await shows(on, tab, kept["failed"])

    play(scene())
