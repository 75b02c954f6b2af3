"""Which buttons were pressed while the window's tests ran: ``test_every_button`` looks at the end."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QMenu, QWidget

from app.ui.tab import Tab

pressed: set[str] = set()
"""By where the code keeps them, as ``PromptsTab.editor.save``."""


def watch(root: QWidget) -> None:
    """Note every press, by whatever means, of the buttons that are in ``root`` now."""
    for name, button in named_buttons(root):
        button.clicked.connect(lambda _=False, name=name: pressed.add(name))


def note(button: QAbstractButton) -> None:
    """It is pressed: one that was made after its window was watched."""
    pressed.add(name_of(button))


def named_buttons(root: QWidget) -> Iterator[tuple[str, QAbstractButton]]:
    for button in root.findChildren(QAbstractButton):
        if not _is_qts_own(button):
            yield name_of(button), button


def _is_qts_own(button: QAbstractButton) -> bool:
    """A part of a spin box, a calendar, a table's corner: tested by whoever made it."""
    parent = button.parentWidget()
    is_ours = type(button).__module__.startswith("app.") or type(parent).__module__.startswith("app.")
    return not is_ours or isinstance(parent, QAbstractItemView | QMenu)


def name_of(widget: QWidget) -> str:
    """Its path from its tab or window. Of those in a dictionary each has its key, those in a list are one."""
    holder = widget.parentWidget()
    while holder is not None and not _is_root(widget):
        if (place := _place_in(holder, widget)) is not None:
            return f"{name_of(holder)}.{place}"
        if _is_root(holder):
            told = widget.text() if isinstance(widget, QAbstractButton) else ""
            return f"{name_of(holder)}: {type(widget).__name__} {widget.accessibleName() or told}"
        holder = holder.parentWidget()
    return type(widget).__name__


def _is_root(widget: QWidget) -> bool:
    return isinstance(widget, Tab) or widget.isWindow()


def _place_in(holder: QWidget, widget: QWidget) -> str | None:
    for name, value in vars(holder).items():
        if value is widget:
            return name
        if isinstance(value, dict) and (keys := [key for key, one in value.items() if one is widget]):
            return f"{name}[{keys[0]}]"
        if isinstance(value, list | tuple) and any(one is widget for one in value):
            return f"{name}[]"
    return None
