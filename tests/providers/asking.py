"""What the tests of providers ask with: one picture, one question, and providers that point at the fakes."""

from __future__ import annotations

import base64
from dataclasses import replace

from app.core.errors import ProviderError
from app.core.frame import Measures, Picture
from app.core.provider import Learned, Provider, ProviderConfig, Question, Reply
from app.core.routing.judge import SCHEMA as VERDICT
from app.core.routing.question import SCHEMA as ANSWER
from app.providers import Client, build, default_configs
from tests.fakes import FakeProviders

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 8 + b"\xff\xd9"
PICTURE = Picture(JPEG, base64.b64encode(JPEG).decode(), 640, 480, Measures(b"", 128.0, 0.0, 0.0, 200.0))
QUESTION = Question("You are the eyes.", "What is this?", PICTURE, "frame_answer", ANSWER)
BALLOT = Question("Pick one.", "A: a mug. B: a cup.", PICTURE, "verdict", VERDICT, 400)
KEY = "canary-key-0123456789abcdef"

CONFIGS = {config.name: config for config in default_configs()}
VENDORS = ("gemini", "deepseek", "qwen", "chatgpt")


def provider(fake: FakeProviders, client: Client, name: str, model: str = "") -> Provider:
    """The built-in provider ``name``, pointed at the fakes."""
    config = CONFIGS[name]
    return build(replace(config, base_url=fake.base_url(name), model=model or config.model), client, None)


def custom(fake: FakeProviders, client: Client, name: str = "custom", preset: str = "") -> Provider:
    """A custom provider, pointed at the fake server ``name``."""
    return build(ProviderConfig(name, "custom", fake.base_url(name), "a-model", preset=preset), client, None)


async def ask(
    asked: Provider, key: str = KEY, learned: Learned | None = None, question: Question = QUESTION
) -> Reply | ProviderError:
    """The reply, or the error as a value."""
    try:
        return await asked.ask(question, key, learned or Learned())
    except ProviderError as error:
        return error


async def refused(asked: Provider, key: str = KEY, learned: Learned | None = None) -> ProviderError:
    """The error that asking must end in."""
    result = await ask(asked, key, learned)
    assert isinstance(result, ProviderError), f"{asked} answered: {result}"
    return result
