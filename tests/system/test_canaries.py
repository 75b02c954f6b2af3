"""Secrets are canaries: whatever the program does or suffers, none is found in clear where it does not belong.

Looked through: every file of the data folder, every HTTP reply, what is printed, the command line that `ps` shows, a
backup, a problem report. As they are, in hexadecimal and in base64.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from app.core.events import Bus
from app.providers import default_configs, key_variables
from app.store import Store
from tests import fakes, rig
from tests.delivery.tools import script
from tests.fakes import FakeProviders, Script
from tests.store.keys.test_real_keyring import PROGRAMS
from tests.system.conftest import AUTH_KEY, KEYS
from tests.system.program import Done, Listening, Program

POSTED = {
    "gemini_api_key": "Zq7posted~gemini~51c3", "deepseek_api_key": "Zq7posted~deepseek~9b02",
    "qwen_api_key": "Zq7posted~qwen~77aa", "chatgpt_api_key": "Zq7posted~chatgpt~e410",
}  # fmt: skip
PROVIDERS = ("gemini", "deepseek", "qwen", "chatgpt")
WRONG_AUTH_KEY = "Zq7mistyped-key-4471"
BUG = """
import sys
sys.path.insert(0, {root!r})
from app.core.routing.router import Router

async def run(self, cascade):
    key = cascade.seats[0].key
    headers = {{"Authorization": "Bearer " + key, "x-goog-api-key": key}}
    raise RuntimeError(f"a bug with {{cascade.frame!r}} and {{cascade!r}} and {{headers}}")

Router.run = run
"""


def echoing(key: str) -> dict[str, Script]:
    """Every way to fail in which a provider says our key back to us."""
    said = f"Incorrect API key provided: {key}. Authorization: Bearer {key}"
    errors = {
        f"{status}": fakes.error(status, said, code=said, param=said, headers={"X-Echo": key})
        for status in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503)
    }
    return errors | {
        "error in 200": fakes.error_in_200(said, said),
        "gone": fakes.error(404, f"The model does not exist. {said}", code="model_not_found"),
        "text": fakes.string_error(400, said),
        "fastapi": fakes.fastapi_error(("body", key), said),
        "html": fakes.html(502, said),
        "html 200": fakes.html(200, said),
        "garbage": fakes.raw(200, f"\0{said}"),
        "wrong json": fakes.raw(200, {"choices": said, "candidates": said}),
        "redirect": fakes.redirect(f"http://127.0.0.1:9/?key={key}"),
        "refusal": fakes.refusal(said),
        "thoughts": fakes.thinking_aloud(thoughts=said),
        "ending": fakes.said("", ending=key),
        "cut": fakes.cut_answer(f'{{"seen": "{said}", "ans'),
    }


class Canaries:
    """The secrets, and whatever has been collected that must not hold them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.secrets = {**KEYS, **POSTED, "auth key": AUTH_KEY, "wrong auth key": WRONG_AUTH_KEY}
        self.seen: dict[str, bytes] = {}

    def see(self, where: str, what: bytes | str) -> None:
        self.seen[f"{where} ({len(self.seen)})"] = what if isinstance(what, bytes) else what.encode("utf-8", "replace")

    def see_done(self, done: Done) -> None:
        assert done.status == 0, done
        self.see("output", done.out + done.err)

    def see_files(self) -> None:
        """Every file of the data folder, the pepper apart."""
        for path in self.program.data.rglob("*"):
            if path.is_file() and path.name != "pepper":
                self.see(str(path), path.read_bytes())

    def see_keyrings(self, home: Path) -> None:
        kept = list(home.rglob("*.keyring"))
        assert kept
        for path in kept:
            self.see(str(path), path.read_bytes())

    def check(self) -> None:
        pepper = (self.program.data / "pepper").read_bytes()
        for name, secret in {**self.secrets, "pepper": pepper}.items():
            for form in forms(secret if isinstance(secret, bytes) else secret.encode()):
                found = [where for where, what in self.seen.items() if form in what]
                assert not found, f"the {name} stands in {found}"


