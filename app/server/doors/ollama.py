"""Ollama's dialect: ``/api/chat`` and ``/api/generate`` in lines of JSON, and what its clients ask before."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from aiohttp import web

from app.core.errors import FrameError
from app.core.frame import Profile
from app.server import context_keys
from app.server.doors.asking import Ask, Told
from app.server.doors.chat import JSON_OBJECT, Turn, conversation
from app.server.doors.dialects import OLLAMA, ollama_failure
from app.server.doors.models import about, names_for, profile_of, tokens_of
from app.server.doors.ollama_schemas import (
    OllamaChatBody,
    OllamaChatReply,
    OllamaEnd,
    OllamaGenerateBody,
    OllamaGenerateReply,
    OllamaLoaded,
    OllamaModel,
    OllamaRunning,
    OllamaSaid,
    OllamaShowBody,
    OllamaShown,
    OllamaTags,
    OllamaVersion,
)
from app.server.doors.streams import stream
from app.server.endpoint import Endpoint
from app.server.wire.api_errors import Refused
from app.server.wire.bodies import JsonBody
from app.server.wire.responses import json_reply, text_reply
from app.server.wire.schemas import dump

LINES = "application/x-ndjson"
_LATEST = ":latest"


# --- what a client asks before -----------------------------------------------------------------------------------


async def heartbeat(request: web.Request) -> web.Response:
    return text_reply("Ollama is running")


async def version(request: web.Request) -> web.Response:
    return json_reply(OllamaVersion())


async def tags(request: web.Request) -> web.Response:
    return json_reply(OllamaTags(models=[OllamaModel(**one) for one in _models(request)]))


async def running(request: web.Request) -> web.Response:
    return json_reply(OllamaRunning(models=[OllamaLoaded(**one) for one in _models(request)]))


async def show(request: web.Request) -> web.Response:
    body = await _SHOW.read(request)
    return json_reply(OllamaShown(modified_at=_made_at(_profile(request, body.model or body.name or ""))))


def _models(request: web.Request) -> list[dict[str, Any]]:
    return [
        {
            "name": name + _LATEST,
            "model": name + _LATEST,
            "modified_at": _made_at(_profile(request, name)),
            "digest": hashlib.sha256(name.encode()).hexdigest(),
        }
        for name in names_for(request[context_keys.CALLER])
    ]


def _profile(request: web.Request, model: str) -> Profile:
    return profile_of(request[context_keys.CALLER], model.removesuffix(_LATEST))


def _made_at(profile: Profile) -> str:
    return _rfc3339(profile.created_at or datetime.fromtimestamp(0, UTC))


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


# --- what it asks ------------------------------------------------------------------------------------------------


async def chat(request: web.Request) -> web.StreamResponse:
    body = await _CHAT.read(request)
    turns = [Turn(one.role, one.content or "", tuple(one.images or ())) for one in body.messages or ()]
    form = _Lines(body.model, OllamaChatReply, lambda text: {"message": OllamaSaid(content=text).model_dump()})
    return await _answer(request, body, turns, form)


async def generate(request: web.Request) -> web.StreamResponse:
    body = await _GENERATE.read(request)
    asked = Turn("user", body.prompt or "", tuple(body.images or ()))
    turns = [Turn("system", body.system or ""), asked] if asked.text or asked.images else []
    return await _answer(request, body, turns, _Lines(body.model, OllamaGenerateReply, lambda text: {"response": text}))


async def _answer(
    request: web.Request, body: OllamaChatBody | OllamaGenerateBody, turns: list[Turn], form: _Lines
) -> web.StreamResponse:
    profile = _profile(request, body.model)
    if not turns:
        return json_reply(form.loaded())
    talk = await conversation(turns)
    ask = Ask(
        profile=profile, door="ollama", caller=request[context_keys.CALLER],
        question=talk.question, context=talk.context, image=talk.image, schema=_schema(body.format),
    )  # fmt: skip
    if body.stream is not False:
        return await stream(request, form, ask)
    told = await request.app[context_keys.ASKING].answer(ask)
    return json_reply(form.ended(told, told.text))


def _schema(form: Mapping[str, Any] | str | None) -> Mapping[str, Any] | None:
    """Raises ``Refused``."""
    if isinstance(form, Mapping) or not form:
        return form or None
    if form != "json":
        raise Refused("bad_request", "The format is json or a JSON schema.", field="format")
    return JSON_OBJECT


@dataclass(frozen=True, slots=True)
class _Lines:
    """See ``StreamForm``. ``reply``: the whole one; ``words``: where in it a text stands."""

    model: str
    reply: type[OllamaEnd]
    words: Callable[[str], Mapping[str, Any]]
    media: str = LINES
    began: float = field(default_factory=time.perf_counter)

    def begins(self) -> bytes:
        return b""

    def says(self, piece: str) -> bytes:
        return orjson.dumps({**self._common(piece), "done": False}, option=orjson.OPT_APPEND_NEWLINE)

    def waits(self) -> bytes:
        return self.says("")

    def ends(self, told: Told) -> bytes:
        return dump(self.ended(told, "")) + b"\n"

    def fails(self, error: FrameError) -> bytes:
        return dump(ollama_failure(error)) + b"\n"

    def loaded(self) -> OllamaEnd:
        """The reply to one who asks nothing: so a model is made ready."""
        return self.reply(**self._common(""), done_reason="load")

    def ended(self, told: Told, text: str) -> OllamaEnd:
        sent, received = tokens_of(told)
        total = round((time.perf_counter() - self.began) * 1e9)
        to_words = min(total, told.answer.latency_ms * 1_000_000 if told.answer else 0)
        return self.reply(
            **self._common(text), total_duration=total, prompt_eval_count=sent, prompt_eval_duration=to_words,
            eval_count=received, eval_duration=total - to_words, frame_backend=about(told),
        )  # fmt: skip

    def _common(self, text: str) -> dict[str, Any]:
        return {"model": self.model, "created_at": _rfc3339(datetime.now(UTC)), **self.words(text)}


# LiteLLM tells no media type.
_HOW: dict[str, Any] = {"invalid": "bad_request", "may_be_unnamed": True}
_CHAT = JsonBody(OllamaChatBody, too_large="image_too_large", has_picture=True, **_HOW)
_GENERATE = JsonBody(OllamaGenerateBody, too_large="image_too_large", has_picture=True, **_HOW)
_SHOW = JsonBody(OllamaShowBody, **_HOW)
_FAILURES = (
    "not_found", "image_empty", "image_too_large", "image_unsupported", "image_damaged", "image_too_small",
    "superseded", "no_answer", "no_provider", "deadline", "faces_not_blurred",
)  # fmt: skip

ENDPOINTS = (
    Endpoint(
        "GET", "/", heartbeat, "Whether it is there.",
        door="ollama", who="anyone", limit=None, media="text/plain", agent="ollama",
    ),
    Endpoint(
        "GET", "/api/version", version, "Which version of Ollama's API this is.",
        door="ollama", who="anyone", limit=None, replies=(OllamaVersion,), dialect=OLLAMA,
    ),
    Endpoint(
        "GET", "/api/tags", tags, "The profiles that may be asked, as models.",
        door="ollama", who="paired", limit="process", replies=(OllamaTags,), dialect=OLLAMA,
    ),
    Endpoint(
        "GET", "/api/ps", running, "The same: all of them are ready.",
        door="ollama", who="paired", limit="process", replies=(OllamaRunning,), dialect=OLLAMA,
    ),
    Endpoint(
        "POST", "/api/show", show, "One of them.",
        door="ollama", who="paired", limit="process", body=_SHOW, replies=(OllamaShown,), codes=("not_found",),
        dialect=OLLAMA,
    ),
    Endpoint(
        "POST", "/api/chat", chat, "Ask about a picture, or about what the glasses saw last.",
        door="ollama", who="paired", limit="process", finishes=True, body=_CHAT, replies=(OllamaChatReply,),
        streamed=LINES, dialect=OLLAMA, codes=_FAILURES,
    ),
    Endpoint(
        "POST", "/api/generate", generate, "The same, for a single question.",
        door="ollama", who="paired", limit="process", finishes=True, body=_GENERATE, replies=(OllamaGenerateReply,),
        streamed=LINES, dialect=OLLAMA, codes=_FAILURES,
    ),
)  # fmt: skip
