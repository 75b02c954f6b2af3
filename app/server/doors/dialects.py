"""How failures are told to clients that know other servers than this one."""

from __future__ import annotations

from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel

from app.core.errors import FrameError
from app.server.wire.api_errors import Refused
from app.server.wire.responses import Dialect, json_reply

HOW_TO_BE_LET_IN = (
    "No valid key came with this request. Make one for this app in Frame Backend's window, or by: app-key add NAME "
    "APP. It is sent as: Authorization: Bearer KEY."
)


class OpenAIError(BaseModel):
    """``type`` and ``code`` in OpenAI's words where it has one; ``param``: the field that is wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIFailure(BaseModel):
    """As OpenAI tells every failure."""

    error: OpenAIError


class OllamaFailure(BaseModel):
    """As Ollama tells every failure."""

    error: str


class RpcError(BaseModel):
    """``code``: a number of JSON-RPC or the Model Context Protocol; ``data``: what that says, or our own ``code``."""

    code: int
    message: str
    data: dict[str, Any] | None = None


class RpcFailure(BaseModel):
    """As JSON-RPC tells every failure; ``id`` is null where the request could not be read."""

    jsonrpc: Literal["2.0"] = "2.0"
    id: int | str | None = None
    error: RpcError


_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {"not_paired": "invalid_api_key", "rate_limited": "rate_limit_exceeded"}


def openai_failure(error: Refused | FrameError) -> OpenAIFailure:
    kind = _TYPES.get(error.status, "server_error" if error.status >= 500 else "invalid_request_error")
    field = error.field if isinstance(error, Refused) else ""
    told = OpenAIError(message=said(error), type=kind, param=field or None, code=_CODES.get(error.code, error.code))
    return OpenAIFailure(error=told)


def _openai(_: web.Request, error: Refused | FrameError) -> web.Response:
    """A frame that failed is not to be sent again by itself: each sending is paid for."""
    reply = json_reply(openai_failure(error), error.status)
    if isinstance(error, FrameError):
        reply.headers["x-should-retry"] = "false"
    return reply


def ollama_failure(error: Refused | FrameError) -> OllamaFailure:
    return OllamaFailure(error=said(error))


def _ollama(_: web.Request, error: Refused | FrameError) -> web.Response:
    return json_reply(ollama_failure(error), error.status)


_RPC_CODES = {"bad_request": -32700, "invalid_request": -32600, "error": -32603}
_OUR_OWN = -32000


def _mcp(_: web.Request, error: Refused | FrameError) -> web.Response:
    told = RpcError(code=_RPC_CODES.get(error.code, _OUR_OWN), message=said(error), data={"code": error.code})
    return json_reply(RpcFailure(error=told), error.status)


def said(error: Refused | FrameError) -> str:
    """The sentence of ``error``, for a client that need not fit it on glasses."""
    return HOW_TO_BE_LET_IN if error.code == "not_paired" else str(error)


OPENAI = Dialect(_openai, OpenAIFailure)
OLLAMA = Dialect(_ollama, OllamaFailure)
MCP = Dialect(_mcp, RpcFailure)
