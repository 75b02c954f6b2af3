"""A phone is connected: every address with what it is, all that the phone must be told, and what to try when it cannot
reach this computer."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.control import LanAddress
from app.core.errors import AddressInUse
from app.core.events import ClientHeard
from app.core.frame import Answer, Frame
from app.server import FrameServer
from app.ui.connect import firewall, reach_dialog
from app.ui.connect.dialog import ConnectDialog
from app.ui.connect.firewall import FirewallLine
from app.ui.connect.profile_dialogs import AddProfile, NewKey
from app.ui.connect.qr_code import QrCode
from app.ui.connect.reach_dialog import ReachDialog
from app.ui.shell.message_bar import MessageBar
from app.ui.shell.status import Status
from app.ui.shell.status_strip import StatusStrip
from app.ui.support.bridge import Bridge
from app.ui.support.theme import Theme
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import URL, Stage

PHONE = "192.168.0.23"
ALONE = (LanAddress("127.0.0.1", "http://127.0.0.1:7175", "lo", "loopback"),)
WIFI = LanAddress("192.168.0.10", URL, "Wi-Fi", "lan", "192.168.0.0/24")
INVITATION = f"{URL}/?pair=code-of-alice"
UFW = "sudo ufw allow from 192.168.0.0/24 to any port 7175 proto tcp"


async def open_dialog(on: Stage) -> ConnectDialog:
    on.click(on.window.strip.connect_phone)
    dialog = await on.dialog(ConnectDialog)
    await on.until(dialog.panel.addresses.count)
    return dialog


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def heard(on: Stage, ip: str, seconds_ago: float = 0.0) -> None:
    on.control.heard[ip] = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    on.bus.publish(ClientHeard(ip))


def scanned(widget: QWidget) -> list[str]:
    """What a camera reads off the screen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(lines[:, : image.width()]))]


# --- what the phone is told ------------------------------------------------------------------------------------------


