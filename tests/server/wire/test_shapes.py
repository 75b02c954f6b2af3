"""What replies look like: seven keys, codes, one shape for every failure, no secret anywhere."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import __version__
from app.core import errors
from app.core.frame import Answer, Attempt, Frame, Profile
from app.server import FrameServer
from app.server.wire.api_errors import REFUSALS
from app.server.wire.debug_lines import debug_lines, drawable
from tests.server.devices import ALICE, BUSY, KEYS, SEVEN, SKIPPED, Phone, RawConnection, Reply, StubPipeline

LINE = re.compile(r"\[\d\d:\d\d:\d\d\] \[[ -~]+\] [ -~]+")


def check_failure(reply: Reply, status: int, code: str, *extra: str) -> dict[str, Any]:
    """The one shape of a failure."""
    found = reply.json
    assert (reply.status, found["code"]) == (status, code)
    assert set(found) == {*SEVEN, "code", *extra}
    check_seven(found)
    assert (found["success"], found["answer"]) == (False, "")
    assert found["error"].isascii()
    assert 0 < len(found["error"]) < 60
    assert found.get("message", found["error"]) == found["error"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    return found


def check_seven(found: dict[str, Any]) -> None:
    for key, kind in SEVEN.items():
        assert isinstance(found[key], kind), key
    assert all(isinstance(line, str) and LINE.fullmatch(line) for line in found["debug_messages"])
    assert all(isinstance(text, str) for text in found["ai_responses"].values())


async def test_answer(paired: Phone, pipeline: StubPipeline) -> None:
    reply = await paired.process(prompt="What?")
    found = reply.json
    check_seven(found)
    (frame,) = pipeline.frames
    expected = {
        "answer": "A red bicycle", "ai_responses": {"gemini": "A red bicycle"}, "prompt_used": "What?",
        "success": True, "error": None, "frame_id": frame.frame_id, "full_answer": "A red bicycle by a wall.",
        "answered_by": "gemini", "confidence": 0.93, "trust": 0.71, "reused": False, "code": "ok",
        "blurred_faces": None,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    assert set(found) == {*expected, "processing_time", "debug_messages", "trace"}
    assert 0 <= found["processing_time"] < 5
    assert found["trace"] == [
        {
            "provider": "deepseek",
            "model": "",
            "outcome": "skipped",
            "latency_ms": 0,
            "confidence": None,
            "trust": None,
            "why": "no key",
        },
        {
            "provider": "qwen", "model": "qwen-x", "outcome": "overload", "latency_ms": 90, "confidence": None,
            "trust": None,
        },
        {
            "provider": "gemini", "model": "gemini-x", "outcome": "sure", "latency_ms": 812, "confidence": 0.93,
            "trust": 0.71,
        },
    ]  # fmt: skip
    assert [line[11:] for line in found["debug_messages"][:4]] == [
        "[AI] Processing image for alice",
        "[DEEPSEEK] skipped: no key",
        "[QWEN] overload after 90 ms",
        "[GEMINI] sure after 812 ms, confidence 0.93, trust 0.71",
    ]


async def test_hint_of_the_gate(paired: Phone, pipeline: StubPipeline) -> None:
    pipeline.outcome = Answer("Too dark", "Too dark", "bad_frame")
    found = (await paired.process()).json
    assert (found["answer"], found["code"], found["success"]) == ("Too dark", "bad_frame", True)
    assert (found["answered_by"], found["confidence"], found["trust"], found["trace"]) == ("", None, None, [])


async def test_photo_mode_gives_the_whole_answer_as_text(paired: Phone, pipeline: StubPipeline) -> None:
    pipeline.outcome = Answer("kurz", "Ganz lang: Straße 5 €", "ok")
    assert (await paired.photo()).text == "Ganz lang: Straße 5 €"


FRAME_ERRORS = [
    kind for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.FrameError) and kind.code not in {"error", "hung_up"}
]  # fmt: skip


@pytest.mark.parametrize("kind", FRAME_ERRORS)
async def test_frame_that_fails(paired: Phone, pipeline: StubPipeline, kind: type[errors.FrameError]) -> None:
    pipeline.outcome = kind()
    reply = await paired.process(prompt="What?")
    assert check_failure(reply, kind.status, kind.code)["prompt_used"] == "What?"
    assert reply.headers.get("Retry-After") == ("1" if kind is errors.Superseded else None)
    pipeline.outcome = kind(attempts=(SKIPPED, BUSY))
    found = check_failure(await paired.process(), kind.status, kind.code, "trace", "frame_id")
    assert [entry["outcome"] for entry in found["trace"]] == ["skipped", "overload"]
    assert len(found["debug_messages"]) == 4
    photo = await paired.photo()
    assert (photo.status, photo.text) == (kind.status, kind.template)


@pytest.mark.parametrize("sentence", ["Sehr schön " * 20, "日本語"])
async def test_error_always_fits_the_glasses(paired: Phone, pipeline: StubPipeline, sentence: str) -> None:
    pipeline.outcome = errors.NoAnswer(sentence)
    check_failure(await paired.process(), 502, "no_answer")


async def test_bug_is_told_to_nobody_but_the_log(
    paired: Phone, pipeline: StubPipeline, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline.outcome = ZeroDivisionError("secret detail")
    reply = await paired.process()
    check_failure(reply, 500, "error")
    assert b"secret detail" not in reply.body
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.getMessage() == "a bug while answering POST /process"
    assert record.exc_info


async def test_time_out_inside_the_pipeline_is_a_bug_not_a_stop(paired: Phone, pipeline: StubPipeline) -> None:
    pipeline.outcome = TimeoutError()
    check_failure(await paired.process(), 500, "error")


@pytest.mark.parametrize("path", ["/nothing", "/process/", "/v1/nothing", "/prompt-"])
async def test_unknown_address(phone: Phone, path: str) -> None:
    extra = ("message",) if path == "/prompt-" else ()
    check_failure(await phone.send("GET", path), 404, "not_found", *extra)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/process", {"POST"}),
        ("GET", "/profile", {"POST"}),
        ("GET", f"/auth-{KEYS[ALICE]}", {"POST"}),
        ("POST", "/health", {"GET", "HEAD"}),
        ("DELETE", "/prompt-alice", {"GET", "HEAD", "POST"}),
        ("OPTIONS", "/process", {"POST"}),
    ],
)
async def test_unknown_method(phone: Phone, method: str, path: str, allowed: set[str]) -> None:
    reply = await phone.send(method, path)
    extra = ("message",) if path.startswith(("/auth-", "/profile", "/prompt-")) else ()
    check_failure(reply, 405, "method_not_allowed", *extra)
    assert set(reply.headers["Allow"].split(",")) == allowed


@pytest.mark.parametrize("path", ["/nothing", f"/auth-{KEYS[ALICE]}", "/health"])
async def test_expectation_that_nobody_knows(phone: Phone, path: str) -> None:
    reply = await phone.send("GET", path, headers={"Expect": "nonsense"})
    if path == "/health":
        assert reply.status == 200
    else:
        check_failure(reply, 400, "bad_request")


async def test_head_is_as_aiohttp_does_it(paired: Phone) -> None:
    reply = await paired.send("HEAD", "/health")
    assert (reply.status, reply.body) == (200, b"")


async def test_health(phone: Phone) -> None:
    found = (await phone.send("GET", "/health")).json
    assert set(found) == {"status", "version", "uptime_s", "time"}
    assert (found["status"], found["version"]) == ("healthy", __version__)
    assert isinstance(found["uptime_s"], int)
    assert datetime.fromisoformat(found["time"]).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        f"POST /auth-{KEYS[ALICE]} HTTP/9\r\n\r\n".encode(),
        f"POST /auth-{KEYS[ALICE]} nonsense\r\n\r\n".encode(),
        f"POST /auth-{KEYS[ALICE]} HTTP/1.1\r\nno colon\r\n\r\n".encode(),
        f"POST /auth-{KEYS[ALICE]}{'x' * 9_000} HTTP/1.1\r\n\r\n".encode(),
        f"POST /auth-{KEYS[ALICE]} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: x\r\n\r\n".encode(),
    ],
)
async def test_what_is_no_http(server: FrameServer, junk: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        connection = await RawConnection.open(server)
        await connection.send(junk)
        check_failure(await connection.reply(), 400, "bad_request")
        await connection.close()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert KEYS[ALICE] not in caplog.text


async def test_key_in_the_url_reaches_no_log_and_no_reply(
    server: FrameServer, phone: Phone, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "canary-key-987654"
    replies = []
    with caplog.at_level(logging.DEBUG):
        for path in (f"/auth-{canary}", f"//auth-{canary}?{canary}", f"/%61uth-{canary}", f"/auth-{canary}/x"):
            replies += [await phone.send(method, path) for method in ("POST", "GET", "PUT")]
            replies.append(await phone.send("POST", path, headers={"Host": "evil.example"}))
            replies.append(await phone.send("POST", path, headers={"Expect": "nonsense"}))

        # a bug with the key in hand
        def broken(key: str) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(phone.server._store.profiles, "match_key", broken)
        replies.append(await phone.send("POST", f"/auth-{canary}"))
        assert replies[-1].status == 500
    assert "broken" in caplog.text
    # the client of this test logs what it sends: only what the server logs is looked at
    assert canary not in caplog.text
    assert not any(canary.encode() in reply.body or canary in str(reply.headers) for reply in replies)
    for reply in replies:
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_every_refusal_fits_the_glasses() -> None:
    for status, sentence in REFUSALS.values():
        assert 400 <= status <= 503
        assert sentence.isascii()
        assert len(sentence) < 60


def test_debug_lines_are_drawable() -> None:
    frame = Frame("1", Profile(1, "José 张 🚲"), "x", b"")
    lines = debug_lines(frame, [Attempt("qwen\n", "m", "skipped", why="küche\x1b[1m")], "ok")
    assert [line[11:] for line in lines] == [
        "[AI] Processing image for Jose ? ?",
        "[QWEN?] skipped: kuche?[1m",
        "[DONE] ok",
    ]
    assert all(LINE.fullmatch(line) for line in lines)


def test_drawable() -> None:
    assert drawable("plain") == "plain"
    assert drawable("Ångström – 5 €") == "Angstrom ? 5 ?"
