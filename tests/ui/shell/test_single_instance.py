"""One window per data folder: a second start shows the first one's window and ends; whatever happened before it."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from app.ui.shell import single_instance
from app.ui.shell.single_instance import LOCK, SOCKET, SingleInstance
from app.ui.support.theme import Theme
from tests.ui.test_run import WHOLE, finish, lived, started

HERE = socket.gethostname()
posix = pytest.mark.skipif(sys.platform == "win32", reason="no such files or signals there")


def next_word(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def test_a_second_start_shows_the_first_ones_window_and_ends_without_a_word(tmp_path: Path) -> None:
    with started("be_called", tmp_path) as first:
        assert [next_word(first) for _ in range(2)] == ["painted", "hidden"]
        status, said, errors = lived("wait", tmp_path)
        assert (status, said) == (0, []), errors
        assert finish(first)[:2] == (0, ["shown", *WHOLE[1:]])


@posix
def test_what_a_killed_one_left_is_taken_over(tmp_path: Path) -> None:
    with started("wait", tmp_path) as first:
        assert [next_word(first) for _ in range(2)] == ["painted", "Running"]
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=10)
    assert (tmp_path / LOCK).exists()
    status, said, errors = lived("close_the_window", tmp_path)
    assert (status, said) == (0, WHOLE), errors


@pytest.mark.parametrize("owner", ["1\nframe-backend\nanother-computer", f"{os.getpid()}\npython\n{HERE}", "", "\0"])
def test_a_lock_file_that_nobody_holds_costs_nothing(
    tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    """Another computer's, as of a restored or shared folder; one whose number another program has now."""
    monkeypatch.setattr(single_instance, "WAIT_LIMIT_MS", 1_000)
    (tmp_path / LOCK).write_text(owner)
    first, begun = SingleInstance(tmp_path), time.monotonic()
    assert not first.asked()
    assert time.monotonic() - begun < 0.5
    assert second_start(tmp_path)[:2] == (0, ["listens"]), "the second one finds it"
    first.close()


def second_start(folder: Path) -> tuple[int, list[str]]:
    """Whether another process meets somebody who listens."""
    script = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from PySide6.QtNetwork import QLocalSocket; from app.ui.shell.single_instance import _socket_name; "
        "a = QCoreApplication([]); s = QLocalSocket(); s.connectToServer(_socket_name(Path(sys.argv[1]))); "
        "print('listens' if s.waitForConnected(2000) else 'nobody')"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.split()


def test_one_that_closes_is_waited_for(tmp_path: Path) -> None:
    with started("close_slowly", tmp_path) as first:
        assert [next_word(first) for _ in range(3)] == ["painted", "server stopped", "closing"]
        status, said, errors = lived("close_the_window", tmp_path)
        assert (status, said) == (0, WHOLE), errors
        assert finish(first)[:2] == (0, ["closed"])


def test_another_data_folder_has_a_window_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with started("wait", tmp_path / "a") as first:
        assert [next_word(first) for _ in range(2)] == ["painted", "Running"]
        status, said, errors = lived("close_the_window", tmp_path / "b")
        assert (status, said) == (0, WHOLE), errors


def test_it_begins_hidden_and_can_be_called(tmp_path: Path) -> None:
    with started("wait", tmp_path, "hidden") as first:
        assert [next_word(first) for _ in range(2)] == ["not painted", "Running"]
        assert lived("wait", tmp_path)[:2] == (0, [])


def test_one_that_hangs_is_not_waited_for_ever(
    tmp_path: Path, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "ASK_LIMIT_MS", 100)
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert not first.asked()
    assert not second.asked(), "it listens, and its loop does not run"
    first.stop_listening()
    monkeypatch.setattr(single_instance, "WAIT_LIMIT_MS", 200)
    assert not second.asked(), "it neither listens nor ends"
    first.close()
    assert not second.asked()
    assert (tmp_path / LOCK).exists()
    second.close()


def test_what_others_write_is_not_obeyed(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    first = SingleInstance(tmp_path)
    shown = list[str]()
    first.show_wanted.connect(shown.append)
    assert not first.asked()
    for words in (b"quit\n", b"\n", b"show token-1\n"):
        caller = QLocalSocket()
        caller.connectToServer(single_instance._socket_name(tmp_path))
        assert caller.waitForConnected(1_000)
        caller.write(words)
        caller.flush()
        qtbot.waitUntil(lambda caller=caller: caller.state() == QLocalSocket.LocalSocketState.UnconnectedState)
        assert bytes(caller.readAll().data()) == (b"shown\n" if words.startswith(b"show") else b"")
    assert shown == ["token-1"]
    first.close()


@posix
def test_only_its_own_user_can_call(tmp_path: Path, theme: Theme) -> None:
    first = SingleInstance(tmp_path)
    assert not first.asked()
    assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) & 0o077 == 0
    first.close()


@posix
def test_a_folder_with_a_name_too_long_for_a_socket_works_too(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 120)
    folder.mkdir()
    with started("be_called", folder) as first:
        assert [next_word(first) for _ in range(2)] == ["painted", "hidden"]
        assert lived("wait", folder)[:2] == (0, [])
        assert finish(first)[0] == 0
    assert not (folder / SOCKET).exists()


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_the_stores_to_tell(tmp_path: Path, theme: Theme) -> None:
    tmp_path.chmod(0o500)
    try:
        assert not SingleInstance(tmp_path).asked()
    finally:
        tmp_path.chmod(0o700)
