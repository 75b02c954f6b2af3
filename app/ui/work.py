"""From a click to a coroutine: what was clicked is off meanwhile, and a refusal is told in its own sentence."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import shiboken6
from PySide6.QtWidgets import QWidget

from app.core.errors import FrameBackendError
from app.core.tasks import spawn


def start(
    work: Coroutine[Any, Any, object],
    *,
    name: str,
    owner: QWidget,
    refused: Callable[[str], None],
    busy: Iterable[QWidget] = (),
) -> None:
    """Run ``work``; ``busy`` widgets are disabled until it ends. ``refused`` gets the sentence of an expected failure.

    ``owner`` is who asked: once it is gone from the screen nobody is told.
    """
    task = spawn(_watched(work, owner, refused, tuple(busy)), name=name)
    task.add_done_callback(lambda _: work.close())  # cancelled before its first step, it would be left unawaited


async def _watched(
    work: Coroutine[Any, Any, object], owner: QWidget, refused: Callable[[str], None], busy: tuple[QWidget, ...]
) -> None:
    held = [widget for widget in busy if widget.isEnabled()]
    focus = owner.window().focusWidget()
    focused = (
        focus if focus is not None and any(widget is focus or widget.isAncestorOf(focus) for widget in held) else None
    )
    for widget in held:
        widget.setEnabled(False)
    try:
        await work
    except FrameBackendError as error:
        if shiboken6.isValid(owner):
            refused(str(error))
    finally:
        _release(held, focused)


def _release(held: list[QWidget], focused: QWidget | None) -> None:
    for widget in held:
        if shiboken6.isValid(widget):
            widget.setEnabled(True)
    if focused is not None and shiboken6.isValid(focused):
        focused.setFocus()
