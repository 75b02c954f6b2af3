"""The activity tab's list with days between its frames and the same scene in one line."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.store.history.filters import Page
from app.ui.activity.tab import PAGE_ROWS, ActivityTab
from tests.ui import history
from tests.ui.activity.test_activity import opened, shows
from tests.ui.activity.test_frames import close, open_frame
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage


async def scene_of(on: Stage, begins: datetime, more: int) -> list[str]:
    """A frame and so many of the same scene, a second apart; their ids, newest first."""
    return [
        await history.keep(
            on, "alice", history.reused() if second else history.sure(), at=begins + timedelta(seconds=second)
        )
        for second in range(1 + more)
    ][::-1]


def noon(days_ago: int = 0) -> datetime:
    return datetime.now().astimezone().replace(hour=12, minute=0, second=0) - timedelta(days=days_ago)


def rows(tab: ActivityTab) -> list[str]:
    """What stands in the first column, of frames their ids."""
    frames = map(tab.lines.frame_at, range(tab.lines.rowCount()))
    return [frame.frame_id if frame else tab.lines.index(row, 0).data() for row, frame in enumerate(frames)]


def press(tab: ActivityTab, row: int) -> None:
    place = tab.list.visualRect(tab.lines.index(row, 0)).center()
    QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


async def focused(on: Stage, tab: ActivityTab) -> None:
    on.window.activateWindow()
    await on.until(on.window.isActiveWindow)
    tab.list.setFocus()


def keys(tab: ActivityTab, *pressed: Qt.Key) -> None:
    for key in pressed:
        QTest.keyClick(tab.list, key)


def test_the_same_scene_is_one_line_that_a_click_opens(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            old = await scene_of(on, noon(2), 0)
            *more, first = await scene_of(on, noon(1), 2)
            tab = await opened(on)
            folded = "2 more of the same scene, 12:00:01 to 12:00:02"
            before = tab.lines.index(3, 0).data()
            assert before.endswith(str(noon(2).year))
            assert before[0].isalpha(), "a weekday first"
            assert rows(tab) == ["Yesterday", folded, first, before, *old]
            assert tab.list.columnSpan(1, 0) > 5
            assert tab.list.rowHeight(0) == tab.list.rowHeight(1) < tab.list.rowHeight(2)
            press(tab, 1)
            assert rows(tab) == ["Yesterday", folded, *more, first, before, *old]
            assert tab.list.columnSpan(5, 0) > 5
            assert tab.list.columnSpan(2, 0) == 1
            assert tab.list.rowHeight(2) == tab.list.rowHeight(4) > tab.list.rowHeight(5)
            newest = await history.keep(on, "alice", history.reused(), at=noon(1) + timedelta(seconds=3))
            on.answer("alice")
            folded = "3 more of the same scene, 12:00:01 to 12:00:03"
            await on.until(lambda: rows(tab) == ["Yesterday", folded, newest, *more, first, before, *old])
            press(tab, 1)
            assert rows(tab) == ["Yesterday", folded, first, before, *old]
            assert tab.list.picked is None

    play(scene())


def test_other_frames_in_the_place_of_headings_are_as_high_as_frames_are(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for days_ago in (2, 1):
                await scene_of(on, noon(days_ago), 1)
            tab = await opened(on)
            before = [tab.list.rowHeight(row) for row in range(tab.lines.rowCount())]
            assert before[0] < before[2] > before[3]
            tab.lines.show_page(Page(tuple(tab.lines.frames), ""), folds=False)
            after = [tab.list.rowHeight(row) for row in range(tab.lines.rowCount())]
            assert after == [before[0], before[2], before[2]] * 2

    play(scene())


def test_a_time_stands_without_its_day(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await scene_of(on, noon(1), 0)
            tab = await opened(on)
            time = tab.lines.index(1, 0)
            assert time.data() == "12:00:00"
            assert str(noon(1).year) in time.data(Qt.ItemDataRole.AccessibleTextRole)

    play(scene())


def test_keys_open_a_fold_pass_over_days_and_step_to_the_next_frame(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            (old,) = await scene_of(on, noon(1), 0)
            *more, first = await scene_of(on, noon(), 2)
            tab = await opened(on)
            shown = await open_frame(on, tab, first)
            tab.list.setFocus()
            keys(tab, Qt.Key.Key_Up)
            assert (tab.list.picked, shown.frame_id) == (None, first), "a fold is picked, the frame stays open"
            fold = tab.list.currentIndex()
            assert fold.data(Qt.ItemDataRole.AccessibleTextRole).endswith("; Enter opens it")
            keys(tab, Qt.Key.Key_Left)
            assert tab.lines.rowCount() == 5
            keys(tab, Qt.Key.Key_Right)
            assert tab.list.currentIndex().row() == 1
            assert fold.data(Qt.ItemDataRole.AccessibleTextRole).endswith("; Enter closes it")
            keys(tab, Qt.Key.Key_Down)
            assert shown.frame_id == more[0]
            keys(tab, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Up)
            assert (tab.lines.rowCount(), tab.list.currentIndex().row()) == (5, 1), "nothing is above but the day"
            QTest.keyClick(tab.list, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
            assert tab.list.currentIndex().row() == 1
            assert (shown.newer.isEnabled(), shown.older.isEnabled()) == (False, True)
            on.click(shown.older)
            assert shown.frame_id == first
            on.click(shown.older)
            assert shown.frame_id == old
            assert not shown.older.isEnabled()
            keys(tab, Qt.Key.Key_Up)
            assert shown.frame_id == first
            await close(on, shown)

    play(scene())


def test_a_number_shows_every_frame_behind_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            names = await scene_of(on, noon(), 2)
            tab = await opened(on)
            on.click(tab.figures.frames)
            tab.filter.search.setText("mug")
            tab.filter.search.returnPressed.emit()
            tab.refresh()  # which asks again, for what is shown already as it takes it
            await on.until(lambda: tab._listed.text == "mug" and not tab._is_loading)
            await shows(on, tab, names)
            assert rows(tab) == ["Today", *names]
            tab.filter.clear()
            await on.until(lambda: not tab._listed.text and not tab._is_loading)
            assert len(rows(tab)) == 3

    play(scene())


def test_a_scene_longer_than_pages_is_read_until_a_line_follows(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            number = 2 * PAGE_ROWS + 20
            begins = noon(1)
            names = await scene_of(on, begins, number)
            tab = await opened(on)
            await on.until(lambda: len(tab.lines.frames) == len(names))
            told = tab.lines.index(1, 0).data()
            assert told.startswith(f"{number} more of the same scene, 12:00:01 to ")
            assert rows(tab) == ["Yesterday", told, names[-1]]

    play(scene())
