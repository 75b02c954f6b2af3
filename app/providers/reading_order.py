"""In which order a person reads the lines of text that stand about in a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

COLUMN_LINES, COLUMN_SHAPE = 3, 7.0
"""What makes two blocks side by side two columns of prose, and not the rows of a price list."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line of text stands, upright, in px of the picture as the OCR saw it. ``index``: which one it is."""

    index: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @classmethod
    def around(cls, index: int, corners: Iterable[Sequence[float]]) -> Self:
        """The upright box around ``corners``, each (x, y)."""
        points = [(float(x), float(y)) for x, y in corners]
        across, down = [x for x, _ in points], [y for _, y in points]
        return cls(index, min(across), min(down), max(across), max(down))


def in_reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Top to bottom, in a row left to right; two columns of prose one after the other."""
    gutter = _gutter(boxes)
    if gutter is None:
        return [box for row in _rows(boxes) for box in sorted(row, key=lambda box: box.left)]
    left = [box for box in boxes if box.right <= gutter]
    right = [box for box in boxes if box.left >= gutter]
    return in_reading_order(left) + in_reading_order(right)


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes grouped by height: one joins a row when its middle lies within the row's last box."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if rows and rows[-1][-1].top <= box.middle <= rows[-1][-1].bottom:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _gutter(boxes: Sequence[Box]) -> float | None:
    """Where (x in px) an empty strip parts two columns of prose, if one does."""
    by_left = sorted(boxes, key=lambda box: box.left)
    reach = 0.0
    for index, (box, following) in enumerate(pairwise(by_left), start=1):
        reach = max(reach, box.right)
        if following.left >= reach and all(_is_prose(part) for part in (by_left[:index], by_left[index:])):
            return following.left
    return None


def _is_prose(boxes: Sequence[Box]) -> bool:
    """Long lines, several of them."""
    shapes = [(box.right - box.left) / max(1.0, box.bottom - box.top) for box in boxes]
    return len(shapes) >= COLUMN_LINES and sum(shapes) / len(shapes) >= COLUMN_SHAPE
