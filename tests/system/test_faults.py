"""It stays up: whatever a provider, the network, the keyring or the reader does, frames go on and nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from app import application
from app.core import events
from app.core.routing.health import SHORT_S
from app.providers import OnDeviceReader
from tests import fakes, rig
from tests.fakes import FakeProviders, Script
from tests.providers.test_lookups import NameServer
from tests.store.keys.test_real_keyring import PROGRAMS, UNLOCKED
from tests.system.conftest import KEYS
from tests.system.house import CALL_LIMIT_S, House, ReaderIn, may_mount, opened, settled, steady

CERTIFICATE = rig.ROOT / "tests/data/tls/self_signed.pem"
LINUX = sys.platform.startswith("linux")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys from the environment, no proxy, no reader."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    monkeypatch.setattr(application.on_device, "available", lambda: False)


@pytest.fixture
async def house(tmp_path: Path, fake: FakeProviders, photo: bytes) -> AsyncIterator[House]:
    fake["deepseek"].always(fakes.ok("From deepseek.", 0.95))
    async with opened(tmp_path / "data", fake.base_url, photo) as house:
        await house.answered_by("gemini")
        yield house


async def stumbles_once(house: House, outcome: str) -> None:
    """The fault costs one frame a call; the next one's trace shows the cooldown, and both are answered."""
    trace = await house.answered_by("deepseek")
    assert trace[0]["outcome"] == outcome, trace
    assert trace[0]["latency_ms"] < (CALL_LIMIT_S + 1) * 1_000
    trace = await house.answered_by("deepseek")
    assert (trace[0]["outcome"], trace[0]["why"]) == ("skipped", f"cooling down after {outcome}")


async def recovers(house: House) -> None:
    house.forgive("gemini")
    await house.answered_by("gemini")
    assert house.bugs == []


# --- what a provider does --------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[Callable[[], Script], str]] = {
    "hangs": (fakes.hang, "timeout"),
    "drips a byte a second": (lambda: fakes.drip(1.0, "x"), "timeout"),
    "drips quickly": (lambda: fakes.drip(0.01, "x"), "timeout"),
    "sends 100 MB": (lambda: fakes.huge(100), "bad_reply"),
    "resets": (fakes.dropped, "overload"),
    "resets in the middle": (fakes.dropped_mid_body, "overload"),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_provider_that_misbehaves(house: House, fake: FakeProviders, name: str) -> None:
    make, outcome = FAULTS[name]
    await house.answered_by("gemini")
    fake["gemini"].always(fakes.overloaded())
    await house.answered_by("deepseek")  # a connection to each, kept from here on
    fake["gemini"].always(fakes.ok())
    await recovers(house)
    before, memory = await steady(), psutil.Process().memory_info().rss
    fake["gemini"].always(make())
    await stumbles_once(house, outcome)
    await fake["gemini"].until_idle()
    for _ in range(3):
        house.forgive("gemini")
        await house.answered_by("deepseek")
    fake["gemini"].always(fakes.ok())
    await recovers(house)
    await settled(before)
    assert psutil.Process().memory_info().rss - memory < 60e6


async def test_one_that_changes_its_mind_between_frames(house: House, fake: FakeProviders) -> None:
    """Schema, prose, garbage, a refusal and an error take turns: each is taken for what it is."""
    await house.application.store.profiles.set_chain("alice", ("gemini",))
    before = await steady()
    turns = (
        (fakes.ok("A red mug."), 200, "sure"),
        (fakes.plain("It is a red mug."), 200, "unsure"),
        (fakes.garbage(), 502, "bad_reply"),
        (fakes.fenced("A red mug."), 200, "unsure"),  # words before it: not the form
        (fakes.html(200), 502, "bad_reply"),
        (fakes.refusal(), 502, "blocked"),
        (fakes.only_blanks(), 502, "bad_reply"),
        (fakes.unsure("A mug?"), 200, "unsure"),
        (fakes.server_error(), 502, "overload"),
        (fakes.thinking_aloud("A red mug."), 200, "sure"),
    )
    for script, status, outcome in turns * 3:
        house.forgive("gemini")
        fake["gemini"].queue(script)
        found, body = await house.post()
        assert (found, body["trace"][0]["outcome"]) == (status, outcome), body
        assert body["success"] is (status == 200)
        assert "SECRET" not in json.dumps(body)
    await settled(before)


