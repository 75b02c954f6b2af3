"""What a vendor's file declares: one ``ProviderVendor``, a name, an address, a model and what is odd about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from app.core.cost.pricing import Price
from app.core.provider import Provider, ProviderConfig
from app.core.sentence import Sentence
from app.core.vendor_info import VendorInfo
from app.providers.http_client import Client


@dataclass(frozen=True, slots=True)
class Quirks:
    """How one OpenAI-compatible server differs from the next.

    ``limit_field``: its name for the longest reply. ``json_mode``: ``schema`` (a strict JSON schema), ``object`` (JSON,
    its fields told in words) or ``none``. ``always``: body fields that go with every question, thinking off above all.
    ``tell_fields``: the JSON fields are also told in words, for servers that may ignore or cannot see the schema.
    ``key_header``: the header a key travels in; ``Authorization`` means ``Bearer KEY``.
    """

    limit_field: str = "max_tokens"
    json_mode: Literal["schema", "object", "none"] = "schema"
    always: Mapping[str, Any] = field(default_factory=dict)
    tell_fields: bool = True
    key_header: str = "Authorization"


class Dialect(Protocol):
    """Makes a provider that speaks one wire format."""

    def __call__(self, vendor: ProviderVendor, config: ProviderConfig, client: Client) -> Provider: ...


@dataclass(frozen=True, slots=True)
class ProviderVendor(VendorInfo):
    """One vendor, and how it is talked to.

    ``dialect`` is None for the reader on this computer, which needs no network. ``key_hint``: what else to say when a
    key is refused. ``aliases``: retired model -> the one to ask instead, used once its server says that it is gone.
    ``blind``: models known to take no pictures. ``preferred``: patterns of model ids, best first; groups are version
    numbers. ``prices``: of models that the list in ``prices.py`` lacks.
    """

    dialect: Dialect | None = None
    base_url: str = ""
    model: str = ""
    key_hint: Sentence = Sentence()
    aliases: Mapping[str, str] = field(default_factory=dict)
    blind: frozenset[str] = frozenset()
    preferred: tuple[str, ...] = ()
    reset_zone: str = "UTC"
    quirks: Quirks = field(default_factory=Quirks)
    prices: tuple[Price, ...] = ()


def priced(as_of: str, prices: Mapping[str, tuple[float, float]]) -> tuple[Price, ...]:
    """US dollars per million tokens in and out, by model; ``as_of``: the ISO date they were read on."""
    return tuple(Price(model, *usd, as_of) for model, usd in prices.items())


UNFIT = re.compile(
    r"tts|audio|speech|whisper|transcri|realtime|-live|embed|rerank|moderation|guard|imagen|image-gen|dall-?e|gpt-image"
    r"|-image\b|\bveo|\bsora|lyria|robotics|computer-use|codex|-search|\bocr",
    re.IGNORECASE,
)
"""Model ids that take no picture and a question for text: speech, embedding, picture making and the like."""

_UNSETTLED = re.compile(r"preview|exp|beta|latest|\d{4,}", re.IGNORECASE)


def best_model(models: tuple[str, ...], preferred: tuple[str, ...]) -> str:
    """The newest of ``models`` under the first pattern that any of them fits; empty when none fits.

    Dated snapshots and previews count only when nothing settled fits the same pattern: they are retired first.
    """
    fit = [model for model in models if not UNFIT.search(model)]
    for pattern in preferred:
        found = [(match, model) for model in fit if (match := re.search(pattern, model, re.IGNORECASE))]
        if found:
            return max(found, key=lambda pair: (not _UNSETTLED.search(pair[1]), _version(pair[0]), -len(pair[1])))[1]
    return ""


def _version(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for group in match.groups() if group for number in re.findall(r"\d{1,6}", group))
