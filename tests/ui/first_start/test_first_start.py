"""The first start: every button and field, what is refused beside its field, and all of it by keyboard alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.control import LanAddress
from app.core.errors import InvalidValue
from app.core.events import ClientHeard
from app.core.provider_check import ProviderCheck
from app.ui.connect.profile_dialogs import NewKey
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.first_start import network_step, wearer_step
from app.ui.first_start.wearer_step import suggested_name
from app.ui.first_start.wizard import DONE_KEY, FirstStart
from app.ui.support.bridge import Bridge
from app.ui.widgets.text import Quiet
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Providers, Stage, case

NETWORK, WEARER, AI, PHONE = range(4)
ALONE = LanAddress("127.0.0.1", "http://127.0.0.1:7175", "lo", "loopback")


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests is nobody's name."""
    monkeypatch.setenv("LOGNAME", "root")


async def opened(on: Stage, step: int = NETWORK, providers: Providers | None = None) -> FirstStart:
    """The dialog, at ``step``; ``providers`` instead of the stage's."""
    dialog = FirstStart(replace(on.services, providers=providers or on.providers), Bridge(on.bus, on.window), on.window)
    dialog.open()
    await on.until(dialog.isVisible)
    while dialog.shown < step:
        on.click(dialog.skip)
    return dialog


async def gone_on(on: Stage, dialog: FirstStart) -> None:
    """Next was pressed and its step is done, or refused."""
    step = dialog.shown
    on.click(dialog.next)
    await on.until(lambda: dialog.next.isEnabled() or not dialog.isVisible())
    assert dialog.shown == step + 1, dialog.refusal.text()


async def refused(on: Stage, dialog: FirstStart) -> None:
    step = dialog.shown
    on.click(dialog.next)
    await on.until(dialog.next.isEnabled)
    assert dialog.shown == step


def is_done(on: Stage) -> bool:
    kept = QSettings(str(on.services.settings_path), QSettings.Format.IniFormat)
    return bool(kept.value(DONE_KEY, False, bool))


def keys(widget: QWidget, *pressed: Qt.Key) -> None:
    for key in pressed:
        QTest.keyClick(widget.focusWidget() or widget, key)


# --- the whole of it -------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_leads_from_nothing_to_a_phone_that_is_heard(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            assert FirstStart.is_wanted(on.services)
            dialog = await opened(on)
            await on.until(dialog.network.lan.hasFocus)
            assert "Step 1 of 4" in dialog.list.accessibleName()
            keys(dialog, Qt.Key.Key_Return)
            await on.until(lambda: dialog.shown == WEARER)
            assert on.control.state == "running"
            assert dialog.wearer.name_line.hasFocus()
            QTest.keyClicks(dialog.wearer.name_line, "alice")
            keys(dialog, Qt.Key.Key_Return)
            await on.until(lambda: dialog.shown == AI)
            assert dialog.ai.options[""].hasFocus()
            keys(dialog, Qt.Key.Key_Return)
            await on.until(lambda: dialog.shown == PHONE)
            key = dialog.wearer.auth_key
            assert on.store.profiles.match_key(key).username == "alice"  # type: ignore[union-attr]
            assert dialog.next.hasFocus()
            on.bus.publish(ClientHeard("192.168.0.12", "alice"))
            await asyncio.sleep(0.2)
            keys(dialog, Qt.Key.Key_Return)
            await on.closed(dialog)
            assert is_done(on)
            assert not FirstStart.is_wanted(on.services)

    play(scene())


@pytest.mark.parametrize("end", ["later", "escape", "close"])
def test_it_ends_at_any_step_and_does_not_come_again(play: Play, stage: OpenStage, end: str) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on, AI)
            if end == "later":
                on.click(dialog.later)
            elif end == "escape":
                keys(dialog, Qt.Key.Key_Escape)
            else:
                dialog.close()
            await on.closed(dialog)
            assert is_done(on)
            assert not FirstStart.is_wanted(on.services)
            assert on.store.profiles.all() == ()
            await on.until(lambda: on.control.state == "running")  # it had waited for the dialog

    play(scene())


