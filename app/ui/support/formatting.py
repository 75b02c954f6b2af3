"""How numbers, times and outcomes are said in the window. Every text can be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache, partial

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from app.core.provider import ON_DEVICE
from app.core.routing.trace import USABLE_OUTCOMES
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP
from app.ui.support.theme import Tone

_tr = partial(QCoreApplication.translate, "words")

DASH = "–"
LEAST_CENTS, MOST_CENTS = 0.01, 10.0
"""A sum is told in cents between them: above, dollars with two decimals say enough."""
ENDED_WELL = USABLE_OUTCOMES | {"judged", "audited"}

_OUTCOMES: Mapping[str, tuple[str, Tone]] = {
    "sure": (QT_TRANSLATE_NOOP("words", "sure"), "good"),
    "unsure": (QT_TRANSLATE_NOOP("words", "not sure"), "warn"),
    "judged": (QT_TRANSLATE_NOOP("words", "judged the others"), "good"),
    "audited": (QT_TRANSLATE_NOOP("words", "asked to check"), "idle"),
    "skipped": (QT_TRANSLATE_NOOP("words", "not asked"), "idle"),
    "cancelled": (QT_TRANSLATE_NOOP("words", "not waited for"), "idle"),
    "auth": (QT_TRANSLATE_NOOP("words", "key refused"), "bad"),
    "region": (QT_TRANSLATE_NOOP("words", "not offered in this country"), "bad"),
    "billing": (QT_TRANSLATE_NOOP("words", "no credit left"), "bad"),
    "rate": (QT_TRANSLATE_NOOP("words", "asked us to wait"), "warn"),
    "quota": (QT_TRANSLATE_NOOP("words", "day's requests used up"), "warn"),
    "overload": (QT_TRANSLATE_NOOP("words", "overloaded or unreachable"), "warn"),
    "timeout": (QT_TRANSLATE_NOOP("words", "took too long"), "warn"),
    "bad_reply": (QT_TRANSLATE_NOOP("words", "unreadable reply"), "warn"),
    "model_gone": (QT_TRANSLATE_NOOP("words", "model no longer offered"), "bad"),
    "no_vision": (QT_TRANSLATE_NOOP("words", "model takes no pictures"), "bad"),
    "bad_request": (QT_TRANSLATE_NOOP("words", "request refused"), "bad"),
    "blocked": (QT_TRANSLATE_NOOP("words", "refused the content"), "warn"),
    "truncated": (QT_TRANSLATE_NOOP("words", "reply cut off"), "warn"),
    "empty": (QT_TRANSLATE_NOOP("words", "said nothing"), "warn"),
    "image_rejected": (QT_TRANSLATE_NOOP("words", "picture refused"), "warn"),
}

_CODES: Mapping[str, tuple[str, Tone]] = {
    "ok": (QT_TRANSLATE_NOOP("words", "sure"), "good"),
    "degraded": (QT_TRANSLATE_NOOP("words", "not sure"), "warn"),
    "bad_frame": (QT_TRANSLATE_NOOP("words", "nothing to see"), "warn"),
    "superseded": (QT_TRANSLATE_NOOP("words", "overtaken by a newer frame"), "idle"),
    "hung_up": (QT_TRANSLATE_NOOP("words", "phone hung up"), "idle"),
    "stopping": (QT_TRANSLATE_NOOP("words", "server was stopping"), "idle"),
    "no_answer": (QT_TRANSLATE_NOOP("words", "no answer"), "bad"),
    "no_provider": (QT_TRANSLATE_NOOP("words", "no AI set up"), "bad"),
    "deadline": (QT_TRANSLATE_NOOP("words", "too slow"), "bad"),
    "faces_not_blurred": (QT_TRANSLATE_NOOP("words", "not sent"), "bad"),
}

_WHYS: Mapping[str, str] = {
    "others answered": QT_TRANSLATE_NOOP("words", "others had answered"),
    "this computer had an answer": QT_TRANSLATE_NOOP("words", "this computer had an answer"),
    "keyring locked": QT_TRANSLATE_NOOP("words", "its key waits for the keyring"),
    "no key": QT_TRANSLATE_NOOP("words", "it has no key"),
    "model cannot see pictures": QT_TRANSLATE_NOOP("words", "its model takes no pictures"),
    "over its requests per minute": QT_TRANSLATE_NOOP("words", "its requests of this minute are used up"),
    "over its requests per day": QT_TRANSLATE_NOOP("words", "its requests of today are used up"),
    "the profile's daily cap is reached": QT_TRANSLATE_NOOP("words", "the profile's limit of today is reached"),
    "its daily cap is reached": QT_TRANSLATE_NOOP("words", "its limit of today is reached"),
    "would gain less than it costs": QT_TRANSLATE_NOOP("words", "would have gained less than it costs"),
    "its long form did not come whole": QT_TRANSLATE_NOOP("words", "its long form did not come whole"),
    "agrees": QT_TRANSLATE_NOOP("words", "agrees"),
    "differs": QT_TRANSLATE_NOOP("words", "differs"),
    "in other words": QT_TRANSLATE_NOOP("words", "says it in other words"),
}
"""Why a provider was not asked and what became of one that was, as the trace has it."""
_BESIDE, _SLOW, _REASONS = "started beside ", ", which was slow", "; "
_AFTER: Mapping[str, str] = {
    "cooling down after ": QT_TRANSLATE_NOOP("words", "left alone for a while: {what}"),
    "being tried again after ": QT_TRANSLATE_NOOP("words", "was just being tried again: {what}"),
}


@lru_cache(maxsize=1)
def _locale() -> QLocale:
    """The system's; making one takes 0.2 ms."""
    return QLocale()


