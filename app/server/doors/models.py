"""The cascade as a model: ``frame-backend`` is the caller's newest profile, ``frame-backend/<profile>`` that one."""

from __future__ import annotations

from pydantic import BaseModel

from app.core.frame import Code, Profile
from app.server.access.caller import Caller, clean_name
from app.server.doors.asking import Told
from app.server.wire.api_errors import Refused

MODEL = "frame-backend"


class AboutFrame(BaseModel):
    """What other dialects have no field for. All is empty where there was no picture to ask about."""

    frame_id: str = ""
    trust: float | None = None
    answered_by: str = ""
    code: Code | None = None


def about(told: Told) -> AboutFrame:
    answer = told.answer
    if answer is None:
        return AboutFrame()
    return AboutFrame(frame_id=told.frame_id, trust=answer.trust, answered_by=answer.answered_by, code=answer.code)


def tokens_of(told: Told) -> tuple[int, int]:
    """Tokens sent and received by all the calls that were made for it, as far as they are known by now."""
    calls = told.answer.attempts if told.answer else ()
    return sum(one.usage.input_tokens for one in calls), sum(one.usage.output_tokens for one in calls)


def names_for(caller: Caller) -> tuple[str, ...]:
    return (MODEL, *(f"{MODEL}/{name}" for name in caller.names))


def profile_of(caller: Caller, model: str) -> Profile:
    """Whom ``model`` is. Raises ``Refused`` for a name that is nobody's the caller may act as."""
    name = clean_name(model)
    if name not in names_for(caller):
        raise Refused("not_found", f"The model '{name[:80]}' does not exist.", field="model")
    _, _, username = name.partition("/")
    return caller.profile(username) if username else caller.newest()
