"""The system's real keyring: unlocked, locked, and none. Each in a process and a D-Bus session of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)) and "CI" not in os.environ,
        reason="gnome-keyring and dbus are not installed",
    ),
]

SCRIPT = """
import asyncio, json, pathlib, sys, time
from app.core.errors import KeyringUnavailable
from app.core.events import Bus
from app.core.provider import ProviderConfig
from app.store import Store

async def open_store():
    providers = (ProviderConfig("gemini", "gemini"),)
    return await Store.open(pathlib.Path(sys.argv[1]), Bus(), default_providers=providers,
                            key_variables=lambda _: ("GEMINI_API_KEY",), environ={})

async def main():
    found = {}
    async with await open_store() as store:
        await store.profiles.add("alice")
        begun, worst = time.monotonic(), 0.0
        probing = asyncio.gather(store.secrets.unlock())
        while not probing.done():
            now = time.monotonic()
            await asyncio.sleep(0.01)
            worst = max(worst, time.monotonic() - now)
        found["usable"], found["worst_gap_s"] = (await probing)[0].usable, worst
        try:
            await store.secrets.set("alice", "gemini", "sk-real")
            found["set"] = "ok"
        except KeyringUnavailable as error:
            found["set"] = str(error)
    async with await open_store() as store:
        await store.secrets.load()
        found["key"] = store.secrets.key_for(store.profiles.get("alice").profile_id, "gemini")
        found["listed"] = [key.where for key in store.secrets.listed("alice")]
        found["deleted"] = (await store.trash.delete("alice")).keys
    async with await open_store() as store:
        found["left"] = len(store.secrets.keyring_cache.tags)
    print(json.dumps(found))

asyncio.run(main())
"""
UNLOCKED = "printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null && exec \"$@\""
LOCKED = 'gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null && exec "$@"'


def run(tmp_path: Path, *before: str) -> dict[str, Any]:
    """Run ``SCRIPT`` behind ``before`` with a home of its own and no display."""
    home, runtime = tmp_path / "home", tmp_path / "run"
    for folder in (home, runtime):
        folder.mkdir(mode=0o700)
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8",
    }  # fmt: skip
    command = [*before, sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / "data")]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    files = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert b"sk-real" not in b"".join(files)
    assert "sk-real" not in done.stderr
    assert found["worst_gap_s"] < 1.0
    return found


def test_unlocked(tmp_path: Path) -> None:
    found = run(tmp_path, "dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh")
    assert (found["usable"], found["set"], found["key"]) == (True, "ok", "sk-real")
    assert (found["listed"], found["deleted"], found["left"]) == (["keyring"], 1, 0)


def test_locked(tmp_path: Path) -> None:
    found = run(tmp_path, "dbus-run-session", "--", "sh", "-c", LOCKED, "sh")
    assert found["usable"] is False
    assert "GEMINI_API_KEY" in found["set"]
    assert (found["key"], found["listed"], found["deleted"]) == ("", [], 0)


def test_none(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert found["usable"] is False
    assert "GEMINI_API_KEY" in found["set"]
    assert (found["key"], found["listed"]) == ("", [])
