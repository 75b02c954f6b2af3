"""Rows, columns, grids and forms, written as they look: what stands in one of them is named in one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.ui.support.theme import MARGIN_PX

Margins = tuple[int, int, int, int]
"""Left, top, right, bottom."""
BARE: Margins = (0, 0, 0, 0)
PAGE: Margins = (MARGIN_PX, 0, MARGIN_PX, MARGIN_PX)
"""Around what fills a tab."""
_ANYWHERE = Qt.AlignmentFlag(0)
_Box = TypeVar("_Box", bound=QBoxLayout)


@dataclass(frozen=True, slots=True)
class Part:
    """``what`` (None: nothing but room), its ``share`` of the room that is left, and where it stands ``at`` in it."""

    what: QWidget | QLayout | None
    share: int = 0
    at: Qt.AlignmentFlag = _ANYWHERE


Item = QWidget | QLayout | Part
STRETCH = Part(None, 1)
"""Takes the room that is left."""


def wide(what: QWidget | QLayout, share: int = 1) -> Part:
    """Takes its share of the room that is left."""
    return Part(what, share)


def at_top(what: QWidget) -> Part:
    return Part(what, at=Qt.AlignmentFlag.AlignTop)


def at_left(what: QWidget) -> Part:
    return Part(what, at=Qt.AlignmentFlag.AlignLeft)


def hbox(*items: Item, gap: int | None = None, on: QWidget | None = None, margins: Margins = BARE) -> QHBoxLayout:
    """From left to right, ``gap`` pixels apart (None: as the style has it); ``on``: the widget that it fills."""
    return _filled(QHBoxLayout(), items, gap, on, margins)


def vbox(*items: Item, gap: int | None = None, on: QWidget | None = None, margins: Margins = BARE) -> QVBoxLayout:
    """As ``hbox``, from above."""
    return _filled(QVBoxLayout(), items, gap, on, margins)


def grid(*rows: Iterable[Item], gaps: tuple[int, int] | None = None, on: QWidget | None = None) -> QGridLayout:
    """Cells side by side in every row, the second of which takes the room that is left. ``gaps``: across and down."""
    made = QGridLayout(on)
    made.setContentsMargins(*BARE)
    if gaps is not None:
        made.setHorizontalSpacing(gaps[0])
        made.setVerticalSpacing(gaps[1])
    made.setColumnStretch(1, 1)
    for cells in rows:
        add_row(made, *cells)
    return made


def add_row(to: QGridLayout, *cells: Item) -> None:
    """Below what stands in ``to``."""
    number = to.rowCount() if to.count() else 0
    for place, cell in enumerate(cells):
        part = cell if isinstance(cell, Part) else Part(cell)
        if isinstance(part.what, QWidget):
            to.addWidget(part.what, number, place, part.at)
        elif part.what is not None:
            to.addLayout(part.what, number, place)


def form(*rows: tuple[str, QWidget | QLayout], gap: int = 10, on: QWidget | None = None) -> QFormLayout:
    """Labels at the left, fields as wide as there is room; ``gap`` between the lines."""
    made = QFormLayout(on)
    made.setContentsMargins(*BARE)
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(gap)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for label, field in rows:
        made.addRow(label, field)
    return made


def pages(*widgets: QWidget, on: QWidget | None = None) -> QStackedLayout:
    """One of them is shown at a time, the first one to begin with."""
    made = QStackedLayout()
    if on is not None:
        on.setLayout(made)
    for widget in widgets:
        made.addWidget(widget)
    return made


def _filled(box: _Box, items: Iterable[Item], gap: int | None, on: QWidget | None, margins: Margins) -> _Box:
    if on is not None:
        on.setLayout(box)
    box.setContentsMargins(*margins)
    if gap is not None:
        box.setSpacing(gap)
    add(box, *items)
    return box


def add(box: QBoxLayout, *items: Item) -> None:
    """Behind what stands in ``box``."""
    for item in items:
        part = item if isinstance(item, Part) else Part(item)
        if part.what is None:
            box.addStretch(part.share)
        elif isinstance(part.what, QWidget):
            box.addWidget(part.what, part.share, part.at)
        else:
            box.addLayout(part.what, part.share)
