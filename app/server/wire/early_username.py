"""A glance at the body of a request that is refused anyway: which profile did the device want to be?

The refusal does not depend on it. It only lets the window ask about "alice" instead of asking which profile is meant,
so it looks at what comes with the head (Dart sends the small fields first) and waits no longer than a moment.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from app.server.access.pairing import clean_name
from app.server.wire import multipart
from app.server.wire.api_errors import Refused

_MOMENT_S = 0.25
_GLANCE_BYTES = 4_096


async def username_in_body(request: web.Request) -> str:
    """The name that stands at the beginning of an upload, empty when none does."""
    try:
        boundary = multipart.boundary_of(request.headers.get("Content-Type", ""))
        async with asyncio.timeout(_MOMENT_S):
            seen = await request.content.read(_GLANCE_BYTES)
        for part in multipart.parts_of(seen, boundary):
            if part.name == "username":
                return clean_name(part.body[:256].decode("utf-8", "ignore"))
    except (Refused, TimeoutError, web.RequestPayloadError, ConnectionError):
        pass  # nothing readable came in time
    return ""
