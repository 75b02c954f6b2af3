"""Block the address of a device, from wherever it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidValue, NameTaken, StoreError
from app.store.setup.addresses import Network, address_of, checked_network
from app.store.setup.blacklist import REASON_MAX_CHARS
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.sentences import said
from app.ui.widgets.choices import Choices
from app.ui.widgets.form import FormDialog
from app.ui.widgets.validated_field import ValidatedField


def paired_within(services: Services, network: Network) -> list[str]:
    """The paired devices that ``network`` holds, each with whose it is."""
    found = []
    for pairing in services.store.pairings.all():
        address = address_of(pairing.ip)
        if address is not None and address in network:
            found.append(f"{pairing.ip} ({pairing.username})")
    return found


class BlockAddress(FormDialog):
    """What is wrong with the address, and whom it would lock out, stands under its field. Emits ``added``."""

    added = Signal(str)

    def __init__(self, services: Services, parent: QWidget, *, address: str = "", reason: str = "") -> None:
        super().__init__(parent)
        self._services = services
        self.ask(self.tr("Block an address"), self.tr("Block"))
        self.address, self.reason = QLineEdit(self), QLineEdit(self)
        self.address.setPlaceholderText(self.tr("192.168.1.23, or a range: 192.168.1.0/24"))
        self.reason.setPlaceholderText(self.tr("For yourself; may stay empty"))
        hours = ((self.tr("One hour"), 1), (self.tr("One day"), 24), (self.tr("One week"), 7 * 24))
        self.lasting = Choices("", self, (self.tr("For good"), None), *hours)
        self.address_field, self.reason_field = ValidatedField(self.address, self), ValidatedField(self.reason, self)
        self.fields = (self.address_field, self.reason_field)
        self.form.addRow(self.tr("&Address or range"), self.address_field)
        self.form.addRow(self.tr("&How long"), self.lasting)
        self.form.addRow(self.tr("&Reason"), self.reason_field)
        self.address.textChanged.connect(self._warn)
        self.address.setText(address)
        self.reason.setText(reason)

    async def submit(self) -> None:
        hours = self.lasting.currentData()
        until = None if hours is None else datetime.now(UTC) + timedelta(hours=hours)
        self._check_reason()
        try:
            entry = await self._services.store.blacklist.add(self.address.text(), self.reason.text(), expires_at=until)
        except (InvalidValue, NameTaken) as error:
            self.address_field.tell(said(error))
            raise
        self.added.emit(entry.address)

    def _warn(self) -> None:
        try:
            devices = paired_within(self._services, checked_network(self.address.text()))
        except StoreError:
            devices = []  # it may be half typed: what is wrong is told when it is sent
        if devices:
            text = self.tr("Paired with this computer: {devices}. These glasses would get no answer any more.")
            self.address_field.tell(text.format(devices=", ".join(devices)), "warn")
        self.accept_button.setText(self.tr("Block all the same") if devices else self.tr("Block"))

    def _check_reason(self) -> None:
        """Raises ``InvalidValue``: a reason is not cut in silence."""
        number = len(self.reason.text().strip())
        if number > REASON_MAX_CHARS:
            sentence = self.tr("A reason has at most {most} characters, this one {number}.").format(
                most=fmt.count(REASON_MAX_CHARS), number=fmt.count(number)
            )
            self.reason_field.tell(sentence)
            raise InvalidValue(sentence)
