"""Any OpenAI-compatible server, with presets for well-known ones. Facts: app/providers/README.md, Custom servers.

g4f is GPL: it is spoken to over HTTP and never imported. It relays pictures to strangers and would pass a real key on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.core.provider import Capabilities, ProviderConfig
from app.core.sentence import Sentence
from app.core.vendor_info import PresetInfo
from app.providers.dialect_openai import OpenAIProvider
from app.providers.hosts import is_at_home
from app.providers.http_client import Client
from app.providers.vendor import UNFIT, ProviderVendor, Quirks, best_model


@dataclass(frozen=True, slots=True)
class Preset(PresetInfo):
    """A well-known server, and how it differs."""

    quirks: Quirks = field(default_factory=Quirks)
    needs_key: bool = False


PRESETS: tuple[Preset, ...] = (
    Preset("ollama", "Ollama", "http://localhost:11434/v1", quirks=Quirks(always={"reasoning_effort": "none"})),
    Preset("lm_studio", "LM Studio", "http://localhost:1234/v1"),
    Preset("jan", "Jan", "http://localhost:1337/v1"),
    Preset(
        "g4f",
        "g4f",
        "http://localhost:1337/v1",
        # A Bearer of more than 8 characters is handed on to strangers as their key; its own header is not.
        quirks=Quirks(json_mode="none", key_header="g4f-api-key"),
        note=Sentence("Passes your pictures to third parties nobody here knows. Slow, and often down."),
    ),
    Preset(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        quirks=Quirks(always={"reasoning": {"enabled": False}}),
        needs_key=True,
        note=Sentence("Models that end in :free allow 20 calls a minute and 50 a day."),
    ),
    Preset("other", "Other"),
)

_BY_NAME: Mapping[str, Preset] = {preset.name: preset for preset in PRESETS}
_BY_PORT: Mapping[int, str] = {11434: "ollama", 1234: "lm_studio"}  # 1337 is Jan's and g4f's
_SEES = (
    r"^google/gemini-(\d+(?:\.\d+)?)-flash-lite$",
    r"qwen-?(\d+(?:\.\d+)?)-?vl",
    r"gemma-?(3|4)(?!-?270m|:270m|-?1b|:1b)",
    r"vision|-vl\b|llava|minicpm-v|moondream|pixtral|internvl|smolvlm",
)


class CustomProvider(OpenAIProvider):
    """A server that the owner added. Without a key none is sent."""

    def __init__(self, vendor: ProviderVendor, config: ProviderConfig, client: Client) -> None:
        preset = preset_of(config)
        super().__init__(dataclasses.replace(vendor, label=config.name, quirks=preset.quirks), config, client)
        self.capabilities = Capabilities(needs_key=preset.needs_key, is_local=is_local(config.base_url))

    def pick_model(self, models: tuple[str, ...]) -> str:
        """A model whose name says that it sees; else the only one there is."""
        fit: list[Any] = [model for model in models if not UNFIT.search(model)]
        return best_model(models, _SEES) or (fit[0] if len(fit) == 1 else "")


def preset_of(config: ProviderConfig) -> Preset:
    """The preset that the owner chose, else the one that the name or the address gives away."""
    chosen = config.preset.lower().replace(" ", "_")  # the window keeps its label
    for name in (chosen, config.name.lower().replace(" ", "_"), _name_at(config.base_url)):
        if name in _BY_NAME:
            return _BY_NAME[name]
    return _BY_NAME["other"]


def _name_at(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return ""
    if parts.hostname == "openrouter.ai":
        return "openrouter"
    return _BY_PORT.get(port or 0, "") if is_local(base_url) else ""


def is_local(base_url: str) -> bool:
    """Whether the server is on this computer or on a network of its owner's."""
    try:
        return is_at_home(urlsplit(base_url).hostname or "")
    except ValueError:
        return False


VENDOR = ProviderVendor(name="custom", label="Custom", dialect=CustomProvider, presets=PRESETS)
