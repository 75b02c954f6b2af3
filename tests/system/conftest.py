"""What whole-program tests share: fake providers in this process, and a program whose chain asks them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from app.core.events import Bus
from app.providers import default_configs, key_variables
from app.store import Store
from tests import rig
from tests.fakes import FakeProviders
from tests.system.program import Program

KEYS = {
    "GEMINI_API_KEY": "canary-gemini-0123456789",
    "DEEPSEEK_API_KEY": "canary-deepseek-0123456789",
    "DASHSCOPE_API_KEY": "canary-qwen-0123456789",
    "OPENAI_API_KEY": "canary-chatgpt-0123456789",
}
AUTH_KEY = "canary-auth-0123456789"


@pytest.fixture
async def fake() -> AsyncIterator[FakeProviders]:
    async with FakeProviders() as providers:
        yield providers


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A client that opens a new connection per request, as the phone app does."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as client:
        yield client


@pytest.fixture
async def program(tmp_path: Path, fake: FakeProviders) -> Program:
    """Profile alice, four providers on loopback with keys from the environment, no reuse and no hints."""
    program = Program(tmp_path / "data", KEYS)
    async with await Store.open(
        program.data, Bus(), default_providers=default_configs(), key_variables=key_variables
    ) as store:
        await store.profiles.add("alice", AUTH_KEY)
        for name in ("gemini", "deepseek", "qwen", "chatgpt"):
            await store.providers.set(name, base_url=fake.base_url(name))
        for key in ("gate.reuse_s", "gate.hints", "limits.auth_per_minute", "limits.process_per_hour"):
            await store.set_setting(key, 0)
    return program


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A clean photo of 720 x 720 pixels."""
    return rig.PHOTO.read_bytes()