def forms(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield from (secret.hex().encode(), secret.hex().upper().encode())
    yield from (base64.b64encode(secret).rstrip(b"="), base64.urlsafe_b64encode(secret).rstrip(b"="))


@pytest.fixture
def canaries(program: Program) -> Canaries:
    return Canaries(program)


@asynccontextmanager
async def watched(canaries: Canaries, *words: str) -> AsyncIterator[Listening]:
    """The server at log level debug; what it printed is seen at its end, and its command line on the way."""
    async with canaries.program.headless("--log-level", "debug", *words) as server:
        printed = asyncio.gather(*(_read(stream) for stream in (server.process.stdout, server.process.stderr)))
        yield server
        if sys.platform == "linux" and server.process.returncode is None:
            canaries.see("ps", of_process(server, "cmdline"))
            canaries.see_files()  # while it runs: the WAL is still there
        if server.process.returncode is None:
            server.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(server.process.wait(), 20)
        for stream in await printed:
            canaries.see("printed", stream)
        canaries.see_files()


def of_process(server: Listening, what: str) -> bytes:
    return Path(f"/proc/{server.process.pid}/{what}").read_bytes()


@pytest.fixture
def cores_are_kept() -> Iterator[None]:
    """As on a machine that keeps the memory of a crashed program; a child inherits it."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, limits)


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None
    return await stream.read()


async def ask(canaries: Canaries, session: aiohttp.ClientSession, method: str, url: str, **how: Any) -> dict[str, Any]:
    async with session.request(method, url, **how) as reply:
        canaries.see(f"{method} {reply.status}", await reply.read() + repr(reply.raw_headers).encode())
        found: dict[str, Any] = await reply.json()
        return found


async def enter(canaries: Canaries, session: aiohttp.ClientSession, server: Listening) -> None:
    """Pair; the token that comes is a secret too, and the reply that brings it is the one place where it stands."""
    async with session.post(f"{server.url}/auth-{AUTH_KEY}") as reply:
        token = (await reply.json())["token"]
    assert token
    canaries.secrets[f"token {len(canaries.secrets)}"] = token
    mine = {"Authorization": f"Bearer {token}"}
    await ask(canaries, session, "GET", f"{server.url}/prompt-alice", headers=mine)
    await ask(canaries, session, "POST", f"{server.url}/auth-{WRONG_AUTH_KEY}")
    for path in (f"//auth-{AUTH_KEY}/x", f"/%61uth-{AUTH_KEY}?{token}", f"/prompt-{AUTH_KEY}", f"/nowhere?key={token}"):
        await ask(canaries, session, "PUT", server.url + path, headers={"Authorization": "Bearer " + token[::-1]})


async def frames(
    canaries: Canaries, session: aiohttp.ClientSession, server: Listening, photo: bytes, count: int = 1
) -> list[dict[str, Any]]:
    body, headers = rig.multipart("alice", photo)
    return [
        await ask(canaries, session, "POST", f"{server.url}/process", data=body, headers=headers) for _ in range(count)
    ]


def keys_received(fake: FakeProviders) -> set[str]:
    found = set()
    for provider in fake.providers.values():
        for call in provider.calls:
            found.add(call.headers.get("x-goog-api-key") or call.headers["authorization"].removeprefix("Bearer "))
    return found


# --- the paths ---------------------------------------------------------------------------------------------------


async def test_success_and_every_failure_that_echoes_the_key(
    canaries: Canaries, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    """With other keys each time: what cooled with the old ones is asked again."""
    outcomes = set()
    await canaries.program.do("profile", "chain", "alice", *PROVIDERS)
    await canaries.program.do("setting", "set", "limits.profile_per_minute", "0")
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo)
        for number, ending in enumerate(echoing("")):
            keys = {name: f"{key}{number}" for name, key in POSTED.items()}
            canaries.secrets |= {f"{name} {number}": key for name, key in keys.items()}
            await ask(canaries, session, "POST", f"{server.url}/profile", json={"api_keys": keys})
            for provider, key in zip(PROVIDERS, keys.values(), strict=True):
                fake[provider].always(echoing(key)[ending])
            (reply,) = await frames(canaries, session, server, photo)
            outcomes |= {attempt["outcome"] for attempt in reply["trace"]}
    assert outcomes >= {
        "auth", "billing", "rate", "overload", "timeout", "bad_reply", "bad_request", "model_gone", "image_rejected",
        "blocked", "truncated", "sure",
    }, outcomes  # fmt: skip
    assert keys_received(fake) <= set(canaries.secrets.values())
    assert len(keys_received(fake)) > 4 * (len(echoing("")) - 2)
    canaries.check()


async def test_keys_that_a_phone_posts(
    canaries: Canaries, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        reply = await ask(canaries, session, "POST", f"{server.url}/profile", json={"api_keys": POSTED})
        assert set(reply["providers"]) == set(PROVIDERS)
        wrong = ({"api_keys": {"gemini_api_key": POSTED["gemini_api_key"] + " x"}}, {"username": POSTED, "api_keys": 5})
        for body in (*map(json.dumps, wrong), json.dumps({"api_keys": POSTED})[:-2]):
            how = {"data": body, "headers": {"Content-Type": "application/json"}}
            assert not (await ask(canaries, session, "POST", f"{server.url}/profile", **how))["success"]
        await frames(canaries, session, server, photo)
        for words in (("key", "list", "alice"), ("setting", "list", "--json")):
            canaries.see_done(await canaries.program.verb(*words, "--log-level", "debug"))
    assert keys_received(fake) == {POSTED["gemini_api_key"]}
    canaries.check()


@pytest.mark.keyring
@pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)) and "CI" not in os.environ, reason="gnome-keyring and dbus are not installed"
)
async def test_keys_that_a_real_keyring_keeps(
    canaries: Canaries,
    session: aiohttp.ClientSession,
    fake: FakeProviders,
    photo: bytes,
    machine: Any,
    tmp_path: Path,
) -> None:
    """No key comes from the environment here: set, used, echoed by who refuses it, listed, backed up, removed."""
    program = canaries.program
    kept = ("HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    program.variables = {name: machine.environ[name] for name in kept}
    program.variables["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
    shared, own = KEYS["GEMINI_API_KEY"], KEYS["DEEPSEEK_API_KEY"]
    fake["gemini"].always(echoing(shared)["401"])
    for words, key in ((("--shared", "gemini"), shared), (("alice", "deepseek"), own)):
        canaries.see_done(await program.verb("key", "set", *words, "--log-level", "debug", stdin=key + "\n"))
    for door, secret in (("webhook", "Zq7webhook~key~8803"), ("mqtt", "Zq7broker~password~2290")):
        canaries.secrets[door] = secret
        canaries.see_done(await program.verb("door", "set-secret", door, "--log-level", "debug", stdin=secret + "\n"))
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        (reply,) = await frames(canaries, session, server, photo)
        assert [attempt["outcome"] for attempt in reply["trace"]][:2] == ["auth", "sure"]
        await ask(canaries, session, "GET", f"{server.url}/openapi.json")
        for words in (("key", "list", "alice", "--json"), ("backup", str(tmp_path / "all.zip"))):
            canaries.see_done(await program.verb(*words, "--log-level", "debug"))
    with zipfile.ZipFile(tmp_path / "all.zip") as members:
        for name in members.namelist():
            canaries.see(f"backup: {name}", members.read(name))
    canaries.see_keyrings(machine.home)
    canaries.see_done(await program.verb("key", "remove", "--shared", "gemini", "--log-level", "debug"))
    for door in ("webhook", "mqtt"):
        canaries.see_done(await program.verb("door", "remove-secret", door, "--log-level", "debug"))
    assert keys_received(fake) == {shared, own}
    canaries.check()


@pytest.fixture
def machine() -> Iterator[Any]:
    """The smoke test's: an empty home, a session bus and on it an unlocked gnome-keyring."""
    with script("smoke_machine").machine() as made:
        yield made


async def test_a_bug_whose_message_holds_all_that_it_had(
    canaries: Canaries, session: aiohttp.ClientSession, photo: bytes, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(BUG.format(root=str(rig.ROOT)))
    canaries.program.variables = {**KEYS, "PYTHONPATH": str(tmp_path)}
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        (reply,) = await frames(canaries, session, server, photo)
        assert (reply["code"], reply["error"]) == ("error", "Something went wrong on the server.")
    assert any(b"a bug with Frame(" in what for where, what in canaries.seen.items() if "frame-backend.log" in where)
    canaries.check()


@pytest.mark.skipif(sys.platform == "win32", reason="signals end no program there")
async def test_a_crash_leaves_no_core_and_no_secret(
    canaries: Canaries, session: aiohttp.ClientSession, photo: bytes, cores_are_kept: None
) -> None:
    canaries.program.variables = {**KEYS, "PYTHONFAULTHANDLER": "1"}
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo)
        if sys.platform == "linux":
            limits = of_process(server, "limits").decode()
            assert re.search(r"^Max core file size\s+0\s", limits, re.MULTILINE), limits
        server.process.send_signal(signal.SIGABRT)
        assert await asyncio.wait_for(server.process.wait(), 20) == -signal.SIGABRT
    assert any(b"Fatal Python error: Aborted" in what for where, what in canaries.seen.items() if "printed" in where)
    assert not list(rig.ROOT.glob("core*"))
    canaries.check()


async def test_what_the_command_line_prints_and_a_backup_holds(
    canaries: Canaries, session: aiohttp.ClientSession, photo: bytes, tmp_path: Path
) -> None:
    program, archive = canaries.program, tmp_path / "all.zip"
    canaries.secrets["new auth key"] = new_key = "Zq7second-auth-key-0982"
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo, count=2)
        for words in (
            ("profile", "list", "--json"), ("provider", "list", "--json"), ("pairing", "list", "--json"),
            ("key", "list", "alice", "--json"), ("setting", "list", "--json"), ("report", "alice", "--format", "json"),
            ("report", "alice", "--format", "html"), ("backup", str(archive)),
        ):  # fmt: skip
            canaries.see_done(await program.verb(*words, "--log-level", "debug"))
        done = await program.verb(
            "profile", "add", "bob", "--auth-key", "-", "--log-level", "debug", stdin=new_key + "\n"
        )
        canaries.see_done(done)
        for words in (("profile", "add", "carol", "--auth-key", AUTH_KEY), ("key", "set", "alice", "gemini")):
            refused = await program.verb(*words, "--log-level", "debug", stdin=POSTED["gemini_api_key"])
            assert refused.status == 1
            canaries.see("refused", refused.out + refused.err)
    with zipfile.ZipFile(archive) as members:
        assert len(members.namelist()) >= 3
        assert not [name for name in members.namelist() if "pepper" in name or name.endswith(".log")]
        for name in members.namelist():
            canaries.see(f"backup: {name}", members.read(name))
    canaries.see("backup", archive.read_bytes())
    canaries.check()


