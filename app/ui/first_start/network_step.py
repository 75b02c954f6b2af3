"""Step 1: may other devices connect, and on which port; the server is started anew when that was changed."""

from __future__ import annotations

import sys

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.core.control import LanAddress
from app.core.errors import ServerError
from app.core.settings import declared
from app.ui.first_start.step import Field, Refused, Step
from app.ui.services import Services
from app.ui.support import run_task
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.sentences import said
from app.ui.widgets.buttons import Button
from app.ui.widgets.state_label import StateLabel
from app.ui.widgets.text import Text

HERE, EVERYWHERE = "127.0.0.1", str(declared("network.host").default)
LEAST_PORT, MOST_PORT = 1_024, 65_535
PORT_PX = 120
ASKS_FIREWALL = sys.platform == "win32"
"""Whether the system asks its user before it lets a program listen."""


class NetworkStep(Step):
    """What is typed counts when one goes on, and not before."""

    name = QT_TRANSLATE_NOOP("NetworkStep", "Network")
    title = QT_TRANSLATE_NOOP("NetworkStep", "Let devices on my network connect?")
    told = QT_TRANSLATE_NOOP("NetworkStep", "So that the phone can send what the glasses see to this computer.")

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, parent)
        self._addresses: tuple[LanAddress, ...] = ()
        settings = services.store.settings
        self.lan = QCheckBox(self.tr("&Yes, let the phone on my network connect"), self)
        self.lan.setChecked(settings.text("network.host") not in (HERE, "localhost", "::1"))
        self.only_here = StateLabel(
            self.tr("Off: only programs on this computer reach it, the phone does not."), "idle", self, wrap=True
        )
        self.port = QLineEdit(str(settings.integer("network.port")), self)
        self.port.setFixedWidth(PORT_PX)
        self.use_free = Button("", "", self)
        self.use_free.hide()
        self.port_field = Field(
            self.tr("&Port"), self.port, self, self.use_free, hint=self.tr("Leave it as it is unless it is taken.")
        )
        self.url = Text("", self, wrap=True)
        self.url.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.url_field = Field(self.tr("Address"), self.url, self, hint=" ")
        self.firewall = StateLabel(
            self.tr("Windows asks next whether the program may be reached. Choose \"Private networks\" and \"Allow\"."),
            "warn", self, wrap=True,
        )  # fmt: skip
        for part in (self.lan, self.only_here, self.port_field, self.url_field, self.firewall):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.lan.toggled.connect(self._show)
        self.port.textEdited.connect(self._typed)
        self.use_free.clicked.connect(self._take_free)
        self._free = 0

    def first_field(self) -> QWidget:
        return self.port if self.use_free.isVisibleTo(self) else self.lan

    def begin(self) -> None:
        self._show()
        run_task.start(self._look(), name="read the addresses", owner=self, refused=self.port_field.refuse)

    async def submit(self) -> None:
        """Keep the choice; start the server anew unless it listens as chosen already."""
        port = self._checked_port()
        host = self._wanted_host()
        store, control = self.services.store, self.services.control
        before = (store.settings.text("network.host"), store.settings.integer("network.port"))
        if (host, port) == before and control.state == "running":
            return
        for key, value, kept in (("network.host", host, before[0]), ("network.port", port, before[1])):
            if value != kept:
                await store.set_setting(key, value)
        control.follow("network.host", "network.port")  # what was seen and confirmed here, whatever it started with
        await control.stop()
        try:
            await control.start()
        except ServerError as error:
            await self._offer_free(said(error))
            raise Refused from error

    # --- what is shown -------------------------------------------------------------------------------------------

    async def _look(self) -> None:
        addresses = await self.services.control.addresses()
        if not shiboken6.isValid(self):
            return  # closed meanwhile
        self._addresses = addresses
        self._show()
        control = self.services.control
        trouble = control.sentence if control.state == "error" else ""
        if control.state == "stopped":
            trouble = await control.trouble_ahead()
        if trouble and shiboken6.isValid(self):
            await self._offer_free(said(trouble))

    def _show(self) -> None:
        self.only_here.setVisible(not self.lan.isChecked())
        self.firewall.setVisible(ASKS_FIREWALL and self.lan.isChecked())
        self.url.setText(self._url())
        self.url_field.setVisible(bool(self.url.text()))
        self.url_field.hint.setText(
            self.tr("The phone is given this address in the last step.")
            if self.lan.isChecked()
            else self.tr("For programs on this computer.")
        )

    def _url(self) -> str:
        """The address with the port that is typed; empty while one of them is not known."""
        port = self.port.text().strip()
        ips = [address.ip for address in self._addresses if address.kind != "loopback"]
        ip = HERE if not self.lan.isChecked() else next(iter(ips), "")
        if not ip or not _is_port(port):
            return ""
        return f"http://[{ip}]:{port}" if ":" in ip else f"http://{ip}:{port}"

    def _typed(self) -> None:
        self.port_field.clear()
        self.use_free.hide()
        self._show()

    async def _offer_free(self, sentence: str) -> None:
        self.port_field.refuse(sentence)
        free = await self.services.control.next_free_port()
        if not shiboken6.isValid(self):
            return
        self._free = free
        if free:
            self.use_free.setText(self.tr("Use {port}").format(port=self._free))
        self.use_free.setVisible(bool(self._free))

    def _take_free(self) -> None:
        self.port.setText(str(self._free))
        self.port.setFocus()
        self._typed()

    # --- what is chosen ------------------------------------------------------------------------------------------

    def _wanted_host(self) -> str:
        """An address that the owner set by hand stays, as long as it says the same."""
        kept = self.services.store.settings.text("network.host")
        is_here = kept in (HERE, "localhost", "::1")
        if self.lan.isChecked():
            return EVERYWHERE if is_here else kept
        return kept if is_here else HERE

    def _checked_port(self) -> int:
        self.port_field.clear()
        text = self.port.text().strip()
        if _is_port(text):
            return int(text)
        if text.isascii() and text.isdecimal() and 0 < int(text[:9]) < LEAST_PORT:
            told = self.tr("Ports below {least} belong to the system. Choose one from {least} to {most}.")
        else:
            told = self.tr("A port is a whole number from {least} to {most}.")
        self.port_field.refuse(told.format(least=LEAST_PORT, most=MOST_PORT))
        raise Refused


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and LEAST_PORT <= int(text[:9]) <= MOST_PORT