def outcome(word: str, provider: str = "") -> tuple[str, Tone]:
    """An attempt's outcome in words, and how it stands. Of this computer, which is never sure, no doubt is told."""
    if word == "unsure" and provider == ON_DEVICE:
        return _tr("seen"), "idle"
    text, tone = _OUTCOMES.get(word, (word.replace("_", " "), "warn"))
    return _tr(text), tone


def code(word: str, *, only_here: bool = False) -> tuple[str, Tone]:
    """A frame's code in words, and how it stands. ``only_here``: no AI was asked but what is on this computer."""
    if only_here and word == "degraded":
        return _tr("seen on this computer"), "idle"
    text, tone = _CODES.get(word, (word.replace("_", " "), "bad"))
    return _tr(text), tone


def beside(told: str) -> str:
    """The provider beside which one was asked, by an attempt's reasons; "" where it was not."""
    first = told.partition(_REASONS)[0]
    return first.removeprefix(_BESIDE).removesuffix(_SLOW) if first.startswith(_BESIDE) else ""


def why(told: str, label: Callable[[str], str] = str) -> str:
    """An attempt's reasons in words; what a provider or a judge said of it stays as it is. ``label``: of a provider."""
    return _REASONS.join(_reason(one, label) for one in told.split(_REASONS))


def _reason(told: str, label: Callable[[str], str]) -> str:
    if other := beside(told):
        text = _tr("asked too because {name} was slow") if told.endswith(_SLOW) else _tr("asked together with {name}")
        return text.format(name=label(other))
    for start, text in _AFTER.items():
        if told.startswith(start):
            return _tr(text).format(what=outcome(told.removeprefix(start))[0])
    return _tr(_WHYS[told]) if told in _WHYS else told


def percent(share: float | None) -> str:
    """0.92 as ``92 %``."""
    return DASH if share is None else f"{share * 100:.0f} %"


def latency(latency_ms: int | None) -> str:
    """Milliseconds below one second, else seconds with one decimal."""
    if latency_ms is None:
        return DASH
    if latency_ms < 1_000:
        return _tr("{number} ms").format(number=latency_ms)
    return _tr("{number} s").format(number=_locale().toString(latency_ms / 1_000, "f", 1))


def latencies(latency_ms: int | None, whole_ms: int | None) -> str:
    """How long the words took, and all of the reply where that took longer."""
    words = latency(latency_ms)
    return words if whole_ms is None else _tr("{words}, whole {whole}").format(words=words, whole=latency(whole_ms))


def sureness(confidence: float | None, trust: float | None) -> str:
    """What was said of itself, and what that is worth where it is known."""
    if trust is None:
        return percent(confidence)
    return _tr("says {confidence}, trust {trust}").format(confidence=percent(confidence), trust=percent(trust))


