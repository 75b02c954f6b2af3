"""Which of a server's models see, by what the server itself tells: exact where it does, and silent where it does not.

What each program tells, and where that was read: app/providers/README.md, Custom servers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.core.errors import ProviderError
from app.providers import reply
from app.providers.http_client import Client
from app.providers.transport import call

PATIENCE_S = 0.6
"""For each question: all of these are answered from memory or from a file's head."""
MOST_MODELS = 40
OWN_FAMILY = "frame_backend"
"""Of the models at the door of this program that speaks Ollama's dialect."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a server tells of one of its models. ``sees``: None when it does not say."""

    model: str
    sees: bool | None
    is_loaded: bool = False
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """Where one listens: ``root`` is its address without ``/v1``; ``headers`` hold its key, if it has one."""

    client: Client
    root: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def ask(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The JSON object at ``path``, asked for with ``body`` if any; empty where there is none.

        That nobody is there, or somebody else, is no failure: these questions are asked to find out.
        """
        headers = self.headers if body is None else {**self.headers, "Content-Type": "application/json"}
        content = None if body is None else orjson.dumps(body)
        try:
            async with asyncio.timeout(PATIENCE_S):
                raw = await call(self.client, self.root, f"{self.root}{path}", headers, content)
            value = reply.load(raw, self.root)
        except (ProviderError, TimeoutError):
            return {}
        return value if raw.status == 200 and isinstance(value, dict) else {}


Tells = Callable[[Server], Awaitable[list[Told]]]
"""Asks a server of one kind what its models are; nothing where it is none of that kind."""


async def ollama(server: Server) -> list[Told]:
    """Ollama's. A model of its cloud counts as blind: the pictures would leave the house."""
    listed = {_name(one, "model") or _name(one, "name"): one for one in _dicts(await server.ask("/api/tags"), "models")}
    if any(_dict(one, "details").get("family") == OWN_FAMILY for one in listed.values()):
        return []
    names = [name for name, one in listed.items() if name and not is_cloud(name) and not _is_elsewhere(one)]
    shown = await asyncio.gather(*(server.ask("/api/show", {"model": name}) for name in names[:MOST_MODELS]))
    told = [
        Told(name, _sees_in_ollama(one), size_bytes=reply.count(listed[name].get("size")))
        for name, one in zip(names, shown, strict=False)
    ]
    return told + [Told(name, False) for name in listed if name and name not in names]


async def lm_studio(server: Server) -> list[Told]:
    """LM Studio's: since 0.4 it has an API of its own, before it the one of which that is the next."""
    models = _dicts(await server.ask("/api/v1/models"), "models")
    told = [
        Told(_name(one, "key"), _sees_in_lm_studio(one), bool(one.get("loaded_instances")),
             reply.count(one.get("size_bytes")))
        for one in models
    ]  # fmt: skip
    if not models:
        told = [
            Told(_name(one, "id"), one["type"] == "vlm", one.get("state") == "loaded")
            for one in _dicts(await server.ask("/api/v0/models"), "data")
            if isinstance(one.get("type"), str)
        ]
    return [one for one in told if one.model]


async def llama_cpp(server: Server) -> list[Told]:
    """llama.cpp's. ``/props`` is asked of a server with one model alone: a router would load one for it."""
    models = _dicts(await server.ask("/v1/models"), "data")
    models = [one for one in models if one.get("owned_by") == "llamacpp" or isinstance(one.get("status"), dict)]
    told = [
        Told(_name(one, "id"), sees(one), _dict(one, "status").get("value", "loaded") == "loaded",
             reply.count(_dict(one, "meta").get("size")))
        for one in models
    ]  # fmt: skip
    if len(told) == 1 and told[0].sees is None and "status" not in models[0]:
        vision = _dict(await server.ask("/props"), "modalities").get("vision")
        told = [Told(told[0].model, vision if isinstance(vision, bool) else None, True, told[0].size_bytes)]
    return [one for one in told if one.model]


def sees(entry: Mapping[str, Any]) -> bool | None:
    """Whether a model of a list in OpenAI's form takes pictures and answers in words; None: nothing is said."""
    architecture = _dict(entry, "architecture")  # OpenRouter, llama.cpp
    takes, gives = architecture.get("input_modalities"), architecture.get("output_modalities")
    if isinstance(takes, list):
        return "image" in takes and (not isinstance(gives, list) or "text" in gives)
    vision = entry.get("vision")  # g4f
    if vision is None:
        vision = _dict(entry, "capabilities").get("vision")  # Mistral
    return None if vision is None else bool(vision)


def is_cloud(model: str) -> bool:
    """Whether a name in Ollama's list is of a model that runs at Ollama's, not here."""
    return model.casefold().endswith("cloud")


def _is_elsewhere(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("remote_host") or entry.get("remote_model"))


def _sees_in_ollama(shown: Mapping[str, Any]) -> bool | None:
    capabilities = shown.get("capabilities")
    if not isinstance(capabilities, list):
        return None
    return "vision" in capabilities and "completion" in capabilities and not _is_elsewhere(shown)


def _sees_in_lm_studio(entry: Mapping[str, Any]) -> bool | None:
    if entry.get("type") == "embedding":
        return False
    vision = _dict(entry, "capabilities").get("vision")
    return vision if isinstance(vision, bool) else None


def _dict(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _dicts(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    inner = value.get(key)
    return [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []


def _name(entry: Mapping[str, Any], key: str) -> str:
    return reply.model_name(entry.get(key))
