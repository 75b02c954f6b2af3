"""Whoever else may listen at the ports where programs with models are looked for: none of it is taken for one."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from aiohttp import web

from app.providers import Client, local_models
from app.providers.transport import ANSWER_MAX_BYTES
from tests.providers.programs import LM_STUDIO, SEES, found, lm_studio_model, ollama, presets_at, running
from tests.system.test_cases import client

__all__ = ["client"]

PATHS = ("/api/tags", "/api/show", "/api/v1/models", "/api/v0/models", "/v1/models", "/props")
DEEP = b'{"models":' + b'[{"a":' * 5_000 + b"1" + b"}]" * 5_000 + b"}"
ODD: list[Any] = [None, True, 7, "x", [], {}, [[]], [None, 7, "x", []], {"a": {}}]


@pytest.mark.parametrize(
    "reply",
    [
        b"<!doctype html><title>Jenkins</title>",
        b"",
        DEEP,
        b'{"models": "' + b"x" * ANSWER_MAX_BYTES + b'"}',
        b'{"models": [{"name": "cut off',
        b"[1, 2]",
        b'{"error": "unauthorized"}',
        b"\xff\xfe\x00",
    ],
    ids=["page", "nothing", "deep", "huge", "cut", "list", "error", "bytes"],
)
async def test_what_is_none_of_the_three_is_left_alone(reply: bytes, client: Client) -> None:
    anything = dict.fromkeys(PATHS, reply)
    assert await found(client, ollama=anything, lm_studio=anything, llama_cpp=anything) == []


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_whatever_stands_where_it_does_not_belong_is_passed_over(odd: Any, client: Client) -> None:
    entry: dict[str, Any] = dict.fromkeys(
        ("name", "model", "key", "id", "type", "details", "capabilities", "architecture", "status", "size", "meta",
         "owned_by", "loaded_instances", "modalities", "remote_host"),
        odd,
    )  # fmt: skip
    for value in (odd, {"models": odd, "data": odd}, {"models": [entry], "data": [entry]}, entry):
        anything = dict.fromkeys(PATHS, json.dumps(value).encode())
        assert await found(client, ollama=anything, lm_studio=anything, llama_cpp=anything) == []


async def test_a_name_that_is_none_is_passed_over(client: Client) -> None:
    names = ["two\nlines", "x" * 5_000, "", "\x1b[31mred", "good"]
    listed = {"models": [lm_studio_model(name) for name in names]}
    assert await found(client, lm_studio={"/api/v1/models": listed}) == ["good"]


async def test_a_redirect_is_not_followed(client: Client) -> None:
    async with running(elsewhere=ollama(**{"qwen3-vl_4b": SEES}), ollama={}) as started:
        target = f"http://127.0.0.1:{started['elsewhere'].port}/api/tags"
        started["ollama"].routes["/api/tags"] = web.HTTPFound(target)
        assert await local_models.find(client, presets=presets_at(started)) == ()
        assert not started["elsewhere"].asked


async def test_one_that_does_not_answer_holds_nobody_up(client: Client) -> None:
    async with running(ollama={}, lm_studio=LM_STUDIO) as started:
        started["ollama"].wait_s = 30.0
        began = time.monotonic()
        models = await local_models.find(client, presets=presets_at(started))
        assert [one.label for one in models] == ["LM Studio"]
        assert time.monotonic() - began < 2.0


async def test_of_many_models_so_many_are_asked_about(client: Client) -> None:
    program = ollama(**{f"model_{number}": SEES for number in range(3_000)})
    program["/api/tags"] = {"models": [{"name": f"model:{number}"} for number in range(3_000)]}
    async with running(ollama=program) as started:
        assert len(await local_models.find(client, presets=presets_at(started))) == 40
        assert started["ollama"].asked["/api/show"] == 40


async def test_cancelled_it_leaves_nothing_behind(client: Client) -> None:
    async with running(ollama={}) as started:
        started["ollama"].wait_s = 30.0
        looking = asyncio.create_task(local_models.find(client, presets=presets_at(started)))
        await asyncio.sleep(0.05)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