# --- redirects and TLS -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Stranger:
    """Another host. What reaches it is kept; how it answers is ``tls`` and ``slams``."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def stranger(*, tls: bool = False, slams: bool = False) -> AsyncIterator[Stranger]:
    found = Stranger()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.connections += 1
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if not slams and (said := await reader.read(65_536)):
                found.heard.append(said)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                await writer.drain()
            writer.close()
            await writer.wait_closed()

    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        found.port = server.sockets[0].getsockname()[1]
        yield found


async def test_a_redirect_to_another_host_is_not_followed(house: House, fake: FakeProviders) -> None:
    await house.answered_by("gemini")
    async with stranger() as other:
        before = await steady()
        for status in (301, 302, 303, 307, 308):
            house.forgive("gemini")
            fake["gemini"].always(fakes.raw(status, b"", {"Location": f"http://localhost:{other.port}/v1beta"}))
            trace = await house.answered_by("deepseek")
            assert trace[0]["outcome"] == "bad_reply", trace
        assert (other.connections, other.heard) == (0, [])
        fake["gemini"].always(fakes.ok())
        await recovers(house)
    await settled(replace_sockets(before))


def replace_sockets(before: Any) -> Any:
    """Without the stranger's own listener."""
    return type(before)(before.tasks, before.sockets - 1, before.descriptors - 1, before.children)


@pytest.mark.parametrize("how", ["self-signed", "closes in the handshake", "plain HTTP"])
async def test_a_provider_that_breaks_tls(house: House, fake: FakeProviders, how: str) -> None:
    await house.application.store.profiles.set_chain("alice", ("deepseek",))
    await house.answered_by("deepseek")
    await house.application.store.profiles.set_chain("alice", ("gemini", "deepseek"))
    await house.answered_by("gemini")
    before = await steady()
    async with stranger(tls=how == "self-signed", slams=how == "closes in the handshake") as other:
        await house.application.store.providers.set("gemini", base_url=f"https://127.0.0.1:{other.port}/v1beta")
        await stumbles_once(house, "overload")
        assert other.connections > 0 or how == "self-signed"  # with TLS asyncio tells of finished handshakes alone
        assert not any(b"canary" in said or b"goog-api-key" in said for said in other.heard)
    await house.application.store.providers.set("gemini", base_url=fake.base_url("gemini"))
    await recovers(house)
    await settled(before)


# --- a subscriber that raises ----------------------------------------------------------------------------------------


async def test_a_subscriber_that_raises_costs_nobody_anything(
    house: House, fake: FakeProviders, caplog: pytest.LogCaptureFixture
) -> None:
    fake["gemini"].always(fakes.overloaded())
    await house.answered_by("deepseek")
    before, heard = await steady(), list[str]()
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and kind.__module__ == events.__name__]
    bus = house.application.bus

    def trip(event: object) -> None:
        raise LookupError("a bug in a subscriber")

    ends = [bus.subscribe(kind, trip) for kind in kinds if kind is not events.Bus]
    ends += [bus.subscribe(kind, lambda event: heard.append(type(event).__name__)) for kind in kinds]
    with caplog.at_level(logging.CRITICAL + 1):  # the bugs' own lines
        for _ in range(3):
            house.forgive("gemini")
            trace = await house.answered_by("deepseek")
            assert trace[0]["outcome"] == "overload"
        await house.application.store.set_setting("gate.hints", 1)
    assert {"FrameReceived", "AttemptFinished", "FrameAnswered", "ProviderLightChanged", "SettingsChanged"} <= set(
        heard
    )
    for end in ends:
        end()
    fake["gemini"].always(fakes.ok())
    await recovers(house)
    await settled(before)


