"""Every setting: its default, what a text may stand for, and its bounds."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import InvalidValue, UnknownName
from app.core.frame import KINDS
from app.core.setting import names_in
from app.core.settings import BY_KEY, EXACT_KINDS, SETTINGS, Settings, declared

PROMISED = {
    "network.host": "0.0.0.0",
    "network.port": 7175,
    "limits.auth_per_minute": 5,
    "limits.profile_per_minute": 10,
    "limits.process_per_hour": 3600,
    "gate.reuse_s": 5.0,
    "gate.hints": 2,
    "cascade.call_limit_s": 6.0,
    "cascade.local_call_limit_s": 60.0,
    "answer_chars": 120,
    "risk.scene": 0.20,
    "risk.exact": 0.10,
}


@pytest.mark.parametrize(("key", "default"), PROMISED.items())
def test_the_promised_keys_have_the_promised_defaults(key: str, default: Any) -> None:
    assert declared(key).default == default
    assert type(declared(key).default) is type(default)


def test_the_deadline_is_a_setting() -> None:
    assert declared("cascade.deadline_s").check(30.0) == 30.0


def test_what_is_per_profile() -> None:
    per_profile = {setting.key for setting in SETTINGS if setting.per_profile}
    assert per_profile == {
        "answer_chars", "blur_faces", "daily_cap_usd", "doubt_mark", "full_answer", "risk.scene", "risk.exact",
        "webhook.url",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("gate.hints", "0", 0),
        ("gate.hints", " 7 ", 7),
        ("network.port", "0", 0),
        ("network.port", "65535", 65_535),
        ("gate.reuse_s", "0", 0.0),
        ("gate.reuse_s", "2.5", 2.5),
        ("gate.reuse_s", "3", 3.0),
        ("limits.process_per_hour", "0", 0),
        ("answer_chars", "0", 0),
        ("risk.scene", "1", 1.0),
        ("cascade.deadline_s", "12.5", 12.5),
        ("cascade.judge", "on", True),
        ("cascade.judge", "True", True),
        ("cascade.judge", "1", True),
        ("cascade.judge", "YES", True),
        ("cascade.judge", "off", False),
        ("cascade.judge", " false ", False),
        ("cascade.judge", "0", False),
        ("cascade.judge", "no", False),
        ("network.host", " 127.0.0.1 ", "127.0.0.1"),
        ("network.host_names", "", ""),
        ("routing.mode", " fast ", "fast"),
    ],
)
def test_a_text_stands_for_a_value_of_the_settings_type(key: str, text: str, value: Any) -> None:
    got = declared(key).parse(text)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("gate.hints", ""), ("gate.hints", "two"), ("gate.hints", "1.5"), ("gate.hints", "-1"), ("gate.hints", "101"),
        ("network.port", "65536"), ("network.port", "-1"), ("network.port", "9" * 5000), ("network.port", "nan"),
        ("gate.reuse_s", "-0.1"), ("gate.reuse_s", "nan"), ("gate.reuse_s", "inf"), ("gate.reuse_s", "1e999"),
        ("gate.reuse_s", "5 s"),
        ("cascade.judge", ""), ("cascade.judge", "maybe"), ("cascade.judge", "2"),
        ("risk.scene", "1.01"), ("risk.scene", "80%"), ("risk.scene", "85"),
        ("network.host", ""), ("network.host", "   "), ("network.host", "x" * 256),
        ("cascade.deadline_s", "90"), ("answer_chars", "-5"), ("routing.mode", ""), ("routing.mode", "quick"),
    ],
)  # fmt: skip
def test_what_breaks_its_bounds_is_refused_in_one_sentence_that_names_it(key: str, text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        declared(key).parse(text)
    sentence = str(refused.value)
    assert key in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 200


def test_the_bounds_are_told_in_words() -> None:
    with pytest.raises(InvalidValue, match="a whole number from 0 to 65535"):
        declared("network.port").parse("x")
    with pytest.raises(InvalidValue, match="on or off"):
        declared("cascade.judge").parse("x")
    with pytest.raises(InvalidValue, match=r"one of chain, .*fast"):
        declared("routing.mode").parse("x")


def test_no_frame_may_outlast_the_phone_which_gives_up_at_90_s() -> None:
    assert declared("cascade.deadline_s").maximum < 90


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"gate\.hint"):
        declared("gate.hint")
    with pytest.raises(UnknownName):
        Settings().value("nonsense")


def test_settings_are_defaults_under_values_and_go_back() -> None:
    settings = Settings({"gate.hints": 5})
    assert (settings.integer("gate.hints"), settings.number("gate.reuse_s")) == (5, 5.0)
    settings.replace({"gate.reuse_s": 0.0})
    assert (settings.integer("gate.hints"), settings.number("gate.reuse_s")) == (2, 0.0)
    assert settings.flag("cascade.judge") is True
    assert settings.text("network.host") == "0.0.0.0"


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), (" , ,", ()), ("qwen", ("qwen",)), (" Qwen,deepseek ,qwen", ("qwen", "deepseek"))],
)
def test_names_parted_by_commas(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


def test_the_tables_of_the_cascade() -> None:
    settings = Settings()
    assert {kind: settings.text(f"order.{kind}") for kind in KINDS} == {
        "scene": "", "text": "", "translate": "qwen", "maths": "deepseek",
    }  # fmt: skip
    assert sorted(EXACT_KINDS) == ["maths", "text"]
    assert set(BY_KEY) == {setting.key for setting in SETTINGS}


@pytest.mark.parametrize("address", ["http://192.168.0.5:70000", "http://192.168.0.5:65536", "http://[", "http://a:0"])
@pytest.mark.parametrize("key", ["network.cors_origins", "webhook.url"])
def test_a_port_beyond_all_ports_is_refused_where_it_is_taken(key: str, address: str) -> None:
    """On Windows a connection to port 70000 goes to 4464."""
    with pytest.raises(InvalidValue, match="write it as"):
        declared(key).parse(address)
