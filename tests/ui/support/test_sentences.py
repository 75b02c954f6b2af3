"""What the rooms below say is said in the window's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.core.errors import AddressInUse, FrameBackendError, InvalidValue, UnknownName
from app.core.sentence import Sentence
from app.core.settings import declared
from app.store.profiles.identifiers import checked_auth_key, checked_name
from app.store.setup.addresses import checked_network
from app.ui.settings.tab import SettingsTab
from app.ui.support.sentences import said
from tests.ui.conftest import OpenStage, Play


def refusal(do: Callable[[], object]) -> FrameBackendError:
    with pytest.raises(InvalidValue) as caught:
        do()
    return caught.value


def test_what_is_refused_is_said_in_german(german: None) -> None:
    port = declared("network.port")
    assert said(refusal(lambda: checked_name(""))) == "Der Name eines Profils hat 1 bis 64 Zeichen."
    assert "8 bis 128 Zeichen" in said(refusal(lambda: checked_auth_key("x")))
    assert said(refusal(lambda: checked_network("192.168.1.5/24"))).endswith("schreiben Sie 192.168.1.0/24.")
    wanted = "network.port muss eine ganze Zahl von 0 bis 65535 sein"
    assert said(refusal(lambda: port.parse("70000"))) == f"{wanted}."
    assert said(refusal(lambda: port.parse("a must be b."))) == f"{wanted}, nicht „a must be b.“."


def test_a_sentence_within_another_is_said_too(german: None) -> None:
    taken = Sentence("Port {port} is in use by another program.", port=7175)
    free = AddressInUse(Sentence("{sentence} Port {free} is free.", sentence=taken, free=7176), free_port=7176)
    assert said(free) == "Port 7175 wird von einem anderen Programm benutzt. Port 7176 ist frei."
    refused = Sentence("{name}: {error}", name="gemini", error=Sentence("It took too long."))
    assert said(refused) == f"gemini: {said(Sentence('It took too long.'))}" != refused


def test_what_somebody_typed_is_said_as_it_is(german: None) -> None:
    for typed in ("The database is closed.", "{text} {0} {", "100 %"):
        error = UnknownName("There is no profile '{username}'.", username=typed)
        assert said(error) == f"Ein Profil „{typed}“ gibt es nicht."


def test_what_nobody_translated_stays_as_it_is(german: None) -> None:
    for text in ("", "Something else: happened.", "{host} {", "The database is closed."):
        assert said(text) == text
    assert said(Sentence("Something {else_} happened: {{}}.", else_="{x}")) == "Something {x} happened: {}."
    assert said(Sentence()) == ""


def test_in_english_an_error_is_its_own_words(qapp: QApplication) -> None:
    error = refusal(lambda: declared("network.port").parse("70000"))
    assert said(error) == str(error) == "network.port must be a whole number from 0 to 65535."


def test_a_refusal_in_a_german_window_is_german(play: Play, stage: OpenStage, german: None) -> None:
    async def scene() -> None:
        async with stage(tab="settings") as on:
            on.tab(SettingsTab).show_setting("network.host")
            row = on.tab(SettingsTab).rows["network.host"]
            row.wanted.emit(" ")
            await on.until(row.refusal.isVisible)
            assert row.refusal.text() == "network.host muss ein Text von 1 bis 255 Zeichen sein."

    play(scene())