# --- the reader's child ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
async def test_the_reader_killed_between_and_during_frames(
    tmp_path: Path, fake: FakeProviders, photo: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake["deepseek"].always(fakes.ok("From deepseek.", 0.95))
    monkeypatch.setattr(application.on_device, "available", lambda: True)
    monkeypatch.setattr(
        application, "OnDeviceReader", lambda tell, **_: OnDeviceReader(tell, target=ReaderIn(tmp_path))
    )
    async with opened(tmp_path / "data", fake.base_url, photo) as house:
        store = house.application.store
        await store.profiles.set_chain("alice", ("on_device", "deepseek"))
        await store.set_setting("cascade.call_limit_s", 10)
        trace = await house.answered_by("deepseek")
        assert (trace[0]["provider"], trace[0]["outcome"]) == ("on_device", "unsure"), trace
        before = await steady()
        for _ in range(3):
            kill(house)
            trace = await house.answered_by("deepseek")  # between frames: nobody's picture is lost
            assert trace[0]["outcome"] == "unsure", trace
        await settled(before)
        (tmp_path / "slow").touch()
        frame = asyncio.create_task(house.answered_by("deepseek"))
        async with asyncio.timeout(10):
            while not (tmp_path / "reading").exists():
                await asyncio.sleep(0.02)
        kill(house)
        trace = await frame
        assert trace[0]["outcome"] == "overload", trace
        (tmp_path / "slow").unlink()
        trace = await house.answered_by("deepseek")
        assert (trace[0]["outcome"], trace[0]["why"]) == ("skipped", "cooling down after overload"), trace
        house.forgive("on_device")
        trace = await house.answered_by("deepseek")
        assert trace[0]["outcome"] == "unsure", trace
        await settled(before)
        assert house.bugs == []


def kill(house: House) -> None:
    assert house.application.reader is not None
    pid = house.application.reader.pid
    assert pid is not None
    child = psutil.Process(pid)
    child.kill()
    with contextlib.suppress(psutil.NoSuchProcess):  # gone while it was looked at
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.005)


# --- the network -----------------------------------------------------------------------------------------------------

NETS = ("198.51.100", "203.0.113", "192.0.2")  # for documentation: nobody's, but sandboxes use them too


