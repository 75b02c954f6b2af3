from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator

import pytest

from app.providers import Client, http_client
from tests.fakes import FakeProviders


@pytest.fixture
async def fake() -> AsyncIterator[FakeProviders]:
    async with FakeProviders() as providers:
        yield providers


_context = functools.cache(ssl.create_default_context)
_trust = functools.cache(http_client.system_trust)


@pytest.fixture(autouse=True)
def one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for all tests and one for the SDKs: each takes 30 ms to build."""
    monkeypatch.setattr(ssl, "create_default_context", _context)
    monkeypatch.setattr(http_client, "system_trust", _trust)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as made:
        yield made
