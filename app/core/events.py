"""The bus and every event on it: how everybody but the caller hears what happened.

Events are published on the loop's thread and handed over at once; a subscriber does no more than note them (the
window's bridge queues). A subscriber that raises is logged and the others still hear.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from app.core.errors import FrameError
from app.core.frame import Answer, Attempt, Frame, Picture
from app.core.sentence import Sentence

log = logging.getLogger(__name__)

ServerState = Literal["stopped", "starting", "running", "stopping", "error"]
Light = Literal["ready", "cooling", "key_refused", "no_credit", "no_key", "blind", "off", "error"]


class Event:
    """Something that happened. Each kind is a dataclass, and says itself which of its kind it replaces."""

    __slots__ = ()

    @property
    def subject(self) -> Hashable:
        """What it is about: of two of a kind about the same, whoever hears them late needs the newer alone.

        Unless a kind says more, all of it are about the same.
        """
        return None


@dataclass(frozen=True, slots=True)
class FrameReceived(Event):
    """A frame's picture was accepted and normalised; providers are asked next."""

    frame: Frame
    picture: Picture

    @property
    def subject(self) -> str:
        return self.frame.profile.username


@dataclass(frozen=True, slots=True)
class AttemptFinished(Event):
    """One provider was asked, or passed over."""

    frame_id: str
    username: str
    attempt: Attempt

    @property
    def subject(self) -> tuple[str, str, str]:
        return self.frame_id, self.attempt.provider, self.attempt.outcome


@dataclass(frozen=True, slots=True)
class FrameAnswered(Event):
    """The frame's answer is on its way to the glasses."""

    frame: Frame
    answer: Answer

    @property
    def subject(self) -> str:
        return self.frame.frame_id


@dataclass(frozen=True, slots=True)
class FrameCompleted(Event):
    """What came after the words of a frame's answer: its long form, what it cost, and how long all of it took."""

    frame: Frame
    answer: Answer

    @property
    def subject(self) -> str:
        return self.frame.frame_id


@dataclass(frozen=True, slots=True)
class FrameFailed(Event):
    """The frame ended without an answer."""

    frame: Frame
    error: FrameError
    latency_ms: int = 0

    @property
    def subject(self) -> str:
        return self.frame.frame_id


@dataclass(frozen=True, slots=True)
class ServerStateChanged(Event):
    """``url`` is set while running; ``sentence`` says why on ``error``."""

    state: ServerState
    url: str = ""
    sentence: Sentence = Sentence()


@dataclass(frozen=True, slots=True)
class ProviderLightChanged(Event):
    """How a provider stands now: ``until_s`` is seconds until it is asked again, None when that is not known."""

    provider: str
    light: Light
    sentence: Sentence = Sentence()
    until_s: float | None = None

    @property
    def subject(self) -> str:
        return self.provider


@dataclass(frozen=True, slots=True)
class MqttChanged(Event):
    """How the link to the MQTT broker stands. ``is_well`` None: it is off, or has just begun."""

    sentence: Sentence
    is_well: bool | None


@dataclass(frozen=True, slots=True)
class ReleaseChecked(Event):
    """What is known of a newer release. ``page``: where a browser finds it, https; empty where there is none."""

    sentence: Sentence
    page: str = ""


@dataclass(frozen=True, slots=True)
class PairingWanted(Event):
    """A device that is not paired asked to act as ``username`` (empty: it did not say)."""

    client_ip: str
    username: str

    @property
    def subject(self) -> tuple[str, str]:
        return self.client_ip, self.username


@dataclass(frozen=True, slots=True)
class KeysPosted(Event):
    """A phone set API keys of a profile through ``/profile``; the owner is told."""

    username: str
    client_ip: str
    providers: tuple[str, ...]

    @property
    def subject(self) -> Hashable:
        return self.client_ip, self.username, self.providers


@dataclass(frozen=True, slots=True)
class ClientHeard(Event):
    """A device sent a request, whatever became of it; told at most once a second for each device.

    ``username``: the profile it is paired with; empty when it is paired with none or several.
    """

    client_ip: str
    username: str = ""

    @property
    def subject(self) -> str:
        return self.client_ip


