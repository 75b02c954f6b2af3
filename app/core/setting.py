"""One setting's declaration: what it is called, its bounds, and how a text becomes its value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.core.errors import InvalidValue
from app.core.sentence import Sentence

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One declaration. ``minimum`` and ``maximum`` bound numbers (inclusive) and the length of texts.

    ``per_profile``: each profile has its own value, ``setting set KEY VALUE --profile NAME``.
    """

    key: str
    default: Value
    label: str
    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    per_profile: bool = False
    part: Callable[[str], object] | None = None
    """For a text that is a list separated by commas: raises ``InvalidValue`` with how to write one."""
    form: Callable[[str], object] | None = None
    """For a text that is one thing, or empty: raises ``InvalidValue`` with how to write it."""
    choices: tuple[tuple[str, str], ...] = ()
    """For a text that is one of a few: each value, and what people call it."""

    def parse(self, text: str) -> Value:
        """The value that ``text`` stands for. Raises ``InvalidValue`` with the bounds in words."""
        value: Value
        try:
            if isinstance(self.default, bool):
                value = _BOOLEANS[text.strip().lower()]
            elif isinstance(self.default, int):
                value = int(text)
            elif isinstance(self.default, float):
                value = float(text)
            else:
                value = text.strip()
        except (ValueError, KeyError):
            raise InvalidValue(
                "{key} must be {wanted}, not '{text}'.", key=self.key, wanted=self._wanted(), text=text[:40]
            ) from None
        return self.check(value)

    def check(self, value: Value) -> Value:
        """``value`` itself when it is within the bounds. Raises ``InvalidValue``."""
        size = len(value) if isinstance(value, str) else value
        is_choice = not self.choices or value in dict(self.choices)
        if not (self.minimum <= size <= self.maximum and is_choice):  # a NaN fails this too
            raise InvalidValue("{key} must be {wanted}.", key=self.key, wanted=self._wanted())
        if isinstance(value, str):
            for part in names_in(value) if self.part is not None else ():
                self._check_text(self.part, part)
            if value and self.form is not None:
                self._check_text(self.form, value)
        return value

    def _check_text(self, check: Callable[[str], object] | None, part: str) -> None:
        try:
            check(part)  # type: ignore[misc]
        except InvalidValue as error:
            raise InvalidValue(
                "{key}: '{part}' is not right: {error}.", key=self.key, part=part[:60], error=error.sentence
            ) from None

    def _wanted(self) -> Sentence:
        if isinstance(self.default, bool):
            return Sentence("on or off")
        if self.choices:
            return Sentence("one of {choices}", choices=", ".join(dict(self.choices)))
        kind = _KINDS[type(self.default)]
        if math.isinf(self.minimum) and math.isinf(self.maximum):
            return kind
        if math.isinf(self.maximum):
            return Sentence("{kind} of at least {minimum}", kind=kind, minimum=f"{self.minimum:g}")
        bounds = {"minimum": f"{self.minimum:g}", "maximum": f"{self.maximum:g}"}
        if isinstance(self.default, str):
            return Sentence("{kind} from {minimum} to {maximum} characters", kind=kind, **bounds)
        return Sentence("{kind} from {minimum} to {maximum}", kind=kind, **bounds)


_KINDS = {int: Sentence("a whole number"), float: Sentence("a number"), str: Sentence("a text")}
_BOOLEANS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


@lru_cache(maxsize=64)  # read per frame, changed once in a blue moon
def names_in(text: str) -> tuple[str, ...]:
    """The names in a text that parts them by commas, each once."""
    return tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
