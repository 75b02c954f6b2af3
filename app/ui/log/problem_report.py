"""A problem report: versions, how the program is set and stands, and the log's newest lines, with no names or keys.

It is made for the owner to read before it goes anywhere; the program itself sends it nowhere.
"""

from __future__ import annotations

import ipaddress
import platform
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from app import __version__
from app.core.settings import SETTINGS
from app.log import redact
from app.ui.services import Services

LINES = 200
_WIDTH = 100
FILE_NAME = "frame-backend-report.txt"
_TYPED_BY_THE_OWNER = ("network.host_names", "network.cors_origins", "webhook.url", "mqtt.host", "mqtt.user")
_ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w.])")


def compose(services: Services, libraries: Mapping[str, tuple[str, str]], lines: Sequence[str]) -> str:
    """The whole report. ``libraries``: version and licence by name; ``lines``: of the log, the newest last."""
    parts = (
        _program(libraries),
        ["", "Settings that are not as shipped:", *(_settings(services) or ["  none"])],
        ["", "State:", *_state(services)],
        ["", f"Log, the newest {LINES} lines:", *lines[-LINES:]],
    )
    text = "\n".join(line for part in parts for line in part) + "\n"
    return hide_names(redact(text), _names(services), _folders(services))


def addresses_in(text: str) -> list[str]:
    """The IP addresses of other machines that stand in ``text``, each once."""
    found = []
    for match in _ADDRESS.finditer(text):
        address = _address(match[0])
        if address is not None and not address.is_loopback and not address.is_unspecified:
            found.append(str(address))
    return list(dict.fromkeys(found))


def hide_names(text: str, names: Mapping[str, str], folders: Mapping[str, str]) -> str:
    """``text`` without what tells who and where: longer ones first, since one may hold another."""
    for folder in sorted(folders, key=len, reverse=True):
        text = text.replace(folder, folders[folder])
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], text, flags=re.IGNORECASE)
    return _ADDRESS.sub(_without_public, text)


def _without_public(match: re.Match[str]) -> str:
    address = _address(match[0])
    return "(public address)" if address is not None and address.is_global else match[0]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:  # a clock time, a version
        return None


def _program(libraries: Mapping[str, tuple[str, str]]) -> list[str]:
    frozen = "packed" if getattr(sys, "frozen", False) else "from source"
    return [
        f"Frame Backend {__version__}, {frozen}",
        f"{platform.system()} {platform.release()} {platform.machine()}, Python {platform.python_version()}",
        f"Qt {qVersion()} on {QGuiApplication.platformName()}",
        *textwrap.wrap(
            ", ".join(f"{name} {version}" for name, (version, _licence) in libraries.items()),
            _WIDTH,
            break_on_hyphens=False,
        ),
    ]


def _settings(services: Services) -> list[str]:
    values = services.store.settings
    return [
        f"  {setting.key} = {'(set)' if setting.key in _TYPED_BY_THE_OWNER else values.value(setting.key)}"
        for setting in SETTINGS
        if values.value(setting.key) != setting.default
    ]


def _state(services: Services) -> list[str]:
    control, store, lights = services.control, services.store, services.providers.lights()
    providers = [
        f"  {config.name}: {'on' if config.enabled else 'off'}, {config.model or 'no model'}"
        + (f", {lights[config.name].light}" if config.name in lights else "")
        for config in store.providers.all()
    ]
    return [
        f"  server: {control.state} {control.sentence}".rstrip(),
        f"  keyring usable: {store.secrets.state.usable}",
        f"  profiles: {len(store.profiles.all())}, pairings: {len(store.pairings.all())}, "
        f"blocked: {len(store.blacklist.all())}, frames today: {store.activity.frames_today()}",
        *providers,
    ]


def _names(services: Services) -> dict[str, str]:
    vendors = {vendor.name for vendor in services.providers.vendors}
    own = [config.name for config in services.store.providers.all() if config.name not in vendors]
    profiles = services.store.profiles.all()
    names = _numbered("(profile {})", (profile.username for profile in profiles))
    told = {urlsplit(profile.webhook_url).hostname for profile in profiles} | {
        services.store.settings.text("mqtt.host")
    }
    names |= _numbered("(host {})", sorted(host for host in told if host))
    return names | _numbered("(own provider {})", own) | {platform.node() or "localhost": "(this computer)"}


def _numbered(pattern: str, names: Iterable[str]) -> dict[str, str]:
    return {name: pattern.format(number) for number, name in enumerate(names, 1)}


def _folders(services: Services) -> dict[str, str]:
    return {str(services.settings_path.parent): "(data folder)", str(Path.home()): "~"}
