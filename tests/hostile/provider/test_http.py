"""Replies that are odd as HTTP, before anybody reads what they say: taken, or one sentence; never a hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.core.errors import BadReplyError, OverloadError, ProviderError
from app.providers import Client
from app.providers.transport import RawReply, call

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: 2\r\n\r\nok"


@asynccontextmanager
async def saying(reply: bytes) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(reply)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


async def said(reply: bytes) -> RawReply | ProviderError:
    async with saying(reply) as url, Client() as client:
        try:
            return await asyncio.wait_for(call(client, "mine", url, {}, b"{}"), 5)
        except ProviderError as error:
            return error


@pytest.mark.parametrize(
    "reply",
    [
        OK + b"X: " + b"a" * 60_000 + b"\r\n" + LENGTH,
        OK + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + LENGTH,
        OK + b"Set-Cookie: a=b; Path=/\r\nSet-Cookie: ;;=;\r\nSet-Cookie: \xff=\xfe\r\n" + LENGTH,
        OK + b"X: \xc3\xa4\xff\r\n" + LENGTH,
        OK + b"X: y\r\n folded\r\n" + LENGTH,
        b"HTTP/1.1 200\r\n" + LENGTH,
        b"HTTP/1.0 200 OK\r\n\r\nok",
        OK + b"\r\nok",
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + LENGTH,
        OK + b"Transfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nTrailer: x\r\n\r\n",
    ],
)
async def test_odd_and_taken(reply: bytes) -> None:
    taken = await said(reply)
    assert isinstance(taken, RawReply), taken
    assert (taken.status, taken.body) == (200, b"ok")


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\x16\x03\x01\x02\x00\x01",
        b"what?\r\n\r\n",
        b"<html>busy</html>",
        b"HTTP/9.9 200 OK\r\n" + LENGTH,
        b"HTTP/1.1 2000 OK\r\n" + LENGTH,
        OK + b"X: " + b"a" * 300_000 + b"\r\n" + LENGTH,
        OK + b"".join(b"X-%d: y\r\n" % number for number in range(9_000)) + LENGTH,
        OK + b"X : y\r\n" + LENGTH,
        OK + b"Content-Length: -2\r\n\r\nok",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        OK + b"Content-Length: 99999999999999999999999\r\n\r\nok",
        OK + b"Content-Length: 3\r\n\r\nok",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nok",
    ],
)
async def test_no_reply_at_all(reply: bytes) -> None:
    error = await said(reply)
    assert isinstance(error, OverloadError), error
    assert str(error) == "The connection to mine broke."
    assert error.__context__ is None


@pytest.mark.parametrize("coding", [b"br", b"zstd", b"gzip, gzip", b"nonsense", b"gzip"])
async def test_packed_as_nobody_asked_for(coding: bytes) -> None:
    error = await said(OK + b"Content-Encoding: " + coding + b"\r\n" + LENGTH)
    assert isinstance(error, BadReplyError), error
