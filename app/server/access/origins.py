"""Pages of other sites: refused, unless the owner named their origin (CORS)."""

from __future__ import annotations

from functools import lru_cache

from aiohttp import web

from app.core.setting import names_in
from app.server import context_keys
from app.server.network.addresses import is_foreign_origin
from app.server.wire.api_errors import Refused

_METHODS, _HEADERS, _MAX_AGE_S = "GET, POST", "Authorization, Content-Type", "600"


def check_origin(request: web.Request, host: str) -> None:
    """Raises ``Refused`` for a request that a page of another site sent, unless that site may ask."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() in _named(_setting(request)):
        request[context_keys.ORIGIN] = origin
        return
    cross_site = request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"
    if cross_site or (origin is not None and is_foreign_origin(origin, host)):
        raise Refused("blocked", "Requests from other sites are blocked.")


def is_preflight(request: web.Request) -> bool:
    """Whether a browser asks, before the request itself, if a page that may ask may send it."""
    return (
        request.method == "OPTIONS"
        and context_keys.ORIGIN in request
        and "Access-Control-Request-Method" in request.headers
    )


def preflight_reply(request: web.Request) -> web.Response:
    headers = {
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _HEADERS,
        "Access-Control-Max-Age": _MAX_AGE_S,
    }
    if request.headers.get("Access-Control-Request-Private-Network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return web.Response(status=204, headers=headers)


def allow_reading(request: web.Request, reply: web.StreamResponse) -> None:
    """Let the page that asked read ``reply``; without it the browser keeps it to itself."""
    if origin := request.get(context_keys.ORIGIN):
        reply.headers["Access-Control-Allow-Origin"] = origin
        reply.headers["Access-Control-Expose-Headers"] = "Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate"
    if _setting(request):
        reply.headers["Vary"] = "Origin"


def _setting(request: web.Request) -> str:
    return request.app[context_keys.STORE].settings.text("network.cors_origins")


@lru_cache(maxsize=8)
def _named(setting: str) -> frozenset[str]:
    return frozenset(origin.lower() for origin in names_in(setting))
