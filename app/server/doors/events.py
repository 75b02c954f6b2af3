"""``GET /events``: a profile's frames as they are answered, as server-sent events."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import cast

from aiohttp import web

from app.core.frame import Answer, Code, Kind, Profile
from app.server import context_keys
from app.server.access.caller import caller_of
from app.server.doors.feed import AnswerTold, AttemptTold, FrameTold, Listener, answered, piece
from app.server.endpoint import Endpoint
from app.server.wire.api_errors import Refused
from app.store.history.columns import ReportRow

MISSED_MOST = 100
_BEGINNING = b"retry: 3000\n\n"
_FRAME_ID = re.compile(r"[0-9a-f]{32}")


async def events(request: web.Request) -> web.StreamResponse:
    """Ends when the server stops, and when what let the listener in is revoked."""
    profile = request[context_keys.CALLER].newest()
    reply = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    with request.app[context_keys.FEED].listener(profile.username, lambda: _drop(request)) as listener:
        missed = await _missed(request, profile)  # heard already is what comes meanwhile
        await reply.prepare(request)
        if request.method != "HEAD":
            await reply.write(_BEGINNING + missed)
            await _pass_on(request, reply, listener)
    return reply


async def _pass_on(request: web.Request, reply: web.StreamResponse, listener: Listener) -> None:
    while not listener.is_over:
        await listener.wake.wait()
        listener.wake.clear()
        if listener.is_doubted:
            listener.is_doubted = False
            if not _is_let_in(request, listener.username):
                return
        if listener.due:
            pieces = b"".join(listener.due)
            listener.due.clear()
            await reply.write(pieces)


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _is_let_in(request: web.Request, username: str) -> bool:
    """Whether it would be let in if it came now. That it listens is a use of its pairing or key."""
    store = request.app[context_keys.STORE]
    entry = store.blacklist.match(request[context_keys.CLIENT_IP])
    if not store.settings.flag("doors.events") or (entry is not None and not entry.automatic):
        return False
    try:
        caller_of(request).profile(username)
    except Refused:
        return False
    return True


# --- what was missed -------------------------------------------------------------------------------------------


async def _missed(request: web.Request, profile: Profile) -> bytes:
    """What became of the frame that the listener heard of last, and of those that ended since it began."""
    began = _moment_of(request.headers.get("Last-Event-ID", ""))
    if began is None:
        return b""
    rows = await request.app[context_keys.STORE].activity.recent(profile.username, MISSED_MOST)
    since = [row for row in rows if row.received_at + timedelta(milliseconds=row.latency_ms) >= began]
    return b"".join(piece(_told(row, profile)) for row in reversed(since))


def _moment_of(frame_id: str) -> datetime | None:
    """When the frame came; None for what is no frame's id, or of no frame that can be."""
    if not _FRAME_ID.fullmatch(frame_id):
        return None
    began_s = int(frame_id[:12], 16) / 1_000
    return datetime.fromtimestamp(began_s, UTC) if began_s <= time.time() else None


def _told(row: ReportRow, profile: Profile) -> AnswerTold:
    if row.status != 200:
        return AnswerTold(
            frame_id=row.frame_id, profile=profile.username, door=row.door, success=False, code=row.code,
            error=row.error,
        )  # fmt: skip
    answer = Answer(
        row.answer, row.full_answer, cast(Code, row.code), row.answered_by, trust=row.trust,
        kind=cast(Kind, row.kind), is_doubted=row.code == "degraded",
    )  # fmt: skip
    return answered(row.frame_id, profile, row.door, answer)


ENDPOINTS = (
    Endpoint(
        "GET", "/events", events,
        "Frames as they are answered, as server-sent events; Last-Event-ID brings what was missed.",
        door="events", who="paired", limit="process", media="text/event-stream",
        replies=(FrameTold, AttemptTold, AnswerTold),
    ),
)  # fmt: skip
