"""Pages of other sites: refused, unless the owner named their origin, or they show a token or key (CORS).

A page that got neither from the owner cannot have a token; that the wearer's browser shares a paired address is then
no help to it, since a token outweighs the address.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aiohttp import web

from app.core.setting import names_in
from app.server import context_keys
from app.server.access.caller import KEY_HEADERS, caller_of, has_token
from app.server.endpoint import endpoint_of
from app.server.network.addresses import is_foreign_origin
from app.server.wire.api_errors import Refused

_METHODS, _HEADERS, _MAX_AGE_S = "GET, POST", (*KEY_HEADERS, "Content-Type"), "600"
_FIELD = re.compile(r"[a-z0-9-]{1,64}")
_MOST_FIELDS = 64


def check_origin(request: web.Request, host: str) -> None:
    """Raises ``Refused`` for a request that a page of another site sent, unless that site may ask."""
    origin = request.headers.get("Origin")
    if origin is not None and (origin.lower() in _named(_setting(request)) or _will_show_key(request)):
        request[context_keys.ORIGIN] = origin
        return
    if origin is not None and is_foreign_origin(origin, host) and _may_show_key(request):
        request[context_keys.ORIGIN] = origin  # also to read that the key is wrong
        caller_of(request)
        return
    cross_site = request.headers.get("Sec-Fetch-Site", "").lower() == "cross-site"
    if cross_site or (origin is not None and is_foreign_origin(origin, host)):
        raise Refused("blocked", "Requests from other sites are blocked.")


def _may_show_key(request: web.Request) -> bool:
    """Whether it shows one where that is looked at. Basic is left out: a browser sends it by itself."""
    endpoint = endpoint_of(request)
    if endpoint is None or endpoint.who == "anyone":
        return False
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return has_token(request) and scheme in ("bearer", "")


def _will_show_key(request: web.Request) -> bool:
    """Whether a browser asks if a page may send a request with a key; that itself is looked at when it comes."""
    is_asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return is_asked and not _asked_fields(request).isdisjoint(map(str.lower, KEY_HEADERS))


def _asked_fields(request: web.Request) -> frozenset[str]:
    asked = request.headers.get("Access-Control-Request-Headers", "").lower().split(",")[:_MOST_FIELDS]
    return frozenset(name for part in asked if _FIELD.fullmatch(name := part.strip()))


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
        "Access-Control-Allow-Headers": ", ".join(_allowed_fields(request)),
        "Access-Control-Max-Age": _MAX_AGE_S,
    }
    if request.headers.get("Access-Control-Request-Private-Network") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    return web.Response(status=204, headers=headers)


def _allowed_fields(request: web.Request) -> tuple[str, ...]:
    """The usual, and what else it wants to send: clients have fields of their own, which mean nothing here."""
    return (*_HEADERS, *sorted(_asked_fields(request) - {name.lower() for name in _HEADERS}))


def allow_reading(request: web.Request, reply: web.StreamResponse) -> None:
    """Let the page that asked read ``reply``; without it the browser keeps it to itself."""
    if origin := request.get(context_keys.ORIGIN):
        reply.headers["Access-Control-Allow-Origin"] = origin
        reply.headers["Access-Control-Expose-Headers"] = "Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate"
    if _setting(request) or "Origin" in request.headers:
        reply.headers["Vary"] = "Origin"


def _setting(request: web.Request) -> str:
    return request.app[context_keys.STORE].settings.text("network.cors_origins")


@lru_cache(maxsize=8)
def _named(setting: str) -> frozenset[str]:
    return frozenset(origin.lower() for origin in names_in(setting))
