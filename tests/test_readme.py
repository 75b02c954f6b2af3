"""The README names what is there: every file and every test."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_picture_and_path_in_it_exists() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT)
    paths = re.findall(r"`(?:python3? )?((?:app|packaging|resources|tests|\.github)/[\w./-]+)", TEXT)
    assert pictures
    assert len(paths) > 20
    assert [name for name in (*pictures, *paths) if not (ROOT / name).exists()] == []


def test_every_test_file_in_it_exists() -> None:
    names = set(re.findall(r"\b(test_\w+\.py)", TEXT))
    assert names - {path.name for path in ROOT.joinpath("tests").rglob("test_*.py")} == set()


def test_every_module_to_be_run_exists() -> None:
    modules = re.findall(r"python3 -m ((?:app|tests)(?:\.\w+)*)", TEXT)
    assert len(modules) > 5
    for name in modules:
        path = ROOT.joinpath(*name.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), name
