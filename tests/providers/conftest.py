from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator

import httpx
import pytest

from app.providers import make_client, transport
from tests.fakes import FakeProviders


@pytest.fixture
async def fake() -> AsyncIterator[FakeProviders]:
    async with FakeProviders() as providers:
        yield providers


_context = functools.cache(ssl.create_default_context)
_trust = functools.cache(transport.system_trust)


@pytest.fixture(autouse=True)
def one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for all tests and one for the SDKs: each takes 30 ms to build."""
    monkeypatch.setattr(ssl, "create_default_context", _context)
    monkeypatch.setattr(transport, "system_trust", _trust)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with make_client() as made:
        yield made
