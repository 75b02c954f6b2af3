"""What comes in and what goes out, as pydantic models; the API's description is made from these."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, NotRequired, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from app.core.frame import Code
from app.core.pasted_key import cleaned
from app.server.wire.api_errors import Refused
from app.store.keys.secrets import KEY_MAX_CHARS
from app.store.profiles.identifiers import NAME_MAX_CHARS


def _key(sent: str | None) -> str | None:
    """Raises ``ValueError`` for what holds no key; blanks alone are an empty one."""
    if sent is None or not sent.strip():
        return sent and ""
    key = cleaned(sent)
    if not key or not (key.isascii() and key.isprintable()) or " " in key:
        raise ValueError("no key")
    return key


PLAIN_KEY = r"^[A-Za-z0-9._~+/=-]*$"
"""What a key is made of; what else is pasted along with it is cleaned, and need not be promised."""
ApiKey = Annotated[
    str | None,
    Field(max_length=KEY_MAX_CHARS, description='"" removes the key', json_schema_extra={"pattern": PLAIN_KEY}),
    AfterValidator(_key),
]
Body = TypeVar("Body", bound=BaseModel)

REF = "#/components/schemas/{model}"
"""Where a model stands in the API's description."""


def ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


# --- what comes in ---------------------------------------------------------------------------------------------


class PromptBody(BaseModel):
    """``POST /prompt-{username}``; an empty or blank prompt goes back to the default."""

    prompt: str


class ApiKeys(BaseModel):
    """Keys by vendor. Empty removes, absent or null leaves alone."""

    def by_provider(self) -> dict[str, str]:
        """Only those that were sent."""
        sent: dict[str, str] = self.model_dump(exclude_none=True)
        return {name.removesuffix("_api_key"): key for name, key in sent.items()}


class ProfileBody(BaseModel):
    """``POST /profile``; ``username`` may be absent where the caller can be only one."""

    username: Annotated[str | None, Field(max_length=NAME_MAX_CHARS)] = None
    api_keys: ApiKeys


@cache
def profile_body(key_vendors: tuple[str, ...]) -> type[ProfileBody]:
    """``ProfileBody`` with a key for each of ``key_vendors``, such as ``gemini_api_key``."""
    fields: dict[str, Any] = {f"{vendor}_api_key": (ApiKey, None) for vendor in key_vendors}
    keys = create_model("ApiKeys", __base__=ApiKeys, __doc__=ApiKeys.__doc__, **fields)
    return create_model("ProfileBody", __base__=ProfileBody, __doc__=ProfileBody.__doc__, api_keys=(keys, ...))


def parse(body: bytes, model: type[Body], *, invalid: str = "invalid_field") -> Body:
    """``body`` as ``model``. Raises ``Refused``: ``bad_request`` for no JSON, ``invalid`` naming the field."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        raise Refused("bad_request", "The request is not JSON.")
    where = first["loc"]  # names of our own fields, never what was sent
    field = ".".join(map(str, where))
    raise Refused(invalid, f"The field {where[-1]} is not valid." if where else "", field=field)


# --- what goes out ---------------------------------------------------------------------------------------------


def _all_are_sent(schema: dict[str, Any]) -> None:
    schema["required"] = list(schema["properties"])


class Reply(BaseModel):
    """Every field is always sent, also one that has a default; the description says so."""

    model_config = ConfigDict(json_schema_extra=_all_are_sent)


class SevenKeys(Reply):
    """What every reply holds that is, or could have been, about a frame: the app's parser throws on other types."""

    answer: str = ""
    ai_responses: dict[str, str] = {}
    processing_time: Annotated[float, Field(description="seconds")] = 0.0
    prompt_used: str = ""
    debug_messages: list[str] = []
    success: bool
    error: Annotated[str | None, Field(description="under 60 ASCII characters, readable on the glasses")] = None


class TraceEntry(TypedDict):
    """One provider considered. ``confidence`` is what it says of itself, ``trust`` the chance that it is right.

    ``latency_ms``: to its words; ``whole_ms``: to the end of a reply whose words came first, once that is there.
    ``is_estimate``: what it cost is, because it was broken off. ``why`` stands beside an outcome that needs a reason.
    """

    provider: str
    model: str
    outcome: str
    latency_ms: int
    confidence: float | None
    trust: float | None
    whole_ms: NotRequired[int]
    is_estimate: NotRequired[bool]
    why: NotRequired[str]


class FrameReply(SevenKeys):
    """``POST /process``: the answer for the glasses and how it came about."""

    success: Literal[True] = True
    frame_id: str
    full_answer: str
    answered_by: str
    confidence: float | None
    trust: Annotated[float | None, Field(description="the chance that the answer is right; null: nothing is known")]
    reused: bool
    blurred_faces: Annotated[
        int | None, Field(description="in the photo, before anybody saw it; null: the profile does not want it")
    ]
    trace: list[TraceEntry]
    code: Code


class Failure(SevenKeys):
    """Every failure, whatever was asked for."""

    success: Literal[False] = False
    code: str


class FailureWithMessage(Failure):
    """A failure of ``/auth``, ``/profile`` and ``/prompt-*``; ``message`` is the text of ``error``."""

    message: str


class FrameFailure(Failure):
    """A frame that providers were considered for, in vain."""

    frame_id: str
    trace: list[TraceEntry]


class AuthReply(Reply):
    """``POST /auth-{auth_key}``; ``expires_in_s`` is the token's life."""

    success: Literal[True] = True
    message: str
    username: str
    token: str
    expires_in_s: int


class ProfileReply(Reply):
    """``POST /profile``; ``providers`` are those that the profile now has keys of its own for."""

    message: str
    providers: list[str]


class PromptReply(Reply):
    """``/prompt-{username}``; ``prompt`` is the one in force."""

    username: str
    prompt: str
    is_custom: bool
    default_prompt: str


class MessageReply(Reply):
    """A reply that tells nothing but that it was heard."""

    message: str


class HealthReply(Reply):
    """``GET /health``; ``time`` is ISO 8601 in UTC."""

    status: Literal["healthy"] = "healthy"
    version: str
    uptime_s: int
    time: str


def dump(reply: BaseModel) -> bytes:
    """JSON in UTF-8."""
    return orjson.dumps(reply.model_dump())
