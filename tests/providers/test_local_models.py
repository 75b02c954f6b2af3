"""Models that see, found in the programs of this computer by what these tell of themselves."""

from __future__ import annotations

import logging

import pytest

from app.core.vendor_info import LocalModel
from app.providers import PRESETS, Client, local_models
from app.server.doors.models import MODEL
from app.server.doors.ollama_schemas import OllamaModel, OllamaShown, OllamaTags
from app.server.doors.openai_schemas import Model, ModelList
from tests.providers.programs import (
    CLOUD,
    LM_STUDIO,
    LM_STUDIO_BEFORE_0_4,
    READS,
    SEES,
    found,
    llama,
    llama_model,
    lm_studio_model,
    ollama,
    ollama_model,
    ollama_shown,
    presets_at,
    running,
)

# --- who is asked ------------------------------------------------------------------------------------------------


async def test_one_that_sees_is_told_with_all_that_it_takes_to_use_it(client: Client) -> None:
    async with running(ollama=ollama(**{"qwen3-vl_4b": SEES, "llama3.2_3b": READS})) as started:
        models = await local_models.find(client, presets=presets_at(started))
        address = f"http://127.0.0.1:{started['ollama'].port}/v1"
        assert models == (LocalModel("ollama", "Ollama", address, "qwen3-vl:4b"),)
        assert started["ollama"].asked == {"/api/tags": 1, "/api/show": 2}
        assert started["ollama"].keys == {""}


def test_three_programs_are_known_at_their_own_ports_and_g4f_is_not_among_them() -> None:
    known = {preset.name: preset.base_url for preset in PRESETS if preset.tells}
    assert known == {
        "ollama": "http://localhost:11434/v1",
        "lm_studio": "http://localhost:1234/v1",
        "llama_cpp": "http://localhost:8080/v1",
    }
    assert {preset.name for preset in PRESETS if "1337" in preset.base_url} == {"jan", "g4f"}


async def test_a_port_of_our_own_is_asked_nothing(client: Client) -> None:
    async with running(ollama=ollama(**{"qwen3-vl_4b": SEES})) as started:
        port = started["ollama"].port
        assert await local_models.find(client, {port}, presets_at(started)) == ()
        assert not started["ollama"].asked


async def test_another_frame_backend_is_none_of_them(client: Client) -> None:
    mine = OllamaModel(name=f"{MODEL}:latest", model=f"{MODEL}:latest", modified_at="2026-01-01T00:00:00Z", digest="0")
    door = {
        "/api/tags": OllamaTags(models=[mine]).model_dump(),
        "/api/show": OllamaShown(modified_at="2026-01-01T00:00:00Z").model_dump(),
        "/v1/models": ModelList(data=[Model(id=MODEL)]).model_dump(),
    }
    assert await found(client, ollama=door, lm_studio=door, llama_cpp=door) == []


async def test_nobody_there_is_nothing_to_tell(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "app")
    assert await found(client) == []
    assert caplog.records == []


async def test_no_proxy_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(proxy={}, ollama=ollama(**{"qwen3-vl_4b": SEES})) as started:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{started['proxy'].port}")
        async with Client() as client:
            assert len(await local_models.find(client, presets=presets_at(started))) == 1
        assert not started["proxy"].asked


# --- what they tell ----------------------------------------------------------------------------------------------


async def test_what_ollamas_cloud_runs_is_left_out(client: Client) -> None:
    listed = [
        ollama_model("qwen3-vl:235b-cloud"), ollama_model("gemini-3:cloud"), ollama_model("mine", **CLOUD),
        ollama_model("shown"), ollama_model("here"),
    ]  # fmt: skip
    shown = {"shown": ollama_shown("completion", "vision", **CLOUD), "here": SEES}
    async with running(ollama={"/api/tags": {"models": listed}, "/api/show": lambda a: shown[a["model"]]}) as started:
        models = await local_models.find(client, presets=presets_at(started))
        assert [one.model for one in models] == ["here"]
        assert started["ollama"].asked["/api/show"] == 2, "of what is elsewhere nothing more is asked"


async def test_what_only_embeds_reads_or_says_nothing_is_left_out(client: Client) -> None:
    models = {"a": ollama_shown("embedding", "vision"), "b": READS, "c": {}, "deepseek-ocr_3b": SEES, "d": SEES}
    assert await found(client, ollama=ollama(**models)) == ["d"]


async def test_lm_studio_tells_it_in_either_api(client: Client) -> None:
    assert await found(client, lm_studio=LM_STUDIO) == ["google/gemma-3-4b"]
    assert await found(client, lm_studio=LM_STUDIO_BEFORE_0_4) == ["qwen2-vl-7b-instruct"]


async def test_llama_cpp_tells_it_in_its_list_or_its_properties(client: Client) -> None:
    one = llama_model("gemma.gguf", "text", "image")
    assert await found(client, llama_cpp=llama(one)) == ["gemma.gguf"]
    assert await found(client, llama_cpp=llama(llama_model("llama.gguf", "text"), vision=True)) == []
    assert await found(client, llama_cpp=llama(llama_model("old.gguf"), vision=True)) == ["old.gguf"]
    assert await found(client, llama_cpp=llama(llama_model("old.gguf"), vision=False)) == []
    assert await found(client, llama_cpp=llama(llama_model("openjev", "text", "image", gives="decisions"))) == []
    foreign = {**one, "owned_by": "g4f"}
    assert await found(client, llama_cpp=llama(foreign)) == [], "somebody else is at that port"


async def test_a_router_of_llama_cpp_loads_nothing_for_us(client: Client) -> None:
    status = {"value": "unloaded", "args": ["llama-server", "-ctx", "4096"]}
    for names in (("a",), ("a", "b")):
        models = [llama_model(name, owned_by="", status=status) for name in names]
        async with running(llama_cpp=llama(*models, vision=True)) as started:
            assert await local_models.find(client, presets=presets_at(started)) == ()
            assert started["llama_cpp"].asked == {"/v1/models": 1}


async def test_what_is_loaded_comes_first_then_the_smaller(client: Client) -> None:
    models = [lm_studio_model("large") | {"size_bytes": 9}, lm_studio_model("small") | {"size_bytes": 3}]
    loaded = lm_studio_model("loaded", loaded=("loaded",))
    assert await found(client, lm_studio={"/api/v1/models": {"models": [*models, loaded]}}) == [
        "loaded", "small", "large",
    ]  # fmt: skip
