"""MQTT, at a real mosquitto: what Home Assistant is told, what goes again, a broker that costs no answer a moment."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.cost.budget import Spending
from app.core.errors import InvalidValue
from app.core.events import Bus, FrameCompleted, FrameReceived, MqttChanged, ProviderLightChanged
from app.core.frame import Measures, Picture
from app.outgoing import mqtt as mqtt_module
from app.outgoing import mqtt_link
from app.outgoing.mqtt import Mqtt, NoBroker
from app.outgoing.mqtt_link import MOST_UNDER_WAY
from app.outgoing.mqtt_topics import mark_of
from app.store import Store
from tests.outgoing.broker import MOSQUITTO, PASSWORD, Home, Mosquitto, free_port, home, retained, set_up, silent_port
from tests.outgoing.conftest import Answered
from tests.store.conftest import eventually

TLS = Path(__file__).parents[1] / "data/tls"
TOPIC = re.compile(r"[a-z0-9_/-]+")
PICTURE = Picture(b"\xff\xd8 a photo", "", 720, 720, Measures(b"", 128.0, 0.0, 0.0, 300.0))

pytestmark = [
    pytest.mark.skipif(MOSQUITTO is None and "CI" not in os.environ, reason="mosquitto is not installed"),
    # paho leaves a socket whose TLS handshake failed to the garbage collection
    pytest.mark.filterwarnings("ignore:Exception ignored in. <truststore:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    made = Mosquitto(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def spending(bus: Bus) -> Spending:
    return Spending(bus)


@pytest.fixture
def lights() -> dict[str, ProviderLightChanged]:
    return {"gemini": ProviderLightChanged("gemini", "cooling")}


@pytest.fixture
async def mqtt(
    store: Store, spending: Spending, lights: dict[str, ProviderLightChanged], bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Mqtt]:
    """Running; nothing is set yet."""
    monkeypatch.setattr(mqtt_link, "BACK_OFF_S", (1, 1))
    made = Mqtt(store, spending, lambda: lights, bus)
    made.start()
    yield made
    await made.stop()


@pytest.fixture
async def linked(mqtt: Mqtt, store: Store, mosquitto: Mosquitto) -> Mqtt:
    await set_up(store, mosquitto.port)
    await connected(mqtt)
    return mqtt


@pytest.fixture
def ha(mosquitto: Mosquitto) -> Iterator[Home]:
    with home(mosquitto) as seen:
        yield seen


async def connected(mqtt: Mqtt) -> None:
    await eventually(lambda: mqtt.state.is_well, within_s=8)


async def soon(condition: Callable[[], object]) -> None:
    await eventually(condition, within_s=5)


# --- what stands there -------------------------------------------------------------------------------------------


async def test_home_assistant_finds_each_entity(linked: Mqtt, ha: Home) -> None:
    names = ("answer", "trust", "answered_by", "cost_today")
    wanted = {f"homeassistant/sensor/frame_backend/alice_{name}/config" for name in names}
    wanted |= {f"homeassistant/sensor/frame_backend/light--{name}/config" for name in ("gemini", "qwen")}
    await soon(lambda: set(ha.configs()) == wanted)
    configs = ha.configs().values()
    assert len({config["unique_id"] for config in configs}) == len(wanted)
    for config in configs:
        assert config["availability_topic"] == "frame_backend/status"
        assert config["device"]["identifiers"]
        assert config["name"]
    assert ha.now["frame_backend/status"] == b"online"
    assert ha.now["frame_backend/light--gemini"] == b"cooling"
    assert ha.now["frame_backend/light--qwen"] == b"ready"
    assert ha.now["frame_backend/alice/cost_today"] == b"0.000000"


async def test_an_answer_and_what_it_cost(
    linked: Mqtt, ha: Home, bus: Bus, answered: Answered, spending: Spending
) -> None:
    event = answered("Ausgang links", answered_by="gemini", trust=0.934)
    bus.publish(event)
    spending.add("alice", "gemini", 0.0125)
    bus.publish(FrameCompleted(event.frame, event.answer))
    await soon(lambda: ha.now.get("frame_backend/alice/cost_today") == b"0.012500")
    told = ha.json("frame_backend/alice/answer")
    at = told.pop("at")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", at)
    assert told == {
        "answer": "Ausgang links", "code": "ok", "kind": "text", "trust": 0.934, "trust_percent": 93,
        "answered_by": "gemini", "frame_id": "frame-1",
    }  # fmt: skip


async def test_what_came_through_a_door_stays_inside(linked: Mqtt, ha: Home, bus: Bus, answered: Answered) -> None:
    bus.publish(answered("Inside.", door="openai"))
    bus.publish(FrameReceived(answered("", door="openai").frame, PICTURE))
    bus.publish(answered("Outside.", trust=None))
    await soon(lambda: "frame_backend/alice/answer" in ha.now)
    assert [what for topic, what in ha.heard if b"Inside" in what] == []
    assert ha.json("frame_backend/alice/answer")["trust_percent"] is None


async def test_the_picture_only_where_it_was_asked_for_and_never_retained(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, mosquitto: Mosquitto, answered: Answered
) -> None:
    frame, config = answered().frame, "homeassistant/image/frame_backend/alice_picture/config"
    bus.publish(FrameReceived(frame, PICTURE))
    await store.set_setting("mqtt.picture", "on")
    await soon(lambda: config in ha.now)
    assert "frame_backend/alice/picture" not in ha.now
    assert ha.json(config)["image_topic"] == "frame_backend/alice/picture"
    bus.publish(FrameReceived(frame, PICTURE))
    await soon(lambda: ha.now.get("frame_backend/alice/picture") == PICTURE.jpeg)
    assert "frame_backend/alice/picture" not in await asyncio.to_thread(retained, mosquitto)
    await store.set_setting("mqtt.picture", "off")
    await soon(lambda: config not in ha.now)


async def test_lights_follow(linked: Mqtt, ha: Home, bus: Bus, store: Store, lights: dict[str, Any]) -> None:
    bus.publish(ProviderLightChanged("qwen", "key_refused"))
    await soon(lambda: ha.now.get("frame_backend/light--qwen") == b"key_refused")
    await store.providers.set("gemini", enabled=False)
    await soon(lambda: ha.now.get("frame_backend/light--gemini") == b"off")


# --- names -------------------------------------------------------------------------------------------------------

NAMES = (
    "a b", "a_b", "a-b", "a.b", "A B", "Ann-Marie", "ann_marie", "Zoë", "日本", "ทดสอบ", "light-", "status", "light",
    "homeassistant", "config", "x" * 64, "1", "...", "ümlaut",
)  # fmt: skip


async def test_whatever_a_profile_is_called_its_topics_are_valid_and_its_own(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, answered: Answered
) -> None:
    for name in NAMES:
        await store.profiles.add(name)
    for name in NAMES:
        bus.publish(answered(f"Of {name}.", name))
    await soon(lambda: len([topic for topic in ha.now if topic.endswith("/answer")]) == len(NAMES))
    configs = {topic: config for topic, config in ha.configs().items() if topic.endswith("_answer/config")}
    by_device = {config["device"]["name"].removeprefix("Frame Backend "): config for config in configs.values()}
    assert set(by_device) == {*NAMES, "alice"}
    for name in NAMES:
        assert ha.json(by_device[name]["state_topic"])["answer"] == f"Of {name}."
    assert all(TOPIC.fullmatch(topic) for topic in ha.now), [one for one in ha.now if not TOPIC.fullmatch(one)]


@pytest.mark.parametrize("username", ["#", "+/+", "$SYS", "a/b", "a\0b", "../x", "\n", "/"])
def test_names_that_no_profile_may_have_make_valid_topics_all_the_same(username: str) -> None:
    from app.core.frame import Profile
    from app.outgoing import mqtt_topics

    profile = Profile(7, username)
    made = [mqtt_topics.answer_topic(profile), mqtt_topics.cost_topic(profile), mqtt_topics.picture_topic(profile)]
    made += mqtt_topics.profile_configs("0" * 16, profile, with_picture=True)
    assert all(TOPIC.fullmatch(topic) for topic in made)
    assert made[0].endswith("-7/answer")


# --- what goes again ---------------------------------------------------------------------------------------------


async def test_a_profile_that_goes_or_is_renamed_takes_its_own_along(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, mosquitto: Mosquitto, answered: Answered
) -> None:
    await store.profiles.add("bob")
    for name in ("alice", "bob"):
        bus.publish(answered(f"For {name}.", name))
    await soon(lambda: "frame_backend/bob/answer" in ha.now)
    await store.trash.delete("bob")
    await soon(lambda: not [topic for topic in ha.now if "bob" in topic])
    gone = [topic.split("/")[0] for topic, payload in ha.heard if "bob" in topic and not payload]
    assert gone == sorted(gone), "what was told goes before what finds it again, should the connection break"
    await store.profiles.rename("alice", "carol")
    await soon(lambda: not [topic for topic in ha.now if "alice" in topic])
    await soon(lambda: "homeassistant/sensor/frame_backend/carol_answer/config" in ha.now)
    late = await asyncio.to_thread(retained, mosquitto)
    assert not [topic for topic in late if "alice" in topic or "bob" in topic]


async def test_an_answer_that_comes_after_its_profile_went_is_not_told(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, answered: Answered
) -> None:
    await store.profiles.add("bob")
    event = answered("Late.", "bob")
    await store.trash.delete("bob")
    bus.publish(event)
    bus.publish(FrameCompleted(event.frame, event.answer))
    bus.publish(answered("Alice's."))
    await soon(lambda: "frame_backend/alice/answer" in ha.now)
    assert not [topic for topic in ha.now if topic.startswith("frame_backend/bob")]


TOPICS_OF_AN_ATTACKER = [
    "frame_backend/#", "frame_backend/+/answer", "frame_backend/a\0b", "frame_backend/\ud800", "frame_backend/",
    "frame_backend/" + "x" * 60_000, "frame_backend/a/b/c", "frame_backend/bob/answer\n",
]  # fmt: skip


async def test_one_that_went_while_we_were_away_goes_when_we_are_back_and_no_neighbours_does(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, spending: Spending, mosquitto: Mosquitto, answered: Answered
) -> None:
    await store.profiles.add("bob")
    bus.publish(answered("For bob.", "bob"))
    await soon(lambda: "frame_backend/bob/answer" in ha.now and "frame_backend/bob/cost_today" in ha.now)
    await linked.stop()
    await soon(lambda: ha.now["frame_backend/status"] == b"offline")
    assert "frame_backend/bob/answer" in ha.now
    await store.trash.delete("bob")
    others = {
        "homeassistant/sensor/frame_backend/neighbour_answer/config":
            b'{"unique_id": "frame_backend_0123456789abcdef_1_answer", "state_topic": "frame_backend/neighbour/x"}',
        "homeassistant/sensor/frame_backend/garbage/config": b"\xff{not json",
        "homeassistant/sensor/frame_backend/list/config": b"[1, 2]",
        "homeassistant/sensor/frame_backend/number/config": b'{"unique_id": 5, "state_topic": []}',
        "homeassistant/sensor/frame_backend/deep/config": b"[" * 30_000,
    }  # fmt: skip
    mark = mark_of(store.secrets.keyring_cache.installation_id)
    for number, topic in enumerate(TOPICS_OF_AN_ATTACKER):
        others[f"homeassistant/sensor/frame_backend/mine{number}/config"] = json.dumps(
            {"unique_id": f"{mark}_1_answer", "state_topic": topic}
        ).encode()
    with home(mosquitto) as _:
        await asyncio.to_thread(publish_retained, mosquitto, others)
    again = Mqtt(store, spending, dict, bus)
    again.start()
    await connected(again)
    await soon(lambda: not [topic for topic in ha.now if "bob" in topic])
    assert others.items() <= ha.now.items()
    await again.stop()


def publish_retained(mosquitto: Mosquitto, messages: dict[str, bytes]) -> None:
    from paho.mqtt import publish

    publish.multiple(
        [(topic, payload, 1, True) for topic, payload in messages.items()],
        hostname="127.0.0.1",
        port=mosquitto.port,
        auth={"username": "home", "password": PASSWORD},
    )


async def test_switched_off_nothing_of_us_stays(
    linked: Mqtt, ha: Home, bus: Bus, store: Store, mosquitto: Mosquitto, answered: Answered
) -> None:
    bus.publish(answered())
    await soon(lambda: "frame_backend/alice/answer" in ha.now)
    await store.set_setting("doors.mqtt", "off")
    await soon(lambda: not ha.now)
    gone = [topic.split("/")[0] for topic, payload in ha.heard if not payload and not topic.endswith("/status")]
    assert gone == sorted(gone)
    await soon(lambda: linked.state.sentence == "MQTT is switched off.")
    assert await asyncio.to_thread(retained, mosquitto) == {}


# --- a broker that is not there, or not well ---------------------------------------------------------------------


async def test_a_broker_that_restarts_is_told_everything_again(
    linked: Mqtt, bus: Bus, store: Store, mosquitto: Mosquitto, answered: Answered
) -> None:
    bus.publish(answered("Before."))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(mosquitto.stop)
    await soon(lambda: linked.state.is_well is False)
    bus.publish(answered("Meanwhile."))
    await asyncio.sleep(1.5)
    assert linked.state.sentence == "127.0.0.1 cannot be reached."
    await asyncio.to_thread(mosquitto.start)
    await connected(linked)
    with home(mosquitto) as late:
        await soon(lambda: "frame_backend/alice/answer" in late.now)
        await soon(lambda: len(late.configs()) == 6)
        assert late.json("frame_backend/alice/answer")["answer"] == "Meanwhile."
        assert late.now["frame_backend/status"] == b"online"
        await store.set_setting("doors.mqtt", "off")
        await soon(lambda: not late.now)
    assert await asyncio.to_thread(retained, mosquitto) == {}


async def test_who_dies_is_said_to_be_offline(linked: Mqtt, ha: Home) -> None:
    await soon(lambda: ha.now.get("frame_backend/status") == b"online")
    assert linked._link is not None
    assert linked._link._client is not None
    linked._link._client._sock_close()  # no goodbye
    await soon(lambda: b"offline" in [what for topic, what in ha.heard if topic == "frame_backend/status"])


async def test_a_wrong_password(mqtt: Mqtt, store: Store, mosquitto: Mosquitto) -> None:
    await set_up(store, mosquitto.port, user="home2")
    await soon(lambda: mqtt.state == MqttChanged(mqtt.state.sentence, is_well=False))
    assert mqtt.state.sentence == "127.0.0.1 refuses the user or the password."
    with pytest.raises(NoBroker, match=r"^127\.0\.0\.1 refuses the user or the password\.$"):
        await mqtt.test()


async def test_tls(
    mqtt: Mqtt, store: Store, tmp_path: Path, bus: Bus, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tls").mkdir()
    secure = Mosquitto(tmp_path / "tls", TLS / "home_server.pem")
    secure.start()
    await set_up(store, secure.port, tls=True)
    await soon(lambda: mqtt.state.is_well is False)
    assert mqtt.state.sentence == "This computer does not trust the certificate of 127.0.0.1."
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "home_ca.pem"))
    assert await mqtt.test() == "127.0.0.1 took the test."
    secure.stop()


async def test_plain_where_tls_is_wanted(mqtt: Mqtt, store: Store, mosquitto: Mosquitto) -> None:
    await set_up(store, mosquitto.port, tls=True)
    await soon(lambda: mqtt.state.is_well is False)
    assert mqtt.state.sentence in ("127.0.0.1 does not speak TLS at this port.", "127.0.0.1 cannot be reached.")


async def test_a_broker_that_hangs_costs_the_answer_nothing_and_little_memory(
    mqtt: Mqtt, store: Store, bus: Bus, answered: Answered
) -> None:
    """It greets, and then neither reads nor says a word: of each topic the newest alone waits."""
    await store.set_setting("mqtt.picture", "on")
    async with silent_port(says=b"\x20\x02\x00\x00") as port:
        await set_up(store, port)
        await connected(mqtt)
        big = Picture(b"x" * 3_000_000, "", 720, 720, PICTURE.measures)
        events = [answered(f"Answer {number}. " + "word " * 20) for number in range(500)]
        begun = time.perf_counter()
        for event in events:
            bus.publish(FrameReceived(event.frame, big))
            bus.publish(event)
        each_ms = (time.perf_counter() - begun) * 1_000 / len(events)
        await asyncio.sleep(0.3)
        assert each_ms < 0.2
        link = mqtt._link
        assert link is not None
        assert link._under_way <= MOST_UNDER_WAY
        assert len(link._waiting) < 10
        assert link._client is not None
        assert len(link._client._out_packet) <= MOST_UNDER_WAY + 5


async def test_one_that_does_not_even_greet_and_one_that_is_not_there(
    mqtt: Mqtt, store: Store, bus: Bus, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt_module, "TEST_LIMIT_S", 0.5)
    async with silent_port() as port:
        await set_up(store, port)
        await soon(lambda: mqtt.state.sentence == "Connecting to 127.0.0.1.")
        with pytest.raises(NoBroker, match=r"^127\.0\.0\.1 did not answer within 0\.5 seconds\.$"):
            await mqtt.test()
        bus.publish(answered())
        begun = time.perf_counter()
        await mqtt.stop()
        assert time.perf_counter() - begun < 0.5
    await store.set_setting("mqtt.port", free_port())
    with pytest.raises(NoBroker, match=r"^127\.0\.0\.1 cannot be reached\.$"):
        await mqtt.test()


async def test_it_ends_in_the_very_moment_in_which_it_is_woken(mqtt: Mqtt, store: Store) -> None:
    """Python 3.11's wait_for forgets that it was cancelled then: the program would never end."""
    await asyncio.sleep(0.05)
    mqtt._look.set()
    async with asyncio.timeout(3):
        await mqtt.stop()


