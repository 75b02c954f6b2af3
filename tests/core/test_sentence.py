"""A sentence keeps what it was made of, wherever it is handed."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import asdict

import pytest

from app.core.errors import BadRequestError, DatabaseUnusable, NoAnswer, QuotaError, Repair
from app.core.events import Trouble
from app.core.sentence import Sentence


def test_it_is_its_english_text() -> None:
    sentence = Sentence("Port {port} is {how}.", port=80, how=Sentence("in use"))
    assert sentence == "Port 80 is in use."
    assert (sentence.template, sentence.fields) == ("Port {port} is {how}.", {"port": "80", "how": "in use"})
    assert isinstance(sentence.fields["how"], Sentence)
    assert json.dumps(sentence) == '"Port 80 is in use."'


def test_braces_of_a_value_and_of_a_text_without_fields_mean_nothing() -> None:
    assert Sentence("'{text}' is none.", text="{text} {0} {") == "'{text} {0} {' is none."
    assert Sentence("{0} {") == "{0} {"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))])
def test_copies_keep_template_and_fields(again: Callable[[Sentence], Sentence]) -> None:
    sentence = Sentence("{inner} {free}.", inner=Sentence("Port {port} is taken.", port=1), free="{")
    same = again(sentence)
    assert (same, same.template, same.fields) == (sentence, sentence.template, sentence.fields)
    assert Sentence(same.fields["inner"]).template == "Port {port} is taken."


def test_an_event_as_a_dictionary_keeps_it() -> None:
    told = asdict(Trouble(Sentence("{what} is low.", what="Space")))["sentence"]
    assert (told, told.fields) == ("Space is low.", {"what": "Space"})


def test_an_error_is_its_sentence_and_keeps_what_else_it_carries() -> None:
    error = pickle.loads(pickle.dumps(QuotaError("{label} is used up.", label="Gemini", retry_after_s=5)))
    assert (str(error), error.sentence.fields, error.retry_after_s) == ("Gemini is used up.", {"label": "Gemini"}, 5)
    assert BadRequestError("{a}", a=1, repair=Repair("n")).repair == Repair("n")
    assert str(DatabaseUnusable(error.sentence)) == "Gemini is used up."
    assert DatabaseUnusable(error.sentence).sentence.template == "{label} is used up."
    assert NoAnswer().sentence.template == str(NoAnswer()) == NoAnswer.template
