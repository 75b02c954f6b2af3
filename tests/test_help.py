"""The tests' own command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.posix("a symbolic link needs an administrator")
@pytest.mark.parametrize("words", [["--help"], ["-h"], ["tests/core", "--help"]])
def test_help_installs_nothing(words: list[str], tmp_path: Path) -> None:
    for name in ("app", "tests", "packaging"):  # a checkout with no environment
        (tmp_path / name).symlink_to(ROOT / name)
    code = f"import app.bootstrap; app.bootstrap.ensure = lambda *_: 1 / 0; import sys; sys.argv[1:] = {words!r}"
    code += "; import runpy; runpy.run_module('tests', run_name='__main__')"
    variables = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=variables, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "python3 -m tests --checks" in done.stdout
    assert not (tmp_path / ".venv").exists()
