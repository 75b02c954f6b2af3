"""A language that nobody speaks: every text longer by some 40 %, accented, in brackets; and what it finds clipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QTranslator
from PySide6.QtGui import QFontMetrics, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from app.ui.live.fixed_labels import FixedStateLabel

LONGER = 0.4
_ACCENTS = str.maketrans("aeioucnsyzAEIOUCNSYZ", "áéíôüçñšýžÁÉÍÔÜÇÑŠÝŽ")
_KEPT = re.compile(r"\{\w*\}|%n|%\d|&.|https?://\S+")
_WORD = "löng "
HEADER_PADDING_PX = 2 * 11
"""Of the style sheet."""
ITEM_PADDING_PX = {"tabs": 2 * (8 + 10), "sections": 2 * (2 + 10)}
"""And margin, of the style sheet, by the list's name."""
SIGN_PX = 16 + 7
"""Before the word of a state, with the gap behind it."""
SLACK_PX = 1
"""Rounding."""


class Pseudo(QTranslator):
    """Translates whatever it is asked."""

    def isEmpty(self) -> bool:  # noqa: N802  Qt's name
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        del context, disambiguation
        return pseudo(source.replace("%n", str(n)) if n >= 0 else source)


def pseudo(text: str) -> str:
    """``text`` in it; fields, keys and addresses stay."""
    if not text.strip():
        return text
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[end : kept.start()].translate(_ACCENTS), kept.group()]
        end = kept.end()
    parts.append(text[end:].translate(_ACCENTS))
    more = max(1, round(len(text) * LONGER) - 2)
    padding = (_WORD * (more // len(_WORD) + 1))[:more].strip() or "l"
    glue = " " if more > len(_WORD) else ""
    return f"[{''.join(parts)}{glue}{padding}]"


def clipped(root: QWidget) -> list[str]:
    """What is shown within ``root`` and cannot be read whole: a line each.

    A text that ends in an ellipsis and has a tool tip was shortened on purpose.
    """
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}: {what}"
        for widget in (root, *root.findChildren(QWidget))
        if widget.isVisible()
        for what in _faults(widget)
    ]


def _faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel):
        yield from _of_label(widget)
    elif isinstance(widget, QAbstractButton):
        yield from _of_button(widget)
    elif isinstance(widget, QComboBox):
        yield from _of_combo(widget)
    elif isinstance(widget, QHeaderView):
        yield from _of_header(widget)
    elif isinstance(widget, QAbstractSpinBox):
        yield from _of_spin_box(widget)
    elif isinstance(widget, FixedStateLabel):
        needed_px = widget.fontMetrics().horizontalAdvance(widget.text()) + SIGN_PX
        yield from _too_small(widget.text(), needed_px, widget.width(), "wide")
    elif isinstance(widget, QListWidget) and (padding := ITEM_PADDING_PX.get(widget.objectName())):
        yield from _of_list(widget, padding)
    if isinstance(widget, QLabel | QAbstractButton | QComboBox) and (text := _text(widget)):
        yield from _of_place(widget, text)


def _text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _of_label(label: QLabel) -> Iterator[str]:
    text = label.text()
    if not text or (text.endswith("…") and label.toolTip()):
        return
    room = label.contentsRect().adjusted(label.margin(), label.margin(), -label.margin(), -label.margin())
    metrics = label.fontMetrics()
    if label.wordWrap():
        needed = metrics.boundingRect(QRect(0, 0, room.width(), 100_000), int(Qt.TextFlag.TextWordWrap), text)
        words = max(metrics.horizontalAdvance(word) for word in text.split() or [""])
        wide, high = words, needed.height()
    else:
        size = metrics.size(int(Qt.TextFlag.TextShowMnemonic), text)
        wide, high = size.width(), size.height()
    yield from _too_small(text, wide, room.width(), "wide")
    yield from _too_small(text, high, room.height(), "high")


def _of_button(button: QAbstractButton) -> Iterator[str]:
    if button.text():
        yield from _too_small(button.text(), button.sizeHint().width(), button.width(), "wide")
        yield from _too_small(button.text(), button.minimumSizeHint().height(), button.height(), "high")


def _of_combo(combo: QComboBox) -> Iterator[str]:
    if combo.isEditable():
        return
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    text = combo.currentText()
    icon_px = 0 if combo.itemIcon(combo.currentIndex()).isNull() else combo.iconSize().width() + 4
    yield from _too_small(text, combo.fontMetrics().horizontalAdvance(text) + icon_px, field.width(), "wide")


def _of_header(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        text = str(model.headerData(section, header.orientation()) or "")
        tip = model.headerData(section, header.orientation(), Qt.ItemDataRole.ToolTipRole)
        is_shortened = tip and header.textElideMode() != Qt.TextElideMode.ElideNone
        if text and not is_shortened:
            bold = header.font()
            bold.setWeight(bold.Weight.DemiBold)  # as the style sheet has it
            wide = QFontMetrics(bold).horizontalAdvance(text) + HEADER_PADDING_PX
            yield from _too_small(text, wide, header.sectionSize(section), "wide")


def _of_spin_box(box: QAbstractSpinBox) -> Iterator[str]:
    line = box.findChild(QLineEdit)
    if line is not None:
        room_px = line.contentsRect().width() - line.textMargins().left() - line.textMargins().right()
        yield from _too_small(box.text(), line.fontMetrics().horizontalAdvance(box.text()), room_px, "wide")


def _of_list(tabs: QListWidget, padding: int) -> Iterator[str]:
    for row in range(tabs.count()):
        item = tabs.item(row)
        text = item.text()
        icon_px = 0 if item.icon().isNull() else tabs.iconSize().width() + 6  # and the gap before the text
        wide = icon_px + padding + QFontMetrics(item.font()).horizontalAdvance(text)
        if text:  # folded, it is a tool tip
            yield from _too_small(text, wide, tabs.viewport().width(), "wide")


def _of_place(widget: QWidget, text: str) -> Iterator[str]:
    """Whether one of those around it cuts it off; what scrolls may be scrolled to."""
    around, inner = widget.parentWidget(), widget
    while around is not None and not inner.isWindow():
        area = around.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is around:
            if area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
                yield from _beyond(widget, around, text, down=False)
            return
        yield from _beyond(widget, around, text, down=True)
        inner, around = around, around.parentWidget()


def _beyond(widget: QWidget, around: QWidget, text: str, *, down: bool) -> Iterator[str]:
    place = QRect(widget.mapTo(around, QPoint(0, 0)), widget.size())
    if place.left() < -SLACK_PX or place.right() > around.width() + SLACK_PX:
        yield f"{text!r} is cut off at the side by {type(around).__name__}"
    if down and (place.top() < -SLACK_PX or place.bottom() > around.height() + SLACK_PX):
        yield f"{text!r} is cut off above or below by {type(around).__name__}"


def _too_small(text: str, needed_px: int, given_px: int, which: str) -> Iterator[str]:
    if needed_px > given_px + SLACK_PX:
        yield f"{text!r} needs {needed_px} px, is {given_px} {which}"
