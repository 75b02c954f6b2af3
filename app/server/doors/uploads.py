"""What other glasses send to ``POST /`` and ``POST /process``, and the replies that their software understands.

Mentra's webhook waits no longer than five seconds, so it only hears that its photo came. Noa's custom server sends what
was said as sound and the conversation as JSON.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.core.errors import FrameError
from app.core.frame import Frame, Profile
from app.core.settings import DEFAULT_PROMPT
from app.core.tasks import spawn
from app.server import context_keys
from app.server.doors.asking import Ask
from app.server.doors.chat import Conversation, Turn, conversation
from app.server.wire.frame_of import frame_of
from app.server.wire.multipart import PICTURE_NAMES, Form
from app.server.wire.responses import json_reply
from app.server.wire.schemas import Reply

SOUND_ALONE = "Only sound came, and that is not understood here. Send a picture with it, or the question as text."
_ID_CHARS = 200
_MESSAGES_BYTES = 64 * 1024

INSTEAD = (*PICTURE_NAMES, "audio", "messages")
"""The fields one of which may stand for ``image``."""
FIELDS: dict[str, dict[str, Any]] = {
    **{name: {"type": "string", "format": "binary", "description": "as image"} for name in PICTURE_NAMES},
    "audio": {"type": "string", "format": "binary", "description": "Noa: what was said; it is not listened to"},
    "messages": {"type": "string", "description": "Noa: the conversation, as a JSON list of role and content"},
    "requestId": {"type": "string", "description": "Mentra: the reply comes at once, the answer by events"},
    "type": {"type": "string", "description": "Mentra: photo_upload"},
}


class PhotoTaken(Reply):
    """To Mentra's webhook, before the answer."""

    model_config = ConfigDict(serialize_by_alias=True)

    success: Literal[True] = True
    request_id: Annotated[str, Field(serialization_alias="requestId")]


class NoaDebug(BaseModel):
    """What Noa keeps its conversation by."""

    topic_changed: Literal[False] = False


class NoaReply(Reply):
    """As Noa expects it of a custom server."""

    user_prompt: str
    message: str
    debug: NoaDebug = NoaDebug()


REPLIES = (PhotoTaken, NoaReply)


def is_by_others(form: Form) -> bool:
    """Whether its sender expects another reply than the app does."""
    return not form.others.keys().isdisjoint(("requestId", "audio", "messages"))


async def reply(request: web.Request, profile: Profile, form: Form) -> web.Response:
    """Raises ``Refused`` or a ``FrameError``."""
    if form.others.keys().isdisjoint(("audio", "messages")):
        return _taken(request, profile, form)
    return json_reply(await _noa(request, profile, form))


# --- Mentra ------------------------------------------------------------------------------------------------------


def _taken(request: web.Request, profile: Profile, form: Form) -> web.Response:
    request.app[context_keys.IN_FLIGHT].check_open()
    frame = frame_of(request, profile, form)
    spawn(_ask_about(request.app, frame), name="ask about a photo that was taken")
    return json_reply(PhotoTaken(request_id=form.others["requestId"].text()[:_ID_CHARS]))


async def _ask_about(app: web.Application, frame: Frame) -> None:
    with contextlib.suppress(FrameError):  # the pipeline has told it to everybody but the sender, who is gone
        await app[context_keys.IN_FLIGHT].run(lambda: app[context_keys.PIPELINE].process(frame))


# --- Noa ---------------------------------------------------------------------------------------------------------


class _Message(BaseModel):
    role: str
    content: str


_MESSAGES = TypeAdapter(list[_Message])


async def _noa(request: web.Request, profile: Profile, form: Form) -> NoaReply:
    """About the picture that came; where none did, about what the glasses saw last."""
    said = await _said(form)
    if form.image is not None:
        frame = frame_of(request, profile, form, question=said.question, context=said.context)
        answer = await request.app[context_keys.PIPELINE].process(frame, whole=True)
        return NoaReply(user_prompt=frame.prompt, message=answer.full_text)
    if not said.question and "audio" in form.others:
        return NoaReply(user_prompt="", message=SOUND_ALONE)
    ask = Ask(
        profile=profile,
        door="uploads",
        caller=request[context_keys.CALLER],
        question=said.question,
        context=said.context,
    )
    told = await request.app[context_keys.ASKING].answer(ask)
    return NoaReply(user_prompt=said.question or profile.prompt or DEFAULT_PROMPT, message=told.text)


async def _said(form: Form) -> Conversation:
    """What is asked now stands in the prompt, else in the sound, else at the end of the messages."""
    turns = [Turn(message.role, message.content) for message in _messages(form)]
    prompt, is_spoken = (form.prompt or "").strip(), "audio" in form.others
    if prompt or is_spoken:
        turns.append(Turn("user", prompt or "(spoken)"))
    said = await conversation(turns)
    return said if prompt or not is_spoken else replace(said, question="")


def _messages(form: Form) -> Sequence[_Message]:
    """None where they are no list of messages: a frame is not refused for what stands beside it."""
    part = form.others.get("messages")
    if part is None or len(part.body) > _MESSAGES_BYTES:
        return ()
    try:
        return _MESSAGES.validate_json(part.body)
    except ValidationError:
        return ()
