"""What is said at Ollama's door, as its clients write and read it: https://docs.ollama.com/api."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from app.server.doors.asking import CONTEXT_CHARS, QUESTION_CHARS
from app.server.doors.chat import PICTURE
from app.server.doors.models import AboutFrame

SPOKEN = "0.12.0"
"""The version of Ollama whose API this is: clients ask for at least some."""
_FAMILY = "frame_backend"
_CHARS_PER_TOKEN = 4


# --- what comes in ---------------------------------------------------------------------------------------------


Pictures = list[Annotated[str, WithJsonSchema(dict(PICTURE))]]
Form = Annotated[
    dict[str, Any] | str | None, WithJsonSchema({"anyOf": [{"enum": ["", "json"]}, {"type": ["object", "null"]}]})
]
"""What the answer is wanted as: ``json``, a JSON schema, or words."""


class OllamaMessage(BaseModel):
    """``images``: in base64."""

    role: str = "user"
    content: str | None = None
    images: Pictures | None = None


class OllamaChatBody(BaseModel):
    """What is asked; any other field is ignored. ``model``: one that ``/api/tags`` tells, with or without its tag."""

    model_config = ConfigDict(strict=True)

    model: str
    messages: list[OllamaMessage] | None = None
    stream: bool | None = True
    format: Form = None


class OllamaGenerateBody(BaseModel):
    """As ``OllamaChatBody``, for a single question."""

    model_config = ConfigDict(strict=True)

    model: str
    prompt: str | None = None
    system: str | None = None
    images: Pictures | None = None
    stream: bool | None = True
    format: Form = None


class OllamaShowBody(BaseModel):
    """``name``: as older clients call it."""

    model: str | None = None
    name: str | None = None


# --- what goes out ---------------------------------------------------------------------------------------------


class OllamaVersion(BaseModel):
    """``GET /api/version``."""

    version: str = SPOKEN


class OllamaDetails(BaseModel):
    """Of a model; most of it means nothing here."""

    parent_model: str = ""
    format: str = ""
    family: str = _FAMILY
    families: tuple[str, ...] = (_FAMILY,)
    parameter_size: str = ""
    quantization_level: str = ""


class OllamaModel(BaseModel):
    """The cascade of one profile, as a model."""

    name: str
    model: str
    modified_at: str
    size: int = 0
    digest: str
    details: OllamaDetails = OllamaDetails()


class OllamaTags(BaseModel):
    """``GET /api/tags``."""

    models: list[OllamaModel]


class OllamaLoaded(OllamaModel):
    """A model that is ready, as all are."""

    expires_at: str = "9999-12-31T23:59:59Z"
    size_vram: int = 0
    context_length: int = (QUESTION_CHARS + CONTEXT_CHARS) // _CHARS_PER_TOKEN


class OllamaRunning(BaseModel):
    """``GET /api/ps``."""

    models: list[OllamaLoaded]


class OllamaShown(BaseModel):
    """``POST /api/show``."""

    modelfile: str = ""
    parameters: str = ""
    template: str = ""
    details: OllamaDetails = OllamaDetails()
    model_info: dict[str, str | int] = {
        "general.architecture": _FAMILY,
        f"{_FAMILY}.context_length": (QUESTION_CHARS + CONTEXT_CHARS) // _CHARS_PER_TOKEN,
    }
    capabilities: tuple[str, ...] = ("completion", "vision")
    modified_at: str


class OllamaSaid(BaseModel):
    """What an assistant says."""

    role: Literal["assistant"] = "assistant"
    content: str


class OllamaEnd(BaseModel):
    """The whole reply, or the last line of one that was streamed. Durations are in nanoseconds."""

    model: str
    created_at: str
    done: Literal[True] = True
    done_reason: Literal["stop", "load"] = "stop"
    total_duration: int = 0
    load_duration: int = 0
    prompt_eval_count: int = 0
    prompt_eval_duration: int = 0
    eval_count: int = 0
    eval_duration: int = 0
    frame_backend: AboutFrame = AboutFrame()


class OllamaChatReply(OllamaEnd):
    """``POST /api/chat``."""

    message: OllamaSaid


class OllamaGenerateReply(OllamaEnd):
    """``POST /api/generate``."""

    response: str
