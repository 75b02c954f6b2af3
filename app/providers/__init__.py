"""The providers: one file is one vendor, and its line in ``PROVIDERS`` is its place in the default chain."""

from __future__ import annotations

import dataclasses
import re

from app.core.errors import UnknownName
from app.core.provider import ON_DEVICE, Provider, ProviderConfig
from app.core.sentence import Sentence
from app.providers import chatgpt, custom, deepseek, gemini, qwen
from app.providers.custom import PRESETS, Preset
from app.providers.http_client import Client
from app.providers.on_device import OnDeviceProvider, OnDeviceReader
from app.providers.vendor import ProviderVendor

__all__ = [
    "PRESETS",
    "PROVIDERS",
    "Client",
    "OnDeviceReader",
    "Preset",
    "ProviderVendor",
    "build",
    "default_configs",
    "key_variables",
]

PROVIDERS: tuple[ProviderVendor, ...] = (
    gemini.VENDOR,
    deepseek.VENDOR,
    qwen.VENDOR,
    chatgpt.VENDOR,
    custom.VENDOR,
    ProviderVendor(name=ON_DEVICE, label=Sentence("On this computer")),  # on_device.py
)

_BY_NAME = {vendor.name: vendor for vendor in PROVIDERS}


def default_configs() -> tuple[ProviderConfig, ...]:
    """The providers that are there from the start, in the order of the default chain."""
    return tuple(
        ProviderConfig(name=vendor.name, vendor=vendor.name, base_url=vendor.base_url, model=vendor.model)
        for vendor in PROVIDERS
        if vendor is not custom.VENDOR
    )


def key_variables(provider_name: str) -> tuple[str, ...]:
    """Environment variables that may hold the key of the provider called ``provider_name``, the first set one wins."""
    vendor = _BY_NAME.get(provider_name)
    if vendor is None or vendor is custom.VENDOR:
        return ("FRAME_BACKEND_KEY_" + re.sub("[^A-Z0-9]", "_", provider_name.upper()),)
    return (vendor.key_variable,) if vendor.key_variable else ()


def build(config: ProviderConfig, client: Client, reader: OnDeviceReader | None) -> Provider:
    """The provider that ``config`` describes. Raises ``UnknownName`` for a vendor that is not in ``PROVIDERS``.

    Without a ``reader`` the on-device provider stands in the list but is never asked.
    """
    vendor = _BY_NAME.get(config.vendor)
    if vendor is None:
        raise UnknownName("There is no provider of the kind '{vendor}'.", vendor=config.vendor[:60])
    if vendor.dialect is None:
        if reader is None:
            return OnDeviceProvider(dataclasses.replace(config, enabled=False), OnDeviceReader())
        return OnDeviceProvider(config, reader)
    return vendor.dialect(vendor, config, client)
