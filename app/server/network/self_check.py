"""Is the listener there? It is asked as a phone would ask it, and opened again when it no longer answers.

On Windows a connection that is reset while it is being accepted can close the listening socket without a word
(python/cpython#93821); the program would then show "Running" for ever.
"""

from __future__ import annotations

import asyncio
import logging

from app.server.middlewares import WATCH_HEADER

log = logging.getLogger(__name__)

EVERY_S = 10.0
PATIENCE_S = 5.0
TRIES = 2
"""One that is only busy answers the second time."""


async def until_deaf(
    host: str, port: int, word: str, *, every_s: float = EVERY_S, patience_s: float = PATIENCE_S
) -> None:
    """Return once the listener has not answered ``TRIES`` times running. ``word``: by which it knows its own watch."""
    failures = 0
    while failures < TRIES:
        await asyncio.sleep(every_s)
        if await _answers(host, port, word, patience_s):
            failures = 0
        else:
            failures += 1
            log.warning("the listener did not answer its own request")


async def _answers(host: str, port: int, word: str, patience_s: float) -> bool:
    """Whether anything that is HTTP comes back; also "stopping" is an answer."""
    try:
        async with asyncio.timeout(patience_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                asked = (
                    f"GET /health HTTP/1.1\r\nHost: localhost\r\n{WATCH_HEADER}: {word}\r\nConnection: close\r\n\r\n"
                )
                writer.write(asked.encode())
                return (await reader.readline()).startswith(b"HTTP/1.1 ")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
