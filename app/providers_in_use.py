"""The configured providers: as objects, as each profile's chain of them, and what is known of each today."""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app import images
from app.core.cost.budget import Spending
from app.core.cost.pricing import is_free
from app.core.events import Bus, ProviderLightChanged, ProvidersChanged
from app.core.frame import Profile
from app.core.pasted_key import cleaned
from app.core.provider import ON_DEVICE, Provider, ProviderConfig, Seat
from app.core.provider_check import LIMIT_S, ProviderCheck, examine
from app.core.routing.health import Health, Standing
from app.core.routing.request_fix import model_of
from app.core.sentence import Sentence
from app.core.vendor_info import LocalModel, VendorInfo
from app.providers.hosts import is_this_computer

if TYPE_CHECKING:
    from app.store import Store


class ProvidersInUse:
    """``build`` makes the provider of a configuration, None for one that this computer cannot have.

    ``vendors``: every vendor there is, in the order of the default chain. ``find_local``: looks for the models that see
    in the programs of this computer.
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
        find_local: Callable[[], Awaitable[tuple[LocalModel, ...]]],
    ) -> None:
        self.vendors, self._find_local = vendors, find_local
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

    async def check(
        self, name: str, username: str | None = None, key: str | None = None, limit_s: float = LIMIT_S
    ) -> ProviderCheck:
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
        price_of = self._store.prices.get
        found = await examine(provider, used, images.number_card, price_of=price_of, limit_s=limit_s)
        self._health.count_calls(Seat(provider, used), found.calls)
        self._spending.add(username or "", name, found.cost_usd)
        return found

    async def local_models(self) -> tuple[LocalModel, ...]:
        """The models that see in programs of this computer which are no provider yet, the best to use first."""
        used = {_port_here(config.base_url) for config in self._store.providers.all()}
        return tuple(model for model in await self._find_local() if _port_here(model.base_url) not in used)

    async def adopt(self, model: LocalModel) -> ProviderCheck:
        """Make a provider of ``model``, off until it has read a picture; what came of that.

        One that takes longer than a call should, once it is loaded, stands behind the reader on this computer.
        """
        providers, limit_s = self._store.providers, self._store.settings.number("cascade.call_limit_s")
        name = self._free_name(model)
        await providers.add(
            ProviderConfig(name, "custom", model.base_url, model.model, enabled=False, preset=model.label)
        )
        found = await self._timed(name, limit_s)
        if not found.ok:
            return replace(found, sentence=Sentence("{found} It stays off.", found=found.sentence))
        took_s = found.latency_ms / 1000
        told = Sentence("{name} read the test picture in {took_s} s. It answers from now on.",
                        name=name, took_s=f"{took_s:.1f}")  # fmt: skip
        if took_s > limit_s:
            order = [one.name for one in providers.all() if one.name not in (name, ON_DEVICE)]
            await providers.set_order([*order, ON_DEVICE, name])
            told = Sentence(
                "{name} took {took_s} s for the test picture, longer than the {limit_s} s of a call: it is asked only "
                "when this computer itself has nothing to say.",
                name=name, took_s=f"{took_s:.1f}", limit_s=f"{limit_s:g}",
            )  # fmt: skip
        await providers.set(name, enabled=True)
        return replace(found, sentence=told)

    async def _timed(self, name: str, limit_s: float) -> ProviderCheck:
        """A test whose time counts: a first one that was slow may have waited for the model to be loaded."""
        longest_s = self._store.settings.number("cascade.local_call_limit_s")
        found = await self.check(name, limit_s=longest_s)
        is_slow = found.ok and found.latency_ms > limit_s * 1000
        return await self.check(name, limit_s=longest_s) if is_slow else found

    def _free_name(self, model: LocalModel) -> str:
        taken = {config.name for config in self._store.providers.all()}
        wanted = re.sub(r"[^a-z0-9]+", "-", model.label.lower())
        numbered = (f"{wanted}-{number}" for number in itertools.count(2))
        return next(name for name in itertools.chain([wanted], numbered) if name not in taken)

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


def _port_here(base_url: str) -> int | None:
    """The port of an address on this computer."""
    parts = urlsplit(base_url)
    return parts.port if is_this_computer(parts.hostname or "") else None
