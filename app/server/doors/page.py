"""What a browser sees here: how to connect, one tap to do so, and the live answer; all of it without script too."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from app.core.frame import Profile
from app.paths import resource
from app.server import context_keys
from app.server.access.caller import caller_of, has_token
from app.server.endpoint import Endpoint
from app.server.wire.api_errors import Refused
from app.server.wire.responses import raw_reply

_REFRESH_S = 5
_LANGUAGES = ("en", "de")


@dataclass(frozen=True, slots=True)
class _Files:
    style: str
    script: str
    phrases: Mapping[str, Mapping[str, str]]
    policy: str
    """What the browser may load: nothing but these two."""


@cache
def _files() -> _Files:
    folder = resource("page")
    style, script, phrases = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.css", "page.js", "phrases.json")
    )
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return _Files(style, script, json.loads(phrases), policy)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- what is asked for ---------------------------------------------------------------------------------------------


async def home(request: web.Request) -> web.Response:
    profile, code = _profile(request), request.query.get("pair", "")
    invited = request.app[context_keys.INVITATIONS].username_of(code)
    if invited is not None and (profile is None or profile.username != invited):
        return _page(request, _invitation(_words(request), code))
    if profile is None:
        return _page(request, _how_to_connect(request, is_stale=bool(code)))
    return _page(request, _live(request, profile, is_glass=False), is_live=True)


async def glass(request: web.Request) -> web.Response:
    """For a display that opens one address: its token stands behind a #, so only the script can show it."""
    profile = _profile(request)
    if profile is None:
        return _page(request, _paragraph("quiet", _words(request)["not_connected"]), is_live=True, is_glass=True)
    return _page(request, _live(request, profile, is_glass=True), is_live=True, is_glass=True)


async def accept(request: web.Request) -> web.Response:
    """Only what is tapped pairs: programs that draw previews of links follow them too."""
    store, words = request.app[context_keys.STORE], _words(request)
    username = request.app[context_keys.INVITATIONS].take(request.match_info["code"])
    if username is None:
        return _page(request, _how_to_connect(request, is_stale=True))
    await store.pairings.pair(request[context_keys.CLIENT_IP], username, by_auth=False)
    told = _heading(words["connected"].format(name=username))
    return _page(request, f"{told}<p><a href='/'>{html.escape(words['go_on'])}</a></p>", refresh_s=2)


def _profile(request: web.Request) -> Profile | None:
    """Whose answers may be seen, None for a device that is not paired. Raises ``Refused`` for a wrong token."""
    try:
        return caller_of(request).newest()
    except Refused:
        if has_token(request):
            raise
        return None


# --- what is shown -------------------------------------------------------------------------------------------------


def _how_to_connect(request: web.Request, *, is_stale: bool) -> str:
    words = _words(request)
    told = (
        (words["address"], f"http://{request.headers.get('Host', '')}"),
        (words["username"], words["username_is"]),
        (words["key"], words["key_is"]),
    )
    rows = "".join(f"<dt>{html.escape(what)}</dt><dd>{html.escape(text)}</dd>" for what, text in told)
    return (
        _heading(words["here"].format(name=socket.gethostname()))
        + (_paragraph("stale", words["stale"]) if is_stale else "")
        + _paragraph("", words["type"])
        + f"<dl>{rows}</dl>"
        + _paragraph("quiet", words["scan"])
    )


def _invitation(words: Mapping[str, str], code: str) -> str:
    button = f"<button>{html.escape(words['connect'])}</button>"
    return (
        _heading(words["here"].format(name=socket.gethostname()))
        + _paragraph("", words["one_tap"])
        + f"<form method='post' action='/pair-{html.escape(code)}'>{button}</form>"
    )


def _live(request: web.Request, profile: Profile, *, is_glass: bool) -> str:
    words = _words(request)
    answered = request.app[context_keys.ASKING].newest.answered(profile.profile_id)
    who = "" if is_glass else _paragraph("quiet", words["connected"].format(name=profile.username))
    if answered is None:
        return who + _paragraph("answer", words["nothing_yet"])
    frame, answer = answered
    when = _paragraph("quiet", f"{frame.received_at.astimezone():%H:%M:%S}")
    more = "" if is_glass or answer.full_text in ("", answer.text) else _paragraph("long", answer.full_text)
    return who + _paragraph("answer", answer.text) + more + when


def _heading(text: str) -> str:
    return f"<h1>{html.escape(text)}</h1>"


def _paragraph(kind: str, text: str) -> str:
    return f"<p class='{kind}'>{html.escape(text)}</p>"


def _language(request: web.Request) -> str:
    """Browsers name those that they want in order."""
    wanted = (part.strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(","))
    return next((language for language in wanted if language in _LANGUAGES), _LANGUAGES[0])


def _words(request: web.Request) -> Mapping[str, str]:
    return _files().phrases[_language(request)]


def _page(
    request: web.Request, main: str, *, is_live: bool = False, is_glass: bool = False, refresh_s: int | None = None
) -> web.Response:
    files = _files()
    refresh = f"<meta http-equiv='refresh' content='{refresh_s or _REFRESH_S}; url={'/glass' if is_glass else '/'}'>"
    live = f"<noscript>{refresh}</noscript>" if is_live else refresh if refresh_s else ""
    kind = " class='glass'" if is_glass else ""
    script = f"<script>{files.script}</script>" if is_live else ""
    text = (
        f"<!DOCTYPE html><html lang='{_language(request)}'{kind}><head>"
        "<meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Frame Backend</title><link rel='icon' href='data:,'><style>{files.style}</style>{live}</head>"
        f"<body><main aria-live='polite'>{main}</main>{script}</body></html>"
    )
    reply = raw_reply(text.encode(), "text/html; charset=utf-8")
    reply.headers["Content-Security-Policy"] = files.policy
    reply.headers["Referrer-Policy"] = "same-origin"  # none at all would make the form's Origin "null"
    return reply


ENDPOINTS = (
    Endpoint(
        "GET", "/", home, "For browsers: how to connect, or the live answer.",
        door="page", who="stranger", limit=None, media="text/html",
    ),
    Endpoint(
        "GET", "/glass", glass, "The live answer alone, for a display of 600 x 600.",
        door="page", who="stranger", limit=None, media="text/html",
    ),
    Endpoint(
        "POST", "/pair-{code}", accept, "Pair this device by the code that the window shows.",
        parameters={"code": {"type": "string"}}, door="page", who="anyone", limit="profile", media="text/html",
        codes=("not_paired",),
    ),
)  # fmt: skip
