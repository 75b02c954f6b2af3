"""``/prompt-{username}``: a profile's own prompt."""

from __future__ import annotations

from aiohttp import web

from app.core.frame import Profile
from app.core.settings import DEFAULT_PROMPT, PROMPT_MAX_CHARS
from app.server import context_keys
from app.server.access.caller import caller_of, clean_name, has_token
from app.server.endpoint import Endpoint
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import WITH_MESSAGE, json_reply
from app.store.profiles.identifiers import NAME_MAX_CHARS

_PATH = r"/prompt-{username:[\s\S]+}"
"""Whatever stands there is a name, be it one that no profile can have: unknown like any other."""
_PARAMETERS = {"username": {"type": "string", "minLength": 1, "maxLength": NAME_MAX_CHARS}}
_BODY = JsonBody(schemas.PromptBody, too_large="prompt_too_long")


async def show(request: web.Request) -> web.Response:
    return json_reply(_reply(request[context_keys.CALLER].profile(clean_name(request.match_info["username"]))))


async def change(request: web.Request) -> web.Response:
    """Set the prompt. From an address not paired with the name it is kept until it is, and the reply tells nothing."""
    username = clean_name(request.match_info["username"])
    profile = _profile(request, username)
    prompt = (await _BODY.read(request)).prompt.strip()
    if len(prompt) > PROMPT_MAX_CHARS:
        raise Refused("prompt_too_long")
    if profile is None:
        request.app[context_keys.PENDING_PROMPTS].keep(request[context_keys.CLIENT_IP], username, prompt)
        return json_reply(schemas.MessageReply(message="kept until paired"))
    store = request.app[context_keys.STORE]
    await store.profiles.set_prompt(username, prompt)
    return json_reply(_reply(store.profiles.get(username)))


def _profile(request: web.Request, username: str) -> Profile | None:
    """None for an address that may not act as ``username`` (yet); a token that does not allow it is refused."""
    try:
        return caller_of(request).profile(username)
    except Refused:
        if has_token(request):
            raise
        return None


def _reply(profile: Profile) -> schemas.PromptReply:
    return schemas.PromptReply(
        username=profile.username,
        prompt=profile.prompt or DEFAULT_PROMPT,
        is_custom=bool(profile.prompt),
        default_prompt=DEFAULT_PROMPT,
    )


ENDPOINTS = (
    Endpoint(
        "POST", _PATH, change, "Set the prompt; from a device that is not paired yet it is kept until it is.",
        parameters=_PARAMETERS, who="stranger", limit="profile",
        body=_BODY, replies=(schemas.PromptReply, schemas.MessageReply), codes=("prompt_too_long", "invalid_field"),
        dialect=WITH_MESSAGE,
    ),
    Endpoint(
        "GET", _PATH, show, "The prompt in force.",
        parameters=_PARAMETERS, who="paired", limit="profile", replies=(schemas.PromptReply,), dialect=WITH_MESSAGE,
    ),
)  # fmt: skip
