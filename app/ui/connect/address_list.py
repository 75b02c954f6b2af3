"""Every address of this computer, with its adapter: one is chosen, the likely one first, and what no phone reaches is
marked in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.core.control import AdapterKind, LanAddress
from app.ui.support import icons
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.theme import Themed, Tone

_MARKS: Mapping[AdapterKind, str] = {
    "lan": "",
    "vpn": QT_TRANSLATE_NOOP("AddressList", "VPN: not reached from your Wi-Fi"),
    "container": QT_TRANSLATE_NOOP("AddressList", "containers on this computer only"),
    "virtual": QT_TRANSLATE_NOOP("AddressList", "virtual machines on this computer only"),
    "loopback": QT_TRANSLATE_NOOP("AddressList", "this computer only"),
}
_MOST_ROWS, _ROW_PX = 5, 30


class AddressList(Themed, QListWidget):
    """Emits ``chosen`` when another address is."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[LanAddress, ...] = ()
        self.setAccessibleName(self.tr("Addresses of this computer"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentRowChanged.connect(lambda _: self.chosen.emit())
        self._fit()

    def show_addresses(self, addresses: Sequence[LanAddress]) -> None:
        """The likeliest first; the owner's choice stays while it is among them."""
        if tuple(addresses) == self._shown:
            return
        before, was_first = self.address(), self.currentRow() <= 0
        self._shown = tuple(addresses)
        kept = [row for row, address in enumerate(addresses) if before and address.ip == before.ip]
        self.blockSignals(True)
        self.clear()
        for row, address in enumerate(addresses):
            self.addItem(self._item(address, likely=row == 0))
        self.setCurrentRow(kept[0] if kept and not was_first else 0)
        self.blockSignals(False)
        self._fit()
        self.chosen.emit()

    def address(self) -> LanAddress | None:
        """The chosen one."""
        row = self.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def draw(self) -> None:
        for row, address in enumerate(self._shown):
            self.item(row).setIcon(icons.tone_icon(_tone(address, likely=row == 0), self.palette()))

    def _item(self, address: LanAddress, *, likely: bool) -> QListWidgetItem:
        mark = self.tr(_MARKS[address.kind]) if _MARKS[address.kind] else ""
        if likely and address.kind == "lan":
            mark = self.tr("most likely this one")
        text = "   ".join(part for part in (address.url or address.ip, address.adapter, mark) if part)
        item = QListWidgetItem(icons.tone_icon(_tone(address, likely=likely), self.palette()), text)
        item.setToolTip(text)
        item.setSizeHint(QSize(0, _ROW_PX))
        return item

    def _fit(self) -> None:
        rows = min(max(len(self._shown), 1), _MOST_ROWS)
        self.setFixedHeight(rows * _ROW_PX + 2 * self.frameWidth() + 4)


def _tone(address: LanAddress, *, likely: bool) -> Tone:
    if address.kind in ("lan", "loopback"):
        return "good" if likely else "idle"
    return "warn"
