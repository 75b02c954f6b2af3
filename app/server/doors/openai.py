"""OpenAI's dialect: ``GET /v1/models`` and ``POST /v1/chat/completions``, with and without ``/v1``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from app.core.errors import FrameError
from app.core.frame import new_frame_id
from app.server import context_keys
from app.server.access.caller import clean_name
from app.server.doors.asking import Ask, Told
from app.server.doors.chat import JSON_OBJECT, Turn, conversation
from app.server.doors.dialects import OPENAI, openai_failure
from app.server.doors.models import MODEL, about, names_for, profile_of, tokens_of
from app.server.doors.openai_schemas import (
    ChatAnswer,
    ChatBody,
    ChatChunk,
    ChatMessage,
    ChatReply,
    ChatUsage,
    Choice,
    ChunkChoice,
    Model,
    ModelList,
)
from app.server.doors.streams import stream
from app.server.endpoint import Endpoint
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import json_reply
from app.server.wire.schemas import dump

EVENTS = "text/event-stream"
SHORT_TOKENS = 64
"""Who wants no more than this gets the words of the glasses."""

_BODY = JsonBody(ChatBody, too_large="image_too_large", invalid="bad_request", has_picture=True)


async def models(request: web.Request) -> web.Response:
    return json_reply(ModelList(data=[Model(id=name) for name in names_for(request[context_keys.CALLER])]))


async def model(request: web.Request) -> web.Response:
    name = request.match_info["model"]
    profile_of(request[context_keys.CALLER], name)
    return json_reply(Model(id=clean_name(name)))


async def chat(request: web.Request) -> web.StreamResponse:
    body = await _BODY.read(request)
    name = request.query.get("model") or body.model or MODEL
    ask = await _ask(request, body, name)
    if body.stream:
        return await stream(request, _Chunks(name, bool((body.stream_options or {}).get("include_usage"))), ask)
    told = await request.app[context_keys.ASKING].answer(ask)
    return json_reply(ChatReply(
        id=f"chatcmpl-{told.frame_id or 'nothing-seen'}",
        created=int(time.time()),
        model=name,
        choices=[Choice(message=ChatAnswer(content=told.text))],
        usage=_usage(told),
        frame_backend=about(told),
    ))  # fmt: skip


class _Chunks:
    """See ``StreamForm``. Every chunk bears the same id, so that it cannot be the frame's."""

    media = EVENTS

    def __init__(self, model: str, include_usage: bool) -> None:
        self._id, self._created, self._model = f"chatcmpl-{new_frame_id()}", int(time.time()), model
        self._include_usage = include_usage

    def begins(self) -> bytes:
        return self._chunk(ChunkChoice(delta={"role": "assistant", "content": ""}))

    def says(self, piece: str) -> bytes:
        return self._chunk(ChunkChoice(delta={"content": piece}))

    def waits(self) -> bytes:
        return b": waiting\n\n"

    def ends(self, told: Told) -> bytes:
        end = self._chunk(ChunkChoice(delta={}, finish_reason="stop"), frame_backend=about(told))
        usage = self._chunk(usage=_usage(told)) if self._include_usage else b""
        return end + usage + b"data: [DONE]\n\n"

    def fails(self, error: FrameError) -> bytes:
        return _event(openai_failure(error))

    def _chunk(self, *choices: ChunkChoice, **more: Any) -> bytes:
        return _event(ChatChunk(
            id=self._id, created=self._created, model=self._model, choices=list(choices), **more,
        ))  # fmt: skip


def _event(told: BaseModel) -> bytes:
    return b"data: " + dump(told) + b"\n\n"


async def _ask(request: web.Request, body: ChatBody, name: str) -> Ask:
    """What ``body`` asks of the model ``name``. Raises ``Refused``."""
    caller = request[context_keys.CALLER]
    profile = profile_of(caller, name)
    talk = await conversation([_turn(at, message) for at, message in enumerate(body.messages)])
    return Ask(
        profile=profile,
        door="openai",
        caller=caller,
        question=talk.question,
        context=talk.context,
        image=talk.image,
        schema=_schema(body.response_format),
        brief=_wants_few_words(body),
    )


def _wants_few_words(body: ChatBody) -> bool:
    most = body.max_completion_tokens or body.max_tokens
    return most is not None and most <= SHORT_TOKENS and body.response_format is None


def _usage(told: Told) -> ChatUsage:
    sent, said = tokens_of(told)
    return ChatUsage(prompt_tokens=sent, completion_tokens=said, total_tokens=sent + said)


def _turn(at: int, message: ChatMessage) -> Turn:
    if not isinstance(message.content, list):
        return Turn(message.role, message.content or "")
    texts, images = [], []
    for number, part in enumerate(message.content):
        where = f"messages.{at}.content.{number}"
        if part.get("type") == "text":
            texts.append(_text(part.get("text"), where))
        elif part.get("type") == "image_url":
            url = part.get("image_url")
            images.append(_text(url.get("url") if isinstance(url, Mapping) else url, where))
        else:
            raise Refused("bad_request", "A part of a message is a text or an image_url.", field=where)
    return Turn(message.role, "\n".join(texts), tuple(images))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Refused("bad_request", "A part of a message has no text in it.", field=where)
    return value


def _schema(response_format: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The schema that the answer is wanted in. Raises ``Refused``."""
    match response_format:
        case {"type": "json_schema", "json_schema": {"schema": dict() as schema}}:
            return schema
        case {"type": "json_object"}:
            return JSON_OBJECT
        case None | {"type": "text"}:
            return None
    raise Refused("bad_request", "The response_format has no schema.", field="response_format")


ENDPOINTS = (
    Endpoint(
        "GET", "/v1/models", models, "The profiles that may be asked, as models.",
        aliases=("/models",), door="openai", who="paired", limit="process", replies=(ModelList,), dialect=OPENAI,
    ),
    Endpoint(
        "GET", "/v1/models/{model:[\\s\\S]+}", model, "One of them.",
        parameters={"model": {"type": "string", "minLength": 1}},
        aliases=("/models/{model:[\\s\\S]+}",), door="openai", who="paired", limit="process", replies=(Model,),
        codes=("not_found",), dialect=OPENAI,
    ),
    Endpoint(
        "POST", "/v1/chat/completions", chat, "Ask about a picture, or about what the glasses saw last.",
        aliases=("/chat/completions",), door="openai", who="paired", limit="process", finishes=True,
        query={"model": {"type": "string"}}, body=_BODY, replies=(ChatReply,), streamed=EVENTS, dialect=OPENAI,
        codes=(
            "not_found", "image_empty", "image_too_large", "image_unsupported", "image_damaged", "image_too_small",
            "superseded", "no_answer", "no_provider", "deadline", "faces_not_blurred",
        ),
    ),
)  # fmt: skip
