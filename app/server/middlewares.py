"""What stands before every handler, in this order, and before the body is read: failures as JSON, host and origin,
the blacklist, the limits."""

from __future__ import annotations

import logging
import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from app.core.errors import FrameError, InvalidValue, UnknownName
from app.server import context_keys
from app.server.access.forwarded import client_of
from app.server.access.limits import Group
from app.server.access.origins import allow_reading, check_origin, is_preflight, preflight_reply
from app.server.network.addresses import is_our_host
from app.server.network.connection import AUTH_PATH
from app.server.wire.api_errors import Refused
from app.server.wire.responses import failure_reply

log = logging.getLogger(__name__)

WATCH_HEADER = "X-Frame-Backend-Watch"
"""What the program sends when it asks itself whether it is there: no device was heard then."""


@web.middleware
async def failures_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where an error becomes a reply. A bug is logged once, by its route: the URL may hold a key."""
    request[context_keys.STARTED] = time.perf_counter()
    trusted = request.app[context_keys.STORE].settings.text("network.trusted_proxies")
    forwarded = request.headers.getall("X-Forwarded-For", ())
    request[context_keys.CLIENT_IP] = client_of(request.remote or "", forwarded, trusted)
    if request.headers.get(WATCH_HEADER) != request.app[context_keys.WATCH_WORD]:
        request.app[context_keys.LAST_SEEN].note(request[context_keys.CLIENT_IP])
    try:
        reply = await handler(request)
    except (Refused, FrameError) as error:
        reply = failure_reply(request, error)
    except web.HTTPException as error:
        reply = _from_aiohttp(request, error)
    except UnknownName:  # the profile was deleted while its request was under way
        reply = failure_reply(request, Refused("not_paired"))
    except InvalidValue:
        reply = failure_reply(request, Refused("invalid_field"))
    except Exception:
        log.exception("a bug while answering %s %s", request.method, _route(request))
        reply = failure_reply(request, Refused("error"))
    if standing := request.get(context_keys.STANDING):
        reply.headers.update(standing.fields())
    allow_reading(request, reply)
    return reply


@web.middleware
async def check_host_and_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The wearer's own browser shares the paired address: no page of another site may act through it."""
    host = _host(request)
    if host is not None and not is_our_host(host, request.app[context_keys.STORE].settings.text("network.host_names")):
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


def limit_by(groups: dict[object, Group]) -> Middleware:
    """Count a request against the limit of its route's group; ``groups`` is by handler, others are not limited."""

    @web.middleware
    async def check_limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        group = groups.get(request.match_info.handler)
        if group is not None:
            standing = request.app[context_keys.LIMITS].hit(group, request[context_keys.CLIENT_IP])
            if standing is not None:
                request[context_keys.STANDING] = standing
                if not standing.allowed:
                    raise Refused("rate_limited", retry_after_s=standing.next_s)
        return await handler(request)

    return check_limit


def _host(request: web.Request) -> str | None:
    hosts = request.headers.getall("Host", ())
    if len(hosts) == 1:
        return hosts[0]
    if not hosts and request.version < (1, 1):
        return None  # HTTP/1.0 knows no Host; no browser speaks it
    raise Refused("bad_request", "The request needs one Host header.")


def _from_aiohttp(request: web.Request, error: web.HTTPException) -> web.Response:
    """404 and 405 come from aiohttp's router; another one raised inside a handler is a bug of ours."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        reply = failure_reply(request, Refused("method_not_allowed"))
        reply.headers["Allow"] = error.headers["Allow"]
        return reply
    return failure_reply(request, Refused("not_found" if isinstance(error, web.HTTPNotFound) else "bad_request"))


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "an unknown address"
