"""The data card: a backup is written, a restore asked for with all that it does, the predecessor's data comes over."""

from __future__ import annotations

import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit

from app.core.events import ServerStateChanged
from app.paths import DataFolder
from app.store.database.backup import Manifest, Progress, back_up
from app.store.database.restore import look_into
from app.store.profiles.pepper import Pepper
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.profile_dialogs import NewKey
from app.ui.profiles.tab import ProfilesTab
from app.ui.settings import data_card
from app.ui.settings.backup_dialogs import RestoreBackup
from app.ui.settings.data_card import DataCard
from app.ui.settings.import_dialog import ImportedOld, ImportOld
from app.ui.settings.tab import SettingsTab
from app.ui.shell.restore_run import Restoring
from app.ui.shell.status import LOST_KEYS
from app.ui.support.thread_progress import STEPS
from app.ui.widgets.choose_file import ReplaceFile
from tests.store.setup.test_legacy_import import Old
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage


def today() -> datetime:
    return datetime.now().astimezone()


def card_of(on: Stage) -> DataCard:
    tab = on.tab(SettingsTab)
    tab.page.ensureWidgetVisible(tab.data)
    return tab.data


async def choose(on: Stage, path: Path) -> QFileDialog:
    """In the file dialog that is open."""
    dialog = await on.dialog(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    return dialog


def texts(dialog: QDialog) -> str:
    return " | ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


# --- back up ---------------------------------------------------------------------------------------------------------


def test_a_backup_is_written_and_told_with_its_size(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            card, path = card_of(on), tmp_path / "all.zip"
            on.click(card.back_up)
            chooser = await on.dialog(QFileDialog)
            assert Path(chooser.selectedFiles()[0]).name == f"frame-backend-{today():%Y-%m-%d}.zip"
            await choose(on, path)
            await on.until(card.told.isVisible)
            assert card.told.text().startswith("Written to all.zip: ")
            assert "pictures: 0. Your keys are not in it" in card.told.text()
            with zipfile.ZipFile(path) as archive:
                assert archive.namelist() == ["frame-backend.db", "manifest.json"]
            assert card.back_up.isEnabled()
            assert card.restore.isEnabled()
            assert card.take_over.isEnabled()

    play(scene())


def test_a_file_that_is_there_is_replaced_only_when_that_is_wanted(
    play: Play, stage: OpenStage, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            card, path = card_of(on), tmp_path / "all.zip"
            path.write_bytes(b"mine")
            on.click(card.back_up)
            await choose(on, path)
            question = await on.dialog(ReplaceFile)
            on.click(question.cancel_button)
            await on.closed(question)
            assert path.read_bytes() == b"mine"
            on.click(card.back_up)
            await choose(on, path)
            on.click((await on.dialog(ReplaceFile)).accept_button)
            await on.until(card.told.isVisible)
            assert look_into(path).pictures == 0

    play(scene())


def slow_back_up(
    folder: DataFolder, target: Path, version: str, progress: Progress, *, replace: bool = False
) -> Manifest:
    """Until it is stopped."""
    for done in range(STEPS):
        progress(done, STEPS)
        time.sleep(0.01)
    return back_up(folder, target, version, progress, replace=replace)


def test_a_long_backup_shows_how_far_it_is_and_can_be_cancelled(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_card, "back_up", slow_back_up)

    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            card = card_of(on)
            on.click(card.back_up)
            await choose(on, tmp_path / "all.zip")
            await on.until(card.bar.isVisible)
            assert not card.back_up.isEnabled()
            assert not card.restore.isEnabled()
            await on.until(lambda: card.bar.progress.value() > 0)
            on.click(card.bar.cancel)
            await on.until(card.told.isVisible)
            assert card.told.text() == "The backup was cancelled: no file was written."
            assert not (tmp_path / "all.zip").exists()
            assert not card.bar.isVisible()
            await on.until(card.back_up.isEnabled)

    play(scene())


def test_a_backup_under_way_ends_with_the_program(
    play: Play, stage: OpenStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_card, "back_up", slow_back_up)

    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            card = card_of(on)
            on.click(card.back_up)
            await choose(on, tmp_path / "all.zip")
            await on.until(lambda: card.bar.progress.value() > 0)
            on.tab(SettingsTab).shut()
            await on.until(card.told.isVisible)
            assert not (tmp_path / "all.zip").exists()

    play(scene())


def test_a_backup_that_cannot_be_written_says_why(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            on.click(card_of(on).back_up)
            await choose(on, tmp_path / "nowhere" / "all.zip")
            await on.until(lambda: on.window.messages.texts())
            assert on.window.messages.texts()[0].startswith("The backup could not be written: ")
            assert not card_of(on).told.isVisible()

    play(scene())


# --- restore ---------------------------------------------------------------------------------------------------------


def test_a_restore_says_what_is_in_the_file_and_what_goes(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            wanted: list[tuple[Path, frozenset[str]]] = []
            on.window.restore_wanted.connect(lambda *told: wanted.append(told))
            path = tmp_path / "all.zip"
            await on.store.set_setting("network.host_names", "theirs")
            await on.store.set_setting("network.trusted_proxies", "10.0.0.0/8")
            back_up(on.services.folder, path, "1.2.3")
            await on.store.set_setting("network.host_names", None)
            await on.store.set_setting("network.trusted_proxies", None)
            for press in ("cancel_button", "accept_button"):
                await on.press(card_of(on).restore)
                await choose(on, path)
                dialog = await on.dialog(RestoreBackup)
                said = texts(dialog)
                for part in ("all.zip", "1.2.3", f"{today():%H:}", "the old pictures are deleted"):
                    assert part in said
                assert "opens again by itself" in said
                assert dialog.cancel_button.isDefault()
                assert [box.text() for box in dialog.network.values()] == [
                    "Extra host names: theirs (here: as it comes)",
                    "Trusted proxies: 10.0.0.0/8 (here: as it comes)",
                ]
                assert not any(box.isChecked() for box in dialog.network.values())
                dialog.network["network.host_names"].setChecked(True)
                assert wanted == []
                on.click(getattr(dialog, press))
                await on.closed(dialog)
            await on.until(lambda: wanted == [(path, frozenset({"network.host_names"}))])
            assert on.control.state == "stopped"
            assert on.store.profiles.find("alice") is not None, "the card itself does nothing to the data"

    play(scene())


def test_a_copy_of_the_database_leaves_the_pictures(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            back_up(on.services.folder, tmp_path / "all.zip", "1")
            with zipfile.ZipFile(tmp_path / "all.zip") as archive:
                archive.extract("frame-backend.db", tmp_path)
            on.click(card_of(on).restore)
            await choose(on, tmp_path / "frame-backend.db")
            dialog = await on.dialog(RestoreBackup)
            assert "the pictures stay" in texts(dialog)
            assert "By version" not in texts(dialog)
            dialog.reject()

    play(scene())


def test_what_is_no_backup_is_told_and_nothing_is_asked(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="settings") as on:
            (tmp_path / "photo.zip").write_bytes(b"hello")
            on.click(card_of(on).restore)
            await choose(on, tmp_path / "photo.zip")
            sentence = "photo.zip is no backup of this program, or it is damaged."
            await on.until(lambda: sentence in on.window.messages.texts())
            await on.until(card_of(on).restore.isEnabled)

    play(scene())


def test_a_restore_is_cancelled_until_it_is_put_into_place(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            cancelled: list[bool] = []
            for step, wanted in ((STEPS // 2, [True]), (STEPS, [True])):
                dialog = Restoring(on.window)
                dialog.cancelled.connect(lambda: cancelled.append(True))
                dialog.open()
                dialog.begin("all.zip")
                dialog.tell(step)
                await on.until(dialog.cancel.isVisible)
                assert dialog.cancel.isEnabled() == (step < STEPS)
                if step < STEPS:
                    on.click(dialog.cancel)
                dialog.reject()
                assert cancelled == wanted, "once, and not at all when it is too late"
                assert dialog.isVisible(), "it goes with the restore, not before"
                dialog.hide()
                dialog.deleteLater()

    play(scene())


# --- keys that count no more -----------------------------------------------------------------------------------------


def test_profiles_without_a_key_that_counts_are_told_until_each_has_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob", whole=True) as on:
            assert on.window.messages.way_out(LOST_KEYS) is None
            on.store.profiles._pepper = Pepper(b"p" * 32, "another")
            await on.store.profiles.add("carol")
            for name, left in (("alice", "alice, bob."), ("bob", "bob.")):
                await on.until(lambda left=left: any(text.endswith(f": {left}") for text in on.window.messages.texts()))
                button = on.window.messages.way_out(LOST_KEYS)
                assert button is not None
                assert button.text() == "New key"
                await on.press(button)
                tab = on.tab(ProfilesTab)
                assert on.shown_tab() is tab
                assert tab.table.picked_name == name
                on.click(tab.new_key)
                on.click((await on.dialog(NewKey)).accept_button)
                (await on.dialog(ConnectDialog)).accept()
            await on.until(lambda: on.window.messages.way_out(LOST_KEYS) is None)
            assert on.store.profiles.needing_new_key() == ()

    play(scene())


# --- import ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path) -> Old:
    root = tmp_path / "old"
    root.mkdir()
    return Old(root)


async def ask_to_import(on: Stage, folder: Path) -> ImportOld:
    on.click(card_of(on).take_over)
    await choose(on, folder)
    return await on.dialog(ImportOld)


def test_the_predecessors_data_comes_over_while_the_server_rests(
    play: Play, stage: OpenStage, old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.log()
    old.add("blacklisted_ips", ip_address="10.0.0.9", reason="noisy")
    urls: list[str] = []

    def open_url(url: QUrl) -> bool:
        urls.append(url.toLocalFile())
        return len(urls) == 1

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)

    async def scene() -> None:
        async with stage("dora", tab="settings") as on:
            await on.control.start()
            states: list[str] = []
            on.bus.subscribe(ServerStateChanged, lambda event: states.append(event.state))
            dialog = await ask_to_import(on, old.root)
            assert "The server stops meanwhile" in texts(dialog)
            assert str(old.root) in texts(dialog)
            on.click(dialog.accept_button)
            told = await on.dialog(ImportedOld)
            await on.closed(dialog)
            assert states == ["stopping", "stopped", "starting", "running"]
            assert [profile.username for profile in on.store.profiles.all()] == ["alice", "bob", "carol", "dora"]
            assert on.store.blacklist.match("10.0.0.9") is not None
            figures = "alice, bob, carol | Frames | 1 | Pictures | 1 | Blocked addresses | 1 | API keys | 0"
            assert figures in texts(told)
            assert "alice's key for gemini" in told.left_out.toPlainText()
            check_new_keys(on, told)
            check_last_step(on, told, old.root)
            assert urls == [str(old.root)] * 2
            on.click(told.close_button)
            await on.closed(told)

    play(scene())


def check_new_keys(on: Stage, told: ImportedOld) -> None:
    keys = [field.text() for field in told.findChildren(QLineEdit)]
    assert [on.store.profiles.match_key(key) for key in keys] == [on.profile("bob"), on.profile("carol")]
    for key, copy in zip(keys, told.copy_buttons, strict=True):
        on.click(copy)
        assert QGuiApplication.clipboard().text() == key


def check_last_step(on: Stage, told: ImportedOld, folder: Path) -> None:
    assert "Delete the old file now: it holds your keys in clear." in texts(told)
    assert str(folder / "ai_server.db") in texts(told)
    on.click(told.open_folder)
    assert not told.refusal.isVisible()
    on.click(told.open_folder)  # the system refuses
    assert told.refusal.isVisible()


def test_a_folder_without_it_is_refused_in_the_dialog_and_the_server_stays(
    play: Play, stage: OpenStage, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with stage("dora", tab="settings") as on:
            await on.control.start()
            states: list[str] = []
            on.bus.subscribe(ServerStateChanged, lambda event: states.append(event.state))
            dialog = await ask_to_import(on, tmp_path)
            on.click(dialog.accept_button)
            await on.until(dialog.refusal.isVisible)
            assert dialog.refusal.text() == "There is no ai_server.db in that folder."
            await on.until(dialog.accept_button.isEnabled)
            on.click(dialog.cancel_button)
            await on.closed(dialog)
            assert states == []

    play(scene())


def test_what_cannot_be_read_is_told_and_the_server_starts_again(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    (tmp_path / "ai_server.db").write_bytes(b"no database at all, but long enough to be looked at" * 40)

    async def scene() -> None:
        async with stage("dora", tab="settings") as on:
            await on.control.start()
            dialog = await ask_to_import(on, tmp_path)
            on.click(dialog.accept_button)
            await on.until(dialog.refusal.isVisible)
            assert dialog.refusal.text().startswith("ai_server.db cannot be read")
            assert not dialog.progress.isVisible()
            assert on.control.state == "running"
            assert [profile.username for profile in on.store.profiles.all()] == ["dora"]
            await on.until(dialog.accept_button.isEnabled)
            dialog.reject()

    play(scene())


def test_an_import_is_stopped_where_it_is_and_says_how_to_go_on(play: Play, stage: OpenStage, old: Old) -> None:
    for second in range(60):
        old.log(image_path=None, timestamp=f"2026-11-20T10:30:{second:02}")

    async def scene() -> None:
        async with stage(tab="settings") as on:
            dialog = await ask_to_import(on, old.root)
            assert "The server stops meanwhile" not in texts(dialog)
            on.click(dialog.accept_button)
            on.click(dialog.cancel_button)
            told = await on.dialog(ImportedOld)
            await on.closed(dialog)
            assert "Stopped: 10 frames are left" in told.left_out.toPlainText()
            assert [field.text() for field in told.findChildren(QLineEdit)], "keys that were made are told"
            assert on.control.state == "stopped", "it did not run before"
            told.reject()

    play(scene())


# --- for programs ----------------------------------------------------------------------------------------------------


def test_the_page_for_programs_opens_while_the_server_runs(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(QUrl(url).toString()))

    async def scene() -> None:
        async with stage(tab="settings") as on:
            about = on.tab(SettingsTab).about
            on.tab(SettingsTab).page.ensureWidgetVisible(about)
            assert not about.api.isEnabled()
            await on.control.start()
            await on.press(about.api)
            assert urls == [f"{URL}/docs"]
            await on.control.stop()
            await on.until(lambda: not about.api.isEnabled())

    play(scene())
