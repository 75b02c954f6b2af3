"""Every row of the table in app/providers/README.md, What an error means, and the shapes in which servers say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from app.core.errors import ModelGoneError
from app.providers import Client
from tests import fakes
from tests.fakes import FakeProviders, Script
from tests.providers.asking import VENDORS, custom, provider, refused

COMMON: list[tuple[str, Script]] = [
    ("auth", fakes.bad_key()),
    ("auth", fakes.forbidden()),
    ("region", fakes.region()),
    ("region", fakes.forbidden("Your country is not supported.")),
    ("billing", fakes.payment_required()),
    ("billing", fakes.billing()),
    ("rate", fakes.rate(20)),
    ("quota", fakes.quota_day()),
    ("overload", fakes.server_error()),
    ("overload", fakes.overloaded()),
    ("overload", fakes.html(502)),
    ("overload", fakes.html(503)),
    ("overload", fakes.raw(529, "busy")),
    ("rate", fakes.html(429)),
    ("bad_reply", fakes.html(200, "Just a moment...")),
    ("bad_reply", fakes.html(403, "Attention Required!")),
    ("bad_reply", fakes.html(404, "Not Found")),
    ("bad_reply", fakes.garbage()),
    ("bad_reply", fakes.cut_body()),
    ("bad_reply", fakes.only_blanks()),
    ("bad_reply", fakes.raw(200, "")),
    ("bad_reply", fakes.raw(204, "")),
    ("bad_reply", fakes.redirect()),
    ("bad_reply", fakes.raw(200, [1, 2])),
    ("bad_reply", fakes.raw(200, b"7")),
    ("bad_reply", fakes.raw(200, b'"words"')),
    ("bad_reply", fakes.raw(200, b"null")),
    ("bad_reply", fakes.raw(200, b"[" * 5_000)),
    ("bad_reply", fakes.raw(200, {"choices": 7, "candidates": 7})),
    ("bad_reply", fakes.raw(200, {"choices": ["x"], "candidates": ["x"]})),
    ("bad_reply", fakes.raw(200, {"choices": [{"message": 7}], "candidates": [{"content": 7}]})),
    ("empty", fakes.bare_object()),
    ("empty", fakes.null_choices()),
    ("empty", fakes.raw(200, {"choices": [], "candidates": []})),
    ("empty", fakes.raw(200, {"choices": [{"message": None}], "candidates": [{"content": None}]})),
    ("empty", fakes.empty()),
    ("empty", fakes.said(" \n ")),
    ("empty", fakes.said("{}")),
    ("empty", fakes.said('""')),
    ("empty", fakes.said("null")),
    ("empty", fakes.said("```json\n```")),
    ("empty", fakes.said("<think>hm")),
    ("blocked", fakes.refusal()),
    ("blocked", fakes.content_filter()),
    ("truncated", fakes.thinking_ate_budget()),
    ("truncated", fakes.cut_answer()),
    ("truncated", fakes.said('{"answer": "Take 2 tabl')),
    ("truncated", fakes.said('Here: ```json\n{"seen": "a label", "answer": "Take 2 tabl')),
    ("truncated", fakes.said('{"seen": "x", "answer": "a", "confidence": 0.9')),
    ("truncated", fakes.said('```json\n{"ans')),
    ("model_gone", fakes.model_gone()),
    ("model_gone", fakes.raw(404, '{"error": "model \'x\' not found, try pulling it first"}')),
    ("model_gone", fakes.raw(410, "gone")),
    ("no_vision", fakes.no_vision()),
    ("image_rejected", fakes.image_rejected()),
    ("image_rejected", fakes.raw(413, "Payload Too Large")),
    ("image_rejected", fakes.string_error()),
    ("bad_request", fakes.bad_request()),
    ("bad_request", fakes.raw(422, {"detail": "no"})),
    ("bad_request", fakes.raw(409, "")),
    ("timeout", fakes.raw(408, {"error": {"message": "Request timed out", "code": 408}})),
    # errors that come with a 200
    ("rate", fakes.error_in_200(429)),
    ("billing", fakes.error_in_200(402, "Insufficient credits")),
    ("overload", fakes.error_in_200(502, "Provider returned error")),
    ("auth", fakes.error_in_200("invalid_api_key", "No.")),
    ("overload", fakes.error_in_200("server_error", "No.")),
    ("bad_reply", fakes.string_error(200, "Something went wrong")),
    ("no_vision", fakes.string_error(200, "Model does not support images")),
]


@pytest.mark.parametrize(("word", "script"), COMMON)
@pytest.mark.parametrize("name", ["gemini", "chatgpt"])
async def test_both_dialects(word: str, script: Script, name: str, fake: FakeProviders, client: Client) -> None:
    fake[name].always(script)
    assert (await refused(provider(fake, client, name))).word == word


def _openai_error(status: int, message: str, **rest: Any) -> Script:
    return fakes.raw(status, {"error": {"message": message, **rest}})


VENDORS_OWN: list[tuple[str, str, Script]] = [
    # Gemini
    ("gemini", "blocked", fakes.said("half of it", ending="SPII")),
    ("gemini", "blocked", fakes.said(None, ending="IMAGE_SAFETY")),
    ("gemini", "empty", fakes.said(None, ending="MALFORMED_FUNCTION_CALL")),
    ("gemini", "empty", fakes.said("words", ending="A_REASON_OF_NEXT_YEAR")),
    ("gemini", "truncated", fakes.said('{"answer": "x"}', ending="CONTINUATION")),
    ("gemini", "overload", fakes.raw(503, [{"error": {"code": 503, "message": "x", "status": "UNAVAILABLE"}}])),
    ("gemini", "overload", fakes.raw(200, [{"error": {"code": 503, "message": "x", "status": "UNAVAILABLE"}}])),
    ("gemini", "auth", fakes.error(400, "API key expired. Please renew the API key.", word="INVALID_ARGUMENT")),
    ("gemini", "region", fakes.error(400, "Gemini API free tier is not available in your country.")),
    ("gemini", "rate", fakes.error(429, "Resource has been exhausted (e.g. check quota).")),
    ("gemini", "image_rejected", fakes.error(400, "Provided image is not valid.")),
    ("gemini", "model_gone", fakes.error(404, "This model is no longer available to new users.")),
    # OpenAI and who follows it
    ("chatgpt", "no_vision", _openai_error(400, "image_url is only supported by certain models.")),
    ("chatgpt", "model_gone", _openai_error(403, "Project does not have access to model.", code="model_not_found")),
    ("chatgpt", "blocked", _openai_error(400, "Your request was rejected.", code="content_policy_violation")),
    ("chatgpt", "image_rejected", _openai_error(400, "Invalid base64 image_url.", code="invalid_base64")),
    ("chatgpt", "quota", _openai_error(429, "Limit reached: requests per day (RPD)", code="rate_limit_exceeded")),
    ("chatgpt", "empty", fakes.said(None, ending="tool_calls")),
    # DeepSeek
    ("deepseek", "model_gone", fakes.deepseek_model_gone()),
    ("deepseek", "model_gone", _openai_error(400, "Model Not Exist", code="invalid_request_error")),
    ("deepseek", "bad_request", _openai_error(422, "Invalid parameters")),
    ("deepseek", "overload", fakes.said("", ending="insufficient_system_resource")),
    # Qwen
    ("qwen", "blocked", _openai_error(400, "Output data may contain inappropriate content.")),
    ("qwen", "rate", _openai_error(429, "Requests throttled.", code="Throttling.RateQuota")),
    ("qwen", "auth", _openai_error(403, "Access denied.", code="access_denied")),
    ("qwen", "billing", _openai_error(403, "The free tier has been used.", code="AllocationQuota.FreeTierOnly")),
    ("qwen", "billing", _openai_error(400, "Access denied, overdue payment.", code="Arrearage")),
    ("qwen", "model_gone", _openai_error(404, "The model `x` does not exist.", code="model_not_found")),
    ("qwen", "rate", fakes.raw(200, {"code": "Throttling", "message": "Requests throttled.", "request_id": "1"})),
    # customs
    ("custom", "no_vision", fakes.string_error(400, "this model is missing data required for image input")),
    ("custom", "no_vision", _openai_error(500, "image input is not supported - hint: you may need the mmproj")),
    ("custom", "no_vision", _openai_error(400, "llama-8b is not a multimodal model")),
    ("custom", "no_vision", fakes.fastapi_error(["body", "messages", 1, "content"], "Input should be a valid string")),
    ("custom", "overload", fakes.string_error(500, "llama runner process has terminated")),
    ("custom", "overload", fakes.raw(500, {"error": {"message": "Request execution failed"}, "model": "m"})),
    ("openrouter", "no_vision", _openai_error(404, "No endpoints found that support image input", code=404)),
    ("openrouter", "blocked", _openai_error(403, "Your chosen model requires moderation and your input was flagged")),
    ("openrouter", "quota", _openai_error(429, "Rate limit exceeded: free-models-per-day", code=429)),
    ("openrouter", "model_gone", _openai_error(400, "acme/x is not a valid model ID", code=400)),
    ("openrouter", "image_rejected", fakes.raw(
        400, {"error": {"message": "It failed", "code": 400, "metadata": {"raw": "could not read image"}}},
    )),
    ("openrouter", "overload", fakes.raw(200, {"choices": [
        {"index": 0, "finish_reason": "error", "error": {"code": 502, "message": "x"}, "message": {"content": "half"}},
    ]})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "word", "script"), VENDORS_OWN)
async def test_a_vendors_own_words(name: str, word: str, script: Script, fake: FakeProviders, client: Client) -> None:
    fake[name].always(script)
    asked = provider(fake, client, name) if name in VENDORS else custom(fake, client, name)
    error = await refused(asked)
    assert error.word == word, error


@pytest.mark.parametrize(("model", "successor"), [("deepseek-chat", "deepseek-flash"), ("nobody-knows-it", None)])
async def test_a_successor_comes_from_the_vendors_table_alone(
    model: str, successor: str | None, fake: FakeProviders, client: Client
) -> None:
    error = await refused(provider(fake, client, "deepseek", model=model))
    assert isinstance(error, ModelGoneError)
    assert (error.successor, error.is_certain) == (successor, True)


PASSING_404 = [
    fakes.raw(404, "404 page not found"),
    fakes.raw(404, ""),
    fakes.raw(404, {"detail": "Not Found"}),
    fakes.raw(404, {"message": "no Route matched with those values"}),
    _openai_error(404, "Invalid URL (POST /chat/completions)"),
    _openai_error(404, "The model is currently loading, please wait."),
    _openai_error(404, "model 'x' is not loaded"),
    _openai_error(
        404,
        "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, "
        "please wait a moment and try again.",
        code="DeploymentNotFound",
    ),
    _openai_error(404, "Model x is warming up. Try again later.", code="model_not_found"),
]


@pytest.mark.parametrize("script", PASSING_404)
async def test_a_404_that_speaks_of_loading_or_of_no_model_is_an_overload(
    script: Script, fake: FakeProviders, client: Client
) -> None:
    fake["custom"].always(script)
    assert (await refused(custom(fake, client))).word == "overload"


DATA_POLICY = "No endpoints found matching your data policy. Configure it in the privacy settings."


@pytest.mark.parametrize(
    ("script", "is_certain"),
    [
        (fakes.model_gone(), False),
        (_openai_error(404, "No endpoints found for acme/x."), False),
        (fakes.raw(404, {"error": "model 'x' not found, try pulling it first"}), False),
        (_openai_error(404, DATA_POLICY, code=404), True),
        (_openai_error(400, "x is not a valid model ID"), True),
        (_openai_error(403, "Project does not have access to model.", code="model_not_found"), True),
    ],
)
async def test_a_404_about_a_model_alone_proves_nothing(
    script: Script, is_certain: bool, fake: FakeProviders, client: Client
) -> None:
    fake["custom"].always(script)
    error = await refused(custom(fake, client))
    assert isinstance(error, ModelGoneError)
    assert error.is_certain is is_certain


LIMIT_ZERO = "Quota exceeded, {}. Please retry in 7.9s."


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("limit: 0", "billing"),
        ("limit: 0, model: gemini-2.0-flash", "billing"),
        ("limit: 0.5", "rate"),
        ("limit: 10", "rate"),
        ("limit: 05", "rate"),
    ],
)
async def test_a_limit_of_zero_is_no_free_tier(text: str, word: str, fake: FakeProviders, client: Client) -> None:
    fake["gemini"].always(fakes.error(429, LIMIT_ZERO.format(text)))
    assert (await refused(provider(fake, client, "gemini"))).word == word


@pytest.mark.parametrize(
    ("headers", "message", "wait_s"),
    [
        ({}, "Too many.", None),
        ({"Retry-After": "20"}, "", 20),
        ({"Retry-After": "0.2"}, "", 1),
        ({"Retry-After": "0"}, "", 0),
        ({"retry-after-ms": "1500"}, "", 2),
        ({"Retry-After": "1", "retry-after-ms": "700"}, "Please try again in 20s.", 20),
        ({}, "Please retry in 45.837906927s.", 46),
        ({}, "Please try again in 6m0s.", 360),
        ({}, "Please try again in 1m30.5s", 91),
        ({}, "Try again in 120ms.", 1),
        ({}, "please retry after 2 minutes", 120),
        ({"Retry-After": "-5"}, "", None),
        ({"Retry-After": "nan"}, "", None),
        ({"Retry-After": "inf"}, "", None),
        ({"Retry-After": "soon"}, "", None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", 0),
    ],
)
async def test_waits_are_whole_seconds_rounded_up(
    headers: dict[str, str], message: str, wait_s: int | None, fake: FakeProviders, client: Client
) -> None:
    fake["chatgpt"].always(fakes.error(429, message, code="rate_limit_exceeded", headers=headers))
    error = await refused(provider(fake, client, "chatgpt"))
    assert (error.word, error.retry_after_s) == ("rate", wait_s)


async def test_a_date_is_a_wait(fake: FakeProviders, client: Client) -> None:
    in_two_minutes = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)
    fake["chatgpt"].always(fakes.error(429, "", headers={"Retry-After": in_two_minutes}))
    wait_s = (await refused(provider(fake, client, "chatgpt"))).retry_after_s
    assert wait_s is not None
    assert 60 <= wait_s <= 120


def _date(in_s: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=in_s), usegmt=True)


@pytest.mark.parametrize("clock_is_off_s", [0, 86_400, -86_400, None])
@pytest.mark.parametrize("form", ["seconds", "milliseconds", "fraction", "date"])
async def test_a_moment_is_held_against_the_replys_own_clock(
    form: str, clock_is_off_s: int | None, fake: FakeProviders, client: Client
) -> None:
    moment = datetime.now(UTC).timestamp() + (clock_is_off_s or 0) + 120
    forms = {
        "seconds": f"{moment:.0f}", "milliseconds": f"{moment * 1_000:.0f}", "fraction": f"{moment:.3f}",
        "date": _date((clock_is_off_s or 0) + 120),
    }  # fmt: skip
    headers = {"Retry-After": forms[form]}
    headers["Date"] = "no date" if clock_is_off_s is None else _date(clock_is_off_s)
    fake["chatgpt"].always(fakes.error(429, "", headers=headers))
    error = await refused(provider(fake, client, "chatgpt"))
    assert error.word == "rate"
    assert error.retry_after_s is not None
    assert 110 <= error.retry_after_s <= 122


@pytest.mark.parametrize("header", ["1000000000", "1700000000000", "1e300", "1e9999", "-1e12", "9" * 400])
async def test_a_moment_that_is_past_or_absurd_is_bounded(header: str, fake: FakeProviders, client: Client) -> None:
    fake["chatgpt"].always(fakes.error(429, "", headers={"Retry-After": header}))
    assert (await refused(provider(fake, client, "chatgpt"))).retry_after_s in {0, None, 7 * 86_400}


@pytest.mark.parametrize(("header", "wait_s"), [("3600", 3_600), ("86400", 86_400), ("99999999999", 7 * 86_400)])
async def test_hours_are_a_quota(header: str, wait_s: int, fake: FakeProviders, client: Client) -> None:
    fake["custom"].always(fakes.error(429, "Slow down.", headers={"Retry-After": header}))
    error = await refused(custom(fake, client))
    assert (error.word, error.retry_after_s) == ("quota", wait_s)


async def test_an_overloaded_server_may_name_a_wait(fake: FakeProviders, client: Client) -> None:
    fake["chatgpt"].always(fakes.overloaded(30))
    error = await refused(provider(fake, client, "chatgpt"))
    assert (error.word, error.retry_after_s) == ("overload", 30)


async def test_a_long_hostile_message_is_read_quickly(fake: FakeProviders, client: Client) -> None:
    for message in ("model " * 200_000, "retry in " + "1s " * 300_000, "limit: 0" + "." * 500_000, "use a" * 200_000):
        fake["custom"].always(_openai_error(429, message))
        assert (await refused(custom(fake, client))).word in {"rate", "billing"}
        fake["custom"].always(_openai_error(400, message))
        assert (await refused(custom(fake, client))).word in {"bad_request", "model_gone"}


async def test_sentences_are_ours_and_short(fake: FakeProviders, client: Client) -> None:
    for _, script in COMMON:
        fake["chatgpt"].always(script)
        sentence = str(await refused(provider(fake, client, "chatgpt")))
        assert len(sentence) < 110
        assert sentence.isascii()
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not {"sk-ca", "<html", "Cloudflare", "tabl", "thinking"} & set(sentence.split())


@pytest.mark.parametrize("name", ["gemini", "chatgpt"])
@pytest.mark.parametrize(
    "script", [fakes.thinking_ate_budget(), fakes.cut_answer(), fakes.content_filter(), fakes.empty()]
)
async def test_a_reply_without_a_usable_answer_still_tells_what_it_used(
    script: Script, name: str, fake: FakeProviders, client: Client
) -> None:
    fake[name].always(script)
    error = await refused(provider(fake, client, name))
    assert error.usage is not None
    assert error.usage.input_tokens >= 410
    assert error.usage.output_tokens >= 28


async def test_a_refused_request_used_nothing(fake: FakeProviders, client: Client) -> None:
    fake["chatgpt"].always(fakes.rate(7))
    assert (await refused(provider(fake, client, "chatgpt"))).usage is None
