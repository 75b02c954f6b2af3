"""The application: every endpoint with its limit, on one screen, and the parts that the handlers share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from app.core.events import Bus, PairingsChanged
from app.core.tasks import spawn
from app.server import context_keys, middlewares
from app.server.access.last_seen import LastSeen
from app.server.access.limits import Group, Limits
from app.server.access.lockout import Lockout
from app.server.access.pairing_requests import PairingRequests
from app.server.access.pending_prompts import PendingPrompts
from app.server.handlers import auth, docs, frames, health, profiles, prompts
from app.server.network.connection import AUTH_PATH
from app.server.wire.description import Description
from app.server.wire.in_flight import InFlight
from app.server.wire.openapi import describe
from app.server.wire.uploads import Uploads, wait_with_continue

if TYPE_CHECKING:
    from app.store import Store


class Endpoint(NamedTuple):
    """One line of the contract. ``limit`` None is never limited."""

    method: str
    path: str
    handler: Handler
    limit: Group | None


_PROMPT_PATH = r"/prompt-{username:[\s\S]+}"
"""Whatever stands there is a name, be it one that no profile can have: unknown like any other."""

ENDPOINTS = (
    Endpoint("POST", AUTH_PATH, auth.pair, "auth"),  # the key is taken out of the URL in connection.py
    Endpoint("POST", "/profile", profiles.set_keys, "profile"),
    Endpoint("POST", _PROMPT_PATH, prompts.change, "profile"),
    Endpoint("GET", _PROMPT_PATH, prompts.show, "profile"),
    Endpoint("POST", "/process", frames.process, "process"),
    Endpoint("POST", "/", frames.photo, "process"),
    Endpoint("GET", "/health", health.health, None),
    Endpoint("GET", "/openapi.json", docs.document, None),
    Endpoint("GET", "/docs", docs.page, None),
)


def make_app(
    store: Store,
    pipeline: context_keys.FramePipeline,
    bus: Bus,
    *,
    in_flight: InFlight | None = None,
    uploads: Uploads | None = None,
    heard: LastSeen | None = None,
    watch_word: str = "",
) -> web.Application:
    """The application around its parts."""
    groups: dict[object, Group] = {endpoint.handler: endpoint.limit for endpoint in ENDPOINTS if endpoint.limit}
    app = web.Application(
        middlewares=(
            middlewares.failures_as_json,
            middlewares.check_host_and_origin,
            middlewares.check_blacklist,
            middlewares.limit_by(groups),
        )
    )
    app[context_keys.STORE], app[context_keys.PIPELINE], app[context_keys.BUS] = store, pipeline, bus
    app[context_keys.LIMITS] = Limits(store.settings)
    app[context_keys.UPLOADS] = uploads or Uploads()
    app[context_keys.IN_FLIGHT] = in_flight or InFlight()
    app[context_keys.PAIRING_REQUESTS] = PairingRequests(store, bus)
    app[context_keys.LAST_SEEN] = heard or LastSeen(store, bus)
    app[context_keys.PENDING_PROMPTS] = PendingPrompts()
    app[context_keys.LOCKOUT] = Lockout(store)
    app[context_keys.WATCH_WORD] = watch_word
    app[context_keys.DESCRIPTION] = _described()
    for endpoint in ENDPOINTS:
        _add(app.router, endpoint)
    app.cleanup_ctx.append(_kept_prompts_follow_pairings)
    return app


@cache
def _described() -> Description:
    return Description(describe(ENDPOINTS))


def _add(router: web.UrlDispatcher, endpoint: Endpoint) -> None:
    methods = ("GET", "HEAD") if endpoint.method == "GET" else (endpoint.method,)
    for method in methods:
        router.add_route(method, endpoint.path, endpoint.handler, expect_handler=wait_with_continue)


async def _kept_prompts_follow_pairings(app: web.Application) -> AsyncIterator[None]:
    """A device may also be let in by the owner's click or the command line: its kept prompt is applied then too."""
    store, pending_prompts = app[context_keys.STORE], app[context_keys.PENDING_PROMPTS]

    def apply_to_new_pairings(_: PairingsChanged) -> None:
        for kept in pending_prompts.waiting():
            if store.pairings.is_paired(kept.ip, kept.username):
                pending_prompts.take(kept.ip, kept.username)
                spawn(store.profiles.set_prompt(kept.username, kept.prompt), name="apply a kept prompt")

    unsubscribe = app[context_keys.BUS].subscribe(PairingsChanged, apply_to_new_pairings)
    yield
    unsubscribe()
