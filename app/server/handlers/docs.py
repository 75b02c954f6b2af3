"""``GET /openapi.json`` and ``GET /docs``: the description of all this, and a page to read it on."""

from __future__ import annotations

from aiohttp import web

from app.server import context_keys
from app.server.wire.responses import raw_reply

_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


async def document(request: web.Request) -> web.Response:
    return raw_reply(request.app[context_keys.DESCRIPTION].document, "application/json; charset=utf-8")


async def page(request: web.Request) -> web.Response:
    """No script, and no file from another host."""
    reply = raw_reply(request.app[context_keys.DESCRIPTION].page, "text/html; charset=utf-8")
    reply.headers["Content-Security-Policy"] = _NO_SCRIPTS
    return reply