def test_addresses_are_marked_and_each_thing_is_copied(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            rows = [panel.addresses.item(row).text() for row in range(panel.addresses.count())]
            assert rows == [
                f"{URL}   Wi-Fi   most likely this one",
                "http://10.8.0.2:7175   tun0   VPN: not reached from your Wi-Fi",
                "http://172.17.0.1:7175   docker0   containers on this computer only",
            ]
            on.click(panel.copy_url)
            assert clipboard() == URL
            assert not panel.copy_key.isEnabled()
            on.click(panel.copy_all)
            assert clipboard() == f"Address: {URL}\nUsername: alice"
            panel.show_key("bob", "bobs-key-1")
            on.click(panel.copy_key)
            assert clipboard() == "bobs-key-1"
            on.click(panel.copy_username)
            assert clipboard() == "bob"
            on.click(panel.copy_all)
            assert clipboard() == f"Address: {URL}\nUsername: bob\nAuth key: bobs-key-1"
            assert panel.copy_all.text() == "Copied"

    play(scene())


def test_another_address_is_chosen_by_keyboard_and_stays_chosen(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            panel.addresses.setFocus()
            QTest.keyClick(panel.addresses, Qt.Key.Key_Down)
            assert panel.url() == "http://10.8.0.2:7175"
            assert panel.code.text() == "http://10.8.0.2:7175/?pair=code-of-alice"
            on.control.known_addresses = (*reversed(on.control.known_addresses),)
            panel._look()
            await on.until(lambda: "docker0" in panel.addresses.item(0).text())
            assert panel.url() == "http://10.8.0.2:7175"
            on.control.known_addresses = (WIFI,)
            panel._look()
            await on.until(lambda: panel.url() == URL)

    play(scene())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_camera_reads_the_code_in_both_schemes(play: Play, stage: OpenStage, theme: Theme, scheme: str) -> None:
    async def scene() -> None:
        theme.apply(scheme)  # type: ignore[arg-type]
        async with stage("alice") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            assert scanned(panel.code) == [INVITATION]
            assert panel.code.accessibleName() == f"QR code: {INVITATION}"
            white = panel.code.grab().toImage().pixelColor(1, 1)
            assert white.lightness() == 255, "the quiet zone"

    play(scene())
    theme.apply("light")


def test_the_code_lets_in_while_the_panel_is_open(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.control.start()
            dialog = await open_dialog(on)
            panel = dialog.panel
            panel.choose("bob")
            assert panel.code.text() == f"{URL}/?pair=code-of-bob"
            for setting, closed, opened in (("doors.page", False, True), ("network.tokens_only", True, False)):
                await on.store.set_setting(setting, closed)
                await on.until(lambda: panel.code.text() == URL)
                await on.store.set_setting(setting, opened)
                await on.until(lambda: panel.code.text() != URL)
            on.control.used = 1
            await on.store.pairings.pair(PHONE, "bob", by_auth=False)
            await on.until(lambda: panel.code.text() == f"{URL}/?pair=code-of-bob-1")
            dialog.close()
            await on.until(lambda: not on.control.invited)

    play(scene())


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbar-tools is not installed")
def test_another_reader_reads_the_same(play: Play, stage: OpenStage, tmp_path: Path) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            file = tmp_path / "code.png"
            assert panel.code.grab().save(str(file))
            reader = await asyncio.create_subprocess_exec(
                "zbarimg", "--quiet", "--raw", str(file), stdout=asyncio.subprocess.PIPE
            )
            out, _ = await reader.communicate()
            assert out.decode().strip() == INVITATION

    play(scene())


def test_a_code_of_nothing_is_empty(play: Play) -> None:
    async def scene() -> None:
        code = QrCode()
        code.show_text("http://192.168.0.10:7175/a-very-long-address-that-needs-a-larger-code-than-the-usual-ones")
        assert scanned(code) == [code.text()]
        code.show_text("")
        assert scanned(code) == []
        assert code.accessibleName() == ""
        code.deleteLater()

    play(scene())


def test_a_key_is_shown_once_and_only_with_its_name(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice", "bob") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            assert not panel.key.isVisible()
            on.click(panel.new_key)
            asked = await on.dialog(NewKey)
            on.click(asked.accept_button)
            await on.closed(asked)
            await on.until(panel.key.isVisible)
            profile = on.store.profiles.match_key(panel.key.text())
            assert profile is not None
            assert profile.username == "alice"
            assert not panel.new_key.isVisible()
            panel.username.setCurrentText("bob")
            assert panel.key.text() == ""
            assert panel.new_key.isVisible()
            panel.username.setCurrentText("alice")
            assert panel.key.text()

    play(scene())


def test_with_no_profile_the_first_is_made_here(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage() as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            assert not panel.username.isVisible()
            assert not panel.new_key.isEnabled()
            on.click(panel.add_profile)
            asked = await on.dialog(AddProfile)
            asked.name.setText("carol")
            on.click(asked.accept_button)
            await on.closed(asked)
            await on.until(lambda: panel.key.isVisible() and panel.username.currentText() == "carol")
            assert on.store.profiles.match_key(panel.key.text()) is not None
            await on.store.profiles.add("dave")
            await on.until(lambda: panel.username.findText("dave") >= 0)
            assert panel.username.currentText() == "carol"

    play(scene())


# --- the light -------------------------------------------------------------------------------------------------------


def test_the_light_turns_on_for_a_phone_and_not_for_this_computer(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.control.start()
            panel = (await open_dialog(on)).panel
            assert panel.light.text() == "Phone: not heard yet"
            for own in ("127.0.0.1", "::1", "192.168.0.10"):
                heard(on, own)
            panel.light.refresh()
            assert not panel.light.is_on
            lit = list[str]()
            panel.light.heard.connect(lit.append)
            heard(on, PHONE, 3.2)
            await on.until(lambda: panel.light.text() == f"Phone heard 3 s ago from {PHONE}")
            heard(on, PHONE, 125)
            panel.light.refresh()
            assert panel.light.text() == f"Phone heard 2 min ago from {PHONE}"
            heard(on, "192.168.0.24", 4_000)
            panel.light.refresh()
            assert PHONE in panel.light.text(), "the newest one"
            assert lit == [PHONE]

    play(scene())


def test_for_this_computer_alone_its_own_glasses_count(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            on.control.known_addresses = ALONE
            await on.control.start()
            panel = (await open_dialog(on)).panel
            heard(on, "127.0.0.1")
            await on.until(lambda: panel.light.is_on)

    play(scene())


# --- the server, as far as a phone is concerned ----------------------------------------------------------------------


def test_devices_are_let_in_by_one_switch(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.store.set_setting("network.host", "127.0.0.1")
            on.control.known_addresses = ALONE
            await on.control.start()
            panel = (await open_dialog(on)).panel
            assert panel.alone.isVisible()
            assert "this computer only" in panel.addresses.item(0).text()
            on.control.known_addresses = (WIFI,)
            on.click(panel.let_in)
            await on.until(lambda: on.store.settings.text("network.host") == "0.0.0.0")
            await on.until(lambda: on.control.followed == ["network.host"] and on.control.state == "running")
            await on.until(lambda: panel.url() == URL and not panel.let_in.isVisible())
            assert not panel.alone.isVisible()

    play(scene())


def test_a_refused_switch_says_so_and_goes_back(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            on.control.known_addresses = ALONE
            await on.control.start()
            panel = (await open_dialog(on)).panel
            on.control.fails = "Port 7175 is in use by another program."
            on.click(panel.let_in)
            await on.until(lambda: panel.refusal.text() == on.control.fails and panel.refusal.isVisible())
            await on.until(lambda: not panel.let_in.isChecked())
            on.control.fails = ""
            await on.press(panel.start)
            await on.until(lambda: on.control.state == "running" and not panel.refusal.isVisible())

    play(scene())


def test_a_stopped_server_is_said_and_started(play: Play, stage: OpenStage) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            dialog = await open_dialog(on)
            assert dialog.panel.stopped.isVisible()
            on.click(dialog.panel.start)
            await on.until(lambda: on.control.state == "running" and not dialog.panel.stopped.isVisible())
            assert not dialog.panel.start.isVisible()
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


# --- my phone cannot reach it ----------------------------------------------------------------------------------------


def test_what_to_try_is_told_with_this_networks_own_numbers(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach_dialog, "firewall_lines", lambda port, net: (firewall.ufw(port, net),))
    monkeypatch.setattr(sys, "platform", "linux")

    async def scene() -> None:
        async with stage("alice") as on:
            on.control.known_addresses = (WIFI, *on.control.known_addresses[1:])
            await on.control.start()
            panel = (await open_dialog(on)).panel
            on.click(panel.trouble)
            dialog = await on.dialog(ReachDialog)
            await on.until(lambda: dialog.copy_buttons and dialog.copy_buttons[0].isVisible())
            assert "Nothing has come from a phone" in dialog.heard_note.text()
            assert "lets devices of the network connect" in dialog.server.text()
            assert "(192.168.0.0/24)" in dialog.wifi.text()
            assert f"{URL}/health" in dialog.wifi.text()
            assert dialog.firewall.text() == "It must let port 7175 in. In a terminal:"
            on.click(dialog.copy_buttons[0])
            assert clipboard() == dialog.lines[0].text() == UFW
            assert "(tun0)" in dialog.vpn.text()
            heard(on, PHONE)
            await on.until(lambda: "So the network is fine." in dialog.heard_note.text())
            assert PHONE in dialog.light.text()
            on.click(dialog.close_button)
            await on.closed(dialog)

    play(scene())


def test_what_stands_in_the_way_here_is_told_first(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach_dialog, "firewall_lines", lambda port, net: ())
    monkeypatch.setattr(sys, "platform", "linux")

    async def scene() -> None:
        async with stage("alice") as on:
            on.control.known_addresses = ()
            dialog = ReachDialog(on.services, Bridge(on.bus, on.window), on.window)
            dialog.open()
            await on.until(lambda: "does not run" in dialog.server.text())
            assert "Neither ufw nor firewalld" in dialog.firewall.text()
            assert "TCP port 7175" in dialog.firewall.text(), "the setting's, while none is bound"
            assert "the same network; mobile data" in dialog.wifi.text()
            assert "on the phone may keep it" in dialog.vpn.text()
            on.control.known_addresses = ALONE
            await on.control.start()
            await on.until(lambda: "for this computer alone" in dialog.server.text())
            on.control.fails = "Port 7175 is reserved by Windows."
            with pytest.raises(Exception, match="reserved"):
                await on.control.start()
            await on.until(lambda: dialog.server.text() == on.control.fails)
            dialog.close()

    play(scene())


@pytest.mark.parametrize(
    ("platform", "text"),
    [("win32", "In PowerShell, started as administrator:"), ("darwin", "allow incoming connections for Python.")],
)
def test_other_systems_are_told_their_own_way(
    play: Play, stage: OpenStage, monkeypatch: pytest.MonkeyPatch, platform: str, text: str
) -> None:
    async def scene() -> None:
        async with stage("alice") as on:
            await on.control.start()
            with monkeypatch.context() as elsewhere:
                elsewhere.setattr(sys, "platform", platform)
                dialog = ReachDialog(on.services, Bridge(on.bus, on.window), on.window)
                dialog.open()
                await on.until(lambda: text in dialog.firewall.text())
                assert [line.text().split(" ")[0] for line in dialog.lines] == (
                    ["New-NetFirewallRule"] if platform == "win32" else []
                )
            dialog.close()

    play(scene())


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (firewall.ufw(7175, "192.168.0.0/24"), UFW),
        (firewall.ufw(7175, ""), "sudo ufw allow 7175/tcp"),
        (
            firewall.firewalld(7175, "192.168.0.0/24"),
            'sudo firewall-cmd --permanent --add-rich-rule=\'rule family="ipv4" source address="192.168.0.0/24" '
            'port port="7175" protocol="tcp" accept\' && sudo firewall-cmd --reload',
        ),
        (
            firewall.firewalld(7175, ""),
            "sudo firewall-cmd --permanent --add-port=7175/tcp && sudo firewall-cmd --reload",
        ),
        (
            firewall.windows(7176, "192.168.0.0/24"),
            'New-NetFirewallRule -DisplayName "Frame Backend" -Direction Inbound -Action Allow -Protocol TCP '
            "-LocalPort 7176 -RemoteAddress 192.168.0.0/24 -Profile Private",
        ),
    ],
)
def test_firewall_lines(made: FirewallLine, line: str) -> None:
    assert made.line == line


def test_firewalls_are_looked_for_where_a_plain_user_has_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dict[str, str]()

    def which(tool: str, path: str) -> str | None:
        asked[tool] = path
        return f"/usr/sbin/{tool}" if tool == "firewall-cmd" else None

    monkeypatch.setattr(firewall.shutil, "which", which)
    monkeypatch.setattr(sys, "platform", "linux")
    (line,) = firewall.firewall_lines(7175, "fd00::/64")
    assert line.tool == "firewalld"
    assert 'family="ipv6"' in line.line
    assert "/usr/sbin" in asked["ufw"]


# --- what failed to start, and what would ----------------------------------------------------------------------------


class NoFrames:
    async def process(self, frame: Frame, *, whole: bool = False) -> Answer:
        raise AssertionError("nobody sends one")


def test_the_offered_port_is_used_even_when_another_was_given_at_the_start(play: Play, stage: OpenStage) -> None:
    """The real listener: what is offered is bound."""

    async def scene() -> None:
        async with stage("alice") as on:
            with socket.create_server(("127.0.0.1", 0)) as other:
                taken = other.getsockname()[1]
                server = FrameServer(on.store, NoFrames(), on.bus, host="127.0.0.1", port=taken)
                strip, messages = StatusStrip(), MessageBar()
                strip.resize(1_000, 60)
                strip.show()
                bridge = Bridge(on.bus, strip)
                status = Status(replace(on.services, control=server), bridge, strip, messages)
                with pytest.raises(AddressInUse) as raised:
                    await server.start()
                free = raised.value.free_port
                await on.until(lambda: strip.offer.isVisible())
                assert strip.offer.text() == f"Use port {free}"
                assert messages.texts() == [f"Port {taken} is in use by another program. Port {free} is free."]
                on.click(strip.offer)
                await on.until(lambda: strip.word.text() == "Running" and not strip.offer.isVisible())
                assert strip.url.text() == f"http://127.0.0.1:{free}", "and not on the whole network"
                assert on.store.settings.integer("network.port") == free
                assert messages.texts() == []
                await server.stop()
            status.stop()
            bridge.close()
            for widget in (strip, messages):
                widget.deleteLater()

    play(scene())
