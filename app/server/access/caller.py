"""Who is calling: the rules by which an address, a token or an app's key may act as a profile. Knowing a username is
never enough."""

from __future__ import annotations

import base64
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from app.core.frame import Profile
from app.server import context_keys
from app.server.wire.api_errors import Refused
from app.store.setup.addresses import is_loopback

if TYPE_CHECKING:
    from app.store import AppKey, Store

POSTS_KEYS_WITHIN_S = 600
"""So long after its ``/auth`` an address may set API keys without a token."""


def clean_name(username: str) -> str:
    """The spelling under which profiles are stored: composed (NFC), no space around it."""
    return unicodedata.normalize("NFC", username).strip()


@dataclass(frozen=True, slots=True)
class Caller:
    """A client and the ``names`` of the profiles it may act as, newest pairing first (never empty).

    ``has_token``: it showed a token or an app's key, and that counts, not its address; ``app_key``: which one.
    """

    store: Store
    ip: str
    names: tuple[str, ...]
    has_token: bool
    app_key: AppKey | None = None

    @property
    def lane(self) -> str:
        """Whose frames throw out older ones of its own, and nobody else's (``core.routing.latest_wins``)."""
        return self.ip if self.app_key is None else f"app key {self.app_key.key_id}"

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
    sent = _credential(request)
    if sent is not None:
        return _by_credential(store, ip, sent)
    if store.settings.flag("network.tokens_only"):
        raise Refused("not_paired", "This server accepts tokens only.")
    names = store.pairings.names_for(ip)
    if not names:
        raise Refused("not_paired")
    return Caller(store, ip, names, has_token=False)


def key_poster_of(request: web.Request) -> Caller:
    """As ``caller_of``, for setting API keys: by token, or by the profiles that the address lately sent the key of.

    An app's key is for asking alone.
    """
    caller = caller_of(request)
    if caller.app_key is not None:
        raise Refused("not_paired", "An app's key may not set API keys.")
    if caller.has_token:
        return caller
    lately = caller.store.pairings.authenticated_within
    names = tuple(name for name in caller.names if lately(caller.ip, name, POSTS_KEYS_WITHIN_S))
    if not names:
        raise Refused("not_paired")
    return Caller(caller.store, caller.ip, names, has_token=False)


def check_scraper(request: web.Request) -> None:
    """Raises ``Refused`` (``not_paired``) for whoever shows no app's key, but for this computer without any."""
    sent = _credential(request)
    store = request.app[context_keys.STORE]
    if sent is None and is_loopback(request[context_keys.CLIENT_IP]) and not store.settings.flag("network.tokens_only"):
        return
    app_key = store.app_keys.find(sent or "")
    if app_key is None:
        raise Refused("not_paired", "Send an app's key, or ask from this computer.")
    store.app_keys.touch(app_key)


def has_token(request: web.Request) -> bool:
    return _credential(request) is not None


def _by_credential(store: Store, ip: str, sent: str) -> Caller:
    """What is sent must be right, also from an address that is paired. Raises ``Refused`` (``not_paired``)."""
    if app_key := store.app_keys.find(sent):
        store.app_keys.touch(app_key)
        return Caller(store, ip, (app_key.username,), has_token=True, app_key=app_key)
    username = store.pairings.profile_for_token(sent)
    if username is None:
        raise Refused("not_paired")
    store.pairings.touch_token(sent)
    return Caller(store, ip, (username,), has_token=True)


KEY_HEADERS = ("Authorization", "X-Api-Key", "Api-Key")


def _credential(request: web.Request) -> str | None:
    """The token or key that was sent, None when there is none; other schemes are nobody's business."""
    scheme, _, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return told.strip()
    if scheme.lower() == "basic":
        return _password(told)
    return next((request.headers[name].strip() for name in KEY_HEADERS[1:] if name in request.headers), None)


def _password(told: str) -> str:
    """Empty, and so nobody's, where it cannot be read."""
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
