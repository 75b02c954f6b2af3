"""Figures for Prometheus, judged by the parser of its official library."""

from __future__ import annotations

import math

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.errors import DeadlinePassed
from app.core.events import AttemptFinished, Bus, FrameAnswered, FrameFailed, ProviderLightChanged
from app.core.frame import Frame
from app.server import FrameServer
from app.store import Store
from tests.server.devices import ALICE, ANSWER, BUSY, JPEG, KEYS, SKIPPED, SURE, Phone

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]
KINDS = {
    "frame_backend_build_info": "gauge",
    "frame_backend_uptime_seconds": "gauge",
    "frame_backend_frames": "counter",
    "frame_backend_answer_seconds": "histogram",
    "frame_backend_calls": "counter",
    "frame_backend_call_seconds": "histogram",
    "frame_backend_provider_light": "gauge",
}


@pytest.fixture(autouse=True)
async def door_is_open(store: Store) -> None:
    await store.set_setting("doors.metrics", True)


async def scrape(phone: Phone) -> Figures:
    reply = await phone.send("GET", "/metrics")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = list(text_string_to_metric_families(reply.body.decode()))
    assert {family.name: family.type for family in families} == KINDS
    assert all(family.documentation for family in families)
    samples = [sample for family in families for sample in family.samples]
    figures = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(figures) == len(samples)  # no sample stands there twice
    return figures


def figure(figures: Figures, name: str, **labels: str) -> float:
    return figures[f"frame_backend_{name}", frozenset(labels.items())]


async def test_nothing_happened_yet(phone: Phone) -> None:
    figures = await scrape(phone)
    assert figure(figures, "answer_seconds_count") == 0
    assert figure(figures, "uptime_seconds") >= 0


async def test_what_happened(phone: Phone, bus: Bus, store: Store) -> None:
    alice = store.profiles.get(ALICE)
    seen, asked = Frame("1", alice, "What?", JPEG), Frame("2", alice, "What?", JPEG, door="openai")
    for attempt in ANSWER.attempts:
        bus.publish(AttemptFinished("1", ALICE, attempt))
    for _ in range(2):
        bus.publish(FrameAnswered(seen, ANSWER))
    bus.publish(FrameFailed(asked, DeadlinePassed()))
    bus.publish(ProviderLightChanged('a "b"\\\n', "ready"))
    bus.publish(ProviderLightChanged('a "b"\\\n', "cooling"))
    figures = await scrape(phone)
    assert figure(figures, "frames_total", door="glasses", code="ok") == 2
    assert figure(figures, "frames_total", door="openai", code="deadline") == 1
    assert figure(figures, "answer_seconds_sum") == pytest.approx(2 * ANSWER.latency_ms / 1000)
    assert figure(figures, "answer_seconds_bucket", le="0.5") == 0
    assert figure(figures, "answer_seconds_bucket", le="1") == figure(figures, "answer_seconds_bucket", le="+Inf") == 2
    assert figure(figures, "calls_total", provider=SURE.provider, outcome="sure") == 1
    assert figure(figures, "call_seconds_count", provider=BUSY.provider) == 1
    assert not [labels for name, labels in figures if ("provider", SKIPPED.provider) in labels]
    assert figure(figures, "provider_light", provider='a "b"\\\n', light="cooling") == 1
    assert all(math.isfinite(value) for value in figures.values())
    assert ALICE not in str(figures)


async def test_a_count_is_whole_however_large(phone: Phone, server: FrameServer) -> None:
    server._tally.frames["", "ok"] = 12_345_678
    assert figure(await scrape(phone), "frames_total", door="glasses", code="ok") == 12_345_678


async def test_figures_outlive_the_listener(phone: Phone, bus: Bus, store: Store, server: FrameServer) -> None:
    bus.publish(FrameAnswered(Frame("1", store.profiles.get(ALICE), "What?", JPEG), ANSWER))
    await server.stop()
    await server.start()
    assert figure(await scrape(Phone(server)), "answer_seconds_count") == 1


async def test_closed_it_is_not_there(phone: Phone, store: Store) -> None:
    await store.set_setting("doors.metrics", False)
    assert (await phone.send("GET", "/metrics")).status == 404


async def test_this_computer_needs_no_key_but_a_wrong_one_is_wrong(phone: Phone, store: Store) -> None:
    phone.token = "wrong"
    assert (await phone.send("GET", "/metrics")).status == 401
    phone.token = await store.pairings.issue_token(ALICE)  # a phone's, no app's key
    assert (await phone.send("GET", "/metrics")).status == 401
    phone.token = await store.app_keys.add(ALICE, "prometheus")
    await store.set_setting("network.tokens_only", True)
    assert await scrape(phone)
    phone.token = ""
    assert (await phone.send("GET", "/metrics")).status == 401


async def test_no_profiles_name_and_no_key_stands_there(paired: Phone) -> None:
    await paired.process()
    body = (await paired.send("GET", "/metrics", headers={"Authorization": ""})).body.decode()
    assert not [word for word in (*KEYS, *KEYS.values()) if word in body]
