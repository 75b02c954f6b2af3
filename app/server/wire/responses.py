"""Replies: JSON of one shape for what succeeds and what fails, plain text for the app's photo mode."""

from __future__ import annotations

import time
from typing import cast

from aiohttp import web
from pydantic import BaseModel

from app.core.errors import FrameError, Superseded
from app.core.routing.trace import trace_of
from app.server import context_keys
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.debug_lines import debug_lines, drawable

_ERROR_CHARS = 59
_WITH_MESSAGE = ("/auth-", "/profile", "/prompt-")
_SAFE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Server": "frame-backend"}


def json_reply(reply: BaseModel, status: int = 200) -> web.Response:
    # Dart reads a body without a charset as Latin-1
    return _response(schemas.dump(reply), "application/json; charset=utf-8", status)


def text_reply(text: str, status: int = 200) -> web.Response:
    return _response(text.encode(), "text/plain; charset=utf-8", status)


def raw_reply(body: bytes, content_type: str) -> web.Response:
    return _response(body, content_type, 200)


def _response(body: bytes, content_type: str, status: int) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": content_type, **_SAFE_HEADERS})


def failure_reply(request: web.Request, error: Refused | FrameError) -> web.Response:
    """The reply for ``error``, in the dialect of the endpoint that was asked."""
    sentence = drawable(str(error))[:_ERROR_CHARS]
    if request.method == "POST" and request.path == "/":
        reply = text_reply(sentence, error.status)
    else:
        reply = json_reply(_failure(request, error, sentence), error.status)
    wait_s = 1 if isinstance(error, Superseded) else getattr(error, "retry_after_s", None)
    if wait_s is not None:
        reply.headers["Retry-After"] = str(wait_s)
    return reply


def _failure(request: web.Request, error: Refused | FrameError, sentence: str) -> schemas.Failure:
    if request.path.startswith(_WITH_MESSAGE):
        return schemas.FailureWithMessage(error=sentence, message=sentence, code=error.code)
    frame = request.get(context_keys.FRAME)
    if frame is None:
        return schemas.Failure(error=sentence, code=error.code)
    failure = schemas.Failure(
        error=sentence, code=error.code, prompt_used=frame.prompt, processing_time=seconds_since_start(request)
    )
    attempts = error.attempts if isinstance(error, FrameError) else ()
    if not attempts:
        return failure
    return schemas.FrameFailure(
        **failure.model_dump(exclude={"debug_messages"}),
        debug_messages=debug_lines(frame, attempts, error.code),
        frame_id=frame.frame_id,
        trace=cast("list[schemas.TraceEntry]", trace_of(attempts)),
    )


def bare_failure(code: str) -> web.Response:
    """The reply to what was no HTTP request at all, or met a fault outside of the handlers."""
    error = Refused(code)
    return json_reply(schemas.Failure(error=str(error), code=code), error.status)


def seconds_since_start(request: web.Request) -> float:
    return round(time.perf_counter() - request[context_keys.STARTED], 3)
