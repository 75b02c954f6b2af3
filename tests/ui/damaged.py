"""The window on a data folder whose database is damaged: ``python -m tests.ui.damaged CHOICE FOLDER``.

Presses the button ``CHOICE`` names in the box that comes, prints what it saw, and ends the program once it has opened.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app.ui.run import run
from app.ui.shell.damage_box import DamageBox
from tests.ui.program import Program, say, window


def choose(choice: str) -> None:
    box = next((top for top in QApplication.topLevelWidgets() if isinstance(top, DamageBox) and top.isVisible()), None)
    if box is None:
        QTimer.singleShot(20, lambda: choose(choice))
        return
    say(box.text())
    say(" | ".join(button.text() for button in box.buttons()))
    if len(sys.argv) > 3:
        window().grab()
        box.grab().save(sys.argv[3])
    dismiss()
    if choice == "close":
        box.close()
    elif choice == "end":
        window().quit()
    else:
        getattr(box, choice).click()


def dismiss() -> None:
    """Read out and close the box that says why it did not work, should one come."""
    boxes = [top for top in QApplication.topLevelWidgets() if isinstance(top, QMessageBox) and top.isVisible()]
    for box in boxes:
        if not isinstance(box, DamageBox):
            say(box.text())
            box.close()
            return
    QTimer.singleShot(20, dismiss)


def tell_and_end(program: Program) -> None:
    assert program.services is not None
    say(", ".join(profile.username for profile in program.services.store.profiles.all()) or "nobody")
    window().quit()


def main() -> int:
    program = Program(Path(sys.argv[2]), asyncio.Event(), tell_and_end)
    # run makes the QApplication: a timer before it would have none to live in
    opened = program.open

    async def open_program() -> Program:
        QTimer.singleShot(20, lambda: choose(sys.argv[1]))
        return await opened()

    return run(open_program, quit_after=program.quit_after, data_folder=program.folder)  # type: ignore[arg-type]


if __name__ == "__main__":
    raise SystemExit(main())
