"""Money, dates and times are written as the locale writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from app.core.routing.audits import AGREES, DIFFERS, OTHER_WORDS
from app.core.routing.provider_calls import CUT_SHORT
from app.core.routing.router import GAINS_TOO_LITTLE
from app.ui.support import formatting as fmt

MOMENT = datetime(2026, 11, 29, 20, 44, 5, tzinfo=UTC).astimezone()


@pytest.fixture
def speak() -> Iterator[Callable[[str], None]]:
    """Makes a locale the window's."""
    before = QLocale()
    kept = (fmt._locale, fmt.date_format, fmt._time_format)

    def change(name: str) -> None:
        QLocale.setDefault(QLocale(name))
        for known in kept:
            known.cache_clear()

    yield change
    change(before.name())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("C", ("2026-11-29", f"{MOMENT:%H:%M:%S}", "0.25", "1.50")),
        ("de_DE", ("29.11.2026", f"{MOMENT:%H:%M:%S}", "0,25", "1,50")),
        ("en_US", ("11/29/2026", f"{MOMENT:%-I:%M:%S}\u202f{MOMENT:%p}", "0.25", "1.50")),
    ],
)
def test_days_times_and_numbers_are_the_locales(speak: Callable[[str], None], name: str, said: tuple[str, ...]) -> None:
    speak(name)
    clock = fmt.clock(MOMENT, seconds=True)
    assert (fmt.day(date(2026, 11, 29)), clock, fmt.number(0.25), fmt.amount(1.5)) == said


def test_cents_have_the_locales_point(speak: Callable[[str], None]) -> None:
    speak("de_DE")
    assert (fmt.usd(0.00042), fmt.usd(0.000001)) == ("0,04 ct", "under 0,01 ct")


def test_what_this_computer_sees_alone_is_no_warning() -> None:
    assert fmt.code("degraded", only_here=True) == ("seen on this computer", "idle")
    assert fmt.code("degraded") == ("not sure", "warn")
    assert fmt.code("deadline", only_here=True)[1] == "bad"


def test_why_one_was_asked_beside_another_is_said_by_its_label() -> None:
    told = f"started beside gemini, which was slow; {CUT_SHORT}"
    assert fmt.beside(told) == "gemini"
    assert fmt.why(told, str.upper) == "asked too because GEMINI was slow; its long form did not come whole"
    assert fmt.why("started beside gemini", str.upper) == "asked together with GEMINI"
    assert fmt.why("B reads every line; A does not.") == "B reads every line; A does not."


def test_every_reason_of_ours_can_be_translated() -> None:
    assert fmt._WHYS.keys() >= {CUT_SHORT, GAINS_TOO_LITTLE, AGREES, DIFFERS, OTHER_WORDS}


@pytest.mark.parametrize(
    ("amount", "outcome", "said"),
    [
        (None, "sure", "not known"),
        (None, "timeout", "not known"),
        (0.0, "sure", "free"),
        (0.0, "unsure", "free"),
        (0.0, "auth", "not charged"),
        (0.0003, "timeout", "0.03 ct"),
        (0.0, "skipped", "–"),
    ],
)
def test_a_failed_call_is_not_charged_only_where_that_is_known(amount: float | None, outcome: str, said: str) -> None:
    assert fmt.cost(amount, outcome) == said


def test_where_there_is_no_room_an_older_moment_is_its_day() -> None:
    now = datetime.now().astimezone()
    assert fmt.clock_or_day(now) == fmt.clock(now, seconds=True)
    assert fmt.clock_or_day(now - timedelta(days=2)) == fmt.day(now - timedelta(days=2))
