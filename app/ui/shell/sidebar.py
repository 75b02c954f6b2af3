"""The tabs' names on the left, in two rooms; icons alone where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.support import icons
from app.ui.support.theme import Themed, tone_colour

WIDTH_PX, FOLDED_PX = 184, 60
_HEADING_PX, _LINE_PX, _ITEM_PX = 34, 14, 40
_BADGE_PX, _MOST_TOLD = 18, 9
_PAGE, _TITLE, _DRAWING, _WAITING = (Qt.ItemDataRole.UserRole + number for number in range(4))


class Sidebar(Themed, QListWidget):
    """``page_wanted`` tells the number of the tab that is wanted, counted in the order they were added."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setAccessibleName(self.tr("Tabs"))
        self.setIconSize(QSize(20, 20))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH_PX)
        self.viewport().setAutoFillBackground(False)
        self.setItemDelegate(_WithBadge(self))
        self._pages: list[QListWidgetItem] = []
        self._is_folded = False
        self.currentItemChanged.connect(lambda item: self.page_wanted.emit(item.data(_PAGE)))

    def add_heading(self, text: str) -> None:
        """What is added from now on stands in a room of that name."""
        item = QListWidgetItem(text, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(_TITLE, text)
        font = item.font()
        font.setPointSizeF(font.pointSizeF() - 1)
        item.setFont(font)
        self._show(item)

    def add_tab(self, title: str, drawing: str) -> None:
        """Raises ``DrawingMissing``: then the tab stands in the list without one."""
        item = QListWidgetItem(title, self)
        font = item.font()
        font.setWeight(QFont.Weight.Medium)
        item.setFont(font)
        item.setData(_PAGE, len(self._pages))
        item.setData(_TITLE, title)
        item.setData(_WAITING, 0)
        self._pages.append(item)
        self._show(item)
        item.setIcon(self._icon(drawing))
        item.setData(_DRAWING, drawing)

    def show_page(self, page: int) -> None:
        self.setCurrentItem(self._pages[page])

    def show_waiting(self, page: int, number: int) -> None:
        """So many things wait for their owner in that tab."""
        item = self._pages[page]
        if number != item.data(_WAITING):
            item.setData(_WAITING, number)
            self._show(item)

    def waiting(self, page: int) -> int:
        return int(self._pages[page].data(_WAITING))

    def fold(self, *, is_folded: bool) -> None:
        """Show icons alone, the names as tool tips."""
        if is_folded is not self._is_folded:
            self._is_folded = is_folded
            self.setFixedWidth(FOLDED_PX if is_folded else WIDTH_PX)
            for item in map(self.item, range(self.count())):
                self._show(item)

    def _show(self, item: QListWidgetItem) -> None:
        title, page, waiting = item.data(_TITLE), item.data(_PAGE), item.data(_WAITING)
        item.setText("" if self._is_folded else title)
        if page is None:
            item.setSizeHint(QSize(0, _LINE_PX if self._is_folded else _HEADING_PX))
            return
        item.setSizeHint(QSize(0, _ITEM_PX))
        told = self.tr("{title}, waiting for you: {number}").format(title=title, number=waiting) if waiting else title
        item.setData(Qt.ItemDataRole.AccessibleTextRole, told)
        keys = self.tr("Ctrl+{digit}").format(digit=page + 1) if page < _MOST_TOLD else ""
        lines = (told if waiting or self._is_folded else "", keys)
        item.setToolTip("\n".join(filter(None, lines)))

    def _icon(self, drawing: str) -> QIcon:
        return icons.icon(drawing, self.palette(), QPalette.ColorRole.WindowText)

    def draw(self) -> None:
        for item in self._pages:
            if drawing := item.data(_DRAWING):
                item.setIcon(self._icon(drawing))


class _WithBadge(QStyledItemDelegate):
    """Draws how many things wait behind a name, and a line instead of a heading that is folded."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        palette, place = QGuiApplication.palette(), option.rect  # the style sheet made the list's own transparent
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(_PAGE) is None:
            if not index.data():
                painter.setPen(palette.color(QPalette.ColorRole.Mid))
                painter.drawLine(place.left() + 16, place.center().y(), place.right() - 16, place.center().y())
        elif waiting := index.data(_WAITING):
            _draw_badge(painter, palette, place, waiting, is_folded=not index.data())
        painter.restore()


def _draw_badge(painter: QPainter, palette: QPalette, place: QRect, waiting: int, *, is_folded: bool) -> None:
    badge = QRect(0, 0, _BADGE_PX, _BADGE_PX)
    badge.moveCenter(place.center())
    badge.moveRight(place.right() - (8 if is_folded else 16))
    if is_folded:
        badge.moveTop(place.top() + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone_colour("bad", palette))
    painter.drawEllipse(badge)
    font = painter.font()
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(palette.color(QPalette.ColorRole.Base))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(waiting) if waiting <= _MOST_TOLD else f"{_MOST_TOLD}+")
