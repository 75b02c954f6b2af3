"""Gateways of others to compare ours with, in the versions that ``tests/data/gateways`` pins: installed and started.

They are kept in the user's cache folder, and installed anew when a pin changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import psutil

from tests import rig

MODEL = "gpt-6-luna"
"""What their clients ask for."""

_PINS = rig.ROOT / "tests/data/gateways"
_STARTS_WITHIN_S = 120


class LeftOut(Exception):
    """A gateway cannot be had on this machine; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running one, and the headers by which it takes a chat completion for OpenAI's fake."""

    server: rig.Server
    headers: Mapping[str, str]


@contextmanager
def portkey(providers_url: str) -> Iterator[Gateway]:
    """Raises ``LeftOut``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise LeftOut("Portkey is left out: it needs node and npm, which are not on this machine.")

    def install(folder: Path) -> list[str]:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(_PINS / name, folder)
        return [npm, "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]

    folder, port = _installed("Portkey", "package-lock.json", install), _free_port()
    program = str(folder / "node_modules/@portkey-ai/gateway/build/start-server.js")
    with _started([node, program, f"--port={port}", "--headless"], {}, port) as server:
        to = {"x-portkey-provider": "openai", "x-portkey-custom-host": providers_url + rig.PATHS["chatgpt"]}
        yield Gateway(server, {**to, "authorization": "Bearer bench-key"})


@contextmanager
def litellm(providers_url: str) -> Iterator[Gateway]:
    """Its proxy with one worker. Raises ``LeftOut``."""
    if not sys.platform.startswith("linux"):
        raise LeftOut("LiteLLM is left out: what it needs is pinned for Linux alone.")

    def install(folder: Path) -> list[str]:
        venv.create(folder)
        pip = next((rig.ROOT / "packaging").glob("pip-*.whl")) / "pip"
        options = ["--no-deps", "--only-binary", ":all:", "--quiet", "--disable-pip-version-check"]
        return [str(folder / "bin/python"), str(pip), "install", *options, "-r", str(_PINS / "litellm.txt")]

    folder = _installed("LiteLLM", "litellm.txt", install)
    to = {"model": "openai/" + MODEL, "api_base": providers_url + rig.PATHS["chatgpt"], "api_key": "bench-key"}
    key, port = f"sk-{secrets.token_hex(32)}", _free_port()
    environ = {"LITELLM_MASTER_KEY": key, "LITELLM_LOG": "ERROR", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        json.dump({"model_list": [{"model_name": MODEL, "litellm_params": to}]}, config)
        config.flush()
        words = ["--config", config.name, "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
        with _started([str(folder / "bin/litellm"), *words], environ, port) as server:
            yield Gateway(server, {"authorization": f"Bearer {key}"})


def _installed(name: str, pins: str, install: Callable[[Path], list[str]]) -> Path:
    """Its folder; ``install`` prepares that and tells the command that fills it."""
    version = hashlib.sha256((_PINS / pins).read_bytes()).hexdigest()[:8]
    folder = platformdirs.user_cache_path("frame-backend-tests") / f"{name.lower()}-{version}"
    if not (folder / "whole").exists():
        print(f"Installing {name} into {folder} ...", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(install(folder), capture_output=True, text=True, check=False)
        if done.returncode:
            why = (done.stderr or done.stdout).strip().rpartition("\n")[2]
            raise LeftOut(f"{name} is left out: it could not be installed ({why}).")
        (folder / "whole").touch()
    return folder


def _free_port() -> int:
    """Not one of those that the system hands out: until a gateway listens, another program could be given it."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise SystemExit("No port is free for a gateway.")


@contextmanager
def _started(command: list[str], environ: Mapping[str, str], port: int) -> Iterator[rig.Server]:
    """Running until the end, once it answers at all."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environ}, stdout=log, stderr=log, text=True
        )
        try:
            _wait_for(url, process, Path(log.name))
            yield rig.Server(url, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[str], log: Path) -> None:
    give_up_at = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            rig.request(url, "GET", "/", b"", {})
        except OSError:  # not yet
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{process.args} does not answer.\n{log.read_text()[-2_000:]}")
