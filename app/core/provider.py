"""What a provider is to the cascade: somebody who is shown one picture, asked one question, and gives one reply.

The cascade knows nothing of HTTP or vendors; a vendor's file knows nothing of chains, cooldowns or judges. What passes
between them is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.core.errors import Repair
from app.core.frame import Picture, Usage

ON_DEVICE = "on_device"
"""Name of the reader on this computer: the cascade asks it only when nobody else gave a usable answer."""


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """How one provider is set up. ``vendor`` is the file it belongs to (``gemini`` ... ``custom``, ``on_device``).

    ``base_url`` is what stands before ``/chat/completions`` or ``/models/{model}:generateContent``.
    ``requests_per_minute``, ``requests_per_day``, ``daily_cap_usd``: 0 means no limit. ``revision`` grows whenever the
    owner sets, tests or gives it a new key: what health knew of an older revision no longer counts.
    """

    name: str
    vendor: str
    base_url: str = ""
    model: str = ""
    enabled: bool = True
    requests_per_minute: int = 0
    requests_per_day: int = 0
    daily_cap_usd: float = 0.0
    preset: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do and needs.

    ``needs_key``: without one it is not asked. ``is_local``: on this machine or its network, so it may take longer.
    ``can_judge``: takes a picture and a free question. ``reset_zone``: the IANA zone at whose midnight its day ends.
    """

    needs_key: bool = True
    is_local: bool = False
    can_judge: bool = True
    reset_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Learned:
    """What one (base URL, model) taught us by its refusals; kept over restarts.

    ``blind``: it takes no pictures. ``repairs``: request parameters it refused, and what to do about each.
    ``successor``: the model to ask instead, once the configured one is gone.
    """

    blind: bool = False
    repairs: tuple[Repair, ...] = ()
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one picture.

    ``instructions`` is the system text, ``text`` the user's; ``schema`` is the JSON schema of the reply (draft 2020-12,
    an object) and ``schema_name`` its name where a dialect wants one. ``max_output_tokens`` bounds the reply.
    ``deciding``: its fields after which a reply may be handed over before its end; none: only a whole one. ``prompt``:
    the wearer's own words alone.
    """

    instructions: str
    text: str
    picture: Picture = field(repr=False)
    schema_name: str
    schema: Mapping[str, Any]
    max_output_tokens: int = 800
    deciding: tuple[str, ...] = ()
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider said: ``fields`` is the JSON object found in ``text``, None when that is plain prose.

    ``form``: where it stands there. Only the ``whole`` is the form that was asked for; what ``ends`` other words, or
    stands ``within`` them, may be something that the model read. ``rest``: None once it is read to its end; until then
    ``text``, ``fields`` and ``usage`` are of what has come.
    """

    text: str
    fields: Mapping[str, Any] | None = None
    model: str = ""
    usage: Usage = Usage()
    form: Literal["whole", "ends", "within"] = "whole"
    rest: Rest | None = field(default=None, compare=False, repr=False)


class Rest(Protocol):
    """What is still to come of a reply that was handed over with its deciding fields."""

    async def whole(self) -> Reply:
        """The same reply, read to its end; asked for again, it is the same. Raises a ``ProviderError``."""
        ...

    def listen(self, hears: Callable[[str], None]) -> None:
        """Tell ``hears`` all that has come of the long form's text, now and each time it grows."""
        ...

    def close(self) -> None:
        """Read no further."""
        ...


@dataclass(slots=True)
class Meter:
    """What a call has read so far: what it cost when it is cancelled is estimated from it.

    ``output_chars``: of the model's words. ``usage``: what the provider has told of it itself.
    """

    output_chars: int = 0
    usage: Usage | None = None


class Provider(Protocol):
    """One configured provider. Made by ``providers.build`` from a ``ProviderConfig``; holds no key and no health."""

    @property
    def config(self) -> ProviderConfig: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def ask(self, question: Question, key: str, learned: Learned, meter: Meter | None = None) -> Reply:
        """One call, no retry. ``key`` is empty when there is none; ``meter`` is kept up while the reply comes.

        Raises a ``ProviderError``; the caller bounds its time by cancelling it. ``learned.successor`` is asked instead
        of the configured model, and ``learned.repairs`` are applied to the request.
        """
        ...

    async def list_models(self, key: str) -> tuple[str, ...]:
        """Ids of the models that this key may use, those that can see first. Raises a ``ProviderError``."""
        ...

    def pick_model(self, models: tuple[str, ...]) -> str:
        """The best of ``models`` for one small picture, empty when none fits."""
        ...


@dataclass(frozen=True, slots=True)
class Seat:
    """A provider's place in one profile's chain, with the key it is asked with (empty: none).

    ``is_key_locked``: it has one, in a keyring that has not given it yet.
    """

    provider: Provider
    key: str = field(default="", repr=False)
    is_key_locked: bool = False

    @property
    def name(self) -> str:
        return self.provider.config.name

    @property
    def vendor(self) -> str:
        """Who answers for it: two servers of one's own are two."""
        config = self.provider.config
        return config.name if config.vendor == "custom" else config.vendor

    @property
    def can_be_asked(self) -> bool:
        """Whether it is enabled and has what it needs."""
        return self.provider.config.enabled and (bool(self.key) or not self.provider.capabilities.needs_key)


def are_keys_locked(seats: tuple[Seat, ...]) -> bool:
    """Whether no AI can be asked, and the keyring has the key of one: the reader on this computer is none."""
    has_ai = any(seat.can_be_asked for seat in seats if seat.name != ON_DEVICE)
    return not has_ai and any(seat.is_key_locked and seat.provider.config.enabled for seat in seats)
