"""Who is calling: the rules by which an address or a token may act as a profile. Knowing a username is never enough."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from app.core.frame import Profile
from app.server import context_keys
from app.server.wire.api_errors import Refused

if TYPE_CHECKING:
    from app.store import Store

POSTS_KEYS_WITHIN_S = 600
"""So long after its ``/auth`` an address may set API keys without a token."""


def clean_name(username: str) -> str:
    """The spelling under which profiles are stored: composed (NFC), no space around it."""
    return unicodedata.normalize("NFC", username).strip()


@dataclass(frozen=True, slots=True)
class Caller:
    """A client and the ``names`` of the profiles it may act as, newest pairing first (never empty)."""

    store: Store
    ip: str
    names: tuple[str, ...]
    has_token: bool

    @property
    def lane(self) -> str:
        """Whose frames throw out older ones of its own, and nobody else's (``core.routing.latest_wins``)."""
        return self.ip

    def may_act_as(self, username: str) -> bool:
        return username in self.names

    def profile(self, username: str | None) -> Profile:
        """The profile it acts as; a token, or a single pairing, says so without a name.

        Raises ``Refused``: ``not_paired``, the same for a name that is unknown and one that is somebody else's.
        """
        if not username:
            if len(self.names) > 1:
                raise Refused("invalid_field", "The field username is missing.")
            return self.newest()
        if not self.may_act_as(username):
            raise Refused("not_paired")
        return self._known(username)

    def newest(self) -> Profile:
        return self._known(self.names[0])

    def _known(self, username: str) -> Profile:
        profile = self.store.profiles.find(username)
        if profile is None:
            raise Refused("not_paired")
        if not self.has_token:
            self.store.pairings.touch(self.ip, username)
        return profile


def caller_of(request: web.Request) -> Caller:
    """Who sent this, told from its head alone. Raises ``Refused`` (``not_paired``) for an address nobody let in."""
    store, ip = request.app[context_keys.STORE], request[context_keys.CLIENT_IP]
    names = _names_by_token(store, request)
    if names is None and store.settings.flag("network.tokens_only"):
        raise Refused("not_paired", "This server accepts tokens only.")
    caller = Caller(store, ip, store.pairings.names_for(ip) if names is None else names, names is not None)
    if not caller.names:
        raise Refused("not_paired")
    return caller


def key_poster_of(request: web.Request) -> Caller:
    """As ``caller_of``, for setting API keys: by token, or by the profiles that the address lately sent the key of."""
    caller = caller_of(request)
    if caller.has_token:
        return caller
    lately = caller.store.pairings.authenticated_within
    names = tuple(name for name in caller.names if lately(caller.ip, name, POSTS_KEYS_WITHIN_S))
    if not names:
        raise Refused("not_paired")
    return Caller(caller.store, caller.ip, names, has_token=False)


def has_token(request: web.Request) -> bool:
    return _bearer(request) is not None


def _names_by_token(store: Store, request: web.Request) -> tuple[str, ...] | None:
    """What a Bearer token allows, None when there is none. A token, right or wrong, outweighs the address."""
    token = _bearer(request)
    if token is None:
        return None
    username = store.pairings.profile_for_token(token)
    if username is None:
        return ()
    store.pairings.touch_token(token)
    return (username,)


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
