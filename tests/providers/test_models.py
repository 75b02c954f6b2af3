"""Lists of models, and the choice of one."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from app.core.errors import BadReplyError, MisaddressedError, ProviderError
from app.core.provider import ProviderConfig
from app.providers import Client, build
from tests import fakes
from tests.fakes import FakeProviders
from tests.providers.asking import CONFIGS, KEY, VENDORS, custom, provider


async def test_gemini_reads_all_pages_and_leaves_out_what_cannot_answer(fake: FakeProviders, client: Client) -> None:
    models = await provider(fake, client, "gemini").list_models(KEY)
    assert models == fake["gemini"].models
    assert fake["gemini"].count == 3


async def test_gemini_does_not_turn_pages_for_ever(fake: FakeProviders, client: Client) -> None:
    page = {"models": [{"name": "models/gemini-tts"}, {"name": "models/gemini-x"}, {}, 7], "nextPageToken": "2&x"}
    fake["gemini"].models_default = fakes.raw(200, page)
    assert await provider(fake, client, "gemini").list_models(KEY) == ("gemini-x", "gemini-tts")
    assert fake["gemini"].count == 10


@pytest.mark.parametrize("name", ["deepseek", "qwen", "chatgpt"])
async def test_openai_lists(name: str, fake: FakeProviders, client: Client) -> None:
    asked = provider(fake, client, name)
    models = await asked.list_models(KEY)
    assert set(models) == set(fake[name].models)
    assert asked.pick_model(models) == CONFIGS[name].model


async def test_those_that_see_come_first(fake: FakeProviders, client: Client) -> None:
    entries = [
        {"id": "unknown"},
        {"id": "words", "architecture": {"input_modalities": ["text"]}},
        {"id": "g4f-blind", "vision": False},
        {"id": "eyes", "architecture": {"input_modalities": ["text", "image"]}},
        {"id": "g4f-eyes", "vision": True},
        {"id": "mistral-eyes", "capabilities": {"vision": True}},
        {"id": "text-embedding-3"},
        {"id": "eyes", "architecture": None, "capabilities": ["vision"]},
        {"id": 7},
        "nonsense",
    ]
    fake["custom"].models_default = fakes.raw(200, {"object": "list", "data": entries})
    models = await custom(fake, client).list_models("")
    assert models[:3] == ("eyes", "g4f-eyes", "mistral-eyes")
    assert models[3] == "unknown"
    assert set(models[4:]) == {"words", "g4f-blind", "text-embedding-3"}


@pytest.mark.parametrize("body", [{"data": None}, {"data": []}, {}, []])
async def test_no_models(body: object, fake: FakeProviders, client: Client) -> None:
    fake["ollama"].models_default = fakes.raw(200, body)
    assert await custom(fake, client, "ollama").list_models("") == ()


@pytest.mark.parametrize(
    ("word", "script"),
    [
        ("auth", fakes.bad_key()),
        ("overload", fakes.server_error()),
        ("bad_reply", fakes.html(200)),
        ("bad_reply", fakes.raw(404, "404 page not found")),
        ("bad_reply", fakes.raw(200, {"data": 7, "models": 7})),
        ("bad_reply", fakes.raw(200, b"7")),
        ("overload", fakes.dropped()),
    ],
)
@pytest.mark.parametrize("name", ["gemini", "chatgpt"])
async def test_a_refused_list(word: str, script: fakes.Script, name: str, fake: FakeProviders, client: Client) -> None:
    fake[name].models_default = script
    with pytest.raises(ProviderError) as caught:
        await provider(fake, client, name).list_models(KEY)
    assert caught.value.word == word


@pytest.mark.parametrize("elsewhere", [(404, "404 page not found"), (200, '{"error": "Unexpected endpoint"}')])
@pytest.mark.parametrize(
    ("there", "is_told"), [((200, '{"data": [{"id": "m"}]}'), True), ((401, "{}"), True), ((404, "{}"), False)]
)
async def test_a_forgotten_v1_is_tried_once_and_suggested(
    elsewhere: tuple[int, str], there: tuple[int, str], is_told: bool
) -> None:
    paths = list[str]()

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        paths.append(request.path)
        status, text = there if request.path.startswith("/v1/") else elsewhere
        return web.Response(status=status, text=text)

    async with RawTestServer(answer) as server, Client() as client:
        url = str(server.make_url("")).rstrip("/")
        asked = build(ProviderConfig("box", "custom", url, "m"), client, None)
        with pytest.raises(BadReplyError) as caught:
            await asked.list_models("")
        with pytest.raises(BadReplyError):
            await asked.list_models("")
    assert isinstance(caught.value, MisaddressedError) is is_told
    assert (f"{url}/v1" in str(caught.value)) is is_told
    assert paths == ["/models", "/v1/models", "/models"]


CHOICES = [
    ("gemini", ["gemini-3.1-flash-lite", "gemini-3.5-flash-lite", "gemini-3.8-flash"], "gemini-3.5-flash-lite"),
    ("gemini", ["gemini-9.0-flash-lite-preview-09-2027", "gemini-3.5-flash-lite"], "gemini-3.5-flash-lite"),
    ("gemini", ["gemini-9.0-flash-lite-preview", "gemini-3.8-flash"], "gemini-9.0-flash-lite-preview"),
    ("gemini", ["gemini-10.0-flash", "gemini-9.5-flash"], "gemini-10.0-flash"),
    ("gemini", ["gemini-3.8-flash-image", "gemini-3.8-flash-tts", "gemini-3.8-flash-live"], ""),
    ("gemini", ["gemini-embedding-2", "imagen-4", "gemini-2.5-flash-native-audio", "veo-3"], ""),
    ("gemini", ["gemini-4-pro"], "gemini-4-pro"),
    ("gemini", [], ""),
    ("chatgpt", ["gpt-5.6-luna", "gpt-6-luna", "gpt-6-sol", "gpt-4o"], "gpt-6-luna"),
    ("chatgpt", ["gpt-7-luna-2027-01-01", "gpt-7-luna", "gpt-image-2"], "gpt-7-luna"),
    ("chatgpt", ["gpt-4o-mini", "tts-1", "whisper-1", "gpt-5.4-mini", "gpt-realtime"], "gpt-5.4-mini"),
    ("chatgpt", ["gpt-4o-mini", "gpt-4o", "gpt-4o-audio-preview"], "gpt-4o"),
    ("chatgpt", ["gpt-4o-mini", "text-embedding-3-small"], ""),
    ("deepseek", ["deepseek-v4-pro", "deepseek-flash"], "deepseek-flash"),
    ("deepseek", ["deepseek-v4-pro"], ""),
    ("qwen", ["qwen-flash", "qwen3.8-flash", "qwen3.8-max", "qwen3.7-plus"], "qwen3.8-flash"),
    ("qwen", ["qwen-flash", "qwen3-max", "qwen3-vl-plus", "qwen3-tts-flash"], "qwen3-vl-plus"),
    ("qwen", ["qwen-flash", "qwen3-max"], ""),
]


@pytest.mark.parametrize(("name", "models", "best"), CHOICES)
def test_the_choice(name: str, models: list[str], best: str) -> None:
    asked = build(CONFIGS[name], Client(), None)
    assert asked.pick_model(tuple(models)) == best


@pytest.mark.parametrize(
    ("models", "best"),
    [
        (["llama3.2:3b", "qwen2.5-vl:7b", "qwen3-vl:8b"], "qwen3-vl:8b"),
        (["llama3.2:3b", "llama3.2-vision:11b"], "llama3.2-vision:11b"),
        (["gemma3:1b", "gemma3:4b"], "gemma3:4b"),
        (["llava:13b", "nomic-embed-text"], "llava:13b"),
        (["the-only-one"], "the-only-one"),
        (["one", "other"], ""),
        (["openai/gpt-6", "google/gemini-3.5-flash-lite", "acme/vision"], "google/gemini-3.5-flash-lite"),
        ([], ""),
    ],
)
async def test_a_custom_choice(models: list[str], best: str, fake: FakeProviders, client: Client) -> None:
    assert custom(fake, client).pick_model(tuple(models)) == best


@pytest.mark.parametrize("name", VENDORS)
def test_the_default_is_the_choice(name: str) -> None:
    """A fresh installation asks the model that it would also pick."""
    asked = build(CONFIGS[name], Client(), None)
    assert asked.pick_model((CONFIGS[name].model,)) == CONFIGS[name].model
