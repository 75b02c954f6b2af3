"""MQTT: what the glasses saw stands at the home's broker, where Home Assistant finds it by itself.

Told are the answers to the glasses, what they cost today, how each provider stands, and the last picture only where
the owner asked for it. Words and figures are retained, pictures are not; all of it goes when the owner switches it off.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from app.core.cost.budget import Spending
from app.core.errors import FrameBackendError, InvalidValue
from app.core.events import (
    Bus,
    Event,
    FrameAnswered,
    FrameCompleted,
    FrameReceived,
    KeysChanged,
    MqttChanged,
    ProfilesChanged,
    ProviderLightChanged,
    ProvidersChanged,
    SettingsChanged,
    Trouble,
)
from app.core.frame import Profile
from app.core.sentence import Sentence
from app.core.tasks import Background
from app.outgoing import mqtt_topics as topics
from app.outgoing.mqtt_link import Broker, Link
from app.store import Store

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
"""At what no event tells of: at midnight nothing was spent yet."""
DOWN_S = 60.0
"""A broker that is away for longer is told of; a shorter while is a restart."""
TEST_LIMIT_S = 12.0
_OFF = MqttChanged(Sentence("MQTT is switched off."), is_well=None)


class NoBroker(FrameBackendError):
    """The broker does not take what we have to tell."""


class Mqtt(Background):
    """``lights``: how each provider stands. ``state``: how the link stands, as last told."""

    name = "keep the link to the broker"

    def __init__(
        self, store: Store, spending: Spending, lights: Callable[[], Mapping[str, ProviderLightChanged]], bus: Bus
    ) -> None:
        self._store, self._spending, self._lights, self._bus = store, spending, lights, bus
        self.state = _OFF
        self._link: Link | None = None
        self._broker: Broker | None = None
        self._down_since: float | None = None
        self._is_told = False
        self._here: set[str] = set()
        """Every topic at which something may stand now."""
        self._look = asyncio.Event()
        bus.subscribe(FrameReceived, self._received)
        bus.subscribe(FrameAnswered, self._answered)
        bus.subscribe(FrameCompleted, self._completed)
        bus.subscribe(ProviderLightChanged, self._light)
        changes: tuple[type[Event], ...] = (SettingsChanged, KeysChanged, ProfilesChanged, ProvidersChanged)
        for change in changes:
            bus.subscribe(change, lambda _: self._look.set())

    async def test(self) -> Sentence:
        """Connect as set, switched on or not, and send something; what came of it. Raises ``InvalidValue``,
        ``NoBroker``.
        """
        return await test(self._store)

    async def stop(self) -> None:
        """Say goodbye. What is retained stays, as not available."""
        await super().stop()
        if self._link is not None:
            await self._link.close(forget=False)
            self._link = None

    # --- the link --------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            self._look.clear()
            await self._follow()
            self._show_all()
            while not await self._is_woken(LOOK_EVERY_S):
                self._show_costs()

    async def _is_woken(self, limit_s: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await self._look.wait()
        return self._look.is_set()

    async def _follow(self) -> None:
        """Have the link that the settings want, and no other."""
        why_none = self._why_none()
        wanted = None if why_none else broker_of(self._store)
        if wanted != self._broker:
            await self._leave(wanted)
            self._broker = wanted
            if wanted is not None:
                await self._reach(wanted)
        if why_none is not None:
            self._stands(why_none)

    async def _leave(self, wanted: Broker | None) -> None:
        """What stands at a broker that is left for another, or for none, is taken away."""
        link, before = self._link, self._broker
        self._link = None
        if link is not None and before is not None:
            stays = wanted is not None and (wanted.host, wanted.port) == (before.host, before.port)
            await link.close(forget=not stays)

    async def _reach(self, broker: Broker) -> None:
        self._stands(MqttChanged(Sentence("Connecting to {host}.", host=broker.host), is_well=None))
        self._link = Link(
            broker,
            f"frame-backend-{self._installation_id}",
            self._hear,
            status=topics.STATUS,
            look_for=topics.FOUND,
            found=self._found,
        )
        await self._link.open()

    def _why_none(self) -> MqttChanged | None:
        settings = self._store.settings
        if not settings.flag("doors.mqtt"):
            return _OFF
        if not settings.text("mqtt.host"):
            return MqttChanged(Sentence("No broker's address is set."), is_well=False)
        if settings.text("mqtt.user") and self._store.door_secrets.is_locked("mqtt"):
            return MqttChanged(Sentence("The keyring has not given the broker's password yet."), is_well=False)
        return None

    def _hear(self, sentence: Sentence, is_well: bool) -> None:
        self._stands(MqttChanged(sentence, is_well))
        now = time.monotonic()
        if is_well:
            self._down_since, self._is_told = None, False
            return
        self._down_since = self._down_since or now
        if now - self._down_since >= DOWN_S and not self._is_told:
            self._is_told = True
            self._bus.publish(Trouble(Sentence("Answers do not reach the MQTT broker: {why}", why=sentence)))

    def _stands(self, state: MqttChanged) -> None:
        if state != self.state:
            log.log(logging.WARNING if state.is_well is False else logging.INFO, "%s", state.sentence)
            self.state = state
            self._bus.publish(state)

    # --- what is to stand there ------------------------------------------------------------------------------------

    @property
    def _installation_id(self) -> str:
        return self._store.secrets.keyring_cache.installation_id

    def _show_all(self) -> None:
        """All that is known without a frame; what belongs to nobody any more goes.

        What is told of a thing goes before what it is: where the connection breaks in between, ``_found`` finds it.
        """
        if self._link is None:
            return
        configs, lights = self._configs(), self._lights()
        self._here = configs.keys() | self._places()
        for topic in reversed(self._link.topics):
            if topic not in self._here:
                self._link.forget(topic)
        for topic, config in configs.items():
            self._link.put(topic, json.dumps(config).encode())
        for provider in self._store.providers.all():
            told = lights.get(provider.name, ProviderLightChanged(provider.name, "ready"))
            self._light(told if provider.enabled else ProviderLightChanged(provider.name, "off"))
        self._show_costs()

    def _show_costs(self) -> None:
        for profile in self._store.profiles.all():
            self._show_cost(profile)

    def _configs(self) -> dict[str, Mapping[str, object]]:
        with_picture, mine = self._store.settings.flag("mqtt.picture"), self._installation_id
        configs: dict[str, Mapping[str, object]] = {}
        for profile in self._store.profiles.all():
            configs |= topics.profile_configs(mine, profile, with_picture=with_picture)
        for provider in self._store.providers.all():
            configs |= topics.light_config(mine, provider.name)
        return configs

    def _places(self) -> set[str]:
        """Where something may stand beside the configs."""
        profiles, providers = self._store.profiles.all(), self._store.providers.all()
        places = (topics.answer_topic, topics.cost_topic)
        return {place(profile) for profile in profiles for place in places} | {
            topics.light_topic(provider.name) for provider in providers
        }

    def _found(self, topic: str, config: bytes) -> None:
        """What an earlier run left: of a profile or provider that is gone by now, it goes too."""
        named = topics.topics_in(config, self._installation_id)
        for one in (*named, topic) if named else ():
            if self._link is not None and one not in self._here:
                self._link.forget(one)

    # --- what the bus tells ----------------------------------------------------------------------------------------

    def _received(self, event: FrameReceived) -> None:
        if self._link is not None and not event.frame.door and self._store.settings.flag("mqtt.picture"):
            self._link.put(topics.picture_topic(event.frame.profile), event.picture.jpeg, retain=False)

    def _answered(self, event: FrameAnswered) -> None:
        frame, answer = event.frame, event.answer
        if self._link is None or frame.door or not self._is_here(frame.profile):
            return
        said = {
            "answer": answer.text,
            "code": answer.code,
            "kind": answer.kind,
            "trust": answer.trust,
            "trust_percent": None if answer.trust is None else round(answer.trust * 100),
            "answered_by": answer.answered_by,
            "frame_id": frame.frame_id,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._link.put(
            topics.answer_topic(frame.profile), json.dumps(said, ensure_ascii=False).encode(errors="replace")
        )

    def _completed(self, event: FrameCompleted) -> None:
        if self._is_here(event.frame.profile):
            self._show_cost(event.frame.profile)

    def _show_cost(self, profile: Profile) -> None:
        if self._link is not None:
            spent = self._spending.profile_today_usd(profile.username)
            self._link.put(topics.cost_topic(profile), f"{spent:.6f}".encode())

    def _light(self, event: ProviderLightChanged) -> None:
        if self._link is not None:
            self._link.put(topics.light_topic(event.provider), event.light.encode())

    def _is_here(self, profile: Profile) -> bool:
        """Not deleted, and called as it was, while its frame was answered."""
        return self._store.profiles.name_of(profile.profile_id) == profile.username


def broker_of(store: Store) -> Broker:
    """As it is set, with its password."""
    settings = store.settings
    return Broker(
        settings.text("mqtt.host"),
        settings.integer("mqtt.port"),
        settings.text("mqtt.user"),
        store.door_secrets.get("mqtt"),
        settings.flag("mqtt.tls"),
    )


async def test(store: Store) -> Sentence:
    """``Mqtt.test``, for who has no link of its own."""
    broker = broker_of(store)
    if not broker.host:
        raise InvalidValue("No broker's address is set.")
    heard: asyncio.Queue[tuple[Sentence, bool]] = asyncio.Queue()
    link = Link(
        broker, f"frame-backend-test-{secrets.token_hex(4)}", lambda said, is_well: heard.put_nowait((said, is_well))
    )
    try:
        await link.open()
        async with asyncio.timeout(TEST_LIMIT_S):
            said, is_well = await heard.get()
        if not is_well:
            raise NoBroker(said)
        link.put(f"{topics.ROOT}/test", b"This is a test of Frame Backend.", retain=False, is_sure=True)
        if not await link.settled(TEST_LIMIT_S):
            raise TimeoutError
    except TimeoutError:
        raise NoBroker(
            "{host} did not answer within {limit} seconds.", host=broker.host, limit=f"{TEST_LIMIT_S:g}"
        ) from None
    finally:
        await link.close(forget=False)
    return Sentence("{host} took the test.", host=broker.host)
