"""Any OpenAI-compatible server, with presets for well-known ones. Facts: app/providers/README.md, Custom servers.

g4f is GPL: it is spoken to over HTTP and never imported. It relays pictures to strangers and would pass a real key on.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.core.provider import Capabilities, ProviderConfig
from app.core.sentence import Sentence
from app.core.vendor_info import PresetInfo
from app.providers.dialect_openai import OpenAIProvider, those_that_see_first
from app.providers.hosts import is_at_home
from app.providers.http_client import Client
from app.providers.model_facts import Server, Tells, is_cloud, llama_cpp, lm_studio, ollama
from app.providers.vendor import UNFIT, ProviderVendor, Quirks, best_model


@dataclass(frozen=True, slots=True)
class Preset(PresetInfo):
    """A well-known server, and how it differs. ``tells``: asks it which of its models see."""

    quirks: Quirks = field(default_factory=Quirks)
    needs_key: bool = False
    tells: Tells | None = None


_NO_THINKING = Quirks(always={"reasoning_effort": "none"})


PRESETS: tuple[Preset, ...] = (
    Preset("ollama", "Ollama", "http://localhost:11434/v1", quirks=_NO_THINKING, tells=ollama),
    Preset("lm_studio", "LM Studio", "http://localhost:1234/v1", tells=lm_studio),
    Preset("llama_cpp", "llama.cpp", "http://localhost:8080/v1", quirks=_NO_THINKING, tells=llama_cpp),
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
        self._tells, self._sight = preset.tells, dict[str, bool | None]()

    def pick_model(self, models: tuple[str, ...]) -> str:
        """The best of those that the server says see; where it says nothing, one whose name does, or the only one."""
        told = tuple(model for model in models if self._sight.get(model) and not UNFIT.search(model))
        if told:
            return best_model(told, _SEES) or told[0]
        unknown = tuple(model for model in models if self._sight.get(model) is None and self._stays(model))
        fit = [model for model in unknown if not UNFIT.search(model)]
        return best_model(unknown, _SEES) or (fit[0] if len(fit) == 1 else "")

    async def _list_at(self, base_url: str, key: str) -> dict[str, bool | None]:
        """What the list tells, and above it what the program tells where it has words of its own for that."""
        listed = await super()._list_at(base_url, key)
        if self._tells is not None:
            root = base_url.rstrip("/").removesuffix("/v1")
            told = await self._tells(Server(self._client, root, self._headers(key)))
            listed |= {one.model: one.sees for one in told if one.sees is not None and one.model in listed}
        self._sight = listed
        return those_that_see_first(listed)

    def _stays(self, model: str) -> bool:
        """Whether its pictures go no further than its server."""
        return not (self.capabilities.is_local and is_cloud(model))


def preset_of(config: ProviderConfig) -> Preset:
    """The preset that the owner chose, else the one that the name or the address gives away."""
    chosen, named = (re.sub("[ .]", "_", text.lower()) for text in (config.preset, config.name))
    for name in (chosen, named, _name_at(config.base_url)):  # the window keeps a preset's label
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
