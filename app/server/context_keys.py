"""The keys by which a handler finds its parts, and by which a request carries what was found out about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from app.core.events import Bus
from app.core.frame import Answer, Frame
from app.server.access.invitations import Invitations
from app.server.access.last_seen import LastSeen
from app.server.access.limits import Limits, Standing
from app.server.access.lockout import Lockout
from app.server.access.pairing_requests import PairingRequests
from app.server.access.pending_prompts import PendingPrompts
from app.server.doors.asking import Asking
from app.server.doors.feed import Feed
from app.server.doors.tally import Tally
from app.server.wire.in_flight import InFlight
from app.server.wire.uploads import Uploads

if TYPE_CHECKING:
    from app.server.access.caller import Caller
    from app.server.endpoint import Endpoint
    from app.server.wire.schemas import ProfileBody
    from app.store import Store


class FramePipeline(Protocol):
    """What the handlers need of ``core.routing.pipeline.Pipeline``."""

    async def process(self, frame: Frame, *, whole: bool = False, hears: Callable[[str], None] | None = None) -> Answer:
        """``whole``: with its long form, which ``hears`` is told as it grows. Raises a ``FrameError``."""
        ...


ENDPOINTS: web.AppKey[Mapping[web.AbstractRoute, Endpoint]] = web.AppKey("endpoints")
LOCKOUT = web.AppKey("lockout", Lockout)
WATCH_WORD = web.AppKey("watch_word", str)
STORE: web.AppKey[Store] = web.AppKey("store")
PIPELINE: web.AppKey[FramePipeline] = web.AppKey("pipeline")
ASKING = web.AppKey("asking", Asking)
FEED = web.AppKey("feed", Feed)
TALLY = web.AppKey("tally", Tally)
BUS = web.AppKey("bus", Bus)
PROFILE_BODY: web.AppKey[type[ProfileBody]] = web.AppKey("profile_body")
"""With a key for every vendor that takes one."""
LIMITS = web.AppKey("limits", Limits)
UPLOADS = web.AppKey("uploads", Uploads)
IN_FLIGHT = web.AppKey("in_flight", InFlight)
PAIRING_REQUESTS = web.AppKey("pairing_requests", PairingRequests)
INVITATIONS = web.AppKey("invitations", Invitations)
LAST_SEEN = web.AppKey("last_seen", LastSeen)
PENDING_PROMPTS = web.AppKey("pending_prompts", PendingPrompts)

AUTH_KEY = web.RequestKey("auth_key", str)
"""The key that stood in the URL; the URL itself no longer holds it."""
CALLER: web.RequestKey[Caller] = web.RequestKey("caller")
"""Set where not anyone may ask."""
CLIENT_IP = web.RequestKey("client_ip", str)
ORIGIN = web.RequestKey("origin", str)
"""The other site whose page asks, when it may."""
STARTED = web.RequestKey("started", float)
"""``time.perf_counter()`` when the request's head had arrived."""
STANDING = web.RequestKey("standing", Standing)
FRAME = web.RequestKey("frame", Frame)
"""Set once the upload was parsed: a failure after that can say which prompt was used."""