@pytest.mark.parametrize("says", [b"\x20\x00", b"\x15\x03\x01\x00\x02\x02\x46", b"HTTP/1.1 400 Bad\r\n" + b"x" * 90])
async def test_what_is_no_broker_is_told(mqtt: Mqtt, store: Store, says: bytes) -> None:
    """It hangs up, or says what none says: that is not for ever "Connecting"."""
    told = "127.0.0.1 does not answer as an MQTT broker does."
    async with silent_port(says=says) as port:
        await set_up(store, port)
        await soon(lambda: mqtt.state.sentence == told)
        with pytest.raises(NoBroker, match=rf"^{re.escape(told)}$"):
            await mqtt.test()


async def test_one_that_was_left_while_it_was_being_reached_is_left_for_good(mqtt: Mqtt, store: Store) -> None:
    """Its thread sits in a handshake then, and would go on trying for ever."""
    async with silent_port() as port:
        await set_up(store, port, tls=True)
        await soon(lambda: mqtt._link is not None and mqtt._link._client is not None)
        assert mqtt._link is not None
        assert mqtt._link._client is not None
        thread = mqtt._link._client._thread
        assert thread is not None
        await asyncio.sleep(0.3)
        await store.set_setting("doors.mqtt", "off")
        await soon(lambda: mqtt.state.sentence == "MQTT is switched off.")
    await soon(lambda: not thread.is_alive())
    assert mqtt.state.sentence == "MQTT is switched off."


