"""What nobody thought of while the program opens: a sentence, a line in the log with its traceback, status 1."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.hostile.environment.starts import ended

SENTENCE = "Something went wrong inside the program: ZeroDivisionError. The log has the details."
NO_CLIENT = "import app.application\napp.application.Client = lambda: 1 / 0"
NO_GLASSES = "import app.demo\nasync def fall(*_): 1 / 0\napp.demo.Demo.run = fall"
CLOSE_BOXES = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from app.ui.shell.main_window import MainWindow
shown = MainWindow.__init__
def close_boxes():
    from PySide6.QtWidgets import QApplication
    for top in QApplication.topLevelWidgets():
        if isinstance(top, QMessageBox):
            print(top.text(), flush=True)
            top.close()
def watched(self, *rest):
    shown(self, *rest)
    self.watch = QTimer(self, interval=50)
    self.watch.timeout.connect(close_boxes)
    self.watch.start()
MainWindow.__init__ = watched
"""
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def test_headless(tmp_path: Path) -> None:
    done = ended("--data-dir", str(tmp_path), "--headless", "--port", "0", fault=NO_CLIENT)
    assert (done.status, done.out, done.err) == (1, "", f"{SENTENCE}\n")
    assert "ZeroDivisionError: division by zero" in (tmp_path / "logs" / "frame-backend.log").read_text()


def test_the_window(tmp_path: Path) -> None:
    done = ended("--data-dir", str(tmp_path), "--port", "0", fault=NO_CLIENT + CLOSE_BOXES, variables=OFFSCREEN)
    assert (done.status, done.out) == (1, f"{SENTENCE}\n")
    assert SENTENCE in done.err.splitlines()
    assert "Traceback" not in done.err
    assert "ZeroDivisionError: division by zero" in (tmp_path / "logs" / "frame-backend.log").read_text()


def test_a_verb(tmp_path: Path) -> None:
    fault = "import app.cli.commands\napp.cli.commands.VERBS = {'profile_list': lambda *_: 1 / 0}"
    done = ended("--data-dir", str(tmp_path), "profile", "list", fault=fault)
    assert (done.status, done.sentence) == (1, SENTENCE)
    assert "ZeroDivisionError: division by zero" in done.err, "it has no other log"


@pytest.mark.parametrize("variables", [{}, OFFSCREEN])
def test_a_demo_that_falls_over_ends_with_1(variables: dict[str, str]) -> None:
    done = ended("--demo", "--frames", "1", variables=variables, fault=NO_GLASSES)
    assert done.status == 1
    assert "ZeroDivisionError: division by zero" in done.err


@pytest.mark.parametrize("folder", ["~nobody-at-all/x", f"{os.devnull}/x"])
def test_a_data_folder_that_cannot_be_is_a_box_too(folder: str) -> None:
    variables = {"FRAME_BACKEND_DATA_DIR": folder}
    done = ended("--port", "0", variables=variables | OFFSCREEN, fault=CLOSE_BOXES)
    sentence = done.out.removesuffix("\n")
    assert (done.status, sentence[:15]) == (1, "The data folder")
    assert sentence in done.err.splitlines()
    words = ("--headless", "--port", "0") if folder.startswith("~") else ("profile", "list")
    assert ended(*words, variables=variables) == type(done)(1, "", f"{sentence}\n")


def test_without_a_place_for_its_log_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    done = ended("--data-dir", str(tmp_path), "--headless", "--port", "0", fault=NO_CLIENT)
    first, *trace, last = done.err.splitlines()
    assert (done.status, last) == (1, SENTENCE)
    assert first.endswith("The log file cannot be written: File exists. Its lines go to standard error alone.")
    assert "ZeroDivisionError: division by zero" in trace