async def test_a_problem_report(
    canaries: Canaries, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    problem_report = pytest.importorskip("app.ui.log.problem_report")
    fake["gemini"].always(echoing(KEYS["GEMINI_API_KEY"])["401"])
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo, count=2)
    log = (canaries.program.data / "logs" / "frame-backend.log").read_text()
    planted = [
        f"Authorization: Bearer {AUTH_KEY}",
        f"POST /auth-{AUTH_KEY}",
        f"{{'api_key': '{POSTED['qwen_api_key']}'}}",
    ]
    async with await Store.open(
        canaries.program.data, Bus(), default_providers=default_configs(), key_variables=key_variables
    ) as store:
        services = SimpleNamespace(
            store=store, control=SimpleNamespace(state="running", sentence=""),
            providers=SimpleNamespace(lights=dict, vendors=()),
            settings_path=canaries.program.data / "frame-backend.db",
        )  # fmt: skip
        text = problem_report.compose(services, {"aiohttp": ("3", "MIT")}, [*log.splitlines(), *planted])
    assert "Log, the newest" in text
    assert "alice" not in text
    canaries.see("problem report", text)
    canaries.check()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_whatever_is_written_is_its_owners_alone(
    canaries: Canaries, session: aiohttp.ClientSession, photo: bytes
) -> None:
    def modes() -> dict[str, str]:
        return {
            str(path.relative_to(program.data)): oct(path.stat().st_mode & 0o777)
            for path in (program.data, *program.data.rglob("*"))
            if not path.is_symlink() and path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
        }

    program = canaries.program
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo, count=3)
        await program.do("backup", str(program.data / "backups" / "mine.zip"))
        assert {path.suffix for path in program.data.rglob("*")} >= {".db", ".db-wal", ".log", ".jpg", ".zip", ".lock"}
        assert modes() == {}
    await program.do("restore", str(program.data / "backups" / "mine.zip"))
    assert modes() == {}


