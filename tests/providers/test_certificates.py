"""Whom this computer trusts is trusted, with what its owner added; anybody else is told from one who is not there."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest

from app.core.errors import ProviderError, UntrustedError
from app.core.provider import ProviderConfig
from app.core.provider_check import examine
from app.providers import Client, build, http_client
from app.providers.http_client import system_trust
from tests import fakes
from tests.providers.asking import PICTURE, ask

TLS = Path(__file__).parents[1] / "data" / "tls"
HOME_CA, HOME_SERVER = TLS / "home_ca.pem", TLS / "home_server.pem"
"""An authority made at home, and a server's certificate of its making for 127.0.0.1, with its key."""

needs_files = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system's store is no file there")


@pytest.fixture(autouse=True)
def as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read anew in each test, with nothing from the tester's own environment."""
    monkeypatch.setattr(http_client, "system_trust", system_trust)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def server_at_home() -> AsyncIterator[str]:
    """Its base URL. It answers every question with a mug."""
    body = orjson.dumps(fakes.openai_body("A mug.", "m"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(HOME_SERVER)
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def asked() -> object:
    async with server_at_home() as url, Client() as client:
        return await ask(build(ProviderConfig("mine", "custom", url, "m"), client, None))


async def test_a_certificate_of_nobody_known_has_a_sentence_of_its_own() -> None:
    error = await asked()
    assert isinstance(error, UntrustedError)
    assert str(error) == "This computer does not trust the certificate of mine."
    assert error.word == "overload", "to the cascade it is out of reach"
    assert error.__context__ is None


async def test_the_test_of_a_provider_says_so() -> None:
    async with server_at_home() as url, Client() as client:
        mine = build(ProviderConfig("mine", "custom", url, "m"), client, None)
        found = await examine(mine, "", lambda number: PICTURE)
    assert not found.ok
    assert str(found.sentence) == "mine: This computer does not trust the certificate of mine."


@needs_files
async def test_an_authority_that_the_system_knows_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HOME_CA))
    reply = await asked()
    assert not isinstance(reply, ProviderError), reply


@needs_files
async def test_where_the_system_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and macOS; here truststore reads the files for it, at each connection."""
    monkeypatch.setattr(http_client, "_SYSTEM_JUDGES", True)
    assert isinstance(await asked(), UntrustedError)
    monkeypatch.setenv("SSL_CERT_FILE", str(HOME_CA))
    reply = await asked()
    assert not isinstance(reply, ProviderError), reply


@needs_files
async def test_the_store_is_read_once_and_not_for_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(HOME_CA))
    async with server_at_home() as url, Client() as client:
        mine = build(ProviderConfig("mine", "custom", url, "m"), client, None)
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
        for _ in range(2):  # each on a connection of its own
            reply = await ask(mine)
            assert not isinstance(reply, ProviderError), reply


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_store_that_is_not_there_is_left_out_with_one_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "gone"))
    with caplog.at_level(logging.WARNING):
        system_trust()
        system_trust()
    assert [record.message for record in caplog.records] == [
        f"{name} names {tmp_path / 'gone'}, which is not there: it is left out."
    ]
    assert name not in os.environ


@needs_files
def test_where_the_system_has_none_those_that_come_along_are_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert system_trust().cert_store_stats()["x509_ca"] > 50
