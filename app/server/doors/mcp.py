"""The Model Context Protocol at ``POST /mcp``: JSON-RPC, plain JSON replies, nothing kept between two requests.

Clients of the revisions up to 2025-11-25 begin with ``initialize``. Since 2026-07-28 each request says for itself, in
``_meta`` and once more in headers, in which revision it speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, StrictInt, StrictStr

from app import __version__
from app.server.doors.dialects import MCP, RpcError, RpcFailure
from app.server.doors.mcp_tools import TOOLS, call
from app.server.endpoint import Endpoint
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import json_reply

STATELESS = "2026-07-28"
WITH_HANDSHAKE = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
_PREFIX = "io.modelcontextprotocol/"
_VERSION, _CAPABILITIES = f"{_PREFIX}protocolVersion", f"{_PREFIX}clientCapabilities"

INVALID_PARAMS, METHOD_NOT_FOUND = -32602, -32601
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
_STATUS = {METHOD_NOT_FOUND: 404}
"""Of failures since 2026-07-28; all others 400."""

_WE_ARE = {"name": "frame-backend", "title": "Frame Backend", "version": __version__}
_CAN: Mapping[str, Any] = {"tools": {}}
_ABOUT = "Sees what a person's smart glasses see. Look first; ask where its answer does not tell what is wanted."
_CACHE = {"ttlMs": 3_600_000, "cacheScope": "public"}


class RpcMessage(BaseModel):
    """One request, or a notification where there is no ``id``."""

    jsonrpc: Literal["2.0"]
    method: str
    id: StrictInt | StrictStr = ""
    params: dict[str, Any] = {}

    @property
    def is_request(self) -> bool:
        return "id" in self.model_fields_set

    @property
    def meta(self) -> Mapping[str, Any]:
        meta = self.params.get("_meta")
        return meta if isinstance(meta, dict) else {}


class RpcReply(BaseModel):
    """What was asked for."""

    jsonrpc: Literal["2.0"] = "2.0"
    id: int | str
    result: dict[str, Any]


class RpcFault(Exception):
    """The request is refused by the protocol's own rules."""

    def __init__(self, code: int, sentence: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code, self.data = code, data


_BODY = JsonBody(RpcMessage, invalid="invalid_request")


async def mcp(request: web.Request) -> web.Response:
    message = await _BODY.read(request)
    if not message.is_request:
        return web.Response(status=202)
    is_stateless = _is_stateless(request, message)
    try:
        if is_stateless:
            _check_envelope(request, message)
        result = await (_stateless_result if is_stateless else _result)(request, message)
    except RpcFault as fault:
        error = RpcError(code=fault.code, message=str(fault), data=fault.data)
        status = _STATUS.get(fault.code, 400) if is_stateless else 200
        return json_reply(RpcFailure(id=message.id, error=error), status)
    return json_reply(RpcReply(id=message.id, result=dict(result)))


def _is_stateless(request: web.Request, message: RpcMessage) -> bool:
    """Whether it is to be judged by the rules since 2026-07-28: all that is not plainly older."""
    version = request.headers.get("MCP-Protocol-Version")
    if version is None:
        return _VERSION in message.meta or message.method == "server/discover"
    return version not in WITH_HANDSHAKE


def _check_envelope(request: web.Request, message: RpcMessage) -> None:
    """What a request says of itself must be there, be the same in its headers, and be ours. Raises ``RpcFault``."""
    sent = request.headers.getall("MCP-Protocol-Version", [])
    version = message.meta.get(_VERSION)
    if version is None and sent not in ([], [STATELESS]):
        raise _unsupported(sent[0])
    for key in (_VERSION, _CAPABILITIES):
        if key not in message.meta:
            raise RpcFault(INVALID_PARAMS, f"params._meta has no {key}.")
    mirrored = {"MCP-Protocol-Version": version, "Mcp-Method": message.method}
    if message.method == "tools/call":
        mirrored["Mcp-Name"] = message.params.get("name")
    for header, value in mirrored.items():
        if request.headers.getall(header, []) != [value]:
            raise RpcFault(HEADER_MISMATCH, f"The header {header} is not what the request says of itself.")
    if version != STATELESS:
        raise _unsupported(version)


def _unsupported(version: object) -> RpcFault:
    data = {"supported": [STATELESS, *WITH_HANDSHAKE], "requested": version}
    return RpcFault(UNSUPPORTED_VERSION, "Unsupported protocol version", data)


async def _stateless_result(request: web.Request, message: RpcMessage) -> Mapping[str, Any]:
    stamp = {"resultType": "complete", "_meta": {f"{_PREFIX}serverInfo": _WE_ARE}}
    if message.method == "server/discover":
        return {"supportedVersions": [STATELESS], "capabilities": _CAN, "instructions": _ABOUT, **_CACHE, **stamp}
    if message.method == "tools/list":
        return {**_listed(), **_CACHE, **stamp}
    return {**await _called(request, message), **stamp}


async def _result(request: web.Request, message: RpcMessage) -> Mapping[str, Any]:
    if message.method == "initialize":
        return _initialized(message)
    if message.method == "ping":
        return {}
    return _listed() if message.method == "tools/list" else await _called(request, message)


def _initialized(message: RpcMessage) -> Mapping[str, Any]:
    """Where the client's revision is none of ours it is offered the newest, and may leave."""
    wanted = message.params.get("protocolVersion")
    if not isinstance(wanted, str):
        raise RpcFault(INVALID_PARAMS, "params.protocolVersion is missing.")
    version = wanted if wanted in WITH_HANDSHAKE else WITH_HANDSHAKE[0]
    return {"protocolVersion": version, "capabilities": _CAN, "serverInfo": _WE_ARE, "instructions": _ABOUT}


def _listed() -> Mapping[str, Any]:
    return {"tools": [tool.described for tool in TOOLS.values()]}


async def _called(request: web.Request, message: RpcMessage) -> Mapping[str, Any]:
    """Raises ``RpcFault`` for another method, and for a tool that there is not."""
    if message.method != "tools/call":
        raise RpcFault(METHOD_NOT_FOUND, "Method not found")
    name, arguments = message.params.get("name"), message.params.get("arguments")
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        raise RpcFault(INVALID_PARAMS, f"Unknown tool: {str(name)[:80]}")
    if not isinstance(arguments, dict | None):
        raise RpcFault(INVALID_PARAMS, "params.arguments is no object.")
    return await call(request, tool, arguments or {})


ENDPOINTS = (
    Endpoint(
        "POST", "/mcp", mcp, "Tools for agents, by the Model Context Protocol.",
        door="mcp", who="paired", limit="process", finishes=True,
        body=_BODY, replies=(RpcReply, RpcFailure), may_stay_silent=True, dialect=MCP,
        codes=("invalid_request", "not_found"),
    ),
)  # fmt: skip
