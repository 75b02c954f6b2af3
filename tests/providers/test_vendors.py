"""PROVIDERS, its configurations and variables, presets, and which addresses are local."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import app.providers
from app.core.errors import UnknownName
from app.core.provider import ON_DEVICE, ProviderConfig, Seat
from app.providers import PRESETS, PROVIDERS, Client, build, default_configs, key_variables
from app.providers.custom import is_local, preset_of
from tests.providers.asking import CONFIGS, VENDORS

RETIRED = {
    "gemini": ("gemini-2.0-flash-exp", "gemini-3.5-flash-lite"),
    "deepseek": ("deepseek-chat", "deepseek-flash"),
    "qwen": ("qwen-vl-max", "qwen3.8-flash"),
    "chatgpt": ("gpt-4o", "gpt-6-luna"),
}


def test_every_vendors_file_stands_in_the_tuple() -> None:
    names = [path.stem for path in Path(app.providers.__file__).parent.glob("*.py") if path.stem != "__init__"]
    modules = [importlib.import_module(f"app.providers.{name}") for name in names]
    declared = {module.VENDOR.name for module in modules if hasattr(module, "VENDOR")}
    assert declared | {ON_DEVICE} == {vendor.name for vendor in PROVIDERS}


def test_the_default_chain() -> None:
    assert [config.name for config in default_configs()] == [*VENDORS, ON_DEVICE]
    assert all(config.enabled and config.model and config.base_url for config in default_configs()[:-1])
    assert CONFIGS["gemini"].base_url == "https://generativelanguage.googleapis.com/v1beta"
    assert CONFIGS["chatgpt"].base_url == "https://api.openai.com/v1"


def test_key_variables() -> None:
    assert {name: key_variables(name) for name in VENDORS} == {
        "gemini": ("GEMINI_API_KEY",),
        "deepseek": ("DEEPSEEK_API_KEY",),
        "qwen": ("DASHSCOPE_API_KEY",),
        "chatgpt": ("OPENAI_API_KEY",),
    }
    assert key_variables(ON_DEVICE) == ()
    assert key_variables("My NAS-2.b") == ("FRAME_BACKEND_KEY_MY_NAS_2_B",)
    assert key_variables("k\u00fcche") == ("FRAME_BACKEND_KEY_K_CHE",)
    assert key_variables("custom") == ("FRAME_BACKEND_KEY_CUSTOM",)


@pytest.mark.parametrize("vendor", PROVIDERS, ids=lambda vendor: vendor.name)
def test_what_a_vendor_declares(vendor: app.providers.ProviderVendor) -> None:
    if vendor.name in VENDORS:
        assert vendor.key_page.startswith("https://")
        assert vendor.model not in vendor.aliases
        assert not set(vendor.aliases.values()) - {vendor.model, "gemini-3.8-flash"}
        old, new = RETIRED[vendor.name]
        assert vendor.aliases[old] == new


async def test_what_a_provider_can_do(client: Client) -> None:
    for name in VENDORS:
        capabilities = build(CONFIGS[name], client, None).capabilities
        assert capabilities.needs_key
        assert capabilities.can_judge
        assert not capabilities.is_local
    assert build(CONFIGS["gemini"], client, None).capabilities.reset_zone == "America/Los_Angeles"


async def test_a_built_in_on_a_local_address_is_not_local(client: Client) -> None:
    """Only custom servers load their model while the wearer waits; a double of Gemini does not."""
    config = ProviderConfig("gemini", "gemini", "http://127.0.0.1:1/v1beta", "m")
    assert not build(config, client, None).capabilities.is_local


async def test_custom_needs_no_key_but_openrouter_does(client: Client) -> None:
    plain = build(ProviderConfig("mine", "custom", "http://127.0.0.1:8000/v1", "m"), client, None)
    assert not plain.capabilities.needs_key
    assert plain.capabilities.is_local
    assert Seat(plain).can_be_asked
    router = build(ProviderConfig("r", "custom", "https://openrouter.ai/api/v1", "m"), client, None)
    assert router.capabilities.needs_key
    assert not router.capabilities.is_local


async def test_without_a_reader_on_device_is_not_asked(client: Client) -> None:
    assert not Seat(build(CONFIGS[ON_DEVICE], client, None)).can_be_asked
    assert Seat(build(CONFIGS[ON_DEVICE], client, app.providers.OnDeviceReader())).can_be_asked


async def test_an_unknown_vendor(client: Client) -> None:
    with pytest.raises(UnknownName):
        build(ProviderConfig("x", "llama"), client, None)


@pytest.mark.parametrize(
    ("base_url", "local"),
    [
        ("http://localhost:11434/v1", True), ("http://127.0.0.1:1/v1", True), ("http://[::1]:1/v1", True),
        ("http://192.168.1.20:1234/v1", True), ("http://10.0.0.1/v1", True), ("http://172.20.0.1/v1", True),
        ("http://nas.local:1/v1", True), ("http://nas.local.:1/v1", True), ("http://nas:1/v1", True),
        ("http://[fe80::1%25eth0]/v1", True), ("http://[fd00::1]/v1", True), ("http://[::ffff:192.168.0.1]/v1", True),
        ("http://LOCALHOST/v1", True), ("https://api.example.com/v1", False), ("http://8.8.8.8/v1", False),
        ("http://fritz.box/v1", True), ("http://nas.fritz.box:1/v1", True), ("http://pc.lan/v1", True),
        ("http://pc.home/v1", True), ("http://PC.Home.Arpa./v1", True), ("http://pc.tail1234.ts.net/v1", True),
        ("http://host.docker.internal:11434/v1", True), ("http://100.64.0.1/v1", True), ("http://127.1/v1", True),
        ("http://100.127.255.254/v1", True), ("http://[::ffff:100.64.0.1]/v1", True), ("http://pc.intranet/v1", True),
        ("http://100.128.0.1/v1", False), ("http://100.63.255.255/v1", False), ("http://xfritz.box/v1", False),
        ("http://my.box/v1", False), ("http://ts.net.evil.com/v1", False), ("http://homelan/v1", True),
        ("http://api.atlan/v1", False), ("http://172.32.0.1/v1", False), ("https://local.example.com/v1", False),
        ("https://x.localhost.evil.com", False), ("", False), ("nonsense", False), ("http://[::1/v1", False),
    ],
)  # fmt: skip
def test_local_addresses(base_url: str, local: bool) -> None:
    assert is_local(base_url) is local


@pytest.mark.parametrize(
    ("name", "preset", "base_url", "found"),
    [
        ("x", "ollama", "http://10.0.0.1:9/v1", "ollama"),
        ("x", "", "http://nas.local:11434/v1", "ollama"),
        ("x", "", "http://localhost:1234/v1", "lm_studio"),
        ("x", "", "https://api.example.com:1234/v1", "other"),
        ("x", "", "https://openrouter.ai/api/v1", "openrouter"),
        ("G4F", "", "http://localhost:1337/v1", "g4f"),
        ("LM Studio", "", "http://localhost:9/v1", "lm_studio"),
        ("x", "", "http://localhost:1337/v1", "other"),
        ("x", "LM Studio", "http://localhost:9/v1", "lm_studio"),
        ("x", "llama.cpp", "http://localhost:9/v1", "llama_cpp"),
        ("llama-cpp", "", "http://localhost:8080/v1", "other"),
        ("x", "OpenRouter", "https://proxy.test/v1", "openrouter"),
        ("x", "a preset of next year", "http://[::1/v1", "other"),
    ],
)
def test_presets_are_recognised(name: str, preset: str, base_url: str, found: str) -> None:
    assert preset_of(ProviderConfig(name, "custom", base_url, preset=preset)).name == found


def test_presets_have_what_the_window_shows() -> None:
    names = [preset.name for preset in PRESETS]
    assert names == ["ollama", "lm_studio", "llama_cpp", "jan", "g4f", "openrouter", "other"]
    assert all(preset.label and (preset.base_url or preset.name == "other") for preset in PRESETS)
