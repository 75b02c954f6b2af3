"""What an owner asks about afterwards, each as a sentence in the log: who was let in, what was changed, what failed.

It listens to the bus and looks into the store for what an event leaves out. Texts that the owner typed are not told.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from app.core.events import (
    BlacklistChanged,
    Bus,
    KeyRefused,
    KeyringChecked,
    KeysPosted,
    MqttChanged,
    PairingsChanged,
    PairingWanted,
    ProfilesChanged,
    ProviderLightChanged,
    ProvidersChanged,
    ReleaseChecked,
    ServerState,
    ServerStateChanged,
    SettingsChanged,
    Trouble,
)
from app.core.passed import passed_s
from app.core.sentence import Sentence
from app.core.settings import BY_KEY
from app.log import FOR_THE_FILE
from app.store import Store

log = logging.getLogger(__name__)

TOLD_AGAIN_S = 60.0
"""Wrong keys of one address are told at most so often."""
_MOST_ADDRESSES = 200


def log_troubles(bus: Bus) -> None:
    """What is told from the first moment on, before there is a store."""
    bus.subscribe(KeyringChecked, lambda event: log.log(_level(is_bad=not event.usable), event.sentence))
    bus.subscribe(Trouble, lambda event: log.warning(event.sentence))


class OwnerLog:
    """From its making on. ``bus`` and ``store`` are the program's."""

    def __init__(self, bus: Bus, store: Store, version: str) -> None:
        self._store = store
        self._lights: dict[str, str] = {}
        self._refused: dict[str, float] = {}
        self._url = ""
        self._state: ServerState = "stopped"
        self._pairings, self._blocked = self._paired(), self._on_the_blacklist()
        self._profiles, self._providers = self._named(), self._switched()
        bus.subscribe(ServerStateChanged, self._server)
        bus.subscribe(ProviderLightChanged, self._provider)
        bus.subscribe(PairingWanted, self._pairing_wanted)
        bus.subscribe(PairingsChanged, lambda _: self._pairings_changed())
        bus.subscribe(KeyRefused, self._key_refused)
        bus.subscribe(KeysPosted, self._keys_posted)
        bus.subscribe(BlacklistChanged, lambda _: self._blacklist_changed())
        bus.subscribe(ProfilesChanged, lambda _: self._profiles_changed())
        bus.subscribe(ProvidersChanged, lambda _: self._providers_changed())
        bus.subscribe(SettingsChanged, self._setting)
        bus.subscribe(ReleaseChecked, lambda event: _tell(event.sentence) if event.page else None)
        bus.subscribe(MqttChanged, lambda event: _tell(event.sentence, is_bad=event.is_well is False))
        _tell(Sentence("Frame Backend {version} started.", version=version))

    # --- the server and the AIs ----------------------------------------------------------------------------------

    def _server(self, event: ServerStateChanged) -> None:
        before, self._url = self._url, event.url if event.state == "running" else ""
        last, self._state = self._state, event.state
        if event.state == "running" and not before:
            _tell(Sentence("The server runs at {url}", url=event.url))
        elif event.state == "running" and event.url != before:
            _tell(Sentence("The server has a new address: {url}", url=event.url))
        elif event.state == "stopped" != last:  # a server that stands still says it again when it is stopped
            _tell(Sentence("The server stopped."))
        elif event.state == "error":
            _tell(Sentence("The server does not run: {why}", why=event.sentence), is_bad=True)

    def _provider(self, event: ProviderLightChanged) -> None:
        before = self._lights.get(event.provider, "ready")
        self._lights[event.provider] = event.light
        if event.light == "ready" and before != "ready":
            _tell(Sentence("{provider} is asked again.", provider=event.provider))
        elif event.sentence and event.until_s:
            at = datetime.now().astimezone() + timedelta(seconds=event.until_s)
            told = Sentence(
                "{provider}: {why} Tried again at {time}.",
                provider=event.provider, why=event.sentence, time=f"{at:%H:%M}",
            )  # fmt: skip
            _tell(told, is_bad=True)
        elif event.sentence:
            _tell(Sentence("{provider}: {why}", provider=event.provider, why=event.sentence), is_bad=True)

    # --- who is let in -------------------------------------------------------------------------------------------

    def _pairing_wanted(self, event: PairingWanted) -> None:
        name = event.username
        _tell(
            Sentence("The device {address} asks to act as {name}.", address=event.client_ip, name=name)
            if name
            else Sentence("The device {address} asks to be let in.", address=event.client_ip)
        )

    def _key_refused(self, event: KeyRefused) -> None:
        now, address = passed_s(), event.client_ip
        if now - self._refused.get(address, -TOLD_AGAIN_S) < TOLD_AGAIN_S:
            return
        if len(self._refused) >= _MOST_ADDRESSES:
            self._refused.clear()
        self._refused[address] = now
        _tell(Sentence("A wrong auth key came from {address}.", address=address), is_bad=True)

    def _keys_posted(self, event: KeysPosted) -> None:
        names = ", ".join(event.providers)
        _tell(
            Sentence(
                "The phone at {address} set API keys of {name}: {providers}.",
                address=event.client_ip, name=event.username, providers=names,
            )
        )  # fmt: skip

    def _pairings_changed(self) -> None:
        before, self._pairings = self._pairings, self._paired()
        added, gone = self._pairings - before, before - self._pairings
        renamed = {address for _, address in added} & {address for _, address in gone}
        for name, address in (pair for pair in added if pair[1] not in renamed):
            _tell(Sentence("The device {address} was paired with {name}.", address=address, name=name))
        for name, address in (pair for pair in gone if pair[1] not in renamed):
            _tell(Sentence("The device {address} is no longer paired with {name}.", address=address, name=name))

    def _blacklist_changed(self) -> None:
        before, self._blocked = self._blocked, self._on_the_blacklist()
        for address in self._blocked.keys() - before.keys():
            if self._blocked[address]:
                _tell(
                    Sentence("{address} sent many wrong keys: it may not pair for now.", address=address), is_bad=True
                )
            else:
                _tell(Sentence("{address} was blocked.", address=address))
        for address in before.keys() - self._blocked.keys():
            _tell(Sentence("{address} is no longer blocked.", address=address))

    # --- what is changed -----------------------------------------------------------------------------------------

    def _profiles_changed(self) -> None:
        before, self._profiles = self._profiles, self._named()
        for number in self._profiles.keys() - before.keys():
            _tell(Sentence("The profile {name} was added.", name=self._profiles[number]))
        for number in before.keys() - self._profiles.keys():
            _tell(Sentence("The profile {name} was deleted.", name=before[number]))
        for number in before.keys() & self._profiles.keys():
            old, new = before[number], self._profiles[number]
            if old != new:
                _tell(Sentence("The profile {old} is called {name} now.", old=old, name=new))

    def _providers_changed(self) -> None:
        before, self._providers = self._providers, self._switched()
        for name, is_on in self._providers.items():
            if is_on is not before.get(name):
                told = (
                    Sentence("{provider} was switched on.", provider=name)
                    if is_on
                    else Sentence("{provider} was switched off.", provider=name)
                )
                _tell(told)
        for name in before.keys() - self._providers.keys():
            _tell(Sentence("{provider} was removed.", provider=name))

    def _setting(self, event: SettingsChanged) -> None:
        setting = BY_KEY.get(event.key)
        if setting is None:
            _tell(Sentence("Several settings were changed."))
        elif isinstance(setting.default, str) and not setting.choices:
            _tell(Sentence("The setting “{setting}” was changed.", setting=setting.label))
        else:
            value = self._store.settings.value(setting.key)
            said = Sentence("on") if value is True else Sentence("off") if value is False else str(value)
            _tell(Sentence("The setting “{setting}” is now: {value}", setting=setting.label, value=said))

    # --- what the store knows ------------------------------------------------------------------------------------

    def _paired(self) -> frozenset[tuple[str, str]]:
        return frozenset((pairing.username, pairing.ip) for pairing in self._store.pairings.all())

    def _on_the_blacklist(self) -> dict[str, bool]:
        """Whether it was put there automatically, by address."""
        return {entry.address: entry.automatic for entry in self._store.blacklist.all()}

    def _named(self) -> dict[int, str]:
        return {profile.profile_id: profile.username for profile in self._store.profiles.all()}

    def _switched(self) -> dict[str, bool]:
        return {config.name: config.enabled for config in self._store.providers.all()}


def _tell(sentence: Sentence, *, is_bad: bool = False) -> None:
    if sentence:
        log.log(_level(is_bad=is_bad), sentence, extra=FOR_THE_FILE)


def _level(*, is_bad: bool) -> int:
    return logging.WARNING if is_bad else logging.INFO
