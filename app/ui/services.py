"""What every tab is handed: the parts of the program it may use, and nothing that it would have to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.control import ServerControl
from app.core.events import Bus, MqttChanged, ProviderLightChanged, ReleaseChecked
from app.core.routing.health import Standing
from app.core.vendor_info import LocalModel, VendorInfo
from app.paths import DataFolder
from app.ui.support.sentences import said

if TYPE_CHECKING:
    from app.core.comparison import TryOut
    from app.core.cost.budget import Spending
    from app.core.provider_check import ProviderCheck
    from app.core.routing.replay import Forecast
    from app.core.routing.trust import Trust
    from app.core.sentence import Sentence
    from app.store import Store


class Providers(Protocol):
    """The configured providers, each by its name, and the vendors that one may have. ``UnknownName`` for another."""

    @property
    def vendors(self) -> tuple[VendorInfo, ...]: ...

    async def check(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
        """Test it with ``key``, else with the one that ``username`` (None: the household) would use."""
        ...

    async def local_models(self) -> tuple[LocalModel, ...]:
        """The models that see in programs of this computer which are no provider yet, the best to use first."""
        ...

    async def adopt(self, model: LocalModel) -> ProviderCheck:
        """Make a provider of one of them and time it; the sentence says what became of it. Raises ``StoreError``."""
        ...

    def lights(self) -> Mapping[str, ProviderLightChanged]:
        """The last told light of each provider, by name."""
        ...

    def calls_today(self, name: str) -> int:
        """Calls to it since its own midnight."""
        ...

    def standing(self, name: str) -> Standing:
        """What else is known of it today."""
        ...


class Webhook(Protocol):
    """What posts each answer to where its profile wants it."""

    async def test(self, username: str) -> Sentence:
        """Post a test; what came of it. Raises ``FrameBackendError`` with why not."""
        ...


class Mqtt(Protocol):
    """What keeps the broker told. ``state``: how the link to it stands."""

    state: MqttChanged

    async def test(self) -> Sentence:
        """Connect and send something; what came of it. Raises ``FrameBackendError`` with why not."""
        ...


class Releases(Protocol):
    """What looks for a newer release. ``state``: what is known, as last told."""

    state: ReleaseChecked


class Learning(Protocol):
    """What the history teaches of whom to ask."""

    async def forecast(self, names: Sequence[str]) -> Forecast | None:
        """What the learned order of ``names``, who stand in the owner's, would have made of it; None: too little is
        known. Raises ``StoreError``.
        """
        ...


class LoginStart(Protocol):
    """Whether the program starts when its owner logs in: the system's own entry, never a setting of ours."""

    def is_on(self) -> bool: ...
    def set_on(self, on: bool) -> None:
        """Raises ``FrameBackendError`` when the system does not let us."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the running program, as the window sees them.

    ``settings_path``: the INI file of the window's own memory (its place, its columns), in the data folder.
    ``folder``: all that the program keeps, for a backup.
    """

    bus: Bus
    store: Store
    control: ServerControl
    providers: Providers
    settings_path: Path
    try_out: TryOut
    spending: Spending
    login_start: LoginStart
    folder: DataFolder
    trust: Trust
    learning: Learning
    webhook: Webhook
    mqtt: Mqtt
    releases: Releases

    @property
    def keyed_vendors(self) -> tuple[VendorInfo, ...]:
        """The vendors that people get a key from."""
        return tuple(vendor for vendor in self.providers.vendors if vendor.needs_key and vendor.key_page)

    def vendor(self, name: str) -> VendorInfo | None:
        """The facts of vendor ``name``, None for one that nobody knows."""
        return next((vendor for vendor in self.providers.vendors if vendor.name == name), None)

    def provider_label(self, name: str) -> str:
        """How a provider is called before people: the vendor's label, a custom provider's own name."""
        vendor = self.vendor(name)
        return said(vendor.label) if vendor else name


class Application(Protocol):
    """The opened program: what ``run`` is given to show, and closes at the end."""

    @property
    def services(self) -> Services: ...

    async def close(self) -> None:
        """Close the store and whatever else was opened; the server is stopped before."""
        ...
