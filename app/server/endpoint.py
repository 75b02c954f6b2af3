"""What an endpoint says of itself, beside its handler; whoever must know reads it here.

The router, the limits, the check of who asks, the replies to what fails, the API's description and the tests' table.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from app.server import context_keys
from app.server.access.caller import clean_name
from app.server.access.limits import Group
from app.server.wire.bodies import FormBody, JsonBody
from app.server.wire.responses import SEVEN_KEYS, Dialect

Who = Literal["anyone", "stranger", "paired", "key sender", "scraper"]
"""Who may ask, told from the request's head; all but ``anyone`` may show a token.

``stranger``: the handler itself tells devices that are not paired from those that are; ``paired``: by address or token;
``key sender``: a token, or an address that lately sent the auth key itself; ``scraper``: an app's key, or this
computer.
"""


Door = Literal["openai", "ollama", "mcp", "events", "page", "uploads", "metrics"]
"""Ways in for other clients; each has its switch, the setting ``doors.<name>``."""


async def name_in_path(request: web.Request) -> str | None:
    return clean_name(request.match_info.get("username", ""))


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint:
    """One method at one path.

    ``path`` as aiohttp routes it, ``documented_path`` where a client sees another; ``parameters``: the schemas of what
    is variable in it, ``query``: of what may follow it. ``limit``: the group its requests count in, None for none.
    ``finishes``: a stop lets those under way come to their end and none begin. ``replies``: the JSON models that a
    success may be, or an event where ``media`` is a stream of them; it may be plain ``media`` too where that is other
    than JSON, or there are none. ``streamed``: the media type that it comes in where it was asked for in pieces.
    ``codes``: the failures that do not follow from the rest. ``wanted``: as which profile a device that is refused
    would act, for the owner to be asked; None to leave the owner alone. ``aliases``: other paths at which it is found
    too. ``door``: the one it belongs to; while that is closed there is nothing here. ``may_stay_silent``: it also takes
    what is answered by nothing but 202. ``agent``: it is there only for clients whose ``User-Agent`` begins so, in
    lower case, before what others find at its path.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    summary: str
    _: KW_ONLY
    who: Who
    limit: Group | None
    body: JsonBody[Any] | FormBody | None = None
    replies: tuple[type[BaseModel], ...] = ()
    media: str = "application/json"
    streamed: str = ""
    codes: tuple[str, ...] = ()
    dialect: Dialect = SEVEN_KEYS
    finishes: bool = False
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    query: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    documented_path: str = ""
    wanted: Callable[[web.Request], Awaitable[str | None]] = name_in_path
    aliases: tuple[str, ...] = ()
    door: Door | None = None
    may_stay_silent: bool = False
    agent: str = ""

    @property
    def methods(self) -> tuple[str, ...]:
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return self.documented_path or re.sub(r"\{(\w+)[^}]*\}", r"{\1}", self.path)

    @property
    def stems(self) -> tuple[str, ...]:
        """What is fixed at the beginning of its paths."""
        return tuple(path.partition("{")[0] for path in (self.path, *self.aliases))


def endpoint_of(request: web.Request) -> Endpoint | None:
    """The one that was asked, None when the address or the method is nobody's."""
    return request.app[context_keys.ENDPOINTS].get(request.match_info.route)


def dialect_of(request: web.Request) -> Dialect:
    """What no endpoint takes is answered as by the one whose address it begins with."""
    endpoint = endpoint_of(request)
    if endpoint is not None:
        return endpoint.dialect
    every = request.app[context_keys.ENDPOINTS].values()
    near = (one for one in every for stem in one.stems if stem != "/" and request.path.startswith(stem))
    return next((one.dialect for one in near), SEVEN_KEYS)
