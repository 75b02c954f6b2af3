"""The API's description (OpenAPI 3.1), made from the endpoints' own table and the schemas that the handlers use.

What a handler does not take or give cannot stand here: bodies and replies are the pydantic models themselves, and a
test compares the paths and codes with what the server answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp.typedefs import Handler
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app import __version__
from app.core import errors
from app.core.settings import PROMPT_MAX_CHARS
from app.server.access.limits import Group
from app.server.handlers import auth, docs, frames, health, profiles, prompts
from app.server.network.connection import AUTH_PATH
from app.server.wire import schemas
from app.server.wire.api_errors import REFUSALS
from app.store.profiles.identifiers import KEY_MAX_CHARS, KEY_MIN_CHARS, NAME_MAX_CHARS

Wanted = tuple[type[BaseModel], JsonSchemaMode]
_REF = "#/components/schemas/{model}"
_ALWAYS = ("bad_request", "blocked", "wrong_host", "rate_limited", "error")
_ANYWHERE = ("bad_request", "blocked", "not_found", "method_not_allowed", "wrong_host", "error")
"""What also an address answers that is not described."""
_UPLOAD = ("image_missing", "image_empty", "image_too_large", "image_unsupported", "image_damaged", "image_too_small")
_FRAME = (*_UPLOAD, "upload_timeout", "invalid_field", "superseded", "no_answer", "no_provider", "stopping", "deadline")
_FAILURE = {"$ref": _REF.format(model=schemas.Failure.__name__)}
_TOKEN: list[dict[str, list[str]]] = [{"token": []}, {}]
"""A token, or an address that is paired."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the description says of one endpoint. ``reply`` None: plain text; ``codes``: failures beside the usual."""

    summary: str
    reply: type[BaseModel] | None
    codes: tuple[str, ...] = ()
    body: type[BaseModel] | None = None
    form: Mapping[str, Any] | None = None
    also: type[BaseModel] | None = None
    is_open: bool = False
    failure: type[BaseModel] = schemas.Failure
    media: str = "application/json"


def _form(*required: str, **fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "properties": fields, "required": list(required)}


_IMAGE = {"type": "string", "format": "binary", "description": "a photo: JPEG, PNG, WebP, GIF or BMP"}
_NAME = {"type": "string", "minLength": 1, "maxLength": NAME_MAX_CHARS}
_NAME_IN_FORM = {"type": "string", "maxLength": NAME_MAX_CHARS, "description": "may be left out if it can be only one"}
_PROMPT = {"type": "string", "maxLength": PROMPT_MAX_CHARS, "description": "wins over the profile's own"}

TOLD: Mapping[Handler, Told] = {
    auth.pair: Told(
        "Pair this device with the profile of the key, and get a token.",
        schemas.AuthReply, ("not_paired",), is_open=True, failure=schemas.FailureWithMessage,
    ),
    profiles.set_keys: Told(
        "Set or remove API keys of the caller's profile.",
        schemas.ProfileReply, ("not_paired", "upload_timeout", "invalid_field"), body=schemas.ProfileBody,
        failure=schemas.FailureWithMessage,
    ),
    prompts.change: Told(
        "Set the prompt; from a device that is not paired yet it is kept until it is.",
        schemas.PromptReply, ("not_paired", "upload_timeout", "prompt_too_long", "invalid_field"),
        body=schemas.PromptBody, also=schemas.MessageReply, failure=schemas.FailureWithMessage,
    ),
    prompts.show: Told(
        "The prompt in force.", schemas.PromptReply, ("not_paired",), failure=schemas.FailureWithMessage
    ),
    frames.process: Told(
        "Ask about a frame.", schemas.FrameReply, ("not_paired", *_FRAME),
        form=_form("image", image=_IMAGE, username=_NAME_IN_FORM, prompt=_PROMPT), also=schemas.FrameFailure,
    ),
    frames.photo: Told(
        "Ask about a photo; the answer comes as plain text.", None, ("not_paired", *_FRAME),
        form=_form("image", image=_IMAGE),
    ),
    health.health: Told("Is the server there?", schemas.HealthReply, ("stopping",), is_open=True),
    docs.document: Told("This description.", None, is_open=True, media="application/json"),
    docs.page: Told("This description as a page.", None, is_open=True, media="text/html"),
}  # fmt: skip


