"""Stand-ins of the programs that run models on one's own computer: each answers as its documentation says.

The replies are the documented ones, cut to what anybody may read in them and with a model that sees beside one that
does not. Ollama: https://github.com/ollama/ollama/blob/main/docs/openapi.yaml (``/api/tags``, ``/api/show``;
``remote_host``: ``ModelSummary``) and its issue 13468 for names of its cloud. LM Studio:
https://lmstudio.ai/docs/developer/rest/list (``/api/v1/models``; one that sees: its bug tracker 1659) and
https://lmstudio.ai/docs/developer/rest/endpoints (``/api/v0/models``). llama.cpp:
https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (``/v1/models``, ``/models`` of a router,
``/props``), and without ``architecture`` as before its pull request 22709.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import RawTestServer

from app.providers import PRESETS, Client, Preset, local_models

Reply = Any
"""What JSON can hold, bytes to be sent as they are, or a function from the request's JSON to either."""


def ollama_model(name: str, **more: Any) -> dict[str, Any]:
    """An entry of ``/api/tags``."""
    return {
        "name": name,
        "model": name,
        "modified_at": "2025-10-03T23:34:03.409490317-07:00",
        "size": 9608350245,
        "digest": "c6eb396dbd5992bbe3f5cdb947e8bbc0ee413d7c17e2beaae69f5d569cf982eb",
        "details": {"format": "gguf", "family": "gemma4", "families": ["gemma4"], "parameter_size": "8.0B",
                    "quantization_level": "Q4_K_M"},
        **more,
    }  # fmt: skip


def ollama_shown(*capabilities: str, **more: Any) -> dict[str, Any]:
    """A reply of ``/api/show``."""
    return {
        "parameters": "temperature 0.7\nnum_ctx 2048",
        "license": "Gemma Terms of Use \n\nLast modified: February 21, 2024...",
        "capabilities": list(capabilities),
        "modified_at": "2025-08-14T15:49:43.634137516-07:00",
        "details": {"parent_model": "", "format": "gguf", "family": "gemma4", "families": ["gemma4"],
                    "parameter_size": "8.0B", "quantization_level": "Q4_K_M"},
        "model_info": {"gemma4.vision.block_count": 16, "general.architecture": "gemma4",
                       "tokenizer.ggml.tokens": None},
        **more,
    }  # fmt: skip


SEES, READS = ollama_shown("completion", "vision"), ollama_shown("completion", "tools")
CLOUD = {"remote_model": "qwen3-vl:235b", "remote_host": "https://ollama.com:443"}


def ollama(**shown: Mapping[str, Any]) -> dict[str, Reply]:
    """By its name, with ``_`` for ``:``, what ``/api/show`` tells of each model."""
    by_name = {name.replace("_", ":"): one for name, one in shown.items()}
    return {
        "/api/tags": {"models": [ollama_model(name) for name in by_name]},
        "/api/show": lambda asked: by_name[asked["model"]],
    }


def lm_studio_model(key: str, vision: bool = True, loaded: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "llm", "publisher": "google", "key": key, "display_name": "Gemma 3 4B", "architecture": "gemma3",
        "quantization": {"name": "Q4_0", "bits_per_weight": 4}, "size_bytes": 3034755901, "params_string": "4B",
        "loaded_instances": [{"id": one, "config": {"context_length": 4096}} for one in loaded],
        "max_context_length": 131072, "format": "gguf",
        "capabilities": {"vision": vision, "trained_for_tool_use": False}, "description": None,
    }  # fmt: skip


