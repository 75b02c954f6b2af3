"""What everybody may know of a vendor; how it is talked to is its file's business in ``app.providers``."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.sentence import Sentence


@dataclass(frozen=True, slots=True)
class PresetInfo:
    """A well-known server that speaks a vendor's dialect: where it listens, and what to know before it is used.

    ``label``: what people call it; ``base_url`` is empty for one that nobody knows beforehand.
    """

    name: str
    label: str
    base_url: str = ""
    note: Sentence = Sentence()


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that sees, in a program on this computer: a known one's ``preset``, whose ``label`` people call it by."""

    preset: str
    label: str
    base_url: str
    model: str


@dataclass(frozen=True, slots=True)
class VendorInfo:
    """A vendor as people meet it: public knowledge; what an owner sets is in ``ProviderConfig``.

    ``key_variable`` is the environment variable of its key, empty when it needs none; ``key_page`` where people get
    one. ``free_pace``: requests per minute and per day that a key without billing gets; 0 when nobody knows.
    ``good_at``: what to choose it for. ``presets``: servers that an owner may add as one of this vendor's.
    """

    name: str
    label: str
    key_variable: str = ""
    key_page: str = ""
    free_pace: tuple[int, int] = (0, 0)
    presets: tuple[PresetInfo, ...] = ()
    good_at: Sentence = Sentence()

    @property
    def needs_key(self) -> bool:
        return bool(self.key_variable)
