"""Replies: JSON, plain text, and the dialects in which failures are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel

from app.core.errors import FrameError, Superseded
from app.server.wire import schemas
from app.server.wire.api_errors import Refused
from app.server.wire.debug_lines import drawable

_ERROR_CHARS = 59
SAFE_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Server": "frame-backend"}


def json_reply(reply: BaseModel, status: int = 200) -> web.Response:
    # Dart reads a body without a charset as Latin-1
    return _response(schemas.dump(reply), "application/json; charset=utf-8", status)


def text_reply(text: str, status: int = 200) -> web.Response:
    return _response(text.encode(), "text/plain; charset=utf-8", status)


def raw_reply(body: bytes, content_type: str) -> web.Response:
    return _response(body, content_type, 200)


def _response(body: bytes, content_type: str, status: int) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": content_type, **SAFE_HEADERS})


# --- failures ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an endpoint tells its failures.

    ``write`` makes the reply; ``model`` is its shape, None for plain text, and ``tried`` the one that it may have
    after providers were asked in vain.
    """

    write: Callable[[web.Request, Refused | FrameError], web.Response]
    model: type[BaseModel] | None = None
    tried: type[BaseModel] | None = None


def failure_reply(request: web.Request, error: Refused | FrameError, dialect: Dialect) -> web.Response:
    reply = dialect.write(request, error)
    wait_s = 1 if isinstance(error, Superseded) else getattr(error, "retry_after_s", None)
    if wait_s is not None:
        reply.headers["Retry-After"] = str(wait_s)
    if error.status == 401:
        reply.headers["WWW-Authenticate"] = "Bearer"
    return reply


def bare_failure(code: str) -> web.Response:
    """The reply to what was no HTTP request at all, or met a fault outside of the handlers."""
    error = Refused(code)
    return json_reply(schemas.Failure(error=str(error), code=code), error.status)


def on_glasses(error: Refused | FrameError) -> str:
    """The sentence of ``error``: under 60 ASCII characters."""
    return drawable(str(error))[:_ERROR_CHARS]


def _seven_keys(_: web.Request, error: Refused | FrameError) -> web.Response:
    return json_reply(schemas.Failure(error=on_glasses(error), code=error.code), error.status)


def _with_message(_: web.Request, error: Refused | FrameError) -> web.Response:
    sentence = on_glasses(error)
    return json_reply(schemas.FailureWithMessage(error=sentence, message=sentence, code=error.code), error.status)


def _plain_text(_: web.Request, error: Refused | FrameError) -> web.Response:
    return text_reply(on_glasses(error), error.status)


SEVEN_KEYS = Dialect(_seven_keys, schemas.Failure)
WITH_MESSAGE = Dialect(_with_message, schemas.FailureWithMessage)
PLAIN_TEXT = Dialect(_plain_text)
