"""The webhook, against a real receiver on loopback: what is posted, tried again, left out, never waited for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from app.core.errors import InvalidValue, UnknownName
from app.core.events import Bus, FrameAnswered, Trouble
from app.core.tasks import cancel_all
from app.outgoing import webhook
from app.outgoing.webhook import MOST_WAITING, NotDelivered, Webhook
from app.providers import Client
from app.store import Store
from tests.outgoing.conftest import SECRETS, Answered
from tests.store.conftest import eventually

CERTIFICATE = Path(__file__).parents[1] / "data/tls/self_signed.pem"
KEY = SECRETS["FRAME_BACKEND_WEBHOOK_KEY"]


class Receiver:
    """Answers with ``statuses`` one after the other, the last one for ever; 0 hangs."""

    def __init__(self) -> None:
        self.statuses = [204]
        self.bodies: list[bytes] = []
        self.headers: list[Any] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append(request.headers)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if not status:
            await asyncio.sleep(60)
        return web.Response(status=status, headers={"Location": f"{self.url}/elsewhere"} if status == 302 else {})

    @property
    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]


async def listen(receiver: Receiver, tls: ssl.SSLContext | None = None) -> web.AppRunner:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"http{'s' if tls else ''}://127.0.0.1:{port}/hook?from=frames"
    return runner


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    runner = await listen(made)
    yield made
    await runner.cleanup()


@pytest.fixture
def troubles(bus: Bus) -> list[str]:
    heard: list[str] = []
    bus.subscribe(Trouble, lambda event: heard.append(str(event.sentence)))
    return heard


@pytest.fixture
async def hook(store: Store, bus: Bus, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Webhook]:
    """Switched on, with alice's address; impatient."""
    monkeypatch.setattr(webhook, "PAUSES_S", (0.02, 0.04))
    monkeypatch.setattr(webhook, "LIMIT_S", 0.3)
    await store.set_setting("doors.webhook", "on")
    await store.profiles.set_value("alice", "webhook.url", receiver.url)
    async with Client() as client:
        yield Webhook(client, store, bus)
        await cancel_all()


