"""Which models see, where a server of one's own is asked for them: what it tells wins over what their names suggest."""

from __future__ import annotations

from typing import Any

from app.core.provider import ProviderConfig
from app.providers import Client, build
from tests.providers.programs import (
    LM_STUDIO,
    READS,
    SEES,
    Program,
    llama,
    llama_model,
    ollama,
    running,
)


async def listed(client: Client, program: Program, preset: str, key: str = "") -> tuple[tuple[str, ...], str]:
    """The models of a custom provider, and which of them it would pick."""
    config = ProviderConfig("box", "custom", f"http://127.0.0.1:{program.port}/v1", "gone", preset=preset)
    provider = build(config, client, None)
    models = await provider.list_models(key)
    return models, provider.pick_model(models)


def ids(*names: str) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "library"} for name in names]}


async def test_facts_win_over_names(client: Client) -> None:
    program = ollama(**{"my-vision_1b": READS, "plain_8b": SEES, "silent_1b": {}})
    program["/v1/models"] = ids("my-vision:1b", "silent:1b", "plain:8b")
    async with running(ollama=program) as started:
        models, best = await listed(client, started["ollama"], "Ollama", "a-key")
        assert (models, best) == (("plain:8b", "silent:1b", "my-vision:1b"), "plain:8b")
        assert started["ollama"].keys == {"Bearer a-key"}, "a server with a key is asked with it"


async def test_names_count_where_nothing_is_told(client: Client) -> None:
    async with running(ollama={"/v1/models": ids("llama3.2:3b", "qwen3-vl:8b", "qwen9-vl:235b-cloud")}) as started:
        _, best = await listed(client, started["ollama"], "Ollama")
        assert best == "qwen3-vl:8b", "the newer one is of the cloud"


async def test_nothing_is_picked_by_its_name_that_is_told_to_be_blind(client: Client) -> None:
    program = {"/v1/models": ids("my-llava:7b"), **ollama(**{"my-llava_7b": READS})}
    async with running(ollama=program) as started:
        assert (await listed(client, started["ollama"], "Ollama"))[1] == ""


async def test_a_list_that_tells_it_needs_no_more_questions(client: Client) -> None:
    program = llama(llama_model("blind-vl.gguf", "text"), llama_model("plain.gguf", "text", "image"))
    async with running(llama_cpp=program) as started:
        models, best = await listed(client, started["llama_cpp"], "Other")
        assert (models, best) == (("plain.gguf", "blind-vl.gguf"), "plain.gguf")
        assert started["llama_cpp"].asked == {"/v1/models": 1}


async def test_lm_studio_is_asked_in_its_own_api_too(client: Client) -> None:
    program = {**LM_STUDIO, "/v1/models": ids("gemma-3-270m-it-qat", "google/gemma-3-4b")}
    async with running(lm_studio=program) as started:
        models, best = await listed(client, started["lm_studio"], "LM Studio")
        assert (models[0], best) == ("google/gemma-3-4b", "google/gemma-3-4b")
