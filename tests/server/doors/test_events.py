"""Server-sent events: who hears what, what is told again, and when it ends. The reader is httpx2's, unmodified."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from app.core.errors import NoAnswer
from app.core.events import AttemptFinished, Bus, FrameAnswered, FrameCompleted, FrameFailed, FrameReceived
from app.core.frame import Frame, new_frame_id
from app.server import FrameServer
from app.server.doors import feed
from app.server.doors.events import MISSED_MOST
from app.store import Store
from tests.core.actors import picture
from tests.server.devices import ALICE, ANSWER, BOB, JPEG, SURE, Phone, RawConnection, eventually, head
from tests.server.whole import Whole

Event = httpx2.ServerSentEvent
Become = Callable[[Store], Awaitable[None]]


@pytest.fixture
async def token(store: Store) -> str:
    return await store.pairings.issue_token(ALICE)


class Reading:
    """What one listener reads."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._events = aiter(httpx2.EventSource(response))

    async def next(self) -> tuple[str, str, dict[str, Any]]:
        async with asyncio.timeout(2):
            while not (event := await anext(self._events)).data:
                pass  # a retry alone is an event to this reader
        return event.event, event.id, json.loads(event.data)

    async def ends(self, within_s: float = 2.0) -> bool:
        """Whether nothing more comes but the end."""
        async with asyncio.timeout(within_s):
            return [event.data async for event in self._events if event.data] == []


@asynccontextmanager
async def listening(server: FrameServer, token: str, last_event_id: str = "") -> AsyncIterator[Reading]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
    url = f"http://127.0.0.1:{server.port}/events"
    async with httpx2.AsyncClient(timeout=5) as client, client.stream("GET", url, headers=headers) as response:
        yield Reading(response)


def frame_of(store: Store, username: str = ALICE, *, at: float | None = None, **told: Any) -> Frame:
    """``at``: Unix seconds."""
    at = time.time() if at is None else at
    frame_id = new_frame_id(lambda: int(at * 1_000))
    return Frame(
        frame_id, store.profiles.get(username), "What?", JPEG, received_at=datetime.fromtimestamp(at, UTC), **told
    )


# --- what is told ----------------------------------------------------------------------------------------------


async def test_a_frame_is_told_as_it_goes(server: FrameServer, store: Store, bus: Bus, token: str) -> None:
    frame = frame_of(store, door="openai")
    async with listening(server, token) as reading:
        assert reading.response.headers["Content-Type"] == "text/event-stream"
        assert reading.response.headers["Cache-Control"] == "no-store"
        bus.publish(FrameReceived(frame, picture()))
        bus.publish(AttemptFinished(frame.frame_id, ALICE, SURE))
        bus.publish(FrameAnswered(frame, replace(ANSWER, is_doubted=True)))
        told = [await reading.next() for _ in range(3)]
    assert [kind for kind, _, _ in told] == ["frame", "attempt", "answer"]
    assert {told_id for _, told_id, _ in told} == {frame.frame_id}
    received, attempt, answer = (data for _, _, data in told)
    assert received == {"frame_id": frame.frame_id, "profile": ALICE, "door": "openai", "prompt": "What?"}
    assert attempt["attempt"] == {
        "provider": "gemini", "model": "gemini-x", "outcome": "sure", "latency_ms": 812, "confidence": 0.93,
        "trust": 0.71,
    }  # fmt: skip
    assert answer == {
        "frame_id": frame.frame_id, "profile": ALICE, "door": "openai", "success": True, "code": "ok",
        "answer": "A red bicycle?", "full_answer": ANSWER.full_text, "answered_by": "gemini", "trust": 0.71,
        "kind": "scene", "error": None,
    }  # fmt: skip


async def test_a_long_form_that_comes_behind_its_words_is_told_again(
    server: FrameServer, store: Store, bus: Bus, token: str
) -> None:
    frame = frame_of(store)
    async with listening(server, token) as reading:
        bus.publish(FrameAnswered(frame, replace(ANSWER, full_text=ANSWER.text)))
        bus.publish(FrameCompleted(frame, ANSWER))  # an audit, say
        bus.publish(FrameCompleted(frame, replace(ANSWER, whole_ms=2_000)))
        first, second = [await reading.next() for _ in range(2)]
    assert (first[2]["full_answer"], second[2]["full_answer"]) == (ANSWER.text, ANSWER.full_text)
    assert first[:2] == second[:2] == ("answer", frame.frame_id)


async def test_a_failure_is_an_answer_too(server: FrameServer, store: Store, bus: Bus, token: str) -> None:
    async with listening(server, token) as reading:
        bus.publish(FrameFailed(frame_of(store), NoAnswer()))
        kind, _, data = await reading.next()
    assert (kind, data["success"], data["code"], data["error"]) == ("answer", False, "no_answer", str(NoAnswer()))


