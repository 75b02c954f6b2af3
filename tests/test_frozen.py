"""What a built program does first, as far as that shows from source; the smoke test has the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import frozen, start, streams
from app.cli import arguments

ROOT = Path(__file__).parents[1]


def test_programs_that_it_starts_get_the_system_s_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/tmp/.mount_Frame/usr/lib/frame-backend/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/opt/theirs")
    frozen.leave_libraries()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/theirs"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    frozen.leave_libraries()
    assert "LD_LIBRARY_PATH" not in os.environ


def test_from_source_it_changes_nothing_and_loads_nothing() -> None:
    code = (
        "import os, sys; before = dict(os.environ); from app import frozen; frozen.begin(); "
        "print(dict(os.environ) == before, 'multiprocessing' in sys.modules)"
    )
    environ = {**os.environ, "LD_LIBRARY_PATH": "/opt/theirs"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "False"], done.stderr


def test_a_window_without_a_console_starts_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows gives it neither standard output nor standard error."""
    words = ["--data-dir", str(tmp_path), "profile", "add", "alice", "--auth-key", "alice-key"]
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", None)
        patched.setattr(sys, "stderr", None)
        streams.fill()
        umask = os.umask(0o077)
        status = start.start(arguments.parse(words))
        os.umask(umask)
    assert status == 0
    assert (tmp_path / "frame-backend.db").is_file()