def describe(endpoints: Iterable[tuple[str, str, Handler, Group | None]]) -> dict[str, Any]:
    """The document for ``endpoints``: (method, path as aiohttp knows it, handler, its limit)."""
    paths: dict[str, dict[str, Any]] = {}
    for method, path, handler, limit in endpoints:
        told = TOLD[handler]
        if path == AUTH_PATH:  # the key is taken out of the URL before the router sees it
            path += "{auth_key}"
        names = re.findall(r"\{(\w+)", path)
        operation = _operation(told, names, limit is not None)
        operation["operationId"] = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}"
        paths.setdefault(re.sub(r"\{(\w+)[^}]*\}", r"{\1}", path), {})[method.lower()] = operation
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
            "schemas": _schemas(),
            "responses": {code: _response(code, {"application/json": {"schema": _FAILURE}}) for code in _ANYWHERE},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "from /auth-{auth_key}, for 30 days"}
            },
        },
    }


def _operation(told: Told, names: list[str], is_limited: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": told.summary,
        "security": [] if told.is_open else _TOKEN,
        "responses": _responses(told, is_limited),
    }
    if names:
        operation["parameters"] = [_parameter(name) for name in names]
    if told.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(told.body)}}}
    if told.form is not None:
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": told.form}}}
    return operation


def _parameter(name: str) -> dict[str, Any]:
    schema: Mapping[str, Any] = _NAME
    if name == "auth_key":
        schema = {"type": "string", "minLength": KEY_MIN_CHARS, "maxLength": KEY_MAX_CHARS}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _responses(told: Told, is_limited: bool) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": "done", "content": _success(told)}}
    usual = _ALWAYS if is_limited else tuple(code for code in _ALWAYS if code != "rate_limited")
    by_status: dict[int, list[str]] = {}
    for code in (*usual, *told.codes):
        by_status.setdefault(STATUS[code], []).append(code)
    for status, codes in sorted(by_status.items()):
        content = {"text/plain": {"schema": {"type": "string"}}} if told.form and told.reply is None else None
        content = content or {"application/json": {"schema": _failure_schema(told, status)}}
        responses[str(status)] = _response(", ".join(codes), content)
        if status == 429:
            responses["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return responses


def _response(codes: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": codes, "content": content}


def _success(told: Told) -> dict[str, Any]:
    if told.reply is None:
        if told.form is not None:
            return {"text/plain": {"schema": {"type": "string"}}}
        return {told.media: {"schema": {"type": "object" if told.media == "application/json" else "string"}}}
    if told.also is not None and told.form is None:
        return {"application/json": {"schema": {"anyOf": [_ref(told.reply), _ref(told.also)]}}}
    return {"application/json": {"schema": _ref(told.reply)}}


def _failure_schema(told: Told, status: int) -> dict[str, Any]:
    """A frame that providers were considered for carries its trace."""
    if told.form is not None and told.also is not None and status in (502, 503, 504):
        return {"anyOf": [_ref(told.also), _ref(told.failure)]}
    return _ref(told.failure)


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    models: dict[type[BaseModel], None] = {}
    for told in TOLD.values():
        models.update(dict.fromkeys(model for model in (told.reply, told.also, told.failure) if model is not None))
    replies: list[Wanted] = [(model, "serialization") for model in models]
    bodies: list[Wanted] = [(told.body, "validation") for told in TOLD.values() if told.body is not None]
    _, definitions = models_json_schema([*replies, *bodies], ref_template=_REF)
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
