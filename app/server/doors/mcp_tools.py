"""What an agent may ask for over the Model Context Protocol: each tool with its arguments, and what it gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import orjson
from aiohttp import web
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from app.core.errors import FrameError
from app.server import context_keys
from app.server.doors.asking import NOTHING_SEEN, Ask, ago
from app.store.history.columns import Listed
from app.store.history.filters import Filter

HISTORY_MOST = 20
_READ = "Read all the text in this picture, word for word."

Content = dict[str, Any]
"""A part of what a tool gives, as the protocol has it."""


# --- what comes in ---------------------------------------------------------------------------------------------


def _aware(moment: datetime) -> datetime:
    """Without an offset it is this computer's time. Raises ``ValueError``."""
    try:
        return moment.astimezone()
    except (OverflowError, OSError):  # OSError: Windows has no local time before 1970
        raise ValueError("no time that can be") from None


class NoArguments(BaseModel):
    """None are needed."""


class Question(BaseModel):
    """A question about what the glasses see."""

    question: Annotated[str, Field(min_length=1)]


class Past(BaseModel):
    """Which answers; without any of it, the newest."""

    query: Annotated[str, Field(description="words that were said")] = ""
    since: Annotated[
        Annotated[datetime, AfterValidator(_aware)] | None, Field(description="ISO 8601, such as 2026-11-29T08:00")
    ] = None


# --- the tools -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tool:
    """``about``: for the agent to choose by. ``run``: raises a ``FrameError``."""

    name: str
    title: str
    about: str
    arguments: type[BaseModel]
    run: Callable[[web.Request, Any], Awaitable[list[Content]]]

    @property
    def described(self) -> Mapping[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "description": self.about,
            "inputSchema": self.arguments.model_json_schema(),
            "annotations": {"readOnlyHint": True},
        }


async def call(request: web.Request, tool: Tool, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """The result of ``tool``. What is wrong with ``arguments`` stands in it too: so the agent reads and mends it."""
    try:
        return {"content": await tool.run(request, tool.arguments.model_validate(arguments))}
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        return {"content": [_text(f"The argument {where} is not valid: {first['msg']}.")], "isError": True}
    except FrameError as error:
        return {"content": [_text(str(error))], "isError": True}


async def _look(request: web.Request, _: NoArguments) -> list[Content]:
    newest, settings = request.app[context_keys.ASKING].newest, request.app[context_keys.STORE].settings
    profile = request[context_keys.CALLER].newest()
    seen = newest.of(profile.profile_id, settings.number("doors.newest_s"))
    is_bare = seen is not None and seen.picture.blurred_faces is None
    if seen is None or (profile.blur_faces and is_bare):  # the switch is younger than the picture
        return [_text(NOTHING_SEEN)]
    said = seen.answer.full_text if seen.answer else "There is no answer to this picture yet."
    return [
        _text(f"{ago(newest.age_s(seen))}{said}"),
        {"type": "image", "data": seen.picture.jpeg_base64, "mimeType": "image/jpeg"},
    ]


async def _ask(request: web.Request, asked: Question) -> list[Content]:
    return [_text(await _told(request, asked.question))]


async def _read_text(request: web.Request, _: NoArguments) -> list[Content]:
    return [_text(await _told(request, _READ))]


async def _told(request: web.Request, question: str) -> str:
    caller = request[context_keys.CALLER]
    ask = Ask(profile=caller.newest(), door="mcp", caller=caller, question=question)
    return (await request.app[context_keys.ASKING].answer(ask)).text


async def _history(request: web.Request, past: Past) -> list[Content]:
    which = Filter(request[context_keys.CALLER].newest().username, since=past.since, text=past.query)
    page = await request.app[context_keys.STORE].activity.listed(which, limit=HISTORY_MOST)
    return [_text(orjson.dumps([_line(row) for row in page.frames]).decode())]


def _line(row: Listed) -> Mapping[str, Any]:
    ending = {"error": row.error} if row.error else {"answer": row.answer, "trust": row.trust}
    return {"at": row.received_at.isoformat(timespec="seconds"), **ending, "frame_id": row.frame_id}


def _text(text: str) -> Content:
    return {"type": "text", "text": text}


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "look", "Look through the glasses",
            "The picture that the wearer's glasses took last, and the answer they were given. Asks no AI anew.",
            NoArguments, _look,
        ),
        Tool(
            "ask", "Ask about what the glasses see",
            "Answers a question about the picture that the wearer's glasses took last.",
            Question, _ask,
        ),
        Tool("read_text", "Read what stands there", "Reads all text that the glasses see.", NoArguments, _read_text),
        Tool(
            "history", "What was seen before",
            f"The newest {HISTORY_MOST} answers that the wearer was given, newest first, as JSON.",
            Past, _history,
        ),
    )
}  # fmt: skip
