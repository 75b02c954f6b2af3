"""What the rooms below say is known again by the window, and said in its language."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.core.errors import FrameBackendError, InvalidValue
from app.core.settings import declared
from app.paths import resource
from app.store.profiles.identifiers import checked_auth_key, checked_name
from app.store.setup.addresses import checked_network
from app.ui.settings.tab import SettingsTab
from app.ui.support.sentences import said
from tests.ui.conftest import OpenStage, Play
from tests.ui.stage import case

TEMPLATES = resource("translations/sentences.txt").read_text(encoding="utf-8").splitlines()


def test_every_sentence_is_known_with_what_stands_in_its_fields(german: None) -> None:
    for template in TEMPLATES:
        with case(template):
            values = [f"v{number}" for number in range(len(re.findall(r"\{\w+\}", template)))]
            left = iter(values)
            sentence = re.sub(r"\{\w+\}", lambda _, left=left: next(left), template)
            told = said(sentence)
            assert told != sentence or not any(part.isalpha() for part in re.sub(r"\{\w+\}", "", template))
            assert all(value in told for value in values)


def refusal(do: Callable[[], object]) -> FrameBackendError:
    with pytest.raises(InvalidValue) as caught:
        do()
    return caught.value


def test_what_is_refused_is_said_in_german(german: None) -> None:
    port = declared("network.port")
    assert said(refusal(lambda: checked_name(""))) == "Der Name eines Profils hat 1 bis 64 Zeichen."
    assert "4 bis 128 Zeichen" in said(refusal(lambda: checked_auth_key("x")))
    assert said(refusal(lambda: checked_network("192.168.1.5/24"))).endswith("schreiben Sie 192.168.1.0/24.")
    wanted = "network.port muss eine ganze Zahl von 0 bis 65535 sein"
    assert said(refusal(lambda: port.parse("70000"))) == f"{wanted}."
    assert said(refusal(lambda: port.parse("a must be b."))) == f"{wanted}, nicht „a must be b.“."


def test_a_sentence_within_another_is_said_too(german: None) -> None:
    taken = "Port 7175 is in use by another program. Port 7176 is free."
    assert said(taken) == "Port 7175 wird von einem anderen Programm benutzt. Port 7176 ist frei."
    assert said("gemini: The key was refused. Check the key and the address.").startswith("gemini: Der Schlüssel")


def test_what_nobody_knows_stays_as_it_is(german: None) -> None:
    for text in ("", "Something else: happened.", "{host} {", "alice: a mug", "100 %"):
        assert said(text) == text


def test_in_english_nothing_changes(qapp: QApplication) -> None:
    for template in TEMPLATES:
        assert said(template) == template


def test_a_refusal_in_a_german_window_is_german(play: Play, stage: OpenStage, german: None) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            row = on.tab(SettingsTab).rows["network.host"]
            row.wanted.emit(" ")
            await on.until(row.refusal.isVisible)
            assert row.refusal.text() == "network.host muss ein Text von 1 bis 255 Zeichen sein."

    play(scene())
