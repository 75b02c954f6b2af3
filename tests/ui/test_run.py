"""The window's life in a process of its own: first paint, every way to end, and what happens to bugs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHOLE = ["painted", "server stopped", "closed"]


@contextmanager
def started(what: str, folder: Path, *how: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    command = [sys.executable, "-m", "tests.ui.program", what, str(folder), *how]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=pipe, stderr=pipe) as program:
        try:
            yield program
        finally:
            program.kill()


def finish(program: subprocess.Popen[str]) -> tuple[int, list[str], str]:
    said, errors = program.communicate(timeout=30)
    return program.returncode, said.splitlines(), errors


def lived(what: str, folder: Path, *how: str) -> tuple[int, list[str], str]:
    with started(what, folder, *how) as program:
        return finish(program)


@pytest.mark.parametrize("what", ["close_the_window", "end_by_event"])
def test_every_end_stops_the_server_and_closes_the_store(tmp_path: Path, what: str) -> None:
    status, said, errors = lived(what, tmp_path)
    assert (status, said) == (0, WHOLE), errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("how", [(), ("hidden",)])
def test_qt_s_quit_stops_the_server_and_closes_the_store(tmp_path: Path, how: tuple[str, ...]) -> None:
    status, said, errors = lived("quit_qt", tmp_path, *how)
    assert (status, said[1:]) == (0, WHOLE[1:]), errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("how", [(), ("hidden",)])
def test_all_is_closed_before_a_session_s_end_goes_on(tmp_path: Path, how: tuple[str, ...]) -> None:
    status, said, errors = lived("end_session", tmp_path, *how)
    assert (status, said[1:]) == (0, [*WHOLE[1:], "the session is over"]), errors
    assert "Traceback" not in errors


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with started("wait", tmp_path) as program:
        assert program.stdout is not None
        assert [program.stdout.readline().strip() for _ in range(2)] == ["painted", "Running"]
        program.send_signal(number)
        status, said, errors = finish(program)
    assert (status, said) == (0, WHOLE[1:]), errors
    assert "Traceback" not in errors


def test_the_first_start_comes_by_itself_once(tmp_path: Path) -> None:
    for how, wanted in (((), "nobody"), (("greet",), "FirstStart"), (("greet",), "nobody")):
        status, said, errors = lived("meet", tmp_path, *how)
        assert (status, said) == (0, ["painted", wanted, *WHOLE[1:]]), errors


def test_phones_are_served_before_the_tabs_are_made(tmp_path: Path) -> None:
    status, said, errors = lived("tell_what_came_first", tmp_path)
    assert (status, said) == (0, ["painted", "0 of 9 tabs", *WHOLE[1:]]), errors


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    status, said, errors = lived("fail_to_open", tmp_path)
    sentence = "Another Frame Backend already runs on this data folder."
    assert (status, said) == (1, ["painted", sentence])
    assert [line for line in errors.splitlines() if not line.startswith("qt ")] == [sentence]


def test_bugs_are_logged_and_told_and_the_window_stays(tmp_path: Path) -> None:
    status, said, errors = lived("trip", tmp_path)
    assert (status, said[-2:]) == (0, WHOLE[1:])
    assert "Something went wrong inside the program." in said[1]
    assert "ZeroDivisionError: a bug in a slot" in errors
    assert "LookupError: a bug in a task" in errors
    assert "qt WARNING a word of Qt" in errors


HANGS = """
import asyncio, socket, time
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop
from app.providers.lookups import Lookups

socket.getaddrinfo = lambda *asked, **how: time.sleep(60)
application = QApplication([])

async def main():
    loop = asyncio.get_running_loop()
    Lookups.install(loop)
    await asyncio.wait({asyncio.ensure_future(loop.getaddrinfo("one.hung", 443))}, timeout=0.1)

with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
    runner.run(main())
"""


def test_the_end_does_not_wait_for_a_host_name_that_hangs() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", HANGS],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
