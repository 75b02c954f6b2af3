"""What goes over the wire, per vendor: app/providers/README.md, Defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import BadRequestError, NoVisionError, ProviderError, Repair
from app.core.provider import Learned, ProviderConfig
from app.providers import Client, build
from app.providers.dialect_gemini import thinking_for
from tests import fakes
from tests.fakes import Call, FakeProviders
from tests.providers.asking import BALLOT, CONFIGS, JPEG, KEY, QUESTION, VENDORS, ask, custom, provider, refused

SAMPLING = {"temperature", "top_p", "topP", "topK", "candidateCount", "n"}


async def _sent(fake: FakeProviders, client: Client, name: str, learned: Learned | None = None) -> Call:
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name, name)
    result = await ask(asked, learned=learned)
    assert not isinstance(result, ProviderError), result
    return fake[name].calls[-1]


@pytest.mark.parametrize("name", [*VENDORS, "ollama", "lm_studio", "jan", "g4f", "openrouter", "custom"])
async def test_every_vendor_gets_picture_question_and_no_sampling(
    name: str, fake: FakeProviders, client: Client
) -> None:
    call = await _sent(fake, client, name)
    assert call.jpeg == JPEG
    assert QUESTION.text in call.text
    assert QUESTION.instructions in call.system
    assert not SAMPLING & (set(call.body) | set(call.body.get("generationConfig", {})))
    assert KEY not in call.path
    assert call.headers["content-type"] == "application/json"


async def test_gemini(fake: FakeProviders, client: Client) -> None:
    call = await _sent(fake, client, "gemini")
    assert call.path == "/models/gemini-3.5-flash-lite:streamGenerateContent"
    assert "stream" not in call.body
    assert call.headers["x-goog-api-key"] == KEY
    assert "authorization" not in call.headers
    assert call.body["generationConfig"] == {
        "maxOutputTokens": 800,
        "responseMimeType": "application/json",
        "responseJsonSchema": QUESTION.schema,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "thinkingConfig": {"thinkingLevel": "minimal"},
    }
    assert "inlineData" in call.body["contents"][0]["parts"][0], "the picture stands before the words"


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("gemini-3.5-flash-lite", {"thinkingLevel": "minimal"}),
        ("gemini-3-flash-preview", {"thinkingLevel": "minimal"}),
        ("gemini-3.1-pro-preview", {"thinkingLevel": "low"}),
        ("gemini-10.1-flash", {"thinkingLevel": "minimal"}),
        ("gemini-flash-lite-latest", {"thinkingLevel": "minimal"}),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}),
        ("gemini-2.5-pro", {"thinkingBudget": 128}),
        ("gemini-2.0-flash", {}),
        ("gemma-3-27b-it", {}),
    ],
)
def test_gemini_thinks_as_little_as_the_model_allows(model: str, thinking: dict[str, Any]) -> None:
    assert thinking_for(model) == thinking


async def test_chatgpt(fake: FakeProviders, client: Client) -> None:
    body = (await _sent(fake, client, "chatgpt")).body
    assert set(body) == {
        "model", "messages", "max_completion_tokens", "reasoning_effort", "response_format", "stream", "stream_options",
    }  # fmt: skip
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert (body["model"], body["max_completion_tokens"], body["reasoning_effort"]) == ("gpt-6-luna", 800, "none")
    form = body["response_format"]["json_schema"]
    assert (form["name"], form["strict"]) == ("frame_answer", True)
    assert form["schema"]["additionalProperties"] is False
    assert form["schema"]["required"] == list(QUESTION.schema["properties"])
    image = body["messages"][1]["content"][0]["image_url"]
    assert image["url"].startswith("data:image/jpeg;base64,/9j/")


async def test_a_loose_schema_is_made_strict(fake: FakeProviders, client: Client) -> None:
    number = {"type": "number", "minimum": 0, "maximum": 1}
    inner = {"type": "object", "title": "Inner", "properties": {"a": {"type": "string", "maxLength": 9}}}
    loose = {
        "type": "object",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {"sure": number, "more": inner, "list": {"type": "array", "items": inner}},
    }
    asked = provider(fake, client, "chatgpt")
    await asked.ask(replace(QUESTION, schema=loose), KEY, Learned())
    sent = fake["chatgpt"].calls[-1].body["response_format"]["json_schema"]["schema"]
    part = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
    assert sent["properties"] == {"sure": {"type": "number"}, "more": part, "list": {"type": "array", "items": part}}


async def test_deepseek(fake: FakeProviders, client: Client) -> None:
    call = await _sent(fake, client, "deepseek")
    assert call.path == "/chat/completions"
    assert call.headers["authorization"] == f"Bearer {KEY}"
    assert call.body["thinking"] == {"type": "disabled"}
    assert call.body["response_format"] == {"type": "json_object"}
    assert call.body["max_tokens"] == 800
    assert "json" in call.system
    assert '"image_ok": true' in call.system


async def test_qwen(fake: FakeProviders, client: Client) -> None:
    call = await _sent(fake, client, "qwen")
    assert call.body["enable_thinking"] is False
    assert call.body["response_format"] == {"type": "json_object"}
    assert "kind (scene or text or translate or maths)" in call.system


async def test_presets(fake: FakeProviders, client: Client) -> None:
    assert (await _sent(fake, client, "ollama")).body["reasoning_effort"] == "none"
    assert (await _sent(fake, client, "lm_studio")).body["response_format"]["type"] == "json_schema"
    assert (await _sent(fake, client, "openrouter")).body["reasoning"] == {"enabled": False}
    g4f = await _sent(fake, client, "g4f")
    assert "authorization" not in g4f.headers, "it would be passed on to strangers"
    assert g4f.headers["g4f-api-key"] == KEY
    assert "max_tokens" in g4f.body
    assert "response_format" not in g4f.body


async def test_no_key_no_authorization(fake: FakeProviders, client: Client) -> None:
    for name in ("custom", "g4f"):
        await ask(custom(fake, client, name, name), key="")
        assert not {"authorization", "g4f-api-key", "x-goog-api-key"} & set(fake[name].calls[-1].headers)


@pytest.mark.parametrize("name", [*VENDORS, "custom", "g4f"])
async def test_a_judge_is_asked_for_its_own_fields(name: str, fake: FakeProviders, client: Client) -> None:
    asked = provider(fake, client, name) if name in CONFIGS else custom(fake, client, name, name)
    reply = await asked.ask(BALLOT, KEY, Learned())
    assert reply.fields is not None
    assert set(reply.fields) == {"best", "why", "merged"}
    assert fake[name].calls[-1].role == "judge"


async def test_a_successor_is_asked_instead(fake: FakeProviders, client: Client) -> None:
    for name, model in (("gemini", "gemini-3.1-flash-lite"), ("chatgpt", "gpt-5.6-luna")):
        call = await _sent(fake, client, name, Learned(successor=model))
        assert call.model == model


async def test_a_blind_model_is_never_called(fake: FakeProviders, client: Client) -> None:
    error = await refused(provider(fake, client, "deepseek", model="deepseek-v4-pro"))
    assert isinstance(error, NoVisionError)
    assert not fake["deepseek"].calls


async def test_repairs_drop_rename_and_set(fake: FakeProviders, client: Client) -> None:
    learned = Learned(
        repairs=(
            Repair("response_format"),
            Repair("max_completion_tokens", instead="max_output"),
            Repair("reasoning_effort", value="low"),
            Repair("not_sent", value=1),
        )
    )
    call = await _sent(fake, client, "chatgpt", learned)
    assert set(call.body) == {"model", "messages", "max_output", "reasoning_effort", "stream", "stream_options"}
    assert call.body["reasoning_effort"] == "low"
    assert "json object" in call.system, "without the schema the fields are told in words"


async def test_gemini_repairs_reach_nested_parameters(fake: FakeProviders, client: Client) -> None:
    learned = Learned(repairs=(Repair("thinkingLevel", value="low"), Repair("mediaResolution")))
    config = (await _sent(fake, client, "gemini", learned)).body["generationConfig"]
    assert config["thinkingConfig"] == {"thinkingLevel": "low"}
    assert "mediaResolution" not in config
    learned = Learned(repairs=(Repair("systemInstruction"), Repair("responseMimeType"), Repair("thinkingLevel")))
    call = await _sent_leniently(fake, client, learned)
    assert "systemInstruction" not in call.body
    assert call.body["generationConfig"].keys() == {"maxOutputTokens", "mediaResolution"}
    assert call.text.startswith(QUESTION.instructions)
    assert "json object" in call.text


async def _sent_leniently(fake: FakeProviders, client: Client, learned: Learned) -> Call:
    await ask(provider(fake, client, "gemini"), learned=learned)
    return fake["gemini"].calls[-1]


REFUSALS = [
    ("chatgpt", "Unrecognized request argument supplied: reasoning_effort", Repair("reasoning_effort")),
    (
        "chatgpt",
        "Unsupported value: 'reasoning_effort' does not support 'none' with this model. Supported values are: "
        "'low', 'medium', and 'high'.",
        Repair("reasoning_effort", value="low"),
    ),
    ("chatgpt", "Invalid schema for response_format 'frame_answer': ...", Repair("response_format")),
    ("custom", "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
     Repair("max_tokens", instead="max_completion_tokens")),
    ("custom", "Unsupported parameter: 'max_tokens'. Use 'messages' instead.",
     Repair("max_tokens", instead="max_completion_tokens")),
    ("custom", "Unknown field 'response_format'. Did you mean 'model'?", Repair("response_format")),
    ("custom", "Unsupported parameter: 'stream'. Use 'messages' instead.", Repair("stream")),
    ("custom", "Streaming is not supported for this model.", Repair("stream")),
    ("custom", "stream must be false", Repair("stream", value=False)),
    ("custom", "Unrecognized request argument supplied: stream_options", Repair("stream_options")),
    ("custom", "parameter.enable_thinking must be set to false for non-streaming calls", None),
    ("custom", "Failed to read messages: unexpected end of stream", None),
    ("gemini", "The model does not support streamGenerateContent.", Repair("stream")),
    ("custom", "max_tokens is too large: 800. At most 512.", Repair("max_tokens")),
    ("custom", "Failed to parse grammar", Repair("response_format")),
    ("custom", "failed to parse json_schema: unsupported keyword additionalProperties", Repair("response_format")),
    *(("custom", message, Repair("max_tokens", value=256)) for message in (
        "This model's maximum context length is 1024 tokens. However, you requested 1500 tokens (700 in the messages, "
        "800 in the completion). Please reduce the length of the messages or completion.",
        "the request exceeds the available context size, try increasing it", "Input is too long for requested model.",
        "Requested tokens (2210) exceed context window of 2048", "prompt is too long: 210000 tokens > 200000 maximum",
        "Trying to keep the first 4513 tokens when context the overflows. However, the model is loaded with 4096",
    )),
    ("gemini", "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
     Repair("maxOutputTokens", value=256)),
    ("custom", "'response_format.type' must be 'json_object' or 'text'", Repair("response_format")),
    ("custom", "This server does not do structured outputs", Repair("response_format")),
    ("ollama", '"llava" does not support thinking', Repair("reasoning_effort")),
    ("openrouter", "Reasoning is mandatory for this endpoint and cannot be disabled.", Repair("reasoning")),
    ("deepseek", "unknown field `thinking`", Repair("thinking")),
    ("qwen", "parameter.enable_thinking must be set to true for this model", Repair("enable_thinking", value=True)),
    ("gemini", 'Invalid JSON payload received. Unknown name "thinkingLevel" at \'generation_config.thinking_config\'',
     Repair("thinkingLevel")),
    ("gemini", "Thinking level MINIMAL is not supported for this model.", Repair("thinkingLevel", value="low")),
    ("gemini", "Media resolution is not enabled for this model.", Repair("mediaResolution")),
    ("gemini", "JSON mode is not enabled for models/gemma-3-27b-it", Repair("responseMimeType")),
    ("gemini", "Developer instruction is not enabled for models/gemma-3-27b-it", Repair("systemInstruction")),
    ("gemini", "The specified schema produces a constraint that has too many states for serving.",
     Repair("responseJsonSchema")),
    ("gemini", "Request contains an invalid argument.", None),
    ("chatgpt", "Something else is wrong.", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "message", "repair"), REFUSALS)
async def test_a_400_teaches(
    name: str, message: str, repair: Repair | None, fake: FakeProviders, client: Client
) -> None:
    fake[name].always(fakes.bad_request(message))
    error = await refused(provider(fake, client, name) if name in CONFIGS else custom(fake, client, name, name))
    assert isinstance(error, BadRequestError)
    assert error.repair == repair


@pytest.mark.parametrize("status", [400, 413, 422, 500])
async def test_a_context_that_is_too_small_is_told_and_tried_once_with_a_shorter_reply(
    status: int, fake: FakeProviders, client: Client
) -> None:
    fake["custom"].always(fakes.error(status, "the request exceeds the available context size"))
    asked = custom(fake, client, "custom", "custom")
    error = await refused(asked)
    assert isinstance(error, BadRequestError)
    assert "context" in str(error)
    assert error.repair is not None
    error = await refused(asked, learned=Learned(repairs=(error.repair,)))
    assert isinstance(error, BadRequestError)
    assert error.repair is None


async def test_a_server_that_fails_over_the_grammar_is_asked_without(fake: FakeProviders, client: Client) -> None:
    fake["custom"].always(fakes.error(500, "Failed to initialize samplers: failed to parse grammar"))
    asked = custom(fake, client, "custom", "custom")
    error = await refused(asked)
    assert isinstance(error, BadRequestError)
    assert error.repair == Repair("response_format")
    error = await refused(asked, learned=Learned(repairs=(error.repair,)))
    assert isinstance(error, BadRequestError)
    assert "form" in str(error)


async def test_who_refuses_streams_is_asked_without(fake: FakeProviders, client: Client) -> None:
    call = await _sent(fake, client, "chatgpt", Learned(repairs=(Repair("stream", value=False),)))
    assert call.body["stream"] is False
    assert "stream_options" not in call.body
    call = await _sent(fake, client, "gemini", Learned(repairs=(Repair("stream"),)))
    assert call.path.endswith(":generateContent")
    call = await _sent(fake, client, "deepseek", Learned(repairs=(Repair("stream_options"),)))
    assert call.body["stream"] is True


@pytest.mark.parametrize(("status", "message"), [
    (404, "Method streamGenerateContent is not found."), (501, "Streaming is not supported."),
    (405, "streamGenerateContent not allowed"),
])  # fmt: skip
async def test_a_relay_without_streams_is_no_failure_of_the_model(
    status: int, message: str, fake: FakeProviders, client: Client
) -> None:
    fake["gemini"].always(fakes.error(status, message))
    error = await refused(provider(fake, client, "gemini"))
    assert isinstance(error, BadRequestError)
    assert error.repair == Repair("stream")
    fake["gemini"].always(fakes.model_gone("gemini-3.5-flash-lite"))
    assert (await refused(provider(fake, client, "gemini"))).word == "model_gone"


async def test_a_stored_repair_renames_to_no_other_field(fake: FakeProviders, client: Client) -> None:
    call = await _sent(fake, client, "chatgpt", Learned(repairs=(Repair("max_completion_tokens", instead="messages"),)))
    assert isinstance(call.body["messages"], list)
    assert isinstance(call.body["max_completion_tokens"], int)


async def test_a_2_5_model_that_must_think_thinks_little(fake: FakeProviders, client: Client) -> None:
    fake["gemini"].always(fakes.bad_request("Budget 0 is invalid. This model only works in thinking mode."))
    error = await refused(provider(fake, client, "gemini", model="gemini-2.5-flash-lite"))
    assert isinstance(error, BadRequestError)
    assert error.repair == Repair("thinkingBudget", value=128)


async def test_a_repair_that_did_not_help_becomes_leaving_out(fake: FakeProviders, client: Client) -> None:
    fake["qwen"].always(fakes.bad_request("parameter.enable_thinking must be set to true"))
    learned = Learned(repairs=(Repair("enable_thinking", value=True),))
    error = await refused(provider(fake, client, "qwen"), learned=learned)
    assert isinstance(error, BadRequestError)
    assert error.repair == Repair("enable_thinking")


async def test_fastapi_names_the_parameter(fake: FakeProviders, client: Client) -> None:
    fake["ollama"].always(fakes.fastapi_error(message="Input should be 'low', 'medium' or 'high'"))
    error = await refused(custom(fake, client, "ollama", "ollama"))
    assert isinstance(error, BadRequestError)
    assert error.repair == Repair("reasoning_effort", value="low")


@pytest.mark.parametrize("tail", ["", "/", "/chat/completions"])
async def test_addresses_are_taken_as_people_paste_them(tail: str, fake: FakeProviders, client: Client) -> None:
    config = ProviderConfig("mine", "custom", fake.base_url("custom") + tail, "m")
    assert not isinstance(await ask(build(config, client, None)), ProviderError)
