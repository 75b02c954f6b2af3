"""``POST /process`` and ``POST /``: a captured picture comes in, its answer goes back to the glasses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from aiohttp import web

from app.core.frame import Answer, Frame, Profile
from app.core.routing.trace import answers_of, trace_of
from app.core.settings import DEFAULT_PROMPT, PROMPT_MAX_CHARS
from app.server import context_keys
from app.server.access.pairing import Caller, caller_of, clean_name, has_token
from app.server.wire import multipart, schemas
from app.server.wire.api_errors import Refused
from app.server.wire.debug_lines import debug_lines
from app.server.wire.early_username import username_in_body
from app.server.wire.responses import json_reply, seconds_since_start, text_reply
from app.store.profiles.identifiers import NAME_MAX_CHARS

_MB = 1024 * 1024
_ANY_NAME = "?"
"""What the doorbell knows a request by whose name was not read."""


async def process(request: web.Request) -> web.Response:
    """The app's stream: the profile is named in the form."""
    return await request.app[context_keys.IN_FLIGHT].run(lambda: _process(request))


async def photo(request: web.Request) -> web.Response:
    """Photo mode: nothing but a picture comes, nothing but the text goes back."""
    return await request.app[context_keys.IN_FLIGHT].run(lambda: _photo(request))


async def _process(request: web.Request) -> web.Response:
    try:
        caller = caller_of(request)
    except Refused:
        await _ring_before_reading(request)
        raise
    form = await _read_form(request)
    profile = _named_profile(request, caller, form)
    answer = await _answer(request, profile, form)
    return json_reply(_reply(request, answer))


async def _photo(request: web.Request) -> web.Response:
    try:
        caller = caller_of(request)
    except Refused:
        _ring(request, "")
        raise
    form = await _read_form(request)
    answer = await _answer(request, caller.newest(), form)
    return text_reply(answer.full_text)


def _ring(request: web.Request, username: str) -> None:
    """Let the owner know, unless the device came with a token: then it is no stranger, its token is over."""
    if not has_token(request):
        request.app[context_keys.PAIRING_REQUESTS].ring(request[context_keys.CLIENT_IP], username)


async def _ring_before_reading(request: web.Request) -> None:
    """As ``_ring``, when the form was not read: a glance at its beginning, at most once in ten seconds."""
    if request.app[context_keys.PAIRING_REQUESTS].is_due(request[context_keys.CLIENT_IP], _ANY_NAME):
        _ring(request, await username_in_body(request))


def _named_profile(request: web.Request, caller: Caller, form: multipart.Form) -> Profile:
    username = clean_name(form.username or "")
    if len(username) > NAME_MAX_CHARS:
        raise Refused("invalid_field", "The field username is too long.")
    try:
        return caller.profile(username)
    except Refused as refused:
        if refused.code == "not_paired":
            _ring(request, username)
        raise


async def _read_form(request: web.Request) -> multipart.Form:
    boundary = multipart.boundary_of(request.headers.get("Content-Type", ""))
    limit_bytes = request.app[context_keys.STORE].settings.integer("limits.upload_mb") * _MB
    body = await request.app[context_keys.UPLOADS].read(request, limit_bytes, too_large="image_too_large")
    return multipart.form_of(body, boundary)


async def _answer(request: web.Request, profile: Profile, form: multipart.Form) -> Answer:
    """The pipeline's answer. Raises ``Refused`` for a form that makes no frame, else a ``FrameError``."""
    prompt = (form.prompt or "").strip()
    if len(prompt) > PROMPT_MAX_CHARS:
        raise Refused("invalid_field", f"The field prompt has over {PROMPT_MAX_CHARS} characters.")
    if not form.image:
        raise Refused("image_missing" if form.image is None else "image_empty")
    request[context_keys.FRAME] = frame = Frame(
        frame_id=new_frame_id(),
        profile=profile,
        prompt=prompt or profile.prompt or DEFAULT_PROMPT,
        upload=form.image,
        client_ip=request[context_keys.CLIENT_IP],
        received_at=datetime.now(UTC),
    )
    return await request.app[context_keys.PIPELINE].process(frame)


def new_frame_id(milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> str:
    """32 hexadecimal digits that sort by time: 12 of Unix milliseconds, 20 at random."""
    return f"{milliseconds():012x}{secrets.token_hex(10)}"


def _reply(request: web.Request, answer: Answer) -> schemas.FrameReply:
    frame = request[context_keys.FRAME]
    seconds = seconds_since_start(request)
    return schemas.FrameReply(
        answer=answer.text,
        ai_responses=answers_of(answer.attempts),
        processing_time=seconds,
        prompt_used=frame.prompt,
        debug_messages=debug_lines(frame, answer.attempts, f"{answer.code} after {seconds:.1f} s"),
        frame_id=frame.frame_id,
        full_answer=answer.full_text,
        answered_by=answer.answered_by,
        confidence=answer.confidence,
        reused=answer.reused,
        trace=cast("list[schemas.TraceEntry]", trace_of(answer.attempts)),
        code=answer.code,
    )
