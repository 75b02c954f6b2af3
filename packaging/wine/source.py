"""The program from its source: verbs, the demo, the keyring, a second start."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from debian import Process
from smoke_frames import free_port, is_healthy
from smoke_machine import Failed, until
from windows import PYTHON, Windows

DATA = r"C:\checked"
SECRET = "key-of-the-check"
SEEN = "A cup of coffee. Text: MENU. QR code: https://example.org/menu"


def verbs(windows: Windows) -> str:
    """verbs, and what they write is UTF-8"""
    if not (version := _verb(windows, "--version")).startswith("frame-backend "):
        raise Failed(f"--version said {version!r}")
    _verb(windows, "profile", "add", "zoë")
    names = [profile["profile"] for profile in json.loads(_verb(windows, "profile", "list", "--json"))]
    if names != ["zoë"]:
        raise Failed(f"the profiles are {names}")
    if "<html" not in _verb(windows, "report", "zoë", "--format", "html"):
        raise Failed("the report is no HTML")
    _verb(windows, "setting", "set", "gate.reuse_s", "0")
    _verb(windows, "backup", r"C:\checked.zip")
    _verb(windows, "restore", r"C:\checked.zip")
    return version.strip()


def keyring(windows: Windows) -> str:
    """a key in the Credential Manager, and in no file"""
    _verb(windows, "key", "set", "--shared", "gemini", given=f"{SECRET}\n")
    if not re.search(r"gemini\s+keyring", listed := _verb(windows, "key", "list", "--shared")):
        raise Failed(f"the keys are {listed!r}")
    files = [file for file in _data(windows).rglob("*") if file.is_file()]
    if any(SECRET.encode() in file.read_bytes() for file in files):
        raise Failed("the key stands in a file of the data folder")
    _verb(windows, "key", "remove", "--shared", "gemini")
    if "gemini" in _verb(windows, "key", "list", "--shared"):
        raise Failed("the key that was removed is still listed")
    return ""


def headless_demo(windows: Windows) -> str:
    """the demo without a window: three photographs, read on this computer"""
    told = windows.run(PYTHON, "-m", "app", "--demo", "--headless", "--frames", "3", limit_s=120)
    answers = re.findall(r"\] \S+ -> (.*)", told)
    if len(answers) != 3 or SEEN not in answers:
        raise Failed(f"its answers are {answers}: {told[-1000:]}")
    return ""


def window_demo(windows: Windows) -> str:
    """the demo in its window, ended as at log-off"""
    process = _start(windows, "--demo")
    windows.wait_for_window(process)
    until(lambda: process.told.count(" -> ") >= 3, "three answers", 60, 0.5)
    windows.picture("demo")
    windows.end_session(process)
    return ""


def second_start(windows: Windows) -> str:
    """a second start gives way to the window that stands; without a window it says so"""
    port = free_port()
    process = _start(windows, "--data-dir", DATA, "--host", "127.0.0.1", "--port", str(port))
    windows.wait_for_window(process)
    until(lambda: is_healthy(port), "/health")
    windows.run(PYTHON, "-m", "app", "--data-dir", DATA, limit_s=60)
    beside = _start(windows, "--data-dir", DATA, "--headless")
    status = beside.wait(60)
    if status != 1 or "already runs on this data folder" not in beside.told:
        raise Failed(f"a server beside it ended with {status}: {beside.told}")
    windows.end_session(process)
    return ""


CHECKS = (verbs, keyring, headless_demo, window_demo, second_start)


def forget(windows: Windows) -> None:
    """The data of an earlier run."""
    shutil.rmtree(_data(windows), ignore_errors=True)
    (windows.drive / "checked.zip").unlink(missing_ok=True)


def _data(windows: Windows) -> Path:
    return windows.drive / "checked"


def _start(windows: Windows, *words: str) -> Process:
    process = windows.start(PYTHON, "-m", "app", *words)
    process.give()
    return process


def _verb(windows: Windows, *words: str, given: str = "") -> str:
    return windows.run(PYTHON, "-m", "app", "--data-dir", DATA, *words, given=given)
