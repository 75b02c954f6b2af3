"""From what a client asks through a door to a frame, and from its answer to words for a reader, not for glasses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.frame import Answer, Frame, Profile, new_frame_id
from app.core.newest import NewestFrames
from app.core.settings import DEFAULT_PROMPT, Settings
from app.core.text.plain_text import clean

if TYPE_CHECKING:
    from app.server.access.caller import Caller
    from app.server.context_keys import FramePipeline

QUESTION_CHARS, CONTEXT_CHARS = 8_000, 2_000
AGE_MATTERS_S = 5.0
NOTHING_SEEN = "The glasses have sent no picture lately, and none came with this question."

Hears = Callable[[str], None]
"""Is told the text piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question of a client, the ``caller``. ``door``: as in ``Endpoint``.

    ``question``: empty for the profile's own prompt. ``context``: what was said before; both are cut, never refused.
    ``image``: as it was sent, None to ask about what the glasses saw last. ``schema``: the JSON schema of an object
    that the answer is wanted as. ``brief``: the words of the glasses are enough, as soon as they are there.
    """

    profile: Profile
    door: str
    caller: Caller
    question: str = ""
    context: str = ""
    image: bytes | None = field(default=None, repr=False)
    schema: Mapping[str, Any] | None = field(default=None, repr=False)
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """``text``: the answer as it was asked for. ``answer``: None where nothing was seen."""

    text: str
    frame_id: str = ""
    answer: Answer | None = None


class Asking:
    """Puts questions to the cascade, each about its own picture or about the newest one from the glasses."""

    def __init__(self, pipeline: FramePipeline, newest: NewestFrames, settings: Settings) -> None:
        self.newest = newest
        self._pipeline, self._settings = pipeline, settings

    async def answer(self, ask: Ask, hears: Hears | None = None) -> Told:
        """Raises a ``FrameError``. Cancelling it cancels its provider calls.

        ``hears`` is told the text as the provider writes it, once the answer is decided: what it was told is how
        ``Told.text`` begins.
        """
        image, since = ask.image, ""
        if image is None:
            seen = self.newest.of(ask.profile.profile_id, self._settings.number("doors.newest_s"))
            if seen is None:
                return Told(NOTHING_SEEN)
            image, since = seen.picture.jpeg, "" if ask.schema is not None else ago(self.newest.age_s(seen))
        frame = Frame(
            frame_id=new_frame_id(),
            profile=ask.profile,
            prompt=ask.question[:QUESTION_CHARS] or ask.profile.prompt or DEFAULT_PROMPT,
            upload=image,
            client_ip=ask.caller.ip,
            door=ask.door,
            lane=ask.caller.lane,
            context=ask.context[:CONTEXT_CHARS],
            schema=ask.schema,
        )
        is_prose = ask.schema is None and not ask.brief
        growing = _Growing(since, hears) if hears is not None and is_prose else None
        answer = await self._pipeline.process(frame, whole=not ask.brief, hears=growing)
        return Told(since + (answer.text if ask.brief else answer.full_text), frame.frame_id, answer)


class _Growing:
    """Hears a model's text as it grows, and tells on what of it can no longer be cleaned otherwise: its whole words,
    up to the first sign of markup.
    """

    def __init__(self, since: str, hears: Hears) -> None:
        self._since, self._hears, self._said = since, hears, ""
        self._next_at = 1

    def __call__(self, written: str) -> None:
        if len(written) < self._next_at:
            return
        self._next_at = len(written) + _A_FEW_CHARS
        markup = _MARKUP.search(written)
        plain = written[: markup.start()] if markup else written
        text = clean(plain[: max(plain.rfind(" "), plain.rfind("\n"), 0)])
        if len(text) > len(self._said) and text.startswith(self._said):
            self._hears((self._since if not self._said else "") + text[len(self._said) :])
            self._said = text


_A_FEW_CHARS = 12
"""Between two pieces: cleaning all of it for every letter would cost in proportion to its square."""
_MARKUP = re.compile(r"[][*_`#$\\<>|~^{}&\x1b]|^\s*[-+\u2022]", re.MULTILINE)


def ago(age_s: float) -> str:
    """What an answer about a picture so old begins with, empty where its age does not matter."""
    if age_s < AGE_MATTERS_S:
        return ""
    return f"{age_s:.0f} seconds ago: " if age_s < 100 else f"{age_s / 60:.0f} minutes ago: "