@dataclass(frozen=True, slots=True)
class KeyRefused(Event):
    """A device sent an auth key that is nobody's."""

    client_ip: str

    @property
    def subject(self) -> str:
        return self.client_ip


@dataclass(frozen=True, slots=True)
class CapReached(Event):
    """Today's cost of a profile or provider has reached its daily cap: what costs nothing goes on. Told once a day."""

    scope: Literal["profile", "provider"]
    name: str
    cap_usd: float

    @property
    def subject(self) -> tuple[str, str]:
        return self.scope, self.name


@dataclass(frozen=True, slots=True)
class DiskLow(Event):
    """The disk under the data folder is nearly full."""

    free_bytes: int


@dataclass(frozen=True, slots=True)
class HistoryChanged(Event):
    """Frames were deleted or marked; that one was added is told by ``FrameAnswered`` and ``FrameFailed``."""


@dataclass(frozen=True, slots=True)
class LabelsChanged(Event):
    """Somebody said of answers whether they were right, or took that back."""


@dataclass(frozen=True, slots=True)
class TrustChanged(Event):
    """What providers' confidence is worth was learned anew."""


@dataclass(frozen=True, slots=True)
class PricesChanged(Event):
    """A model's price was set or went back to the shipped one."""


@dataclass(frozen=True, slots=True)
class ProfilesChanged(Event):
    """A profile was added, changed or deleted."""


@dataclass(frozen=True, slots=True)
class ProvidersChanged(Event):
    """A provider's configuration was changed, one was added or removed."""


@dataclass(frozen=True, slots=True)
class KeysChanged(Event):
    """An API key was set or removed."""


@dataclass(frozen=True, slots=True)
class PairingsChanged(Event):
    """A pairing or token was made or revoked."""


@dataclass(frozen=True, slots=True)
class AppKeysChanged(Event):
    """A key of an app was made or revoked."""


@dataclass(frozen=True, slots=True)
class AccessRevoked(Event):
    """The owner took back what lets in: whoever acts as ``username``, is at ``address`` (or in that range), or both."""

    username: str = ""
    address: str = ""

    @property
    def subject(self) -> tuple[str, str]:
        return self.username, self.address


@dataclass(frozen=True, slots=True)
class BlacklistChanged(Event):
    """A blacklist entry was added or removed."""


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    """A setting was changed; ``key`` is empty when several may have been."""

    key: str = ""

    @property
    def subject(self) -> str:
        return self.key


@dataclass(frozen=True, slots=True)
class KeyringChecked(Event):
    """What was found of this machine's keyring, when that is news; ``sentence`` is for the owner."""

    usable: bool
    sentence: Sentence
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class HistoryBehind(Event):
    """Rows that were answered but are not committed yet; 0 when the history has caught up."""

    rows: int


@dataclass(frozen=True, slots=True)
class Trouble(Event):
    """Something the owner should know, in one sentence."""

    sentence: Sentence

    @property
    def subject(self) -> str:
        return self.sentence


Published = TypeVar("Published", bound=Event)


@dataclass(slots=True)
class Bus:
    """Hands each event to the subscribers of its class."""

    _subscribers: dict[type[Any], list[Callable[[Any], None]]] = field(default_factory=lambda: defaultdict(list))

    def subscribe(self, event: type[Published], subscriber: Callable[[Published], None]) -> Callable[[], None]:
        """Call ``subscriber`` with every ``event`` from now on; calling what is returned ends that."""
        self._subscribers[event].append(subscriber)
        return lambda: self._subscribers[event].remove(subscriber)

    def publish(self, event: Event) -> None:
        for subscriber in tuple(self._subscribers[type(event)]):
            try:
                subscriber(event)
            except Exception:
                # A broken listener must not take the frame with it; the bug itself still reaches the log.
                log.exception("a subscriber of %s failed", type(event).__name__)