async def test_an_answer_is_posted_as_json_and_signed(
    hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered
) -> None:
    bus.publish(answered("Ausgang links – 出口"))
    await eventually(lambda: receiver.bodies)
    assert receiver.taken == [
        {"frame_id": "frame-1", "profile": "alice", "answer": "Ausgang links – 出口", "code": "ok", "trust": 0.9,
         "kind": "text"},
    ]  # fmt: skip
    headers = receiver.headers[0]
    assert headers["Content-Type"] == "application/json"
    wanted = hmac.new(KEY.encode(), receiver.bodies[0], hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == f"sha256={wanted}"


async def test_without_a_key_nothing_is_signed(
    hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(SECRETS, "FRAME_BACKEND_WEBHOOK_KEY")
    bus.publish(answered(trust=None))
    await eventually(lambda: receiver.bodies)
    assert "X-Signature" not in receiver.headers[0]
    assert receiver.taken[0]["trust"] is None


async def test_a_key_that_the_keyring_has_not_given_is_waited_for(
    hook: Webhook, bus: Bus, store: Store, receiver: Receiver, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was to be signed never goes out without."""
    monkeypatch.setattr(store.door_secrets, "is_locked", lambda door: len(receiver.bodies) == 0 and next(locked, False))
    locked = iter((True, True))
    bus.publish(answered())
    await eventually(lambda: receiver.bodies)
    assert next(locked, None) is None
    assert "X-Signature" in receiver.headers[0]


async def test_what_stays_inside(hook: Webhook, bus: Bus, store: Store, receiver: Receiver, answered: Answered) -> None:
    await store.profiles.add("bob")
    bus.publish(answered(door="openai"))
    bus.publish(answered(username="bob"))
    await store.set_setting("doors.webhook", "off")
    bus.publish(answered("Off."))
    await store.set_setting("doors.webhook", "on")
    bus.publish(answered("On."))
    await eventually(lambda: receiver.bodies)
    assert [one["answer"] for one in receiver.taken] == ["On."]


@pytest.mark.parametrize("status", [500, 503, 429, 408])
async def test_three_tries_and_no_more(
    status: int, hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, troubles: list[str]
) -> None:
    receiver.statuses = [status, status, 200]
    bus.publish(answered("Third."))
    await eventually(lambda: len(receiver.bodies) == 3)
    assert troubles == []
    receiver.statuses = [status]
    for text in ("One.", "Two."):
        bus.publish(answered(text))
    await eventually(lambda: len(receiver.bodies) == 9)
    await asyncio.sleep(0.1)
    assert len(receiver.bodies) == 9
    assert len(set(receiver.bodies[:3])) == 1
    assert troubles == [f"The answers of alice do not reach their webhook: 127.0.0.1 refused it, with status {status}."]


@pytest.mark.parametrize(("status", "why"), [
    (404, "127.0.0.1 refused it, with status 404."),
    (401, "127.0.0.1 refused it, with status 401."),
    (302, "127.0.0.1 is elsewhere by now: enter its new address."),
])  # fmt: skip
async def test_what_no_second_try_helps(
    status: int, why: str, hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, troubles: list[str]
) -> None:
    """A redirect is followed nowhere: what the glasses saw goes where its owner sends it."""
    receiver.statuses = [status, 200]
    bus.publish(answered("One."))
    bus.publish(answered("Two."))
    await eventually(lambda: len(receiver.bodies) == 2)
    assert [one["answer"] for one in receiver.taken] == ["One.", "Two."]
    assert troubles == [f"The answers of alice do not reach their webhook: {why}"]


async def test_trouble_is_told_anew_once_it_had_worked(
    hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, troubles: list[str]
) -> None:
    receiver.statuses = [404, 404, 200, 404]
    for text in ("One.", "Two.", "Three.", "Four."):
        bus.publish(answered(text))
    await eventually(lambda: len(troubles) == 2)


async def test_a_receiver_that_hangs_costs_the_answer_nothing_and_little_memory(
    hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, troubles: list[str]
) -> None:
    """The bus is back at once, whatever waits: an answer's text is noted, and never its photo."""
    receiver.statuses = [0]
    events = [answered("word " * 20) for _ in range(500)]
    begun = time.perf_counter()
    for event in events:
        bus.publish(event)
    each_ms = (time.perf_counter() - begun) * 1_000 / len(events)
    assert each_ms < 0.2
    (lane,) = hook._lanes.values()
    assert len(lane.waiting) == MOST_WAITING
    assert lane.waiting[-1].frame_id == "frame-500"
    assert max(len(str(value)) for value in asdict(lane.waiting[-1]).values()) <= 100
    await eventually(lambda: receiver.bodies)
    assert [one for one in troubles if "too slow" in one] == [
        "The webhook of alice is too slow: of the answers that wait for it the oldest are left out."
    ]


async def test_one_that_hangs_holds_up_nobody_else(
    hook: Webhook, bus: Bus, store: Store, receiver: Receiver, answered: Answered
) -> None:
    receiver.statuses = [0]
    other = Receiver()
    runner = await listen(other)
    await store.profiles.add("bob")
    await store.profiles.set_value("bob", "webhook.url", other.url)
    bus.publish(answered("Hangs."))
    bus.publish(answered("Goes.", "bob"))
    await eventually(lambda: other.bodies)
    await runner.cleanup()


async def test_who_takes_the_address_back_gets_nothing_more(
    hook: Webhook, bus: Bus, store: Store, receiver: Receiver, answered: Answered
) -> None:
    receiver.statuses = [500]
    for number in range(5):
        bus.publish(answered(f"{number}"))
    await eventually(lambda: receiver.bodies)
    await store.profiles.set_value("alice", "webhook.url", None)
    seen = len(receiver.bodies)
    await asyncio.sleep(0.3)
    assert len(receiver.bodies) <= seen + 1
    bus.publish(answered("After."))
    await asyncio.sleep(0.05)
    assert len(receiver.bodies) <= seen + 1


async def test_a_deleted_profile_sends_nothing_more(
    hook: Webhook, bus: Bus, store: Store, receiver: Receiver, answered: Answered
) -> None:
    receiver.statuses = [500]
    events = [answered(f"{number}") for number in range(3)]
    for event in events:
        bus.publish(event)
    await eventually(lambda: receiver.bodies)
    await store.trash.delete("alice")
    seen = len(receiver.bodies)
    await asyncio.sleep(0.3)
    assert len(receiver.bodies) <= seen + 1


# --- its test ----------------------------------------------------------------------------------------------------


async def test_a_test_says_in_one_sentence_what_came_of_it(hook: Webhook, store: Store, receiver: Receiver) -> None:
    assert await hook.test("alice") == "127.0.0.1 took the test, which was signed."
    assert receiver.taken[0]["code"] == "test"
    receiver.statuses = [500]
    with pytest.raises(NotDelivered, match=r"^127\.0\.0\.1 refused it, with status 500\.$"):
        await hook.test("alice")
    assert len(receiver.bodies) == 2
    receiver.statuses = [0]
    with pytest.raises(NotDelivered, match=r"^127\.0\.0\.1 did not answer within 0\.3 seconds\.$"):
        await hook.test("alice")
    await store.profiles.set_value("alice", "webhook.url", "http://127.0.0.1:9/")
    with pytest.raises(NotDelivered, match=r"^127\.0\.0\.1 cannot be reached\.$"):
        await hook.test("alice")
    await store.profiles.set_value("alice", "webhook.url", None)
    with pytest.raises(InvalidValue, match="alice has no webhook's address"):
        await hook.test("alice")
    with pytest.raises(UnknownName):
        await hook.test("nobody")


async def test_a_wrong_certificate_gets_nothing(hook: Webhook, store: Store) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    secure = Receiver()
    runner = await listen(secure, context)
    await store.profiles.set_value("alice", "webhook.url", secure.url)
    with pytest.raises(NotDelivered, match=r"^This computer does not trust the certificate of 127\.0\.0\.1\.$"):
        await hook.test("alice")
    assert secure.bodies == []
    await runner.cleanup()


# --- its address -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [
    "ftp://example.com/x", "example.com/hook", "http://", "http://user:pw@example.com/", "https://example.com/#part",
    "http://example.com:0/", "http://example.com:99999/", "http://[::1/", "http://exa mple.com/", "javascript:alert(1)",
    "file:///etc/passwd", "http://example.com/\x00", "http://example.com\\@evil.example/", "https://e.com/" + "x" * 500,
])  # fmt: skip
async def test_what_is_no_address_is_refused(url: str, store: Store) -> None:
    for set_it in (
        lambda: store.profiles.set_value("alice", "webhook.url", url), lambda: store.set_setting("webhook.url", url),
    ):  # fmt: skip
        with pytest.raises(InvalidValue):
            await set_it()
    assert store.profiles.get("alice").webhook_url == ""


@pytest.mark.parametrize("url", [
    "https://example.com/hook?token=a,b&wait=true", "http://192.168.0.5:8123/api/webhook/abc", "http://[::1]:1/x",
])  # fmt: skip
async def test_addresses(url: str, store: Store) -> None:
    await store.set_setting("webhook.url", url)
    assert store.profiles.get("alice").webhook_url == url
    await store.profiles.set_value("alice", "webhook.url", "http://own.example/")
    assert store.profiles.get("alice").webhook_url == "http://own.example/"


async def test_the_key_is_never_logged(
    hook: Webhook, bus: Bus, receiver: Receiver, answered: Answered, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.statuses = [500]
    event: FrameAnswered = answered()
    bus.publish(event)
    await eventually(lambda: len(receiver.bodies) == 3)
    await eventually(lambda: "do not reach" in caplog.text)
    assert KEY not in caplog.text
    assert KEY not in repr(vars(hook))