@contextmanager
def network() -> Iterator[tuple[str, str, str]]:
    """A network namespace at the other end of a cable: its name, our end's, and the address over there."""
    known = subprocess.run(["ip", "-o", "addr"], capture_output=True, text=True, check=True).stdout
    net = next(net for net in NETS if net not in known)
    space, ours, theirs = f"fb{os.getpid()}", f"fbo{os.getpid()}", f"fbt{os.getpid()}"
    ip("netns", "add", space)
    try:
        ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", space)
        ip("addr", "add", f"{net}.1/30", "dev", ours)
        ip("-n", space, "addr", "add", f"{net}.2/30", "dev", theirs)
        for words in (("link", "set", ours, "up"), ("-n", space, "link", "set", theirs, "up")):
            ip(*words)
        yield space, ours, f"{net}.2"
    finally:
        subprocess.run(["ip", "link", "del", ours], check=False)
        ip("netns", "del", space)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@pytest.mark.skipif(
    not LINUX or shutil.which("ip") is None or not may_mount(), reason="a network namespace needs iproute2 and root"
)
async def test_the_network_goes_and_comes_back(tmp_path: Path, fake: FakeProviders, photo: bytes) -> None:
    fake["deepseek"].always(fakes.ok("From deepseek.", 0.95))
    with network() as (space, cable, address):
        far = await asyncio.create_subprocess_exec(
            "ip", "netns", "exec", space, sys.executable, "-m", "tests.fakes", "--host", address,
            cwd=rig.ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert far.stdout is not None
            url = (await asyncio.wait_for(far.stdout.readline(), 20)).decode().split()[-1]
            places = {"gemini": f"{url}/gemini/v1beta", "deepseek": fake.base_url("deepseek")}
            async with opened(tmp_path / "data", places.__getitem__, photo) as house:
                await _through_the_outage(house, cable)
        finally:
            far.terminate()
            await far.wait()


async def _through_the_outage(house: House, cable: str) -> None:
    store = house.application.store
    await store.profiles.set_chain("alice", ("deepseek",))
    await house.answered_by("deepseek")
    await store.profiles.set_chain("alice", ("gemini", "deepseek"))
    await house.answered_by("gemini")
    before = await steady()
    ip("link", "set", cable, "down")
    trace = await house.answered_by("deepseek")
    word = trace[0]["outcome"]
    assert word in ("timeout", "overload"), trace
    trace = await house.answered_by("deepseek")
    assert trace[0]["why"] == f"cooling down after {word}", trace
    ip("link", "set", cable, "up")
    async with asyncio.timeout(4 * SHORT_S[0]):  # by itself: one live frame probes it
        while True:
            status, body = await house.post()
            assert status == 200, body
            if body["answered_by"] == "gemini":
                break
            await asyncio.sleep(0.25)
    await settled(before)
    assert house.bugs == []


async def test_a_host_name_that_hangs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    names = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", names)
    await house.application.store.providers.set("gemini", base_url="http://one.hung/v1beta")
    try:
        await stumbles_once(house, "timeout")
    finally:
        names.back.set()
        await asyncio.sleep(0.1)
    assert house.bugs == []


@pytest.mark.parametrize("stage", ["looks up the name", "is read", "has a phone that hung up"])
async def test_the_history_tells_our_own_stop_from_a_hang_up(
    house: House, fake: FakeProviders, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    store, server, names = house.application.store, house.application.server, NameServer()
    fake["gemini"].always(fakes.hang())
    if stage == "looks up the name":
        monkeypatch.setattr(socket, "getaddrinfo", names)
        await store.providers.set("gemini", base_url="http://one.hung/v1beta")
    await store.set_setting("cascade.call_limit_s", 30)
    server._patience_s = 0.2
    posting = asyncio.create_task(house.post())
    await asyncio.sleep(0.3)
    if stage == "has a phone that hung up":
        posting.cancel()
        await asyncio.sleep(0.1)
    await server.stop()
    names.back.set()
    while len(rows := await store.activity.recent("alice")) < 2:
        await asyncio.sleep(0.01)
    ended = rows[0]
    if stage == "has a phone that hung up":
        assert ended.code == "hung_up"
    else:
        status, body = await posting
        assert (ended.code, status, body["code"]) == ("stopping", 503, "stopping")
    assert house.bugs == []


# --- the keyring -----------------------------------------------------------------------------------------------------


@pytest.fixture
def in_a_session(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Runs a module in a D-Bus session of its own, where gnome-keyring is unlocked, and gives what it found."""

    def run(module: str) -> dict[str, Any]:
        home, runtime = tmp_path / "home", tmp_path / "run"
        for folder in (home, runtime):
            folder.mkdir(mode=0o700)
        environ = {
            "PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8",
            "FRAME_BACKEND_NO_BOOTSTRAP": "1",
        }  # fmt: skip
        command = ["dbus-run-session", "--", "sh", "-c", UNLOCKED, "sh", sys.executable, "-m", module]
        command.append(str(tmp_path / "data"))
        done = subprocess.run(
            command, cwd=rig.ROOT, env=environ, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        assert "kept-in-the-keyring" not in done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run


HAS_KEYRING = all(map(shutil.which, PROGRAMS)) or "CI" in os.environ


@pytest.mark.keyring
@pytest.mark.skipif(not HAS_KEYRING, reason="gnome-keyring and dbus are not installed")
def test_the_program_starts_on_a_locked_keyring(in_a_session: Callable[[str], dict[str, Any]]) -> None:
    found = in_a_session("tests.system.locked_at_start")
    assert found["listens_after_s"] < 5
    assert found["locked"] == [[503, "no_provider", "The keyring is locked: no AI has its key."]] * 5
    assert found["unlocked"] == [200, "ok", "gemini"]
    assert found["states"] == [[False, True], [True, False]]
    assert found["worst_gap_s"] < 0.5


@pytest.mark.keyring
@pytest.mark.skipif(not HAS_KEYRING, reason="gnome-keyring and dbus are not installed")
def test_the_keyring_is_locked_in_mid_use(in_a_session: Callable[[str], dict[str, Any]]) -> None:
    found = in_a_session("tests.system.locked_keyring")
    assert found["answers"] == ["gemini"] * 6
    assert found["keys"] == ["kept-in-the-keyring"]
    assert "keyring cannot keep the key" in found["refused"]
    assert "GEMINI_API_KEY" in found["refused"]
    assert found["states"][-1] is False
    assert found["worst_gap_s"] < 0.5
    assert found["for_this_session"] == "ok"
    assert found["before"] == found["after"]
