"""Starts the program in an environment of its own, and brings faults into it from outside."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests import rig

END_S = 40
FAULTY = """
import sys
from app import __main__
{fault}
sys.argv[1:] = {words!r}
__main__.leave(__main__.main())
"""


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        return self.err.splitlines()[-1]


def started(
    *words: str, variables: Mapping[str, str] | None = None, fault: str = "", **streams: Any
) -> subprocess.Popen[str]:
    """``python -m app WORDS`` with nothing from the tester's environment but what ``variables`` give it.

    ``fault``: Python that is run before it starts. ``streams``: as ``Popen`` takes them; a pipe each.
    """
    kept = ("PATH", "LANG", "SYSTEMROOT", "TEMP", "TMP", "FRAME_BACKEND_NO_BOOTSTRAP")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **(variables or {})}
    how = ["-c", FAULTY.format(fault=fault, words=list(words))] if fault else ["-m", "app", *words]
    pipes = {name: streams.get(name, subprocess.PIPE) for name in ("stdin", "stdout", "stderr")}
    return subprocess.Popen([sys.executable, *how], cwd=rig.ROOT, env=environment, text=True, **pipes)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def serves(process: subprocess.Popen[str], port: int) -> bool:
    """Whether the server answers before it has ended, or is slow beyond all measure."""
    deadline = time.monotonic() + END_S
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    return False


def ended(*words: str, variables: Mapping[str, str] | None = None, fault: str = "") -> Ended:
    """As ``started``, to its end."""
    with started(*words, variables=variables, fault=fault) as process:
        try:
            out, err = process.communicate(timeout=END_S)
        finally:
            process.kill()
    return Ended(process.returncode, out, err)
