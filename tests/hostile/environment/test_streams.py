"""Standard streams that are closed, full, gone or never read neither end nor hold the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app import streams
from tests.hostile.environment.starts import END_S, ended, free_port, serves, started

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc, /dev/full")


def full_pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for size in (65_536, 1):
        while True:
            try:
                os.write(writer, b"x" * size)
            except BlockingIOError:
                break
    os.set_blocking(writer, True)
    return reader, writer


def broken_pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.close(reader)
    return os.open(os.devnull, os.O_RDONLY), writer


def full_disk() -> tuple[int, int]:
    return os.open(os.devnull, os.O_RDONLY), os.open("/dev/full", os.O_WRONLY)


@pytest.mark.parametrize("makes", [(full_pipe, full_disk), (broken_pipe, full_pipe)])
def test_the_server_needs_nobody_who_reads(makes: Any, tmp_path: Path) -> None:
    port, ends = free_port(), [make() for make in makes]
    words = ("--data-dir", str(tmp_path), "--headless", "--port", str(port), "--log-level", "debug")
    with started(*words, stdout=ends[0][1], stderr=ends[1][1]) as process:
        try:
            assert serves(process, port)
            process.send_signal(signal.SIGTERM)
            assert process.wait(END_S) == 0
        finally:
            process.kill()
            for end in (*ends[0], *ends[1]):
                os.close(end)


@pytest.mark.parametrize("closed", [(2,), (0, 1, 2)])
def test_closed_ones_are_taken_by_no_other_file(closed: tuple[int, ...], tmp_path: Path) -> None:
    port = free_port()
    redirected = " ".join(f"{number}>&-" for number in closed)
    command = ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "app"]
    command += ["--data-dir", str(tmp_path), "--headless", "--port", str(port)]
    variables = {"PATH": os.environ["PATH"], "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert serves(process, port)
            for number in closed:
                assert Path(f"/proc/{process.pid}/fd/{number}").readlink() == Path(os.devnull)
            process.send_signal(signal.SIGTERM)
            assert process.wait(END_S) == 0
        finally:
            process.kill()


def test_a_verb_whose_output_is_lost_says_so(tmp_path: Path) -> None:
    for make, why in ((full_disk, "No space left on device"), (broken_pipe, "Broken pipe")):
        reader, writer = make()
        with started("--data-dir", str(tmp_path), "setting", "list", stdout=writer) as process:
            _, err = process.communicate(timeout=END_S)
        os.close(reader)
        os.close(writer)
        assert (process.returncode, err) == (1, f"The output cannot be written: {why}.\n")


def test_what_is_read_comes_whole(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    sink = streams._Sink(writer)
    text = bytes(range(256)) * 64
    assert sink.write(text) == len(text)
    os.close(writer)
    with os.fdopen(reader, "rb") as read:
        assert read.read() == text
    assert ended("--data-dir", str(tmp_path), "setting", "list").status == 0
