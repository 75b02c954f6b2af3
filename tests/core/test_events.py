"""The bus: each event to the subscribers of its class, at once, in order, each on its own."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from app.core.events import Bus, ProfilesChanged, SettingsChanged, Trouble


def test_a_subscriber_hears_its_own_class_alone() -> None:
    bus, heard = Bus(), list[Any]()
    bus.subscribe(Trouble, heard.append)
    bus.publish(ProfilesChanged())
    bus.publish(Trouble("The disk is full."))
    assert heard == [Trouble("The disk is full.")]


def test_subscribers_hear_in_the_order_they_came() -> None:
    bus, heard = Bus(), list[str]()
    for name in "abc":
        bus.subscribe(Trouble, lambda _, name=name: heard.append(name))  # type: ignore[misc]
    bus.publish(Trouble(""))
    assert heard == ["a", "b", "c"]


def test_an_ended_subscription_hears_no_more() -> None:
    bus, heard = Bus(), list[Any]()
    end = bus.subscribe(Trouble, heard.append)
    bus.subscribe(Trouble, heard.append)
    end()
    bus.publish(Trouble(""))
    assert len(heard) == 1


def test_a_subscriber_may_leave_or_subscribe_while_it_hears() -> None:
    bus, heard = Bus(), list[str]()

    def once(event: Trouble) -> None:
        heard.append("once")
        end()
        bus.subscribe(Trouble, lambda _: heard.append("new"))

    end = bus.subscribe(Trouble, once)
    bus.subscribe(Trouble, lambda _: heard.append("steady"))
    bus.publish(Trouble(""))
    assert heard == ["once", "steady"]
    bus.publish(Trouble(""))
    assert heard == ["once", "steady", "steady", "new"]


def test_a_failing_subscriber_is_logged_and_the_others_still_hear(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[Any]()

    def broken(event: object) -> None:
        raise RuntimeError("broken")

    bus.subscribe(SettingsChanged, broken)
    bus.subscribe(SettingsChanged, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(SettingsChanged("gate.hints"))
    assert heard == [SettingsChanged("gate.hints")]
    assert "SettingsChanged" in caplog.text
    assert "broken" in caplog.text


def test_an_event_nobody_wants_is_no_trouble() -> None:
    Bus().publish(Trouble("alone"))
