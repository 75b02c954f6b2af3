"""My phone cannot reach it: what was heard last, and then what is to be tried, in the order in which it helps."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

import shiboken6
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.core.control import LanAddress
from app.core.events import ServerStateChanged
from app.ui.connect.firewall import FirewallLine, firewall_lines
from app.ui.connect.last_seen_light import LastSeenLight
from app.ui.services import Services
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.widgets.buttons import CopyButton
from app.ui.widgets.card import Card
from app.ui.widgets.dialog import Dialog
from app.ui.widgets.layouts import STRETCH, add, vbox, wide
from app.ui.widgets.scroll import Scroll
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Quiet, Text

_SIZE_PX = (640, 640)


class ReachDialog(Dialog):
    """Filled when the addresses are known; its light goes on as soon as a phone is heard."""

    def __init__(self, services: Services, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.setWindowTitle(self.tr("My phone cannot reach it"))
        self.resize(*_SIZE_PX)
        self.lines: list[QLineEdit] = []
        self.copy_buttons: list[CopyButton] = []
        self.light = LastSeenLight(services.control, bridge, self)
        self.heard_note = Quiet("", self, wrap=True)
        self.server = StateLabel("", "good", self, wrap=True)
        self.wifi, self.vpn, self.firewall = (Text("", self, wrap=True) for _ in range(3))
        self._grid = QGridLayout()
        self._lay_out()
        self.light.heard.connect(lambda _: self._show_heard())
        bridge.on(ServerStateChanged, self._look, self)
        self._show_heard()
        self._look()

    # --- how it is made ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inner = QWidget(self)
        cards = [_card(self.tr("Last request heard"), self.light, self.heard_note)]
        guest = Text(
            self.tr(
                "Guest networks, and routers with client isolation, keep devices apart. Use the main network for both."
            ),
            inner,
            wrap=True,
        )
        titled = (
            (self.tr("The server"), self.server),
            (self.tr("The same Wi-Fi"), self.wifi),
            (self.tr("No guest network"), guest),
            (self.tr("The firewall of this computer"), self.firewall),
            (self.tr("VPN"), self.vpn),
        )
        for number, (title, told) in enumerate(titled, start=1):
            cards.append(_card(f"{number}. {title}", told))
            if told is self.firewall:
                cards[-1].body.addLayout(self._grid)
        vbox(*cards, STRETCH, gap=12, on=inner, margins=(0, 0, 6, 0))
        self.column.setContentsMargins(20, 18, 14, 18)
        add(self.column, wide(Scroll(inner, self)), self.refusal, self.button_box())

    # --- what it says --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self.work(self._fill(), "look at the network")

    async def _fill(self) -> None:
        addresses = await self._services.control.addresses()
        port = self._port(addresses)
        likely = addresses[0] if addresses else None
        network = likely.network if likely and likely.kind == "lan" else ""
        lines = await asyncio.to_thread(firewall_lines, port, network)
        if not shiboken6.isValid(self):
            return  # closed meanwhile
        alone = bool(addresses) and all(address.kind == "loopback" for address in addresses)
        self.light.leave_out(addresses)
        self._show_heard()
        self._show_server(alone=alone)
        self._show_wifi(likely, network)
        self._show_firewall(lines, port)
        self._show_vpn(addresses)

    def _port(self, addresses: tuple[LanAddress, ...]) -> int:
        found = urlsplit(addresses[0].url).port if addresses and addresses[0].url else None
        return found or self._services.store.settings.integer("network.port")

    def _show_heard(self) -> None:
        self.heard_note.setText(
            self.tr("So the network is fine. If nothing comes back, look at the username and the auth key.")
            if self.light.is_on
            else self.tr("Nothing has come from a phone since the program started. Try these, from the top:")
        )

    def _show_server(self, *, alone: bool) -> None:
        control = self._services.control
        if control.state != "running":
            self.server.show_state(
                said(control.sentence) or self.tr("It does not run: press Start above the tabs."), "bad"
            )
        elif alone:
            self.server.show_state(
                self.tr("It is for this computer alone: let devices connect under Connect a phone."), "bad"
            )
        else:
            self.server.show_state(self.tr("It runs and lets devices of the network connect."), "good")

    def _show_wifi(self, likely: LanAddress | None, network: str) -> None:
        if likely is None or not likely.url or likely.kind == "loopback":
            self.wifi.setText(self.tr("Phone and computer must be in the same network; mobile data does not do."))
            return
        text = (
            self.tr(
                "Phone and computer must be in the same network ({network}); mobile data does not do. "
                "Open {url} in the phone's browser: when it says healthy, the phone reaches this computer."
            )
            if network
            else self.tr(
                "Phone and computer must be in the same network; mobile data does not do. "
                "Open {url} in the phone's browser: when it says healthy, the phone reaches this computer."
            )
        )
        self.wifi.setText(text.format(network=network, url=f"{likely.url}/health"))

    def _show_firewall(self, lines: tuple[FirewallLine, ...], port: int) -> None:
        if sys.platform == "win32":
            text = self.tr("It must let port {port} in. In PowerShell, started as administrator:")
        elif sys.platform == "darwin":
            text = self.tr("In System Settings, Network, Firewall, Options: allow incoming connections for Python.")
        elif lines:
            text = self.tr("It must let port {port} in. In a terminal:")
        else:
            text = self.tr("Neither ufw nor firewalld was found here. Another firewall must let TCP port {port} in.")
        self.firewall.setText(text.format(port=port))
        if [line.text() for line in self.lines] != [line.line for line in lines]:
            self._show_lines(lines)

    def _show_lines(self, lines: tuple[FirewallLine, ...]) -> None:
        for widget in (*self.lines, *self.copy_buttons):
            widget.deleteLater()
        self.lines.clear()
        self.copy_buttons.clear()
        for row, told in enumerate(lines):
            line = QLineEdit(told.line, self, readOnly=True)
            line.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
            line.setAccessibleName(self.tr("Line for {firewall}").format(firewall=told.tool))
            line.setToolTip(told.line)
            line.setCursorPosition(0)
            copy = CopyButton(self.tr("Copy the line for {firewall}").format(firewall=told.tool), told.line, self)
            self._grid.addWidget(line, row, 0)
            self._grid.addWidget(copy, row, 1)
            self.lines.append(line)
            self.copy_buttons.append(copy)

    def _show_vpn(self, addresses: tuple[LanAddress, ...]) -> None:
        adapters = ", ".join(address.adapter for address in addresses if address.kind == "vpn")
        text = (
            self.tr("This computer has one now ({adapters}). Switch it off for a test, and one on the phone too.")
            if adapters
            else self.tr("A VPN on the phone may keep it from the local network: switch it off for a test.")
        )
        self.vpn.setText(text.format(adapters=adapters))


def _card(title: str, *told: QWidget) -> Card:
    card = Card(title=title)
    for widget in told:
        card.body.addWidget(widget)
    return card