async def test_the_owner_is_told_once_of_one_that_stays_away(
    mqtt: Mqtt, store: Store, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.core.events import Trouble

    told: list[str] = []
    bus.subscribe(Trouble, lambda event: told.append(event.sentence))
    monkeypatch.setattr(mqtt_module, "DOWN_S", 0.5)
    await set_up(store, free_port())
    await asyncio.sleep(3.5)
    assert told == ["Answers do not reach the MQTT broker: 127.0.0.1 cannot be reached."]


# --- its test, its settings, its password ------------------------------------------------------------------------


async def test_a_test_says_what_came_of_it(mqtt: Mqtt, store: Store, mosquitto: Mosquitto, ha: Home) -> None:
    with pytest.raises(InvalidValue, match=r"^No broker's address is set\.$"):
        await mqtt.test()
    await set_up(store, mosquitto.port)
    await store.set_setting("doors.mqtt", "off")
    assert await mqtt.test() == "127.0.0.1 took the test."
    await soon(lambda: b"This is a test of Frame Backend." in [what for _, what in ha.heard])
    assert await asyncio.to_thread(retained, mosquitto) == {}


@pytest.mark.parametrize("host", [
    "mqtt://192.168.0.5", "192.168.0.5:1883", "a b", "user@host", "a..b", ".", "x" * 256, "host/path", "[::1]", "a\0b",
    "-" * 64,
])  # fmt: skip
async def test_what_is_no_host_is_refused(host: str, store: Store) -> None:
    with pytest.raises(InvalidValue):
        await store.set_setting("mqtt.host", host)
    assert store.settings.text("mqtt.host") == ""


@pytest.mark.parametrize("host", ["homeassistant.local", "192.168.0.5", "::1", "fe80::1%eth0", "bücher.example"])
async def test_hosts(host: str, store: Store) -> None:
    await store.set_setting("mqtt.host", host)
    assert store.settings.text("mqtt.host") == host


async def test_a_password_that_the_keyring_has_not_given_is_waited_for(
    mqtt: Mqtt, store: Store, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store.door_secrets, "is_locked", lambda door: True)
        await set_up(store, mosquitto.port)
        await soon(lambda: mqtt.state.sentence == "The keyring has not given the broker's password yet.")
    mqtt._look.set()  # as KeysChanged does
    await connected(mqtt)


async def test_the_password_is_told_nobody(
    linked: Mqtt, ha: Home, bus: Bus, answered: Answered, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bus.publish(answered())
    await soon(lambda: "frame_backend/alice/answer" in ha.now)
    assert PASSWORD not in caplog.text + repr(linked._broker) + repr(vars(linked))
    assert not [topic for topic, what in ha.heard if PASSWORD.encode() in what]
