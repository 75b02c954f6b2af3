"""The configured providers: as objects, as each profile's chain of them, and what is known of each today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from app import images
from app.core.cost.budget import Spending
from app.core.cost.pricing import is_free
from app.core.events import Bus, ProviderLightChanged, ProvidersChanged
from app.core.frame import Profile
from app.core.pasted_key import cleaned
from app.core.provider import Provider, ProviderConfig, Seat
from app.core.provider_check import ProviderCheck, examine
from app.core.routing.health import Health, Standing
from app.core.routing.request_fix import model_of
from app.core.vendor_info import VendorInfo

if TYPE_CHECKING:
    from app.store import Store


class ProvidersInUse:
    """``build`` makes the provider of a configuration, None for one that this computer cannot have.

    ``vendors``: every vendor there is, in the order of the default chain.
    """

    def __init__(
        self,
        store: Store,
        health: Health,
        bus: Bus,
        *,
        vendors: tuple[VendorInfo, ...],
        build: Callable[[ProviderConfig], Provider | None],
        spending: Spending,
    ) -> None:
        self.vendors = vendors
        self._store, self._health, self._build, self._spending = store, health, build, spending
        self._providers: dict[str, Provider] = {}
        self._refresh()
        bus.subscribe(ProvidersChanged, self._refresh)

    def get(self, name: str) -> Provider:
        """Raises ``UnknownName``."""
        self._store.providers.get(name)
        return self._providers[name]

    def seats_for(self, profile: Profile) -> tuple[Seat, ...]:
        """The profile's chain with its keys; a chain that is set is exact."""
        names = self._providers if profile.chain is None else profile.chain
        return tuple(self._seat(name, profile.profile_id) for name in names if name in self._providers)

    async def check(self, name: str, username: str | None = None, key: str | None = None) -> ProviderCheck:
        """Test provider ``name`` with ``key``, else with the one that ``username`` (None: the household) would use.

        Raises ``UnknownName``.
        """
        await self._store.providers.touch(name)
        provider = self.get(name)
        profile_id = self._store.profiles.get(username).profile_id if username else 0
        if key is None and self._store.secrets.is_key_locked(profile_id, name):
            await self._store.secrets.unlock()
        used = cleaned(key) if key is not None else self._store.secrets.key_for(profile_id, name)
        await self._store.prices.ready()  # a successor must not cost more
        found = await examine(provider, used, images.number_card, price_of=self._store.prices.get)
        self._health.count_calls(Seat(provider, used), found.calls)
        self._spending.add(username or "", name, found.cost_usd)
        return found

    def lights(self) -> Mapping[str, ProviderLightChanged]:
        """The last told light of each provider, by name."""
        return self._health.lights()

    def calls_today(self, name: str) -> int:
        """Calls to provider ``name`` since its own midnight. Raises ``UnknownName``."""
        provider = self._find(name)
        return self._health.calls_today(provider) if provider else 0

    def standing(self, name: str) -> Standing:
        """What is known of provider ``name`` today beside its light. Raises ``UnknownName``."""
        provider = self._find(name)
        if provider is None:
            return Standing(is_free=True, needs_key=False)
        learned = self._health.learned(Seat(provider))
        model = model_of(provider.config, learned)
        free = is_free(provider, model, self._store.prices.get)
        has_price = free or self._store.prices.get(model) is not None
        left = self._health.quota_left(provider)
        return Standing(free, provider.capabilities.needs_key, left, learned.successor, has_price)

    def _refresh(self, _: ProvidersChanged | None = None) -> None:
        """Build anew what was changed; what was not keeps its object, and what is known of it."""
        for config in self._store.providers.all():
            self._health.renew(config)
        providers = {config.name: self._kept_or_built(config) for config in self._store.providers.all()}
        self._providers = {name: provider for name, provider in providers.items() if provider is not None}

    def _kept_or_built(self, config: ProviderConfig) -> Provider | None:
        known = self._providers.get(config.name)
        return known if known is not None and known.config == config else self._build(config)

    def _find(self, name: str) -> Provider | None:
        """None for one that this computer cannot have. Raises ``UnknownName``."""
        self._store.providers.get(name)
        return self._providers.get(name)

    def _seat(self, name: str, profile_id: int) -> Seat:
        secrets = self._store.secrets
        key = secrets.key_for(profile_id, name)
        return Seat(self._providers[name], key, not key and secrets.is_key_locked(profile_id, name))
