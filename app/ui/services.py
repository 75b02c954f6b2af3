"""What every tab is handed: the parts of the program it may use, and nothing that it would have to look up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.control import ServerControl
from app.core.events import Bus, ProviderLightChanged
from app.core.routing.health import Standing
from app.core.vendor_info import VendorInfo
from app.paths import DataFolder
from app.ui.support.sentences import said

if TYPE_CHECKING:
    from app.core.comparison import TryOut
    from app.core.cost.budget import Spending
    from app.core.provider_check import ProviderCheck
    from app.store import Store

CheckProvider = Callable[[str, str | None, str | None], Awaitable["ProviderCheck"]]
"""Tests a provider: its name, the profile whose key is used (None: the household's), a key not stored yet (or None)."""


class LoginStart(Protocol):
    """Whether the program starts when its owner logs in: the system's own entry, never a setting of ours."""

    def is_on(self) -> bool: ...
    def set_on(self, on: bool) -> None:
        """Raises ``FrameBackendError`` when the system does not let us."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the running program, as the window sees them.

    ``lights``: the last told light of each provider, by name. ``settings_path``: the INI file of the window's own
    memory (its place, its columns), in the data folder. ``calls_today``: calls to a provider since its own midnight,
    by its name; ``standing``: what else is known of it today. ``folder``: all that the program keeps, for a backup.
    """

    bus: Bus
    store: Store
    control: ServerControl
    examine: CheckProvider
    vendors: tuple[VendorInfo, ...]
    lights: Callable[[], Mapping[str, ProviderLightChanged]]
    settings_path: Path
    try_out: TryOut
    spending: Spending
    calls_today: Callable[[str], int]
    login_start: LoginStart
    standing: Callable[[str], Standing]
    folder: DataFolder

    def vendor(self, name: str) -> VendorInfo | None:
        """The facts of vendor ``name``, None for one that nobody knows."""
        return next((vendor for vendor in self.vendors if vendor.name == name), None)

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