async def test_nobody_hears_of_another_profile(server: FrameServer, store: Store, bus: Bus, token: str) -> None:
    bobs = await store.pairings.issue_token(BOB)
    hers, his = frame_of(store), frame_of(store, BOB)
    async with listening(server, token) as alice, listening(server, bobs) as bob:
        for frame in (his, hers):
            bus.publish(FrameAnswered(frame, ANSWER))
        assert (await alice.next())[1] == hers.frame_id
        assert (await bob.next())[1] == his.frame_id


async def test_a_paired_address_needs_no_key(server: FrameServer, store: Store, bus: Bus) -> None:
    await store.pairings.pair("127.0.0.2", ALICE)
    connection = await RawConnection.open(server)
    await connection.send(head(server, "GET", "/events"))
    assert b" 200 " in await connection.reader.readline()
    await connection.reader.readuntil(b"retry: 3000\n\n")
    bus.publish(FrameAnswered(frame_of(store), ANSWER))
    assert b"A red bicycle" in await connection.reader.readuntil(b"}\n\n")


async def test_its_head_alone_ends_at_once(phone: Phone, token: str) -> None:
    phone.token = token
    reply = await phone.send("HEAD", "/events")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/event-stream")


# --- what was missed -------------------------------------------------------------------------------------------


async def test_who_comes_again_is_told_what_it_missed(server: FrameServer, store: Store, bus: Bus, token: str) -> None:
    now = time.time()
    frames = [frame_of(store, at=now - ago) for ago in (400, 300, 200, 100)]
    for frame in frames[:3]:
        await store.activity.record(frame, None, ANSWER, 5)
    await store.activity.record(frames[3], None, NoAnswer(), 5)
    await store.activity.record(frame_of(store, BOB, at=now - 50), None, ANSWER, 5)
    async with listening(server, token, frames[1].frame_id) as reading:
        told = [await reading.next() for _ in range(3)]
        assert [frame_id for _, frame_id, _ in told] == [frame.frame_id for frame in frames[1:]]
        assert (told[0][2]["full_answer"], told[0][2]["answer"]) == (ANSWER.full_text, ANSWER.text)
        assert (told[2][2]["success"], told[2][2]["error"]) == (False, str(NoAnswer()))
        bus.publish(FrameAnswered(frame := frame_of(store), ANSWER))
        assert (await reading.next())[1] == frame.frame_id


async def test_a_frame_that_ended_later_than_newer_ones_is_not_forgotten(
    server: FrameServer, store: Store, token: str
) -> None:
    now = time.time()
    slow, quick = frame_of(store, at=now - 100), frame_of(store, at=now - 95)
    await store.activity.record(slow, None, ANSWER, 20_000)
    async with listening(server, token, quick.frame_id) as reading:
        assert (await reading.next())[1] == slow.frame_id


async def test_at_most_a_hundred_are_told_again(server: FrameServer, store: Store, token: str) -> None:
    now = time.time()
    frames = [frame_of(store, at=now - 500 + at) for at in range(MISSED_MOST + 5)]
    for frame in frames:
        await store.activity.record(frame, None, ANSWER, 5)
    async with listening(server, token, frames[0].frame_id) as reading:
        told = [(await reading.next())[1] for _ in range(MISSED_MOST)]
    assert told == [frame.frame_id for frame in frames[5:]]


@pytest.mark.parametrize(
    "nonsense", ["7", "'; DROP TABLE frame; --", "f" * 32, "0" * 31, "g" * 32, "A" * 8_000, "-1", "../../etc/passwd"]
)
async def test_nonsense_for_the_last_event_is_ignored(
    nonsense: str, server: FrameServer, store: Store, bus: Bus, token: str
) -> None:
    await store.activity.record(frame_of(store, at=time.time() - 60), None, ANSWER, 5)
    async with listening(server, token, nonsense) as reading:
        assert reading.response.status_code == 200
        bus.publish(FrameAnswered(frame := frame_of(store), ANSWER))
        assert (await reading.next())[1] == frame.frame_id


# --- when it ends ----------------------------------------------------------------------------------------------


async def test_it_ends_when_the_server_stops(server: FrameServer, token: str) -> None:
    async with listening(server, token) as reading:
        began = time.monotonic()
        stopping = asyncio.create_task(server.stop())
        assert await reading.ends()
        await stopping
        assert time.monotonic() - began < 2


async def revoked(store: Store) -> None:
    await store.pairings.revoke(ALICE)


async def deleted(store: Store) -> None:
    await store.trash.put(ALICE)


async def closed(store: Store) -> None:
    await store.set_setting("doors.events", False)


async def blacklisted(store: Store) -> None:
    await store.blacklist.add("192.168.0.0/24")


DEVICE = {"X-Forwarded-For": "192.168.0.77"}


