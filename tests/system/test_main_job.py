"""A frame that the phone app posts is answered: the main job, end to end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from tests import fakes
from tests.fakes import FakeProviders
from tests.system.conftest import AUTH_KEY, KEYS
from tests.system.program import Listening, Program, ask_to_end, listening_url, start_app

SEVEN = {"answer", "ai_responses", "processing_time", "prompt_used", "debug_messages", "success", "error"}


async def test_confident_frame_is_answered_by_one_call_and_stands_in_the_report(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        status, body = await server.process_frame(session, "alice", photo, prompt="What is this?")
    assert status == 200
    assert set(body) >= SEVEN
    assert body["answer"] == "A red mug on a desk."
    assert body["prompt_used"] == "What is this?"
    assert sum(len(one.calls) for one in fake.providers.values()) == 1
    report = await program.report("alice")
    assert report["frames_total"] == 1
    (frame,) = report["frames"]
    assert frame["frame_id"] == body["frame_id"]
    assert frame["attempts"] == body["trace"]
    assert (frame["status"], frame["code"], frame["answer"]) == (200, "ok", body["answer"])
    assert frame["full_answer"] == body["full_answer"]


async def test_disagreeing_providers_go_to_the_judge_within_five_calls(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    for name in ("gemini", "deepseek", "qwen", "chatgpt"):
        fake[name].always(fakes.unsure(f"Perhaps a {name} mug."))
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        _, body = await server.process_frame(session, "alice", photo)
    assert body["code"] == "degraded", "a judge is right 72 % of the time until labels say better"
    assert [one["outcome"] for one in body["trace"]].count("judged") == 1
    assert sum(one.count for one in fake.providers.values()) == 5
    assert body["answer"].endswith(" mug?"), "doubt stands on the glasses"
    assert body["answer"].replace("?", ".") in body["ai_responses"].values()


async def test_every_answered_frame_survives_kill_9(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    answered: list[str] = []

    async def post(server_url: str) -> None:
        while True:
            form = aiohttp.FormData({"username": "alice"})
            form.add_field("image", photo, filename="frame_image.jpg")
            async with session.post(f"{server_url}/process", data=form) as reply:
                answered.append((await reply.json())["frame_id"])

    process = await start_app(
        "--data-dir", str(program.data), "--headless", "--host", "127.0.0.1", "--port", "0", variables=KEYS
    )
    url = await listening_url(process)
    async with session.post(f"{url}/auth-{AUTH_KEY}"):
        pass
    work = asyncio.create_task(post(url))
    while len(answered) < 40:
        await asyncio.sleep(0.01)
    process.kill()
    with pytest.raises(aiohttp.ClientError):
        await work
    await process.communicate()
    kept = {frame["frame_id"] for frame in (await program.report("alice"))["frames"]}
    assert set(answered) <= kept


async def test_hang_up_cancels_the_provider_call(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    fake["gemini"].always(fakes.hang())
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        frame = asyncio.create_task(server.process_frame(session, "alice", photo))
        while not fake["gemini"].open_calls:
            await asyncio.sleep(0.01)
        frame.cancel()
        async with asyncio.timeout(2):
            while fake["gemini"].open_calls:
                await asyncio.sleep(0.01)
        assert not fake["deepseek"].calls


async def test_being_asked_to_end_finishes_the_frame_in_flight(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    fake["gemini"].latency_s = 0.6
    async with program.headless() as server:
        await server.auth(session, AUTH_KEY)
        frame = asyncio.create_task(server.process_frame(session, "alice", photo))
        while not fake["gemini"].open_calls:
            await asyncio.sleep(0.01)
        ask_to_end(server.process)
        status, body = await frame
        assert (status, body["success"]) == (200, True)
        await server.process.communicate()
        assert server.process.returncode == 0


async def test_qt_s_quit_finishes_the_frame_in_flight(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    """As at log-off, or when an installer asks the program to close."""
    fake["gemini"].latency_s = 0.6
    variables = {**program.variables, "QT_QPA_PLATFORM": "offscreen"}
    process = await start_app(str(program.data), variables=variables, module="tests.system.quits_mid_frame")
    server = Listening(await listening_url(process), process)
    await server.auth(session, AUTH_KEY)
    status, body = await server.process_frame(session, "alice", photo)
    assert (status, body["success"]) == (200, True)
    _, err = await process.communicate()
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    (kept,) = (await program.report("alice"))["frames"]
    assert kept["answer"] == body["answer"]


async def test_second_server_on_one_data_folder_exits_1(program: Program) -> None:
    async with program.headless():
        done = await program.verb("--headless", "--host", "127.0.0.1", "--port", "0")
        assert done.status == 1
        assert len(done.err.splitlines()) == 1, done.err


async def test_port_in_use_exits_1_with_one_sentence(program: Program, tmp_path: Path) -> None:
    async with program.headless() as server:
        port = server.url.rpartition(":")[2]
        other = Program(tmp_path / "other")
        done = await other.verb("--headless", "--host", "127.0.0.1", "--port", port)
        assert done.status == 1
        assert len(done.err.splitlines()) == 1, done.err
        assert port in done.err


async def test_running_server_sees_what_a_verb_changed_within_a_second(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    async with program.headless() as server:
        await program.do("profile", "add", "bob", "--auth-key", "bobs-own-key")
        await program.do("profile", "chain", "bob", "qwen")
        await asyncio.sleep(1)
        await server.auth(session, "bobs-own-key")
        _, body = await server.process_frame(session, "bob", photo)
        assert body["answered_by"] == "qwen"
        await program.do("profile", "delete", "bob")
        await asyncio.sleep(1)
        status, _ = await server.process_frame(session, "bob", photo)
        assert status == 401


async def test_demo_prints_an_answer_for_each_frame_and_ends_with_0() -> None:
    process = await start_app("--demo", "--headless", "--frames", "3")
    out, err = await asyncio.wait_for(process.communicate(), 60)
    lines = [line for line in out.decode().splitlines() if " -> " in line]
    assert process.returncode == 0, err.decode()
    assert len(lines) == 3, out.decode()
    assert sum("cup of coffee" in line or "Text: " in line for line in lines) == 3, lines


async def test_secrets_are_in_no_file_log_reply_or_url(
    program: Program, session: aiohttp.ClientSession, fake: FakeProviders, photo: bytes
) -> None:
    fake["gemini"].queue(fakes.bad_key())
    said = b""
    posted = "canary-posted-0123456789"
    async with program.headless("--log-level", "debug") as server:
        await server.auth(session, AUTH_KEY)
        async with session.post(f"{server.url}/auth-{AUTH_KEY}x") as reply:
            said += await reply.read()
        keys = {"username": "alice", "api_keys": {"gemini_api_key": posted}}
        async with session.post(f"{server.url}/profile", json=keys) as reply:
            assert reply.status == 200
            said += await reply.read()
        for _ in range(2):
            _, body = await server.process_frame(session, "alice", photo)
            said += json.dumps(body).encode()
        assert posted in str(fake["gemini"].calls[-1].headers)
        ask_to_end(server.process)
        out, err = await server.process.communicate()
    said += out + err
    for file in program.data.rglob("*"):
        said += file.read_bytes() if file.is_file() else b""
    for secret in (AUTH_KEY, posted, *KEYS.values()):
        assert secret.encode() not in said
    assert not any(secret in call.path for call in fake["gemini"].calls for secret in (posted, *KEYS.values()))
