"""Which buttons of the tabs were pressed while the window's tests ran: ``test_every_button`` looks at the end."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QMenu, QWidget

from app.ui.tabs.tab import Tab

pressed: set[str] = set()
"""By their names in the code, as ``PromptEditor.save``."""


def watch(tab: Tab) -> None:
    """Note every press of the buttons that ``tab`` has now."""
    for name, button in named_buttons(tab):
        button.clicked.connect(lambda _=False, name=name: pressed.add(name))


def named_buttons(tab: Tab) -> Iterator[tuple[str, QAbstractButton]]:
    for button in tab.findChildren(QAbstractButton):
        if not _is_qts_own(button):
            yield _name_of(button), button


def _is_qts_own(button: QAbstractButton) -> bool:
    """A part of a spin box, a calendar, a table's corner: tested by whoever made it."""
    parent = button.parentWidget()
    is_ours = type(button).__module__.startswith("app.") or type(parent).__module__.startswith("app.")
    return not is_ours or isinstance(parent, QAbstractItemView | QMenu)


def _name_of(button: QAbstractButton) -> str:
    """Where the code keeps it; for one in a list or a dictionary, also under which key."""
    holder: QWidget | None = button
    while (holder := holder.parentWidget() if holder else None) is not None:
        for name, value in vars(holder).items():
            if value is button:
                return f"{type(holder).__name__}.{name}"
            if isinstance(value, dict) and (key := next((key for key, one in value.items() if one is button), None)):
                return f"{type(holder).__name__}.{name}[{key}]"
            if isinstance(value, list | tuple) and any(one is button for one in value):
                return f"{type(holder).__name__}.{name}"
    return f"{type(button.parentWidget()).__name__}: {button.accessibleName() or button.text()}"
