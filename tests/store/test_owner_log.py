"""What an owner asks about stands in the log as sentences, with the names and addresses it was about."""

from __future__ import annotations

import logging

import pytest

from app.core.events import (
    Bus,
    KeyRefused,
    KeysPosted,
    MqttChanged,
    PairingWanted,
    ProviderLightChanged,
    ServerStateChanged,
    Trouble,
)
from app.core.sentence import Sentence
from app.owner_log import OwnerLog, log_troubles
from app.store import Store


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, bus: Bus, store: Store) -> pytest.LogCaptureFixture:
    """Its ``messages``: all that was told since."""
    caplog.set_level(logging.INFO, "app.owner_log")
    log_troubles(bus)
    OwnerLog(bus, store, "1.2.3")
    assert caplog.messages == ["Frame Backend 1.2.3 started."]
    caplog.clear()
    return caplog


def test_the_server_and_its_address(told: pytest.LogCaptureFixture, bus: Bus) -> None:
    why = Sentence("Another program uses port {port}.", port=7175)
    for event in (
        ServerStateChanged("starting"),
        ServerStateChanged("running", "http://192.168.0.5:7175"),
        ServerStateChanged("running", "http://192.168.0.5:7175"),
        ServerStateChanged("running", "http://10.0.0.5:7175"),
        ServerStateChanged("stopping"),
        ServerStateChanged("stopped"),
        ServerStateChanged("stopped"),
        ServerStateChanged("error", sentence=why),
    ):
        bus.publish(event)
    assert told.messages == [
        "The server runs at http://192.168.0.5:7175",
        "The server has a new address: http://10.0.0.5:7175",
        "The server stopped.",
        "The server does not run: Another program uses port 7175.",
    ]
    assert [record.levelname for record in told.records] == ["INFO", "INFO", "INFO", "WARNING"]
    assert all(isinstance(record.msg, Sentence) for record in told.records), "for the window's language"


def test_what_is_heard_of_providers_and_strangers(told: pytest.LogCaptureFixture, bus: Bus) -> None:
    for event in (
        ProviderLightChanged("gemini", "ready"),
        ProviderLightChanged("gemini", "key_refused", Sentence("The key was refused.")),
        ProviderLightChanged("gemini", "ready"),
        PairingWanted("192.168.0.7", "alice"),
        PairingWanted("192.168.0.7", ""),
        KeyRefused("192.168.0.8"),
        KeyRefused("192.168.0.8"),
        KeysPosted("alice", "192.168.0.7", ("gemini", "qwen")),
        MqttChanged(Sentence("Nothing answers."), is_well=False),
        Trouble(Sentence("The disk is full: 100 %.")),
    ):
        bus.publish(event)
    assert told.messages == [
        "gemini: The key was refused.",
        "gemini is asked again.",
        "The device 192.168.0.7 asks to act as alice.",
        "The device 192.168.0.7 asks to be let in.",
        "A wrong auth key came from 192.168.0.8.",
        "The phone at 192.168.0.7 set API keys of alice: gemini, qwen.",
        "Nothing answers.",
        "The disk is full: 100 %.",
    ]


def test_when_a_provider_is_asked_again(told: pytest.LogCaptureFixture, bus: Bus) -> None:
    bus.publish(ProviderLightChanged("qwen", "cooling", Sentence("It took too long."), 95))
    (message,) = told.messages
    assert message.startswith("qwen: It took too long. Tried again at ")


async def test_what_is_changed(told: pytest.LogCaptureFixture, store: Store) -> None:
    await store.profiles.add("alice")
    await store.pairings.pair("192.168.0.7", "alice")
    await store.profiles.rename("alice", "carol")
    await store.pairings.revoke("carol")
    await store.trash.delete("carol")
    await store.blacklist.add("10.0.0.9", "a stranger")
    await store.blacklist.remove("10.0.0.9")
    await store.providers.set("gemini", enabled=False)
    await store.set_setting("network.port", "7180")
    await store.set_setting("cascade.judge", "off")
    await store.set_setting("webhook.url", "https://hook.test/?secret=1")
    assert told.messages == [
        "The profile alice was added.",
        "The device 192.168.0.7 was paired with alice.",
        "The profile alice is called carol now.",
        "The device 192.168.0.7 is no longer paired with carol.",
        "The profile carol was deleted.",
        "10.0.0.9 was blocked.",
        "10.0.0.9 is no longer blocked.",
        "gemini was switched off.",
        "The setting “Port” is now: 7180",
        "The setting “Let one AI compare the answers” is now: off",
        "The setting “Webhook's address” was changed.",
    ]
