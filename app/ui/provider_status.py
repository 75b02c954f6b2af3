"""How every provider stands, in words: what health told last, and what the configuration says by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.core.events import Light, ProviderLightChanged
from app.core.provider import ON_DEVICE, ProviderConfig
from app.core.vendor_info import VendorInfo
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.support.theme import Tone

_TONES: dict[Light, Tone] = {
    "ready": "good", "cooling": "warn", "key_refused": "bad", "no_credit": "bad", "no_key": "idle", "blind": "bad",
    "off": "idle", "error": "bad",
}  # fmt: skip

NEEDS_OWNER: frozenset[Light] = frozenset({"key_refused", "no_credit", "blind", "error"})


def _now() -> datetime:
    return datetime.now().astimezone()


def about(vendor: VendorInfo) -> str:
    """What ``vendor`` is good at, and whether one can begin without paying."""
    minute, day = vendor.free_pace
    free = QCoreApplication.translate("vendors", "Free to start with: {day} pictures a day.")
    parts = (said(vendor.good_at), free.format(day=fmt.count(day)) if minute else "")
    return " ".join(part for part in parts if part)


class ProviderStatus(QObject):
    """``changed`` follows every light that is told. A light's seconds count from when it was told."""

    changed = Signal()

    def __init__(self, services: Services, bridge: Bridge, parent: QObject, now: Callable[[], datetime] = _now) -> None:
        super().__init__(parent)
        self._services, self._now = services, now
        self._told: dict[str, tuple[ProviderLightChanged, datetime | None]] = {}
        for light in services.providers.lights().values():
            self._note(light)
        bridge.on(ProviderLightChanged, self._hear, self)

    def words(self, config: ProviderConfig) -> tuple[str, Tone]:
        """A sentence and how it stands, for one provider."""
        light, until = self._told.get(config.name, (ProviderLightChanged(config.name, "ready"), None))
        word = self._word(config, light, until)
        if word == "ready" and (resting := self._resting(config)):
            return resting, "warn"
        return self._sentence(word, light.sentence, until), _TONES[word]

    def tally(self) -> tuple[int, int, int]:
        """How many are ready, how many need their owner, and how many there are: switched on and with a key, if they
        need one. The reader on this computer is none of them.
        """
        ready = need = known = 0
        for config in self._services.store.providers.all():
            if config.vendor != ON_DEVICE and (tone := self.words(config)[1]) != "idle":
                ready, need, known = ready + (tone == "good"), need + self.needs_owner(config), known + 1
        return ready, need, known

    def needs_owner(self, config: ProviderConfig) -> bool:
        """Whether it works no more until its owner does something about it."""
        light, until = self._told.get(config.name, (ProviderLightChanged(config.name, "ready"), None))
        return self._word(config, light, until) in NEEDS_OWNER

    def wants_key(self, config: ProviderConfig) -> bool:
        """Whether another key would put it right."""
        told = self._told.get(config.name)
        return told is not None and told[0].light == "key_refused"

    def _word(self, config: ProviderConfig, light: ProviderLightChanged, until: datetime | None) -> Light:
        if not config.enabled:
            return "off"
        if self._services.providers.standing(config.name).needs_key and not self._has_key(config.name):
            return "no_key"
        is_over = light.light == "cooling" and until is not None and until <= self._now()
        return "ready" if light.light in ("no_key", "off") or is_over else light.light

    def _resting(self, config: ProviderConfig) -> str:
        """What the owner should know of one that is ready all the same; empty when nothing."""
        store, standing = self._services.store, self._services.providers.standing(config.name)
        owners = (0, *(profile.profile_id for profile in store.profiles.all()))
        if any(store.secrets.is_key_locked(owner, config.name) for owner in owners):
            return self.tr("Its key waits for the keyring")
        if standing.successor:
            text = self.tr("Asks {model} instead of one that is gone: choose a model")
            return text.format(model=standing.successor)
        spent = self._services.spending.provider_today_usd(config.name)
        if 0 < config.daily_cap_usd <= spent and not standing.is_free:
            return self.tr("Today's limit is reached: {amount} spent").format(amount=fmt.usd(spent))
        if standing.quota_left == 0:
            return self.tr("Today's requests are used up")
        if config.daily_cap_usd and not standing.has_price:
            return self.tr("No price is known: its daily limit cannot be kept")
        return ""

    def _sentence(self, word: Light, why: str, until: datetime | None) -> str:
        texts: dict[Light, str] = {
            "ready": self.tr("Ready"),
            "cooling": self.tr("Waits"),
            "no_key": self.tr("No key"),
            "off": self.tr("Off"),
            "key_refused": self.tr("Key refused"),
            "no_credit": self.tr("No credit"),
            "blind": self.tr("Takes no pictures"),
            "error": self.tr("Not working"),
        }
        told = texts[word] if word in ("ready", "no_key", "off") or not why else said(why)
        if until is None or until <= self._now() or word in ("ready", "no_key", "off"):
            return told
        text = self.tr("{why} Tried again at {time}.") if why else self.tr("{state} until {time}")
        return text.format(why=told, state=told, time=self._clock(until))

    def _clock(self, until: datetime) -> str:
        """The time of day, to the second where that is soon."""
        return fmt.clock(until, seconds=until - self._now() < timedelta(minutes=2))

    def _has_key(self, provider: str) -> bool:
        secrets, profiles = self._services.store.secrets, self._services.store.profiles
        names: tuple[str | None, ...] = (None, *(profile.username for profile in profiles.all()))
        return any(key.provider == provider for name in names for key in secrets.listed(name))

    def _hear(self, light: ProviderLightChanged) -> None:
        self._note(light)
        self.changed.emit()

    def _note(self, light: ProviderLightChanged) -> None:
        until = None if light.until_s is None else self._now() + timedelta(seconds=light.until_s)
        self._told[light.provider] = (light, until)
