"""What stands before every handler, in this order, and before the body is read: failures become replies, host and
origin, the blacklist, closed doors, the limits, whether a stop waits for it, who asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler

from app.core.errors import DatabaseUnusable, FrameError, InvalidValue, UnknownName
from app.server import context_keys
from app.server.access.caller import Caller, caller_of, check_scraper, has_token, key_poster_of
from app.server.access.origins import allow_reading, check_origin, is_preflight, preflight_reply
from app.server.endpoint import Who, dialect_of, endpoint_of
from app.server.network.addresses import client_of, is_our_host, is_tailnet_host
from app.server.network.connection import AUTH_PATH
from app.server.wire.api_errors import Refused
from app.server.wire.responses import SAFE_HEADERS, failure_reply
from app.store.setup.addresses import counted_as

log = logging.getLogger(__name__)

WATCH_HEADER = "X-Frame-Backend-Watch"
"""What the program sends when it asks itself whether it is there: no device was heard then."""

_SAID_OTHERWISE = frozenset({"forwarded", "x-real-ip"})
"""A proxy that says it so alone asks for others all the same: it must not pass for itself."""

BUSY_S = 5
"""When to ask again where nothing could be written."""

_CODES: Mapping[type[Exception], str] = {
    web.HTTPMethodNotAllowed: "method_not_allowed",
    web.HTTPNotFound: "not_found",
    web.HTTPException: "bad_request",
    UnknownName: "not_paired",  # the profile was deleted while its request was under way
    InvalidValue: "invalid_field",
}
_TOLD_BY: Mapping[Who, Callable[[web.Request], Caller]] = {"paired": caller_of, "key sender": key_poster_of}


@web.middleware
async def tell_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where an error becomes a reply, in the dialect of the endpoint that was asked.

    A stream that has begun has no room for another reply: it breaks off.
    """
    request[context_keys.STARTED] = time.perf_counter()
    try:
        _note_client(request)
        return await handler(request)
    except Exception as error:
        if request.writer.output_size > 0:
            raise
        reply = failure_reply(request, _failure(request, error), dialect_of(request))
        if isinstance(error, web.HTTPMethodNotAllowed):
            reply.headers["Allow"] = error.headers["Allow"]
        return reply


async def add_fields(request: web.Request, reply: web.StreamResponse) -> None:
    """What every reply says beside its own: of the limit it counts in, and to the page that may read it.

    Also a stream's, and one that is not made by ``responses``: aiohttp would name itself and its version.
    """
    reply.headers.update(SAFE_HEADERS)
    if standing := request.get(context_keys.STANDING):
        reply.headers.update(standing.fields())
    allow_reading(request, reply)


@web.middleware
async def check_host_and_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The wearer's own browser shares the paired address: no page of another site may act through it."""
    host = _host(request)
    names = request.app[context_keys.STORE].settings.text("network.host_names")
    if host is not None and not (is_our_host(host, names) or is_tailnet_host(host, request.remote or "")):
        raise Refused("wrong_host")
    check_origin(request, host or "")
    return preflight_reply(request) if is_preflight(request) else await handler(request)


@web.middleware
async def check_blacklist(request: web.Request, handler: Handler) -> web.StreamResponse:
    blacklist = request.app[context_keys.STORE].blacklist
    entry = blacklist.match(request[context_keys.CLIENT_IP])
    if entry is not None and (not entry.automatic or request.path == AUTH_PATH):
        blacklist.hit(entry)
        raise Refused("blocked")
    return await handler(request)


@web.middleware
async def check_door(request: web.Request, handler: Handler) -> web.StreamResponse:
    endpoint = endpoint_of(request)
    if endpoint is not None and endpoint.door is not None:
        switch = f"doors.{endpoint.door}"
        if not request.app[context_keys.STORE].settings.flag(switch):
            raise Refused("door_closed", f"This door is closed: switch on {switch} in Settings.")
    return await handler(request)


@web.middleware
async def check_limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    endpoint = endpoint_of(request)
    if endpoint is not None and endpoint.limit is not None:
        ip = request[context_keys.CLIENT_IP]
        is_known = endpoint.limit != "auth" and request.app[context_keys.STORE].pairings.names_for(ip)
        standing = request.app[context_keys.LIMITS].hit(endpoint.limit, ip if is_known else counted_as(ip))
        if standing is not None:
            request[context_keys.STANDING] = standing
            if not standing.allowed:
                raise Refused("rate_limited", retry_after_s=standing.next_s)
    return await handler(request)


@web.middleware
async def let_finish(request: web.Request, handler: Handler) -> web.StreamResponse:
    endpoint = endpoint_of(request)
    if endpoint is not None and endpoint.finishes:
        return await request.app[context_keys.IN_FLIGHT].run(lambda: handler(request))
    return await handler(request)


@web.middleware
async def check_caller(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where not anyone may ask: who it is, told from the head alone, and for whom to ask the owner when it may not."""
    endpoint = endpoint_of(request)
    if endpoint is not None and endpoint.who == "scraper":
        check_scraper(request)
    if endpoint is None or endpoint.who not in _TOLD_BY:
        return await handler(request)
    try:
        request[context_keys.CALLER] = _TOLD_BY[endpoint.who](request)
        return await handler(request)
    except Refused as refused:
        if refused.code == "not_paired" and endpoint.who == "paired" and not has_token(request):
            wanted = await endpoint.wanted(request)
            if wanted is not None:
                request.app[context_keys.PAIRING_REQUESTS].ring(request[context_keys.CLIENT_IP], wanted)
        raise


def _note_client(request: web.Request) -> None:
    """Raises ``Refused`` where a proxy does not say for whom it asks."""
    trusted = request.app[context_keys.STORE].settings.text("network.trusted_proxies")
    forwarded = request.headers.getall("X-Forwarded-For", ())
    if not forwarded and not _SAID_OTHERWISE.isdisjoint(map(str.lower, request.headers)):
        forwarded = ["unknown"]
    request[context_keys.CLIENT_IP] = ip = client_of(request.remote or "", forwarded, trusted)
    if not ip:
        raise Refused("bad_request", "The proxy does not say for whom it asks.")
    if request.headers.get(WATCH_HEADER) != request.app[context_keys.WATCH_WORD]:
        request.app[context_keys.LAST_SEEN].note(ip)


def _host(request: web.Request) -> str | None:
    hosts = request.headers.getall("Host", ())
    if len(hosts) == 1:
        return hosts[0]
    if not hosts and request.version < (1, 1):
        return None  # HTTP/1.0 knows no Host; no browser speaks it
    raise Refused("bad_request", "The request needs one Host header.")


def _failure(request: web.Request, error: Exception) -> Refused | FrameError:
    """404 and 405 come from aiohttp's router. A bug is logged once, by its route: the URL may hold a key."""
    if isinstance(error, Refused | FrameError):
        return error
    if isinstance(error, DatabaseUnusable):  # locked by another program, or its disk is full: it may pass
        return Refused("busy", retry_after_s=BUSY_S)
    code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), "error")
    if code == "error":
        log.exception("a bug while answering %s %s", request.method, _route(request))
    return Refused(code)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "an unknown address"
