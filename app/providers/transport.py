"""One way to call with the one HTTP client: outside, nobody sees an error of aiohttp.

No time-outs here: the router bounds a whole call by cancelling it, which also ends a reply that drips for ever, and a
timer per read costs more than the read under qasync (app/providers/README.md, What the run time costs).
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp

from app.core.errors import (
    AuthError,
    BadReplyError,
    BadRequestError,
    OverloadError,
    ProviderError,
    UntrustedError,
)
from app.providers.http_client import Client

ANSWER_MAX_BYTES, LIST_MAX_BYTES = 256 * 1024, 2 * 1024 * 1024
"""The longest replies that are read, unpacked; an answer has about 2,000 bytes, the longest list of models 1 MB."""
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""``zlib``'s window bits by ``Content-Encoding``. None is asked for; some relays pack all the same."""


@dataclass(frozen=True, slots=True)
class RawReply:
    """What came back, whatever its status. ``headers`` finds a name in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def checked_key(key: str, label: str) -> str:
    """``key`` without blanks around it.

    Raises ``AuthError`` for one that no header can carry: the HTTP library's own error would quote it.
    """
    key = key.strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise AuthError("The key for {label} has characters that no key has. Copy it again.", label=label)
    return key


class Incoming:
    """A reply whose head is here and whose body is still to be read. ``headers`` finds a name in any case."""

    def __init__(self, label: str, response: aiohttp.ClientResponse) -> None:
        self._label = label
        self._response, self._content = response, response.content
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    @property
    def has_ended(self) -> bool:
        """Whether all of it is here and read."""
        return self._content.at_eof()

    async def chunk(self) -> bytes:
        """What has come of the body, packed if it was, as soon as something has; empty at its end.

        Raises ``OverloadError`` when it breaks.
        """
        with contextlib.suppress(aiohttp.ClientError, OSError):
            return await self._content.readany()
        raise OverloadError("The connection to {label} broke.", label=self._label)

    def close(self) -> None:
        """Read no further: before its end that closes the connection."""
        if (connection := self._response.connection) and connection.transport:
            connection.transport.abort()  # a polite close of TLS waits for the other side
        self._response.close()


@contextlib.asynccontextmanager
async def exchange(
    client: Client, label: str, url: str, headers: Mapping[str, str], content: bytes | None = None
) -> AsyncIterator[Incoming]:
    """``begin``, closed in the end."""
    incoming = await begin(client, label, url, headers, content)
    try:
        yield incoming
    finally:
        incoming.close()


async def call(
    client: Client,
    label: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None = None,
    *,
    most_bytes: int = ANSWER_MAX_BYTES,
) -> RawReply:
    """``exchange``, its reply read whole. Raises ``BadReplyError`` besides when the reply is too long."""
    async with exchange(client, label, url, headers, content) as incoming:
        return await read_whole(incoming, label, most_bytes)


async def read_whole(incoming: Incoming, label: str, most_bytes: int = ANSWER_MAX_BYTES) -> RawReply:
    """All of a reply, unpacked. Raises ``BadReplyError`` when it is too long."""
    body = bytearray()
    while chunk := await incoming.chunk():
        body += chunk
        if len(body) > most_bytes:
            if incoming.status < 300:
                raise BadReplyError("{label}'s reply is too long.", label=label)
            del body[most_bytes:]  # a refusal says enough by its status
            break
    coding = coding_of(incoming)
    return RawReply(
        incoming.status, incoming.headers, _unpacked(bytes(body), coding, most_bytes, label) if coding else bytes(body)
    )


def coding_of(incoming: Incoming) -> str:
    """How a reply is packed, empty when it is not."""
    coding = incoming.headers.get("content-encoding", "").strip().lower()
    return "" if coding == "identity" else coding


async def begin(
    client: Client, label: str, url: str, headers: Mapping[str, str], content: bytes | None = None
) -> Incoming:
    """One exchange, a POST when there is ``content``: its reply, to be closed.

    Raises ``OverloadError`` when it breaks (``UntrustedError``: over its certificate), ``BadRequestError`` for an
    address that is none.
    """
    failure: ProviderError
    try:
        return Incoming(label, await client.send(url, headers, content))
    except aiohttp.ClientConnectorCertificateError:
        failure = UntrustedError("This computer does not trust the certificate of {label}.", label=label)
    except ValueError:
        failure = BadRequestError("The address of {label} is not a web address.", label=label)
    except aiohttp.ClientConnectorError:
        failure = OverloadError("{label} cannot be reached.", label=label)
    except aiohttp.ClientHttpProxyError:
        failure = OverloadError("This computer's proxy does not let it through to {label}.", label=label)
    except (aiohttp.ClientError, OSError):
        failure = OverloadError("The connection to {label} broke.", label=label)
    raise failure  # outside the except: an error of aiohttp must not travel along as its context


def _unpacked(body: bytes, coding: str, most_bytes: int, label: str) -> bytes:
    """One layer, and no more than ``most_bytes`` of it: a kilobyte may unfold to a gigabyte. Raises
    ``BadReplyError``.
    """
    if coding not in _PACKED:
        raise BadReplyError("{label} sent something that is not a reply.", label=label)
    unpacker = zlib.decompressobj(_PACKED[coding])
    try:
        plain = unpacker.decompress(body, most_bytes + 1)
    except zlib.error:
        raise BadReplyError("{label} sent something that is not a reply.", label=label) from None
    if len(plain) > most_bytes:
        raise BadReplyError("{label}'s reply is too long.", label=label)
    return plain
