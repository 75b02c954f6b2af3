"""From an uploaded form to the frame that it makes."""

from __future__ import annotations

from aiohttp import web

from app.core.frame import Frame, Profile, new_frame_id
from app.core.settings import DEFAULT_PROMPT, PROMPT_MAX_CHARS
from app.server import context_keys
from app.server.wire.api_errors import Refused
from app.server.wire.multipart import Form


def frame_of(request: web.Request, profile: Profile, form: Form, *, question: str = "", context: str = "") -> Frame:
    """The request's frame from now on. ``question``: what is asked where the form holds no prompt; ``context``: what
    was said before.

    Raises ``Refused`` for a form that makes none.
    """
    prompt = (form.prompt or "").strip()
    if len(prompt) > PROMPT_MAX_CHARS:
        raise Refused("invalid_field", f"The field prompt has over {PROMPT_MAX_CHARS} characters.")
    if not form.image:
        raise Refused("image_missing" if form.image is None else "image_empty")
    request[context_keys.FRAME] = frame = Frame(
        frame_id=new_frame_id(),
        profile=profile,
        prompt=prompt or question or profile.prompt or DEFAULT_PROMPT,
        upload=form.image,
        client_ip=request[context_keys.CLIENT_IP],
        context=context,
    )
    return frame
