"""The official SDKs as judges of our fakes: what they accept and raise here is what they accept and raise out there."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from google import genai
from google.genai import errors, types
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests import fakes
from tests.fakes import FakeProviders, Script
from tests.providers.asking import JPEG, KEY, QUESTION

URL = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()
MESSAGES: list[Any] = [
    {"role": "system", "content": "Reply with a json object."},
    {"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": URL, "detail": "low"}}, {"type": "text", "text": "What is this?"},
    ]},
]  # fmt: skip
OPENAI_FAMILY = {"chatgpt": "gpt-6-luna", "deepseek": "deepseek-flash", "qwen": "qwen3.8-flash", "custom": "m"}

SUCCESSES = {
    "ok": fakes.ok(), "unsure": fakes.unsure(), "verdict": fakes.verdict(), "plain": fakes.plain(),
    "fenced": fakes.fenced(), "thinking_aloud": fakes.thinking_aloud(), "refusal": fakes.refusal(),
    "content_filter": fakes.content_filter(), "thinking_ate_budget": fakes.thinking_ate_budget(),
    "cut_answer": fakes.cut_answer(), "empty": fakes.empty(), "blank_lines": fakes.blank_lines(),
    "slow_body": fakes.slow_body(0.001),
}  # fmt: skip


@pytest.fixture
async def chat(fake: FakeProviders) -> AsyncIterator[openai.AsyncOpenAI]:
    async with _openai(fake, "chatgpt") as client:
        yield client


def _openai(fake: FakeProviders, name: str, key: str = KEY) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=fake.base_url(name), api_key=key, max_retries=0, timeout=5, _strict_response_validation=True
    )


@pytest.fixture
async def google(fake: FakeProviders) -> AsyncIterator[genai.client.AsyncClient]:
    options = types.HttpOptions(
        base_url=fake.base_url("gemini").removesuffix("/v1beta"),
        api_version="v1beta",
        timeout=5_000,
        retry_options=types.HttpRetryOptions(attempts=1),
    )
    client = genai.Client(api_key=KEY, http_options=options)
    yield client.aio
    await client.aio.aclose()
    client.close()


async def _complete(client: openai.AsyncOpenAI, model: str = "gpt-6-luna") -> ChatCompletion:
    return await client.chat.completions.create(model=model, messages=MESSAGES, max_completion_tokens=800)


CONTENTS: Any = [types.Part.from_bytes(data=JPEG, mime_type="image/jpeg"), "What is this?"]


def _config() -> types.GenerateContentConfig:
    return types.GenerateContentConfig(
        system_instruction="Reply with JSON.",
        max_output_tokens=800,
        response_mime_type="application/json",
        response_json_schema=dict(QUESTION.schema),
        media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL),
    )


async def _generate(google: genai.client.AsyncClient, model: str = "gemini-3.5-flash-lite") -> Any:
    return await google.models.generate_content(model=model, contents=CONTENTS, config=_config())


@pytest.mark.parametrize("name", SUCCESSES)
async def test_openai_accepts_every_success(name: str, fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    fake["chatgpt"].always(SUCCESSES[name])
    completion = await _complete(chat)
    ChatCompletion.model_validate_json(SUCCESSES[name].canned("openai", "m").body)
    assert completion.choices[0].message.role == "assistant"
    call = fake["chatgpt"].calls[-1]
    assert (call.jpeg, call.role) == (JPEG, "answer")


@pytest.mark.parametrize("name", SUCCESSES)
@pytest.mark.filterwarnings("ignore:.*finish_reason.*", "ignore:.*there are non-text parts.*")
async def test_genai_accepts_every_success(name: str, fake: FakeProviders, google: genai.client.AsyncClient) -> None:
    fake["gemini"].always(SUCCESSES[name])
    response = await _generate(google)
    types.GenerateContentResponse.model_validate_json(SUCCESSES[name].canned("gemini", "m").body)
    assert response.candidates or response.prompt_feedback.block_reason
    call = fake["gemini"].calls[-1]
    assert call.jpeg == JPEG, "URL-safe base64 and mixed spellings are understood"


@pytest.mark.parametrize("name", SUCCESSES)
async def test_openai_accepts_every_stream(name: str, fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    fake["chatgpt"].always(SUCCESSES[name])
    said = (await _complete(chat)).choices[0]
    stream = await chat.chat.completions.create(
        model="gpt-6-luna", messages=MESSAGES, max_completion_tokens=800, stream=True,
        stream_options={"include_usage": True},
    )  # fmt: skip
    chunks = [ChatCompletionChunk.model_validate(chunk.model_dump(exclude_unset=True)) async for chunk in stream]
    *told, end, usage = chunks
    assert "".join(chunk.choices[0].delta.content or "" for chunk in told) == (said.message.content or "")
    assert "".join(chunk.choices[0].delta.refusal or "" for chunk in told) == (said.message.refusal or "")
    assert end.choices[0].finish_reason == said.finish_reason
    assert not usage.choices
    assert usage.usage is not None
    assert usage.usage.total_tokens == 440


@pytest.mark.parametrize("name", SUCCESSES)
@pytest.mark.filterwarnings("ignore:.*finish_reason.*", "ignore:.*there are non-text parts.*")
async def test_genai_accepts_every_stream(name: str, fake: FakeProviders, google: genai.client.AsyncClient) -> None:
    fake["gemini"].always(SUCCESSES[name])
    whole = await _generate(google)
    stream = await google.models.generate_content_stream(
        model="gemini-3.5-flash-lite", contents=CONTENTS, config=_config()
    )
    chunks = [chunk async for chunk in stream]
    assert fake["gemini"].calls[-1].path.endswith(":streamGenerateContent")
    assert "".join(chunk.text or "" for chunk in chunks) == (whole.text or "")
    if whole.candidates:
        assert chunks[-1].candidates[0].finish_reason == whole.candidates[0].finish_reason
        counts = [chunk.usage_metadata.candidates_token_count for chunk in chunks]
        assert counts == sorted(counts)
        assert counts[-1] == 28


@pytest.mark.parametrize("script", [fakes.overloaded(), fakes.bad_key()])
async def test_refusals_of_a_stream(script: Script, fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    fake["chatgpt"].always(script)
    with pytest.raises(openai.APIStatusError):
        await chat.chat.completions.create(model="gpt-6-luna", messages=MESSAGES, stream=True)


async def test_options_of_a_stream_are_for_streams(fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="stream_options"):
        await chat.chat.completions.create(
            model="gpt-6-luna", messages=MESSAGES, stream_options={"include_usage": True}
        )
    stream = await chat.chat.completions.create(model="gpt-6-luna", messages=MESSAGES, stream=True)
    assert not [chunk for chunk in [chunk async for chunk in stream] if chunk.usage or not chunk.choices]


@pytest.mark.parametrize(("name", "model"), OPENAI_FAMILY.items())
async def test_openai_speaks_to_every_vendor(name: str, model: str, fake: FakeProviders) -> None:
    async with _openai(fake, name) as client:
        completion = await _complete(client, model)
        assert completion.model == model
        listed = [entry.id async for entry in client.models.list()]
    assert set(listed) == set(fake[name].models or ("custom-vision", "custom-text"))


async def test_genai_lists_models(fake: FakeProviders, google: genai.client.AsyncClient) -> None:
    listed = [model.name async for model in await google.models.list(config={"query_base": True})]
    assert listed[0] == "models/gemini-embedding-2"
    assert set(listed[1:]) == {f"models/{name}" for name in fake["gemini"].models}
    assert fake["gemini"].count == 3, "page by page"


OPENAI_ERRORS: list[tuple[Script, type[Exception]]] = [
    (fakes.bad_key(), openai.AuthenticationError),
    (fakes.forbidden(), openai.PermissionDeniedError),
    (fakes.region(), openai.PermissionDeniedError),
    (fakes.model_gone(), openai.NotFoundError),
    (fakes.deepseek_model_gone(), openai.BadRequestError),
    (fakes.no_vision(), openai.BadRequestError),
    (fakes.image_rejected(), openai.BadRequestError),
    (fakes.unsupported("max_tokens", "max_completion_tokens"), openai.BadRequestError),
    (fakes.string_error(), openai.BadRequestError),
    (fakes.fastapi_error(), openai.UnprocessableEntityError),
    (fakes.rate(), openai.RateLimitError),
    (fakes.quota_day(), openai.RateLimitError),
    (fakes.billing(), openai.RateLimitError),
    (fakes.server_error(), openai.InternalServerError),
    (fakes.overloaded(), openai.InternalServerError),
    (fakes.html(502), openai.InternalServerError),
    (fakes.dropped(), openai.APIConnectionError),
    (fakes.error_in_200(), openai.APIResponseValidationError),
    (fakes.null_choices(), openai.APIResponseValidationError),
    (fakes.bare_object(), openai.APIResponseValidationError),
    (fakes.html(200), openai.APIResponseValidationError),
]


@pytest.mark.parametrize(("script", "kind"), OPENAI_ERRORS)
async def test_openai_raises(
    script: Script, kind: type[Exception], fake: FakeProviders, chat: openai.AsyncOpenAI
) -> None:
    fake["chatgpt"].always(script)
    with pytest.raises(kind):
        await _complete(chat)


async def test_openai_reads_the_fields_of_errors(fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    fake["chatgpt"].queue(fakes.payment_required(), fakes.billing(), fakes.unsupported("max_tokens"), fakes.rate(7))
    with pytest.raises(openai.APIStatusError) as caught:
        await _complete(chat)
    assert caught.value.status_code == 402
    with pytest.raises(openai.RateLimitError) as quota:
        await _complete(chat)
    assert quota.value.code == "insufficient_quota"
    with pytest.raises(openai.BadRequestError) as refused:
        await _complete(chat)
    assert (refused.value.param, refused.value.code) == ("max_tokens", "unsupported_parameter")
    with pytest.raises(openai.RateLimitError) as rate:
        await _complete(chat)
    assert rate.value.response.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("script", "kind", "code", "status"),
    [
        (fakes.bad_key(), errors.ClientError, 400, "INVALID_ARGUMENT"),
        (fakes.forbidden(), errors.ClientError, 403, "PERMISSION_DENIED"),
        (fakes.region(), errors.ClientError, 400, "FAILED_PRECONDITION"),
        (fakes.model_gone(), errors.ClientError, 404, "NOT_FOUND"),
        (fakes.rate(), errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        (fakes.quota_day(), errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        (fakes.billing(), errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        (fakes.server_error(), errors.ServerError, 500, "INTERNAL"),
        (fakes.overloaded(), errors.ServerError, 503, "UNAVAILABLE"),
    ],
)
async def test_genai_raises(
    script: Script, kind: type[errors.APIError], code: int, status: str, fake: FakeProviders,
    google: genai.client.AsyncClient,
) -> None:  # fmt: skip
    fake["gemini"].always(script)
    with pytest.raises(kind) as caught:
        await _generate(google)
    assert (caught.value.code, caught.value.status) == (code, status)


async def test_the_fakes_are_strict(fake: FakeProviders, chat: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        await _complete(chat, "gpt-4-vision-preview")
    with pytest.raises(openai.BadRequestError, match="max_completion_tokens"):
        await chat.chat.completions.create(model="gpt-6-luna", messages=MESSAGES, max_tokens=9)
    with pytest.raises(openai.BadRequestError, match="temperature"):
        await chat.chat.completions.create(model="gpt-6-luna", messages=MESSAGES, temperature=0)
    no_picture: list[Any] = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,AAAA"}}]}]
    with pytest.raises(openai.BadRequestError, match="image"):
        await chat.chat.completions.create(model="gpt-6-luna", messages=no_picture)
    async with _openai(fake, "deepseek") as client:
        with pytest.raises(openai.BadRequestError, match="supported API model names"):
            await _complete(client, "deepseek-chat")
        with pytest.raises(openai.BadRequestError, match="image_url"):
            await _complete(client, "deepseek-v4-pro")
        with pytest.raises(openai.BadRequestError, match="word 'json'"):
            await client.chat.completions.create(
                model="deepseek-flash", messages=MESSAGES[1:], response_format={"type": "json_object"}
            )
    fake["chatgpt"].keys = frozenset({"another"})
    with pytest.raises(openai.AuthenticationError):
        await chat.models.list()