def size(size_bytes: int) -> str:
    """Bytes in the unit that reads best."""
    return _locale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def usd(amount: float | None, *, is_estimate: bool = False) -> str:
    """US dollars, below ten cents in cents; a dash when it is not known."""
    if amount is None:
        return DASH
    cents = round(amount * 100, 2)
    if amount > 0 and cents < LEAST_CENTS:
        told = _tr("under {number} ct").format(number=number(LEAST_CENTS))
    elif 0 < cents < MOST_CENTS:
        told = _tr("{number} ct").format(number=_locale().toString(cents, "f", 2))
    else:
        told = _tr("${number}").format(number=_locale().toString(amount, "f", 2))
    return f"\u2248 {told}" if is_estimate else told


def cost(amount: float | None, outcome: str, *, is_estimate: bool = False) -> str:
    """What a call cost that ended so: a failure is *not charged* only where that is known, as *free* is."""
    if outcome == "skipped":
        return DASH
    if amount is None:
        return _tr("not known")
    if amount:
        return usd(amount, is_estimate=is_estimate)
    return _tr("free") if outcome in ENDED_WELL else _tr("not charged")


def frames(number: int) -> str:
    return _tr("1 frame") if number == 1 else _tr("{number} frames").format(number=count(number))


def blurred_faces(number: int) -> str:
    if not number:
        return _tr("No face found to blur")
    return _tr("1 face blurred") if number == 1 else _tr("{number} faces blurred").format(number=count(number))


def count(number: int) -> str:
    return _locale().toString(number)


def amount(usd: float) -> str:
    """US dollars as they are typed: with cents, and more decimals where it has them."""
    whole, _, decimals = f"{usd:.6f}".partition(".")
    return f"{whole}{_locale().decimalPoint()}{decimals.rstrip('0'):0<2}"


def number(amount: float) -> str:
    """With as many decimals as it has, up to six figures."""
    return _locale().toString(amount, "g", 6)


def when(moment: datetime | float | None) -> str:
    """Today's clock time, else the date with it; local time. A number is Unix time in seconds."""
    if moment is None:
        return _tr("never")
    local = _local(moment)
    return clock(local, seconds=True) if _is_today(local) else day_and_time(local)


def clock_or_day(moment: datetime) -> str:
    """Today's clock time, else the date alone, where there is no room for both; local time."""
    local = _local(moment)
    return clock(local, seconds=True) if _is_today(local) else day(local)


def _is_today(local: datetime) -> bool:
    return local.date() == datetime.now().astimezone().date()


def day_and_time(moment: datetime | float, *, seconds: bool = False) -> str:
    local = _local(moment)
    return f"{day(local)} {clock(local, seconds=seconds)}"


def day(moment: date) -> str:
    """A date as the locale writes it; of a moment, its own day."""
    return _locale().toString(QDate(moment.year, moment.month, moment.day), date_format())


def long_day(moment: date) -> str:
    """A day as a heading: today and yesterday by their names, others with their weekday."""
    days_ago = (datetime.now().astimezone().date() - moment).days
    if days_ago in (0, 1):
        return _tr("Yesterday") if days_ago else _tr("Today")
    return _locale().toString(QDate(moment.year, moment.month, moment.day), QLocale.FormatType.LongFormat)


def weekday(moment: datetime | float) -> str:
    return _locale().dayName(_local(moment).isoweekday(), QLocale.FormatType.ShortFormat)


def clock(moment: datetime | float, *, seconds: bool = False) -> str:
    """The local time of day."""
    local = _local(moment)
    return _locale().toString(QTime(local.hour, local.minute, local.second), _time_format(seconds=seconds))


def _local(moment: datetime | float) -> datetime:
    return (moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)).astimezone()


@lru_cache(maxsize=1)
def date_format() -> str:
    """Qt's pattern of a day, the year in full: a field takes two digits for the last century's."""
    if _locale().language() == QLocale.Language.C:
        return "yyyy-MM-dd"
    short = _locale().dateFormat(QLocale.FormatType.ShortFormat)
    return short if "yyyy" in short else short.replace("yy", "yyyy")


@lru_cache(maxsize=2)
def _time_format(*, seconds: bool) -> str:
    short = _locale().timeFormat(QLocale.FormatType.ShortFormat)
    return short.replace("mm", "mm:ss") if seconds else short  # the long format has the time zone too


def joined(names: tuple[str, ...]) -> str:
    """Providers in the order they are asked."""
    return " → ".join(names) if names else _tr("nobody")
