"""Uploads that are slow, endless, cut off or refused: how long and how much is read, and what the phone still sees."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.server import FrameServer
from app.server.wire import uploads as uploads_module
from app.server.wire.uploads import Uploads
from app.store import Store
from tests.server.devices import ALICE, JPEG, Phone, RawConnection, StubPipeline, eventually, form, head

MULTIPART = {"content-type": "multipart/form-data; boundary=bnd"}
BODY = form({"username": ALICE})


def _head(server: FrameServer, **fields: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return head(server, "POST", "/process", {"content-length": str(len(BODY)), **MULTIPART, **named})


async def test_stalling_upload_is_given_up(server: FrameServer, paired: Phone, uploads: Uploads) -> None:
    uploads._total_s = 10.0  # the stall alone is to end it
    connection = await RawConnection.open(server)
    started = time.monotonic()
    await connection.send(_head(server) + BODY[:500])
    reply = await connection.reply()
    assert (reply.status, reply.code) == (408, "upload_timeout")
    assert 0.35 < time.monotonic() - started < 3


async def test_trickling_upload_is_given_up_in_the_end(server: FrameServer, paired: Phone) -> None:
    connection = await RawConnection.open(server)

    async def trickle() -> None:
        await connection.send(_head(server))
        for byte in BODY[:1_000]:
            await connection.send(bytes([byte]))
            await asyncio.sleep(0.05)

    started = time.monotonic()
    trickling = asyncio.ensure_future(trickle())
    reply = await connection.reply()
    assert (reply.status, reply.code) == (408, "upload_timeout")
    assert 0.9 < time.monotonic() - started < 4
    trickling.cancel()


async def test_slow_but_steady_upload_is_taken(server: FrameServer, paired: Phone) -> None:
    connection = await RawConnection.open(server)
    await connection.send(_head(server) + BODY[:100])
    for at in range(3):
        await asyncio.sleep(0.15)
        await connection.send(BODY[100 + at : 101 + at])
    await connection.send(BODY[103:])
    assert (await connection.reply()).status == 200


async def test_clock_rests_when_nobody_uploads(uploads: Uploads, paired: Phone) -> None:
    await paired.process()
    await eventually(lambda: uploads._ticking is None)
    assert not uploads._running


async def test_an_upload_that_ended_badly_is_watched_no_longer(
    server: FrameServer, paired: Phone, uploads: Uploads
) -> None:
    for ends_by in ("stall", "hang-up"):
        connection = await RawConnection.open(server)
        await connection.send(_head(server) + BODY[:500])
        await eventually(lambda: uploads._running)
        if ends_by == "stall":
            assert (await connection.reply()).status == 408
        else:
            connection.writer.transport.abort()
        await eventually(lambda: not uploads._running and uploads._ticking is None)


async def test_hang_up_cancels_the_frame(server: FrameServer, paired: Phone, pipeline: StubPipeline) -> None:
    pipeline.gate.clear()
    connection = await RawConnection.open(server)
    await connection.send(_head(server) + BODY)
    await pipeline.entered.wait()
    await connection.close()
    await eventually(lambda: pipeline.cancelled)
    assert pipeline.cancelled == pipeline.frames
    pipeline.gate.set()
    assert (await paired.process()).status == 200


async def test_hang_up_during_the_upload_is_no_bug(
    server: FrameServer, paired: Phone, pipeline: StubPipeline, caplog: pytest.LogCaptureFixture
) -> None:
    connection = await RawConnection.open(server)
    await connection.send(_head(server) + BODY[:500])
    await asyncio.sleep(0.02)
    connection.writer.transport.abort()
    await asyncio.sleep(0.02)
    assert (await paired.process()).status == 200
    assert len(pipeline.frames) == 1
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_too_large_by_its_header(server: FrameServer, paired: Phone) -> None:
    connection = await RawConnection.open(server)
    await connection.send(_head(server, content_length=str(12 * 1024 * 1024 + 1)))
    reply = await connection.reply()
    assert (reply.status, reply.code) == (413, "image_too_large")


@pytest.mark.parametrize("size_mb", [0.9, 1.1])
async def test_too_large_in_chunks_by_the_setting(paired: Phone, store: Store, size_mb: float) -> None:
    await store.set_setting("limits.upload_mb", 1)
    body = form({"username": ALICE}, JPEG.ljust(int(size_mb * 1024 * 1024), b"\0"))

    async def chunks() -> object:
        for at in range(0, len(body), 65_536):
            yield body[at : at + 65_536]

    reply = await paired.send("POST", "/process", data=chunks(), headers={"Content-Type": MULTIPART["content-type"]})
    assert (reply.status, reply.code) == ((200, "ok") if size_mb < 1 else (413, "image_too_large"))


async def test_refused_phone_sees_the_reply_though_it_is_still_uploading(phone: Phone) -> None:
    body = form({"username": ALICE}, b"\0" * 8_000_000)
    reply = await phone.upload("/process", body)
    assert (reply.status, reply.code) == (401, "not_paired")


async def test_stranger_is_refused_before_the_body_comes(server: FrameServer) -> None:
    connection = await RawConnection.open(server)
    await connection.send(_head(server))
    async with asyncio.timeout(5):
        assert (await connection.reply()).code == "not_paired"


async def test_continue_is_promised_to_who_is_let_in_and_to_nobody_else(server: FrameServer, paired: Phone) -> None:
    for ip, promised in ((paired.ip, True), ("127.0.0.8", False)):
        connection = await RawConnection.open(server, ip)
        await connection.send(_head(server, expect="100-continue"))
        if promised:
            assert await connection.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            await connection.send(BODY)
        assert (await connection.reply()).status == (200 if promised else 401)


@pytest.mark.parametrize("fields", [{"content_encoding": "gzip"}, {"transfer_encoding": "chunked"}])
async def test_body_that_is_coded_wrongly(
    server: FrameServer, paired: Phone, fields: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    connection = await RawConnection.open(server)
    sent = {**MULTIPART, **{name.replace("_", "-"): value for name, value in fields.items()}}
    if "content_encoding" in fields:
        sent["content-length"] = str(len(BODY))
    await connection.send(head(server, "POST", "/process", sent) + BODY)
    reply = await connection.reply()
    assert (reply.status, reply.code) == (400, "bad_request")
    await connection.close()
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_chunks_that_break_off_in_the_middle(
    server: FrameServer, paired: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    """aiohttp does not tell the reader of what it cannot read further: the clock ends it."""
    connection = await RawConnection.open(server)
    await connection.send(head(server, "POST", "/process", {**MULTIPART, "transfer-encoding": "chunked"}))
    await connection.send(b"64\r\n" + BODY[:100] + b"\r\n")
    await asyncio.sleep(0.02)
    await connection.send(b"no chunk\r\n")
    reply = await connection.reply()
    assert (reply.status, reply.code) == (408, "upload_timeout")
    await connection.close()
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []


async def test_stalled_uploads_hold_no_more_than_their_bound_and_make_room(
    server: FrameServer, paired: Phone, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty of them held 420 MB: those that stand still go, the longest first, and a phone that sends is heard."""
    monkeypatch.setattr(uploads_module, "STILL_S", 0.05)
    uploads._stall_s = uploads._total_s = 30.0
    uploads._held_most = 13 * 1024 * 1024
    size = 4 * 1024 * 1024
    stalled = []
    for number in range(8):
        connection = await RawConnection.open(server)
        stalled.append(connection)
        await connection.send(_head(server, content_length=str(size + 1)) + b"x" * size)
        await eventually(lambda: any(one.size == size for one in uploads._running))
        await asyncio.sleep(0.1)
        assert sum(one.size for one in uploads._running) <= 13 * 1024 * 1024
        if number == 3:
            reply = await stalled[0].reply()
            assert (reply.status, reply.code) == (408, "upload_timeout")
    assert (await paired.process()).status == 200
    assert (await paired.process(image=JPEG.ljust(size, b"\0"))).status == 200


async def test_where_all_move_the_newcomer_is_told_to_come_again(
    server: FrameServer, paired: Phone, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_module, "STILL_S", 30.0)  # none stands still, on a busy machine either
    uploads._held_most = 12 * 1024 * 1024
    uploads._stall_s = uploads._total_s = 30.0
    size = 11 * 1024 * 1024
    first = await RawConnection.open(server)
    await first.send(_head(server, content_length=str(size + 1)) + b"x" * size)
    await eventually(lambda: any(one.size == size for one in uploads._running))
    refused = await paired.process(image=JPEG.ljust(size, b"\0"))
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "busy", "1")
    refused = await paired.photo(JPEG.ljust(size, b"\0"))
    assert (refused.status, refused.text) == (503, "The server is busy. Please try again.")
