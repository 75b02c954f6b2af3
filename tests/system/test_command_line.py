"""The command line is a stable interface: exit statuses, what is printed, and where."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app import start
from app.cli import arguments
from app.core.events import Bus
from app.store import Store
from tests.rig import ROOT
from tests.store.samples import ANSWER, frame

AUTH_KEY = "alices-key"


@dataclass(frozen=True, slots=True)
class Done:
    """How a verb ended."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Verb = Callable[..., Done]


@pytest.fixture
def verb(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Runs the command line on a data folder of its own, on a machine with no keyring and no keys."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("FRAME_BACKEND_DATA_DIR", str(tmp_path / "data"))

    def run(*words: str, stdin: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            status = start.start(arguments.parse(list(words)))
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return Done(status, out.rstrip("\n"), err.rstrip("\n"))

    return run


@pytest.fixture
def do(verb: Verb) -> Callable[..., str]:
    """A verb that must succeed; its output."""

    def run(*words: str, stdin: str = "") -> str:
        done = verb(*words, stdin=stdin)
        assert done.status == 0, (words, done)
        return done.out

    return run


@pytest.fixture
def alice(do: Callable[..., str]) -> None:
    do("profile", "add", "alice", "--auth-key", AUTH_KEY)


def test_a_folder_without_a_name_is_not_the_working_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments.parse(["--data-dir", "", "--headless"])
    assert "argument --data-dir: a folder has a name" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "8_0", "٨٠", "", "9" * 5000])
def test_a_port_that_is_none_is_named_with_its_bounds(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments.parse([f"--port={port}"])
    said = capsys.readouterr().err
    assert "argument --port: a port is a number from 0 to 65535" in said
    with pytest.raises(SystemExit):
        arguments.parse(["--demo", f"--frames=x{port}"])
    assert "argument --frames: a number from 0 to 999999999" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("profile",),
        ("profile", "add"),
        ("nonsense",),
        ("key", "set", "gemini"),
        ("key", "set", "--shared", "alice", "gemini"),
        ("door", "test", "webhook"),
        ("door", "test", "mqtt", "alice"),
        ("door", "set-secret", "gemini"),
        ("--port", "70000"),
        ("--frames", "3"),
        ("report", "alice", "--format", "pdf"),
        ("feedback", "frame-1"),
        ("feedback", "frame-1", "sideways"),
        ("feedback", "-", "up"),
        ("feedback", "frame-1", "--correct", "A mug."),
        ("provider", "add", "mine", "--base-url", "http://localhost:1/v1"),
    ],
)
def test_wrong_usage_exits_2(verb: Verb, do: Callable[..., str], words: tuple[str, ...]) -> None:
    done = verb(*words)
    assert done.status == 2
    assert done.out == ""
    assert "usage:" in done.err


def test_profile_add_prints_only_the_key_it_made(verb: Verb, do: Callable[..., str]) -> None:
    made = do("profile", "add", "alice")
    assert 8 <= len(made) <= 128
    assert do("profile", "add", "bob", "--auth-key", "bobs-own-key") == ""
    assert do("profile", "add", "carol", "--auth-key", "-", stdin="carols-key\n") == ""
    assert do("profile", "list").splitlines() == ["alice", "bob", "carol"]


def test_profile_add_as_json_names_profile_and_key(verb: Verb, do: Callable[..., str]) -> None:
    done = verb("profile", "add", "alice", "--json")
    assert set(done.data) == {"profile", "auth_key"}
    assert done.data["profile"] == "alice"
    listed = verb("--json", "profile", "list").data
    assert [row["profile"] for row in listed] == ["alice"]


@pytest.mark.parametrize(
    "words",
    [
        ("profile", "add", "alice"),
        ("profile", "add", "other", "--auth-key", "alices-key"),
        ("profile", "add", "../../x"),
        ("profile", "add", "x" * 65),
        ("profile", "add", "short", "--auth-key", "abcdefg"),
        ("profile", "add", "spaced", "--auth-key", "a key with blanks"),
        ("profile", "delete", "nobody"),
        ("profile", "new-key", "nobody"),
        ("profile", "prompt", "nobody", "hello"),
        ("profile", "prompt", "alice", "x" * 4001),
        ("profile", "chain", "alice", "no-such-provider"),
        ("pairing", "add", "nobody", "192.168.0.5"),
        ("pairing", "add", "alice", "no-address"),
        ("pairing", "revoke", "alice", "192.168.0.99"),
        ("app-key", "add", "nobody", "llm"),
        ("app-key", "add", "alice", "two\nlines"),
        ("app-key", "revoke", "alice", "llm"),
        ("key", "list", "nobody"),
        ("setting", "set", "webhook.url", "ftp://x", "--profile", "alice"),
        ("setting", "set", "mqtt.host", "mqtt://x"),
        ("door", "test", "mqtt"),
        ("door", "test", "webhook", "nobody"),
        ("door", "test", "webhook", "alice"),
        ("door", "set-secret", "webhook"),
        ("provider", "set", "nothing", "--disable"),
        ("provider", "set", "gemini", "--base-url", "ftp://x"),
        ("provider", "add", "gemini", "--base-url", "http://localhost:1/v1", "--model", "m"),
        ("blacklist", "add", "127.0.0.1"),
        ("blacklist", "add", "::1"),
        ("blacklist", "add", "999.1.1.1"),
        ("blacklist", "remove", "10.0.0.1"),
        ("report", "nobody"),
        ("feedback", "no-such-frame", "up"),
        ("setting", "get", "no.such"),
        ("setting", "set", "gate.reuse_s", "-1"),
        ("setting", "set", "gate.reuse_s", "nan"),
        ("setting", "set", "answer_chars", "60"),
    ],
)
def test_a_failure_exits_1_with_one_sentence(
    verb: Verb, do: Callable[..., str], alice: None, words: tuple[str, ...]
) -> None:
    done = verb(*words)
    assert done.status == 1
    assert done.out == ""
    assert len(done.err.splitlines()) == 1, done.err
    assert "Traceback" not in done.err
    assert "alices-key" not in done.err


