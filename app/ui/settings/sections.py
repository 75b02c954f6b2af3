"""How the settings are divided: what stands together, in which order, and what only a few people ever need."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from app.core.setting import Setting
from app.ui.support.noop_tr import QT_TRANSLATE_NOOP

TITLES: Mapping[str, str] = {
    "window": QT_TRANSLATE_NOOP("sections", "This program"),
    "data": QT_TRANSLATE_NOOP("sections", "Your data"),
    "network": QT_TRANSLATE_NOOP("sections", "Network"),
    "ai": QT_TRANSLATE_NOOP("sections", "Asking the AIs"),
    "answers": QT_TRANSLATE_NOOP("sections", "Answers"),
    "kept": QT_TRANSLATE_NOOP("sections", "Privacy and history"),
    "doors": QT_TRANSLATE_NOOP("sections", "Other programs"),
    "webhook": QT_TRANSLATE_NOOP("sections", "Webhook"),
    "mqtt": QT_TRANSLATE_NOOP("sections", "Home Assistant (MQTT)"),
    "updates": QT_TRANSLATE_NOOP("sections", "New versions"),
    "about": QT_TRANSLATE_NOOP("sections", "About"),
}
"""In their order; a section that is not here stands behind them, and its name is its title."""
_NOTES: Mapping[str, str] = {
    "answers": QT_TRANSLATE_NOOP("sections", "They count for every profile without a value of its own."),
    "webhook": QT_TRANSLATE_NOOP("sections", "It counts for every profile without an address of its own."),
}
_SECTIONS: Mapping[str, str] = {
    "limits": "network", "cascade": "ai", "routing": "ai", "audit": "ai", "order": "ai", "gate": "ai",
    "": "answers", "risk": "answers", "retention": "kept", "privacy": "kept", "blur_faces": "kept",
}  # fmt: skip
"""By key or prefix; any other is a section of its own."""
_ADVANCED = frozenset((
    "network.host", "network.host_names", "network.tokens_only", "network.trusted_proxies", "network.cors_origins",
    "routing.witness", "cascade.judge", "order.scene", "order.text", "order.translate", "order.maths",
    "doors.mcp", "doors.events", "doors.metrics", "doors.newest_s", "doors.keep", "mqtt.port", "mqtt.tls",
))  # fmt: skip
_ADVANCED_PREFIXES = frozenset(("limits", "cascade", "audit", "gate", "risk"))


def section_of(setting: Setting) -> str:
    prefix = _prefix(setting)
    return _SECTIONS.get(setting.key, _SECTIONS.get(prefix, prefix))


def is_advanced(setting: Setting) -> bool:
    """Whether it is folded away."""
    return setting.key in _ADVANCED or _prefix(setting) in _ADVANCED_PREFIXES


def title_of(section: str) -> str:
    text = TITLES.get(section)
    return section.capitalize() if text is None else QCoreApplication.translate("sections", text)


def note_of(section: str) -> str:
    """What stands under its title; mostly nothing."""
    text = _NOTES.get(section, "")
    return text and QCoreApplication.translate("sections", text)


def _prefix(setting: Setting) -> str:
    return setting.key.rpartition(".")[0]
