"""OpenAI's dialect: ``GET /v1/models`` and ``POST /v1/chat/completions``, with and without ``/v1``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from app.core.frame import Code, Profile
from app.server import context_keys
from app.server.access.caller import Caller, clean_name
from app.server.doors.asking import Ask, Told
from app.server.doors.chat import Turn, conversation
from app.server.doors.dialects import OPENAI
from app.server.endpoint import Endpoint
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import json_reply

MODEL = "frame-backend"
SHORT_TOKENS = 64
"""Who wants no more than this gets the words of the glasses."""


# --- what comes in ---------------------------------------------------------------------------------------------


class ChatMessage(BaseModel):
    """``content``: a text, or parts of type ``text`` and ``image_url``."""

    role: str = "user"
    content: str | list[dict[str, Any]] | None = None


class ChatBody(BaseModel):
    """What is asked; any other field is ignored. ``model``: ``frame-backend``, or ``frame-backend/<profile>``."""

    model: str | None = None
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool | None = False
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    response_format: dict[str, Any] | None = None


# --- what goes out ---------------------------------------------------------------------------------------------


class Model(BaseModel):
    """The cascade of one profile, as a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """``GET /v1/models``."""

    object: Literal["list"] = "list"
    data: list[Model]


class ChatAnswer(BaseModel):
    """What an assistant says."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    """There is one."""

    index: int = 0
    message: ChatAnswer
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatUsage(BaseModel):
    """Tokens of all the calls that were made for it."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class AboutFrame(BaseModel):
    """What OpenAI has no field for. All is empty where there was no picture to ask about."""

    frame_id: str = ""
    trust: float | None = None
    answered_by: str = ""
    code: Code | None = None


class ChatReply(BaseModel):
    """``POST /v1/chat/completions``."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: ChatUsage
    frame_backend: AboutFrame


_BODY = JsonBody(ChatBody, too_large="image_too_large", invalid="bad_request", has_picture=True)


async def models(request: web.Request) -> web.Response:
    return json_reply(ModelList(data=[Model(id=name) for name in _names(request[context_keys.CALLER])]))


async def model(request: web.Request) -> web.Response:
    name = clean_name(request.match_info["model"])
    _profile(request[context_keys.CALLER], name)
    return json_reply(Model(id=name))


async def chat(request: web.Request) -> web.Response:
    body = await _BODY.read(request)
    if body.stream:
        raise Refused("bad_request", "Answers are not streamed here yet.", field="stream")
    name = request.query.get("model") or body.model or MODEL
    ask = await ask_of(request, body, name)
    told = await request.app[context_keys.ASKING].answer(ask)
    return json_reply(ChatReply(
        id=f"chatcmpl-{told.frame_id or 'nothing-seen'}",
        created=int(time.time()),
        model=name,
        choices=[Choice(message=ChatAnswer(content=told.short if wants_short(body) else told.text))],
        usage=usage_of(told),
        frame_backend=about(told),
    ))  # fmt: skip


async def ask_of(request: web.Request, body: ChatBody, name: str) -> Ask:
    """What ``body`` asks of the model ``name``. Raises ``Refused``."""
    caller = request[context_keys.CALLER]
    profile = _profile(caller, clean_name(name))
    talk = await conversation([_turn(at, message) for at, message in enumerate(body.messages)])
    return Ask(
        profile=profile,
        door="openai",
        lane=caller.lane,
        client_ip=caller.ip,
        question=talk.question,
        context=talk.context,
        image=talk.image,
        schema=_schema(body.response_format),
    )


def wants_short(body: ChatBody) -> bool:
    most = body.max_completion_tokens or body.max_tokens
    return most is not None and most <= SHORT_TOKENS and body.response_format is None


def usage_of(told: Told) -> ChatUsage:
    calls = told.answer.attempts if told.answer else ()
    sent, said = (sum(getattr(one.usage, name) for one in calls) for name in ("input_tokens", "output_tokens"))
    return ChatUsage(prompt_tokens=sent, completion_tokens=said, total_tokens=sent + said)


def about(told: Told) -> AboutFrame:
    answer = told.answer
    if answer is None:
        return AboutFrame()
    return AboutFrame(frame_id=told.frame_id, trust=answer.trust, answered_by=answer.answered_by, code=answer.code)


def _names(caller: Caller) -> tuple[str, ...]:
    return (MODEL, *(f"{MODEL}/{name}" for name in caller.names))


def _profile(caller: Caller, name: str) -> Profile:
    """Whom the model ``name`` is. Raises ``Refused`` for a name that is nobody's the caller may act as."""
    if name not in _names(caller):
        raise Refused("not_found", f"The model '{name[:80]}' does not exist.", field="model")
    _, _, username = name.partition("/")
    return caller.profile(username) if username else caller.newest()


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
    """The schema of ``json_schema``. Any object is no schema that vendors hold a model to: that is asked for as a text.

    Raises ``Refused``.
    """
    match response_format or {}:
        case {"type": "json_schema", "json_schema": {"schema": dict() as schema}}:
            return schema
        case {"type": "json_schema"}:
            raise Refused("bad_request", "The response_format has no schema.", field="response_format")
        case {"type": "json_object"}:
            return {"type": "string", "description": "one JSON object, written as a text"}
    return None


ENDPOINTS = (
    Endpoint(
        "GET", "/v1/models", models, "The profiles that may be asked, as models.",
        aliases=("/models",), door="openai", who="paired", limit="process", replies=(ModelList,), dialect=OPENAI,
    ),
    Endpoint(
        "GET", "/v1/models/{model:.+}", model, "One of them.",
        parameters={"model": {"type": "string", "minLength": 1}},
        aliases=("/models/{model:.+}",), door="openai", who="paired", limit="process", replies=(Model,),
        codes=("not_found",), dialect=OPENAI,
    ),
    Endpoint(
        "POST", "/v1/chat/completions", chat, "Ask about a picture, or about what the glasses saw last.",
        aliases=("/chat/completions",), door="openai", who="paired", limit="process", finishes=True,
        body=_BODY, replies=(ChatReply,), dialect=OPENAI,
        codes=(
            "not_found", "image_empty", "image_too_large", "image_unsupported", "image_damaged", "image_too_small",
            "superseded", "no_answer", "no_provider", "deadline",
        ),
    ),
)  # fmt: skip
