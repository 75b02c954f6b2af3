"""A key is one however it was pasted; what is none stays none."""

from __future__ import annotations

import pytest

from app.core.pasted_key import cleaned

KEYS = (
    "sk-proj-Abc_123",
    "AIzaSyD-0123_456",
    "abcd==",
    "sk-or-v1-00ff",
    "key-0123",
    "gsk_a:b=c",
    "t0ken=",
    "x",
    "my-key=",
)
PASTED = (
    "{}", " {}\n", '"{}"', "'{}'", "`{}`", "{},", '"{}",', "\u201c{}\u201d", "Bearer {}", "bearer  {}",
    "Authorization: Bearer {}", '"Authorization": "Bearer {}",', "export OPENAI_API_KEY={}", 'export X="{}"',
    "OPENAI_API_KEY={}", "GEMINI_API_KEY = '{}';", "$env:OPENAI_API_KEY = \"{}\"", "set X={}",
    'setx OPENAI_API_KEY "{}"',
    '"gemini_api_key": "{}",', "x-api-key: {}", "\ufeff{}\u200b", "{}\r\n\r\n", "api_key: '{}',\n",
)  # fmt: skip


@pytest.mark.parametrize("pasted", PASTED)
@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_found_in_what_was_pasted(key: str, pasted: str) -> None:
    assert cleaned(pasted.format(key)) == key


def test_a_key_that_was_broken_over_lines_is_joined_and_two_are_not() -> None:
    assert cleaned("sk-abcdefghijkl\r\n  mnopqrst\nuvw") == "sk-abcdefghijklmnopqrstuvw"
    assert cleaned("Authorization: Bearer sk-abcdefghijkl\nmnopqrst") == "sk-abcdefghijklmnopqrst"
    assert cleaned("'sk-abcdefghijkl\nmnopqrst',") == "sk-abcdefghijklmnopqrst"
    for two in ("sk-abcdefghijkl\nsk-mnopqrstuvwx", "a\nb", "A_KEY=0123456789ab\nB_KEY=0123456789ab"):
        assert "\n" in cleaned(two)


@pytest.mark.parametrize("text", ["", " ", '""', "',", "Bearer ", "two words", "a\nb", "sch\u00f6n"])
def test_what_is_no_key_is_made_none(text: str) -> None:
    found = cleaned(text)
    assert not found or not set(found).isdisjoint(" \n") or not found.isascii() or found == "Bearer"