@pytest.mark.parametrize("become", [revoked, deleted, closed, blacklisted])
async def test_it_ends_for_who_is_no_longer_let_in(
    become: Become, server: FrameServer, store: Store, bus: Bus, token: str
) -> None:
    await store.set_setting("network.trusted_proxies", "127.0.0.0/8")
    url = f"http://127.0.0.1:{server.port}/events"
    headers = {"Authorization": f"Bearer {token}", **DEVICE}
    async with httpx2.AsyncClient() as client, client.stream("GET", url, headers=headers) as response:
        profile = store.profiles.get(ALICE)
        await become(store)
        bus.publish(FrameAnswered(Frame(new_frame_id(), profile, "What?", JPEG), ANSWER))
        assert await Reading(response).ends()


async def test_it_ends_with_its_apps_key_and_with_no_other(server: FrameServer, store: Store, bus: Bus) -> None:
    mine, others = [await store.app_keys.add(ALICE, app) for app in ("screen", "llm")]
    async with listening(server, mine) as reading, listening(server, others) as other:
        await store.app_keys.revoke(ALICE, "screen")
        assert await reading.ends()
        bus.publish(FrameAnswered(frame_of(store), ANSWER))
        assert (await other.next())[0] == "answer"


async def test_it_ends_where_an_address_no_longer_is_enough(server: FrameServer, store: Store) -> None:
    await store.pairings.pair("127.0.0.2", ALICE)
    connection = await RawConnection.open(server)
    await connection.send(head(server, "GET", "/events"))
    await connection.reader.readuntil(b"retry: 3000\n\n")
    await store.set_setting("network.tokens_only", True)
    async with asyncio.timeout(2):
        await connection.reader.readuntil(b"0\r\n\r\n")


async def test_silence_is_broken_and_to_listen_is_a_use_of_the_pairing(
    server: FrameServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PING_S", 0.05)
    await store.pairings.pair("127.0.0.2", ALICE)
    connection = await RawConnection.open(server)
    await connection.send(head(server, "GET", "/events"))
    async with asyncio.timeout(2):
        await connection.reader.readuntil(b": ping\n\n")
        (before,) = store.pairings.all()
        await connection.reader.readuntil(b": ping\n\n")
    (now,) = store.pairings.all()
    assert before.expires_at is not None
    assert now.expires_at is not None
    assert now.expires_at > before.expires_at


async def test_who_does_not_read_is_dropped_and_holds_nobody_up(
    server: FrameServer, store: Store, bus: Bus, token: str
) -> None:
    long = replace(ANSWER, full_text="x" * 100_000)
    deaf = await RawConnection.open(server)
    await deaf.send(head(server, "GET", "/events", {"authorization": f"Bearer {token}"}))
    await deaf.reader.readuntil(b"retry: 3000\n\n")
    deaf.reader._transport.pause_reading()  # type: ignore[attr-defined]
    async with listening(server, token) as reading:
        for _ in range(feed.BEHIND_MOST + 100):
            bus.publish(FrameAnswered(frame_of(store), long))
            await reading.next()
        deaf.reader._transport.resume_reading()  # type: ignore[attr-defined]
        read = b""
        async with asyncio.timeout(10):
            with suppress(ConnectionError):
                while piece := await deaf.reader.read(100_000):
                    read = piece
    assert not read.endswith(b"0\r\n\r\n")  # it broke off: the reader comes again, and asks for what it missed


async def test_who_listens_no_more_is_forgotten(server: FrameServer, store: Store, bus: Bus, token: str) -> None:
    before = {kind: len(them) for kind, them in bus._subscribers.items()}
    async with listening(server, token), listening(server, token):
        await eventually(lambda: len(bus._subscribers[FrameReceived]) > before.get(FrameReceived, 0))
    await eventually(lambda: all(len(them) == before.get(kind, 0) for kind, them in bus._subscribers.items()))


# --- what it costs ---------------------------------------------------------------------------------------------


async def test_the_frames_own_reply_goes_ahead(bus: Bus, store: Store) -> None:
    told = feed.Feed(bus, asyncio.Event())
    with told.listener(ALICE, lambda: None) as listener:
        bus.publish(FrameAnswered(frame_of(store), ANSWER))
        await asyncio.sleep(0)
        assert not listener.due
        await eventually(lambda: len(listener.due) == 1)


async def test_two_hundred_idle_listeners_hold_little(running: Whole) -> None:
    before_mb = running.memory_mb()
    async with AsyncExitStack() as opened:
        headers = {"Authorization": f"Bearer {running.token}"}
        limits = httpx2.Limits(max_connections=None)
        client = await opened.enter_async_context(httpx2.AsyncClient(limits=limits, headers=headers))
        for _ in range(200):
            response = await opened.enter_async_context(client.stream("GET", f"{running.url}/events"))
            assert response.status_code == 200
        assert running.memory_mb() - before_mb < 20
