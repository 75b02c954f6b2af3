"""What is said at OpenAI's door, as its clients write and read it: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.server.doors.chat import PICTURE
from app.server.doors.models import MODEL, AboutFrame

# --- what comes in ---------------------------------------------------------------------------------------------


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT_PART = _object(type={"const": "text"}, text={"type": "string"})
_IMAGE_PART = _object(type={"const": "image_url"}, image_url={"anyOf": [_object(url=PICTURE), PICTURE]})
_CONTENT = {
    "anyOf": [
        {"type": ["string", "null"]},
        {"type": "array", "items": {"anyOf": [_TEXT_PART, _IMAGE_PART]}},
    ]
}
_FORMAT = {
    "anyOf": [
        {"type": "null"},
        _object(type={"enum": ["text", "json_object"]}),
        _object(type={"const": "json_schema"}, json_schema=_object(schema={"type": "object"})),
    ]
}


class ChatMessage(BaseModel):
    """``content``: a text, or parts of type ``text`` and ``image_url``."""

    role: str = "user"
    content: Annotated[str | list[dict[str, Any]] | None, WithJsonSchema(_CONTENT)] = None


class ChatBody(BaseModel):
    """What is asked; any other field is ignored. ``model``: ``frame-backend``, or ``frame-backend/<profile>``."""

    model_config = ConfigDict(strict=True)

    model: str | None = None
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool | None = False
    stream_options: dict[str, Any] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    response_format: Annotated[dict[str, Any] | None, WithJsonSchema(_FORMAT)] = None


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
    """Tokens of all the calls that were made for it, as far as they are known by then."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class ChunkChoice(BaseModel):
    """What one piece adds."""

    index: int = 0
    delta: dict[str, str]
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChatChunk(BaseModel):
    """A piece of a streamed answer; the last one with a choice tells of the frame, one without any the usage."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: ChatUsage | None = None
    frame_backend: AboutFrame | None = None


class ChatReply(BaseModel):
    """``POST /v1/chat/completions``."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: ChatUsage
    frame_backend: AboutFrame
