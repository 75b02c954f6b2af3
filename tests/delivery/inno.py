"""An Inno Setup script as far as it can be read without Inno Setup: sections, entries, defines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

STANDARD_MESSAGES = {"AdditionalIcons", "CreateDesktopIcon", "LaunchProgram"}
"""Those of Inno Setup's own languages that are used here (its Default.isl has them)."""


@dataclass(frozen=True, slots=True)
class Script:
    setup: dict[str, str]
    entries: dict[str, list[dict[str, str]]]
    """Section -> its entries, each as parameter -> value."""
    messages: dict[str, dict[str, str]]
    """Language -> name -> text."""
    code: str
    defines: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Script:
    """``path``, its ``{#Name}`` put in; a line that is neither an entry nor a comment raises ``ValueError``."""
    text = path.read_text(encoding="utf-8-sig")
    defines = dict(re.findall(r'^#define (\w+) "(.*)"$', text, re.MULTILINE))
    for name, value in defines.items():
        text = text.replace(f"{{#{name}}}", value)
    head, code = text.split("[Code]\n")
    script = Script({}, {}, {}, code, defines)
    section = ""
    for line in head.splitlines():
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found[1]
        elif line.strip() and not line.lstrip().startswith((";", "#")):
            _take(script, section, line)
    return script


def _take(script: Script, section: str, line: str) -> None:
    if section in ("Setup", "CustomMessages"):
        name, equals, value = line.partition("=")
        if not equals:
            raise ValueError(line)
        if section == "Setup":
            script.setup[name] = value
        else:
            language, _, message = name.partition(".")
            script.messages.setdefault(language, {})[message] = value
        return
    entry = {}
    for part in re.findall(r'(?:[^;"]|"[^"]*")+', line):
        name, colon, value = part.strip().partition(": ")
        if not colon:
            raise ValueError(line)
        entry[name] = value.strip('"')
    script.entries.setdefault(section, []).append(entry)
