"""A view box with its axes. pyqtgraph's own ``PlotItem`` brings menus and forms along, 13 ms of the loop for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QPalette

_GRID = 90
"""How much of the grid one sees, of 255."""


class Plot:
    """In a row of ``layout``, the ``bottom`` axis in the next one."""

    def __init__(self, layout: Any, row: int, axes: Mapping[str, Any], axis_px: int) -> None:
        self.vb = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.vb.disableAutoRange()
        self.axes = dict(axes)
        layout.addItem(self.axes["left"], row, 0)
        layout.addItem(self.vb, row, 1)
        if "bottom" in self.axes:
            layout.addItem(self.axes["bottom"], row + 1, 1)
        self.axes["left"].setWidth(axis_px)
        self.axes["left"].enableAutoSIPrefix(False)
        for axis in self.axes.values():
            axis.setZValue(0.5)
            axis.setStyle(maxTickLevel=0)  # a calmer grid, and half the time to draw it
            axis.linkToView(self.vb)

    def set_range(self, begin: float, end: float, bottom: float, top: float) -> None:
        """What is seen. Axes are drawn anew only when that has changed."""
        wanted = [[begin, end], [bottom, top]]
        if self.vb.state["targetRange"] != wanted:
            self.vb.setRange(xRange=wanted[0], yRange=wanted[1], padding=0)

    def paint(self, palette: QPalette, *, with_grid: bool) -> None:
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Mid)))
            axis.setTextPen(pg.mkPen(palette.color(QPalette.ColorRole.Text)))
            axis.setGrid(_GRID if with_grid else False)

    def show(self, *, on: bool) -> None:
        for item in (self.vb, *self.axes.values()):
            item.setVisible(on)
