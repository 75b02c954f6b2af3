"""The man page tells every option and verb of the command line, and roff prints it without a complaint."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import arguments
from tests.delivery.tools import PACKAGING, script

manpage = script("manpage")
DAY = datetime(2026, 1, 2, tzinfo=UTC)


def plain(page: str) -> str:
    """As it is read: no fonts, no escapes."""
    return re.sub(r"\\f[BIR]|\\&", "", page).replace(r"\-", "-").replace(r"\~", " ")


def parsers(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, under in action.choices.items():
                yield from parsers(under, f"{name} {word}".strip())


def test_every_verb_and_option_stands_in_it() -> None:
    page = plain(manpage.page(arguments._parser(), DAY))
    for name, parser in parsers(arguments._parser()):
        assert f"\n{name}" in page, name
        for action in parser._actions:
            assert all(option in page for option in action.option_strings), (name, action)
            if action.help and action.help is not argparse.SUPPRESS:
                said = " ".join(action.help.split())
                assert said[1:] in " ".join(page.split()), said


def test_the_parser_s_defaults_and_choices_are_told() -> None:
    page = " ".join(plain(manpage.page(arguments._parser(), DAY)).split())
    assert "One of: text, json, csv, html. Default: text." in page
    assert "0 = all. Default: 100." in page


def test_a_text_that_looks_like_roff_is_printed_as_it_is() -> None:
    parser = argparse.ArgumentParser(prog="x", add_help=False)
    parser.add_argument("--dot", help=r".start 'quote' back\slash ~home ^hat -dash")
    page = manpage.page(parser, DAY)
    assert r"\&.start 'quote' back\eslash \(tihome \(hahat \-dash." in page


def test_it_is_the_same_page_at_every_making(tmp_path: Path) -> None:
    files = [tmp_path / "one.1", tmp_path / "two.1"]
    for file in files:
        environ = {**os.environ, "SOURCE_DATE_EPOCH": "1767312000"}
        subprocess.run([sys.executable, PACKAGING / "manpage.py", file], env=environ, check=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b'"2026-01-02"' in files[0].read_bytes()


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_prints_it_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "frame-backend.1"
    file.write_text(manpage.page(arguments._parser(), DAY), encoding="utf-8")
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", file], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "frame-backend" in done.stdout
