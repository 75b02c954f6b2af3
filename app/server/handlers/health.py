"""``GET /health``: is it there? No secret, no profile's name, no limit."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from app import __version__
from app.server import context_keys
from app.server.endpoint import Endpoint
from app.server.wire import schemas
from app.server.wire.responses import json_reply


async def health(request: web.Request) -> web.Response:
    in_flight = request.app[context_keys.IN_FLIGHT]
    in_flight.check_open()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json_reply(schemas.HealthReply(version=__version__, uptime_s=in_flight.uptime_s, time=now))


ENDPOINTS = (
    Endpoint(
        "GET", "/health", health, "Is the server there?",
        who="anyone", limit=None, replies=(schemas.HealthReply,), codes=("stopping",),
    ),
)  # fmt: skip
