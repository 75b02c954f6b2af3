"""The API's description (OpenAPI 3.1), made from what the endpoints say of themselves.

What a handler does not take or give cannot stand here: bodies and replies are the pydantic models themselves, and a
test compares the paths and codes with what the server answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app import __version__
from app.core import errors
from app.server.endpoint import Endpoint
from app.server.wire import schemas
from app.server.wire.api_errors import REFUSALS
from app.server.wire.bodies import JsonBody

_ANYWHERE = ("bad_request", "blocked", "not_found", "method_not_allowed", "wrong_host", "busy", "error")
"""What also an address answers that is not described."""
_TOKEN: list[dict[str, list[str]]] = [{"token": []}, {}]
"""A token, or an address that is paired."""
_JSON = "application/json"
_EVENTS = "text/event-stream"
_PLAIN_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
_AFTER_TRYING = (502, 503, 504)


def describe(endpoints: Sequence[Endpoint], profile_body: type[schemas.ProfileBody]) -> dict[str, Any]:
    """``profile_body``: with the keys that are taken."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in sorted(endpoints, key=lambda one: bool(one.agent)):
        operations = paths.setdefault(endpoint.template, {})
        operation = operations.setdefault(endpoint.method.lower(), _operation(endpoint))
        operation["responses"]["200"]["content"] |= _success(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Frame Backend",
            "version": __version__,
            "description": "Answers what a pair of smart glasses sees. Pair once with the auth key; then post frames. "
            "Every failure is JSON with a code; what any address may answer stands under components/responses.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "this computer"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(endpoints, profile_body),
            "responses": {code: _response(code, _anywhere(endpoints)) for code in _ANYWHERE},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "from /auth-{auth_key}, for 30 days from its last use; or an app's key",
                }
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "security": [] if endpoint.who == "anyone" else _TOKEN,
        "responses": _responses(endpoint),
    }
    parameters = [
        {"name": name, "in": place, "required": place == "path", "schema": schema}
        for place, named in (("path", endpoint.parameters), ("query", endpoint.query))
        for name, schema in named.items()
    ]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": endpoint.body.content}
    operation["operationId"] = f"{endpoint.handler.__module__.rpartition('.')[2]}_{endpoint.handler.__name__}"
    return operation


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": "done", "content": _success(endpoint)}}
    if endpoint.may_stay_silent:
        responses["202"] = {"description": "done"}
    by_status: dict[int, list[str]] = {}
    for code in _codes(endpoint):
        by_status.setdefault(STATUS[code], []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _response(", ".join(codes), _failure(endpoint, status))
        if status in (429, 503):
            responses[str(status)]["headers"] = _RETRY_AFTER
    return responses


def _codes(endpoint: Endpoint) -> Iterator[str]:
    yield from ("bad_request", "blocked", "wrong_host", "busy", "error")
    if endpoint.limit is not None:
        yield "rate_limited"
    if endpoint.who != "anyone":
        yield "not_paired"
    if endpoint.door is not None:
        yield "door_closed"
    yield from endpoint.codes
    if endpoint.body is not None:
        yield "upload_timeout"
    if isinstance(endpoint.body, JsonBody):
        yield "wrong_media_type"
    if endpoint.finishes:
        yield "stopping"


def _success(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.media == _EVENTS and endpoint.replies:
        schema = _json(*endpoint.replies)[_JSON]["schema"]
        return {_EVENTS: {"schema": {"type": "string", "contentMediaType": _JSON, "contentSchema": schema}}}
    content = _json(*endpoint.replies) if endpoint.replies else {}
    if endpoint.media not in content:
        content[endpoint.media] = {"schema": {"type": "object" if endpoint.media == _JSON else "string"}}
    if endpoint.streamed:
        content[endpoint.streamed] = {"schema": {"type": "object"}}
    return content


def _failure(endpoint: Endpoint, status: int) -> Mapping[str, Any]:
    """A frame that providers were considered for carries its trace."""
    dialect = endpoint.dialect
    if dialect.model is None:
        return _PLAIN_TEXT
    if dialect.tried is not None and status in _AFTER_TRYING:
        return _json(dialect.tried, dialect.model)
    return _json(dialect.model)


def _anywhere(endpoints: Iterable[Endpoint]) -> Mapping[str, Any]:
    """What no endpoint takes is answered in the dialect of the one whose address it begins with."""
    models: list[type[BaseModel]] = [schemas.Failure]
    models += [model for endpoint in endpoints if (model := endpoint.dialect.model) is not None]
    return {**_json(*dict.fromkeys(models)), **_PLAIN_TEXT}


def _response(codes: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": codes, "content": content}


def _json(*models: type[BaseModel]) -> dict[str, Any]:
    """The content that is one of ``models``."""
    refs = [schemas.ref(model) for model in models]
    return {_JSON: {"schema": refs[0] if len(refs) == 1 else {"anyOf": refs}}}


def _schemas(endpoints: Iterable[Endpoint], profile_body: type[schemas.ProfileBody]) -> dict[str, Any]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(schemas.Failure, "serialization"): None}
    for endpoint in endpoints:
        replies = (*endpoint.replies, endpoint.dialect.model, endpoint.dialect.tried)
        wanted.update({(model, "serialization"): None for model in replies if model is not None})
        if isinstance(endpoint.body, JsonBody):
            model = endpoint.body.model
            wanted[profile_body if model is schemas.ProfileBody else model, "validation"] = None
    _, definitions = models_json_schema(list(wanted), ref_template=schemas.REF)
    found: dict[str, Any] = definitions["$defs"]
    return found


def _frame_codes() -> dict[str, int]:
    """The codes of the frame's own error tree."""
    found, waiting = {}, [errors.FrameError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found[kind.code] = kind.status
    return found


STATUS: Mapping[str, int] = {**_frame_codes(), **{code: status for code, (status, _) in REFUSALS.items()}}
"""The HTTP status of every code."""