EMBEDDING = {
    "type": "embedding", "publisher": "gaianet", "key": "text-embedding-nomic-embed-text-v1.5-embedding",
    "display_name": "Nomic Embed Text v1.5", "quantization": {"name": "F16", "bits_per_weight": 16},
    "size_bytes": 274290560, "params_string": None, "loaded_instances": [], "max_context_length": 2048,
    "format": "gguf",
}  # fmt: skip
LM_STUDIO = {
    "/api/v1/models": {
        "models": [lm_studio_model("gemma-3-270m-it-qat", vision=False, loaded=("gemma-3-270m-it-qat",)), EMBEDDING,
                   lm_studio_model("google/gemma-3-4b")]
    }
}  # fmt: skip
LM_STUDIO_BEFORE_0_4 = {
    "/api/v0/models": {
        "object": "list",
        "data": [
            {"id": "qwen2-vl-7b-instruct", "object": "model", "type": "vlm", "publisher": "mlx-community",
             "arch": "qwen2_vl", "compatibility_type": "mlx", "quantization": "4bit", "state": "not-loaded",
             "max_context_length": 32768},
            {"id": "meta-llama-3.1-8b-instruct", "object": "model", "type": "llm", "publisher": "lmstudio-community",
             "arch": "llama", "compatibility_type": "gguf", "quantization": "Q4_K_M", "state": "not-loaded",
             "max_context_length": 131072},
            {"id": "text-embedding-nomic-embed-text-v1.5", "object": "model", "type": "embeddings",
             "publisher": "nomic-ai", "arch": "nomic-bert", "compatibility_type": "gguf", "quantization": "Q4_0",
             "state": "not-loaded", "max_context_length": 2048},
        ],
    }
}  # fmt: skip


def llama_model(name: str, *takes: str, gives: str = "text", **more: Any) -> dict[str, Any]:
    """An entry of ``/v1/models``; without ``takes`` as older servers tell it."""
    architecture = {"architecture": {"input_modalities": list(takes), "output_modalities": [gives]}} if takes else {}
    meta = {"vocab_type": 2, "n_vocab": 128256, "n_ctx_train": 131072, "n_embd": 4096, "n_params": 8030261312,
            "size": 4912898304}  # fmt: skip
    head = {"id": name, "object": "model", "created": 1735142223, "owned_by": "llamacpp"}
    return {**head, **architecture, "meta": meta, **more}


def llama(*models: Mapping[str, Any], vision: bool | None = None) -> dict[str, Reply]:
    props = {
        "default_generation_settings": {"id": 0, "n_ctx": 1024, "is_processing": False}, "total_slots": 1,
        "model_path": "../models/gemma-3-4b-it-Q4_K_M.gguf", "chat_template": "...", "chat_template_caps": {},
        "modalities": {"vision": vision}, "build_info": "b(build number)-(build commit hash)", "is_sleeping": False,
    }  # fmt: skip
    return {"/v1/models": {"object": "list", "data": list(models)}, **({} if vision is None else {"/props": props})}


# --- where they stand --------------------------------------------------------------------------------------------


@dataclass
class Program:
    """A server on loopback that answers at ``routes`` alone; ``asked`` counts its requests by path."""

    routes: dict[str, Reply]
    port: int = 0
    wait_s: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked[request.path] += 1
        self.keys.add(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.wait_s)
        reply = self.routes.get(request.path)
        if callable(reply):
            reply = reply(json.loads(await request.read()))
        if isinstance(reply, web.StreamResponse):
            return reply
        if reply is None:
            return web.Response(status=404, text="404 page not found")
        body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        return web.Response(body=body, content_type="application/json")


@asynccontextmanager
async def running(**programs: Mapping[str, Reply]) -> AsyncIterator[dict[str, Program]]:
    """Each by its preset's name."""
    started = {name: Program(dict(routes)) for name, routes in programs.items()}
    servers = {name: RawTestServer(program.answer) for name, program in started.items()}
    try:
        for name, server in servers.items():
            await server.start_server()
            started[name].port = server.port or 0
        yield started
    finally:
        for server in servers.values():
            await server.close()


def presets_at(programs: Mapping[str, Program]) -> tuple[Preset, ...]:
    """The known ones, with the ports of these ``programs``; nobody is at the others' any more."""
    ports = {preset.name: programs[preset.name].port if preset.name in programs else 1 for preset in PRESETS}
    return tuple(replace(preset, base_url=f"http://localhost:{ports[preset.name]}/v1") for preset in PRESETS)


async def found(client: Client, **programs: Mapping[str, Any]) -> list[str]:
    """The models that are found in these, which stand in the place of the known ones."""
    async with running(**programs) as started:
        return [one.model for one in await local_models.find(client, presets=presets_at(started))]
