"""``POST /profile``: a phone sets its profile's own API keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from app.core.errors import KeyringUnavailable
from app.core.events import KeysPosted
from app.server import context_keys
from app.server.access.caller import clean_name
from app.server.endpoint import Endpoint
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import WITH_MESSAGE, json_reply

if TYPE_CHECKING:
    from app.store import Store

KEYRING_PATIENCE_S = 8.0
"""A locked keyring asks its owner and waits; the app gives up after 15 s, and would take the keys with it."""

_OWN = frozenset({"keyring", "session"})
"""Where a profile's own keys are; the household's and the environment's are not its business."""


async def set_keys(request: web.Request) -> web.Response:
    """Write the keys that were sent; with no keyring they are kept for this session, and the reply says so."""
    caller = request[context_keys.CALLER]
    body = await JsonBody(request.app[context_keys.PROFILE_BODY]).read(request)
    username = caller.profile(clean_name(body.username or "")).username
    sent = body.api_keys.by_provider()
    store = request.app[context_keys.STORE]
    in_keyring = await _write(store, username, sent)
    if sent:
        request.app[context_keys.BUS].publish(KeysPosted(username, caller.ip, tuple(sent)))
    own = [stored.provider for stored in store.secrets.listed(username) if stored.where in _OWN]
    return json_reply(schemas.ProfileReply(message=_message(sent, in_keyring), providers=own))


async def _write(store: Store, username: str, sent: dict[str, str]) -> bool:
    """Set or remove each key; False when the new ones could only be kept for this session."""
    in_keyring = True
    for provider, key in sent.items():
        if not key:
            await _remove(store, username, provider)
            continue
        # one refusal is enough: what says no once would let the phone wait four times
        in_keyring = in_keyring and await _set_in_keyring(store, username, provider, key)
        if not in_keyring:
            await store.secrets.set(username, provider, key, session_only=True)
    return in_keyring


async def _set_in_keyring(store: Store, username: str, provider: str, key: str) -> bool:
    try:
        async with asyncio.timeout(KEYRING_PATIENCE_S):
            await store.secrets.set(username, provider, key)
    except (KeyringUnavailable, TimeoutError):
        return False
    return True


async def _remove(store: Store, username: str, provider: str) -> None:
    try:
        async with asyncio.timeout(KEYRING_PATIENCE_S):
            await store.secrets.remove(username, provider)
    except (KeyringUnavailable, TimeoutError):
        raise Refused("error", "The keyring cannot be used: the key is still there.") from None


def _message(sent: dict[str, str], in_keyring: bool) -> str:
    if not sent:
        return "Nothing was changed."
    if not in_keyring:
        return "No keyring here: the keys are kept for this session only."
    return "The keys were saved." if any(sent.values()) else "The keys were removed."


ENDPOINTS = (
    Endpoint(
        "POST", "/profile", set_keys, "Set or remove API keys of the caller's profile.",
        who="key sender", limit="profile",
        body=JsonBody(schemas.ProfileBody), replies=(schemas.ProfileReply,), codes=("invalid_field",),
        dialect=WITH_MESSAGE,
    ),
)  # fmt: skip
