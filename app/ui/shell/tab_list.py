"""The tabs' names on the left. Ctrl+1 to Ctrl+9 go to them from anywhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.ui.support import icons

WIDTH_PX = 184


class TabList(QListWidget):
    """``currentRowChanged`` tells which tab is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setAccessibleName(self.tr("Tabs"))
        self.setIconSize(QSize(20, 20))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH_PX)
        self.viewport().setAutoFillBackground(False)
        self._drawings: list[str] = []

    def add_tab(self, title: str, drawing: str) -> None:
        self._drawings.append(drawing)
        item = QListWidgetItem(icons.icon(drawing, self.palette(), QPalette.ColorRole.WindowText), title, self)
        font = item.font()
        font.setWeight(QFont.Weight.Medium)
        item.setFont(font)
        if self.count() <= 9:
            item.setToolTip(self.tr("Ctrl+{digit}").format(digit=self.count()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            for row, drawing in enumerate(self._drawings):
                self.item(row).setIcon(icons.icon(drawing, self.palette(), QPalette.ColorRole.WindowText))
        super().changeEvent(event)