def test_new_key_revokes_pairings(verb: Verb, do: Callable[..., str], alice: None) -> None:
    do("pairing", "add", "alice", "192.168.0.5")
    assert verb("pairing", "list", "--json").data[0]["ip"] == "192.168.0.5"
    assert do("profile", "new-key", "alice") != "alices-key"
    assert verb("pairing", "list", "--json").data == []


def test_an_apps_key_is_shown_once_and_can_be_revoked(verb: Verb, do: Callable[..., str], alice: None) -> None:
    key = do("app-key", "add", "alice", "Open WebUI")
    assert re.fullmatch(r"fb-[\w-]{43}", key)
    assert do("app-key", "list") == "alice  Open WebUI  last used never"
    [listed] = verb("app-key", "list", "--json").data
    assert (listed["profile"], listed["app"], listed["last_used_at"]) == ("alice", "Open WebUI", None)
    assert verb("app-key", "add", "alice", "llm", "--json").data.keys() == {"profile", "app", "key"}
    do("app-key", "revoke", "alice", "Open WebUI")
    assert [one["app"] for one in verb("app-key", "list", "--json").data] == ["llm"]


def test_prompt_and_chain_are_set_and_reset(verb: Verb, do: Callable[..., str], alice: None) -> None:
    do("profile", "prompt", "alice", "Read the signs")
    assert do("profile", "prompt", "alice") == "Read the signs"
    do("profile", "prompt", "alice", "--default")
    assert do("profile", "prompt", "alice") == "Describe this image in detail"
    do("profile", "chain", "alice", "qwen", "gemini")
    assert verb("profile", "list", "--json").data[0]["chain"] == ["qwen", "gemini"]


def test_every_setting_of_a_profile_can_be_read(verb: Verb, do: Callable[..., str], alice: None) -> None:
    do("setting", "set", "risk.scene", "0.3", "--profile", "alice")
    assert do("setting", "get", "risk.scene", "--profile", "alice") == "0.3"
    listed = {one["key"]: one["value"] for one in verb("setting", "list", "--profile", "alice", "--json").data}
    assert (listed["risk.scene"], listed["risk.exact"]) == (0.3, 0.1)


def test_settings_are_read_and_written_alone(verb: Verb, do: Callable[..., str], alice: None) -> None:
    do("setting", "set", "gate.reuse_s", "0")
    assert do("setting", "get", "gate.reuse_s") == "0"
    do("setting", "set", "answer_chars", "60", "--profile", "alice")
    assert do("setting", "get", "answer_chars", "--profile", "alice") == "60"
    keys = {row["key"] for row in verb("setting", "list", "--json").data}
    assert {
        "limits.auth_per_minute",
        "limits.profile_per_minute",
        "limits.process_per_hour",
        "gate.reuse_s",
        "gate.hints",
        "cascade.deadline_s",
    } <= keys


def test_blacklist_round_trip(verb: Verb, do: Callable[..., str], alice: None) -> None:
    do("blacklist", "add", "10.1.0.0/16", "--reason", "noisy")
    do("blacklist", "add", "::ffff:192.168.0.5")
    listed = verb("blacklist", "list", "--json").data
    assert {row["address"]: row["reason"] for row in listed} == {"10.1.0.0/16": "noisy", "192.168.0.5": ""}
    do("blacklist", "remove", "192.168.0.5")
    assert len(verb("blacklist", "list", "--json").data) == 1


def test_key_set_without_a_keyring_names_the_variable(verb: Verb, do: Callable[..., str], alice: None) -> None:
    done = verb("key", "set", "--shared", "gemini", stdin="secret-canary-key\n")
    assert done.status == 1
    assert "GEMINI_API_KEY" in done.err
    assert "secret-canary-key" not in done.err + done.out
    do("provider", "add", "my-box", "--base-url", "http://localhost:1/v1", "--model", "m")
    done = verb("key", "set", "--shared", "my-box", stdin="secret-canary-key\n")
    assert done.status == 1
    assert "FRAME_BACKEND_KEY_MY_BOX" in done.err