def test_reopened_it_leaves_a_stopped_server_stopped(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            first = await opened(on)
            on.click(first.later)
            await on.until(lambda: on.control.state == "running")
            await on.control.stop()
            again = await opened(on)
            on.click(again.later)
            await on.closed(again)
            await asyncio.sleep(0.05)
            assert on.control.state == "stopped"

    play(scene())


def test_it_is_not_wanted_where_somebody_is_known(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            assert not FirstStart.is_wanted(on.services)

    play(scene())


def test_back_and_skip_go_through_the_steps_and_do_nothing(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on)
            assert not dialog.back.isVisible()
            for step in (WEARER, AI, PHONE):
                on.click(dialog.skip)
                assert dialog.shown == step
            assert not dialog.skip.isVisible()
            on.click(dialog.phone.panel.add_profile)
            assert dialog.shown == WEARER
            on.click(dialog.skip)
            for step in (WEARER, NETWORK):
                on.click(dialog.back)
                assert dialog.shown == step
            assert on.control.state == "stopped"
            assert on.store.profiles.all() == ()
            on.click(dialog.later)
            await on.closed(dialog)

    play(scene())


# --- 1: the network --------------------------------------------------------------------------------------------------


BAD_PORTS = {
    "80": "belong to the system", "70000": "1024 to 65535", "": "whole number", "12a": "whole number",
    "-1": "whole number", "0": "whole number", "9" * 200: "whole number",
}  # fmt: skip


def test_a_bad_port_gets_its_sentence_beside_the_field(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on)
            field = dialog.network.port_field
            for port, said in BAD_PORTS.items():
                with case(port):
                    dialog.network.port.setText(port)
                    await refused(on, dialog)
                    assert field.refusal.isVisible()
                    assert said in field.refusal.text()
                    assert dialog.network.port.text() == port
                    assert dialog.network.port.hasFocus()
                    assert on.store.settings.integer("network.port") == 7175
                    assert on.control.state == "stopped"
                    dialog.network.port.selectAll()
                    QTest.keyClicks(dialog.network.port, "7300")
                    assert not field.refusal.isVisible()
            await gone_on(on, dialog)
            assert on.store.settings.integer("network.port") == 7300
            assert "network.port" in on.control.followed, "over what the program was started with"

    play(scene())


def test_a_taken_port_offers_the_next_free_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.control.fails = "Port 7175 is in use by another program."
            dialog = await opened(on)
            await refused(on, dialog)
            step = dialog.network
            assert step.port_field.refusal.text() == "Port 7175 is in use by another program."
            assert step.use_free.text() == "Use 7176"
            on.click(step.use_free)
            assert step.port.text() == "7176"
            assert not step.use_free.isVisible()
            assert not step.port_field.refusal.isVisible()
            on.control.fails = ""
            await gone_on(on, dialog)
            assert on.store.settings.integer("network.port") == 7176
            assert on.control.state == "running"

    play(scene())


def test_a_port_that_was_taken_at_the_start_is_told_at_once(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.control.state, on.control.sentence = "error", "Port 7175 is in use by another program."
            dialog = await opened(on)
            await on.until(dialog.network.use_free.isVisible)
            assert dialog.network.port_field.refusal.text() == on.control.sentence

    play(scene())


def test_a_port_that_would_be_taken_is_told_before_anybody_goes_on(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.control.fails = "Port 7175 is in use by another program."
            assert on.control.state == "stopped"
            dialog = await opened(on)
            await on.until(dialog.network.use_free.isVisible)
            assert dialog.network.port_field.refusal.text() == on.control.fails

    play(scene())


def test_each_ai_says_what_it_is_good_at_and_whether_it_is_free_to_start_with(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on)
            told = [label.text() for label in dialog.ai.findChildren(Quiet)]
            assert "Quick, and good at most things. Free to start with: 450 pictures a day." in told

    play(scene())


def test_off_keeps_the_server_to_this_computer_and_on_again_opens_it(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.control.start()
            dialog = await opened(on)
            step = dialog.network
            await on.until(lambda: step.url.text() == "http://192.168.0.10:7175")
            keys(dialog, Qt.Key.Key_Space)
            assert not step.lan.isChecked()
            assert step.only_here.isVisible()
            assert step.url.text() == "http://127.0.0.1:7175"
            await gone_on(on, dialog)
            assert on.store.settings.text("network.host") == "127.0.0.1"
            assert on.control.state == "running"
            on.click(dialog.back)
            on.click(step.lan)
            await gone_on(on, dialog)
            assert on.store.settings.text("network.host") == "0.0.0.0"

    play(scene())


def test_a_server_that_listens_as_chosen_is_left_alone(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.control.start()
            on.control.fails = "It was started anew."
            dialog = await opened(on)
            await gone_on(on, dialog)
            assert on.control.state == "running"

    play(scene())


def test_an_address_set_by_hand_stays(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.set_setting("network.host", "192.168.0.10")
            dialog = await opened(on)
            assert dialog.network.lan.isChecked()
            await gone_on(on, dialog)
            assert on.store.settings.text("network.host") == "192.168.0.10"

    play(scene())


def test_the_address_is_the_likeliest_with_the_typed_port(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            on.control.known_addresses = (LanAddress("fd00::5", "http://[fd00::5]:7175", "Wi-Fi", "lan"),)
            dialog = await opened(on)
            await on.until(lambda: dialog.network.url.text() == "http://[fd00::5]:7175")
            dialog.network.port.selectAll()
            QTest.keyClicks(dialog.network.port, "8000")
            assert dialog.network.url.text() == "http://[fd00::5]:8000"

    play(scene())


def test_windows_question_is_announced_while_the_network_is_let_in(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on)
            assert not dialog.network.firewall.isVisible()
            monkeypatch.setattr(network_step, "ASKS_FIREWALL", True)
            on.click(dialog.network.lan)
            assert not dialog.network.firewall.isVisible()
            on.click(dialog.network.lan)
            assert dialog.network.firewall.isVisible()
            assert on.control.state == "stopped", "the question comes with the server, after it was announced"

    play(scene())


# --- 2: the wearer ---------------------------------------------------------------------------------------------------


def test_a_bad_name_gets_its_sentence_beside_the_field(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on, WEARER)
            step = dialog.wearer
            for name in ("😀", "../../x", "", "  ", "a" * 65, "a\tb"):
                with case(name):
                    step.name_line.selectAll()
                    QTest.keyClicks(step.name_line, "fine")
                    assert not step.name_field.refusal.isVisible()
                    step.name_line.setText(name)
                    await refused(on, dialog)
                    assert step.name_field.refusal.isVisible()
                    assert step.name_field.refusal.text()
                    assert step.name_line.text() == name
                    assert step.name_line.hasFocus()
                    assert on.store.profiles.all() == ()

    play(scene())


BAD_KEYS = {
    "abcdefg": "8 to 128", "with blank": "no spaces", "ümlaut": "8 to 128", "k" * 129: "8 to 128",
    "new\nline": "no line breaks",
}  # fmt: skip


def test_a_bad_key_gets_its_sentence_and_a_good_one_is_taken(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on, WEARER)
            step = dialog.wearer
            step.name_line.setText("alice")
            for key, said in BAD_KEYS.items():
                with case(key):
                    step.key.setText(key)
                    await refused(on, dialog)
                    assert said in step.key_field.refusal.text()
                    assert step.key.hasFocus()
                    assert on.store.profiles.all() == ()
            step.key.setText("Alice-Key.1_~")
            await gone_on(on, dialog)
            assert on.store.profiles.match_key("Alice-Key.1_~") == on.profile("alice")
            assert step.auth_key == "Alice-Key.1_~"

    play(scene())


def test_a_key_in_use_is_told_beside_the_key(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.profiles.add("bob", "bobs-key")
            dialog = await opened(on, WEARER)
            step = dialog.wearer
            step.who.setCurrentIndex(step.who.findData(""))
            step.name_line.setText("alice")
            step.key.setText("bobs-key")
            await refused(on, dialog)
            assert "in use" in step.key_field.refusal.text()
            step.name_line.setText("bob")
            await refused(on, dialog)
            assert "already" in step.name_field.refusal.text()

    play(scene())


def test_one_who_is_known_is_chosen_and_given_a_new_key(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.profiles.add("alice", "old-key-1")
            dialog = await opened(on, WEARER)
            step = dialog.wearer
            assert step.who.currentData() == "alice"
            assert not step.name_field.isVisible()
            assert not step.key_field.isVisible()
            await gone_on(on, dialog)
            assert (step.username, step.auth_key) == ("alice", "")
            assert on.store.profiles.match_key("old-key-1") is not None
            on.click(dialog.back)
            on.click(step.new_key)
            assert step.key_field.isVisible()
            await gone_on(on, dialog)
            assert on.store.profiles.match_key("old-key-1") is None
            assert on.store.profiles.match_key(step.auth_key) == on.profile("alice")

    play(scene())


def test_back_after_a_profile_was_made_makes_no_second_one(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            dialog = await opened(on, WEARER)
            dialog.wearer.name_line.setText("alice")
            await gone_on(on, dialog)
            key = dialog.wearer.auth_key
            on.click(dialog.back)
            assert dialog.wearer.who.currentData() == "alice"
            assert "last step" in dialog.wearer.who_field.hint.text()
            await gone_on(on, dialog)
            assert [profile.username for profile in on.store.profiles.all()] == ["alice"]
            assert dialog.wearer.auth_key == key

    play(scene())


@pytest.mark.parametrize(
    ("account", "name"),
    [("anna", "anna"), ("root", ""), ("DOM\\anna", "DOManna"), ("..", ""), ("Zoë", "Zoë"), ("a" * 80, "a" * 64)],
)
def test_the_account_suggests_a_name_that_may_be_one(monkeypatch: pytest.MonkeyPatch, account: str, name: str) -> None:
    monkeypatch.setattr(wearer_step.getpass, "getuser", lambda: account)
    assert suggested_name() == name


def test_an_account_without_a_name_suggests_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(wearer_step.getpass, "getuser", unknown)
    assert suggested_name() == ""


# --- 3: the AI -------------------------------------------------------------------------------------------------------


def test_a_key_is_pasted_tested_and_kept(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.secrets.unlock()
            dialog = await opened(on, AI)
            step = dialog.ai
            assert not step.key_part.isVisible()
            on.click(step.options["gemini"])
            assert step.session_only.isVisible()
            assert step.session_only.isChecked()
            assert "keyring" in step.key_field.hint.text()
            QGuiApplication.clipboard().setText(" pasted-key\n")
            on.click(step.paste)
            assert step.key.text() == "pasted-key"
            on.click(step.test)
            assert not step.test.isEnabled()
            await on.until(step.test.isEnabled)
            assert on.providers.checked == [("gemini", None, "pasted-key")]
            assert step.result.text() == "gemini works. Models it offers: 2."
            await gone_on(on, dialog)
            assert on.store.secrets.key_for(1, "gemini") == "pasted-key"
            assert step.key.text() == "", "a key that is kept is not shown again"

    play(scene())


def test_a_failed_test_says_why_and_asks_nobody_twice(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:

            class Broken(Providers):
                async def check(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
                    if key == "unreadable":
                        raise InvalidValue("That is no key.")
                    return ProviderCheck(name, False, "qwen: the key was refused.")

            dialog = await opened(on, AI, Broken())
            step = dialog.ai
            on.click(step.options["qwen"])
            on.click(step.test)
            assert step.key_field.refusal.isVisible(), "there is no key to test"
            for key, said in (("wrong", "qwen: the key was refused."), ("unreadable", "That is no key.")):
                step.key.setText(key)
                on.click(step.test)
                await on.until(step.test.isEnabled)
                assert step.result.text() == said

    play(scene())


@pytest.mark.parametrize("end", ["cancel", "back", "later"])
def test_a_slow_test_can_be_ended(play: Play, stage: OpenStage, end: str) -> None:
    async def scene() -> None:
        async with stage() as on:
            ended = asyncio.Event()

            class Slow(Providers):
                async def check(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
                    try:
                        await asyncio.sleep(20)
                    finally:
                        ended.set()
                    raise AssertionError

            dialog = await opened(on, AI, Slow())
            step = dialog.ai
            on.click(step.options["qwen"])
            step.key.setText("a-key")
            on.click(step.test)
            await on.until(step.cancel.isVisible)
            assert step.progress.isVisible()
            on.click({"cancel": step.cancel, "back": dialog.back, "later": dialog.later}[end])
            await asyncio.wait_for(ended.wait(), 5)
            if end == "cancel":
                assert step.test.isEnabled()
                assert not step.progress.isVisible()
                assert "ended" in step.result.text()

    play(scene())


def test_next_asks_for_the_key_and_going_on_without_one_needs_none(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.providers.set("on_device", enabled=False)
            dialog = await opened(on, AI)
            step = dialog.ai
            on.click(step.options["qwen"])
            await refused(on, dialog)
            assert "Paste the key first" in step.key_field.refusal.text()
            step.key.setText("two words")
            await refused(on, dialog)
            assert "no blanks" in step.key_field.refusal.text()
            assert step.key.text() == "two words"
            on.click(step.options[""])
            await gone_on(on, dialog)
            assert on.store.providers.get("on_device").enabled
            assert on.store.secrets.listed(None) == ()

    play(scene())


def test_a_keyring_that_fails_leaves_the_key_typed_and_offers_the_session(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:  # not probed: it fails when the key is kept
            await on.store.providers.set("qwen", enabled=False)
            dialog = await opened(on, AI)
            step = dialog.ai
            on.click(step.options["qwen"])
            assert not step.session_only.isVisible()
            step.key.setText("a-key")
            await refused(on, dialog)
            assert "DASHSCOPE_API_KEY" in step.key_field.refusal.text()
            assert step.key.text() == "a-key"
            assert step.session_only.isVisible()
            assert step.session_only.isChecked()
            await gone_on(on, dialog)
            assert on.store.secrets.key_for(1, "qwen") == "a-key"
            assert on.store.providers.get("qwen").enabled
            again = await opened(on, AI)
            assert again.ai.choice == "qwen", "who has a key is chosen"
            await gone_on(on, again)

    play(scene())


def test_each_vendors_link_opens_the_page_where_its_key_is_got(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with stage() as on:
            urls: list[str] = []
            monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: urls.append(QUrl(url).toString()))
            dialog = await opened(on, AI)
            for page in dialog.ai.pages.values():
                on.click(page)
            assert urls == ["https://g.test/keys", "https://q.test/keys"]

    play(scene())


# --- 4: the phone ----------------------------------------------------------------------------------------------------


def test_the_last_step_gives_the_phone_what_it_needs(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.control.start()
            dialog = await opened(on, WEARER)
            dialog.wearer.name_line.setText("alice")
            await gone_on(on, dialog)
            on.click(dialog.skip)
            panel = dialog.phone.panel
            await on.until(panel.url)
            on.click(panel.copy_all)
            copied = QGuiApplication.clipboard().text()
            assert all(told in copied for told in (URL, "alice", dialog.wearer.auth_key))
            on.click(dialog.next)
            await on.closed(dialog)

    play(scene())


def test_every_way_out_of_the_last_step_is_there(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.set_setting("network.host", "127.0.0.1")
            by_wifi, on.control.known_addresses = on.control.known_addresses, (ALONE,)
            dialog = await opened(on, PHONE)
            panel = dialog.phone.panel
            await on.press(panel.start)
            await on.until(lambda: on.control.state == "running" and panel.let_in.isVisible())
            on.control.known_addresses = by_wifi
            on.click(panel.let_in)
            await on.until(lambda: on.store.settings.text("network.host") == "0.0.0.0")
            await on.until(lambda: panel.url() == URL)
            panel.show_key("alice", "my-own-key")
            for button, text in (
                (panel.copy_url, URL), (panel.copy_username, "alice"), (panel.copy_key, "my-own-key"),
            ):  # fmt: skip
                on.click(button)
                assert QGuiApplication.clipboard().text() == text
            on.click(panel.trouble)
            help_dialog = await on.dialog(ReachDialog)
            on.click(help_dialog.close_button)
            await on.closed(help_dialog)

    play(scene())


def test_a_known_profiles_key_is_replaced_in_the_last_step(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.store.profiles.add("alice", "old-key-1")
            dialog = await opened(on, WEARER)
            await gone_on(on, dialog)
            on.click(dialog.skip)
            panel = dialog.phone.panel
            assert panel.key.text() == ""
            on.click(panel.new_key)
            ask = await on.dialog(NewKey)
            on.click(ask.accept_button)
            await on.closed(ask)
            await on.until(panel.key.text)
            assert on.store.profiles.match_key(panel.key.text()) == on.profile("alice")
            assert on.store.profiles.match_key("old-key-1") is None

    play(scene())
