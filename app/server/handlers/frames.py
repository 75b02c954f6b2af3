"""``POST /process`` and ``POST /``: a captured picture comes in, its answer goes back to the glasses."""

from __future__ import annotations

import asyncio
import time
from typing import cast

from aiohttp import web

from app.core.errors import FrameError
from app.core.frame import Answer, Profile
from app.core.routing.trace import answers_of, trace_of, words_of
from app.core.settings import PROMPT_MAX_CHARS
from app.server import context_keys
from app.server.access.caller import clean_name
from app.server.doors import uploads
from app.server.endpoint import Endpoint
from app.server.wire import multipart, schemas
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import FormBody
from app.server.wire.debug_lines import debug_lines
from app.server.wire.frame_of import frame_of
from app.server.wire.responses import PLAIN_TEXT, Dialect, json_reply, on_glasses, text_reply
from app.store.profiles.identifiers import NAME_MAX_CHARS

_WANTED = web.RequestKey("wanted", str)
"""The profile that the form names."""
_ANY_NAME = "?"
"""As which profile the owner is asked about a request whose name was not read."""
_MOMENT_S = 0.25
_GLANCE_BYTES = 4_096

_IMAGE = {"type": "string", "format": "binary", "description": "a photo: JPEG, PNG, WebP, GIF or BMP"}
_NAME = {"type": "string", "maxLength": NAME_MAX_CHARS, "description": "may be left out if it can be only one"}
_PROMPT = {"type": "string", "maxLength": PROMPT_MAX_CHARS, "description": "wins over the profile's own"}
_REQUIRED = ("image", *uploads.INSTEAD)
_FORM = FormBody({"image": _IMAGE, "username": _NAME, "prompt": _PROMPT, **uploads.FIELDS}, required=_REQUIRED)
_PHOTO = FormBody({"image": _IMAGE, **uploads.FIELDS}, required=_REQUIRED)
_CODES = (
    "image_missing", "image_empty", "image_too_large", "image_unsupported", "image_damaged", "image_too_small",
    "invalid_field", "superseded", "no_answer", "no_provider", "deadline", "faces_not_blurred",
)  # fmt: skip


async def process(request: web.Request) -> web.Response:
    """The app's stream: the profile is named in the form."""
    form = await _FORM.read(request)
    profile = _named_profile(request, form)
    if uploads.is_by_others(form):
        return await uploads.reply(request, profile, form)
    return json_reply(_reply(request, await _answer(request, profile, form)))


async def photo(request: web.Request) -> web.Response:
    """Photo mode: nothing but a picture comes, nothing but the text goes back."""
    form = await _PHOTO.read(request)
    profile = request[context_keys.CALLER].newest()
    if uploads.is_by_others(form):
        return await uploads.reply(request, profile, form)
    return text_reply((await _answer(request, profile, form, whole=True)).full_text)


def _named_profile(request: web.Request, form: multipart.Form) -> Profile:
    request[_WANTED] = username = clean_name(form.username or "")
    if len(username) > NAME_MAX_CHARS:
        raise Refused("invalid_field", "The field username is too long.")
    return request[context_keys.CALLER].profile(username)


async def _answer(request: web.Request, profile: Profile, form: multipart.Form, *, whole: bool = False) -> Answer:
    """The pipeline's answer. Raises ``Refused`` for a form that makes no frame, else a ``FrameError``."""
    return await request.app[context_keys.PIPELINE].process(frame_of(request, profile, form), whole=whole)


def _reply(request: web.Request, answer: Answer) -> schemas.FrameReply:
    frame = request[context_keys.FRAME]
    seconds = _seconds_since_start(request)
    return schemas.FrameReply(
        answer=words_of(answer, frame.profile),
        ai_responses=answers_of(answer.attempts),
        processing_time=seconds,
        prompt_used=frame.prompt,
        debug_messages=debug_lines(frame, answer.attempts, f"{answer.code} after {seconds:.1f} s"),
        frame_id=frame.frame_id,
        full_answer=answer.full_text,
        answered_by=answer.answered_by,
        confidence=answer.confidence,
        trust=answer.trust,
        reused=answer.reused,
        blurred_faces=answer.blurred_faces,
        trace=cast("list[schemas.TraceEntry]", trace_of(answer.attempts)),
        code=answer.code,
    )


def _seconds_since_start(request: web.Request) -> float:
    return round(time.perf_counter() - request[context_keys.STARTED], 3)


# --- failures ----------------------------------------------------------------------------------------------------


def _failure(request: web.Request, error: Refused | FrameError) -> web.Response:
    """The seven keys; once the upload was a frame also its prompt, and what was tried for it."""
    frame = request.get(context_keys.FRAME)
    if frame is None:
        return json_reply(schemas.Failure(error=on_glasses(error), code=error.code), error.status)
    failure = schemas.Failure(
        error=on_glasses(error),
        code=error.code,
        prompt_used=frame.prompt,
        processing_time=_seconds_since_start(request),
    )
    attempts = error.attempts if isinstance(error, FrameError) else ()
    if attempts:
        failure = schemas.FrameFailure(
            **failure.model_dump(exclude={"debug_messages"}),
            debug_messages=debug_lines(frame, attempts, error.code),
            frame_id=frame.frame_id,
            trace=cast("list[schemas.TraceEntry]", trace_of(attempts)),
        )
    return json_reply(failure, error.status)


async def _wanted(request: web.Request) -> str | None:
    """The name in the form. One that was not read is glanced at, at most once in ten seconds."""
    if _WANTED in request:
        return request[_WANTED]
    if "username" in request.query:
        return clean_name(request.query["username"])
    if request.app[context_keys.PAIRING_REQUESTS].is_due(request[context_keys.CLIENT_IP], _ANY_NAME):
        return await _username_in_body(request)
    return None


async def _username_in_body(request: web.Request) -> str:
    """The name that stands at the beginning of an upload that is refused anyway, empty when none does.

    The refusal does not depend on it: it only lets the window ask about "alice" instead of asking which profile is
    meant. So what came with the head is looked at (Dart sends the small fields first), and waited for only a moment.
    """
    try:
        boundary = multipart.boundary_of(request.headers.get("Content-Type", ""))
        async with asyncio.timeout(_MOMENT_S):
            seen = await request.content.read(_GLANCE_BYTES)
        for part in multipart.parts_of(seen, boundary):
            if part.name == "username":
                return clean_name(part.body[:256].decode("utf-8", "ignore"))
    except (Refused, TimeoutError, web.RequestPayloadError, ConnectionError):
        pass  # nothing readable came in time
    return ""


ENDPOINTS = (
    Endpoint(
        "POST", "/process", process, "Ask about a frame.",
        who="paired", limit="process", finishes=True, wanted=_wanted,
        body=_FORM, replies=(schemas.FrameReply, *uploads.REPLIES), codes=_CODES,
        query={"username": {"type": "string"}, "prompt": {"type": "string"}},
        dialect=Dialect(_failure, schemas.Failure, tried=schemas.FrameFailure),
    ),
    Endpoint(
        "POST", "/", photo, "Ask about a photo; the answer comes as plain text.",
        who="paired", limit="process", finishes=True,
        body=_PHOTO, replies=uploads.REPLIES, media="text/plain", codes=_CODES, dialect=PLAIN_TEXT,
    ),
)  # fmt: skip
