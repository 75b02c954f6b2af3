"""Pictures of all that the window shows, to be looked at: ``python3 -m tests.screenshots [FOLDER]``.

Every tab, light and dark, at 100 % and 150 %, with nothing in it and filled; the steps of the first start; the dialogs.
Works on a fresh machine as ``python3 -m tests`` does; without FOLDER it makes one and says where.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app import bootstrap
from tests.__main__ import ROOT, install, missing_packages, screen

PERCENTS = (100, 150)


def main() -> int:
    bootstrap.ensure(("core", "window", "reader", "test"))
    parser = argparse.ArgumentParser(prog="tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--draw", type=int, metavar="PERCENT", help=argparse.SUPPRESS)
    parser.add_argument("--language", default="en", help="de: the translation")
    chosen = parser.parse_args()
    if chosen.draw:
        return draw(chosen.folder, chosen.draw, chosen.language)
    install(missing_packages())
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="frame-backend-screenshots-"))
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with screen() as environ:
        for percent in PERCENTS:  # Qt reads the factor once, at its start
            again = [sys.executable, "-m", "tests.screenshots", folder.absolute(), "--draw", str(percent)]
            scaled = {**environ, "QT_SCALE_FACTOR": str(percent / 100)}
            command = [*again, "--language", chosen.language]
            failed += subprocess.run(command, cwd=ROOT, env=scaled, check=False).returncode != 0
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return min(failed, 1)


def draw(folder: Path, percent: int, language: str) -> int:
    """In a process of its own: everything at one size."""
    os.environ["QT_API"] = "pyside6"
    import keyring
    from keyring.backends import fail
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from app.ui.support.language import install as speak
    from app.ui.support.language import keep
    from app.ui.support.theme import Theme
    from tests.sights import Camera, draw_all

    keyring.set_keyring(fail.Keyring())  # nobody's own is touched
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as data:
        keep(Path(data, "language.ini"), language)
        speak(application, Path(data, "language.ini"))
        camera = Camera(folder, percent, Theme(application))
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            runner.run(draw_all(camera, Path(data)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
