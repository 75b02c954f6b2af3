"""Reading a small JSON body."""

from __future__ import annotations

from aiohttp import web

from app.server import context_keys
from app.server.wire import schemas
from app.server.wire.api_errors import Refused

_MAX_BYTES = 64 * 1024
"""Room for 4,000 characters however they are escaped."""


async def read_json(request: web.Request, model: type[schemas.Body], *, too_large: str) -> schemas.Body:
    """The body as ``model``. Raises ``Refused``. Only ``application/json`` is taken: no web page's form sends that."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused("bad_request", "The request must be application/json.")
    body = await request.app[context_keys.UPLOADS].read(request, _MAX_BYTES, too_large=too_large)
    return schemas.parse(body, model)
