"""``POST /auth-{auth_key}``: a right key pairs the caller's address with the key's profile."""

from __future__ import annotations

from aiohttp import web

from app.core.events import KeyRefused
from app.server import context_keys
from app.server.endpoint import Endpoint
from app.server.network.connection import AUTH_PATH
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.responses import WITH_MESSAGE, json_reply
from app.store.profiles.identifiers import KEY_MAX_CHARS, OLD_KEY_MIN_CHARS, is_short
from app.store.profiles.pairings import TOKEN_VALID_S


async def pair(request: web.Request) -> web.Response:
    """Every success slides the 24 hours and applies the prompt that was kept for that name."""
    store, ip = request.app[context_keys.STORE], request[context_keys.CLIENT_IP]
    lockout = request.app[context_keys.LOCKOUT]
    lockout.check(ip)
    profile = store.profiles.match_key(request[context_keys.AUTH_KEY])
    if profile is None:
        request.app[context_keys.BUS].publish(KeyRefused(ip))
        lockout.note(ip)
        raise Refused("not_paired", "That key is not known.")
    name = profile.username
    if is_short(request[context_keys.AUTH_KEY]) and not profile.has_short_key:
        await store.profiles.note_short_key(name)
    kept = request.app[context_keys.PENDING_PROMPTS].take(ip, name)
    await store.pairings.pair(ip, name)
    if kept is not None:
        await store.profiles.set_prompt(name, kept)
    token = await store.pairings.issue_token(name, ip)
    return json_reply(
        schemas.AuthReply(message=f"Paired with {name}.", username=name, token=token, expires_in_s=int(TOKEN_VALID_S))
    )


ENDPOINTS = (
    Endpoint(
        "POST", AUTH_PATH, pair, "Pair this device with the profile of the key, and get a token.",
        documented_path="/auth-{auth_key}",  # the key is taken out of the URL in connection.py
        parameters={"auth_key": {"type": "string", "minLength": OLD_KEY_MIN_CHARS, "maxLength": KEY_MAX_CHARS}},
        who="anyone", limit="auth", replies=(schemas.AuthReply,), codes=("not_paired",), dialect=WITH_MESSAGE,
    ),
)  # fmt: skip
