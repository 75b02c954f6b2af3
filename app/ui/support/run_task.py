"""From a click to a coroutine: what was clicked is off meanwhile, and a refusal is told in its own sentence."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

import shiboken6
from PySide6.QtWidgets import QWidget

from app.core.errors import FrameBackendError
from app.core.tasks import spawn
from app.ui.support.sentences import said


def start(
    work: Coroutine[Any, Any, object],
    *,
    name: str,
    owner: QWidget,
    refused: Callable[[str], None],
    busy: Iterable[QWidget] = (),
) -> asyncio.Task[None]:
    """Run ``work``; ``busy`` widgets are disabled until it ends. ``refused`` gets the sentence of an expected failure.

    ``owner`` is who asked: once it is gone from the screen nobody is told.
    """
    held = [widget for widget in busy if widget.isEnabled()]
    within = [inner for widget in held for inner in (widget, *widget.findChildren(QWidget))]
    focused = next((inner for inner in within if inner.hasFocus()), None)
    if focused is not None:
        focused.clearFocus()  # else Qt hands it to the next one, and its page scrolls there
    for widget in held:  # at once: a second click must find it off
        widget.setEnabled(False)

    def release() -> None:
        _release(held, focused)

    def ended(_: object) -> None:
        if inspect.getcoroutinestate(work) == inspect.CORO_CREATED:  # cancelled before its first step
            work.close()
            release()

    task = spawn(_told(work, owner, refused, release), name=name)
    task.add_done_callback(ended)
    return task


async def _told(
    work: Coroutine[Any, Any, object], owner: QWidget, refused: Callable[[str], None], release: Callable[[], None]
) -> None:
    try:
        await work
    except FrameBackendError as error:
        if shiboken6.isValid(owner):
            refused(said(error))
    finally:
        release()  # in the step that shows the outcome: whoever sees that may press again


def _release(held: list[QWidget], focused: QWidget | None) -> None:
    for widget in held:
        if shiboken6.isValid(widget):
            widget.setEnabled(True)
    # a refusal, or somebody, may have put it elsewhere meanwhile
    if focused is not None and shiboken6.isValid(focused) and focused.window().focusWidget() is None:
        focused.setFocus()