def test_reports_of_an_empty_profile(verb: Verb, do: Callable[..., str], alice: None) -> None:
    assert json.loads(do("report", "alice", "--format", "json", "--limit", "0")) == {
        "profile": "alice",
        "frames_total": 0,
        "frames": [],
    }
    for form in ("text", "csv", "html"):
        assert do("report", "alice", "--format", form)


def test_the_list_of_providers_says_until_when_each_is_left_alone(
    verb: Verb, do: Callable[..., str], tmp_path: Path
) -> None:
    ready = {row["provider"]: row for row in verb("provider", "list", "--json").data}
    assert all((row["state"], row["until"]) == ("ready", None) for row in ready.values())
    since, until = time.time(), time.time() + 600
    with closing(sqlite3.connect(tmp_path / "data/frame-backend.db")) as database, database:
        database.execute(
            "INSERT INTO cooldown (provider, key_id, word, until, revision, step, since) VALUES (?, ?, ?, ?, 0, 1, ?)",
            ("gemini", "k", "auth", until, since),
        )
    gemini = next(row for row in verb("provider", "list", "--json").data if row["provider"] == "gemini")
    assert (gemini["state"], gemini["why"]) == ("cooling", "auth")
    assert abs(datetime.fromisoformat(gemini["until"]).timestamp() - until) <= 1
    assert "cooling until" in do("provider", "list")
    do("provider", "set", "gemini", "--model", "g-9")
    gemini = next(row for row in verb("provider", "list", "--json").data if row["provider"] == "gemini")
    assert (gemini["state"], gemini["until"]) == ("ready", None)
    do("provider", "set", "gemini", "--disable")
    gemini = next(row for row in verb("provider", "list", "--json").data if row["provider"] == "gemini")
    assert (gemini["state"], gemini["until"]) == ("off", None)


# --- feedback ----------------------------------------------------------------------------------------------------


async def _frames(root: Path, *names: str) -> None:
    async with await Store.open(root, Bus(), default_providers=(), key_variables=lambda _: ()) as store:
        for name in names:
            await store.activity.record(frame(store.profiles.get("alice"), frame_id=name), None, ANSWER, 5)


@pytest.fixture
def said(tmp_path: Path, do: Callable[..., str], alice: None) -> Callable[[], dict[str, tuple[int, str]]]:
    """What is marked on the frames ``one``, ``two`` and ``three``."""
    asyncio.run(_frames(tmp_path / "data", "one", "two", "three"))

    def found() -> dict[str, tuple[int, str]]:
        with closing(sqlite3.connect(tmp_path / "data" / "frame-backend.db")) as database:
            rows = database.execute("SELECT frame_id, thumb, correction FROM frame WHERE thumb OR correction != ''")
            return {name: (thumb, text) for name, thumb, text in rows}

    return found


def test_feedback_marks_a_frame_and_takes_it_back(do: Callable[..., str], said: Callable[[], Any]) -> None:
    assert do("feedback", "one", "down", "--correct", "A blue mug.") == ""
    assert said() == {"one": (-1, "A blue mug.")}
    do("feedback", "one", "up")
    assert said() == {"one": (1, "A blue mug.")}
    assert json.loads(do("feedback", "one", "clear", "--json")) == {"done": True}
    assert said() == {}


def test_feedback_of_many_frames(do: Callable[..., str], said: Callable[[], Any]) -> None:
    lines = 'one up\n\n  two\tdown  A blue mug, I think. \n{"frame_id": "three", "thumb": "down", "correct": "A dog"}\n'
    assert json.loads(do("--json", "feedback", "-", stdin=lines)) == {"done": True, "taken": 3}
    assert said() == {"one": (1, ""), "two": (-1, "A blue mug, I think."), "three": (-1, "A dog")}
    assert do("feedback", "-", stdin="") == ""


def test_feedback_that_cannot_be_taken_is_told_line_by_line(verb: Verb, said: Callable[[], Any]) -> None:
    lines = [
        "one up", "gone up", "two", "two sideways", "{", "[]", '{"frame_id": 3, "thumb": "up"}', "{" * 50_000,
        "two down " + "x" * 4_001, "\udcff up", "\x1b[31m up", "three up",
    ]  # fmt: skip
    done = verb("feedback", "-", stdin="\n".join(lines))
    assert done.status == 1
    assert done.out == ""
    *told, last = done.err.splitlines()
    assert [line.partition(":")[0] for line in told] == [f"line {number}" for number in range(2, 12)]
    assert last.endswith("10 of 12 lines were not taken.")
    assert all(line.isprintable() for line in told)
    assert said() == {"one": (1, ""), "three": (1, "")}


def test_what_is_written_to_a_file_is_utf_8_whatever_the_country(tmp_path: Path) -> None:
    """As on Windows, where Python takes the country's code page for what is no terminal."""
    environment = {
        **os.environ,
        "PYTHONIOENCODING": "cp1252",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    name = "\u0141ucja \u4e2d"

    def app(*words: str) -> str:
        command = [sys.executable, "-m", "app", "--data-dir", str(tmp_path / "data"), *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout.decode()

    app("profile", "add", name, "--auth-key", "a-key-of-hers")
    assert name in app("profile", "list")
    assert name in app("report", name, "--format", "html")
