"""A frame and what becomes of it: Picture, Frame, Attempt, Answer. All frozen: they cross threads and subscribers."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Kind = Literal["scene", "text", "translate", "maths"]
KINDS: tuple[Kind, ...] = ("scene", "text", "translate", "maths")
Code = Literal["ok", "degraded", "bad_frame"]

GRID_SIDE = 32
"""Side of the colour grid by which two frames are compared, in cells."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on the decoded picture.

    ``grid``: 32 x 32 cells of R, G, B bytes, row by row (3,072 bytes). ``brightness``: mean luma, 0 to 255.
    ``bright_share`` and ``dark_share``: the share of pixels whose luma is at least 250, at most 16 (0 to 1).
    ``sharpness``: variance of the Laplacian of the luma at a longest side of 360 px, its border left out.
    """

    grid: bytes
    brightness: float
    dark_share: float
    bright_share: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright RGB JPEG without metadata, ready for any provider.

    ``jpeg_base64`` is the same bytes in standard base64: made once, sent to every provider. ``blurred_faces``: how many
    were found and blurred in it, None where nobody looked for them.
    """

    jpeg: bytes
    jpeg_base64: str
    width_px: int
    height_px: int
    measures: Measures
    blurred_faces: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """An identity as the cascade sees it. ``chain`` None means the default chain; a tuple is exact.

    ``has_short_key``: its auth key is known to be an old one, shorter than new ones may be.
    """

    profile_id: int
    username: str
    prompt: str = ""
    chain: tuple[str, ...] | None = None
    answer_chars: int = 120
    doubt_mark: bool = True
    full_answer: bool = True
    risk_scene: float = 0.20
    risk_exact: float = 0.10
    daily_cap_usd: float = 0.0
    webhook_url: str = ""
    created_at: datetime | None = None
    last_seen_at: datetime | None = None
    blur_faces: bool = False
    has_short_key: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """One captured picture with its context. ``upload`` is what the phone sent; ``prompt`` the one in force.

    ``door``: through which it came, empty: from the glasses. ``lane``: whose frames take its place (``latest_wins``).
    ``context``: what was said before the prompt. ``schema``: the JSON schema that its long form is wanted in.
    """

    frame_id: str
    profile: Profile
    prompt: str
    upload: bytes = field(repr=False)
    client_ip: str = ""
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    door: str = ""
    lane: str = ""
    context: str = field(default="", repr=False)
    schema: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)


def new_frame_id(milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000) -> str:
    """32 hexadecimal digits that sort by time: 12 of Unix milliseconds, 20 at random."""
    return f"{milliseconds():012x}{secrets.token_hex(10)}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call as the provider counted them; 0 when it did not say.

    ``cost_usd``: what it says that the call cost, None when it does not. ``is_estimate``: counted by us, of a call that
    was cancelled.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to one provider, or the decision not to call it.

    ``outcome``: ``sure``, ``unsure``, ``judged`` (the judge's own call), ``audited`` (asked once the answer was out),
    ``skipped`` (no call; ``why`` says why not), ``cancelled`` (nobody waits for it any more) or the word of a
    ``ProviderError``. ``confidence``: 0 to 1, None when the reply did not assess itself; ``trust``: the chance that it
    is right, None when nothing is known; ``signs``: what else is known of it (``routing.labels.Signs``).
    ``latency_ms``: to its words; ``whole_ms``: to the end of a reply whose words came first, None while that is to
    come, and where they came together. ``cost_usd``: 0 for what is free, None where the model's price or the call's
    tokens are not known.
    """

    provider: str
    model: str
    outcome: str
    latency_ms: int = 0
    confidence: float | None = None
    kind: Kind = "scene"
    answer: str = ""
    full_answer: str = ""
    why: str = ""
    usage: Usage = Usage()
    cost_usd: float | None = None
    whole_ms: int | None = None
    trust: float | None = None
    signs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_call(self) -> bool:
        return self.outcome != "skipped"


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands on the glasses, and how it came about.

    ``text`` fits the profile's ``answer_chars`` and the display; ``full_text`` is the long form, or the words again
    while that is still coming. ``answered_by`` is a provider's name, ``judge`` after a merge, empty for a hint of the
    gate. ``judge_why`` is the judge's reason. ``latency_ms``: to the words; ``whole_ms``: until the last reply had
    come, None where that was no later. ``is_doubted``: the words may be wrong, and say so where they are shown.
    ``blurred_faces``: as its picture's.
    """

    text: str
    full_text: str
    code: Code
    answered_by: str = ""
    confidence: float | None = None
    kind: Kind = "scene"
    reused: bool = False
    attempts: tuple[Attempt, ...] = ()
    judge_why: str = ""
    latency_ms: int = 0
    whole_ms: int | None = None
    trust: float | None = None
    is_doubted: bool = False
    blurred_faces: int | None = None
