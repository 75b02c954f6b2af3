"""The blacklist tab: every button, what is refused beside its field, undo, hits, and lists read from and into files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from app.core.errors import StoreError
from app.core.events import ClientHeard
from app.store import BlacklistEntry
from app.ui.blacklist import list_files
from app.ui.blacklist.tab import BlacklistTab
from app.ui.connect.block_address import BlockAddress
from app.ui.widgets.choose_file import ReplaceFile
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import Stage, case

ADDRESS, REASON, SINCE, EXPIRES, MADE, HITS = range(6)


def cells(on: Stage, row: int) -> list[str]:
    rows = on.tab(BlacklistTab).table.rows
    return [rows.cell(row, column).text for column in range(rows.columnCount())]


def shown(on: Stage) -> tuple[str, ...]:
    return on.tab(BlacklistTab).table.rows.names


def blocked(on: Stage) -> set[str]:
    return {entry.address for entry in on.store.blacklist.all()}


def hit(on: Stage, ip: str) -> None:
    entry = on.store.blacklist.match(ip)
    assert entry is not None
    on.store.blacklist.hit(entry)


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_every_entry_is_told(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            until = datetime.now(UTC) + timedelta(days=2)
            await on.store.blacklist.add("10.0.0.0/8", "Noisy")
            await on.store.blacklist.add("192.168.0.77", "20 wrong keys", automatic=True, expires_at=until)
            hit(on, "10.1.2.3")
            on.window.go_to("blacklist")
            assert shown(on) == ("192.168.0.77", "10.0.0.0/8")
            assert cells(on, 0)[REASON] == f"wrong keys: pairing closed until {until.astimezone():%Y-%m-%d %H:%M}"
            assert cells(on, 0)[EXPIRES] == until.astimezone().strftime("%Y-%m-%d %H:%M")
            assert (cells(on, 0)[MADE], cells(on, 0)[HITS]) == ("automatic", "0")
            assert cells(on, 1)[:2] == ["10.0.0.0/8", "Noisy"]
            assert cells(on, 1)[EXPIRES:] == ["never", "by hand", "1"]

    play(scene())


def test_hits_follow_whoever_knocks(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            tab._follow.setInterval(20)
            await on.store.blacklist.add("10.0.0.0/8")
            await on.until(lambda: shown(on) == ("10.0.0.0/8",))
            hit(on, "10.1.2.3")
            on.bus.publish(ClientHeard("10.1.2.3"))
            await on.until(lambda: cells(on, 0)[HITS] == "1")
            hit(on, "10.1.2.4")
            tab.refresh()
            assert cells(on, 0)[HITS] == "2"

    play(scene())


def test_an_entry_that_ends_goes_by_itself(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            await on.store.blacklist.add("10.0.0.5", expires_at=datetime.now(UTC) + timedelta(seconds=1))
            await on.until(lambda: shown(on) == ("10.0.0.5",))
            await on.until(on.tab(BlacklistTab).empty.isVisible)

    play(scene())


# --- block -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "hours"), [(0, None), (1, 1), (2, 24), (3, 168)])
def test_an_address_is_blocked_for_as_long_as_chosen(
    play: Play, stage: OpenStage, choice: int, hours: int | None
) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            on.click(tab.empty.button)
            dialog = await on.dialog(BlockAddress)
            QTest.keyClicks(dialog.address, "192.168.0.66")
            QTest.keyClicks(dialog.reason, "Noisy")
            dialog.lasting.setCurrentIndex(choice)
            on.click(dialog.accept_button)
            await on.closed(dialog)
            (entry,) = on.store.blacklist.all()
            assert (entry.address, entry.reason, entry.automatic) == ("192.168.0.66", "Noisy", False)
            if hours is None:
                assert entry.expires_at is None
            else:
                assert entry.expires_at is not None
                left_h = (entry.expires_at - entry.created_at) / timedelta(hours=1)
                assert left_h == pytest.approx(hours, abs=0.1)
            await on.until(lambda: tab.table.picked_name == "192.168.0.66")
            assert not tab.empty.isVisible()

    play(scene())


REFUSED = {
    "192.168.1.5/24": "192.168.1.0/24",
    "127.0.0.1": "this computer's own",
    "127.0.0.0/8": "this computer's own",
    "::1": "this computer's own",
    "0.0.0.0/0": "this computer's own",
    "::ffff:127.0.0.1": "this computer's own",
    "my phone": "neither an IP address",
    "": "neither an IP address",
    "10.9.0.0/16": "already",
}


def test_what_is_refused_is_told_beside_its_field_and_nothing_is_lost(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            await on.store.blacklist.add("10.9.0.0/16")
            on.click(on.tab(BlacklistTab).add)
            dialog = await on.dialog(BlockAddress)
            dialog.reason.setText("Noisy")
            for address, said in REFUSED.items():
                with case(address):
                    dialog.address.setText(address)
                    on.click(dialog.accept_button)
                    await on.until(lambda: dialog.address_field.note.isVisible() and dialog.accept_button.isEnabled())
                    assert said in dialog.address_field.note.text()
                    assert not dialog.refusal.isVisible()
                    assert (dialog.address.text(), dialog.reason.text()) == (address, "Noisy")
                    assert blocked(on) == {"10.9.0.0/16"}
                    dialog.address.setText("192.168.0.66")
                    assert not dialog.address_field.note.isVisible()
            on.click(dialog.accept_button)
            await on.closed(dialog)
            assert blocked(on) == {"10.9.0.0/16", "192.168.0.66"}

    play(scene())


def test_a_reason_too_long_is_told_beside_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            on.click(on.tab(BlacklistTab).add)
            dialog = await on.dialog(BlockAddress)
            dialog.address.setText("192.168.0.66")
            dialog.reason.setText("x" * 201)
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.reason_field.note.isVisible() and dialog.accept_button.isEnabled())
            assert "201" in dialog.reason_field.note.text()
            assert blocked(on) == set()
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_a_failing_disk_is_told_below(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:

            async def refuse(*_: object, **__: object) -> None:
                raise StoreError("The disk is full.")

            on.store.blacklist.add = refuse  # type: ignore[assignment,method-assign]
            on.click(on.tab(BlacklistTab).add)
            dialog = await on.dialog(BlockAddress)
            dialog.address.setText("192.168.0.66")
            on.click(dialog.accept_button)
            await on.until(lambda: dialog.refusal.isVisible() and dialog.refusal.text() == "The disk is full.")
            await on.until(dialog.accept_button.isEnabled)
            on.click(dialog.cancel_button)
            await on.closed(dialog)

    play(scene())


def test_ones_own_phone_is_warned_of_before_it_is_blocked(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", tab="blacklist") as on:
            await on.store.pairings.pair("192.168.0.12", "alice")
            on.click(on.tab(BlacklistTab).add)
            dialog = await on.dialog(BlockAddress)
            for address in ("192.168.0.12", "192.168.0.0/24", "::ffff:192.168.0.12"):
                dialog.address.setText(address)
                assert "192.168.0.12 (alice)" in dialog.address_field.note.text()
                assert dialog.accept_button.text() == "Block all the same"
            dialog.address.setText("192.168.1.0/24")
            assert not dialog.address_field.note.isVisible()
            assert dialog.accept_button.text() == "Block"
            dialog.address.setText("192.168.0.12")
            on.click(dialog.accept_button)
            await on.until(lambda: blocked(on) == {"192.168.0.12"})
            await on.closed(dialog)

    play(scene())


# --- remove and undo -------------------------------------------------------------------------------------------------


async def remove(on: Stage, address: str) -> None:
    tab = on.tab(BlacklistTab)
    tab.table.pick(address)
    await on.press(tab.remove)
    await on.until(lambda: address in tab.undo_bar.text.text() and address not in shown(on))
    assert address not in blocked(on)


async def undo(on: Stage, address: str) -> None:
    tab = on.tab(BlacklistTab)
    await on.press(tab.undo_bar.undo)
    await on.until(lambda: tab.table.picked_name == address)


def test_what_was_removed_comes_back_as_it_was(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            until = datetime.now(UTC) + timedelta(days=2)
            await on.store.blacklist.add("10.0.0.5", "20 wrong keys", automatic=True, expires_at=until)
            await on.store.blacklist.add("10.0.0.6", "Noisy")
            hit(on, "10.0.0.5")
            await on.until(lambda: len(shown(on)) == 2)
            before = {entry.address: (entry, entry.hits) for entry in on.store.blacklist.all()}
            await remove(on, "10.0.0.5")
            assert tab.undo_bar.text.text() == "10.0.0.5 was removed: it may pair again."
            await remove(on, "10.0.0.6")
            assert tab.undo_bar.text.text() == "10.0.0.6 was removed: it gets answers again."
            assert tab.empty.isVisible()
            await on.until(lambda: not tab.remove.isEnabled())
            await undo(on, "10.0.0.6")
            await undo(on, "10.0.0.5")
            await on.until(lambda: not tab.undo_bar.isVisible())
            assert {entry.address: (entry, entry.hits) for entry in on.store.blacklist.all()} == before

    play(scene())


def test_delete_removes_and_the_offer_ends_by_itself(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            tab.undo_bar.shown_ms = 50
            await on.store.blacklist.add("10.0.0.5")
            await on.until(lambda: tab.table.picked_name == "10.0.0.5")
            on.window.activateWindow()
            tab.table.setFocus()
            await on.until(tab.table.hasFocus)
            QTest.keyClick(tab.table, Qt.Key.Key_Delete)
            await on.until(lambda: blocked(on) == set())
            await on.until(tab.undo_bar.isVisible)
            await on.until(lambda: not tab.undo_bar.isVisible())

    play(scene())


def test_an_undo_leaves_alone_what_was_blocked_again_meanwhile(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            await on.store.blacklist.add("10.0.0.5", "old")
            await on.until(lambda: shown(on) == ("10.0.0.5",))
            on.click(tab.remove)
            await on.until(tab.undo_bar.isVisible)
            await on.store.blacklist.add("10.0.0.5", "new")
            await on.press(tab.undo_bar.undo)
            await on.until(lambda: not tab.undo_bar.isVisible())
            assert [entry.reason for entry in on.store.blacklist.all()] == ["new"]

    play(scene())


# --- import -----------------------------------------------------------------------------------------------------------


async def choose(on: Stage, path: Path) -> None:
    """In the file dialog that is open."""
    dialog = await on.dialog(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


async def read_in(on: Stage, path: Path) -> str:
    """What is said of it."""
    before = len(on.window.messages.texts())
    on.click(on.tab(BlacklistTab).read_in)
    await choose(on, path)
    await on.until(lambda: len(on.window.messages.texts()) > before)
    await on.until(on.tab(BlacklistTab).read_in.isEnabled)
    return on.window.messages.texts()[0]


def test_a_list_is_imported_and_each_bad_line_is_named(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice", tab="blacklist") as on:
            path = tmp_path / "list.txt"
            path.write_text(
                "\ufeff# remark\n10.0.0.5  noisy tablet\n10.0.0.5\n\n192.168.1.5/24\n127.0.0.1,mine\n"
                "10.2.0.0/16;a range\nphone\n2001:db8::/32\nmore nonsense\n192.168.0.12\n",
                encoding="utf-8",
            )
            await on.store.pairings.pair("192.168.0.12", "alice")
            said = await read_in(on, path)
            assert "4 blocked, 1 were blocked already, 4 not understood" in said
            assert "Line 5: " in said
            assert "192.168.1.0/24" in said
            assert "Line 6: " in said
            assert "Line 8: " in said
            assert "Line 10" not in said, "three are enough"
            assert "192.168.0.12 (alice)" in said
            assert {entry.address: entry.reason for entry in on.store.blacklist.all()} == {
                "10.0.0.5": "noisy tablet", "10.2.0.0/16": "a range", "2001:db8::/32": "", "192.168.0.12": "",
            }  # fmt: skip
            await on.until(lambda: set(shown(on)) == blocked(on))

    play(scene())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"10.0.0.5\n" * 1_001, "too long"),
        (b"x" * 1_000_001, "too long"),
        (b"", "0 blocked"),
        (b"\xff\xfe\x00\x01\x00garbage", "0 blocked, 0 were blocked already, 1 not understood"),
        (None, "could not be read"),
    ],
)
def test_a_file_that_is_no_list_blocks_nobody(
    play: Play, stage: OpenStage, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            path = tmp_path / "list.txt"
            if content is not None:
                path.write_bytes(content)
            assert sentence in await read_in(on, path)
            assert blocked(on) == set()

    play(scene())


# --- export -----------------------------------------------------------------------------------------------------------


def test_what_is_exported_reads_in_again(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab, path = on.tab(BlacklistTab), tmp_path / "blacklist.txt"
            await on.store.blacklist.add("10.0.0.5", "noisy  tablet")
            await on.store.blacklist.add("10.2.0.0/16")
            await on.store.blacklist.add("10.0.0.9", expires_at=datetime.now(UTC) + timedelta(hours=1))
            await on.press(tab.write_out)
            await choose(on, path)
            await on.until(lambda: any("were written" in text for text in on.window.messages.texts()))
            for address in blocked(on):
                await on.store.blacklist.remove(address)
            await read_in(on, path)
            assert {entry.address: entry.reason for entry in on.store.blacklist.all()} == {
                "10.0.0.5": "noisy tablet", "10.2.0.0/16": "",
            }  # fmt: skip

    play(scene())


def test_a_file_that_is_there_is_replaced_only_when_that_is_wanted(
    play: Play, stage: OpenStage, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab, path = on.tab(BlacklistTab), tmp_path / "blacklist.txt"
            path.write_text("precious")
            await on.store.blacklist.add("10.0.0.5")
            await on.press(tab.write_out)
            await choose(on, path)
            dialog = await on.dialog(ReplaceFile)
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            await on.closed(dialog)
            assert path.read_text() == "precious", "Enter alone replaces nothing"
            await on.press(tab.write_out)
            await choose(on, path)
            dialog = await on.dialog(ReplaceFile)
            on.click(dialog.accept_button)
            await on.closed(dialog)
            await on.until(lambda: path.read_text() == "10.0.0.5\n")

    play(scene())


def test_a_folder_that_cannot_be_written_is_told(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage(tab="blacklist") as on:
            tab = on.tab(BlacklistTab)
            await on.store.blacklist.add("10.0.0.5")
            await on.press(tab.write_out)
            await choose(on, tmp_path / "no-such-folder/list.txt")
            await on.until(lambda: any("could not be written" in text for text in on.window.messages.texts()))

    play(scene())


def test_a_line_is_an_address_and_a_reason() -> None:
    text = "10.0.0.1\n10.0.0.2\tnoisy\n10.0.0.3, a, b\n#10.0.0.4\n  10.0.0.5 # kept as a reason\n"
    assert list_files.parse(text) == [
        (1, "10.0.0.1", ""), (2, "10.0.0.2", "noisy"), (3, "10.0.0.3", "a, b"), (5, "10.0.0.5", "kept as a reason"),
    ]  # fmt: skip
    entry = BlacklistEntry("10.0.0.5", "two\nlines", automatic=False, created_at=datetime.now(UTC))
    assert list_files.parse(list_files.spell([entry])) == [(1, "10.0.0.5", "two lines")]
