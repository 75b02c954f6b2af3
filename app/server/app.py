"""The application: the endpoints, what stands before them, and the parts that they share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from app.core.events import AccessRevoked, Bus, PairingsChanged
from app.core.newest import NewestFrames
from app.core.tasks import spawn
from app.server import context_keys, middlewares
from app.server.access.invitations import Invitations
from app.server.access.last_seen import LastSeen
from app.server.access.limits import Limits
from app.server.access.lockout import Lockout
from app.server.access.pairing_requests import PairingRequests
from app.server.access.pending_prompts import PendingPrompts
from app.server.doors.asking import Asking
from app.server.doors.feed import Feed
from app.server.doors.tally import Tally
from app.server.endpoint import Endpoint
from app.server.handlers import ENDPOINTS
from app.server.wire.in_flight import InFlight
from app.server.wire.schemas import profile_body
from app.server.wire.uploads import Uploads, wait_with_continue

if TYPE_CHECKING:
    from app.store import Store


def make_app(
    store: Store,
    pipeline: context_keys.FramePipeline,
    bus: Bus,
    *,
    key_vendors: tuple[str, ...] = (),
    in_flight: InFlight | None = None,
    uploads: Uploads | None = None,
    heard: LastSeen | None = None,
    newest: NewestFrames | None = None,
    invitations: Invitations | None = None,
    tally: Tally | None = None,
    watch_word: str = "",
) -> web.Application:
    """The application around its parts. ``key_vendors``: those whose keys a phone may send."""
    app = web.Application(
        middlewares=(
            middlewares.tell_failures,
            middlewares.check_host_and_origin,
            middlewares.check_blacklist,
            middlewares.check_door,
            middlewares.check_limit,
            middlewares.let_finish,
            middlewares.check_caller,
        )
    )
    app[context_keys.STORE], app[context_keys.PIPELINE], app[context_keys.BUS] = store, pipeline, bus
    app[context_keys.TALLY] = tally or Tally(bus)
    app[context_keys.ASKING] = Asking(pipeline, newest or NewestFrames(bus), store.settings)
    app[context_keys.PROFILE_BODY] = profile_body(key_vendors)
    app[context_keys.LIMITS] = Limits(store.settings)
    app[context_keys.UPLOADS] = uploads or Uploads()
    app[context_keys.IN_FLIGHT] = in_flight = in_flight or InFlight()
    app[context_keys.FEED] = Feed(bus, in_flight.stopping)
    app[context_keys.PAIRING_REQUESTS] = PairingRequests(store, bus)
    app[context_keys.LAST_SEEN] = heard or LastSeen(store, bus)
    app[context_keys.INVITATIONS] = invitations or Invitations()
    app[context_keys.PENDING_PROMPTS] = PendingPrompts(rank_of=store.pairings.rank)
    app[context_keys.LOCKOUT] = Lockout(store)
    app[context_keys.WATCH_WORD] = watch_word
    app[context_keys.ENDPOINTS] = _routed(app.router)
    app.on_response_prepare.append(middlewares.add_fields)
    app.cleanup_ctx.append(_kept_prompts_follow_pairings)
    return app


def _routed(router: web.UrlDispatcher) -> Mapping[web.AbstractRoute, Endpoint]:
    return {
        resource.add_route(method, endpoint.handler, expect_handler=wait_with_continue): endpoint
        for endpoint in sorted(ENDPOINTS, key=lambda one: not one.agent)
        for path in (endpoint.path, *endpoint.aliases)
        for resource in [_resource(router, path, endpoint.agent)]
        for method in endpoint.methods
    }


def _resource(router: web.UrlDispatcher, path: str, agent: str) -> web.Resource:
    if not agent:
        return router.add_resource(path)
    resource = _ForClients(path, agent)
    router.register_resource(resource)
    return resource


class _ForClients(web.PlainResource):
    """What only clients of one kind find at ``path``."""

    def __init__(self, path: str, agent: str) -> None:
        super().__init__(path)
        self._agent = agent

    async def resolve(self, request: web.Request) -> tuple[web.UrlMappingMatchInfo | None, set[str]]:
        if request.headers.get("User-Agent", "").lower().startswith(self._agent):
            return await super().resolve(request)
        return None, set()


async def _kept_prompts_follow_pairings(app: web.Application) -> AsyncIterator[None]:
    """A device may also be let in by the owner's click or the command line: its kept prompt is applied then too."""
    store, pending_prompts = app[context_keys.STORE], app[context_keys.PENDING_PROMPTS]

    def apply_to_new_pairings(_: PairingsChanged) -> None:
        for kept in pending_prompts.waiting():
            if store.pairings.is_paired(kept.ip, kept.username):
                pending_prompts.take(kept.ip, kept.username)
                spawn(store.profiles.set_prompt(kept.username, kept.prompt), name="apply a kept prompt")

    bus = app[context_keys.BUS]
    # First what ends, for a pairing that was revoked and made anew begins anew.
    subscribed = (
        bus.subscribe(AccessRevoked, pending_prompts.drop),
        bus.subscribe(PairingsChanged, apply_to_new_pairings),
    )
    yield
    for unsubscribe in subscribed:
        unsubscribe()
