"""From the activity tab's list on: a frame in full, marks, blocking, deleting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from app.core.errors import StoreError
from app.core.events import FrameCompleted
from app.ui.activity.cells import section
from app.ui.activity.delete_frames import DeleteFrames
from app.ui.activity.tab import ActivityTab
from app.ui.connect.block_address import BlockAddress
from app.ui.frames.inspector import FrameInspector
from app.ui.widgets.buttons import Button
from app.ui.widgets.choose_file import ReplaceFile
from app.ui.widgets.scroll import PageScroll
from tests.ui import history, presses
from tests.ui.activity.test_activity import listed, opened, shows
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import PHOTO, Stage, new_answer, new_frame


async def open_frame(on: Stage, tab: ActivityTab, frame_id: str) -> FrameInspector:
    on.window.activateWindow()
    await on.until(on.window.isActiveWindow)
    tab.list.pick(frame_id)
    tab.list.setFocus()
    QTest.keyClick(tab.list, Qt.Key.Key_Return)
    await on.until(lambda: tab.inspector.isVisible() and tab.inspector.frame is not None)
    presses.watch(tab.inspector)
    return tab.inspector


async def close(on: Stage, shown: FrameInspector) -> None:
    on.click(shown.close_button)
    assert not shown.isVisible()


def entry(menu: QMenu | None, text: str) -> QAction:
    assert menu is not None
    return next(action for action in menu.actions() if action.text() == text)


def test_a_frame_opens_with_all_that_was_said_and_paid(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.judged("Exit to the left"), with_picture=True)
            tab = await opened(on)
            tab.list.pick(name)
            place = tab.list.visualRect(tab.lines.index(tab.lines.row_of(name), 2)).center()
            QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            QTest.mouseDClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            dialog = tab.inspector
            await on.until(dialog.page.picture.has_image)
            assert [step.texts() for step in dialog.page.steps.steps] == [
                ("Google Gemini: not sure, 60 %", "812 ms", "A mug, perhaps.", "g-1 · 0.03 ct"),
                (
                    "Alibaba Qwen: not sure, 70 %",
                    "900 ms",
                    "A cup of tea.",
                    "Chosen for the glasses · q-1 · 0.10 ct",
                ),
                ("Google Gemini: judged the others", "500 ms", "", "g-1 · 0.05 ct"),
            ]
            assert dialog.page.glasses.rows() == ["Exit to the left"]
            assert dialog.page.reason.text() == "The judge chose Alibaba Qwen: It reads the sign right."
            assert dialog.page.prompt.text() == "What is this?"
            assert "192.168.0.12" in dialog.page.facts.text()
            assert "0.18 ct" in dialog.page.facts.text()
            await close(on, dialog)

    play(scene())


def test_a_frame_for_which_nobody_was_asked_has_no_heading_for_them(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            asked = await history.keep(on, "alice", history.sure())
            hint = await history.keep(on, "alice", history.hint())
            tab = await opened(on)
            page = (await open_frame(on, tab, asked)).page
            assert page.asked_title.isVisible()
            page = (await open_frame(on, tab, hint)).page
            assert not page.asked_title.isVisible()

    play(scene())


@pytest.mark.parametrize(
    ("count", "told"), [(None, ""), (0, "No face found to blur"), (1, "1 face blurred"), (2, "2 faces blurred")]
)
def test_the_trace_says_how_many_faces_were_blurred(play: Play, stage: OpenStage, count: int | None, told: str) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            answer = replace(history.judged("Exit to the left"), blurred_faces=count)
            name = await history.keep(on, "alice", answer, with_picture=True)
            tab = await opened(on)
            tab.list.pick(name)
            place = tab.list.visualRect(tab.lines.index(tab.lines.row_of(name), 2)).center()
            QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            QTest.mouseDClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            dialog = tab.inspector
            await on.until(lambda: "192.168.0.12" in dialog.page.facts.text())
            sent = dialog.page.sent.text()
            assert sent.endswith(told)
            assert ("face" in sent) == bool(told)
            await close(on, dialog)

    play(scene())


def test_a_failure_shows_what_each_provider_failed_of(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.failed())
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)
            heads = [step.head.text() for step in dialog.page.steps.steps]
            assert heads == ["Google Gemini: took too long", "Alibaba Qwen: overloaded or unreachable"]
            assert " ".join(dialog.page.glasses.rows()) == "No AI could answer. Please try again."
            assert dialog.page.reason.text() == "Nobody gave an answer."
            assert not dialog.save.isEnabled()
            await close(on, dialog)

    play(scene())


def test_next_and_previous_walk_along_the_list(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            names = [
                await history.keep(on, "alice", history.sure(f"Sign {number}."), ago=timedelta(minutes=number))
                for number in range(3)
            ]
            tab = await opened(on)
            dialog = await open_frame(on, tab, names[0])
            assert not dialog.newer.isEnabled()
            on.click(dialog.older)
            await on.until(lambda: dialog.frame is not None and dialog.frame.frame_id == names[1])
            assert dialog.page.glasses.rows() == ["Sign 1."]
            dialog.setFocus()
            QTest.keyClick(on.window, Qt.Key.Key_PageDown)
            await on.until(lambda: dialog.frame is not None and dialog.frame.frame_id == names[2])
            assert not dialog.older.isEnabled()
            on.click(dialog.newer)
            await on.until(lambda: dialog.frame is not None and dialog.frame.frame_id == names[1])
            await close(on, dialog)

    play(scene())


def test_marks_are_set_and_taken_away_in_the_dialog(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)

            async def marks() -> tuple[bool, int]:
                row = await on.store.activity.frame(name)
                assert row is not None
                return row.favourite, row.thumb

            on.click(dialog.favourite)
            await on.until(lambda: dialog.frame is not None and dialog.frame.favourite)
            assert dialog.favourite.isChecked()
            assert await marks() == (True, 0)
            on.click(dialog.thumb_up)
            await on.until(lambda: dialog.frame is not None and dialog.frame.thumb == 1)
            on.click(dialog.thumb_down)
            await on.until(lambda: dialog.frame is not None and dialog.frame.thumb == -1)
            assert dialog.thumb_down.isChecked()
            assert not dialog.thumb_up.isChecked()
            assert await marks() == (True, -1)
            await on.until(lambda: tab.lines.frames[0].favourite and tab.lines.frames[0].thumb == -1)
            dialog.setFocus()
            QTest.keyClick(on.window, Qt.Key.Key_F)
            QTest.keyClick(on.window, Qt.Key.Key_Minus)
            await on.until(lambda: dialog.frame is not None and not dialog.frame.favourite and not dialog.frame.thumb)
            assert await marks() == (False, 0)
            await on.store.activity.delete(tab.filter.value())
            await on.until(lambda: "deleted" in dialog.refusal.text())
            assert not dialog.favourite.isEnabled()

    play(scene())


def test_a_picture_is_saved_and_no_file_replaced_unasked(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure(), with_picture=True)
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)
            await on.until(dialog.save.isEnabled)
            for path in (tmp_path / "mug.jpg", tmp_path / "there.jpg"):
                on.click(dialog.save)
                (chooser,) = dialog.findChildren(QFileDialog)
                assert chooser.selectedFiles()[0].endswith(".jpg")
                if path.name == "there.jpg":
                    path.write_bytes(b"precious")
                chooser.fileSelected.emit(str(path))
                chooser.reject()
                await on.closed(chooser)
                if path.name == "there.jpg":
                    question = await on.dialog(ReplaceFile)
                    assert path.read_bytes() == b"precious"
                    on.click(question.accept_button)
                    await on.closed(question)
                await on.until(
                    lambda path=path: path.exists() and path.read_bytes() == PHOTO and dialog.save.isEnabled()
                )
            await on.until(lambda: dialog.refusal.text() == "Saved as there.jpg.")
            on.click(dialog.save)
            (chooser,) = [one for one in dialog.findChildren(QFileDialog) if one.isVisible()]
            chooser.fileSelected.emit(str(tmp_path / "no/such/folder/mug.jpg"))
            chooser.reject()
            await on.until(lambda: "could not be written" in dialog.refusal.text())
            await close(on, dialog)

    play(scene())


def test_keys_in_the_list_mark_and_copy(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure("A red\nmug."))
            tab = await opened(on)
            tab.list.pick(tab.lines.frames[0].frame_id)
            QTest.keyClick(tab.list, Qt.Key.Key_F)
            await on.until(lambda: tab.lines.frames[0].favourite)
            QTest.keyClick(tab.list, Qt.Key.Key_Plus)
            await on.until(lambda: tab.lines.frames[0].thumb == 1)
            QTest.keyClick(tab.list, Qt.Key.Key_Plus)
            await on.until(lambda: tab.lines.frames[0].thumb == 0)
            QTest.keyClick(tab.list, Qt.Key.Key_Minus)
            await on.until(lambda: tab.lines.frames[0].thumb == -1)
            QTest.keyClick(tab.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            copied = QGuiApplication.clipboard().text().split("\t")
            assert copied[2:] == [
                "sure: A red mug.", "Google Gemini", "92 %", "–", "900 ms", "0.03 ct", "1", "favourite", "thumb down",
            ]  # fmt: skip

    play(scene())


def test_the_row_s_menu_blocks_its_device(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            tab.list.pick(name)
            QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.RightButton)
            menu = tab.list.menu(tab.lines.frames[0])
            entry(menu, "Favourite: never cleaned up").trigger()
            entry(menu, "Thumb up").trigger()
            await on.until(lambda: tab.lines.frames[0].favourite and tab.lines.frames[0].thumb == 1)
            entry(menu, "Thumb down").trigger()
            await on.until(lambda: tab.lines.frames[0].thumb == -1)
            entry(menu, "Copy").trigger()
            assert "A red mug." in QGuiApplication.clipboard().text()
            entry(menu, "Open").trigger()
            await on.until(tab.inspector.isVisible)
            await close(on, tab.inspector)
            entry(menu, "Block this device…").trigger()
            dialog = await on.dialog(BlockAddress)
            assert dialog.address.text() == "192.168.0.12"
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert [one.address for one in on.store.blacklist.all()] == ["192.168.0.12"]
            menu.close()

    play(scene())


def choose_entry(button: Button, text: str) -> None:
    """Press ``button`` and, in the menu that opens, ``text``."""
    assert button.isEnabled()
    presses.note(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = button.menu()
    assert menu.isVisible()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry(menu, text)).center())


async def ask_to_delete(on: Stage, tab: ActivityTab, text: str) -> DeleteFrames:
    choose_entry(tab.bar.delete, text)
    dialog = await on.dialog(DeleteFrames)
    await on.until(lambda: dialog.told.text() not in ("", "Counting…"))
    return dialog


def test_the_shown_frames_are_deleted_and_the_others_stay(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            gone = [await history.keep(on, "alice", history.failed()) for _ in range(3)]
            stays = [await history.keep(on, "alice", history.sure(), with_picture=True)]
            await on.store.activity.set_favourite(gone[0], True)
            tab = await opened(on)
            on.click(tab.figures.failed)
            await shows(on, tab, gone)
            dialog = await ask_to_delete(on, tab, "The shown frames…")
            assert dialog.told.text().startswith("3 frames, ")
            assert dialog.told.text().endswith("Favourites among them go too: 1.")
            on.click(dialog.cancel_button)
            await on.closed(dialog)
            assert listed(tab) == set(gone)
            dialog = await ask_to_delete(on, tab, "The shown frames…")
            later = await history.keep(on, "alice", history.failed(), ago=timedelta(seconds=-5))
            on.click(dialog.accept_button)
            await on.closed(dialog)
            await shows(on, tab, [later])
            assert any(text.startswith("Deleted: 3 frames, ") for text in on.window.messages.texts())
            on.click(tab.bar.chip)
            await shows(on, tab, [*stays, later])

    play(scene())


def test_a_day_or_a_profile_is_deleted(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            noon = datetime.now().astimezone().replace(hour=12, minute=0)
            yesterday = noon - timedelta(days=1)
            hers = await history.keep(on, "alice", history.sure(), at=yesterday)
            for ending in (history.sure(), history.failed()):
                await history.keep(on, "bob", ending, at=yesterday)
            today = [await history.keep(on, name, history.sure(), at=noon) for name in ("alice", "bob")]
            tab = await opened(on)
            await on.until(lambda: len(tab.lines.frames) == 5)
            dialog = await ask_to_delete(on, tab, "A day…")
            dialog.day.show_day((noon - timedelta(days=90)).date())
            await on.until(lambda: dialog.told.text() == "There is nothing to delete.")
            assert not dialog.accept_button.isEnabled()
            dialog.day.show_day(yesterday.date())
            dialog.profile.setCurrentIndex(dialog.profile.findData("bob"))
            await on.until(lambda: dialog.told.text().startswith("2 frames, "))
            on.click(dialog.accept_button)
            await on.closed(dialog)
            await shows(on, tab, [hers, *today])
            dialog = await ask_to_delete(on, tab, "Everything of a profile…")
            dialog.profile.setCurrentIndex(dialog.profile.findData("alice"))
            await on.until(lambda: dialog.told.text().startswith("2 frames, "))
            on.click(dialog.accept_button)
            await on.closed(dialog)
            await shows(on, tab, [today[1]])
            assert on.store.profiles.find("alice") is not None

    play(scene())


def test_an_answer_is_corrected_in_the_dialog_and_the_correction_taken_away(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure("A red mug."))
            await history.keep(on, "alice", history.sure("A dog."), ago=timedelta(minutes=2))
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)
            assert not dialog.page.corrected.isVisible()
            on.click(dialog.correct)
            field = dialog.correction
            assert (field.line.hasFocus(), field.line.text()) == (True, "A red mug.")
            assert not dialog.older.isEnabled(), "what is being written is not left behind"
            QTest.keyClicks(field.line, "A coffee cup +F")
            QTest.keyClick(field.line, Qt.Key.Key_Return)
            await on.until(lambda: dialog.page.corrected.isVisible())
            assert dialog.page.corrected.text() == "A coffee cup +F", "keys of the dialog are letters here"
            assert dialog.page.glasses.rows() == ["A red mug."], "what stood on the glasses stays"
            frame = replace(new_frame(on.profile("alice")), frame_id=name)
            on.bus.publish(FrameCompleted(frame, new_answer("A red mug.", full_text="A red mug on a table.")))
            await on.until(lambda: dialog.page.whole.text() == "A red mug on a table.")
            assert dialog.page.corrected.text() == "A coffee cup +F", "what comes late takes no correction away"
            assert dialog.frame is not None
            assert (dialog.frame.favourite, dialog.frame.thumb) == (False, 0)
            assert not field.isVisible()
            assert dialog.older.isEnabled()
            await on.until(lambda: tab.lines.frames[0].correction == "A coffee cup +F")
            QTest.keyClick(on.window, Qt.Key.Key_C)
            assert field.line.text() == "A coffee cup +F"
            QTest.keyClick(field.line, Qt.Key.Key_Escape)
            assert (field.isVisible(), dialog.isVisible()) == (False, True), "Escape closes the field alone"
            on.click(dialog.correct)
            field.line.clear()
            on.click(field.keep)
            await on.until(lambda: not dialog.page.corrected.isVisible() and not field.isVisible())
            on.click(dialog.correct)
            on.click(field.cancel)
            assert not field.isVisible()
            await close(on, dialog)

    play(scene())


def test_what_failed_is_not_corrected(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.failed())
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)
            assert not dialog.correct.isEnabled()
            await close(on, dialog)

    play(scene())


def test_a_refused_correction_stays_in_its_field(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure("A red mug."))
            tab = await opened(on)
            dialog = await open_frame(on, tab, name)

            async def refuse(*_: object) -> None:
                raise StoreError("The disk is full.")

            on.store.activity.correct = refuse  # type: ignore[assignment,method-assign]
            on.click(dialog.correct)
            QTest.keyClicks(dialog.correction.line, "A cup.")
            on.click(dialog.correction.keep)
            await on.until(lambda: dialog.refusal.text() == "The disk is full.")
            assert dialog.correction.line.text() == "A cup."
            await close(on, dialog)

    play(scene())


def test_a_correction_has_its_mark_in_the_list(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            index = tab.lines.index(1, section("thumb"))
            assert index.data(Qt.ItemDataRole.DecorationRole) is None
            assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "no thumb"
            await on.store.activity.correct(name, "A <b>cup</b>.")
            await on.until(lambda: index.data(Qt.ItemDataRole.DecorationRole) is not None)
            assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "no thumb, corrected: A <b>cup</b>."
            assert index.data(Qt.ItemDataRole.DisplayRole) == ""

    play(scene())


def test_rows_have_pictures_and_only_those_in_sight_are_read(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            for number in range(60):
                ago = timedelta(minutes=number)
                await history.keep(on, "alice", history.sure(), ago=ago, with_picture=True)
            tab = await opened(on)
            await on.until(lambda: len(tab.lines.frames) == 60 and len(tab.pictures) > 2)
            shown = tab.lines.index(1, 0)
            assert shown.data(Qt.ItemDataRole.DecorationRole).toImage().pixelColor(24, 18).isValid()
            seen = {frame.frame_id for frame in tab.lines.frames if tab.list.is_seen(frame.frame_id)}
            await on.until(lambda: len(tab.pictures) == len(seen))
            assert len(seen) < 30
            tab.list.scrollToBottom()
            seen |= {frame.frame_id for frame in tab.lines.frames if tab.list.is_seen(frame.frame_id)}
            await on.until(lambda: len(tab.pictures) == len(seen))

    play(scene())


def test_a_click_on_a_row_s_picture_opens_it_beside_the_list(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            names = [await history.keep(on, "alice", history.sure(), ago=timedelta(minutes=n)) for n in range(2)]
            tab = await opened(on)
            assert tab.figures.isVisible()
            place = tab.list.visualRect(tab.lines.index(1, 0)).center()
            QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
            assert tab.inspector.isVisible()
            assert not tab.figures.isVisible()
            assert (tab.inspector.frame_id, tab.list.isVisible()) == (names[0], True)
            QTest.keyClick(tab.list, Qt.Key.Key_Down)
            assert tab.inspector.frame_id == names[1], "it follows the list"
            await close(on, tab.inspector)
            assert tab.figures.isVisible()

    play(scene())


@pytest.mark.parametrize(("width_px", "has_list"), [(800, False), (1_024, True)])
def test_an_open_frame_fits_into_the_window(play: Play, stage: OpenStage, width_px: int, has_list: bool) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            name = await history.keep(on, "alice", history.sure())
            on.window.resize(width_px, 640)
            tab = await opened(on)
            shown = await open_frame(on, tab, name)
            await on.until(lambda: tab.list.isVisible() is has_list)
            (page,) = [one for one in on.window.findChildren(PageScroll) if one.widget() is tab]
            assert tab.minimumSizeHint().width() <= page.viewport().width()
            await on.until(lambda: tab.width() == page.viewport().width())
            assert tab.list.horizontalScrollBar().maximum() == 0
            await close(on, shown)
            assert tab.list.isVisible()

    play(scene())


def test_columns_leave_the_answer_its_room_and_no_title_is_cut(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            answer, calls, profile = (section(name) for name in ("answer", "calls", "username"))
            tab.list.setColumnWidth(profile, 1)
            kept_px = tab.list.columnWidth(profile)
            assert kept_px > 40
            for width_px, is_hidden in ((400, True), (1_600, False)):
                tab.list.resize(width_px, 300)
                assert tab.list.isColumnHidden(calls) is is_hidden
                assert tab.list.columnWidth(answer) >= 240
            assert tab.list.columnWidth(profile) == kept_px

    play(scene())


def test_the_list_holds_still_under_the_pointer(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            first = await history.keep(on, "alice", history.sure())
            tab = await opened(on)
            tab.list.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
            second = await history.keep(on, "alice", history.sure(), ago=timedelta())
            on.answer("alice")
            await on.until(tab.bar.fresh.isVisible)
            assert (tab.bar.fresh.text(), [frame.frame_id for frame in tab.lines.frames]) == ("1 new", [first])
            await on.store.activity.set_thumb(first, 1)
            await on.until(lambda: tab.lines.frames[0].thumb == 1)
            on.click(tab.bar.fresh)
            await on.until(lambda: [frame.frame_id for frame in tab.lines.frames] == [second, first])
            assert not tab.bar.fresh.isVisible()
            third = await history.keep(on, "alice", history.sure(), ago=-timedelta(seconds=1))
            on.answer("alice")
            await on.until(tab.bar.fresh.isVisible)
            tab.list.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
            tab.list.pointer_left.emit()
            await on.until(lambda: tab.lines.frames[0].frame_id == third)

    play(scene())


def test_a_match_in_another_reply_says_so(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await history.keep(on, "alice", history.judged("Exit to the left"))
            tab = await opened(on)
            answer = section("answer")
            for searched, told in (("exit", False), ("of TEA", True), ("", False)):
                tab.filter.search.setText(searched)
                tab.filter.search.returnPressed.emit()
                await on.until(lambda searched=searched: tab._listed.text == searched and not tab._is_loading)
                text = tab.lines.index(1, answer).data()
                assert text.startswith("Found in the whole answer or in another AI's reply: ") is told
                assert text.endswith("Exit to the left")

    play(scene())
