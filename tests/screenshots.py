"""Pictures of all that the window shows, to be looked at: ``python3 -m tests.screenshots [FOLDER]``.

Every tab at the sizes that people's screens leave it, light and dark, in both languages; the steps of the first start;
the dialogs. Works on a fresh machine as ``python3 -m tests`` does; without FOLDER it makes one and says where.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app import bootstrap
from tests.__main__ import ROOT, install, missing_packages, screen

PERCENTS, LANGUAGES = (100, 125, 150), ("en", "de")
AT_ONCE = 3
"""They mostly wait for what is shown to come to rest."""


def main() -> int:
    bootstrap.ensure(("core", "window", "reader", "test"))
    parser = argparse.ArgumentParser(prog="tests.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--draw", type=int, metavar="PERCENT", help=argparse.SUPPRESS)
    parser.add_argument("--language", choices=LANGUAGES, help="that one alone")
    chosen = parser.parse_args()
    if chosen.draw:
        return draw(chosen.folder, chosen.draw, chosen.language)
    install(missing_packages())
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="frame-backend-screenshots-"))
    folder.mkdir(parents=True, exist_ok=True)
    with screen() as environ, ThreadPoolExecutor(AT_ONCE) as pool:

        def draw_apart(percent: int, language: str) -> bool:
            scaled = {**environ, "QT_SCALE_FACTOR": str(percent / 100)}  # Qt reads it once, at its start
            command = [sys.executable, "-m", "tests.screenshots", folder.absolute()]
            more = ["--draw", str(percent), "--language", language]
            return subprocess.run([*command, *more], cwd=ROOT, env=scaled, check=False).returncode != 0

        languages = (chosen.language,) if chosen.language else LANGUAGES
        jobs = [pool.submit(draw_apart, percent, language) for percent in PERCENTS for language in languages]
        failed = sum(job.result() for job in jobs)
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
        camera = Camera(folder, percent, language, Theme(application))
        with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
            runner.run(draw_all(camera, Path(data)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
