"""No variable of the environment ends the program, whichever way it is started; what cannot be used is said once."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from app import display
from tests.hostile.environment.starts import END_S, ended, free_port, serves, started

NOWHERE = "/nowhere/at/all"
TABLES: dict[str, dict[str, str]] = {
    "what is not there": {
        "SSL_CERT_FILE": NOWHERE, "SSL_CERT_DIR": NOWHERE, "SSLKEYLOGFILE": NOWHERE, "OPENSSL_CONF": NOWHERE,
        "TMPDIR": NOWHERE, "XDG_RUNTIME_DIR": NOWHERE, "XDG_CACHE_HOME": "/dev/null", "XDG_CONFIG_HOME": "/dev/null",
        "XAUTHORITY": NOWHERE, "PYTHONSTARTUP": NOWHERE, "PYTHONPATH": NOWHERE, "TZ": ":/nowhere",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={NOWHERE}", "https_proxy": "http://127.0.0.1:9",
    },
    "nonsense": {
        "http_proxy": "http://me:pa#ss@[nonsense", "all_proxy": "socks5://127.0.0.1:9",
        "no_proxy": "localhost,127.0.0.0/8,::1", "LC_ALL": "zz_ZZ.KLINGON", "LANG": "xx", "LANGUAGE": "\udcff",
        "TZ": "../../etc/passwd", "DBUS_SESSION_BUS_ADDRESS": "nonsense", "PYTHON_KEYRING_BACKEND": "no.such.Backend",
        "PYTHONWARNINGS": "nonsense::::", "GEMINI_API_KEY": "\udcff\n", "OPENAI_API_KEY": " ", "COLUMNS": "x",
        "TERM": "nonsense", "OMP_NUM_THREADS": "x", "MALLOC_ARENA_MAX": "x", "XDG_DATA_DIRS": "::", "NO_COLOR": "",
        "KEYRING_PROPERTY_X": "x", "HOME": "relative", "XDG_DATA_HOME": "relative", "XDG_STATE_HOME": "../x",
    },
    "other people's taste": {
        "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0", "LC_ALL": "POSIX",
        "PYTHONCOERCECLOCALE": "0", "PYTHONOPTIMIZE": "2", "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1",
        "SSL_CERT_FILE": "/etc/passwd", "SSL_CERT_DIR": "/etc/passwd", "OPENSSL_CONF": "/etc/passwd",
        "AIOHTTP_NO_EXTENSIONS": "1", "HOME": "", "NO_COLOR": "1", "FORCE_COLOR": "1", "QT_API": "pyqt5",
    },
}  # fmt: skip
QT = {
    "QT_QPA_PLATFORM": "nonsense", "QT_PLUGIN_PATH": NOWHERE, "QT_QPA_PLATFORM_PLUGIN_PATH": NOWHERE,
    "QT_SCALE_FACTOR": "1000", "QT_SCREEN_SCALE_FACTORS": "eDP-1=nan", "QT_FONT_DPI": "100000",
    "QT_QPA_PLATFORMTHEME": "nonsense", "QT_STYLE_OVERRIDE": "nonsense", "QT_IM_MODULE": "nonsense",
    "QT_LOGGING_CONF": NOWHERE, "QT_OPENGL": "nonsense", "SESSION_MANAGER": "nonsense", "XMODIFIERS": "@im=nope",
    "PYQTGRAPH_QT_LIB": "PyQt5", "WAYLAND_DISPLAY": "wayland-9", "XDG_SESSION_TYPE": "wayland",
}  # fmt: skip
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of its own are Linux'")


def warnings(err: str) -> list[str]:
    return [line.split(": ", 1)[1] for line in err.splitlines() if re.match(r"\S+ \S+ WARNING ", line)]


@pytest.mark.parametrize("name", TABLES)
def test_a_verb(name: str, tmp_path: Path) -> None:
    done = ended("--data-dir", str(tmp_path), "profile", "list", variables=TABLES[name])
    assert (done.status, done.out) == (0, ""), done.err


@pytest.mark.parametrize("name", TABLES)
def test_the_server(name: str, tmp_path: Path) -> None:
    port = free_port()
    with started("--data-dir", str(tmp_path), "--headless", "--port", str(port), variables=TABLES[name]) as process:
        answered = serves(process, port)
        process.terminate()
        _, err = process.communicate(timeout=END_S)
    assert answered, err
    assert process.returncode == (0 if os.name == "posix" else process.returncode), err
    said = warnings(err)
    assert len(said) == len(set(said)), said
    assert "pa#ss" not in err


def test_a_frame_is_answered_in_the_worst_of_them() -> None:
    done = ended("--demo", "--headless", "--frames", "1", variables=TABLES["other people's taste"])
    assert done.status == 0, done.err
    assert " -> " in done.out


@linux
@pytest.mark.screen
def test_the_window() -> None:
    if not (screen := os.environ.get("DISPLAY")):
        pytest.skip("no X display")
    variables = TABLES["what is not there"] | QT | {"DISPLAY": screen, "XAUTHORITY": os.environ.get("XAUTHORITY", "")}
    done = ended("--demo", "--frames", "1", variables=variables)
    assert done.status == 0, done.err
    assert " -> " in done.out
    said = [line for line in warnings(done.err) if " says " in line]
    assert [line.split()[0] for line in said] == [
        "QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI", "QT_QPA_PLATFORM"
    ]  # fmt: skip


@pytest.mark.posix("no display can be missing there")
@linux
@pytest.mark.parametrize(
    ("variables", "why"), [({}, "There is no display."), ({"DISPLAY": ":987"}, "The display does not answer.")]
)
def test_a_display_that_is_none_is_done_without(variables: dict[str, str], why: str, tmp_path: Path) -> None:
    with started("--data-dir", str(tmp_path), "--port", "0", variables=variables) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stderr.readline() == f"{why} Going on without a window.\n"
        assert process.stdout.readline().startswith("listening on ")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=END_S)
    assert process.returncode == 0


@linux
@pytest.mark.parametrize(
    "variables",
    [
        {"DISPLAY": "nonsense"},
        {"DISPLAY": "{screen}.7"},
        {"WAYLAND_DISPLAY": "wayland-9"},
        {"WAYLAND_DISPLAY": "x" * 200, "XDG_RUNTIME_DIR": NOWHERE, "QT_QPA_PLATFORM": "wayland"},
        {"DISPLAY": ":987", "WAYLAND_DISPLAY": NOWHERE, "QT_QPA_PLATFORM": "xcb;eglfs"},
    ],
)
def test_more_that_are_none(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = os.environ.get("DISPLAY", ":987").partition(".")[0]
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.replace("{screen}", screen))
    assert display.why_no_window() == "The display does not answer."


@pytest.mark.posix("no X server, and no sockets with a path")
@linux
def test_an_x_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "_ANSWER_S", 0.2)
    number = 10_000 + os.getpid()
    monkeypatch.setenv("DISPLAY", f":{number}")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(f"\0/tmp/.X11-unix/X{number}")
        silent.listen()
        assert not display._x_answers()
        (asking,) = (thread for thread in threading.enumerate() if thread.name == "ask the display")
        silent.accept()[0].close()
    asking.join(5)
    assert not asking.is_alive()