@pytest.mark.skipif(sys.platform != "win32", reason="access lists are Windows'")
async def test_whatever_is_written_has_an_access_list_without_others(
    canaries: Canaries, session: aiohttp.ClientSession, photo: bytes
) -> None:
    command = "Get-ChildItem -Recurse -Force -LiteralPath $env:FOLDER | Get-Acl | ForEach-Object Sddl"
    async with watched(canaries) as server:
        await enter(canaries, session, server)
        await frames(canaries, session, server, photo)
        done = await asyncio.to_thread(
            subprocess.run,
            ["powershell", "-NoProfile", "-Command", command],
            env=os.environ | {"FOLDER": str(canaries.program.data)},
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.count("D:") >= 4
    for others in ("WD", "BU", "AU", "BG"):  # everyone, users, authenticated users, guests
        assert f";;;{others})" not in done.stdout


def test_the_search_finds_what_it_looks_for(program: Program) -> None:
    """The judge of all this must be able to fail: in any form, in any place."""
    for form in forms(AUTH_KEY.encode()):
        canaries = Canaries(program)
        canaries.see("here", b"before " + form + b" after")
        with pytest.raises(AssertionError, match="the auth key stands in"):
            canaries.check()
    canaries = Canaries(program)
    canaries.see("here", (program.data / "pepper").read_bytes().hex())
    with pytest.raises(AssertionError, match="the pepper stands in"):
        canaries.check()
