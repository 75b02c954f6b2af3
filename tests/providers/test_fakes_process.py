"""The fakes as a process of their own, as benchmarks run them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.provider import Learned, ProviderConfig
from app.providers import Client, build
from app.providers.transport import call
from tests.fakes import SCRIPTS
from tests.providers.asking import CONFIGS, KEY, QUESTION, ask

PLAN = {"gemini": {"default": {"reply": "ok", "answer": "A plan."}, "queue": [{"reply": "rate", "after_s": 7}]}}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    script = tmp_path / "script.json"
    script.write_text(json.dumps(PLAN), "utf-8")
    words = [sys.executable, "-m", "tests.fakes", "--port", "0", "--latency-ms", "30", "--script", str(script)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().removeprefix("listening on ").strip()
        process.terminate()
    assert process.returncode == (1 if sys.platform == "win32" else 0)  # there it is ended, not asked


async def test_a_process_of_its_own(url: str, client: Client) -> None:
    config = CONFIGS["gemini"]
    asked = build(ProviderConfig("gemini", "gemini", f"{url}/gemini/v1beta", config.model), client, None)
    started = time.monotonic()
    assert getattr(await ask(asked), "retry_after_s", None) == 7
    assert time.monotonic() - started >= 0.03
    assert (await asked.ask(QUESTION, KEY, Learned())).fields["answer"] == "A plan."  # type: ignore[index]
    script = {"gemini": {"default": {"reply": "plain", "text": "Changed."}}}
    await call(client, "", f"{url}/_script", {"Content-Type": "application/json"}, json.dumps(script).encode())
    assert (await asked.ask(QUESTION, KEY, Learned())).text == "Changed."
    assert json.loads((await call(client, "", f"{url}/_calls", {})).body)["gemini"] == 3


def test_every_script_has_a_name() -> None:
    assert {"ok", "unsure", "verdict", "rate", "hang", "drip", "huge", "dropped"} <= SCRIPTS.keys()
