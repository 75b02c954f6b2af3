"""What the owner should hear of when the window is out of sight: of each kind once in ten minutes at most."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal

from app.core.events import CapReached, DiskLow, KeyRefused, PairingWanted, ProviderLightChanged, ReleaseChecked
from app.ui.provider_status import NEEDS_OWNER
from app.ui.services import Services
from app.ui.support import formatting as fmt
from app.ui.support.bridge import Bridge
from app.ui.support.sentences import said
from app.ui.support.theme import Tone

Kind = Literal["pairing", "keys", "provider", "cap", "disk"]

QUIET_S = 600.0
BURST, BURST_S = 5, 60.0
"""So many wrong keys of one device in so many seconds are somebody who tries them out."""
DOWN_S = 60.0
"""A provider that cools for less is asked again before anybody could look."""
_DEVICES_KEPT = 1_000


class Notices(QObject):
    """``show`` puts a title and a text before the owner and says whether it did: not while the window is looked at.

    Two are for the window. ``message``: text, tone and key. ``owner_needed``: a text, what its button says, and the
    provider that works no more until its owner does something.
    """

    message = Signal(str, str, str)
    owner_needed = Signal(str, str, str)
    _burst = Signal(str)

    def __init__(
        self,
        services: Services,
        bridge: Bridge,
        show: Callable[[Kind, str, str], bool],
        parent: QObject,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._services, self._show, self._clock = services, show, clock
        self._last: dict[Kind, float] = {}
        self._wrong: dict[str, deque[float]] = {}
        self._needy: set[str] = set()
        bridge.on(PairingWanted, self._pairing, self)
        bridge.on(ProviderLightChanged, self._light, self)
        bridge.on(CapReached, self._cap, self)
        bridge.on(DiskLow, self._disk, self)
        bridge.on(ReleaseChecked, self._release, self)
        # the bridge tells ten a second at most, and each of these counts
        self._end = services.bus.subscribe(KeyRefused, self._count)
        self._burst.connect(self._keys, Qt.ConnectionType.QueuedConnection)

    def stop(self) -> None:
        """The program closes."""
        self._end()

    def _tell(self, kind: Kind, title: str, text: str) -> None:
        now = self._clock()
        if kind in self._last and now - self._last[kind] < QUIET_S:
            return
        if self._show(kind, title, text):
            self._last[kind] = now

    # --- each kind -----------------------------------------------------------------------------------------------

    def _pairing(self, event: PairingWanted) -> None:
        store = self._services.store
        if store.blacklist.match(event.client_ip) is not None:
            return
        if event.username and store.pairings.is_paired(event.client_ip, event.username):
            return
        text = self.tr("{address} wants to act as {name}.") if event.username else self.tr("{address} is not paired.")
        self._tell("pairing", self.tr("A new device"), text.format(address=event.client_ip, name=event.username))

    def _count(self, event: KeyRefused) -> None:
        """Called by the bus: no widget is touched here."""
        now = self._clock()
        if event.client_ip not in self._wrong and len(self._wrong) >= _DEVICES_KEPT:
            self._wrong.pop(next(iter(self._wrong)))
        times = self._wrong.setdefault(event.client_ip, deque(maxlen=BURST))
        times.append(now)
        if len(times) == BURST and now - times[0] <= BURST_S:
            times.clear()
            self._burst.emit(event.client_ip)

    def _keys(self, client_ip: str) -> None:
        text = self.tr("{address} tries out auth keys. It can be blocked under Blacklist.").format(address=client_ip)
        self._tell("keys", self.tr("Wrong keys"), text)

    def _light(self, event: ProviderLightChanged) -> None:
        cools_long = event.light == "cooling" and (event.until_s is None or event.until_s >= DOWN_S)
        config = next((known for known in self._services.store.providers.all() if known.name == event.provider), None)
        if config is None or not config.enabled:
            return
        title = self.tr("{provider} is not asked").format(provider=self._services.provider_label(event.provider))
        if cools_long or event.light in NEEDS_OWNER:
            self._tell("provider", title, said(event.sentence) or self.tr("Look under Providers."))
        if event.light not in NEEDS_OWNER:
            self._needy.discard(event.provider)
        elif event.provider not in self._needy:  # once until it works again, however often it is refused
            self._needy.add(event.provider)
            button = self.tr("Replace key") if event.light == "key_refused" else self.tr("Open")
            self.owner_needed.emit(f"{title}. {said(event.sentence)}".strip(), button, event.provider)

    def _cap(self, event: CapReached) -> None:
        name = event.name if event.scope == "profile" else self._services.provider_label(event.name)
        text = self.tr("Today's limit of {cap} for {name} is reached. What costs nothing goes on.")
        told = text.format(cap=fmt.usd(event.cap_usd), name=name)
        self._say("cap", self.tr("Today's limit is reached"), told, "warn", f"cap {event.scope} {event.name}")

    def _disk(self, event: DiskLow) -> None:
        text = self.tr("{size} are left where pictures are kept.").format(size=fmt.size(event.free_bytes))
        self._say("disk", self.tr("The disk is nearly full"), text, "bad", "disk")

    def _release(self, event: ReleaseChecked) -> None:
        if event.page:
            told = self.tr("{sentence} It is under Settings, New versions.").format(sentence=said(event.sentence))
            self.message.emit(told, "good", "release")

    def _say(self, kind: Kind, title: str, text: str, tone: Tone, key: str) -> None:
        self.message.emit(f"{title}. {text}" if kind == "disk" else text, tone, key)
        self._tell(kind, title, text)
