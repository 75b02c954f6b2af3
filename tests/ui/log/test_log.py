"""The log tab: every control, lines as the file has them, and nothing touched while nobody looks."""

from __future__ import annotations

import logging
import platform
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app import log
from app.core.provider import ProviderConfig
from app.ui.connect.block_address import BlockAddress
from app.ui.log.model import MOST_KEPT, Entry, LogModel, LogQueue
from app.ui.log.problem_dialog import ProblemReport
from app.ui.log.problem_report import LINES
from app.ui.log.tab import LogTab
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage

said = logging.getLogger("tests.log")


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Logging as the program sets it up."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    log.set_up("info", tmp_path / "logs")
    ours = list(root.handlers)
    yield tmp_path / "logs/frame-backend.log"
    for handler in ours:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines(on: Stage) -> list[str]:
    return on.tab(LogTab).lines.lines()


def test_lines_come_redacted_and_as_in_the_file(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            tab = on.tab(LogTab)
            said.info("GET /auth-%s from a thread", "my-secret-key")
            thread = threading.Thread(target=said.warning, args=("Bearer abcdefgh, Basic YWxpY2U6YWJjZGVmZ2g=",))
            thread.start()
            thread.join()
            try:
                raise LookupError("api_key=my-secret-key")
            except LookupError:
                said.exception("a bug")
            await on.until(lambda: any("LookupError" in line for line in lines(on)))
            assert not any("my-secret" in line or "abcdefgh" in line or "YWxpY2" in line for line in lines(on))
            for line in lines(on):
                assert line.rpartition("  ")[2] in written(log_file)
                assert "tests.log" not in line, "where in the program it was said is for the file"
            assert "tests.log: GET /auth-***" in written(log_file)
            assert tab.state.text() == f"Lines shown: {len(lines(on))}"

    play(scene())


def test_level_and_search_keep_a_record_whole(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            tab = on.tab(LogTab)
            said.info("an apple")
            said.warning("a PEAR\nand its second line")
            said.error("a plum")
            await on.until(lambda: len(lines(on)) >= 4)
            QTest.keyClick(tab.level, Qt.Key.Key_Down)
            assert any("an apple" in line for line in lines(on))
            QTest.keyClick(tab.level, Qt.Key.Key_Down)
            assert [line.rpartition("  ")[2] for line in lines(on)] == ["a PEAR", "and its second line", "a plum"]
            QTest.keyClick(tab.level, Qt.Key.Key_Down)
            assert [line.rpartition("  ")[2] for line in lines(on)] == ["a plum"]
            tab.level.setCurrentIndex(0)
            on.window.activateWindow()
            await on.until(on.window.isActiveWindow)
            QTest.keyClick(on.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            assert tab.search.hasFocus()
            QTest.keyClicks(tab.search, "pear")
            assert [line.rpartition("  ")[2] for line in lines(on)] == ["a PEAR", "and its second line"]
            tab.search.setText("nobody said this")
            assert tab.state.text() == "No line matches the level and the search."
            assert not tab.copy.isEnabled()

    play(scene())


def test_pause_keeps_what_comes_until_it_goes_on(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            tab = on.tab(LogTab)
            on.click(tab.pause)
            before = lines(on)
            said.warning("while it is paused")
            await on.until(lambda: "Newer lines: 1" in tab.state.text())
            assert lines(on) == before
            assert tab.pause.text() == "Go on"
            on.click(tab.pause)
            assert lines(on)[-1].endswith("while it is paused")

    play(scene())


def test_copy_takes_the_selected_lines_or_all(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            tab = on.tab(LogTab)
            said.info("one")
            said.info("two")
            await on.until(lambda: any(line.endswith("two") for line in lines(on)))
            on.click(tab.copy)
            assert QGuiApplication.clipboard().text() == "\n".join(lines(on))
            tab.view.setCurrentIndex(tab.lines.index(0))
            QTest.keyClick(tab.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert QGuiApplication.clipboard().text() == lines(on)[0]
            on.click(tab.copy)
            assert tab.state.text() == "Lines copied: 1"
            assert QGuiApplication.clipboard().text() == lines(on)[0]

    play(scene())


class Desktop(QObject):
    """Stands in for the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


def test_the_folder_opens_where_there_is_one(play: Play, stage: OpenStage, log_file: Path) -> None:
    desktop = Desktop()

    async def scene() -> None:
        async with stage(tab="log") as on:
            on.click(on.tab(LogTab).folder)
            assert desktop.opened == [log_file.parent.as_posix()]

    QDesktopServices.setUrlHandler("file", desktop, "open")
    try:
        play(scene())
    finally:
        QDesktopServices.unsetUrlHandler("file")


def test_a_row_with_an_address_can_be_blocked(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="log") as on:
            view = on.tab(LogTab).view
            said.info("127.0.0.1 and 192.168.0.66 at 10:11:12, and ::1 and fe80::66 in version 1.2.3")
            await on.until(lambda: any("192.168.0.66" in line for line in lines(on)))
            row = next(row for row, line in enumerate(lines(on)) if "192.168.0.66" in line)
            view.setCurrentIndex(on.tab(LogTab).lines.index(row))
            spot = view.visualRect(view.currentIndex()).center()
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, view.viewport().mapToGlobal(spot))
            QApplication.sendEvent(view.viewport(), event)
            (menu,) = view.findChildren(QMenu)
            await on.until(menu.isVisible)
            assert [action.text() for action in menu.actions()] == ["Copy", "Block 192.168.0.66", "Block fe80::66"]
            menu.actions()[0].trigger()
            assert "192.168.0.66" in QGuiApplication.clipboard().text()
            menu.actions()[1].trigger()
            menu.close()
            dialog = await on.dialog(BlockAddress)
            assert dialog.address.text() == "192.168.0.66"
            on.click(dialog.accept_button)
            await on.until(lambda: on.store.blacklist.match("192.168.0.66") is not None)
            await on.closed(dialog)
            assert any("192.168.0.66" in text for text in on.window.messages.texts())

    play(scene())


def test_a_problem_report_tells_no_names_keys_or_folders(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage("alice", "al", tab="log") as on:
            tab = on.tab(LogTab)
            await on.store.providers.add(ProviderConfig("annas-box", "custom", "http://192.168.0.5:1234/v1", "llava"))
            await on.store.set_setting("network.host_names", "annas-laptop.local")
            await on.store.set_setting("gate.hints", "7")
            await on.store.set_setting("mqtt.host", "annas-broker.local")
            await on.store.profiles.set_value("alice", "webhook.url", "https://annas-hook.example/token")
            for number in range(300):
                said.info("an older line %d", number)
            said.warning("GET /auth-my-secret-key of Alice, al and almond from 8.8.8.8 and 192.168.0.12")
            said.warning("annas-box failed in %s and %s/notes", on.services.settings_path.parent, Path.home())
            said.warning("annas-broker.local cannot be reached, annas-hook.example refused it, with status 404.")
            on.click(tab.pause)
            said.error("while it is paused")
            on.click(tab.report)
            dialog = await on.dialog(ProblemReport)
            text = dialog.text.toPlainText()
            assert "GET /auth-*** of (profile " in text
            assert "and almond from (public address) and 192.168.0.12" in text
            assert "(own provider 1) failed in (data folder) and ~/notes" in text
            assert "(host 1) cannot be reached, (host 2) refused it" in text
            assert "network.host_names = (set)" in text
            assert "mqtt.host = (set)" in text
            assert "gate.hints = 7" in text
            assert text.rstrip().endswith("while it is paused")
            assert text.count("an older line") == LINES - 4
            for told in ("alice", "my-secret", "annas-", "8.8.8.8", str(Path.home()), platform.node()):
                assert told.lower() not in text.lower()
            assert re.search(r"PySide6-Essentials \d", text)
            on.click(dialog.copy)
            assert QGuiApplication.clipboard().text() == text
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


def test_a_report_is_saved_as_it_was_changed(play: Play, stage: OpenStage, log_file: Path, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            on.click(on.tab(LogTab).report)
            dialog = await on.dialog(ProblemReport)
            dialog.text.setPlainText("nothing to see")
            on.click(dialog.save)
            chooser = await on.dialog(QFileDialog)
            chooser.selectFile(str(tmp_path / "report.txt"))
            chooser.accept()
            await on.until(lambda: dialog.refusal.text() == "Saved as report.txt.")
            assert (tmp_path / "report.txt").read_text(encoding="utf-8") == "nothing to see"
            dialog._save(tmp_path / "no such folder/report.txt")
            await on.until(lambda: dialog.refusal.text().startswith("The file could not be written"))
            await on.until(dialog.save.isEnabled)

    play(scene())


def test_without_a_file_there_is_no_folder_to_open(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            assert not on.tab(LogTab).folder.isVisible()

    play(scene())


def test_hidden_it_touches_nothing_and_shut_it_hears_nothing(play: Play, stage: OpenStage, log_file: Path) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            tab = on.tab(LogTab)
            on.window.go_to("live")
            before = lines(on)
            said.warning("while it is hidden")
            assert not tab._turns.isActive()
            assert lines(on) == before
            on.window.go_to("log")
            assert lines(on)[-1].endswith("while it is hidden")
        assert tab.queue not in logging.getLogger().handlers

    play(scene())


def test_of_too_many_records_the_oldest_go(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="log") as on:
            model = LogModel(on.window)
            model.add(Entry(logging.INFO, "", f"a {number}\nb", f"a {number}\nb") for number in range(MOST_KEPT))
            model.add(Entry(logging.INFO, "", f"c {number}", f"c {number}") for number in range(10))
            assert model.kept == MOST_KEPT
            assert model.line(0) == "a 10"
            assert model.lines()[-1] == "c 9"
            model.show_only(logging.NOTSET, "c")
            model.add(Entry(logging.INFO, "", f"c {number}", f"c {number}") for number in range(MOST_KEPT + 7))
            assert model.kept == MOST_KEPT
            assert model.lines() == [f"c {number}" for number in range(7, MOST_KEPT + 7)]

    queue = LogQueue()
    for number in range(MOST_KEPT + 3):
        queue.handle(logging.makeLogRecord({"msg": f"line {number}", "levelno": logging.INFO}))
    taken = queue.take()
    assert len(taken) == MOST_KEPT
    assert taken[0].text.endswith("line 3")
    assert len(queue) == 0
    play(scene())
